using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace SecondOpinion.Fhir.Tree;

/// <summary>Text inside JSON strings (RFC 8259 section 7).</summary>
internal static class JsonText
{
    /// <summary>Decodes the escapes of a valid JSON string's content.</summary>
    public static string Unescape(ReadOnlySpan<byte> escaped)
    {
        var builder = new StringBuilder(escaped.Length);
        while (!escaped.IsEmpty)
        {
            var plain = escaped.IndexOf((byte)'\\');
            if (plain < 0 || plain + 1 >= escaped.Length)
            {
                builder.Append(Encoding.UTF8.GetString(escaped));
                break;
            }

            builder.Append(Encoding.UTF8.GetString(escaped[..plain]));
            if (escaped[plain + 1] == 'u')
            {
                builder.Append((char)Hex4(escaped.Slice(plain + 2, 4)));
                escaped = escaped[(plain + 6)..];
            }
            else
            {
                builder.Append(Simple(escaped[plain + 1]));
                escaped = escaped[(plain + 2)..];
            }
        }

        return builder.ToString();
    }

    /// <summary>Whether every \u escape of a surrogate has its other half, so that the text is valid Unicode.</summary>
    public static bool HasValidSurrogates(ReadOnlySpan<byte> escaped)
    {
        for (var i = 0; i + 1 < escaped.Length; i++)
        {
            if (escaped[i] != '\\')
            {
                continue;
            }

            if (escaped[++i] != 'u')
            {
                continue;
            }

            var code = Hex4(escaped.Slice(i + 1, 4));
            i += 4;
            if (code is < 0xD800 or > 0xDFFF)
            {
                continue;
            }

            if (code > 0xDBFF || i + 6 >= escaped.Length || escaped[i + 1] != '\\' || escaped[i + 2] != 'u'
                || Hex4(escaped.Slice(i + 3, 4)) is < 0xDC00 or > 0xDFFF)
            {
                return false;
            }

            i += 6;
        }

        return true;
    }

    /// <summary>Whether all text of the JSON is valid Unicode; true also for what is no JSON.</summary>
    public static bool IsUnicode(ReadOnlySpan<byte> json)
    {
        if (!Utf8.IsValid(json))
        {
            return false;
        }

        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 512 });
        try
        {
            while (reader.Read())
            {
                if (reader.ValueIsEscaped && !HasValidSurrogates(reader.ValueSpan))
                {
                    return false;
                }
            }
        }
        catch (JsonException)
        {
            // The caller's parser says what is wrong.
        }

        return true;
    }

    /// <summary>Line and column, both from 1, of a byte offset; the column counts characters.</summary>
    public static (int Line, int Column) Locate(ReadOnlySpan<byte> text, int offset) => new TextLocator().Locate(text, offset);

    /// <summary>The refusal of bytes that are not UTF-8 (FHIR R4 json.html, xml.html: always UTF-8), at the first that is wrong.</summary>
    public static FhirIssue NotUtf8(ReadOnlySpan<byte> text)
    {
        var at = 0;
        while (Rune.DecodeFromUtf8(text[at..], out _, out var used) == OperationStatus.Done)
        {
            at += used;
        }

        var (line, column) = Locate(text, at);
        return new FhirIssue(IssueSeverity.Fatal, "structure", "The content is not valid UTF-8", null, line, column, "encoding");
    }

    private static int Hex4(ReadOnlySpan<byte> digits) =>
        ushort.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code) ? code : 0xFFFD;

    private static char Simple(byte escape) => (char)escape switch
    {
        'b' => '\b',
        'f' => '\f',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        var other => other,
    };
}
