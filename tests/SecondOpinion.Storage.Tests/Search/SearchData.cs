using SecondOpinion.Fhir;
using Xunit;

namespace SecondOpinion.Storage.Tests.Search;

/// <summary>
/// One store with a small practice in it, shared by the tests of a class. Tenants: <c>practice</c> owns nearly all; <c>reader</c> sees p1, s1 and t1 by a
/// case; <c>other</c> owns a patient of its own and resources that point to the practice's.
/// </summary>
public sealed class SearchData : IAsyncLifetime
{
    private readonly SemaphoreSlim _once = new(1);
    private TestStore? _store;

    private static readonly (string Tenant, string Json)[] Resources =
    [
        ("practice", """{"resourceType":"Organization","id":"org1","name":"Zahnarztpraxis am Markt","identifier":[{"system":"http://acme.example/org","value":"4711"}]}"""),
        ("practice", """{"resourceType":"Practitioner","id":"dr1","name":[{"family":"House","given":["Gregory"]}],"identifier":[{"system":"http://acme.example/npi","value":"999"}]}"""),
        ("practice", """{"resourceType":"Patient","id":"p1","meta":{"tag":[{"system":"http://acme.example/tags","code":"vip"}],"profile":["http://acme.example/StructureDefinition/dental-patient|1.0"],"source":"http://acme.example/import/7"},"active":true,"gender":"male","birthDate":"1970-05-10","name":[{"use":"official","family":"Müller-Lüdenscheidt","given":["Jörg","Karl"]}],"identifier":[{"type":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v2-0203","code":"MR"}],"text":"Medical record"},"system":"http://acme.example/mrn","value":"12345"},{"value":"no|system"}],"telecom":[{"system":"phone","value":"+49 30 123"}],"address":[{"city":"Berlin","postalCode":"10115"}],"generalPractitioner":[{"reference":"Practitioner/dr1"}],"managingOrganization":{"reference":"Organization/org1"}}"""),
        ("practice", """{"resourceType":"Patient","id":"p2","gender":"female","birthDate":"1980","name":[{"family":"Smith","given":["Ann"]}],"identifier":[{"system":"http://acme.example/mrn","value":"67890"}],"managingOrganization":{"reference":"Organization/org1"}}"""),
        ("practice", """{"resourceType":"Patient","id":"p3","birthDate":"1980-06","name":[{"family":"Smithers","given":["Waylon"]}],"deceasedBoolean":true,"link":[{"other":{"reference":"Patient/p2"},"type":"seealso"}]}"""),
        ("practice", """{"resourceType":"Observation","id":"o1","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"8867-4","display":"Heart rate"}],"text":"Pulse at rest"},"subject":{"reference":"Patient/p1"},"effectiveDateTime":"2026-01-15T10:00:00Z","valueQuantity":{"value":5.4,"unit":"milligram","system":"http://unitsofmeasure.org","code":"mg"},"performer":[{"reference":"Practitioner/dr1"}]}"""),
        ("practice", """{"resourceType":"Observation","id":"o2","status":"preliminary","code":{"coding":[{"system":"http://loinc.org","code":"8867-4"}]},"subject":{"reference":"Patient/p2"},"effectivePeriod":{"start":"2026-01-14","end":"2026-01-16"},"valueQuantity":{"value":0.0062,"system":"http://unitsofmeasure.org","code":"g"},"note":[{"text":"x"}]}"""),
        ("practice", """{"resourceType":"Observation","id":"o3","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"85354-9"}]},"subject":{"reference":"Patient/p1"},"effectiveDateTime":"2026-02","component":[{"code":{"coding":[{"system":"http://loinc.org","code":"8480-6"}]},"valueQuantity":{"value":120,"unit":"mmHg","system":"http://unitsofmeasure.org","code":"mm[Hg]"}},{"code":{"coding":[{"system":"http://loinc.org","code":"8462-4"}]},"valueQuantity":{"value":80,"unit":"mmHg","system":"http://unitsofmeasure.org","code":"mm[Hg]"}}]}"""),
        ("practice", """{"resourceType":"Observation","id":"o4","status":"final","code":{"coding":[{"system":"http://snomed.info/sct","code":"80967001","display":"Dental caries"}]},"subject":{"identifier":{"system":"http://acme.example/mrn","value":"external-1"}},"valueCodeableConcept":{"coding":[{"system":"http://snomed.info/sct","code":"2667000"}]},"derivedFrom":[{"reference":"Observation/o1"}]}"""),
        ("practice", """{"resourceType":"Observation","id":"o5","status":"final","code":{"text":"free text only"},"subject":{"reference":"Group/g1"},"valueString":"Grüße, A|B$C"}"""),
        ("practice", """{"resourceType":"RiskAssessment","id":"r1","status":"final","subject":{"reference":"Patient/p1"},"prediction":[{"probabilityDecimal":0.8}]}"""),
        ("practice", """{"resourceType":"RiskAssessment","id":"r2","status":"final","subject":{"reference":"Patient/p1"},"prediction":[{"probabilityDecimal":100}]}"""),
        ("practice", """{"resourceType":"ValueSet","id":"v1","url":"http://acme.example/fhir/ValueSet/teeth","status":"active"}"""),
        ("practice", """{"resourceType":"ValueSet","id":"v2","url":"http://acme.example/fhir/ValueSet/teeth/deciduous","status":"draft"}"""),
        ("practice", """{"resourceType":"ServiceRequest","id":"s1","status":"active","intent":"order","code":{"coding":[{"system":"http://snomed.info/sct","code":"103697008"}]},"subject":{"reference":"Patient/p1"},"identifier":[{"system":"http://acme.example/orders","value":"A-1"}],"requester":{"reference":"Practitioner/dr1"},"authoredOn":"2026-02-01T08:00:00+01:00"}"""),
        ("practice", """{"resourceType":"Task","id":"t1","status":"requested","intent":"order","focus":{"reference":"ServiceRequest/s1"},"for":{"reference":"Patient/p1"},"owner":{"reference":"Organization/org1"},"basedOn":[{"reference":"ServiceRequest/s1"}],"authoredOn":"2026-02-01"}"""),
        ("practice", """{"resourceType":"DiagnosticReport","id":"d1","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"18748-4"}]},"basedOn":[{"reference":"ServiceRequest/s1"}],"subject":{"reference":"Patient/p1"},"result":[{"reference":"Observation/o1"},{"reference":"Observation/o4"}],"resultsInterpreter":[{"reference":"http://elsewhere.example/fhir/Practitioner/9"}]}"""),
        ("other", """{"resourceType":"Patient","id":"px","name":[{"family":"Smith"}],"identifier":[{"system":"http://acme.example/mrn","value":"12345"}],"generalPractitioner":[{"reference":"Practitioner/dr1"}]}"""),
        ("other", """{"resourceType":"Observation","id":"ox","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"11111-1"}]},"subject":{"reference":"Patient/p1"}}"""),
        ("other", """{"resourceType":"Provenance","id":"prx","target":[{"reference":"Patient/p1"}],"recorded":"2026-02-01T00:00:00Z","agent":[{"who":{"reference":"Practitioner/dr1"}}]}"""),
    ];

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async Task<TestStore> StoreAsync(Func<Task<TestStore>> open)
    {
        await _once.WaitAsync();
        try
        {
            return _store ??= await FillAsync(await open());
        }
        finally
        {
            _once.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _once.Dispose();
        if (_store is not null)
        {
            await _store.DisposeAsync();
        }
    }

    private static async Task<TestStore> FillAsync(TestStore store)
    {
        var keys = new Dictionary<string, StoredResource>();
        foreach (var (tenant, json) in Resources)
        {
            store.Time.Now += TimeSpan.FromMinutes(1);
            var resource = FhirResource.Parse(json);
            keys[resource.Id!] = await store.CreateAsync(tenant, resource, resource.Id);
        }

        await store.WriteAsync("practice", async t =>
        {
            foreach (var id in new[] { "p1", "s1", "t1" })
            {
                await t.Writes.ShareAsync(keys[id].Key, "reader", "s1", canWrite: id == "t1");
            }

            return 0;
        });

        // One that was there and is gone, and one that was something else before.
        var gone = await store.CreateAsync("practice", FhirResource.Parse("""{"resourceType":"Patient","name":[{"family":"Smithgone"}]}"""), "gone");
        await store.WriteAsync("practice", t => t.Writes.DeleteAsync(gone));
        var changed = await store.CreateAsync("practice", FhirResource.Parse("""{"resourceType":"Medication","status":"active","code":{"coding":[{"code":"old"}]}}"""), "m1");
        await store.UpdateAsync("practice", changed, FhirResource.Parse("""{"resourceType":"Medication","id":"m1","status":"inactive","code":{"coding":[{"code":"new"}]}}"""));
        return store;
    }
}
