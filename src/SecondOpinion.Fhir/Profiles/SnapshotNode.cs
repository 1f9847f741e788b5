using System.Globalization;
using System.Text.Json.Nodes;

namespace SecondOpinion.Fhir.Conformance;

/// <summary>An element of a snapshot in the making, with its children and its slices.</summary>
internal sealed class SnapshotNode(string name, string? slice, JsonObject element)
{
    private const string MaxValueSet = "http://hl7.org/fhir/StructureDefinition/elementdefinition-maxValueSet";

    /// <summary>Whose differential says them, they replace what the base says; the others are added to it (FHIR R4 elementdefinition.html#interpretation).</summary>
    private static readonly string[] Added = ["constraint", "condition", "mapping", "alias"];

    private List<SnapshotNode>? _children;
    private readonly List<SnapshotNode> _slices = [];

    /// <summary>As it stands in a path: <c>value[x]</c>; the type for the root.</summary>
    public string Name => name;

    /// <summary>The snapshot of a base definition.</summary>
    public static SnapshotNode Of(TypeDefinition type)
    {
        var json = Described(type.Name, 0, "*");
        json["constraint"] = Constraints(type.Invariants);
        return new SnapshotNode(type.Name, null, json) { _children = ChildrenOf(type) };
    }

    /// <summary>Cardinality, base and a definition, which every element of a snapshot has (sdf-3, sdf-8b).</summary>
    private static JsonObject Described(string path, int min, string max) => new()
    {
        ["definition"] = $"{path} of FHIR R4.",
        ["min"] = min,
        ["max"] = max,
        ["base"] = new JsonObject { ["path"] = path, ["min"] = min, ["max"] = max },
    };

    private static List<SnapshotNode> ChildrenOf(TypeDefinition type)
    {
        var children = type.Elements.Select(Of).ToList();
        if (type.IsPrimitive)
        {
            children.Add(new SnapshotNode("value", null, Described(type.Name + ".value", 0, "1")));
            children[^1].Set("type", Types([SystemType(type.Primitive)]));
        }

        return children;
    }

    private static SnapshotNode Of(ElementDefinition element)
    {
        var json = Described(element.Path, element.Min, element.Max == int.MaxValue ? "*" : element.Max.ToString(CultureInfo.InvariantCulture));
        if (element.ContentReference is { } reference)
        {
            json["contentReference"] = "#" + reference;
        }
        else
        {
            // Element.id, Resource.id and Extension.url have System types (FHIR R4 elementdefinition.html#id, note on type.code).
            json["type"] = element.Path is "Element.id" or "Resource.id" or "Extension.url" ? Types(["http://hl7.org/fhirpath/System.String"]) : new JsonArray([.. element.Types.Select(Type)]);
        }

        if (element.ValueSet is { } set)
        {
            json["binding"] = new JsonObject();
            if (element.MaxValueSet is { } most)
            {
                json["binding"]!["extension"] = new JsonArray(new JsonObject { ["url"] = MaxValueSet, ["valueCanonical"] = Url(most) });
            }

            json["binding"]!["strength"] = element.Binding.ToString().ToLowerInvariant();
            json["binding"]!["valueSet"] = Url(set);
        }

        if (element.IsModifier)
        {
            json["isModifier"] = true;
            json["isModifierReason"] = $"As {element.Path} of FHIR R4.";
        }

        if (element.IsSummary)
        {
            json["isSummary"] = true;
        }

        if (element.Invariants.Count > 0)
        {
            json["constraint"] = Constraints(element.Invariants);
        }

        return new SnapshotNode(element.IsChoice ? element.Name + "[x]" : element.Name, null, json) { _children = element.Backbone is { } backbone ? ChildrenOf(backbone) : null };
    }

    private static string Url(string valueSet) => valueSet.Contains(':', StringComparison.Ordinal) ? valueSet : "http://hl7.org/fhir/ValueSet/" + valueSet;

    private static JsonArray Types(IEnumerable<string> codes) => new([.. codes.Select(c => new JsonObject { ["code"] = c })]);

    private static JsonObject Type(ElementType type)
    {
        var json = new JsonObject { ["code"] = type.Code };
        if (type.Profile is { } profile)
        {
            json["profile"] = new JsonArray(Canonical.StructureDefinition + profile);
        }

        if (type.Targets.Count > 0)
        {
            json["targetProfile"] = new JsonArray([.. type.Targets.Select(t => (JsonNode)(Canonical.StructureDefinition + t))]);
        }

        return json;
    }

    private static JsonArray Constraints(IEnumerable<string> keys) => new([.. keys.Select(k => Definitions.Invariant(k)!).Select(i => new JsonObject
    {
        ["key"] = i.Key.Split('@')[0],
        ["severity"] = i.Severity == IssueSeverity.Warning ? "warning" : "error",
        ["human"] = i.Human,
        ["expression"] = i.Expression,
    })]);

    private static string SystemType(PrimitiveType type) => "http://hl7.org/fhirpath/System." + type switch
    {
        PrimitiveType.Boolean => "Boolean",
        PrimitiveType.Integer or PrimitiveType.PositiveInt or PrimitiveType.UnsignedInt => "Integer",
        PrimitiveType.Decimal => "Decimal",
        PrimitiveType.Date => "Date",
        PrimitiveType.DateTime or PrimitiveType.Instant => "DateTime",
        PrimitiveType.Time => "Time",
        _ => "String",
    };

    /// <summary>Lists the children of the element's type, unless they are; the number of elements made.</summary>
    /// <param name="profile">The tree of a profile by its URL; null when it is not known.</param>
    public int Expand(Func<string, SnapshotNode?> profile)
    {
        if (_children is not null)
        {
            return 0;
        }

        var types = element["type"] as JsonArray;
        if ((string?)element["contentReference"] is { } reference)
        {
            _children = ChildrenOf(Definitions.Type(reference[1..])!);
        }
        else if (types is [JsonObject { } only] && only["profile"] is JsonArray { Count: 1 } profiles && profile(Canonical.Bare((string)profiles[0]!)) is { _children: { } known })
        {
            _children = known.ConvertAll(c => c.Copy(c.Slice));
        }
        else
        {
            // An element of several types has what all of them have.
            var code = types is [JsonObject { } type] ? (string?)type["code"] : "Element";
            _children = Definitions.Type(code ?? "") is { } definition ? ChildrenOf(definition) : [];
        }

        return _children.Count;
    }

    private string? Slice => slice;

    /// <summary>The child, or slice of a child, that a step of an element id names (<c>name</c>, <c>name:slice</c>, <c>name:slice/slice</c>); null when there is no such child.</summary>
    public SnapshotNode? Step(string step)
    {
        var colon = step.IndexOf(':', StringComparison.Ordinal);
        var plain = colon < 0 ? step : step[..colon];
        if (_children!.Find(c => c.Name == plain) is not { } child)
        {
            // valueQuantity is the slice of value[x] that has the type (FHIR R4 profiling.html#slicing).
            var choice = _children.Find(c => c.Name.EndsWith("[x]", StringComparison.Ordinal) && plain.StartsWith(c.Name[..^3], StringComparison.Ordinal) && c.TypeNamed(plain[(c.Name.Length - 3)..]) is not null);
            if (choice is null)
            {
                return null;
            }

            var typed = choice.SliceNamed(plain);
            typed.Merge(new JsonObject { ["type"] = new JsonArray(choice.TypeNamed(plain[(choice.Name.Length - 3)..])!.DeepClone()) });
            return typed;
        }

        if (colon >= 0)
        {
            foreach (var part in Prefixes(step[(colon + 1)..]))
            {
                child = child.SliceNamed(part);
            }
        }

        return child;
    }

    private static IEnumerable<string> Prefixes(string sliceName)
    {
        for (var at = sliceName.IndexOf('/', StringComparison.Ordinal); at >= 0; at = sliceName.IndexOf('/', at + 1))
        {
            yield return sliceName[..at];
        }

        yield return sliceName;
    }

    private JsonNode? TypeNamed(string capitalized) => (element["type"] as JsonArray)?.FirstOrDefault(t => string.Equals((string?)t!["code"], capitalized, StringComparison.OrdinalIgnoreCase));

    private SnapshotNode SliceNamed(string sliceName)
    {
        if (_slices.Find(s => s.Slice == sliceName) is { } known)
        {
            return known;
        }

        if (element["slicing"] is null && (Name is "extension" or "modifierExtension" || Name.EndsWith("[x]", StringComparison.Ordinal)))
        {
            // Extensions are always sliced by url, choices by type (FHIR R4 profiling.html#slicing).
            var isExtension = !Name.EndsWith("[x]", StringComparison.Ordinal);
            element["slicing"] = new JsonObject
            {
                ["discriminator"] = new JsonArray(new JsonObject { ["type"] = isExtension ? "value" : "type", ["path"] = isExtension ? "url" : "$this" }),
                ["ordered"] = false,
                ["rules"] = "open",
            };
        }

        var made = Copy(sliceName);
        made.Set("min", 0);
        _slices.Add(made);
        return made;
    }

    private void Set(string property, JsonNode value) => element[property] = value;

    private SnapshotNode Copy(string? sliceName)
    {
        var copy = element.DeepClone().AsObject();
        if (sliceName != slice)
        {
            copy.Remove("slicing");
        }

        var made = new SnapshotNode(name, sliceName, copy) { _children = _children?.ConvertAll(c => c.Copy(c.Slice)) };
        if (sliceName == slice)
        {
            made._slices.AddRange(_slices.Select(s => s.Copy(s.Slice)));
        }

        return made;
    }

    /// <summary>Lays what a differential says of the element over it.</summary>
    public void Merge(JsonObject differential)
    {
        foreach (var (property, value) in differential)
        {
            if (property is "id" or "path" or "sliceName")
            {
                continue;
            }

            if (Added.Contains(property) && element[property] is JsonArray known)
            {
                foreach (var item in value!.AsArray().Where(i => !known.Any(k => IsSame(k!, i!))))
                {
                    known.Add(item!.DeepClone());
                }
            }
            else
            {
                element[property] = value!.DeepClone();
            }
        }
    }

    private static bool IsSame(JsonNode left, JsonNode right) =>
        left is JsonObject a && right is JsonObject b && a["key"] is { } key ? (string?)key == (string?)b["key"] : JsonNode.DeepEquals(left, right);

    /// <summary>Appends the element, what is below it, and its slices.</summary>
    public void Write(JsonArray into, string parentId, string parentPath)
    {
        var id = parentId + name + (slice is null ? "" : ":" + slice);
        var path = parentPath + name;
        var json = new JsonObject { ["id"] = id, ["path"] = path };
        if (slice is not null)
        {
            json["sliceName"] = slice;
        }

        foreach (var (property, value) in element.ToList())
        {
            if (value is not JsonArray { Count: 0 })
            {
                json[property] = value!.DeepClone();
            }
        }

        into.Add((JsonNode)json);
        foreach (var child in _children ?? [])
        {
            child.Write(into, id + ".", path + ".");
        }

        foreach (var own in _slices)
        {
            own.Write(into, parentId, parentPath);
        }
    }
}
