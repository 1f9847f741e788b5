using SecondOpinion.Fhir.Conformance;

namespace SecondOpinion.Fhir.Validation;

/// <summary>Slicing (FHIR R4 profiling.html#slicing).</summary>
internal sealed partial class ProfileCheck
{
    private void Slices(ElementRule group, FhirNode parent, List<FhirNode> items)
    {
        var slicing = group.Slicing!;
        var members = new List<FhirNode>?[group.Slices.Length];
        var last = -1;
        var sawOther = false;
        foreach (var item in items)
        {
            var slice = SliceOf(group, item);
            if (slice < 0)
            {
                sawOther = true;
                if (slicing.Rules == SlicingRules.Closed)
                {
                    Report(item, "structure", "profile-slice", $"fits none of the slices, and no others are allowed: {string.Join(", ", group.Slices.Select(s => s.Label))} (by {string.Join(" and ", slicing.Discriminators)})");
                }

                continue;
            }

            if (sawOther && slicing.Rules == SlicingRules.OpenAtEnd)
            {
                Report(item, "structure", "profile-slice-order", $"'{group.Slices[slice].Label}' stands after an item of no slice; those come last");
            }

            if (slicing.IsOrdered && slice < last)
            {
                Report(item, "structure", "profile-slice-order", $"'{group.Slices[slice].Label}' must stand before '{group.Slices[last].Label}'");
            }

            last = Math.Max(last, slice);
            (members[slice] ??= []).Add(item);
        }

        for (var i = 0; i < members.Length; i++)
        {
            var slice = group.Slices[i];
            var own = members[i] ?? [];
            Cardinality(slice, parent, own.Count);
            foreach (var item in own)
            {
                if (slice.LooksInside)
                {
                    Element(slice, item);
                }
            }

            if (slice.Slicing is not null)
            {
                Slices(slice, parent, own);
            }
        }
    }

    /// <summary>Index of the slice an item is in; -1 for none.</summary>
    private int SliceOf(ElementRule group, FhirNode item)
    {
        for (var i = 0; i < group.Slices.Length; i++)
        {
            var fits = true;
            foreach (var discriminator in group.Slicing!.Discriminators)
            {
                fits &= fits && Matches(group.Slices[i], discriminator, 0, item);
            }

            if (fits)
            {
                return i;
            }
        }

        return -1;
    }

    private bool Matches(ElementRule? rule, Discriminator by, int step, FhirNode node)
    {
        if (step == by.Steps.Count)
        {
            return Decide(rule, by, node, isResolved: false);
        }

        var name = by.Steps[step];
        if (name == Discriminator.Resolve)
        {
            // The rule of the reference says what its target must be.
            return step == by.Steps.Count - 1 && Decide(rule, by, node, isResolved: true);
        }

        if (name.StartsWith("ofType(", StringComparison.Ordinal))
        {
            return node.TypeDefinition?.Is(name["ofType(".Length..^1]) == true && Matches(rule, by, step + 1, node);
        }

        var (element, url) = name[0] == '(' ? ("extension", name[1..^1]) : (name, null);
        var below = url is null ? Below(rule, element) : ExtensionSlice(rule, url);
        if (name == "url" && below is null && UrlOf(rule) is { } expected)
        {
            return node["url"].Value == expected;
        }

        var found = false;
        foreach (var child in node.All(element))
        {
            if (url is null || child["url"].Value == url)
            {
                found = true;
                if (by.Kind != DiscriminatorKind.Exists && MatchesAny(below, by, step + 1, child))
                {
                    return true;
                }
            }
        }

        if (by.Kind != DiscriminatorKind.Exists || below is null)
        {
            return by.Kind == DiscriminatorKind.Exists;
        }

        if (found && step + 1 < by.Steps.Count)
        {
            foreach (var child in node.All(element))
            {
                if (Matches(below, by, step + 1, child))
                {
                    return true;
                }
            }

            return false;
        }

        return step + 1 < by.Steps.Count ? false : below.Max == 0 ? !found : below.Min == 0 || found;
    }

    /// <summary>As the rule says, or one of its slices: a slice may be told by what a slice within it fixes.</summary>
    private bool MatchesAny(ElementRule? rule, Discriminator by, int step, FhirNode node)
    {
        if (Matches(rule, by, step, node))
        {
            return true;
        }

        foreach (var slice in rule?.Slices ?? [])
        {
            if (Matches(slice, by, step, node))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The rule of an element below, of the slice itself or of the profile that its type names.</summary>
    private ElementRule? Below(ElementRule? rule, string element) =>
        rule?.Child(element) ?? (rule?.Types is [{ Profiles: [var profile] }] ? profiles.Find(profile)?.Root.Child(element) : null);

    private static ElementRule? ExtensionSlice(ElementRule? rule, string url) => Array.Find(rule?.Child("extension")?.Slices ?? [], s => UrlOf(s) == url);

    private static string? UrlOf(ElementRule? slice) =>
        slice?.Child("url") is { Fixed.Exists: true } url ? url.Fixed.Value : slice?.Types is [{ Code: "Extension", Profiles: [var profile] }] ? Canonical.Bare(profile) : null;

    private bool Decide(ElementRule? rule, Discriminator by, FhirNode node, bool isResolved)
    {
        if (by.Kind == DiscriminatorKind.Value && rule is not null)
        {
            return Value(rule, node);
        }

        if (rule is null)
        {
            return by.Kind == DiscriminatorKind.Exists;
        }

        return by.Kind switch
        {
            DiscriminatorKind.Exists => rule.Max != 0,
            DiscriminatorKind.Type or DiscriminatorKind.Profile when isResolved =>
                TargetType(node, out _) is not null && rule.Types is { } references && references.Any(t => t.Targets.Count > 0 && Target(t.Targets, node)),
            DiscriminatorKind.Type => rule.Types is { } types && types.Any(t => IsOf(node, t.Code)),
            _ => rule.Types is { } profiled && profiled.SelectMany(t => t.Profiles).Any(p => profiles.Find(p) is { } known && Meets(known, node)),
        };
    }

    private bool Value(ElementRule rule, FhirNode node)
    {
        if (rule.Fixed.Exists)
        {
            return PatternMatch.Fixed(rule.Fixed, node);
        }

        if (rule.Pattern.Exists)
        {
            return PatternMatch.Pattern(rule.Pattern, node);
        }

        // Told apart by a binding, or by what stands deeper.
        return (rule.Binding == BindingStrength.Required || rule.Children.Length > 0) && Meets(rule, node);
    }
}
