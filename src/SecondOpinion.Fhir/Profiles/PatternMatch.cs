using SecondOpinion.Fhir.Tree;

namespace SecondOpinion.Fhir.Conformance;

/// <summary>Fixed values and patterns (FHIR R4 elementdefinition-definitions.html#ElementDefinition.fixed_x_ and pattern_x_).</summary>
internal static class PatternMatch
{
    /// <summary>Whether everything the pattern says is in the value; further content is allowed, at every depth.</summary>
    public static bool Pattern(FhirNode pattern, FhirNode value)
    {
        if (pattern.IsPrimitive)
        {
            return SameText(pattern, value);
        }

        foreach (var part in pattern.Children())
        {
            var found = false;
            foreach (var candidate in value.Children())
            {
                if (SameName(candidate, part) && Pattern(part, candidate))
                {
                    found = true;
                    break;
                }
            }

            if (!found)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether the value is the same, in content and order; not in the order of its properties.</summary>
    public static bool Fixed(FhirNode wanted, FhirNode value)
    {
        if (wanted.IsPrimitive)
        {
            return SameText(wanted, value) && Count(value) == Count(wanted);
        }

        if (Count(wanted) != Count(value))
        {
            return false;
        }

        foreach (var part in wanted.Children())
        {
            var found = false;
            foreach (var candidate in value.Children())
            {
                if (SameName(candidate, part) && Math.Max(candidate.Index, 0) == Math.Max(part.Index, 0))
                {
                    found = Fixed(part, candidate);
                    break;
                }
            }

            if (!found)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Slots are shared, so most names compare by reference.</summary>
    private static bool SameName(FhirNode left, FhirNode right) => ReferenceEquals(left.Slot, right.Slot) ? left.Slot is not null || left.JsonName == right.JsonName : left.JsonName == right.JsonName;

    private static bool SameText(FhirNode left, FhirNode right)
    {
        if (!right.HasValue || !left.HasValue)
        {
            return left.HasValue == right.HasValue && left.IsPrimitive == right.IsPrimitive;
        }

        return IsEscaped(left) || IsEscaped(right) ? left.Value == right.Value : left.RawValue.SequenceEqual(right.RawValue);
    }

    private static bool IsEscaped(FhirNode node) => (node.Owner!.Tree.Rows[node.Row].Flags & RowFlags.Escaped) != RowFlags.None;

    private static int Count(FhirNode node)
    {
        var count = 0;
        foreach (var _ in node.Children())
        {
            count++;
        }

        return count;
    }
}
