using System.Buffers;
using System.Net;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using SecondOpinion.Fhir.Tree;

namespace SecondOpinion.Fhir;

/// <summary>Replaces links in the source bytes (FHIR R4 http.html#trules), so that everything else stays as it was.</summary>
internal static class ReferenceRewriter
{
    public static FhirResource Rewrite(FhirResource resource, Func<string, string?> map)
    {
        var tree = resource.Tree;
        var source = tree.Json.Span;
        var output = new ArrayBufferWriter<byte>(source.Length + 256);
        var copied = 0;
        for (var row = 1; row < tree.Count; row++)
        {
            if (tree.Rows[row].Kind == RowKind.String && Map(tree, row, map) is { } text)
            {
                output.Write(source[copied..tree.Rows[row].Start]);
                output.Write(JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes);
                copied = tree.Rows[row].Start + tree.Rows[row].Length;
            }
        }

        if (copied == 0)
        {
            return resource;
        }

        output.Write(source[copied..]);
        return FhirResource.Parse(output.WrittenMemory);
    }

    private static string? Map(ResourceTree tree, int row, Func<string, string?> map)
    {
        var slot = tree.Slots[row];
        switch (slot?.Type.Primitive)
        {
            case PrimitiveType.Uri or PrimitiveType.Url or PrimitiveType.Oid or PrimitiveType.Uuid:
            case PrimitiveType.String when slot.Element!.Path == "Reference.reference":
                return map(tree.Text(row)!);
            case PrimitiveType.Xhtml:
                return MapNarrative(tree.Text(row)!, map);
            default:
                return null;
        }
    }

    /// <summary>Replaces the values of href and src attributes; null when none changes.</summary>
    private static string? MapNarrative(string xhtml, Func<string, string?> map)
    {
        StringBuilder? result = null;
        var copied = 0;
        for (var open = xhtml.IndexOf('<', StringComparison.Ordinal); open >= 0;)
        {
            var close = xhtml.IndexOf('>', open);
            if (close < 0)
            {
                break;
            }

            for (var equals = xhtml.IndexOf('=', open, close - open); equals >= 0;)
            {
                var (start, end) = Quoted(xhtml, equals + 1, close);
                if (end < 0)
                {
                    break;
                }

                var name = xhtml.AsSpan(open, equals - open).TrimEnd();
                if ((name.EndsWith("href", StringComparison.Ordinal) || name.EndsWith("src", StringComparison.Ordinal))
                    && map(WebUtility.HtmlDecode(xhtml[start..end])) is { } link)
                {
                    (result ??= new StringBuilder(xhtml.Length + 64)).Append(xhtml, copied, start - copied).Append(WebUtility.HtmlEncode(link));
                    copied = end;
                }

                equals = xhtml.IndexOf('=', end, close - end);
            }

            open = xhtml.IndexOf('<', close);
        }

        return result?.Append(xhtml, copied, xhtml.Length - copied).ToString();
    }

    /// <summary>Start and end of a quoted attribute value; an end of -1 when there is none before <paramref name="limit"/>.</summary>
    private static (int Start, int End) Quoted(string text, int from, int limit)
    {
        while (from < limit && char.IsWhiteSpace(text[from]))
        {
            from++;
        }

        return from < limit && text[from] is '"' or '\'' ? (from + 1, text.IndexOf(text[from], from + 1, limit - from - 1)) : (from, -1);
    }
}
