using System.Text.Json.Nodes;
using SecondOpinion.Fhir;

namespace SecondOpinion.Cases.Projection;

/// <summary>The Endpoint of a tenant's images: the WADO-RS base, to which a client adds <c>/studies/{uid}</c> (SMART Imaging Access).</summary>
public static class EndpointBuilder
{
    /// <summary>Ids of the Endpoints that the server keeps begin so; no client may use it.</summary>
    public const string IdPrefix = "dicomweb-";

    public static FhirResource Build(string tenant, CaseOptions options) => FhirResource.From(new JsonObject
    {
        ["resourceType"] = "Endpoint",
        ["status"] = "active",
        ["connectionType"] = new JsonObject { ["system"] = "http://terminology.hl7.org/CodeSystem/endpoint-connection-type", ["code"] = "dicom-wado-rs", ["display"] = "DICOM WADO-RS" },
        ["name"] = "DICOMweb",
        ["managingOrganization"] = new JsonObject { ["reference"] = "Organization/" + tenant },
        ["payloadType"] = new JsonArray(new JsonObject { ["coding"] = new JsonArray(new JsonObject { ["system"] = CaseCodes.Dcm, ["code"] = "113014", ["display"] = "Study" }) }),
        ["payloadMimeType"] = new JsonArray("application/dicom"),
        ["address"] = options.DicomWebBase.TrimEnd('/'),
    });
}
