using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using SecondOpinion.Fhir.Xml;

namespace SecondOpinion.Fhir.Patch;

/// <summary>
/// XML Patch (RFC 5261; FHIR R4 http.html#patch) on resources and plain documents: elements named <c>add</c>, <c>replace</c> and <c>remove</c> below any root,
/// whose <c>sel</c> is a path of the kind RFC 5261 allows. All operations succeed, or none has an effect.
/// </summary>
public static class XmlPatch
{
    /// <summary>Operations in one patch.</summary>
    public const int MaxOperations = 1000;

    /// <summary>Bytes of a document or a patch.</summary>
    public const int MaxLength = 64 << 20;

    /// <summary>Nodes looked at over all operations.</summary>
    public const int MaxWork = 5_000_000;

    private const int MaxDepth = 200;

    private static readonly XmlReaderSettings Settings = new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = MaxLength };

    /// <summary>The patched resource; a refusal (400 for a malformed patch, 422 for one that does not apply) otherwise. The result is not yet validated.</summary>
    public static Outcome<FhirResource> Apply(FhirResource resource, ReadOnlyMemory<byte> patch)
    {
        XDocument document;
        try
        {
            document = Load(FhirXml.ToXml(resource));
        }
        catch (FhirException e)
        {
            return new Refusal(RefusalKind.Unprocessable, e.Issues);
        }

        XDocument operations;
        try
        {
            operations = Load(patch);
        }
        catch (XmlException e)
        {
            return Refusal.Of(RefusalKind.Invalid, "structure", "The patch is not valid XML: " + e.Message, "patch");
        }

        if (Apply(document, operations) is { } refusal)
        {
            return refusal;
        }

        using var bytes = new MemoryStream();
        try
        {
            document.Save(bytes, SaveOptions.DisableFormatting);
        }
        catch (Exception e) when (e is XmlException or ArgumentException or InvalidOperationException)
        {
            return Refusal.Of(RefusalKind.Unprocessable, "processing", "The patch leaves no well-formed XML: " + e.Message, "patch");
        }

        var result = FhirXml.TryParse(bytes.ToArray());
        return result.Resource is not { } patched ? new Refusal(RefusalKind.Unprocessable, result.Issues)
            : patched.ResourceType == resource.ResourceType && patched.Id == resource.Id ? patched
            : Refusal.Of(RefusalKind.Unprocessable, "processing", "A patch must not change the type or the id of a resource", "patch");
    }

    /// <summary>Applies a patch to a document, which it may change even when it refuses; null when all is well.</summary>
    public static Refusal? Apply(XDocument document, XDocument patch)
    {
        var operations = patch.Root?.Elements().Take(MaxOperations + 1).ToList() ?? [];
        if (operations.Count == 0)
        {
            return Refusal.Of(RefusalKind.Invalid, "structure", "The patch has no operations", "patch");
        }

        if (operations.Count > MaxOperations)
        {
            return Refusal.Of(RefusalKind.Invalid, "too-costly", $"The patch has more than {MaxOperations} operations", "patch");
        }

        var budget = new XmlBudget(MaxWork);
        for (var i = 0; i < operations.Count; i++)
        {
            try
            {
                Apply(document, operations[i], budget);
            }
            catch (PatchException e)
            {
                return Refusal.Of(e.Kind, e.IssueCode, $"Operation {i.ToString(CultureInfo.InvariantCulture)}: {e.Message}", "patch");
            }
        }

        return null;
    }

    /// <exception cref="XmlException">The bytes are not XML, have a document type, or are nested too deep.</exception>
    private static XDocument Load(ReadOnlyMemory<byte> xml)
    {
        using (var depth = System.Xml.XmlReader.Create(new MemoryStream(xml.ToArray()), Settings))
        {
            while (depth.Read())
            {
                if (depth.Depth > MaxDepth)
                {
                    throw new XmlException($"nested deeper than {MaxDepth}");
                }
            }
        }

        using var reader = System.Xml.XmlReader.Create(new MemoryStream(xml.ToArray()), Settings);
        return XDocument.Load(reader, LoadOptions.PreserveWhitespace);
    }

    private static void Apply(XDocument document, XElement operation, XmlBudget budget)
    {
        var sel = (string?)operation.Attribute("sel") ?? throw PatchException.Malformed("the attribute 'sel' is missing");
        var target = XmlSelector.Select(document, operation, sel, budget);
        switch (operation.Name.LocalName)
        {
            case "add":
                Add(target, operation);
                break;
            case "replace":
                Replace(target, operation);
                break;
            case "remove":
                Remove(target, operation);
                break;
            default:
                throw PatchException.Malformed($"'{operation.Name.LocalName}' is not an operation; allowed are add, replace, remove");
        }
    }

    // RFC 5261 4.3
    private static void Add(XObject target, XElement operation)
    {
        if ((string?)operation.Attribute("type") is { Length: > 0 } type)
        {
            AddAttribute(Element(target), operation, type);
            return;
        }

        var content = Content(operation);
        switch ((string?)operation.Attribute("pos"))
        {
            case null or "":
                Element(target).Add(content);
                break;
            case "prepend":
                Element(target).AddFirst(content);
                break;
            case "before":
                Sibling(target).AddBeforeSelf(content);
                break;
            case "after":
                Sibling(target).AddAfterSelf(content);
                break;
            case var pos:
                throw PatchException.Malformed($"'{pos}' is no position; allowed are before, after, prepend");
        }
    }

    private static void AddAttribute(XElement target, XElement operation, string type)
    {
        var name = type switch
        {
            _ when type[0] == '@' => XmlSelector.Name(operation, type[1..], isAttribute: true),
            _ when type.StartsWith("namespace::", StringComparison.Ordinal) => XNamespace.Xmlns + XmlSelector.Plain(type["namespace::".Length..]),
            _ => throw PatchException.Malformed($"'{type}' is no type; allowed are @name and namespace::prefix"),
        };
        if (target.Attribute(name) is not null)
        {
            throw PatchException.DoesNotApply($"the element has '{type}' already; use replace");
        }

        try
        {
            target.SetAttributeValue(name, operation.Value);
        }
        catch (ArgumentException e)
        {
            throw PatchException.DoesNotApply($"'{type}' cannot be added: {e.Message}");
        }
    }

    // RFC 5261 4.4: one node by one node of its kind.
    private static void Replace(XObject target, XElement operation)
    {
        var content = Content(operation);
        var kept = content.Where(n => n is not XText text || !string.IsNullOrWhiteSpace(text.Value)).ToList();
        switch (target)
        {
            case XAttribute attribute:
                attribute.Value = operation.Value;
                break;
            case XText text when content.All(n => n is XText):
                text.Value = operation.Value;
                if (text.Value.Length == 0)
                {
                    text.Remove();
                }

                break;
            case XElement element when kept is [XElement replacement]:
                element.ReplaceWith(replacement);
                break;
            case XComment comment when kept is [XComment replacement]:
                comment.ReplaceWith(replacement);
                break;
            case XProcessingInstruction instruction when kept is [XProcessingInstruction replacement]:
                instruction.ReplaceWith(replacement);
                break;
            default:
                throw PatchException.DoesNotApply("a node is replaced by exactly one node of its kind");
        }
    }

    // RFC 5261 4.5
    private static void Remove(XObject target, XElement operation)
    {
        switch (target)
        {
            case XAttribute attribute:
                attribute.Remove();
                break;
            case XElement { Parent: null }:
                throw PatchException.DoesNotApply("the root element cannot be removed");
            case XNode node:
                RemoveSpace(node, (string?)operation.Attribute("ws"));
                node.Remove();
                break;
        }
    }

    private static void RemoveSpace(XNode node, string? ws)
    {
        if (ws is not (null or "" or "before" or "after" or "both"))
        {
            throw PatchException.Malformed($"'{ws}' is no value of ws; allowed are before, after, both");
        }

        foreach (var (side, sibling) in new[] { ("before", node.PreviousNode), ("after", node.NextNode) })
        {
            if (ws == side || ws == "both")
            {
                var space = sibling as XText;
                if (space is null || !string.IsNullOrWhiteSpace(space.Value))
                {
                    throw PatchException.DoesNotApply($"there is no white space {side} the node");
                }

                space.Remove();
            }
        }
    }

    private static List<XNode> Content(XElement operation) => [.. operation.Nodes().Select(Copy)];

    private static XNode Copy(XNode node) => node switch
    {
        XElement element => new XElement(element),
        XCData data => new XCData(data),
        XText text => new XText(text),
        XComment comment => new XComment(comment),
        XProcessingInstruction instruction => new XProcessingInstruction(instruction),
        _ => throw PatchException.Malformed($"a patch cannot bring in a node of type {node.NodeType}"),
    };

    private static XElement Element(XObject target) => target as XElement ?? throw PatchException.DoesNotApply("content can be added to an element only");

    private static XNode Sibling(XObject target) => target is XNode { Parent: not null } node ? node : throw PatchException.DoesNotApply("nothing can stand beside the root element or an attribute");
}
