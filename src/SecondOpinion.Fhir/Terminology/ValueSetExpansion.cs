using System.Globalization;
using System.Text.Json.Nodes;

namespace SecondOpinion.Fhir.Codes;

/// <summary>Writes a ValueSet with its expansion (FHIR R4 valueset-operation-expand.html).</summary>
internal static class ValueSetExpansion
{
    private const int MaxCount = 10_000;

    public static FhirResource Build(ValueSetDefinition set, string? filter, int offset, int count, DateTimeOffset at)
    {
        var codes = string.IsNullOrWhiteSpace(filter)
            ? set.Codes
            : [.. set.Codes.Where(c => c.Code.Contains(filter, StringComparison.OrdinalIgnoreCase) || c.Display?.Contains(filter, StringComparison.OrdinalIgnoreCase) == true)];
        offset = Math.Max(0, offset);
        var page = new JsonArray();
        foreach (var code in codes.Skip(offset).Take(Math.Clamp(count, 0, MaxCount)))
        {
            var item = new JsonObject { ["system"] = code.System, ["code"] = code.Code };
            if (code.Display is not null)
            {
                item["display"] = code.Display;
            }

            page.Add((JsonNode)item);
        }

        var expansion = new JsonObject
        {
            ["timestamp"] = at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
            ["total"] = codes.Count,
            ["offset"] = offset,
        };
        if (page.Count > 0)
        {
            expansion["contains"] = page;
        }

        return FhirResource.From(new JsonObject { ["resourceType"] = "ValueSet", ["url"] = set.Url, ["status"] = "active", ["expansion"] = expansion });
    }
}
