using System.Text;
using SecondOpinion.Shared;

namespace SecondOpinion.Fhir.Search;

/// <summary>The form in which strings are compared (FHIR R4 search.html#string: case, accents and white space do not count).</summary>
public static class SearchText
{
    /// <summary>Longest text kept; what is behind it cannot be found.</summary>
    public const int MaxLength = 4000;

    /// <summary>Compatibility decomposition without combining marks, lower case, letters with strokes and ligatures resolved, runs of white space as one blank, trimmed.</summary>
    public static string Normalize(string text)
    {
        text = text.Length > MaxLength ? text[..(char.IsHighSurrogate(text[MaxLength - 1]) ? MaxLength - 1 : MaxLength)] : text;
        if (Ascii.IsValid(text) && !NeedsWork(text))
        {
            return text;
        }

        var builder = new StringBuilder(text.Length);
        var blank = false;
        foreach (var c in PlainLetters.Of(text))
        {
            if (char.IsWhiteSpace(c))
            {
                blank = builder.Length > 0;
                continue;
            }

            if (blank)
            {
                builder.Append(' ');
                blank = false;
            }

            Append(builder, c);
        }

        return builder.ToString();
    }

    private static void Append(StringBuilder builder, char c)
    {
        var lower = char.ToLowerInvariant(c);
        switch (lower)
        {
            case '\u00DF':
                builder.Append("ss");
                break;
            case '\u00E6':
                builder.Append("ae");
                break;
            case '\u0153':
                builder.Append("oe");
                break;
            case '\u00FE':
                builder.Append("th");
                break;
            case '\u00F8':
                builder.Append('o');
                break;
            case '\u0142':
                builder.Append('l');
                break;
            case '\u0111' or '\u00F0':
                builder.Append('d');
                break;
            case '\u0131':
                builder.Append('i');
                break;
            default:
                builder.Append(lower);
                break;
        }
    }

    private static bool NeedsWork(string text)
    {
        var before = ' ';
        foreach (var c in text)
        {
            if (char.IsAsciiLetterUpper(c) || (c <= ' ' && (c != ' ' || before == ' ')))
            {
                return true;
            }

            before = c;
        }

        return text.Length > 0 && before == ' ';
    }
}
