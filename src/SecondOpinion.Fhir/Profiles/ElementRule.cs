using SecondOpinion.Fhir.Validation;

namespace SecondOpinion.Fhir.Conformance;

/// <summary>FHIR R4 valueset-resource-slicing-rules.html.</summary>
internal enum SlicingRules
{
    Open,
    Closed,
    OpenAtEnd,
}

/// <summary>A type that an element may have.</summary>
/// <param name="Profiles">Profiles of the type, one of which the value must meet; empty for none.</param>
/// <param name="Targets">For references: URLs of the profiles or base types that the target may have; empty for any.</param>
internal sealed record TypeRule(string Code, IReadOnlyList<string> Profiles, IReadOnlyList<string> Targets);

/// <summary>How repetitions fall into slices.</summary>
internal sealed record Slicing(SlicingRules Rules, bool IsOrdered, Discriminator[] Discriminators);

/// <summary>
/// What a profile asks of an element beyond the base definitions; the nodes of the check tree. Rules that the base has too are not in it, so the tree
/// is as small as the profile's own words.
/// </summary>
internal sealed class ElementRule(string name, string label)
{
    /// <summary>Element name without <c>[x]</c>, interned; the resource type for the root.</summary>
    public string Name { get; } = string.Intern(name);

    /// <summary>Name in messages: <c>component</c>, or <c>component:class</c> for a slice.</summary>
    public string Label { get; } = label;

    public int Min { get; set; }

    public int Max { get; set; } = int.MaxValue;

    /// <summary>The allowed types; null when the base allows no others.</summary>
    public TypeRule[]? Types { get; set; }

    public FhirNode Fixed { get; set; }

    public FhirNode Pattern { get; set; }

    public int? MaxLength { get; set; }

    /// <summary>The least value allowed (minValue[x]).</summary>
    public FhirNode Least { get; set; }

    /// <summary>The greatest value allowed (maxValue[x]).</summary>
    public FhirNode Most { get; set; }

    public BindingStrength Binding { get; set; }

    public string? ValueSet { get; set; }

    /// <summary>Value set beyond which no code may go though the binding is not required (extension elementdefinition-maxValueSet).</summary>
    public string? MaxValueSet { get; set; }

    /// <summary>The value set of the binding once it was looked up; null until then.</summary>
    public ValueSetDefinition? Set { get; set; }

    public CompiledInvariant[] Constraints { get; set; } = [];

    public Slicing? Slicing { get; set; }

    public ElementRule[] Slices { get; set; } = [];

    /// <summary>Whether a slice must be present.</summary>
    public bool NeedsSlices => Array.Exists(Slices, s => s.Min > 0);

    public ElementRule[] Children { get; set; } = [];

    /// <summary>Whether the element of that name below this one is constrained at all.</summary>
    public ElementRule? Child(string child)
    {
        foreach (var rule in Children)
        {
            if (rule.Name == child)
            {
                return rule;
            }
        }

        return null;
    }

    /// <summary>Whether anything but the number of repetitions is asked.</summary>
    public bool LooksInside => Types is not null || Fixed.Exists || Pattern.Exists || MaxLength is not null || Least.Exists || Most.Exists
        || ValueSet is not null || MaxValueSet is not null || Constraints.Length > 0 || Slicing is not null || Children.Length > 0;

    public bool IsEmpty => Min == 0 && Max == int.MaxValue && !LooksInside;
}

/// <summary>A profile, compiled.</summary>
/// <param name="Use">Where it may stand; null when it is no extension.</param>
internal sealed record CompiledProfile(string Url, string Name, string Type, ElementRule Root, ExtensionUse? Use);
