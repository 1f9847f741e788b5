using SecondOpinion.Fhir.Tree;

namespace SecondOpinion.Fhir.Validation;

/// <summary>References: the target's type is one the element allows, and a local one is contained (FHIR R4 references.html).</summary>
internal static class ReferenceCheck
{
    public static void Run(ValidationRun run, int row, ElementSlot slot)
    {
        var node = run.Node(row);
        var reference = node["reference"].Value;
        var declared = node["type"].Value;
        if (declared is not null && declared.StartsWith("http://hl7.org/fhir/StructureDefinition/", StringComparison.Ordinal))
        {
            declared = declared["http://hl7.org/fhir/StructureDefinition/".Length..];
        }

        var target = reference is null ? null : TargetType(run, row, reference);
        if (target is not null && declared is not null && declared != target && Definitions.IsResource(declared))
        {
            run.Error(row, "value", "reference-type", $"type says {declared}, but the reference {ValidationRun.Quote(reference)} is to a {target}");
        }

        var type = target ?? (declared is not null && Definitions.IsResource(declared) ? declared : null);
        var allowed = slot.ElementType?.Targets ?? [];
        if (type is not null && allowed.Count > 0 && !allowed.Contains(type) && !allowed.Contains("Resource"))
        {
            run.Error(row, "value", "reference-target", (reference is null ? "type says" : ValidationRun.Quote(reference) + " is a reference to") + $" {type}; allowed are {string.Join(", ", allowed)}");
        }
    }

    /// <summary>The type of the resource that a reference names; null when the text does not say.</summary>
    private static string? TargetType(ValidationRun run, int row, string reference)
    {
        if (reference.Length == 0)
        {
            return null;
        }

        if (reference[0] == '#')
        {
            var container = Container(run, row);
            if (reference.Length == 1)
            {
                return container.ResourceType;
            }

            var contained = ContainedCheck.Find(run, container, reference[1..]);
            if (!contained.Exists)
            {
                run.Error(row, "invariant", "ref-1", $"{ValidationRun.Quote(reference)} is not contained in the resource (ref-1)");
            }

            return contained.ResourceType;
        }

        if (run.Bundled.TryGetValue(reference, out var entry))
        {
            return run.Node(entry).ResourceType;
        }

        if (!IsReference(reference))
        {
            run.Error(row, "value", "reference-format", $"{ValidationRun.Quote(reference)} must be an absolute URL, [type]/[id] or [type]/[id]/_history/[version] with a resource type of R4, or '#' and the id of a contained resource");
        }

        return TypeOf(reference);
    }

    /// <summary>FHIR R4 references.html#literal; a search in place of an id is for transactions (http.html#trules).</summary>
    private static bool IsReference(string reference) => reference.Contains(':', StringComparison.Ordinal) || TypeOf(reference) is not null;

    /// <summary>The resource that contains this row's resource, or that resource itself.</summary>
    public static FhirNode Container(ValidationRun run, int row)
    {
        var node = run.Node(row).ContainingResource;
        return node.Definition is { Path: "DomainResource.contained" } ? node.Parent.ContainingResource : node;
    }

    /// <summary>The type in <c>[base/]Type/id[/_history/version]</c> and <c>Type?query</c>; null for anything else.</summary>
    internal static string? TypeOf(string reference)
    {
        var query = reference.IndexOf('?', StringComparison.Ordinal);
        if (query > 0)
        {
            return Known(reference[..query]);
        }

        if (reference.StartsWith("urn:", StringComparison.Ordinal))
        {
            return null;
        }

        // The last two parts, or the two before _history and a version.
        var text = reference.AsSpan();
        var id = Cut(ref text);
        var type = Cut(ref text);
        if (type is "_history" && text.Contains('/'))
        {
            id = Cut(ref text);
            type = Cut(ref text);
        }

        return id.Length == reference.Length || type.Length >= 60 ? null : Known(type.ToString());
    }

    /// <summary>Takes the part behind the last slash away.</summary>
    private static ReadOnlySpan<char> Cut(ref ReadOnlySpan<char> text)
    {
        var slash = text.LastIndexOf('/');
        var part = text[(slash + 1)..];
        text = slash < 0 ? [] : text[..slash];
        return part;
    }

    private static string? Known(string name) => name.Length < 60 && Definitions.IsResource(name) ? name : null;
}
