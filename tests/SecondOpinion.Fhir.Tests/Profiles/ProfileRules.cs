using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using SecondOpinion.TestKit;

namespace SecondOpinion.Fhir.Tests.Profiles;

/// <summary>
/// The rules of the profiles and extensions of the case, read from their differentials: everything in them that an instance can break. A rule is
/// <c>profile element facet</c>, for example <c>second-opinion-task Task.basedOn min</c>.
/// </summary>
internal static class ProfileRules
{
    private static readonly string Generated = Path.Combine(Repository.Root, "profiles/generated");

    private static readonly Dictionary<string, JsonObject> Definitions = Directory.GetFiles(Generated, "StructureDefinition-*.json")
        .Select(f => JsonNode.Parse(File.ReadAllBytes(f))!.AsObject())
        .ToDictionary(d => (string)d["id"]!, StringComparer.Ordinal);

    private static readonly ConcurrentDictionary<string, SecondOpinion.Fhir.Profiles> Shorter = new(StringComparer.Ordinal);

    public static IReadOnlyList<string> All { get; } = [.. Definitions.Values.SelectMany(RulesOf)];

    private static IEnumerable<string> RulesOf(JsonObject definition)
    {
        if (definition["context"] is not null)
        {
            yield return $"{definition["id"]} - context";
        }

        foreach (var element in definition["differential"]!["element"]!.AsArray().Select(e => e!.AsObject()))
        {
            foreach (var facet in FacetsOf(definition, element))
            {
                yield return $"{definition["id"]} {element["id"]} {facet}";
            }
        }
    }

    private static IEnumerable<string> FacetsOf(JsonObject definition, JsonObject element)
    {
        var id = (string)element["id"]!;
        var plain = BaseOf(id);
        var isSlice = id.Split('.')[^1].Contains(':', StringComparison.Ordinal);
        var tellsSlice = TellsSlice(definition, id);
        if (!tellsSlice && (int?)element["min"] > (isSlice ? 0 : plain?.Min ?? 0))
        {
            yield return "min";
        }

        if ((string?)element["max"] is { } max && max != "*" && int.Parse(max) < (plain?.Max ?? int.MaxValue))
        {
            yield return "max";
        }

        if (element["type"] is JsonArray types && !(isSlice && plain?.Name == "extension"))
        {
            if (!types.Select(t => (string)t!["code"]!).Order(StringComparer.Ordinal).SequenceEqual((plain?.Types ?? []).Select(t => t.Code).Order(StringComparer.Ordinal)))
            {
                yield return "type";
            }

            if (types.Any(t => t!["targetProfile"] is not null))
            {
                yield return "target";
            }
        }

        foreach (var (name, _) in element.Where(p => !tellsSlice && (p.Key.StartsWith("fixed", StringComparison.Ordinal) || p.Key.StartsWith("pattern", StringComparison.Ordinal))))
        {
            yield return name;
        }

        if ((string?)element["binding"]?["strength"] is "required" or "extensible")
        {
            yield return "binding";
        }

        if ((string?)element["slicing"]?["rules"] is not (null or "open"))
        {
            yield return "slicing";
        }

        foreach (var constraint in element["constraint"]?.AsArray() ?? [])
        {
            yield return (string)constraint!["key"]!;
        }
    }

    /// <summary>Whether an element is what tells its slice from others: an instance that breaks it is not in the slice, and breaks nothing.</summary>
    private static bool TellsSlice(JsonObject definition, string id)
    {
        if (id == "Extension.url")
        {
            return true;
        }

        var colon = id.LastIndexOf(':');
        var dot = colon < 0 ? -1 : id.IndexOf('.', colon);
        if (dot < 0)
        {
            return false;
        }

        var sliced = id[..colon];
        var slicing = definition["snapshot"]!["element"]!.AsArray().First(e => (string?)e!["id"] == sliced)!["slicing"]!;
        return slicing["discriminator"]!.AsArray().Any(d => (string?)d!["path"] == id[(dot + 1)..]);
    }

    /// <summary>The base definition of an element: <c>Observation.component:x.value[x]</c> is <c>Observation.component.value</c>.</summary>
    private static ElementDefinition? BaseOf(string id)
    {
        var steps = id.Split('.').Select(s => s.Split(':')[0].Replace("[x]", "", StringComparison.Ordinal)).ToList();
        var type = SecondOpinion.Fhir.Definitions.Type(steps[0]);
        ElementDefinition? element = null;
        foreach (var step in steps.Skip(1))
        {
            element = type?.Element(step);
            type = element?.Backbone ?? (element is { Types: [var only] } ? SecondOpinion.Fhir.Definitions.Type(only.Code) : null);
        }

        return element;
    }

    /// <summary>The profiles of the case without one rule.</summary>
    public static SecondOpinion.Fhir.Profiles Without(string rule) => Shorter.GetOrAdd(rule, Make);

    /// <summary>All profiles; the extension for body sites takes anything here, where R4's own definition would refuse what our rules on it refuse.</summary>
    public static SecondOpinion.Fhir.Profiles Known { get; } = SecondOpinion.Fhir.Profiles.Default.With([FhirResource.Parse("""
        {"resourceType":"StructureDefinition","url":"http://hl7.org/fhir/StructureDefinition/bodySite","name":"BodySite","status":"draft","kind":"complex-type","abstract":false,"type":"Extension",
         "baseDefinition":"http://hl7.org/fhir/StructureDefinition/Extension","derivation":"constraint","differential":{"element":[{"id":"Extension","path":"Extension"}]}}
        """)]);

    private static SecondOpinion.Fhir.Profiles Make(string rule)
    {
        var (id, element, facet) = rule.Split(' ') is [var a, var b, var c] ? (a, b, c) : throw new ArgumentException(rule, nameof(rule));
        var definition = Definitions[id].DeepClone().AsObject();
        if (facet == "context")
        {
            definition.Remove("context");
        }

        foreach (var view in new[] { "snapshot", "differential" })
        {
            foreach (var e in definition[view]!["element"]!.AsArray().Select(e => e!.AsObject()).Where(e => (string?)e["id"] == element))
            {
                TakeOut(e, facet);
            }
        }

        return Known.With([FhirResource.From(definition)]);
    }

    private static void TakeOut(JsonObject element, string facet)
    {
        switch (facet)
        {
            case "target":
                foreach (var type in element["type"]!.AsArray())
                {
                    type!.AsObject().Remove("targetProfile");
                }

                break;
            case "min":
                element["min"] = 0;
                break;
            case "max":
                element["max"] = "*";
                break;
            case "slicing":
                element["slicing"]!["rules"] = "open";
                break;
            case not null when element["constraint"] is JsonArray constraints && constraints.FirstOrDefault(c => (string?)c!["key"] == facet) is { } constraint:
                constraints.Remove(constraint);
                break;
            default:
                element.Remove(facet!);
                break;
        }
    }
}
