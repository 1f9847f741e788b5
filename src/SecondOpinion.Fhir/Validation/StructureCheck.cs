using SecondOpinion.Fhir.Tree;

namespace SecondOpinion.Fhir.Validation;

/// <summary>One walk over the table: JSON forms, unknown elements, cardinality, formats, ele-1 and ext-1 (FHIR R4 json.html, element.html, extensibility.html).</summary>
internal static class StructureCheck
{
    public static void Run(ValidationRun run)
    {
        var tree = run.Tree;
        Span<int> counts = stackalloc int[160];
        for (var row = 0; row < tree.Count && !run.IsFull; row++)
        {
            ref readonly var r = ref tree.Rows[row];
            if (tree.Slots[row] is not { } slot)
            {
                CheckUnknown(run, row);
                continue;
            }

            if (!CheckForm(run, row, slot) || r.Kind == RowKind.Null)
            {
                continue;
            }

            if (r.Kind == RowKind.Object)
            {
                CheckChildren(run, row, slot, counts);
                if (!r.IsUnderscore)
                {
                    BindingCheck.Complex(run, row, slot);
                    CheckType(run, row, slot);
                }
            }
            else
            {
                CheckValue(run, row, slot);
            }
        }
    }

    private static void CheckType(ValidationRun run, int row, ElementSlot slot)
    {
        switch (slot.Type.Name)
        {
            case "Reference":
                ReferenceCheck.Run(run, row, slot);
                break;
            case "Coding" or "Quantity" or "Age" or "Duration" or "Distance" or "Count":
                OpenCodes.CheckUnit(run, run.Node(row));
                if (slot.ElementType?.Profile == "SimpleQuantity" && run.Node(row)["comparator"] is { Exists: true } comparator)
                {
                    // FHIR R4 datatypes.html#SimpleQuantity, the only profile of a type that the definitions ask for.
                    run.Error(comparator.Row, "invariant", "sqty-1", "The comparator is not used on a SimpleQuantity (sqty-1)");
                }

                break;
        }
    }

    private static void CheckUnknown(ValidationRun run, int row)
    {
        var tree = run.Tree;
        ref readonly var r = ref tree.Rows[row];
        if (row == 0 || r.IsHidden && r.Kind == RowKind.String || tree.Slots[r.Parent] is not { } parent || r.Index > 0)
        {
            return;
        }

        var name = tree.NameText(row);
        if (parent.Type.TryFind(name, out var known) && known.HoldsResource)
        {
            return; // the element is known, its resource type is not: reading has said so
        }

        var near = parent.Type.Slots.Select(s => s.JsonName).FirstOrDefault(n => IsNear(n, name));
        var choice = parent.Type.Elements.FirstOrDefault(e => e.IsChoice && name.StartsWith(e.Name, StringComparison.Ordinal) && (name.Length == e.Name.Length || char.IsAsciiLetterUpper(name[e.Name.Length])));
        var hint = choice is not null ? $"; the types of {choice.Name}[x] are {string.Join(", ", choice.Types.Take(12).Select(t => t.Code))}{(choice.Types.Count > 12 ? " and others" : "")}"
            : near is not null ? $"; did you mean '{near}'?"
            : "";
        run.Error(row, "structure", "unknown-element", $"'{name}' is not an element of {parent.Type.Path}{hint}");
    }

    /// <summary>Equal but for case, or one letter too many, too few or different.</summary>
    private static bool IsNear(string known, string name)
    {
        if (Math.Abs(known.Length - name.Length) > 1 || known.Length < 4)
        {
            return false;
        }

        var (head, tail) = (0, 0);
        var least = Math.Min(known.Length, name.Length);
        while (head < least && char.ToUpperInvariant(known[head]) == char.ToUpperInvariant(name[head]))
        {
            head++;
        }

        while (tail < least - head && known[^(tail + 1)] == name[^(tail + 1)])
        {
            tail++;
        }

        return Math.Max(known.Length, name.Length) - head - tail <= 1;
    }

    /// <summary>Arrays, placeholders and the JSON kind of the value; false when the value cannot be looked at further.</summary>
    private static bool CheckForm(ValidationRun run, int row, ElementSlot slot)
    {
        ref readonly var r = ref run.Tree.Rows[row];
        if (r.Kind == RowKind.EmptyArray)
        {
            run.Error(row, "structure", "empty-array", "an array must not be empty; leave the element out");
            return false;
        }

        if (slot.Element is { } element && r.Index <= 0 && r.Index >= 0 != element.IsArray)
        {
            run.Error(row, "structure", "array", element.IsArray ? "must be written as an array, because the element may repeat" : "must not be an array, because the element does not repeat");
        }

        if (r.Kind == RowKind.Null)
        {
            if (r.Extra == 0 && (!r.IsUnderscore || r.Index < 0))
            {
                run.Error(row, "structure", "null", "null stands only for a missing value in an array of primitives, and then needs an extension or id at the same place");
            }

            return true;
        }

        if (r.IsUnderscore)
        {
            if (!slot.Type.IsPrimitive || slot.Element is { IsXmlAttribute: true })
            {
                // FHIR R4 element.html: an id and the url of an extension are attributes in XML and have no extensions.
                run.Error(row, "structure", "unknown-element", $"'_{slot.JsonName}' is allowed for primitive elements only; {slot.JsonName} has type {(slot.Type.IsPrimitive ? "System.String" : slot.Type.Name)}");
                return false;
            }

            return CheckKind(run, row, r.Kind == RowKind.Object, "an object with id or extension");
        }

        if (!slot.Type.IsPrimitive)
        {
            return CheckKind(run, row, r.Kind == RowKind.Object, "an object");
        }

        return slot.Type.Primitive switch
        {
            PrimitiveType.Boolean => CheckKind(run, row, r.Kind is RowKind.True or RowKind.False, "true or false, without quotes"),
            PrimitiveType.Integer or PrimitiveType.UnsignedInt or PrimitiveType.PositiveInt or PrimitiveType.Decimal => CheckKind(run, row, r.Kind == RowKind.Number, "a number, without quotes"),
            _ => CheckKind(run, row, r.Kind == RowKind.String, "a string"),
        };
    }

    private static bool CheckKind(ValidationRun run, int row, bool ok, string wanted)
    {
        if (!ok)
        {
            var found = run.Tree.Rows[row].Kind switch
            {
                RowKind.Object => "an object",
                RowKind.String => "a string",
                RowKind.Number => "a number",
                _ => "true or false",
            };
            run.Error(row, "structure", "json-type", $"must be {wanted} (type {run.Tree.Slots[row]!.Type.Name}), found {found}");
        }

        return ok;
    }

    private static void CheckChildren(ValidationRun run, int row, ElementSlot slot, Span<int> counts)
    {
        var tree = run.Tree;
        var type = slot.Type;
        var elements = type.Elements;
        counts = counts[..elements.Count];
        counts.Clear();
        var any = false;
        var content = false;
        for (var (i, end) = (row + 1, tree.Rows[row].Next); i < end; i = tree.Rows[i].Next)
        {
            any = true;
            if (tree.Slots[i] is not { } child)
            {
                content |= !tree.Rows[i].IsHidden;
                continue;
            }

            if (!tree.Rows[i].IsHidden)
            {
                counts[child.Order] += (tree.Rows[i].Flags & RowFlags.Duplicate) == RowFlags.None ? 1 : 0; // reading has named what is written twice
                content |= child.Order != 0 || child.Name != "id";
            }
            else
            {
                // A misplaced null or an empty array is reported for itself.
                content |= tree.Rows[i].Kind is RowKind.Null or RowKind.EmptyArray;
            }
        }

        if (!any)
        {
            run.Error(row, "structure", "empty-object", "an object must not be empty; leave the element out");
            return;
        }

        if (!content && type.Kind != TypeKind.Resource && !(tree.Rows[row].IsUnderscore && HasValue(tree, row)))
        {
            run.Error(row, "invariant", "ele-1", "must have a value or children besides its id (ele-1)");
        }

        foreach (var required in type.Required)
        {
            if (counts[required.Order] == 0)
            {
                run.Error(row, "required", "min", $"'{required.Element.Name}{(required.Element.IsChoice ? "[x]" : "")}' is missing; {required.Element.Path} needs at least {required.Element.Min}");
            }
        }

        for (var i = 0; i < counts.Length; i++)
        {
            if (counts[i] > elements[i].Max)
            {
                run.Error(row, "structure", "max", elements[i].IsChoice
                    ? $"'{elements[i].Name}[x]' has {counts[i]} values; only one of its types may be present"
                    : $"'{elements[i].Name}' is present {counts[i]} times; {elements[i].Path} allows at most {elements[i].Max}");
            }
        }

        if (type.Name == "Extension")
        {
            CheckExtension(run, row, type, counts);
        }
    }

    private static bool HasValue(ResourceTree tree, int underscore) => tree.Rows[underscore].Extra is var value && value != 0 && tree.Rows[value].Kind != RowKind.Null;

    private static void CheckExtension(ValidationRun run, int row, TypeDefinition type, ReadOnlySpan<int> counts)
    {
        var nested = counts[type.OrderOf("extension")] > 0;
        var value = counts[type.OrderOf("value")] > 0;
        if (run.Node(row)["url"] is { Value: { Length: > 0 } url } at && !url.Contains(':', StringComparison.Ordinal) && run.Node(row).Parent.Type != "Extension")
        {
            // FHIR R4 extensibility.html#ex-url: only the parts of an extension have names that are relative to it.
            run.Error(at.Row, "value", "extension-url", $"{ValidationRun.Quote(url)} must be an absolute URL");
        }

        if (nested == value)
        {
            run.Error(row, "invariant", "ext-1", nested ? "must have either extensions or a value[x], not both (ext-1)" : "must have either extensions or a value[x], found neither (ext-1)");
        }
    }

    private static void CheckValue(ValidationRun run, int row, ElementSlot slot)
    {
        var type = slot.Type.Primitive;
        var value = run.Utf8Value(row);
        if (type == PrimitiveType.Xhtml)
        {
            NarrativeCheck.Run(run, value, row);
        }
        else if (PrimitiveFormat.Check(type, value) is { } wrong)
        {
            run.Error(row, "value", "format-" + slot.Type.Name, $"{ValidationRun.Quote(run.Tree.Text(row))} {wrong}");
        }
        else if (slot.Element is { Binding: >= BindingStrength.Preferred, ValueSet: { } valueSet } element)
        {
            if (OpenCodes.Problem(valueSet, value) is { } not)
            {
                run.Error(row, "code-invalid", "binding-required", $"{ValidationRun.Quote(run.Tree.Text(row))} {not}");
            }
            else if (element.Binding >= BindingStrength.Extensible)
            {
                BindingCheck.Primitive(run, row, element, value);
            }
        }
    }
}
