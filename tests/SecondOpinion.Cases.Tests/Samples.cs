using System.Text.Json.Nodes;
using SecondOpinion.Cases.Intake;
using SecondOpinion.Fhir;

namespace SecondOpinion.Cases.Tests;

/// <summary>A small complete case, as resources with ids.</summary>
internal static class Samples
{
    public static readonly DateTimeOffset Now = new(2026, 11, 21, 8, 5, 0, TimeSpan.Zero);

    public static FhirResource OrderResource(Action<JsonObject>? edit = null) => FhirResource.Parse("""
        {
          "resourceType": "ServiceRequest", "id": "order1",
          "identifier": [
            { "type": { "coding": [{ "system": "http://terminology.hl7.org/CodeSystem/v2-0203", "code": "PLAC" }] }, "system": "urn:oid:2.16.840.1.113883.19.5.1", "value": "SO-2026-000123" },
            { "type": { "coding": [{ "system": "http://terminology.hl7.org/CodeSystem/v2-0203", "code": "ACSN" }] }, "system": "urn:oid:2.16.840.1.113883.19.5.2", "value": "ACC-88421" }
          ],
          "status": "active", "intent": "order",
          "category": [{ "coding": [{ "system": "https://secondopinion.example/fhir/CodeSystem/order-category", "code": "second-opinion" }] }],
          "priority": "routine",
          "code": { "coding": [{ "system": "https://secondopinion.example/fhir/CodeSystem/service", "code": "dental-radiograph-review" }], "text": "Second opinion on dental radiographs" },
          "subject": { "reference": "Patient/patient1" },
          "authoredOn": "2026-11-20T14:05:00Z",
          "requester": { "reference": "Practitioner/dentist1" },
          "reasonCode": [{ "text": "Is the dark area at the root tip of tooth 19 an infection? Is a root canal justified?" }],
          "bodySite": [{ "coding": [{ "system": "http://terminology.hl7.org/CodeSystem/ADAUniversalToothDesignationSystem", "code": "19" }] }],
          "supportingInfo": [{ "reference": "DocumentReference/original1" }],
          "note": [{ "text": "No pain, no swelling. Cold test normal." }]
        }
        """).With(edit ?? (_ => { }));

    public static Order Order(Action<JsonObject>? edit = null) => SecondOpinion.Cases.Intake.Order.From(OrderResource(edit));

    /// <summary>The order with another question and note.</summary>
    public static Order Asks(string question, string note = "") => Order(o =>
    {
        o["reasonCode"] = new JsonArray(new JsonObject { ["text"] = question });
        o["note"] = note.Length == 0 ? null : new JsonArray(new JsonObject { ["text"] = note });
        if (note.Length == 0)
        {
            o.Remove("note");
        }
    });

    public static FhirResource Patient(string family = "Okafor", string given = "Adaeze") => FhirResource.Parse($$"""
        {
          "resourceType": "Patient", "id": "patient1",
          "identifier": [{ "type": { "coding": [{ "system": "http://terminology.hl7.org/CodeSystem/v2-0203", "code": "MR" }] }, "system": "urn:oid:2.16.840.1.113883.19.5", "value": "MRN-4711" }],
          "name": [{ "use": "official", "family": "{{family}}", "given": ["{{given}}"] }], "gender": "female", "birthDate": "1984-03-09"
        }
        """);

    public static FhirResource Finding(string id, string tooth = "19", string name = "Periapical radiolucency", string note = "The dark area lies over the mental foramen and the lamina dura is intact.") => FhirResource.Parse($$"""
        {
          "resourceType": "Observation", "id": "{{id}}", "status": "final",
          "code": { "coding": [{ "system": "https://secondopinion.example/fhir/CodeSystem/finding", "code": "periapical-radiolucency" }], "text": "{{name}}" },
          "subject": { "reference": "Patient/patient1" }, "basedOn": [{ "reference": "ServiceRequest/order1" }],
          "bodySite": { "coding": [{ "system": "http://terminology.hl7.org/CodeSystem/ADAUniversalToothDesignationSystem", "code": "{{tooth}}" }] },
          "valueCodeableConcept": { "coding": [{ "system": "http://snomed.info/sct", "code": "410593006", "display": "Probably not present" }] },
          "note": [{ "text": "{{note}}" }],
          "component": [
            { "code": { "coding": [{ "system": "https://secondopinion.example/fhir/CodeSystem/finding-attribute", "code": "finding-class" }] }, "valueCodeableConcept": { "coding": [{ "system": "https://secondopinion.example/fhir/CodeSystem/finding-class", "code": "likely-artifact" }] } },
            { "code": { "coding": [{ "system": "https://secondopinion.example/fhir/CodeSystem/finding-attribute", "code": "confidence" }] }, "valueQuantity": { "value": 85, "unit": "%", "system": "http://unitsofmeasure.org", "code": "%" } },
            { "code": { "coding": [{ "system": "https://secondopinion.example/fhir/CodeSystem/finding-attribute", "code": "relation-to-original" }] }, "valueCodeableConcept": { "coding": [{ "system": "https://secondopinion.example/fhir/CodeSystem/agreement", "code": "revised" }], "text": "Original: consistent with apical periodontitis" } }
          ]
        }
        """);

    public static FhirResource Assessment(string? summary = null) => FhirResource.Parse("""
        {
          "resourceType": "Observation", "id": "assessment1", "status": "final",
          "code": { "coding": [{ "system": "https://secondopinion.example/fhir/CodeSystem/assessment", "code": "second-opinion-assessment" }] },
          "subject": { "reference": "Patient/patient1" }, "basedOn": [{ "reference": "ServiceRequest/order1" }],
          "valueCodeableConcept": { "coding": [{ "system": "https://secondopinion.example/fhir/CodeSystem/agreement", "code": "revised" }] },
          "component": [
            { "code": { "coding": [{ "system": "https://secondopinion.example/fhir/CodeSystem/assessment", "code": "diagnosis-changed" }] }, "valueBoolean": true },
            { "code": { "coding": [{ "system": "https://secondopinion.example/fhir/CodeSystem/assessment", "code": "treatment-plan-supported" }] }, "valueCodeableConcept": { "coding": [{ "system": "https://secondopinion.example/fhir/CodeSystem/plan-support", "code": "not-supported" }] } },
            { "code": { "coding": [{ "system": "https://secondopinion.example/fhir/CodeSystem/assessment", "code": "image-quality" }] }, "valueCodeableConcept": { "coding": [{ "system": "https://secondopinion.example/fhir/CodeSystem/image-quality", "code": "adequate" }] } },
            { "code": { "coding": [{ "system": "https://secondopinion.example/fhir/CodeSystem/assessment", "code": "next-step" }] }, "valueCodeableConcept": { "coding": [{ "system": "https://secondopinion.example/fhir/CodeSystem/next-step", "code": "monitor" }] } },
            { "code": { "coding": [{ "system": "https://secondopinion.example/fhir/CodeSystem/assessment", "code": "additional-imaging" }] }, "valueCodeableConcept": { "coding": [{ "system": "https://secondopinion.example/fhir/CodeSystem/additional-imaging", "code": "none" }] } }
          ]
        }
        """).With(o =>
    {
        if (summary is not null)
        {
            ((JsonArray)o["component"]!).Add((JsonNode)new JsonObject
            {
                ["code"] = new JsonObject { ["coding"] = new JsonArray(new JsonObject { ["system"] = CaseCodes.Assessment, ["code"] = "plain-language-summary" }) },
                ["valueString"] = summary,
            });
        }
    });

    public static FhirResource Report(string status = "final", string conclusion = "The dark area at tooth 19 is most likely the mental foramen. The radiographs do not support root canal treatment at this time. Re-image in six months.", params string[] results) => FhirResource.Parse($$"""
        {
          "resourceType": "DiagnosticReport", "id": "report1", "meta": { "versionId": "1" }, "status": "{{status}}",
          "code": { "coding": [{ "system": "http://loinc.org", "code": "34756-7" }], "text": "Second opinion: dental radiographs" },
          "subject": { "reference": "Patient/patient1" }, "basedOn": [{ "reference": "ServiceRequest/order1" }],
          "effectiveDateTime": "2026-11-21T08:00:00Z", "issued": "2026-11-21T08:05:00Z",
          "performer": [{ "reference": "Organization/reading" }], "resultsInterpreter": [{ "reference": "Practitioner/reader" }],
          "imagingStudy": [{ "reference": "ImagingStudy/study1" }],
          "result": [{{string.Join(", ", (results.Length == 0 ? ["finding1", "assessment1"] : results).Select(r => $$"""{ "reference": "Observation/{{r}}" }"""))}}],
          "conclusion": "{{conclusion}}"
        }
        """);

    public static FhirResource Reader { get; } = FhirResource.Parse("""
        {
          "resourceType": "Practitioner", "id": "reader", "name": [{ "family": "Haugen", "given": ["Ingrid"], "prefix": ["Dr."], "suffix": ["DDS", "MSc"] }],
          "identifier": [{ "system": "http://hl7.org/fhir/sid/us-npi", "value": "1790873301" }],
          "qualification": [{ "identifier": [{ "value": "OMR-2211" }], "code": { "text": "Diplomate in oral and maxillofacial radiology" }, "issuer": { "display": "American Board of Oral and Maxillofacial Radiology" } }]
        }
        """);

    public static StudyFacts Study { get; } = new()
    {
        StudyInstanceUid = "1.2.3.4",
        PatientId = "MRN-4711",
        PatientName = "Okafor^Adaeze",
        PatientBirthDate = "19840309",
        AccessionNumber = "ACC-88421",
        StudyDate = "20261110",
        StudyTime = "093000",
        TimezoneOffset = "+0100",
        Description = "Periapical mandible left",
        Series =
        [
            new SeriesFacts
            {
                SeriesInstanceUid = "1.2.3.4.1",
                Modality = "IO",
                Number = 1,
                Description = "Periapical",
                Instances = [new InstanceFacts("1.2.3.4.1.1", "1.2.840.10008.5.1.4.1.1.1.3", 1, null)],
            },
        ],
    };
}
