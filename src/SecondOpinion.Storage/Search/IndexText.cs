using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

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
            return text;
        }

        var hash = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16));
        return string.Concat(text.AsSpan(0, length - TailLength), "#", hash);
    }

    /// <summary>Lower case, no accents, single spaces (FHIR R4 search.html#string), cut without a tail.</summary>
    public static string Fold(string text)
    {
        if (text.Length > TextLength * 4)
        {
            text = text[..(TextLength * 4)];
        }

        var plain = Ascii.IsValid(text) ? text : Decompose(text);
        var builder = new StringBuilder(Math.Min(plain.Length, TextLength));
        var space = false;
        foreach (var c in plain)
        {
            if (char.IsWhiteSpace(c))
            {
                space = builder.Length > 0;
                continue;
            }

            if (builder.Length >= TextLength - 1)
            {
                break;
            }

            if (space)
            {
                builder.Append(' ');
                space = false;
            }

            builder.Append(char.ToLowerInvariant(c));
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

    private static string Decompose(string text)
    {
        // Lone surrogates have no normal form.
        var valid = text.IsNormalizable() ? text.Normalize(NormalizationForm.FormKD) : text;
        var builder = new StringBuilder(valid.Length);
        foreach (var c in valid)
        {
            switch (c)
            {
                case '\u00DF':
                    builder.Append("ss");
                    break;
                case '\u00E6' or '\u00C6':
                    builder.Append("ae");
                    break;
                case '\u00F8' or '\u00D8':
                    builder.Append('o');
                    break;
                case '\u0142' or '\u0141':
                    builder.Append('l');
                    break;
                case '\u0111' or '\u0110':
                    builder.Append('d');
                    break;
                default:
                    if (CharUnicodeInfo.GetUnicodeCategory(c) != UnicodeCategory.NonSpacingMark)
                    {
                        builder.Append(c);
                    }

                    break;
            }
        }

        return builder.ToString();
    }

    private static bool IsNormalizable(this string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                i++;
            }
            else if (char.IsSurrogate(text[i]))
            {
                return false;
            }
        }

        return true;
    }
}
