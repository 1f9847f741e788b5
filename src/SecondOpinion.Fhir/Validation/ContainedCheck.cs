using SecondOpinion.Fhir.Tree;

namespace SecondOpinion.Fhir.Validation;

/// <summary>Contained resources: dom-2 to dom-5 and, when asked for, dom-6 (FHIR R4 domainresource.html#invs), in one walk and without an evaluator.</summary>
internal static class ContainedCheck
{
    public static void Run(ValidationRun run)
    {
        var tree = run.Tree;
        for (var row = 0; row < tree.Count && !run.IsFull; row++)
        {
            if ((tree.Rows[row].Flags & RowFlags.Resource) == RowFlags.None)
            {
                continue;
            }

            var resource = run.Node(row);
            var isContained = resource.Definition is { Path: "DomainResource.contained" };
            if (isContained)
            {
                CheckContained(run, row, resource);
            }
            else if (resource["contained"].Exists)
            {
                CheckReferred(run, row, resource);
            }

            if (run.Options.BestPractice && !isContained && resource.TypeDefinition!.Is("DomainResource") && !resource.At("text", "div").Exists)
            {
                run.Warning(row, "invariant", "dom-6", "a resource should have a narrative (dom-6)");
            }
        }
    }

    /// <summary>The contained resource of that id; missing when there is none.</summary>
    public static FhirNode Find(ValidationRun run, FhirNode container, string id)
    {
        var map = run.ContainedOf(container);
        return map.TryGetValue(id, out var row) ? run.Node(row) : default;
    }

    private static void CheckContained(ValidationRun run, int row, FhirNode contained)
    {
        if (contained["contained"].Exists)
        {
            run.Error(contained["contained"].Row, "invariant", "dom-2", "a contained resource must not contain resources (dom-2)");
        }

        var meta = contained["meta"];
        if (meta["versionId"].Exists || meta["lastUpdated"].Exists)
        {
            run.Error(row, "invariant", "dom-4", "a contained resource must not have meta.versionId or meta.lastUpdated (dom-4)");
        }

        if (meta["security"].Exists)
        {
            run.Error(row, "invariant", "dom-5", "a contained resource must not have a security label (dom-5)");
        }
    }

    /// <summary>dom-3: each contained resource is referred to from the resource, or refers to it.</summary>
    private static void CheckReferred(ValidationRun run, int container, FhirNode resource)
    {
        var tree = run.Tree;
        var referred = new HashSet<string>(StringComparer.Ordinal);
        var referring = new List<int>();
        for (var i = container + 1; i < tree.Rows[container].Next; i++)
        {
            if (tree.Rows[i].Kind == RowKind.String && tree.Raw(i).StartsWith("#"u8) && IsLink(tree.Slots[i]))
            {
                var text = tree.Text(i)!;
                referred.Add(text);
                if (text == "#")
                {
                    referring.Add(i);
                }
            }
        }

        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var contained in resource.All("contained"))
        {
            // FHIR R4 references.html#contained: the id is the only name that a contained resource has.
            if (contained.IsResource && contained["id"].Value is { } id && !ids.Add(id))
            {
                run.Error(contained["id"].Row, "value", "contained-id", $"{ValidationRun.Quote(id)} is the id of another contained resource; references could mean either");
            }

            var (from, to) = (contained.Row, tree.Rows[contained.Row].Next);
            if (contained.IsResource && !referred.Contains("#" + contained["id"].Value) && !referring.Exists(i => i > from && i < to))
            {
                run.Error(from, "invariant", "dom-3", $"the contained {contained.Type} {(contained["id"].Value is { } name ? ValidationRun.Quote(name) : "without an id")} must be referred to from elsewhere in the resource, or refer to the resource (dom-3)");
            }
        }
    }

    private static bool IsLink(ElementSlot? slot) => slot?.Type.Primitive is PrimitiveType.Uri or PrimitiveType.Url or PrimitiveType.Canonical
        || slot?.Element?.Path == "Reference.reference";
}
