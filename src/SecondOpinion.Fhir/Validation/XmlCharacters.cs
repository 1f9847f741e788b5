using System.Buffers;
using System.Buffers.Text;
using System.Net;
using System.Text;

namespace SecondOpinion.Fhir.Validation;

/// <summary>What XML 1.0 can carry (2.2 Char, 4.1 references), on UTF-8 text.</summary>
internal static class XmlCharacters
{
    /// <summary>XML white space (XML 1.0 2.3).</summary>
    public static readonly SearchValues<byte> Space = SearchValues.Create(" \t\r\n"u8);

    private static readonly SearchValues<byte> Controls = SearchValues.Create([.. Enumerable.Range(0, 32).Where(c => c is not (9 or 10 or 13)).Select(c => (byte)c)]);

    /// <summary>Offset of the first character that XML has no way to write: controls, U+FFFE, U+FFFF; -1 when there is none.</summary>
    public static int IndexOfForbidden(ReadOnlySpan<byte> text)
    {
        var at = text.IndexOfAny(Controls);
        var before = at < 0 ? text : text[..at];
        for (var i = 0; before[i..].IndexOf("\uFFFE"u8[..2]) is var next and >= 0; i += next + 2)
        {
            if (i + next + 2 < before.Length && before[i + next + 2] >= 0xBE)
            {
                return i + next;
            }
        }

        return at;
    }

    /// <summary>Whether a reference without its ampersand and semicolon, for example <c>lt</c> or <c>#xA0</c>, is one of XML: of those five names or of a character.</summary>
    public static bool IsXmlReference(ReadOnlySpan<byte> name) =>
        name is [(byte)'#', ..]
            ? IsCharacter(name[1..])
            : name.SequenceEqual("amp"u8) || name.SequenceEqual("lt"u8) || name.SequenceEqual("gt"u8) || name.SequenceEqual("quot"u8) || name.SequenceEqual("apos"u8);

    /// <summary>The character of a named entity of HTML 4, as text; null when there is none of that name.</summary>
    public static string? HtmlEntity(ReadOnlySpan<byte> name)
    {
        var reference = "&" + Encoding.UTF8.GetString(name) + ";";
        var decoded = WebUtility.HtmlDecode(reference);
        return decoded == reference ? null : decoded;
    }

    private static bool IsCharacter(ReadOnlySpan<byte> digits)
    {
        var isHex = digits is [(byte)'x', ..];
        var text = isHex ? digits[1..] : digits;
        if (!Utf8Parser.TryParse(text, out uint code, out var used, isHex ? 'X' : 'D') || used != text.Length || text is [(byte)'+', ..])
        {
            return false;
        }

        return Rune.IsValid(code) && code is not (0xFFFE or 0xFFFF) && (code >= 32 || code is 9 or 10 or 13);
    }
}
