using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using SecondOpinion.Fhir.Tree;

namespace SecondOpinion.Fhir.Patch;

/// <summary>One operation of a FHIRPath Patch: the parts of a parameter.</summary>
internal sealed class PatchOperation
{
    private const int MaxDepth = 50;

    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 512 };

    private readonly FhirNode _parameter;

    public PatchOperation(FhirNode parameter)
    {
        if (parameter.Text("name") != "operation")
        {
            throw PatchException.Malformed("each parameter must have the name 'operation'");
        }

        _parameter = parameter;
        Type = Text("type");
        Path = Text("path");
    }

    public string Type { get; }

    public string Path { get; }

    /// <summary>The text of a part that must be there.</summary>
    public string Text(string name) => Part(name)["value"].Value ?? throw PatchException.Malformed($"the part '{name}' is missing or has no value");

    /// <summary>A part that must be an integer from 0 to <paramref name="last"/>.</summary>
    public int Index(string name, int last)
    {
        var text = Text(name);
        return !int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? throw PatchException.Malformed($"'{name}' must be a whole number from 0, found '{text}'")
            : index <= last ? index
            : throw PatchException.DoesNotApply($"'{name}' is {text}; the list allows 0 to {last.ToString(CultureInfo.InvariantCulture)}");
    }

    /// <summary>The value as it stands in JSON: itself, the id and extensions of a primitive, and the property name that a choice has with its type.</summary>
    public (JsonNode? Json, JsonNode? Extra, string Property) Value(ElementDefinition element)
    {
        var part = Part("value");
        return part.Exists ? Read(part, element, 0) : throw PatchException.Malformed("the part 'value' is missing");
    }

    private FhirNode Part(string name)
    {
        foreach (var part in _parameter.All("part"))
        {
            if (part.Text("name") == name)
            {
                return part;
            }
        }

        return default;
    }

    private static (JsonNode? Json, JsonNode? Extra, string Property) Read(FhirNode part, ElementDefinition element, int depth)
    {
        if (depth > MaxDepth)
        {
            throw PatchException.Malformed("the value is nested too deep");
        }

        var value = part["value"];
        if (value.Exists)
        {
            CheckType(element, value);
            return (Json(value), Extra(value), element.IsChoice ? ChoiceName(element, value) : element.Name);
        }

        if (part["resource"].Exists && element.Types is [{ Code: "Resource" }])
        {
            return (Json(part["resource"]), null, element.Name);
        }

        // FHIR R4 fhirpatch.html: an element without a type of its own is given part by part.
        var type = element.Backbone ?? (element.ContentReference is { } path ? Definitions.Type(path) : element.Types.Count == 1 ? Definitions.Type(element.Types[0].Code) : null);
        if (type is null || !part["part"].Exists)
        {
            throw PatchException.Malformed($"there is no value for {element.Path}");
        }

        var json = new JsonObject();
        foreach (var inner in part.All("part"))
        {
            var name = inner.Text("name") ?? "";
            var child = type.Element(name) ?? (type.TryFind(name, out var slot) ? slot.Element! : throw PatchException.DoesNotApply($"{element.Path} has no element '{name}'"));
            var (own, extra, property) = Read(inner, child, depth + 1);
            if (child.IsArray)
            {
                JsonPlace.ListOf(json, property).Add(own, extra);
            }
            else if (json.ContainsKey(property))
            {
                throw PatchException.DoesNotApply($"{child.Path} does not repeat");
            }
            else
            {
                if (own is not null)
                {
                    json[property] = own;
                }

                if (extra is not null)
                {
                    json["_" + property] = extra;
                }
            }
        }

        return (json, null, element.Name);
    }

    /// <summary>A wrong type would leave something that is no resource; among primitives the format tells, and validation checks it.</summary>
    private static void CheckType(ElementDefinition element, FhirNode value)
    {
        if (value.TypeDefinition is null)
        {
            throw PatchException.Malformed($"'{value.JsonName}' is not an element of Parameters");
        }

        var allowed = element.IsChoice || (element.Backbone is null && element.ContentReference is null
            && element.Types.Any(t => Definitions.Type(t.Code) is { } type && (type.IsPrimitive ? value.IsPrimitive : value.TypeDefinition?.Is(t.Code) == true)));
        if (!allowed)
        {
            throw PatchException.DoesNotApply(element.Types.Count == 0 || element.Backbone is not null
                ? $"the value of {element.Path} is given part by part"
                : $"{element.Path} cannot have the type {value.Type}; allowed is {string.Join(", ", element.Types.Select(t => t.Code))}");
        }
    }

    private static string ChoiceName(ElementDefinition element, FhirNode value)
    {
        var name = element.Name + char.ToUpperInvariant(value.Type[0]) + value.Type[1..];
        return element.Types.Any(t => t.Code == value.Type) ? name : throw PatchException.DoesNotApply($"{element.Path} cannot have the type {value.Type}; allowed are {string.Join(", ", element.Types.Select(t => t.Code))}");
    }

    /// <summary>By the kind the JSON has, which need not be the one of the type: the parameters are not validated.</summary>
    private static JsonNode? Json(FhirNode value) => value.Owner!.Tree.Rows[value.Row].Kind switch
    {
        RowKind.String => JsonValue.Create(value.Value),
        RowKind.Object when value.IsPrimitive => null,
        _ => JsonNode.Parse(value.RawValue, documentOptions: Deep),
    };

    private static JsonObject? Extra(FhirNode value)
    {
        if (!value.IsPrimitive)
        {
            return null;
        }

        var extra = new JsonObject();
        foreach (var child in value.Children())
        {
            if (child.JsonName == "id")
            {
                extra["id"] = child.Value;
            }
            else
            {
                var list = extra["extension"] as JsonArray ?? [];
                list.Add(Json(child));
                extra["extension"] = list;
            }
        }

        return extra.Count == 0 ? null : extra;
    }
}
