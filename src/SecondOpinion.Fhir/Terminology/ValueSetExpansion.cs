using System.Globalization;
using System.Text.Json.Nodes;

namespace SecondOpinion.Fhir.Codes;

/// <summary>Writes a ValueSet with its expansion (FHIR R4 valueset-operation-expand.html).</summary>
internal sealed class ValueSetExpansion(Terminology terminology, ExpandOptions options)
{
    private const int MaxCount = 10_000;

    private static readonly string[] Described = ["url", "identifier", "version", "name", "title", "status", "experimental", "date", "publisher"];

    public Outcome<FhirResource> Build(ValueSetDefinition set, DateTimeOffset at)
    {
        var codes = set.All.Where(Keeps).ToList();
        if (options.Count is null && codes.Count > MaxCount)
        {
            return Refusal.Of(RefusalKind.Unprocessable, "too-costly", $"The value set has {codes.Count} codes; at most {MaxCount} are listed at once: ask for pages with count and offset, or for a part with filter", "value-set-large");
        }

        var offset = Math.Max(0, options.Offset);
        var contains = new JsonArray();
        foreach (var code in codes.Skip(offset).Take(Math.Clamp(options.Count ?? MaxCount, 0, MaxCount)))
        {
            contains.Add((JsonNode)Item(code));
        }

        // FHIR R4 valueset-definitions.html#ValueSet.expansion.identifier
        var expansion = new JsonObject
        {
            ["identifier"] = "urn:uuid:" + Guid.NewGuid().ToString("D"),
            ["timestamp"] = at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
            ["total"] = codes.Count,
            ["offset"] = offset,
        };
        if (Parameters(codes) is { Count: > 0 } parameters)
        {
            expansion["parameter"] = parameters;
        }

        if (contains.Count > 0)
        {
            expansion["contains"] = contains;
        }

        var json = new JsonObject { ["resourceType"] = "ValueSet" };
        if (set.Source is { } source)
        {
            var own = JsonNode.Parse(source.Root.RawValue)!.AsObject();
            foreach (var name in options.IncludeDefinition ? [.. Described, "compose"] : Described)
            {
                if (own[name] is { } value)
                {
                    json[name] = value.DeepClone();
                }
            }
        }
        else
        {
            json["url"] = set.Url;
        }

        json["status"] ??= "active";
        json["expansion"] = expansion;
        return FhirResource.From(json);
    }

    private bool Keeps(CodedValue code) =>
        !(options.ActiveOnly && code.IsInactive)
        && !(options.ExcludeNotForUI && code.IsAbstract)
        && !options.ExcludeSystems.Contains(code.System)
        && (string.IsNullOrWhiteSpace(options.Filter) || Has(code.Code) || Has(code.Display) || code.Designations.Any(d => Has(d.Value)));

    private bool Has(string? text) => text?.Contains(options.Filter!.Trim(), StringComparison.OrdinalIgnoreCase) == true;

    private JsonObject Item(CodedValue code)
    {
        var item = new JsonObject();
        if (code.System.Length > 0)
        {
            item["system"] = code.System;
        }

        if (code.IsAbstract)
        {
            item["abstract"] = true;
        }

        if (code.IsInactive)
        {
            item["inactive"] = true;
        }

        item["code"] = code.Code;
        if (Display(code) is { } display)
        {
            item["display"] = display;
        }

        if (options.IncludeDesignations && code.Designations.Count > 0)
        {
            var designations = new JsonArray();
            foreach (var one in code.Designations)
            {
                designations.Add((JsonNode)Write(one));
            }

            item["designation"] = designations;
        }

        return item;
    }

    private string? Display(CodedValue code) =>
        (options.DisplayLanguage is { Length: > 0 } language ? code.Designations.FirstOrDefault(d => d.Answers(language))?.Value : null) ?? code.Display;

    private static JsonObject Write(Designation designation)
    {
        var json = new JsonObject();
        if (designation.Language is not null)
        {
            json["language"] = designation.Language;
        }

        if (designation.Use is { } use)
        {
            json["use"] = use.System.Length == 0 ? new JsonObject { ["code"] = use.Code } : new JsonObject { ["system"] = use.System, ["code"] = use.Code };
        }

        json["value"] = designation.Value;
        return json;
    }

    // FHIR R4 valueset-definitions.html#ValueSet.expansion.parameter: what decided the result, asked for or not.
    private JsonArray Parameters(List<CodedValue> codes)
    {
        var parameters = new JsonArray();
        void Add(string name, string type, JsonNode value) => parameters.Add((JsonNode)new JsonObject { ["name"] = name, ["value" + type] = value });
        if (!string.IsNullOrWhiteSpace(options.Filter))
        {
            Add("filter", "String", options.Filter);
        }

        if (options.Count is { } count)
        {
            Add("offset", "Integer", Math.Max(0, options.Offset));
            Add("count", "Integer", count);
        }

        if (options.IncludeDesignations)
        {
            Add("includeDesignations", "Boolean", true);
        }

        if (options.ActiveOnly)
        {
            Add("activeOnly", "Boolean", true);
        }

        if (options.ExcludeNotForUI)
        {
            Add("excludeNotForUI", "Boolean", true);
        }

        Add("excludeNested", "Boolean", true);
        if (options.DisplayLanguage is { Length: > 0 } language)
        {
            Add("displayLanguage", "Code", language);
        }

        foreach (var system in options.ExcludeSystems)
        {
            Add("exclude-system", "Uri", system);
        }

        foreach (var system in codes.Select(c => c.System).Distinct(StringComparer.Ordinal))
        {
            if (terminology.System(system)?.Version is { } version)
            {
                Add("version", "Uri", system + "|" + version);
            }
        }

        return parameters;
    }
}
