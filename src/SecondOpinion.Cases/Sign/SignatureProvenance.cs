using System.Text;
using System.Text.Json.Nodes;
using SecondOpinion.Cases.Life;
using SecondOpinion.Fhir;

namespace SecondOpinion.Cases.Sign;

/// <summary>The Provenance that carries a report's signature (FHIR R4 provenance.html, signatures.html).</summary>
public static class SignatureProvenance
{
    public static FhirResource Build(string reportVersion, IReadOnlyList<string> results, string signer, string organization, string order, IReadOnlyList<string> studies, string jws, DateTimeOffset at)
    {
        var when = TaskWriter.Instant(at);
        return FhirResource.From(new JsonObject
        {
            ["resourceType"] = "Provenance",
            ["target"] = new JsonArray([TaskWriter.Reference(reportVersion), .. results.Select(TaskWriter.Reference)]),
            ["occurredDateTime"] = when,
            ["recorded"] = when,
            ["activity"] = Concept("http://terminology.hl7.org/CodeSystem/v3-DocumentCompletion", "LA", "legally authenticated"),
            ["agent"] = new JsonArray(new JsonObject
            {
                ["type"] = Concept("http://terminology.hl7.org/CodeSystem/provenance-participant-type", "author", "Author"),
                ["who"] = TaskWriter.Reference(signer),
                ["onBehalfOf"] = TaskWriter.Reference(organization),
            }),
            ["entity"] = new JsonArray([.. studies.Prepend(order).Select(r => new JsonObject { ["role"] = "source", ["what"] = TaskWriter.Reference(r) })]),
            ["signature"] = new JsonArray(new JsonObject
            {
                ["type"] = new JsonArray(TaskWriter.Coding("urn:iso-astm:E1762-95:2013", "1.2.840.10065.1.12.1.1", "Author's Signature")),
                ["when"] = when,
                ["who"] = TaskWriter.Reference(signer),
                ["onBehalfOf"] = TaskWriter.Reference(organization),
                ["targetFormat"] = "application/fhir+json",
                ["sigFormat"] = "application/jose",
                ["data"] = Convert.ToBase64String(Encoding.ASCII.GetBytes(jws)),
            }),
        });
    }

    private static JsonObject Concept(string system, string code, string display) => new() { ["coding"] = new JsonArray(TaskWriter.Coding(system, code, display)) };
}
