using System.Globalization;
using System.Text;
using SecondOpinion.Shared;

namespace SecondOpinion.Storage.Dicom;

/// <summary>Text in the form that matching compares: without case and accents (PS3.4 C.2.2.2.1 leaves both to the server for person names).</summary>
public static class TextFold
{
    /// <summary>Upper case, accents and control characters left out, runs of spaces as one.</summary>
    public static string Fold(string text)
    {
        if (text.Length == 0)
        {
            return text;
        }

        var result = new StringBuilder(text.Length);
        foreach (var c in PlainLetters.Of(text))
        {
            if (CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.Control)
            {
                continue;
            }

            if (Plain(c) is { } plain)
            {
                result.Append(plain);
                continue;
            }

            if (c != ' ' || (result.Length > 0 && result[^1] is not (' ' or '^' or '=')))
            {
                result.Append(char.ToUpperInvariant(c));
            }
        }

        return result.ToString().TrimEnd();
    }

    /// <summary>Letters that Unicode does not take apart, as they are written without their strokes and ligatures.</summary>
    private static string? Plain(char c) => c switch
    {
        'ß' or 'ẞ' => "SS",
        'ø' or 'Ø' => "O",
        'ł' or 'Ł' => "L",
        'đ' or 'Đ' or 'ð' or 'Ð' => "D",
        'æ' or 'Æ' => "AE",
        'œ' or 'Œ' => "OE",
        'ı' => "I",
        _ => null,
    };

    /// <summary>As <see cref="Fold"/>, for a PN value of up to three groups; empty components at the end of a group are left out.</summary>
    public static string FoldName(string name) => string.Join('=', Fold(name).Split('=').Select(group => group.TrimEnd('^', ' '))).TrimEnd('=');

    /// <summary>Text as a column can hold it: no control characters, which one provider refuses, and at most <paramref name="max"/> characters.</summary>
    internal static string Clean(string? text, int max = Model.ColumnLength.Text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return "";
        }

        if (text.Length > max)
        {
            text = text[..(char.IsHighSurrogate(text[max - 1]) ? max - 1 : max)];
        }

        return text.AsSpan().ContainsAnyInRange('\0', '\u001F') ? string.Concat(text.Where(c => c >= ' ')) : text;
    }
}
