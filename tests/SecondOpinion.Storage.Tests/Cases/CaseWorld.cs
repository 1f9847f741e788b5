using System.Text.Json.Nodes;
using SecondOpinion.Cases;
using SecondOpinion.Cases.Result;
using SecondOpinion.Dicom;
using SecondOpinion.Dicom.Imaging;
using SecondOpinion.Fhir;
using SecondOpinion.Storage.Blobs;
using SecondOpinion.Storage.Cases;
using SecondOpinion.Storage.Dicom;
using SecondOpinion.Storage.Model;
using Xunit;

namespace SecondOpinion.Storage.Tests.Cases;

/// <summary>A store with the case engine, a practice, a reading organization and a stranger.</summary>
public sealed class CaseWorld : IAsyncDisposable
{
    public const string Practice = "practice";
    public const string Reading = "reading";
    public const string Stranger = "stranger";

    public static readonly Actor Placer = new(Practice, "pms", null);
    public static readonly Actor Reader = new(Reading, "workstation", "Practitioner/reader");
    public static readonly Actor OtherReader = new(Reading, "workstation", "Practitioner/colleague");

    private readonly string _blobs;
    private readonly TestStore _store;
    private readonly InstanceStaging _staging;

    private CaseWorld(string blobs, TestStore store, InstanceStaging staging, FolderBlobStore blobStore)
    {
        (_blobs, _store, _staging) = (blobs, store, staging);
        Blobs = blobStore;
    }

    public FolderBlobStore Blobs { get; }

    public TestStore Store => _store;

    public static Task<CaseWorld> OpenAsync(CaseOptions? options = null) => OpenAsync(TestStore.SqliteAsync, options);

    public static async Task<CaseWorld> OpenAsync(Func<IReadOnlyList<WriteHook>, Task<TestStore>> openStore, CaseOptions? options = null, Func<ReportDocument, byte[]>? render = null)
    {
        var folder = Directory.CreateTempSubdirectory("interop-case-").FullName;
        var blobs = new FolderBlobStore(folder);
        var staging = new InstanceStaging(blobs);
        var engine = new CaseEngine(options ?? new CaseOptions(), staging, render ?? ReportPdf.Render);
        var world = new CaseWorld(folder, await openStore([engine.SettleAsync]), staging, blobs);
        await world._store.WriteAsync(Practice, t =>
        {
            t.Db.Tenants.Add(new TenantRow { Id = Practice, Name = "Practice" });
            t.Db.Tenants.Add(new TenantRow { Id = Reading, Name = "Reading", IsReader = true });
            t.Db.Tenants.Add(new TenantRow { Id = Stranger, Name = "Stranger" });
            return Task.FromResult(true);
        });
        await world.CreateAsync(Placer, """{"resourceType":"Organization","name":"Lakeside Dental"}""", Practice);
        await world.CreateAsync(Reader, """{"resourceType":"Organization","name":"Nordlys Oral Radiology"}""", Reading);
        await world.CreateAsync(Reader, """{"resourceType":"Practitioner","name":[{"family":"Haugen","given":["Ingrid"],"suffix":["DDS"]}]}""", "reader");
        await world.CreateAsync(Placer, """{"resourceType":"Practitioner","name":[{"family":"Lindqvist","given":["Maja"]}]}""", "dentist");
        await world.CreateAsync(Placer, """{"resourceType":"Patient","identifier":[{"system":"urn:oid:2.16.840.1.113883.19.5","value":"MRN-4711"}],"name":[{"family":"Okafor","given":["Adaeze"]}],"gender":"female","birthDate":"1984-03-09"}""", "patient");
        await world.CreateAsync(Placer, """{"resourceType":"DocumentReference","status":"current","subject":{"reference":"Patient/patient"},"content":[{"attachment":{"contentType":"text/plain","data":"UGVyaWFwaWNhbCByYWRpb2x1Y2VuY3kgYXQgIzE5Lg=="}}]}""", "original");
        return world;
    }

    public static FhirResource Order(string number = "SO-1", string? accession = "ACC-1", Action<JsonObject>? edit = null) => FhirResource.Parse($$"""
        {
          "resourceType": "ServiceRequest",
          "identifier": [{ "type": { "coding": [{ "system": "http://terminology.hl7.org/CodeSystem/v2-0203", "code": "PLAC" }] }, "system": "urn:oid:2.16.840.1.113883.19.5.1", "value": "{{number}}" }
            {{(accession is null ? "" : $$""", { "type": { "coding": [{ "system": "http://terminology.hl7.org/CodeSystem/v2-0203", "code": "ACSN" }] }, "system": "urn:oid:2.16.840.1.113883.19.5.2", "value": "{{accession}}" }""")}}],
          "status": "active", "intent": "order",
          "category": [{ "coding": [{ "system": "https://secondopinion.example/fhir/CodeSystem/order-category", "code": "second-opinion" }] }],
          "priority": "routine",
          "code": { "coding": [{ "system": "https://secondopinion.example/fhir/CodeSystem/service", "code": "dental-radiograph-review" }], "text": "Second opinion on dental radiographs" },
          "subject": { "reference": "Patient/patient" }, "authoredOn": "2026-03-01T11:00:00Z", "requester": { "reference": "Practitioner/dentist" },
          "reasonCode": [{ "text": "Is the dark area at the root tip of tooth 19 an infection?" }],
          "supportingInfo": [{ "reference": "DocumentReference/original" }]
        }
        """).With(edit ?? (_ => { }));

    public static FhirResource Finding(string order = "order") => FhirResource.Parse($$"""
        {
          "resourceType": "Observation", "status": "final", "code": { "text": "Periapical radiolucency" }, "subject": { "reference": "Patient/patient" },
          "basedOn": [{ "reference": "ServiceRequest/{{order}}" }], "valueCodeableConcept": { "coding": [{ "system": "http://snomed.info/sct", "code": "410593006", "display": "Probably not present" }] }
        }
        """);

    public static FhirResource Report(string study, string status = "final", string order = "order", string finding = "finding", Action<JsonObject>? edit = null) => FhirResource.Parse($$"""
        {
          "resourceType": "DiagnosticReport", "status": "{{status}}", "code": { "text": "Second opinion" }, "subject": { "reference": "Patient/patient" },
          "basedOn": [{ "reference": "ServiceRequest/{{order}}" }], "performer": [{ "reference": "Organization/reading" }], "resultsInterpreter": [{ "reference": "Practitioner/reader" }],
          "imagingStudy": [{ "reference": "{{study}}" }], "result": [{ "reference": "Observation/{{finding}}" }], "conclusion": "Most likely the mental foramen."
        }
        """).With(edit ?? (_ => { }));

    public Task<StoredResource> CreateAsync(Actor actor, string json, string? id = null) => CreateAsync(actor, FhirResource.Parse(json), id);

    public async Task<StoredResource> CreateAsync(Actor actor, FhirResource resource, string? id = null)
    {
        var outcome = await TryCreateAsync(actor, resource, id);
        Assert.True(!outcome.IsRefused, outcome.Refusal?.ToString());
        return outcome.Value;
    }

    public Task<Outcome<StoredResource>> TryCreateAsync(Actor actor, FhirResource resource, string? id = null) =>
        _store.Store.WriteAsync(actor, t => t.Writes.CreateAsync(actor.TenantId, resource, id), CancellationToken.None);

    /// <summary>Changes a resource that the actor may write.</summary>
    public async Task<Outcome<StoredResource>> TryEditAsync(Actor actor, string reference, Action<JsonObject> edit)
    {
        var (type, id) = ReferenceText.Split(reference);
        _store.Time.Now += TimeSpan.FromMinutes(1);
        return await _store.Store.WriteAsync<StoredResource>(actor, async t =>
        {
            var current = await t.Resources.FindAsync(actor.TenantId, type, id);
            Assert.True(current is { CanWrite: true }, $"{actor.TenantId} may not write {reference}");
            return await t.Writes.UpdateAsync(current, current.Parse().With(edit));
        }, CancellationToken.None);
    }

    public async Task EditAsync(Actor actor, string reference, Action<JsonObject> edit)
    {
        var outcome = await TryEditAsync(actor, reference, edit);
        Assert.True(!outcome.IsRefused, outcome.Refusal?.ToString());
    }

    /// <summary>Stores a small intra-oral image.</summary>
    public async Task StoreImageAsync(string studyUid = "1.2.3", string accession = "ACC-1", string patientId = "MRN-4711", string tenant = Practice, string? birthDate = "19840309", int number = 1)
    {
        var file = MakeDicom.FromSamples(new ushort[64], 8, 8, 12, new MakeDicomInput
        {
            Patient = new DicomPatient(patientId, null, "Okafor^Adaeze", birthDate is null ? null : DateOnly.ParseExact(birthDate, "yyyyMMdd"), "F"),
            Study = new DicomStudy { Uid = studyUid, Date = new DateOnly(2026, 2, 20), Time = new TimeOnly(9, 30), AccessionNumber = accession, Description = "Periapical" },
            Series = new DicomSeries { Uid = studyUid + ".1" },
            InstanceUid = $"{studyUid}.1.{number}",
            InstanceNumber = number,
            Kind = DicomImageKind.IntraOralXRay,
            Now = _store.Time.Now,
        });
        var staged = await _staging.StageAsync(file, CancellationToken.None);
        var outcome = await _store.Store.WriteAsync<AddResult>(new Actor(tenant, "pacs", null), async t => await t.DicomIndex.AddAsync(tenant, staged), CancellationToken.None);
        Assert.Equal(AddResult.Added, outcome.Value);
    }

    public async Task<FhirResource?> ReadAsync(string tenant, string reference)
    {
        var (type, id) = ReferenceText.Split(reference);
        return await _store.FindAsync(tenant, type, id) is { IsDeleted: false } found ? found.Parse() : null;
    }

    public Task<List<StoredResource>> AllAsync(string tenant, string type) => _store.ReadAsync(r =>
        Task.FromResult(r.Resources.Visible(tenant).Where(x => x.Type == type && !x.IsDeleted).OrderBy(x => x.Key).AsEnumerable().Select(x => StoredResource.From(x, false)).ToList()));

    /// <summary>The only Task that the practice has.</summary>
    public async Task<FhirResource> TaskAsync(string tenant = Practice) => Assert.Single(await AllAsync(tenant, "Task")).Parse();

    public async Task<string> StateAsync()
    {
        var task = await TaskAsync();
        return task.Root.Text("status") + " " + (task.Root["businessStatus"].CodeOf(CaseCodes.BusinessStatus) ?? "-");
    }

    public async Task<string> ImagingStudyAsync() => (await AllAsync(Practice, "ImagingStudy"))[0].Reference;

    /// <summary>An order with its image, assigned to the reader.</summary>
    public async Task<string> AssignedAsync()
    {
        await CreateAsync(Placer, Order(), "order");
        await StoreImageAsync();
        Assert.Equal("received assigned", await StateAsync());
        return (await TaskAsync()).Root.ContainingResource.ToResource() is { } task ? "Task/" + task.Id : "";
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        Directory.Delete(_blobs, recursive: true);
    }
}
