using System.Text;
using SecondOpinion.Fhir.Conformance;
using SecondOpinion.Fhir.FhirPath;

namespace SecondOpinion.Fhir.Validation;

/// <summary>Types, reference targets, fixed values, patterns, lengths and bindings of profiles.</summary>
internal sealed partial class ProfileCheck
{
    /// <summary>False when the type is wrong, so that nothing further can be said.</summary>
    private bool Types(TypeRule[] types, FhirNode node)
    {
        var ofType = false;
        List<string>? wanted = null;
        foreach (var type in types)
        {
            if (!IsOf(node, type.Code))
            {
                continue;
            }

            ofType = true;
            var fits = type.Profiles.Count == 0 || MeetsAny(type.Profiles, node);
            if (fits && (type.Targets.Count == 0 || type.Code != "Reference" || Target(type.Targets, node)))
            {
                return true;
            }

            if (!fits && types.Length == 1 && type.Profiles.Count == 1)
            {
                // Say what is wrong, not only that something is.
                Profile(profiles.Find(type.Profiles[0])!, node);
                return false;
            }

            (wanted ??= []).AddRange(fits ? type.Targets.Select(t => Canonical.BaseType(t) ?? t) : type.Profiles);
        }

        if (!ofType)
        {
            Report(node, "structure", "profile-type", $"has type {node.Type}; allowed: {string.Join(", ", types.Select(t => t.Code).Distinct())}");
        }
        else if (node.Type == "Reference")
        {
            Report(node, "value", "profile-target", $"{ValidationRun.Quote(node["reference"].Value ?? node["type"].Value)} is a reference to {TargetType(node, out var target)}{(target.Exists && IsFor(wanted!, target.Type) ? " that does not meet the profile asked for" : "")}; allowed: {string.Join(", ", wanted!)}");
        }
        else
        {
            Report(node, "structure", "profile-type", $"meets none of the profiles of its type: {string.Join(", ", wanted!)}");
        }

        return false;
    }

    private bool IsFor(List<string> wanted, string type) => wanted.Exists(w => profiles.Find(w)?.Type == type);

    /// <summary>A choice has the type its name says: valueCode is no valueString, though a code is a string (FHIR R4 formats.html#choice).</summary>
    private static bool IsOf(FhirNode node, string code) => node.Definition is { IsChoice: true } ? node.Type == code : node.TypeDefinition?.Is(code) == true;

    /// <summary>Whether a node meets one of the profiles; one that is not known may be met.</summary>
    private bool MeetsAny(IReadOnlyList<string> urls, FhirNode node)
    {
        foreach (var url in urls)
        {
            if (profiles.Find(url) is not { } profile || Meets(profile, node))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a reference may be to what it is to; a target of unknown type may be anything.</summary>
    private bool Target(IReadOnlyList<string> targets, FhirNode reference)
    {
        if (TargetType(reference, out var target) is not { } type)
        {
            return true;
        }

        foreach (var url in targets)
        {
            if (Canonical.BaseType(url) is { } allowed)
            {
                if (Definitions.Type(type)?.Is(allowed) == true)
                {
                    return true;
                }
            }
            else if (profiles.Find(url) is not { } profile || (profile.Type == type && (!target.Exists || Meets(profile, target))))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The type of what a reference names, and the resource itself when it is contained or in the same Bundle.</summary>
    private string? TargetType(FhirNode reference, out FhirNode target)
    {
        target = default;
        var text = reference["reference"].Value;
        if (text is { Length: > 1 } && text[0] == '#')
        {
            target = ContainedCheck.Find(run, ReferenceCheck.Container(run, reference.Row), text[1..]);
        }
        else if (text is { Length: > 0 } && run.Bundled.TryGetValue(text, out var row))
        {
            target = run.Node(row);
        }

        if (target.Exists)
        {
            return target.ResourceType;
        }

        if (text is { Length: > 0 } && ReferenceCheck.TypeOf(text) is { } named)
        {
            return named;
        }

        var declared = reference["type"].Value;
        return declared is null ? null : Canonical.BaseType(declared) ?? (declared.Length < 60 && Definitions.IsResource(declared) ? declared : null);
    }

    private void Values(ElementRule rule, FhirNode node)
    {
        if (rule.Fixed.Exists && (rule.Fixed.Type != node.Type || !PatternMatch.Fixed(rule.Fixed, node)))
        {
            Report(node, "value", "profile-fixed", $"is {Show(node)}; it must be exactly {Show(rule.Fixed)}");
        }

        if (rule.Pattern.Exists && (rule.Pattern.Type != node.Type || !PatternMatch.Pattern(rule.Pattern, node)))
        {
            Report(node, "value", "profile-pattern", $"is {Show(node)}; it must contain {Show(rule.Pattern)}");
        }

        if (rule.MaxLength is { } length && node.Value is { } text && text.Length > length)
        {
            Report(node, "value", "profile-length", $"has {text.Length} characters; at most {length} allowed");
        }

        if (rule.Least.Exists && Order(node, rule.Least) < 0)
        {
            Report(node, "value", "profile-range", $"is {Show(node)}; at least {Show(rule.Least)} is needed");
        }

        if (rule.Most.Exists && Order(node, rule.Most) > 0)
        {
            Report(node, "value", "profile-range", $"is {Show(node)}; at most {Show(rule.Most)} is allowed");
        }
    }

    /// <summary>
    /// A value against a limit; null when they have no order: precisions that do not decide, units that do not go together, and a Duration as the limit of a
    /// date (FHIR R4 elementdefinition-definitions.html#ElementDefinition.minValue_x_), which depends on the day.
    /// </summary>
    private static int? Order(FhirNode value, FhirNode limit)
    {
        var (x, y) = (FhirPathValue.Of(value).System, FhirPathValue.Of(limit).System);
        var haveOrder = (IsNumber(x) && IsNumber(y)) || (x.Kind == FhirPathKind.Quantity && y.Kind == FhirPathKind.Quantity)
            || (x.Time is not null && y.Time is not null && (x.Kind == FhirPathKind.Time) == (y.Kind == FhirPathKind.Time));
        return haveOrder ? Equality.Compare(x, y) : null;
    }

    private static bool IsNumber(in FhirPathValue value) => value.Kind is FhirPathKind.Integer or FhirPathKind.Decimal;

    private static string Show(FhirNode node) => node.IsPrimitive ? ValidationRun.Quote(node.Value) : Encoding.UTF8.GetString(node.RawValue) is var text && text.Length <= 200 ? text : text[..197] + "...";

    private void Binding(ElementRule rule, FhirNode node)
    {
        if (rule.MaxValueSet is { } most && profiles.Terminology.Find(most) is { IsOpen: false } limit && Found(limit, node, BindingStrength.Extensible) is { } beyond)
        {
            Report(node, "code-invalid", "profile-binding", $"{beyond} is not in the maximum value set {limit.Url}, beyond which no code may go");
            return;
        }

        if (rule.ValueSet is null)
        {
            return;
        }

        var set = rule.Set ??= profiles.Terminology.Find(rule.ValueSet!);
        if (set is not { IsOpen: false })
        {
            RemoteBinding.Check(run, node, rule.ValueSet!, rule.Binding, "profile-binding");
            return;
        }

        if (Found(set, node, rule.Binding) is not { } found)
        {
            return;
        }

        var allowed = set.Codes.Count <= 20 ? string.Join(", ", set.Codes.Select(c => c.Code)) : $"{set.Codes.Count} codes";
        if (rule.Binding == BindingStrength.Required)
        {
            Report(node, "code-invalid", "profile-binding", $"{found} is not in the required value set {set.Url} (allowed: {allowed})");
        }
        else
        {
            Report(node, "code-invalid", "profile-binding", $"{found} is not in the extensible value set {set.Url} ({allowed}); another code is right only when none of these applies", IssueSeverity.Warning);
        }
    }

    /// <summary>What was found instead of a code of the set; null when there is one, or nothing to check.</summary>
    private string? Found(ValueSetDefinition set, FhirNode node, BindingStrength strength)
    {
        if (node.IsPrimitive)
        {
            return !node.HasValue || set.ContainsCode(run.Utf8Value(node.Row)) ? null : ValidationRun.Quote(node.Value);
        }

        if (node.Type != "CodeableConcept")
        {
            return node["code"].Value is not { } own || set.Contains(node["system"].Value, own) ? null : Describe(node);
        }

        FhirNode first = default;
        foreach (var coding in node.All("coding"))
        {
            if (coding["code"].Value is { } code)
            {
                if (set.Contains(coding["system"].Value, code))
                {
                    return null;
                }

                first = first.Exists ? first : coding;
            }
        }

        return first.Exists ? Describe(first) : strength == BindingStrength.Required && !node["extension"].Exists ? "no coding" : null;
    }

    private static string Describe(FhirNode coding) => ValidationRun.Quote($"{coding["system"].Value}|{coding["code"].Value}");
}
