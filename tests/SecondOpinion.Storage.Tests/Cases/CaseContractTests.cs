using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using SecondOpinion.Cases;
using SecondOpinion.Cases.Result;
using SecondOpinion.Cases.Sign;
using SecondOpinion.Dicom;
using SecondOpinion.Fhir;
using Xunit;
using static SecondOpinion.Storage.Tests.Cases.CaseWorld;

namespace SecondOpinion.Storage.Tests.Cases;

/// <summary>A case from order to signed result on every provider: what happens, and what each party sees of it.</summary>
public abstract class CaseContractTests
{
    protected abstract Task<TestStore> OpenStoreAsync(params IReadOnlyList<WriteHook> hooks);

    private Task<CaseWorld> OpenAsync(CaseOptions? options = null, Func<ReportDocument, byte[]>? render = null) => CaseWorld.OpenAsync(OpenStoreAsync, options, render);

    private static void Status(JsonObject task, string status, string? reason = null)
    {
        task["status"] = status;
        if (reason is not null)
        {
            task["statusReason"] = new JsonObject { ["text"] = reason };
        }
    }

    private static void Refused(Outcome<StoredResource> outcome, RefusalKind kind, string key)
    {
        Assert.True(outcome.IsRefused, "was accepted");
        Assert.Equal((kind, key), (outcome.Refusal.Kind, outcome.Refusal.Issues[0].Key));
    }

    [Fact]
    public async Task An_order_waits_for_images_and_nobody_else_sees_it()
    {
        await using var world = await OpenAsync();
        await world.CreateAsync(Placer, Order(), "order");
        var task = await world.TaskAsync();
        Assert.Equal("requested awaiting-images", await world.StateAsync());
        Assert.Equal(("ServiceRequest/order", "Patient/patient", "order", "fulfill"), (
            task.Root["focus"].Text("reference"), task.Root["for"].Text("reference"), task.Root.Text("intent"), task.Root["code"]["coding"].Text("code")));
        Assert.DoesNotContain(FhirValidator.Validate(task), i => i.IsError);
        foreach (var tenant in new[] { Reading, Stranger })
        {
            Assert.Empty(await world.AllAsync(tenant, "Task"));
            Assert.Null(await world.ReadAsync(tenant, "ServiceRequest/order"));
            Assert.Null(await world.ReadAsync(tenant, "Patient/patient"));
        }
    }

    [Fact]
    public async Task An_image_brings_the_case_to_the_reader_with_all_that_belongs_to_it()
    {
        await using var world = await OpenAsync();
        await world.AssignedAsync();
        var task = await world.TaskAsync(Reading);
        Assert.Equal("Organization/reading", task.Root["owner"].Text("reference"));
        Assert.Equal("2026-03-02T12:00:00.000Z", task.Root["restriction"]["period"].Text("end"));
        foreach (var reference in new[] { "ServiceRequest/order", "Patient/patient", "Practitioner/dentist", "DocumentReference/original", "Organization/practice", await world.ImagingStudyAsync() })
        {
            Assert.NotNull(await world.ReadAsync(Reading, reference));
            Assert.Null(await world.ReadAsync(Stranger, reference));
        }

        Assert.NotNull(await world.ReadAsync(Practice, "Organization/reading"));
        Assert.NotNull(await world.ReadAsync(Practice, "Practitioner/reader"));
        Assert.Equal("1 1 0", await CountStudiesAsync(world));
        Assert.Equal(2, task.VersionId is null ? 0 : int.Parse(task.VersionId));
    }

    /// <summary>Studies that practice, reading organization and stranger see.</summary>
    private static Task<string> CountStudiesAsync(CaseWorld world) => world.Store.ReadAsync(async r =>
        $"{await r.Studies.Visible(Practice).CountAsync()} {await r.Studies.Visible(Reading).CountAsync()} {await r.Studies.Visible(Stranger).CountAsync()}");

    [Fact]
    public async Task The_ImagingStudy_of_a_stored_study_is_valid_and_kept_by_the_server()
    {
        await using var world = await OpenAsync();
        await world.AssignedAsync();
        await world.StoreImageAsync(number: 2);
        var reference = await world.ImagingStudyAsync();
        var study = (await world.ReadAsync(Practice, reference))!;
        Assert.DoesNotContain(FhirValidator.Validate(study), i => i.IsError);
        Assert.Equal(("urn:oid:1.2.3", "ServiceRequest/order", "Patient/patient", "2", "1"), (
            study.Root["identifier"].Text("value"), study.Root["basedOn"].Text("reference"), study.Root["subject"].Text("reference"), study.Root.Text("numberOfInstances"), study.Root.Text("numberOfSeries")));
        var endpoint = (await world.ReadAsync(Reading, study.Root["endpoint"].Text("reference")!))!;
        Assert.Equal("http://127.0.0.1:8080/dicomweb", endpoint.Root.Text("address"));
        Refused(await world.TryEditAsync(Placer, reference, s => s["description"] = "mine"), RefusalKind.NotAllowed, "server-kept");
        Refused(await world.TryCreateAsync(Placer, FhirResource.Parse("""{"resourceType":"ImagingStudy","status":"available","identifier":[{"system":"urn:dicom:uid","value":"urn:oid:1.2.3"}],"subject":{"reference":"Patient/patient"}}""")), RefusalKind.NotAllowed, "server-kept");
        await world.CreateAsync(Placer, """{"resourceType":"ImagingStudy","status":"available","identifier":[{"system":"urn:dicom:uid","value":"urn:oid:9.9.9"}],"subject":{"reference":"Patient/patient"}}""");
    }

    [Fact]
    public async Task Images_may_come_before_the_order()
    {
        await using var world = await OpenAsync();
        await world.StoreImageAsync();
        Assert.Equal("Patient/patient", (await world.ReadAsync(Practice, await world.ImagingStudyAsync()))!.Root["subject"].Text("reference"));
        await world.CreateAsync(Placer, Order(), "order");
        Assert.Equal("received assigned", await world.StateAsync());
        Assert.Equal("ServiceRequest/order", (await world.ReadAsync(Reading, await world.ImagingStudyAsync()))!.Root["basedOn"].Text("reference"));
    }

    [Fact]
    public async Task A_study_finds_its_Patient_when_that_comes_later_and_no_other_persons()
    {
        await using var world = await OpenAsync();
        await world.StoreImageAsync("1.2.7", "", "P|1,a", birthDate: "20000101");
        FhirNode Subject(FhirResource? study) => study!.Root["subject"];
        Assert.Equal("P|1,a", Subject(await world.ReadAsync(Practice, await world.ImagingStudyAsync()))["identifier"].Text("value"));
        await world.CreateAsync(new Actor(Stranger, "x", null), """{"resourceType":"Patient","identifier":[{"value":"P|1,a"}]}""");
        await world.CreateAsync(Placer, """{"resourceType":"Patient","identifier":[{"value":"P|1,a"}],"birthDate":"1999-01-01"}""", "twin");
        Assert.Null(Subject(await world.ReadAsync(Practice, await world.ImagingStudyAsync())).Text("reference"));
        await world.CreateAsync(Placer, """{"resourceType":"Patient","identifier":[{"value":"P|1,a"}],"birthDate":"2000-01-01"}""", "right");
        Assert.Equal("Patient/right", Subject(await world.ReadAsync(Practice, await world.ImagingStudyAsync())).Text("reference"));
    }

    [Fact]
    public async Task A_study_added_to_a_running_case_reaches_the_reader()
    {
        await using var world = await OpenAsync();
        var task = await world.AssignedAsync();
        await world.EditAsync(Reader, task, t => Status(t, "in-progress"));
        await world.StoreImageAsync("1.2.4");
        Assert.Equal("2 2 0", await CountStudiesAsync(world));
        Assert.Equal("in-progress -", await world.StateAsync());
        await world.StoreImageAsync("1.2.4", number: 2);
        var grown = (await world.AllAsync(Reading, "ImagingStudy")).Single(s => s.Parse().Root["identifier"].Text("value") == "urn:oid:1.2.4");
        Assert.Equal("2", grown.Parse().Root.Text("numberOfInstances"));
        var item = DicomJson.Read((await world.Store.ReadAsync(r => r.Db.Workitems.SingleAsync())).Json);
        Assert.Equal([1, 2], item.GetItems(DicomTags.InputInformationSequence).Select(i => i.GetItems(DicomTags.ReferencedSOPSequence).Count));
        Assert.False(await world.Store.ReadAsync(r => r.Db.ResourceVersions.AnyAsync(v => v.ResourceKey == grown.Key)));
    }

    [Theory]
    [InlineData("1.2.9", "", "MRN-4711", "received assigned")]
    [InlineData("1.2.9", "ACC-2", "MRN-4711", "requested awaiting-images")]
    [InlineData("1.2.9", "", "MRN-9", "requested awaiting-images")]
    [InlineData("1.2.9", "ACC-1", "", "received assigned")]
    public async Task Images_are_matched_by_accession_or_patient(string uid, string accession, string patient, string state)
    {
        await using var world = await OpenAsync();
        await world.CreateAsync(Placer, Order(), "order");
        await world.StoreImageAsync(uid, accession, patient);
        Assert.Equal(state, await world.StateAsync());
    }

    [Fact]
    public async Task Images_of_another_patient_are_never_shown_to_the_reader()
    {
        await using var world = await OpenAsync();
        await world.CreateAsync(Placer, Order(), "order");
        await world.StoreImageAsync(patientId: "MRN-0815", birthDate: "19700101");
        Assert.Equal("requested awaiting-images", await world.StateAsync());
        Assert.Contains("shows another patient", (await world.TaskAsync()).Root.All("note").Last().Text("text"), StringComparison.Ordinal);
        await world.StoreImageAsync("1.2.5");
        Assert.Equal("received assigned", await world.StateAsync());
        Assert.Equal("2 1 0", await CountStudiesAsync(world));
    }

    [Fact]
    public async Task A_tenant_is_not_given_images_of_another_one_with_the_same_numbers()
    {
        await using var world = await OpenAsync();
        await world.CreateAsync(Placer, Order(), "order");
        await world.StoreImageAsync(tenant: Stranger);
        Assert.Equal("requested awaiting-images", await world.StateAsync());
        Assert.Equal("0 0 1", await CountStudiesAsync(world));
    }

    [Fact]
    public async Task Faulty_orders_are_refused_with_all_reasons_and_leave_nothing()
    {
        await using var world = await OpenAsync();
        var outcome = await world.TryCreateAsync(Placer, Order(edit: o =>
        {
            o.Remove("reasonCode");
            o.Remove("requester");
        }), "order");
        Assert.Equal(["question-present", "requester-present"], outcome.Refusal!.Issues.Select(i => i.Key));
        Assert.Null(await world.ReadAsync(Practice, "ServiceRequest/order"));
        Assert.Empty(await world.AllAsync(Practice, "Task"));
    }

    [Fact]
    public async Task A_second_order_for_an_accession_or_an_order_number_is_refused_until_the_first_is_revoked()
    {
        await using var world = await OpenAsync();
        await world.CreateAsync(Placer, Order(), "order");
        Refused(await world.TryCreateAsync(Placer, Order("SO-2")), RefusalKind.Conflict, "duplicate-accession");
        Refused(await world.TryCreateAsync(Placer, Order("SO-1", "ACC-2")), RefusalKind.Conflict, "duplicate-placer");
        await world.EditAsync(Placer, "ServiceRequest/order", o => o["status"] = "revoked");
        Assert.Equal("cancelled -", await world.StateAsync());
        await world.CreateAsync(Placer, Order());
    }

    [Fact]
    public async Task Other_service_requests_and_tasks_are_left_alone()
    {
        await using var world = await OpenAsync();
        await world.CreateAsync(Placer, Order(edit: o => o.Remove("category")), "other");
        await world.CreateAsync(Placer, Order("SO-2", edit: o => o["status"] = "draft"));
        Assert.Empty(await world.AllAsync(Practice, "Task"));
        await world.CreateAsync(Placer, """{"resourceType":"Task","status":"requested","intent":"order","code":{"coding":[{"system":"http://hl7.org/fhir/CodeSystem/task-code","code":"fulfill"}]},"focus":{"reference":"ServiceRequest/other"}}""");
        await world.CreateAsync(Placer, Order(), "order");
        Refused(await world.TryCreateAsync(Placer, FhirResource.Parse("""{"resourceType":"Task","status":"requested","intent":"order","code":{"coding":[{"system":"http://hl7.org/fhir/CodeSystem/task-code","code":"fulfill"}]},"focus":{"reference":"ServiceRequest/order"}}""")), RefusalKind.Conflict, "task-duplicate");
    }

    [Fact]
    public async Task The_reader_claims_and_a_second_claim_is_refused()
    {
        await using var world = await OpenAsync();
        var task = await world.AssignedAsync();
        await world.EditAsync(Reader, task, t => Status(t, "in-progress"));
        Assert.Equal("in-progress -", await world.StateAsync());
        Assert.Equal("Practitioner/reader", (await world.TaskAsync()).Root["owner"].Text("reference"));
        Refused(await world.TryEditAsync(OtherReader, task, t => t["owner"] = new JsonObject { ["reference"] = "Practitioner/colleague" }), RefusalKind.Conflict, "task-claimed");
        Refused(await world.TryEditAsync(Reader, task, t => Status(t, "completed")), RefusalKind.Conflict, "case-transition");
        Refused(await world.TryEditAsync(Reader, task, t => t["focus"] = new JsonObject { ["reference"] = "ServiceRequest/x" }), RefusalKind.Unprocessable, "task-kept-element");
        Refused(await world.TryEditAsync(Placer, task, t => Status(t, "completed")), RefusalKind.Forbidden, "task-fulfiller-element");
        Refused(await world.TryEditAsync(Placer, task, t => Status(t, "cancelled")), RefusalKind.Conflict, "case-transition");
    }

    [Fact]
    public async Task A_declined_case_is_the_placers_alone_again()
    {
        await using var world = await OpenAsync();
        var task = await world.AssignedAsync();
        Refused(await world.TryEditAsync(Reader, task, t => Status(t, "rejected")), RefusalKind.Unprocessable, "task-reason");
        await world.EditAsync(Reader, task, t => Status(t, "rejected", "Outside our subspecialty"));
        Assert.Equal("rejected -", await world.StateAsync());
        Assert.Equal("Outside our subspecialty", (await world.TaskAsync()).Root["statusReason"].Text("text"));
        Assert.Empty(await world.AllAsync(Reading, "Task"));
        Assert.Null(await world.ReadAsync(Reading, "Patient/patient"));
        Assert.Equal("1 0 0", await CountStudiesAsync(world));
        await world.CreateAsync(Placer, Order("SO-2"));
    }

    [Fact]
    public async Task The_placer_revokes_before_work_starts_and_asks_later()
    {
        await using var world = await OpenAsync();
        var task = await world.AssignedAsync();
        await world.EditAsync(Placer, task, t => Status(t, "cancelled"));
        Assert.Equal("revoked", (await world.ReadAsync(Practice, "ServiceRequest/order"))!.Root.Text("status"));
        Assert.Empty(await world.AllAsync(Reading, "Task"));
        Assert.Empty(await world.AllAsync(Reading, "ServiceRequest"));
        Assert.Equal("1 0 0", await CountStudiesAsync(world));
        var late = await world.CreateAsync(Placer, """{"resourceType":"Communication","status":"completed","basedOn":[{"reference":"ServiceRequest/order"}],"payload":[{"contentString":"Sorry."}]}""");
        Assert.Null(await world.ReadAsync(Reading, late.Reference));
        await world.StoreImageAsync(number: 2);
        Assert.Equal("1 0 0", await CountStudiesAsync(world));
        await world.CreateAsync(Reader, Finding(), "finding");
        Refused(await world.TryCreateAsync(Reader, Report(await world.ImagingStudyAsync())), RefusalKind.NotFound, "report-order");
    }

    [Fact]
    public async Task An_organization_may_read_its_own_images()
    {
        await using var world = await OpenAsync();
        await world.CreateAsync(Placer, """{"resourceType":"Practitioner","name":[{"family":"Own"}]}""", "own");
        await world.Store.WriteAsync(Practice, async t => await t.Db.Tenants.Where(x => x.Id == Practice).ExecuteUpdateAsync(s => s.SetProperty(x => x.IsReader, true)));
        await world.CreateAsync(Placer, Order(edit: o => o["performer"] = new JsonArray(new JsonObject { ["reference"] = "Organization/practice" })), "order");
        await world.StoreImageAsync();
        Assert.Equal("Organization/practice", (await world.TaskAsync()).Root["owner"].Text("reference"));
        Assert.Empty(await world.AllAsync(Reading, "Task"));
        var own = new Actor(Practice, "ws", "Practitioner/own");
        await world.CreateAsync(own, Finding(), "finding");
        await world.CreateAsync(own, Report(await world.ImagingStudyAsync(), edit: r =>
        {
            r["performer"] = new JsonArray(new JsonObject { ["reference"] = "Organization/practice" });
            r["resultsInterpreter"] = new JsonArray(new JsonObject { ["reference"] = "Practitioner/own" });
        }), "report");
        Assert.Equal("completed -", await world.StateAsync());
    }

    [Fact]
    public async Task Work_under_way_stops_when_the_reader_grants_an_abort()
    {
        await using var world = await OpenAsync();
        var task = await world.AssignedAsync();
        await world.EditAsync(Reader, task, t => Status(t, "in-progress"));
        Refused(await world.TryEditAsync(Placer, "ServiceRequest/order", o => o["status"] = "revoked"), RefusalKind.Conflict, "case-transition");
        var abort = await world.CreateAsync(Placer, $$$"""{"resourceType":"Task","status":"requested","intent":"order","code":{"coding":[{"system":"http://hl7.org/fhir/CodeSystem/task-code","code":"abort"}]},"focus":{"reference":"{{{task}}}"}}""");
        await world.EditAsync(Reader, abort.Reference, t => Status(t, "accepted"));
        Assert.Equal("failed", (await world.ReadAsync(Practice, task))!.Root.Text("status"));
        Assert.Equal("completed", (await world.ReadAsync(Practice, abort.Reference))!.Root.Text("status"));
        Assert.Equal("revoked", (await world.ReadAsync(Practice, "ServiceRequest/order"))!.Root.Text("status"));
        Assert.Empty(await world.AllAsync(Reading, "ServiceRequest"));
    }

    [Fact]
    public async Task A_question_of_the_reader_is_answered_with_a_Communication()
    {
        await using var world = await OpenAsync();
        var task = await world.AssignedAsync();
        await world.EditAsync(Reader, task, t => Status(t, "in-progress"));
        await world.EditAsync(Reader, task, t => Status(t, "on-hold", "Is the tooth sensitive to cold?"));
        Assert.Equal("on-hold awaiting-information", await world.StateAsync());
        var answer = await world.CreateAsync(Placer, """{"resourceType":"Communication","status":"completed","basedOn":[{"reference":"ServiceRequest/order"}],"payload":[{"contentString":"No."}]}""");
        Assert.Equal("in-progress -", await world.StateAsync());
        Assert.NotNull(await world.ReadAsync(Reading, answer.Reference));
        Assert.Null(await world.ReadAsync(Stranger, answer.Reference));
    }

    [Fact]
    public async Task A_photograph_in_a_document_makes_the_case_ready_and_a_retry_stores_it_once()
    {
        await using var world = await OpenAsync();
        var png = Convert.ToBase64String(Png());
        var document = await world.CreateAsync(Placer, $$$"""{"resourceType":"DocumentReference","status":"current","subject":{"reference":"Patient/patient"},"content":[{"attachment":{"contentType":"image/png","data":"{{{png}}}","title":"Intraoral photo"}}]}""", "photo");
        await world.CreateAsync(Placer, Order(edit: o => ((JsonArray)o["supportingInfo"]!).Add((JsonNode)new JsonObject { ["reference"] = document.Reference })), "order");
        Assert.Equal("received assigned", await world.StateAsync());
        await world.EditAsync(Placer, document.Reference, d => d["description"] = "again");
        Assert.Equal(1, await world.Store.ReadAsync(r => r.Db.Instances.CountAsync()));
        var study = Assert.Single(await world.AllAsync(Reading, "ImagingStudy")).Parse();
        Assert.Equal("XC", study.Root["series"]["modality"].Text("code"));
    }

    [Fact]
    public async Task A_damaged_image_is_refused_and_a_PDF_alone_is_no_image()
    {
        await using var world = await OpenAsync();
        await world.CreateAsync(Placer, """{"resourceType":"DocumentReference","status":"current","content":[{"attachment":{"contentType":"image/jpeg","data":"AAAA"}}]}""", "broken");
        Refused(await world.TryCreateAsync(Placer, Order(edit: o => o["supportingInfo"] = new JsonArray(new JsonObject { ["reference"] = "DocumentReference/broken" }))), RefusalKind.Unprocessable, "image-unreadable");
        var pdf = Convert.ToBase64String("%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"u8);
        await world.CreateAsync(Placer, $$$"""{"resourceType":"DocumentReference","status":"current","content":[{"attachment":{"contentType":"application/pdf","data":"{{{pdf}}}"}}]}""", "letter");
        await world.CreateAsync(Placer, Order(edit: o => o["supportingInfo"] = new JsonArray(new JsonObject { ["reference"] = "DocumentReference/letter" })), "order");
        Assert.Equal("requested awaiting-images", await world.StateAsync());
    }

    [Fact]
    public async Task A_final_review_becomes_the_signed_result()
    {
        await using var world = await OpenAsync();
        var task = await world.AssignedAsync();
        await world.CreateAsync(Reader, Finding(), "finding");
        var created = await world.CreateAsync(Reader, Report(await world.ImagingStudyAsync()), "report");
        Assert.Equal("completed -", await world.StateAsync());
        Assert.Equal("DiagnosticReport/report", (await world.ReadAsync(Practice, task))!.Root["output"]["value"].Text("reference"));
        Assert.Equal("completed", (await world.ReadAsync(Practice, "ServiceRequest/order"))!.Root.Text("status"));
        var report = (await world.ReadAsync(Practice, "DiagnosticReport/report"))!;
        Assert.Equal(("1", 1), (report.VersionId, created.Version));
        Assert.DoesNotContain(FhirValidator.Validate(report), i => i.IsError);
        Assert.NotNull(await world.ReadAsync(Practice, "Observation/finding"));
        Assert.Null(await world.ReadAsync(Stranger, "DiagnosticReport/report"));

        var provenance = Assert.Single(await world.AllAsync(Practice, "Provenance")).Parse();
        Assert.DoesNotContain(FhirValidator.Validate(provenance), i => i.IsError);
        Assert.Equal(("DiagnosticReport/report/_history/1", "Practitioner/reader"), (provenance.Root["target"].Text("reference"), provenance.Root["agent"]["who"].Text("reference")));
        var payload = await VerifyAsync(world, provenance);
        var finding = (await world.ReadAsync(Practice, "Observation/finding"))!;
        Assert.True(ReportSignature.Matches(payload, report, [finding]));
        Assert.False(ReportSignature.Matches(payload, report.With(r => r["conclusion"] = "Treat."), [finding]));

        var pdf = Convert.FromBase64String(report.Root["presentedForm"].Text("data")!);
        Assert.StartsWith("%PDF", Encoding.ASCII.GetString(pdf, 0, 8), StringComparison.Ordinal);
        Assert.Contains(Convert.ToHexStringLower(SHA256.HashData(pdf)), Encoding.UTF8.GetString(payload), StringComparison.Ordinal);
        var document = await world.Store.ReadAsync(r => r.Db.Instances.SingleAsync(i => i.SopClassUid == DicomUids.EncapsulatedPDFStorage));
        Assert.Equal(Practice, document.TenantId);
        Assert.Equal("3", (await world.ReadAsync(Practice, await world.ImagingStudyAsync()))!.Root.Text("numberOfSeries"));
    }

    private static async Task<byte[]> VerifyAsync(CaseWorld world, FhirResource provenance)
    {
        var row = await world.Store.ReadAsync(r => r.Db.SigningKeys.SingleAsync(k => k.Use == "report"));
        using var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(row.PrivateKey, out _);
        using var publicKey = ECDsa.Create(key.ExportParameters(false));
        var jws = Encoding.ASCII.GetString(Convert.FromBase64String(provenance.Root["signature"].Text("data")!));
        return Assert.IsType<byte[]>(ReportSignature.Verify(jws, publicKey, row.KeyId));
    }

    [Fact]
    public async Task A_preliminary_review_stays_hidden_from_the_placer_also_when_the_final_one_is_there()
    {
        await using var world = await OpenAsync();
        await world.AssignedAsync();
        await world.CreateAsync(Reader, Finding(), "finding");
        await world.CreateAsync(Reader, Report(await world.ImagingStudyAsync(), "preliminary"), "report");
        Assert.Equal("in-progress preliminary-outcome", await world.StateAsync());
        Assert.Equal("Practitioner/reader", (await world.TaskAsync()).Root["owner"].Text("reference"));
        Assert.Null(await world.ReadAsync(Practice, "DiagnosticReport/report"));
        Assert.Null(await world.ReadAsync(Practice, "Observation/finding"));
        await world.EditAsync(Reader, "DiagnosticReport/report", r => r["status"] = "final");
        Assert.Equal("completed -", await world.StateAsync());
        Assert.NotNull(await world.ReadAsync(Practice, "DiagnosticReport/report"));
        var draft = await world.Store.ReadAsync(r => r.Resources.FindVersionAsync(Practice, "DiagnosticReport", "report", 1));
        Assert.Null(draft);
        var history = await world.Store.ReadAsync(r => r.Resources.HistoryAsync(Practice, "DiagnosticReport", "report", null, null, 10, null));
        Assert.Equal([2], history.Versions.Select(v => v.Version));
    }

    [Fact]
    public async Task An_amendment_is_a_new_signed_version_and_nothing_else_changes_a_signed_report()
    {
        await using var world = await OpenAsync();
        await world.AssignedAsync();
        await world.CreateAsync(Reader, Finding(), "finding");
        await world.CreateAsync(Reader, Report(await world.ImagingStudyAsync()), "report");
        Refused(await world.TryEditAsync(Reader, "DiagnosticReport/report", r => r["conclusion"] = "Silently other."), RefusalKind.Conflict, "report-status");
        Refused(await world.TryEditAsync(Reader, "DiagnosticReport/report", r => r["status"] = "preliminary"), RefusalKind.Conflict, "report-status");
        Refused(await world.TryEditAsync(Reader, "Observation/finding", r => r["status"] = "amended"), RefusalKind.Conflict, "signed-finding");
        Refused(await world.TryCreateAsync(Reader, Report(await world.ImagingStudyAsync())), RefusalKind.Conflict, "report-duplicate");
        await world.EditAsync(Reader, "DiagnosticReport/report", r =>
        {
            r["status"] = "amended";
            r["conclusion"] = "The mental foramen, certainly.";
        });
        var report = (await world.ReadAsync(Practice, "DiagnosticReport/report"))!;
        Assert.Equal(("2", "amended", 1), (report.VersionId, report.Root.Text("status"), report.Root.All("presentedForm").Count()));
        var provenances = await world.AllAsync(Practice, "Provenance");
        Assert.Equal(["DiagnosticReport/report/_history/1", "DiagnosticReport/report/_history/2"], provenances.Select(p => p.Parse().Root["target"].Text("reference")));
        Assert.Equal("completed -", await world.StateAsync());
        Assert.Equal(2, await world.Store.ReadAsync(r => r.Db.Instances.CountAsync(i => i.SopClassUid == DicomUids.EncapsulatedPDFStorage)));
    }

    [Fact]
    public async Task Nobody_but_the_assigned_reader_reviews_and_an_unknown_order_looks_like_a_foreign_one()
    {
        await using var world = await OpenAsync();
        await world.AssignedAsync();
        var study = await world.ImagingStudyAsync();
        var stranger = new Actor(Stranger, "x", "Practitioner/x");
        var foreign = (await world.TryCreateAsync(stranger, Report(study))).Refusal!;
        var unknown = (await world.TryCreateAsync(stranger, Report(study, order: "nothing"))).Refusal!;
        Assert.Equal((RefusalKind.NotFound, foreign.Kind), (unknown.Kind, unknown.Kind));
        Assert.Equal(foreign.Issues[0].Message.Replace("order", "nothing", StringComparison.Ordinal), unknown.Issues[0].Message);
        Refused(await world.TryCreateAsync(Placer, Report(study)), RefusalKind.Forbidden, "report-reader");
        await world.CreateAsync(Reader, Finding(), "finding");
        Refused(await world.TryCreateAsync(OtherReader, Report(study)), RefusalKind.Forbidden, "report-signer");
        Refused(await world.TryCreateAsync(new Actor(Reading, "system", null), Report(study)), RefusalKind.Forbidden, "report-signer");
    }

    [Fact]
    public async Task The_work_item_follows_the_Task()
    {
        await using var world = await OpenAsync();
        var task = await world.AssignedAsync();
        var item = await world.Store.ReadAsync(r => r.Db.Workitems.SingleAsync());
        Assert.Equal(("SCHEDULED", "LOW", Reading, "MRN-4711", "ACC-1", "20260302120000+0000"), (item.State, item.Priority, item.PerformerTenantId, item.PatientId, item.AccessionNumber, item.ExpectedCompletion));
        var set = DicomJson.Read(item.Json);
        Assert.Equal("1.2.3", set.GetItem(DicomTags.InputInformationSequence)!.GetString(DicomTags.StudyInstanceUID));
        Assert.Equal("READY", set.GetString(DicomTags.InputReadinessState));
        await world.EditAsync(Reader, task, t => Status(t, "in-progress"));
        Assert.Equal("IN PROGRESS", (await world.Store.ReadAsync(r => r.Db.Workitems.SingleAsync())).State);
        await world.CreateAsync(Reader, Finding(), "finding");
        await world.CreateAsync(Reader, Report(await world.ImagingStudyAsync()), "report");
        var done = await world.Store.ReadAsync(r => r.Db.Workitems.SingleAsync());
        Assert.Equal(("COMPLETED", item.WorkitemUid), (done.State, done.WorkitemUid));
    }

    [Fact]
    public async Task A_Task_completed_together_with_its_report_in_one_write_is_accepted()
    {
        await using var world = await OpenAsync();
        var task = await world.AssignedAsync();
        var study = await world.ImagingStudyAsync();
        await world.EditAsync(Reader, task, t => Status(t, "in-progress"));
        var outcome = await world.Store.Store.WriteAsync<bool>(Reader, async t =>
        {
            await t.Writes.CreateAsync(Reading, Finding(), "finding");
            await t.Writes.CreateAsync(Reading, Report(study), "report");
            var current = (await t.Resources.FindAsync(Reading, "Task", task[5..]))!;
            await t.Writes.UpdateAsync(current, current.Parse().With(j => Status(j, "completed")));
            return true;
        }, CancellationToken.None);
        Assert.False(outcome.IsRefused, outcome.Refusal?.ToString());
        Assert.Equal("completed -", await world.StateAsync());
    }

    [Fact]
    public async Task The_placer_corrects_an_order_and_its_new_documents_answer_a_question()
    {
        await using var world = await OpenAsync();
        var task = await world.AssignedAsync();
        await world.EditAsync(Placer, "ServiceRequest/order", o => o["priority"] = "urgent");
        Assert.Equal("urgent", (await world.TaskAsync()).Root.Text("priority"));
        Refused(await world.TryEditAsync(Placer, "ServiceRequest/order", o => o.Remove("reasonCode")), RefusalKind.Unprocessable, "question-present");
        Refused(await world.TryEditAsync(Placer, "ServiceRequest/order", o => o["subject"] = new JsonObject { ["reference"] = "Patient/other" }), RefusalKind.Conflict, "order-fixed");
        Refused(await world.TryEditAsync(Placer, "ServiceRequest/order", o => o["status"] = "on-hold"), RefusalKind.Conflict, "order-status");
        Refused(await world.TryEditAsync(Placer, "ServiceRequest/order", o => o["status"] = "completed"), RefusalKind.Conflict, "order-status");
        await world.EditAsync(Reader, task, t => Status(t, "on-hold", "Send the plan, please"));
        var plan = await world.CreateAsync(Placer, """{"resourceType":"DocumentReference","status":"current","content":[{"attachment":{"contentType":"text/plain","data":"UGxhbg=="}}]}""", "plan");
        Assert.Null(await world.ReadAsync(Reading, plan.Reference));
        await world.EditAsync(Placer, "ServiceRequest/order", o => ((JsonArray)o["supportingInfo"]!).Add((JsonNode)new JsonObject { ["reference"] = plan.Reference }));
        Assert.NotNull(await world.ReadAsync(Reading, plan.Reference));
        Assert.Equal("in-progress -", await world.StateAsync());
    }

    [Fact]
    public async Task A_document_that_names_the_order_answers_too()
    {
        await using var world = await OpenAsync();
        var task = await world.AssignedAsync();
        await world.EditAsync(Reader, task, t => Status(t, "on-hold", "Send the plan, please"));
        var plan = await world.CreateAsync(Placer, """{"resourceType":"DocumentReference","status":"current","context":{"related":[{"reference":"ServiceRequest/order"}]},"content":[{"attachment":{"contentType":"text/plain","data":"UGxhbg=="}}]}""");
        Assert.Equal("in-progress -", await world.StateAsync());
        Assert.NotNull(await world.ReadAsync(Reading, plan.Reference));
    }

    [Fact]
    public async Task Resources_of_a_case_are_not_deleted()
    {
        await using var world = await OpenAsync();
        var task = await world.AssignedAsync();
        await world.CreateAsync(Reader, Finding(), "finding");
        await world.CreateAsync(Reader, Report(await world.ImagingStudyAsync()), "report");
        foreach (var (actor, reference, kind, key) in new[]
        {
            (Placer, "ServiceRequest/order", RefusalKind.Conflict, "order-delete"), (Placer, task, RefusalKind.NotAllowed, "task-delete"),
            (Reader, "DiagnosticReport/report", RefusalKind.Conflict, "report-delete"), (Reader, "Observation/finding", RefusalKind.Conflict, "signed-finding"),
            (Placer, await world.ImagingStudyAsync(), RefusalKind.NotAllowed, "server-kept"),
        })
        {
            Refused(await world.Store.Store.WriteAsync<StoredResource>(actor, async t =>
                await t.Writes.DeleteAsync((await t.Resources.FindAsync(actor.TenantId, reference.Split('/')[0], reference.Split('/')[1]))!), CancellationToken.None), kind, key);
        }
    }

    [Fact]
    public async Task A_rejected_abort_changes_nothing_and_a_stranger_cannot_ask()
    {
        await using var world = await OpenAsync();
        var task = await world.AssignedAsync();
        var ask = $$$"""{"resourceType":"Task","status":"requested","intent":"order","code":{"coding":[{"system":"http://hl7.org/fhir/CodeSystem/task-code","code":"abort"}]},"focus":{"reference":"{{{task}}}"}}""";
        Refused(await world.TryCreateAsync(Placer, FhirResource.Parse(ask)), RefusalKind.Conflict, "case-transition");
        await world.EditAsync(Reader, task, t => Status(t, "in-progress"));
        Refused(await world.TryCreateAsync(Reader, FhirResource.Parse(ask)), RefusalKind.Forbidden, "case-role");
        var foreign = await world.CreateAsync(new Actor(Stranger, "x", null), ask);
        Assert.Null(await world.ReadAsync(Reading, foreign.Reference));
        var abort = await world.CreateAsync(Placer, ask);
        await world.EditAsync(Reader, abort.Reference, t => Status(t, "rejected", "Nearly done"));
        Assert.Equal("in-progress", (await world.ReadAsync(Practice, task))!.Root.Text("status"));
        Refused(await world.TryEditAsync(Reader, abort.Reference, t => Status(t, "accepted")), RefusalKind.Conflict, "abort-status");
    }

    [Fact]
    public async Task A_report_declared_an_error_is_told_to_the_placer()
    {
        await using var world = await OpenAsync();
        await world.AssignedAsync();
        await world.CreateAsync(Reader, Finding(), "finding");
        await world.CreateAsync(Reader, Report(await world.ImagingStudyAsync()), "report");
        await world.EditAsync(Reader, "DiagnosticReport/report", r => r["status"] = "entered-in-error");
        Assert.Contains("withdrawn", (await world.TaskAsync()).Root.All("note").Last().Text("text"), StringComparison.Ordinal);
        Assert.Equal("entered-in-error", (await world.ReadAsync(Practice, "DiagnosticReport/report"))!.Root.Text("status"));
    }

    [Fact]
    public async Task Advice_on_the_images_is_noted_in_the_Task()
    {
        await using var world = await OpenAsync();
        await world.CreateAsync(Placer, Order(edit: o => o["reasonCode"] = new JsonArray(new JsonObject { ["text"] = "Is there enough bone for implant placement?" })), "order");
        Assert.Empty((await world.TaskAsync()).Root.All("note"));
        await world.StoreImageAsync();
        var note = Assert.Single((await world.TaskAsync()).Root.All("note"));
        Assert.Equal("images-suit-implant", note["extension"]["value"].Value);
    }

    [Fact]
    public async Task New_directory_entries_reach_the_other_party()
    {
        await using var world = await OpenAsync();
        await world.AssignedAsync();
        await world.CreateAsync(Reader, """{"resourceType":"Practitioner","name":[{"family":"New"}]}""", "new");
        Assert.NotNull(await world.ReadAsync(Practice, "Practitioner/new"));
        Assert.Null(await world.ReadAsync(Stranger, "Practitioner/new"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Without_a_text_renderer_a_report_has_no_PDF_or_is_refused_where_one_is_required(bool isRequired)
    {
        await using var world = await OpenAsync(new CaseOptions { RequirePdf = isRequired }, _ => throw new PdfUnavailableException("pango is missing"));
        await world.AssignedAsync();
        await world.CreateAsync(Reader, Finding(), "finding");
        var outcome = await world.TryCreateAsync(Reader, Report(await world.ImagingStudyAsync()), "report");
        if (isRequired)
        {
            Refused(outcome, RefusalKind.Unavailable, "pdf-renderer");
            Assert.Contains("pango", outcome.Refusal!.Issues[0].Message, StringComparison.Ordinal);
            Assert.Equal("received assigned", await world.StateAsync());
            return;
        }

        Assert.Equal("completed -", await world.StateAsync());
        Assert.False((await world.ReadAsync(Practice, "DiagnosticReport/report"))!.Root["presentedForm"].Exists);
        Assert.Contains((await world.TaskAsync()).Root.All("note"), n => n["extension"]["value"].Value == "pdf-missing");
        Assert.NotEmpty(await VerifyAsync(world, Assert.Single(await world.AllAsync(Practice, "Provenance")).Parse()));
    }

    [Fact]
    public async Task Orders_close_themselves_where_a_tenant_wants_to_do_it()
    {
        await using var world = await OpenAsync(new CaseOptions { TenantsClosingOrders = new HashSet<string> { Practice } });
        await world.AssignedAsync();
        await world.CreateAsync(Reader, Finding(), "finding");
        await world.CreateAsync(Reader, Report(await world.ImagingStudyAsync()), "report");
        Assert.Equal("active", (await world.ReadAsync(Practice, "ServiceRequest/order"))!.Root.Text("status"));
        await world.EditAsync(Placer, "ServiceRequest/order", o => o["status"] = "completed");
    }

    // A real one-pixel PNG.
    private static byte[] Png() => Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");
}
