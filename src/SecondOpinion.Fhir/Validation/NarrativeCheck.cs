using System.Buffers;
using System.Collections.Frozen;

namespace SecondOpinion.Fhir.Validation;

/// <summary>
/// The XHTML of a narrative (FHIR R4 narrative.html#xhtml, rules txt-1 and txt-2): well formed, one div, only formatting elements and attributes, no scripts.
/// </summary>
internal static class NarrativeCheck
{
    private const int MaxDepth = 200;

    private static readonly SearchValues<char> EntityCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");

    private static readonly FrozenSet<string> Elements = FrozenSet.ToFrozenSet(
    [
        "a", "abbr", "acronym", "address", "area", "b", "bdo", "big", "blockquote", "br", "caption", "cite", "code", "col", "colgroup", "dd", "del", "dfn", "div", "dl", "dt", "em",
        "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "ins", "kbd", "li", "map", "ol", "p", "pre", "q", "samp", "small", "span", "strong", "sub", "sup", "table", "tbody", "td",
        "tfoot", "th", "thead", "tr", "tt", "ul", "var",
    ], StringComparer.Ordinal);

    private static readonly FrozenSet<string> Attributes = FrozenSet.ToFrozenSet(
    [
        "abbr", "accesskey", "align", "alt", "axis", "bgcolor", "border", "cellpadding", "cellspacing", "char", "charoff", "charset", "cite", "class", "colspan", "coords", "datetime", "dir",
        "frame", "headers", "height", "href", "hreflang", "id", "ismap", "lang", "longdesc", "name", "nohref", "nowrap", "rel", "rev", "rowspan", "rules", "scope", "shape", "size", "space", "span",
        "src", "start", "style", "summary", "tabindex", "target", "title", "type", "usemap", "valign", "value", "width", "xml:lang", "xml:space", "xmlns",
    ], StringComparer.Ordinal);

    public static void Run(ValidationRun run, int row)
    {
        if (Problem(run.Tree.Text(row)!) is var (key, problem))
        {
            run.Error(row, "invariant", key, $"{problem} ({key})");
        }
    }

    /// <summary>The rule broken and how; null when the text is a valid narrative, or merely well-formed XML.</summary>
    public static (string Key, string Problem)? Problem(string xhtml, bool wellFormedOnly = false)
    {
        var open = new Stack<string>();
        var content = false;
        var i = 0;
        var begun = false;
        while (i < xhtml.Length)
        {
            if (xhtml[i] != '<')
            {
                var next = xhtml.IndexOf('<', i);
                var text = xhtml.AsSpan(i, (next < 0 ? xhtml.Length : next) - i);
                if (open.Count == 0 && !text.IsWhiteSpace())
                {
                    return ("txt-1", "text outside the div is not allowed");
                }

                if (BadEntity(text) is { } entity)
                {
                    return ("txt-1", entity);
                }

                content |= !text.IsWhiteSpace();
                i += text.Length;
                continue;
            }

            if (xhtml.AsSpan(i).StartsWith("<!--", StringComparison.Ordinal))
            {
                var end = xhtml.IndexOf("-->", i + 4, StringComparison.Ordinal);
                if (end < 0)
                {
                    return ("txt-1", "a comment is not closed");
                }

                i = end + 3;
                continue;
            }

            var tag = XhtmlTag.Read(xhtml, ref i);
            if (tag.Error is not null)
            {
                return ("txt-1", tag.Error);
            }

            if (tag.IsEnd)
            {
                if (open.Count == 0 || open.Pop() != tag.Name)
                {
                    return ("txt-1", $"</{tag.Name}> closes no open element");
                }

                continue;
            }

            if (open.Count == 0 && (begun || tag.Name != "div"))
            {
                return ("txt-1", $"a narrative is one div, found <{tag.Name}>");
            }

            begun = true;
            if (CheckTag(tag, wellFormedOnly) is { } problem)
            {
                return ("txt-1", problem);
            }

            content |= tag.Name == "img";
            if (!tag.IsEmpty)
            {
                open.Push(tag.Name);
                if (open.Count > MaxDepth)
                {
                    return ("txt-1", $"elements are nested deeper than {MaxDepth}");
                }
            }
        }

        return open.Count > 0 ? ("txt-1", $"<{open.Peek()}> is not closed")
            : !begun ? ("txt-1", "a narrative is one div element")
            : !content && !wellFormedOnly ? ("txt-2", "the narrative must have some text or an image")
            : null;
    }

    private static string? CheckTag(XhtmlTag tag, bool wellFormedOnly)
    {
        if (!wellFormedOnly && !Elements.Contains(tag.Name))
        {
            return $"the element <{tag.Name}> is not allowed in a narrative";
        }

        foreach (var (name, value) in tag.Attributes)
        {
            if (!wellFormedOnly && !Attributes.Contains(name) && !name.StartsWith("xmlns:", StringComparison.Ordinal))
            {
                return $"the attribute '{name}' is not allowed in a narrative";
            }

            if (!wellFormedOnly && name is "href" or "src" && value.AsSpan().TrimStart().StartsWith("javascript:", StringComparison.OrdinalIgnoreCase))
            {
                return "a script is not allowed in a narrative";
            }

            if (BadEntity(value) is { } entity)
            {
                return entity;
            }
        }

        return null;
    }

    /// <summary>An ampersand must begin a character reference or a named entity of HTML 4.</summary>
    private static string? BadEntity(ReadOnlySpan<char> text)
    {
        while (text.IndexOf('&') is var at and >= 0)
        {
            text = text[(at + 1)..];
            var end = text[..Math.Min(12, text.Length)].IndexOf(';');
            if (end < 1 || text[(text[0] == '#' ? 1 : 0)..end].ContainsAnyExcept(EntityCharacters))
            {
                return "an ampersand must be written as &amp;";
            }
        }

        return null;
    }
}
