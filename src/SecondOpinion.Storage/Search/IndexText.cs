using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using SecondOpinion.Fhir.Search;

namespace SecondOpinion.Storage.Search;

/// <summary>The forms in which text is indexed and looked up; both sides use these.</summary>
internal static class IndexText
{
    public const int CodeLength = 256;
    public const int TextLength = 400;
    public const int UriLength = 512;

    // What follows a cut text: "#" and 32 hexadecimal digits of its SHA-256.
    private const int TailLength = 33;

    /// <summary>Text for a column of that length; longer text keeps its beginning and ends with a hash, so that equality holds.</summary>
    public static string Fit(string text, int length)
    {
        if (text.Length <= length)
        {
            return Clean(text);
        }

        var hash = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16));
        return Clean(string.Concat(text.AsSpan(0, length - TailLength), "#", hash));
    }

    /// <summary>As the indexer normalizes text (FHIR R4 search.html#string), cut without a tail: what is longer is found by its beginning.</summary>
    public static string Fold(string text) => Cut(SearchText.Normalize(text));

    /// <summary>Normalized text for the column.</summary>
    public static string Cut(string normalized) => Clean(normalized.Length <= TextLength ? normalized : normalized[..TextLength]);

    // Databases take no NUL and no half of a surrogate pair, such as a cut may leave.
    private static string Clean(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF') && !text.Contains('\0', StringComparison.Ordinal))
        {
            return text;
        }

        var builder = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            builder.Append(rune.Value == 0 ? Rune.ReplacementChar : rune);
        }

        return builder.ToString();
    }

    /// <summary>First text after all that begin with <paramref name="prefix"/>: the end of a range by code point.</summary>
    public static string PrefixEnd(string prefix)
    {
        for (var i = prefix.Length - 1; i >= 0; i--)
        {
            // Surrogates are stepped over: the range becomes a little wider at most, and such text is rare.
            if (prefix[i] < 0xD7FF || (prefix[i] >= 0xE000 && prefix[i] < 0xFFFF))
            {
                return prefix[..i] + (char)(prefix[i] + 1);
            }
        }

        return "\uFFFF";
    }

    /// <summary>A number for a code system: 64 bits of SHA-256; 0 stands for none.</summary>
    public static long SystemId(string? system)
    {
        if (string.IsNullOrEmpty(system))
        {
            return 0;
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(system), hash);
        var id = BinaryPrimitives.ReadInt64LittleEndian(hash);
        return id == 0 ? 1 : id;
    }
}
