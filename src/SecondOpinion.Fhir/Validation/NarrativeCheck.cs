using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using System.Text;

namespace SecondOpinion.Fhir.Validation;

/// <summary>
/// The XHTML of a narrative (FHIR R4 narrative.html#xhtml, rules txt-1 and txt-2): well formed, one div, only formatting elements and attributes, no scripts.
/// </summary>
internal static class NarrativeCheck
{
    private const int MaxDepth = 200;

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Elements = FrozenSet.ToFrozenSet(
    [
        "a", "abbr", "acronym", "address", "area", "b", "bdo", "big", "blockquote", "br", "caption", "cite", "code", "col", "colgroup", "dd", "del", "dfn", "div", "dl", "dt", "em",
        "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "ins", "kbd", "li", "map", "ol", "p", "pre", "q", "samp", "small", "span", "strong", "sub", "sup", "table", "tbody", "td",
        "tfoot", "th", "thead", "tr", "tt", "ul", "var",
    ], StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Attributes = FrozenSet.ToFrozenSet(
    [
        "abbr", "accesskey", "align", "alt", "axis", "bgcolor", "border", "cellpadding", "cellspacing", "char", "charoff", "charset", "cite", "class", "colspan", "coords", "datetime", "dir",
        "frame", "headers", "height", "href", "hreflang", "id", "ismap", "lang", "longdesc", "name", "nohref", "nowrap", "rel", "rev", "rowspan", "rules", "scope", "shape", "size", "space", "span",
        "src", "start", "style", "summary", "tabindex", "target", "title", "type", "usemap", "valign", "value", "width", "xml:lang", "xml:space", "xmlns",
    ], StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    public static void Run(ValidationRun run, ReadOnlySpan<byte> xhtml, int row)
    {
        if (Problem(xhtml) is var (key, problem))
        {
            run.Error(row, "invariant", key, $"{problem} ({key})");
        }
    }

    /// <summary>The rule broken and how; null when the text is a valid narrative, or merely well-formed XML that may stand in a resource.</summary>
    public static (string Key, string Problem)? Problem(ReadOnlySpan<byte> xhtml, bool wellFormedOnly = false) => Problem(xhtml, wellFormedOnly, out _);

    /// <inheritdoc cref="Problem(ReadOnlySpan{byte}, bool)"/>
    /// <param name="xhtml">UTF-8 text.</param>
    /// <param name="wellFormedOnly">Any element and attribute is right.</param>
    /// <param name="div">Where the div stands: comments may stand before and behind it.</param>
    [SkipLocalsInit]
    public static (string Key, string Problem)? Problem(ReadOnlySpan<byte> xhtml, bool wellFormedOnly, out Range div)
    {
        div = default;
        if (XmlCharacters.IndexOfForbidden(xhtml) >= 0)
        {
            return ("txt-1", "a control character is not allowed");
        }

        // Names of the open elements, as places in the text.
        Span<(int Start, int Length)> open = stackalloc (int, int)[MaxDepth];
        Span<XhtmlAttribute> attributes = stackalloc XhtmlAttribute[XhtmlTag.MaxAttributes];
        var (depth, content, begun) = (0, false, false);
        for (var i = 0; i < xhtml.Length;)
        {
            if (xhtml[i] != '<')
            {
                var next = xhtml[i..].IndexOf((byte)'<');
                var text = next < 0 ? xhtml[i..] : xhtml.Slice(i, next);
                i += text.Length;
                if (text.IndexOfAnyExcept(XmlCharacters.Space) < 0)
                {
                    continue;
                }

                if (depth == 0)
                {
                    return ("txt-1", "text outside the div is not allowed");
                }

                if (BadText(text) is { } bad)
                {
                    return ("txt-1", bad);
                }

                content = true;
                continue;
            }

            if (xhtml[i..].StartsWith("<!--"u8))
            {
                // XML 1.0 2.5: two hyphens stand in a comment only at its end.
                var end = xhtml[(i + 4)..].IndexOf("--"u8);
                if (end < 0 || i + end + 6 >= xhtml.Length || xhtml[i + end + 6] != '>')
                {
                    return ("txt-1", "a comment is not closed, or has two hyphens inside");
                }

                i += end + 7;
                continue;
            }

            var start = i;
            var tag = XhtmlTag.Read(xhtml, ref i, attributes);
            if (tag.Error is not null)
            {
                return ("txt-1", tag.Error);
            }

            if (tag.IsEnd)
            {
                if (depth == 0 || !xhtml.Slice(open[depth - 1].Start, open[depth - 1].Length).SequenceEqual(tag.Name))
                {
                    return ("txt-1", $"</{Encoding.UTF8.GetString(tag.Name)}> closes no open element");
                }

                if (--depth == 0)
                {
                    div = div.Start..i;
                }

                continue;
            }

            if (depth == 0 && (begun || !tag.Name.SequenceEqual("div"u8)))
            {
                return ("txt-1", $"a narrative is one div, found <{Encoding.UTF8.GetString(tag.Name)}>");
            }

            if (!begun)
            {
                div = start..i;
            }

            begun = true;
            if (CheckTag(xhtml, tag, attributes[..tag.Attributes], wellFormedOnly) is { } problem)
            {
                return ("txt-1", problem);
            }

            content |= tag.Name.SequenceEqual("img"u8);
            if (!tag.IsEmpty)
            {
                if (depth == MaxDepth)
                {
                    return ("txt-1", $"elements are nested deeper than {MaxDepth}");
                }

                open[depth++] = (start + 1, tag.Name.Length);
            }
        }

        return depth > 0 ? ("txt-1", $"<{Encoding.UTF8.GetString(xhtml.Slice(open[depth - 1].Start, open[depth - 1].Length))}> is not closed")
            : !begun ? ("txt-1", "a narrative is one div element")
            : !content && !wellFormedOnly ? ("txt-2", "the narrative must have some text or an image")
            : null;
    }

    private static string? CheckTag(ReadOnlySpan<byte> xhtml, in XhtmlTag tag, ReadOnlySpan<XhtmlAttribute> attributes, bool wellFormedOnly)
    {
        // A prefix would need a namespace other than XHTML's, which no narrative may have.
        if (wellFormedOnly ? tag.Name.Contains((byte)':') : !Contains(Elements, tag.Name))
        {
            return $"the element <{Encoding.UTF8.GetString(tag.Name)}> is not allowed in a narrative";
        }

        foreach (ref readonly var attribute in attributes)
        {
            var name = xhtml.Slice(attribute.NameStart, attribute.NameLength);
            var value = xhtml.Slice(attribute.ValueStart, attribute.ValueLength);
            if (!(name.StartsWith("xmlns:"u8) ? DeclaresPrefix(name[6..], value) : wellFormedOnly ? !name.Contains((byte)':') || name.StartsWith("xml:"u8) : Contains(Attributes, name)))
            {
                return $"the attribute '{Encoding.UTF8.GetString(name)}' is not allowed in a narrative";
            }

            if (name.SequenceEqual("xmlns"u8) && !value.SequenceEqual("http://www.w3.org/1999/xhtml"u8))
            {
                return "the namespace of a narrative is http://www.w3.org/1999/xhtml";
            }

            if (!wellFormedOnly && (name.SequenceEqual("href"u8) || name.SequenceEqual("src"u8)) && IsScript(value))
            {
                return "a script is not allowed in a narrative";
            }

            if (BadText(value) is { } bad)
            {
                return bad;
            }
        }

        return null;
    }

    private static bool Contains(FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> names, ReadOnlySpan<byte> name)
    {
        Span<char> text = stackalloc char[16];
        return name.Length <= text.Length && names.Contains(text[..Encoding.UTF8.GetChars(name, text)]);
    }

    /// <summary>Namespaces in XML 1.0 section 3: no empty names, nothing that begins with xml.</summary>
    private static bool DeclaresPrefix(ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> name) =>
        prefix.Length > 0 && !prefix.Contains((byte)':') && (char.IsAsciiLetter((char)prefix[0]) || prefix[0] == '_') && !prefix.StartsWith("xml"u8)
        && name.Length > 0 && !name.StartsWith("http://www.w3.org/XML/"u8) && !name.StartsWith("http://www.w3.org/2000/xmlns"u8);

    /// <summary>As a browser reads it: references decoded, white space and controls left out.</summary>
    private static bool IsScript(ReadOnlySpan<byte> url)
    {
        var text = string.Concat(System.Net.WebUtility.HtmlDecode(Encoding.UTF8.GetString(url)).Where(c => c > ' '));
        return text.StartsWith("javascript:", StringComparison.OrdinalIgnoreCase) || text.StartsWith("vbscript:", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>An ampersand must begin a character reference or a named entity of HTML 4 (FHIR R4 narrative.html); XML 1.0 2.4 forbids the end of a CDATA section in text.</summary>
    private static string? BadText(ReadOnlySpan<byte> text)
    {
        if (text.IndexOf("]]>"u8) >= 0)
        {
            return "']]>' must be written as ']]&gt;'";
        }

        while (text.IndexOf((byte)'&') is var at and >= 0)
        {
            text = text[(at + 1)..];
            var end = text[..Math.Min(12, text.Length)].IndexOf((byte)';');
            if (end < 1 || !(XmlCharacters.IsXmlReference(text[..end]) || (text[0] != '#' && XmlCharacters.HtmlEntity(text[..end]) is not null)))
            {
                return "an ampersand must be written as &amp;, or begin an entity of HTML 4 or the number of a character";
            }
        }

        return null;
    }
}
