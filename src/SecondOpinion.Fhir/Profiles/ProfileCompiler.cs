using System.Globalization;
using SecondOpinion.Fhir.FhirPath;
using SecondOpinion.Fhir.Validation;

namespace SecondOpinion.Fhir.Conformance;

/// <summary>Makes the check tree of a StructureDefinition (FHIR R4 profiling.html).</summary>
internal sealed class ProfileCompiler
{
    private const string MaxValueSet = Canonical.StructureDefinition + "elementdefinition-maxValueSet";

    private readonly FhirResource _definition;
    private readonly ProfileElements _elements;
    private readonly Dictionary<string, List<string>> _children = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<string>> _slices = new(StringComparer.Ordinal);

    private ProfileCompiler(FhirResource definition, ProfileElements elements)
    {
        _definition = definition;
        _elements = elements;
        var linked = new HashSet<string>(StringComparer.Ordinal);
        foreach (var id in elements.Ids)
        {
            Link(id, linked);
        }
    }

    /// <summary>Hangs an element below its owner, which a differential may have passed over.</summary>
    private void Link(string id, HashSet<string> linked)
    {
        while (linked.Add(id))
        {
            var (owner, isSlice) = OwnerOf(id);
            if (owner is null)
            {
                return;
            }

            var map = isSlice ? _slices : _children;
            if (!map.TryGetValue(owner, out var list))
            {
                map[owner] = list = [];
            }

            list.Add(id);
            id = owner;
        }
    }

    /// <exception cref="FhirException">The definition is not usable as a profile.</exception>
    public static CompiledProfile Compile(FhirResource definition, Func<string, FhirResource?> find)
    {
        var root = definition.Root;
        var type = root.Text("type") ?? "";
        if (Definitions.Type(type) is not { } baseType || baseType.Name != type)
        {
            throw ProfileElements.Unusable(definition, $"constrains '{type}', which is no type of FHIR R4");
        }

        var compiler = new ProfileCompiler(definition, ProfileElements.Read(definition, find));
        var rule = compiler.Build(type, type, null, baseType, 0);
        rule.Min = 0;
        rule.Max = int.MaxValue;
        var url = root.Text("url") ?? "";
        var use = type == "Extension" ? ExtensionUse.Read(definition, compiler.First("Extension", "isModifier").Value == "true") : null;
        return new CompiledProfile(url, root.Text("id") ?? url, type, rule, use);
    }

    /// <summary><c>A.b:s.c</c> belongs to <c>A.b:s</c> as a child; <c>A.b:s</c> to <c>A.b</c> as a slice; <c>A.b:s/t</c> to <c>A.b:s</c> as a slice.</summary>
    private static (string? Owner, bool IsSlice) OwnerOf(string id)
    {
        var dot = id.LastIndexOf('.');
        var last = id.AsSpan(dot + 1);
        var colon = last.IndexOf(':');
        if (colon >= 0)
        {
            var slash = last.LastIndexOf('/');
            return (id[..(dot + 1 + (slash > colon ? slash : colon))], true);
        }

        return dot < 0 ? (null, false) : (id[..dot], false);
    }

    private ElementRule Build(string id, string label, ElementDefinition? element, TypeDefinition? type, int depth)
    {
        if (depth > 50)
        {
            throw ProfileElements.Unusable(_definition, "is nested too deep");
        }

        if (_elements.Layers(id).Count == 0 && _slices.TryGetValue(id, out var only) && only.Count == 1 && !_children.ContainsKey(id) && element is { IsChoice: false } and not { Name: "extension" or "modifierExtension" })
        {
            // R4's own catalog profile names an element without slicing it: the name is only a name.
            return Build(only[0], label, element, type, depth + 1);
        }

        var name = element?.Name ?? NameOf(id);
        var rule = new ElementRule(name, label);
        ReadOwn(rule, id, element);
        rule.Children = [.. BuildChildren(id, type ?? TypeOf(rule, element), depth)];
        ReadSlices(rule, id, element, type, depth);
        return rule;
    }

    private List<ElementRule> BuildChildren(string id, TypeDefinition? type, int depth)
    {
        var children = new List<ElementRule>();
        foreach (var child in _children.GetValueOrDefault(id) ?? [])
        {
            var written = child[(child.LastIndexOf('.') + 1)..];
            var element = type?.Element(Plain(written));
            ElementRule rule;
            if (element is null && type is not null && type.TryFind(written, out var slot) && slot.Element!.IsChoice)
            {
                // valueQuantity for value[x] of that type only: the short form of a type slice.
                rule = new ElementRule(slot.Name, slot.Name);
                var inner = Build(child, written, slot.Element, slot.Type, depth + 1);
                rule.Slicing = new Slicing(SlicingRules.Open, false, [Discriminator.OfType]);
                inner.Types ??= [new TypeRule(slot.Type.Name, [], [])];
                rule.Slices = [inner];
            }
            else
            {
                rule = Build(child, Plain(written), element, null, depth + 1);
            }

            if (!rule.IsEmpty)
            {
                children.Add(rule);
            }
        }

        return children;
    }

    private void ReadSlices(ElementRule rule, string id, ElementDefinition? element, TypeDefinition? type, int depth)
    {
        if (!_slices.TryGetValue(id, out var ids))
        {
            // A slicing without slices says something only when it is closed; a base element needs none of it.
            return;
        }

        var slicing = First(id, "slicing");
        var slices = new List<ElementRule>();
        foreach (var slice in ids)
        {
            var label = rule.Name + ":" + slice[(Math.Max(slice.LastIndexOf(':'), slice.LastIndexOf('/')) + 1)..];
            slices.Add(Build(slice, label, element, type, depth + 1));
        }

        var isExtension = element is { Name: "extension" or "modifierExtension" };
        var discriminators = new List<Discriminator>();
        foreach (var d in slicing.All("discriminator"))
        {
            discriminators.Add(Discriminator.Parse(d.Text("type") ?? "value", d.Text("path") ?? "$this") ?? throw ProfileElements.Unusable(_definition, $"has a discriminator at {id} that is not supported: {d.Text("path")}"));
        }

        if (discriminators.Count == 0)
        {
            discriminators.Add(isExtension ? Discriminator.OfUrl : element is { IsChoice: true } ? Discriminator.OfType
                : throw ProfileElements.Unusable(_definition, $"has slices at {id} and no discriminator"));
        }

        var rules = slicing.Text("rules") switch { "closed" => SlicingRules.Closed, "openAtEnd" => SlicingRules.OpenAtEnd, _ => SlicingRules.Open };
        rule.Slicing = new Slicing(rules, slicing.Text("ordered") == "true", [.. discriminators]);
        rule.Slices = [.. slices];
    }

    private void ReadOwn(ElementRule rule, string id, ElementDefinition? element)
    {
        var isSlice = rule.Label.Contains(':', StringComparison.Ordinal);
        var min = Number(First(id, "min").Value) ?? 0;
        var maxText = First(id, "max").Value;
        var max = maxText is null or "*" ? int.MaxValue : Number(maxText) ?? int.MaxValue;
        rule.Min = !isSlice && element is not null && min <= element.Min ? 0 : min;
        rule.Max = !isSlice && element is not null && max >= element.Max ? int.MaxValue : max;
        rule.Types = TypesOf(id, element, isSlice);
        rule.Fixed = First(id, "fixed");
        rule.Pattern = First(id, "pattern");
        rule.MaxLength = Number(First(id, "maxLength").Value);
        rule.Least = First(id, "minValue");
        rule.Most = First(id, "maxValue");
        ReadBinding(rule, id, element);
        rule.Constraints = [.. ConstraintsOf(id, rule.Name)];
    }

    private TypeRule[]? TypesOf(string id, ElementDefinition? element, bool isSlice)
    {
        var layer = _elements.Layers(id).FirstOrDefault(l => l["type"].Exists);
        if (!layer.Exists)
        {
            return null;
        }

        var types = new List<TypeRule>();
        foreach (var type in layer.All("type"))
        {
            var code = type.Text("code") ?? "";
            if (code.StartsWith("http://hl7.org/fhirpath/", StringComparison.Ordinal))
            {
                // Resource.id, Extension.url: the System types of the definitions say nothing that the base does not.
                return null;
            }

            types.Add(new TypeRule(
                code.StartsWith(Canonical.StructureDefinition, StringComparison.Ordinal) ? code[Canonical.StructureDefinition.Length..] : code,
                [.. type.All("profile").Select(p => p.Value!).Where(p => Canonical.BaseType(p) is null)],
                [.. type.All("targetProfile").Select(p => Canonical.Bare(p.Value!))]));
        }

        // A type slice needs its type to be told apart even when the base has no other.
        return element is not null && !isSlice && IsSame(types, element) ? null : [.. types];
    }

    private static bool IsSame(List<TypeRule> types, ElementDefinition element)
    {
        if (types.Count < element.Types.Count || types.Exists(t => t.Profiles.Any(p => element.Types.All(e => e.Profile != p))))
        {
            return types.Count == 1 && types[0].Code is "BackboneElement" or "Element";
        }

        return types.TrueForAll(t => element.Types.Any(e => e.Code == t.Code
            && (t.Targets.Count == 0 || t.Targets.Contains(Canonical.StructureDefinition + "Resource") || (t.Targets.Count >= e.Targets.Count && t.Targets.All(u => Canonical.BaseType(u) is { } b && e.Targets.Contains(b))))));
    }

    private void ReadBinding(ElementRule rule, string id, ElementDefinition? element)
    {
        var binding = First(id, "binding");
        if (binding.Text("strength") != "required")
        {
            rule.MaxValueSet = binding.All("extension").Where(x => x.Text("url") == MaxValueSet).Select(x => Canonical.Bare(x.Text("value") ?? "")).FirstOrDefault();
        }

        var strength = binding.Text("strength") switch { "required" => BindingStrength.Required, "extensible" => BindingStrength.Extensible, _ => BindingStrength.None };
        if (strength == BindingStrength.None || binding.Text("valueSet") is not { } url)
        {
            return;
        }

        url = Canonical.Bare(url);
        var known = element?.ValueSet is { } name ? name.Contains(':', StringComparison.Ordinal) ? Canonical.Bare(name) : "http://hl7.org/fhir/ValueSet/" + name : null;
        if (known != url || element!.Binding < strength)
        {
            (rule.Binding, rule.ValueSet) = (strength, url);
        }
    }

    private List<CompiledInvariant> ConstraintsOf(string id, string name)
    {
        var keys = new HashSet<string>(StringComparer.Ordinal);
        var constraints = new List<CompiledInvariant>();
        foreach (var constraint in _elements.Layers(id).SelectMany(l => l.All("constraint")))
        {
            if (constraint.Text("key") is not { } key || constraint.Text("expression") is not { } expression || !keys.Add(key) || IsOfBase(key, name))
            {
                continue;
            }

            try
            {
                constraints.Add(new CompiledInvariant(key, constraint.Text("severity") == "warning" ? IssueSeverity.Warning : IssueSeverity.Error, constraint.Text("human") ?? key, FhirPathExpression.Compile(expression)));
            }
            catch (FhirException e)
            {
                throw ProfileElements.Unusable(_definition, $"has the rule {key}, which cannot be read: {e.Message}");
            }
        }

        return constraints;
    }

    private static bool IsOfBase(string key, string name) => key is "ele-1" or "ext-1" || Definitions.Invariant(key) is not null || Definitions.Invariant(key + "@" + name) is not null;

    /// <summary>The type whose elements the children of an element are; null when it is not one type.</summary>
    private static TypeDefinition? TypeOf(ElementRule rule, ElementDefinition? element)
    {
        if (element?.Backbone is { } backbone)
        {
            return backbone;
        }

        if (element?.ContentReference is { } reference)
        {
            return Definitions.Type(reference);
        }

        var code = rule.Types is { Length: 1 } own ? own[0].Code : element?.Types is { Count: 1 } types ? types[0].Code : null;
        return code is null ? null : Definitions.Type(code);
    }

    private FhirNode First(string id, string name)
    {
        foreach (var layer in _elements.Layers(id))
        {
            if (layer[name] is { Exists: true } found)
            {
                return found;
            }
        }

        return default;
    }

    private static string Plain(string name) => name.EndsWith("[x]", StringComparison.Ordinal) ? name[..^3] : name;

    private static string NameOf(string id)
    {
        var name = id[(id.LastIndexOf('.') + 1)..];
        var colon = name.IndexOf(':', StringComparison.Ordinal);
        return Plain(colon < 0 ? name : name[..colon]);
    }

    private static int? Number(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
