using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace SecondOpinion.Storage.Search;

/// <summary>Where a page ended: the key of its last match and the values it was sorted by (long, string, double or null).</summary>
internal sealed record SearchCursor(long Key, IReadOnlyList<object?> Values)
{
    private const int NonceLength = 12;
    private const int TagLength = 16;
    private const int MaxLength = 8_192;

    /// <summary>
    /// Encrypted and authenticated: a sort value may be a patient's name, and links end in logs. It is good for the same search of the same tenant only.
    /// </summary>
    public string Protect(byte[] secret, string tenant, string query)
    {
        var plain = Write();
        var output = new byte[NonceLength + TagLength + plain.Length];
        RandomNumberGenerator.Fill(output.AsSpan(0, NonceLength));
        using var aes = new AesGcm(secret, TagLength);
        aes.Encrypt(output.AsSpan(0, NonceLength), plain, output.AsSpan(NonceLength + TagLength), output.AsSpan(NonceLength, TagLength), Context(tenant, query));
        return Base64Url.EncodeToString(output);
    }

    /// <summary>Null when the text is not a cursor of this search.</summary>
    public static SearchCursor? Unprotect(byte[] secret, string tenant, string query, string text)
    {
        if (text.Length > MaxLength || !Base64Url.IsValid(text))
        {
            return null;
        }

        var input = Base64Url.DecodeFromChars(text);
        if (input.Length <= NonceLength + TagLength)
        {
            return null;
        }

        var plain = new byte[input.Length - NonceLength - TagLength];
        using var aes = new AesGcm(secret, TagLength);
        try
        {
            aes.Decrypt(input.AsSpan(0, NonceLength), input.AsSpan(NonceLength + TagLength), input.AsSpan(NonceLength, TagLength), plain, Context(tenant, query));
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }

        return Read(plain);
    }

    private static byte[] Context(string tenant, string query) => SHA256.HashData(Encoding.UTF8.GetBytes(tenant + "\n" + query));

    private byte[] Write()
    {
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream, Encoding.UTF8))
        {
            writer.Write(Key);
            writer.Write((byte)Values.Count);
            foreach (var value in Values)
            {
                switch (value)
                {
                    case long number:
                        writer.Write((byte)1);
                        writer.Write(number);
                        break;
                    case string text:
                        writer.Write((byte)2);
                        writer.Write(text);
                        break;
                    case double real:
                        writer.Write((byte)3);
                        writer.Write(real);
                        break;
                    default:
                        writer.Write((byte)0);
                        break;
                }
            }
        }

        return stream.ToArray();
    }

    // Only what this server wrote gets here.
    private static SearchCursor Read(byte[] plain)
    {
        using var reader = new BinaryReader(new MemoryStream(plain), Encoding.UTF8);
        var key = reader.ReadInt64();
        var values = new object?[reader.ReadByte()];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = reader.ReadByte() switch { 1 => reader.ReadInt64(), 2 => reader.ReadString(), 3 => reader.ReadDouble(), _ => (object?)null };
        }

        return new SearchCursor(key, values);
    }
}
