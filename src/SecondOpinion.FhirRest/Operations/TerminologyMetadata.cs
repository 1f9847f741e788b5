using System.Text.Json.Nodes;
using SecondOpinion.Fhir;
using SecondOpinion.FhirRest.Bundles;

namespace SecondOpinion.FhirRest.Operations;

/// <summary>FHIR R4 terminology-service.html#metadata: what <c>GET metadata?mode=terminology</c> answers.</summary>
internal static class TerminologyMetadata
{
    public static byte[] Make(string baseUrl, string software, DateTimeOffset now)
    {
        var systems = new JsonArray();
        foreach (var (url, version, isComplete) in Terminology.Default.CodeSystems)
        {
            var system = new JsonObject { ["uri"] = url };
            if (version is not null)
            {
                system["version"] = new JsonArray(new JsonObject { ["code"] = version, ["isDefault"] = true });
            }

            // In a part of a system two codes may be related through a third that is not there.
            system["subsumption"] = isComplete;
            systems.Add((JsonNode)system);
        }

        var json = new JsonObject
        {
            ["resourceType"] = "TerminologyCapabilities",
            ["url"] = baseUrl + "/metadata?mode=terminology",
            ["name"] = "SecondOpinionInteropTerminology",
            ["status"] = "active",
            ["date"] = BundleWriter.Instant(now),
            ["description"] = "Code systems of R4 and of the second-opinion case, and what the caller's organization has stored",
            ["kind"] = "instance",
            ["software"] = new JsonObject { ["name"] = "SecondOpinion.Interop", ["version"] = software },
            ["implementation"] = new JsonObject { ["description"] = "SecondOpinion.Interop FHIR interface", ["url"] = baseUrl },
            ["codeSystem"] = systems,
            ["expansion"] = new JsonObject
            {
                ["hierarchical"] = false,
                ["paging"] = true,
                ["incomplete"] = false,
                ["parameter"] = new JsonArray([.. Expand.Inputs.Where(p => p.Name is not ("url" or "valueSet" or "valueSetVersion")).Select(p => (JsonNode)new JsonObject { ["name"] = p.Name })]),
                ["textFilter"] = "The text is looked for in code, display and designations, without regard to case",
            },
            ["codeSearch"] = "all",
            ["validateCode"] = new JsonObject { ["translations"] = true },
            ["translation"] = new JsonObject { ["needsMap"] = false },
        };
        return FhirResource.From(json).Json.ToArray();
    }
}
