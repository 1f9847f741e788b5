using System.Globalization;
using System.Xml;
using System.Xml.Linq;

namespace SecondOpinion.Fhir.Patch;

/// <summary>What a patch may still cost.</summary>
internal sealed class XmlBudget(int left)
{
    private int _left = left;

    public void Spend()
    {
        if (--_left < 0)
        {
            throw new PatchException(RefusalKind.TooLarge, "too-costly", "the patch takes too long to find its places");
        }
    }
}

/// <summary>
/// The paths of RFC 5261 4.1 and its schema: steps of names, <c>*</c>, <c>text()</c>, <c>comment()</c>, <c>processing-instruction()</c>, <c>@name</c>, with
/// predicates for position, and for the text of an attribute, a child or the element itself. No other XPath, so the cost is that of one walk.
/// </summary>
internal static class XmlSelector
{
    private const int MaxLength = 2000;
    private const string Fhir = "http://hl7.org/fhir";

    /// <summary>The one node that the path names; every other number refuses.</summary>
    public static XObject Select(XDocument document, XElement operation, string path, XmlBudget budget)
    {
        if (path.Length is 0 or > MaxLength)
        {
            throw PatchException.Malformed($"a path has 1 to {MaxLength} characters");
        }

        IEnumerable<XObject> found = [document];
        var at = path[0] == '/' ? 1 : 0;
        while (true)
        {
            var end = End(path, at, '/');
            found = Step(found, operation, path[at..end], budget);
            if (end == path.Length)
            {
                break;
            }

            at = end + 1;
        }

        var two = found.Take(2).ToList();
        return two.Count == 1 ? two[0] : throw PatchException.DoesNotApply($"'{path}' must name one node; it names {(two.Count == 0 ? "none" : "several")}");
    }

    /// <summary>A qualified name; the prefix <c>f</c> is FHIR where the patch does not say otherwise, and an element without prefix is in the patch's own namespace.</summary>
    public static XName Name(XElement operation, string text, bool isAttribute)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var local = Plain(text[(colon + 1)..]);
        if (colon < 0)
        {
            if (isAttribute && local == "xmlns")
            {
                throw PatchException.Malformed("a namespace declaration is not an attribute; write namespace::prefix");
            }

            // RFC 5261 4.2.2: the default namespace of the patch document holds in its paths.
            return isAttribute ? local : operation.GetDefaultNamespace() + local;
        }

        var prefix = Plain(text[..colon]);
        return (operation.GetNamespaceOfPrefix(prefix) ?? (prefix == "f" ? Fhir : throw PatchException.Malformed($"the prefix '{prefix}' is not declared"))) + local;
    }

    public static string Plain(string name)
    {
        try
        {
            return XmlConvert.VerifyNCName(name);
        }
        catch (Exception e) when (e is XmlException or ArgumentException)
        {
            throw PatchException.Malformed($"'{name}' is not a name");
        }
    }

    private static IEnumerable<XObject> Step(IEnumerable<XObject> from, XElement operation, string step, XmlBudget budget)
    {
        var end = End(step, 0, '[');
        var test = step[..end];
        var next = test switch
        {
            "" => throw PatchException.Malformed("a step of the path is empty"),
            "text()" => from.SelectMany(f => Runs(f, budget)),
            "comment()" => from.SelectMany(f => Nodes<XComment>(f, budget)),
            _ when test[0] == '@' => Attributes(from, Name(operation, test[1..], isAttribute: true)),
            _ when test.StartsWith("namespace::", StringComparison.Ordinal) => Attributes(from, XNamespace.Xmlns + Plain(test["namespace::".Length..])),
            _ when test.StartsWith("processing-instruction(", StringComparison.Ordinal) && test.EndsWith(')') => Instructions(from, Literal(test["processing-instruction(".Length..^1], isOptional: true), budget),
            "*" => from.SelectMany(f => Nodes<XElement>(f, budget)),
            _ => Elements(from, Name(operation, test, isAttribute: false), budget),
        };
        while (end < step.Length)
        {
            var close = End(step, end + 1, ']');
            if (close == step.Length || (close + 1 < step.Length && step[close + 1] != '['))
            {
                throw PatchException.Malformed($"'{step}' is not a step of a path");
            }

            next = Filter(next, operation, step[(end + 1)..close].Trim(), budget);
            end = close + 1;
        }

        return next;
    }

    /// <summary>Index of a character outside quotes and brackets; the length when there is none.</summary>
    private static int End(string text, int from, char wanted)
    {
        var quote = '\0';
        var depth = 0;
        for (var i = from; i < text.Length; i++)
        {
            var c = text[i];
            if (quote != '\0')
            {
                quote = c == quote ? '\0' : quote;
            }
            else if (c == wanted && depth == 0)
            {
                return i;
            }
            else if (c is '\'' or '"')
            {
                quote = c;
            }
            else
            {
                depth += c switch { '[' => 1, ']' => -1, _ => 0 };
            }
        }

        return text.Length;
    }

    private static IEnumerable<XObject> Filter(IEnumerable<XObject> from, XElement operation, string predicate, XmlBudget budget)
    {
        if (int.TryParse(predicate, NumberStyles.None, CultureInfo.InvariantCulture, out var position))
        {
            // A position counts among siblings that the step found.
            return position == 0 ? [] : from.GroupBy(f => f.Parent).SelectMany(g => g.Skip(position - 1).Take(1));
        }

        var equals = End(predicate, 0, '=');
        if (equals == predicate.Length)
        {
            throw PatchException.Malformed($"'[{predicate}]' is not supported; allowed are [n], [@a='v'], [child='v'], [child/@a='v'] and [.='v']");
        }

        var name = predicate[..equals].Trim();
        var value = Literal(predicate[(equals + 1)..].Trim(), isOptional: false)!;
        return name switch
        {
            "." => from.Where(f => f is XElement e && Text(e, budget) == value),
            _ => from.Where(f => f is XElement e && Has(e, operation, name, value, budget)),
        };
    }

    /// <summary>Whether an attribute, a child or, beyond RFC 5261, an attribute of a child (FHIR has its values there) has a text.</summary>
    private static bool Has(XElement element, XElement operation, string path, string value, XmlBudget budget)
    {
        budget.Spend();
        var slash = path.IndexOf('/', StringComparison.Ordinal);
        if (slash >= 0)
        {
            return element.Elements(Name(operation, path[..slash], isAttribute: false)).Any(c => Has(c, operation, path[(slash + 1)..], value, budget));
        }

        return path.StartsWith('@')
            ? (string?)element.Attribute(Name(operation, path[1..], isAttribute: true)) == value
            : element.Elements(Name(operation, path, isAttribute: false)).Any(c => Text(c, budget) == value);
    }

    private static string Text(XElement element, XmlBudget budget)
    {
        var text = new System.Text.StringBuilder();
        foreach (var node in element.DescendantNodes())
        {
            budget.Spend();
            if (node is XText part)
            {
                text.Append(part.Value);
            }
        }

        return text.ToString();
    }

    private static IEnumerable<XObject> Attributes(IEnumerable<XObject> from, XName name) => from.OfType<XElement>().Select(e => e.Attribute(name)).OfType<XObject>();

    private static IEnumerable<XObject> Elements(IEnumerable<XObject> from, XName name, XmlBudget budget) => from.SelectMany(f => Nodes<XElement>(f, budget)).Where(e => e.Name == name);

    private static IEnumerable<XObject> Instructions(IEnumerable<XObject> from, string? target, XmlBudget budget) =>
        from.SelectMany(f => Nodes<XProcessingInstruction>(f, budget)).Where(p => target is null || p.Target == target);

    // White space beside the root is no text of the document.
    private static IEnumerable<XText> Runs(XObject from, XmlBudget budget) => from is XElement ? Nodes<XText>(from, budget) : [];

    private static IEnumerable<T> Nodes<T>(XObject from, XmlBudget budget)
        where T : XNode
    {
        foreach (var node in from is XContainer container ? container.Nodes() : [])
        {
            budget.Spend();
            if (node is T wanted)
            {
                yield return wanted;
            }
        }
    }

    private static string? Literal(string text, bool isOptional)
    {
        if (isOptional && text.Length == 0)
        {
            return null;
        }

        return text.Length >= 2 && text[0] is '\'' or '"' && text[^1] == text[0] && !text.AsSpan(1, text.Length - 2).Contains(text[0])
            ? text[1..^1]
            : throw PatchException.Malformed($"{text} is not a quoted text");
    }
}
