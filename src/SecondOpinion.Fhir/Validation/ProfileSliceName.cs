using SecondOpinion.Fhir.Conformance;

namespace SecondOpinion.Fhir.Validation;

/// <summary>The question of slice() in FHIRPath.</summary>
internal sealed partial class ProfileCheck
{
    /// <summary>Whether a node is in the slice of that name; null when the profile has no such slice.</summary>
    public bool? InSlice(CompiledProfile profile, FhirNode node, string name)
    {
        bool? result = null;
        WithState(() => result = InSlice(profile.Root, node, name));
        return result;
    }

    private bool? InSlice(ElementRule rule, FhirNode node, string name)
    {
        bool? result = null;
        for (var i = 0; i < rule.Slices.Length; i++)
        {
            var slice = rule.Slices[i];
            if (slice.Label.EndsWith(":" + name, StringComparison.Ordinal) && rule.Slicing is not null)
            {
                result = result == true || (slice.Name == node.Name && SliceOf(rule, node) == i);
            }
            else if (InSlice(slice, node, name) is { } deeper)
            {
                result = result == true || deeper;
            }
        }

        foreach (var child in rule.Children)
        {
            if (InSlice(child, node, name) is { } below)
            {
                result = result == true || below;
            }
        }

        return result;
    }
}
