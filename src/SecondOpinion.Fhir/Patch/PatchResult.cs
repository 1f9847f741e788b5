using System.Text.Json.Nodes;

namespace SecondOpinion.Fhir.Patch;

/// <summary>Makes a resource of a patched document.</summary>
internal static class PatchResult
{
    public static Outcome<FhirResource> Freeze(JsonNode? document, FhirResource before)
    {
        if (document is not JsonObject json)
        {
            return Refusal.Of(RefusalKind.Unprocessable, "processing", "The patch leaves no resource", "patch");
        }

        Prune(json);
        FhirResource after;
        try
        {
            after = FhirResource.From(json);
        }
        catch (FhirException e)
        {
            return new Refusal(RefusalKind.Unprocessable, e.Issues);
        }

        return after.ResourceType == before.ResourceType && after.Id == before.Id
            ? after
            : Refusal.Of(RefusalKind.Unprocessable, "processing", "A patch must not change the type or the id of a resource", "patch");
    }

    /// <summary>Removes what removals left empty: FHIR JSON has no empty arrays and objects (FHIR R4 json.html). Whether the node itself is empty now.</summary>
    private static bool Prune(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject o:
                foreach (var (name, value) in o.ToList())
                {
                    if (Prune(value))
                    {
                        o.Remove(name);
                    }
                }

                return o.Count == 0;
            case JsonArray a:
                for (var i = a.Count - 1; i >= 0; i--)
                {
                    if (Prune(a[i]))
                    {
                        a.RemoveAt(i);
                    }
                }

                return a.Count == 0;
            default:
                return false;
        }
    }
}
