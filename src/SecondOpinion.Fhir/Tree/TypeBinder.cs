namespace SecondOpinion.Fhir.Tree;

/// <summary>Finds the definition of every row: parents stand before children, so one walk does it.</summary>
internal static class TypeBinder
{
    /// <summary>False when an issue was added: an unknown resource type, or a property written twice.</summary>
    public static bool Bind(ResourceTree tree, ElementSlot root, FhirParseOptions options, List<FhirIssue> issues)
    {
        var before = issues.Count;
        var locator = new TextLocator();
        var rows = tree.Rows;
        var slots = tree.Slots;
        HashSet<(int Parent, bool Underscore, string Name)>? unknown = null;
        slots[0] = root;
        HideResourceType(tree, 0);
        for (var i = 1; i < tree.Count && issues.Count - before < options.MaxIssues; i++)
        {
            ref var row = ref rows[i];
            var parent = slots[row.Parent];
            ElementSlot? slot = null;
            if (parent is not null && (row.Flags & RowFlags.EscapedName) == RowFlags.None)
            {
                parent.Type.TryFind(tree.Name(i), out slot);
            }
            else
            {
                parent?.Type.TryFind(tree.NameText(i), out slot);
            }

            var isFirstOfRun = row.Index <= 0;
            if (slot is null)
            {
                if (isFirstOfRun && (row.Flags & RowFlags.Hidden) == RowFlags.None
                    && !(unknown ??= []).Add((row.Parent, row.IsUnderscore, tree.NameText(i))))
                {
                    issues.Add(Duplicate(tree, i, locator));
                }

                continue;
            }

            slots[i] = slot.HoldsResource ? BindResource(tree, i, slot, locator, issues) : slot;
            if (isFirstOfRun && IsDuplicate(tree, i, slot))
            {
                row.Flags |= RowFlags.Duplicate;
                issues.Add(Duplicate(tree, i, locator));
            }
        }

        return issues.Count == before;
    }

    private static ElementSlot? BindResource(ResourceTree tree, int row, ElementSlot slot, TextLocator locator, List<FhirIssue> issues)
    {
        if (tree.Rows[row].Kind != RowKind.Object)
        {
            // The wrong JSON kind is validation's to report.
            return slot;
        }

        var at = tree.FindProperty(row, "resourceType"u8);
        var name = at < 0 || tree.Rows[at].Kind != RowKind.String ? null : tree.Text(at);
        if (name is not null && Definitions.Resource(name) is { } type)
        {
            HideResourceType(tree, row);
            return slot.ForResource(type);
        }

        tree.Slots[row] = slot;
        var path = PathOf(tree, row);
        var (line, column) = locator.Locate(tree.Json.Span, tree.Rows[at < 0 ? row : at].Start);
        issues.Add(new FhirIssue(
            IssueSeverity.Error,
            "structure",
            path + (name is null ? ": the resource has no resourceType" : $": '{name}' is not a resource type of FHIR R4"),
            path,
            line,
            column,
            "resource-type"));
        return null;
    }

    private static void HideResourceType(ResourceTree tree, int resource)
    {
        tree.Rows[resource].Flags |= RowFlags.Resource;
        tree.Rows[tree.FindProperty(resource, "resourceType"u8)].Flags |= RowFlags.Hidden;
    }

    /// <summary>Objects have few known properties, so a scan beats a table; unknown ones in between are skipped by a comparison of references.</summary>
    private static bool IsDuplicate(ResourceTree tree, int row, ElementSlot slot)
    {
        ref readonly var r = ref tree.Rows[row];
        for (var i = r.Parent + 1; i < row; i = tree.Rows[i].Next)
        {
            // Slots of resources differ by the type of the resource.
            if ((ReferenceEquals(tree.Slots[i], slot) || (slot.HoldsResource && ReferenceEquals(tree.Slots[i]?.Element, slot.Element))) && tree.Rows[i].IsUnderscore == r.IsUnderscore && tree.Rows[i].NameStart != r.NameStart)
            {
                return true;
            }
        }

        return false;
    }

    private static FhirIssue Duplicate(ResourceTree tree, int row, TextLocator locator)
    {
        var isUnderscore = tree.Rows[row].IsUnderscore;
        var (line, column) = locator.Locate(tree.Json.Span, tree.Rows[row].NameStart - (isUnderscore ? 2 : 1));
        var path = PathOf(tree, row);
        return new FhirIssue(IssueSeverity.Error, "structure", $"{path}: the property '{(isUnderscore ? "_" : "")}{tree.NameText(row)}' is written twice in one object", path, line, column, "duplicate-property");
    }

    /// <summary>FHIRPath of a row whose ancestors are bound.</summary>
    private static string PathOf(ResourceTree tree, int row) => new FhirNode(new FhirResource(tree, tree.Slots[0]!.Type.Name), row).Path;
}
