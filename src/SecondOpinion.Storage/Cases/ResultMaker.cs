using System.Security.Cryptography;
using System.Text.Json.Nodes;
using SecondOpinion.Cases;
using SecondOpinion.Cases.Life;
using SecondOpinion.Cases.Projection;
using SecondOpinion.Cases.Result;
using SecondOpinion.Cases.Review;
using SecondOpinion.Cases.Sign;
using SecondOpinion.Dicom;
using SecondOpinion.Fhir;
using SecondOpinion.Storage.Dicom;

namespace SecondOpinion.Storage.Cases;

/// <summary>
/// Makes the result of a signed report, all in its transaction: the PDF in presentedForm and in the study, the signature in a Provenance, the finished
/// Task and order, and the orderer's right to read them.
/// </summary>
internal sealed class ResultMaker(CaseScope scope, CaseShares shares, InstanceStaging staging, Func<CaseScope, Task<ReportKey>> signingKey, Func<ReportDocument, byte[]> render)
{
    private const string PdfTitle = "Second opinion (PDF)";

    public async Task<Refusal?> MakeAsync(CaseRow row, ResourceChange change, ReviewFacts facts)
    {
        var report = change.Resource!.With(json => json["issued"] ??= TaskWriter.Instant(scope.Now));
        var key = await signingKey(scope);
        var studies = await scope.StudiesAsync(row);
        var file = await FileAsync(row, report, facts, studies);
        var document = ReportDocumentBuilder.Build(file, scope.Now, key.KeyId);
        byte[]? pdf = null;
        try
        {
            pdf = render(document);
        }
        catch (PdfUnavailableException exception) when (scope.Options.RequirePdf)
        {
            return Refusal.Of(RefusalKind.Unavailable, "not-supported", exception.Message, "pdf-renderer");
        }
        catch (PdfUnavailableException exception)
        {
            await NoteAsync(row, "pdf-missing", "The report has no PDF: " + exception.Message);
        }

        var stored = await scope.SaveAsync(change.After, pdf is null ? report : WithPdf(report, pdf));
        var payload = ReportSignature.Payload(stored.Parse(), file.Results, pdf is null ? [] : [(ReadOnlyMemory<byte>)pdf]);
        var jws = ReportSignature.Sign(payload, key, scope.Now);
        var provenance = await ProvenanceAsync(row, stored, facts, jws);
        if (provenance.IsRefused)
        {
            return provenance.Refusal;
        }

        if (studies.Count > 0)
        {
            await StoreDocumentsAsync(row, studies[0], stored, pdf, document, file);
        }

        await FinishAsync(row, stored);
        return await ShareAsync(row, stored, facts, provenance.Value);
    }

    /// <summary>A signed report was declared an error: the Task says so to the placer.</summary>
    public Task WithdrawAsync(CaseRow row) => NoteAsync(row, "report-withdrawn", "The reader has withdrawn the report (entered-in-error). Do not act on it.");

    private static FhirResource WithPdf(FhirResource report, byte[] pdf) => report.With(json =>
    {
        var forms = json["presentedForm"] as JsonArray ?? [];
        foreach (var old in forms.OfType<JsonObject>().Where(f => (string?)f["title"] == PdfTitle).ToList())
        {
            forms.Remove(old);
        }

        forms.Add((JsonNode)new JsonObject
        {
            ["contentType"] = "application/pdf",
            ["language"] = "en",
            ["data"] = Convert.ToBase64String(pdf),
            ["size"] = pdf.Length,
            // FHIR R4 datatypes.html#Attachment: hash is SHA-1; the signature covers a SHA-256.
#pragma warning disable CA5350
            ["hash"] = Convert.ToBase64String(SHA1.HashData(pdf)),
#pragma warning restore CA5350
            ["title"] = PdfTitle,
        });
        json["presentedForm"] = forms;
    });

    private async Task<CaseFile> FileAsync(CaseRow row, FhirResource report, ReviewFacts facts, List<StudyTree> studies)
    {
        var order = (await scope.OrderAsync(row)).Parse();
        var supporting = new List<FhirResource>();
        foreach (var reference in order.Root.All("supportingInfo"))
        {
            if (await scope.FindAsync(reference.LocalReference()) is { IsDeleted: false } found && found.TenantId == row.TenantId && found.Type is "DocumentReference" or "DiagnosticReport")
            {
                supporting.Add(found.Parse());
            }
        }

        return new CaseFile
        {
            Order = order,
            Report = report,
            Results = [.. facts.Results.Select(r => r.Resource!)],
            Patient = await scope.ReadAsync(row.Patient),
            Requester = await scope.ReadAsync(order.Root["requester"].LocalReference()),
            RequestingOrganization = await scope.ReadAsync("Organization/" + row.TenantId),
            Interpreter = await scope.ReadAsync(Interpreter(report)),
            ReadingOrganization = await scope.ReadAsync("Organization/" + row.ReaderTenantId),
            Supporting = supporting,
            Studies = studies.ConvertAll(CaseProjection.Facts),
        };
    }

    private string? Interpreter(FhirResource report) => scope.Actor.FhirUser ?? report.Root["resultsInterpreter"].LocalReference();

    private async Task<Outcome<StoredResource>> ProvenanceAsync(CaseRow row, StoredResource report, ReviewFacts facts, string jws)
    {
        var studies = facts.Report.Root.All("imagingStudy").Select(i => i.LocalReference()).OfType<string>().ToList();
        return await scope.CreateAsync(row.ReaderTenantId, SignatureProvenance.Build(
            $"{report.Reference}/_history/{report.Version}", [.. facts.Results.Select(r => r.Reference)], Interpreter(facts.Report)!,
            "Organization/" + row.ReaderTenantId, "ServiceRequest/" + row.OrderId, studies, jws, scope.Now));
    }

    /// <summary>The report as structured report and, where there is one, as PDF in the case's first study, for PACS that take results as DICOM.</summary>
    private async Task StoreDocumentsAsync(CaseRow row, StudyTree tree, StoredResource report, byte[]? pdf, ReportDocument document, CaseFile file)
    {
        var study = file.Studies[0];
        var before = tree.Series.Where(s => s.Series.SeriesInstanceUid == ReportSr.SeriesUid(report.Id)).SelectMany(s => s.Instances).MaxBy(i => i.InstanceNumber)?.SopInstanceUid;
        await AddAsync(row, ReportSr.Make(document, file, study, report.Id, report.Version, before, scope.Now));
        if (pdf is not null)
        {
            await AddAsync(row, ReportDicom.Make(
                pdf, study, report.Id, report.Version, file.Report.Root["code"].Display() ?? "Second opinion", file.ReadingOrganization?.Root.Text("name"), scope.Now));
        }

        scope.ChangedStudies.Add(tree.Study.Key);
    }

    private async Task AddAsync(CaseRow row, DicomFile made) => await scope.AddAsync(row.TenantId, await staging.StageAsync(made, CancellationToken.None));

    private async Task FinishAsync(CaseRow row, StoredResource report)
    {
        await scope.MoveAsync(row, await scope.TaskAsync(row), CaseState.Completed, json =>
        {
            TaskWriter.SetOutput(json, report.Reference);
            if (json["executionPeriod"]?["end"] is null)
            {
                TaskWriter.EndExecution(json, scope.Now);
            }
        });
        if (!scope.Options.ClosesOrdersOf(row.TenantId))
        {
            return;
        }

        var order = await scope.OrderAsync(row);
        if (order.Parse().Root.Text("status") == "active")
        {
            await scope.SaveAsync(order, order.Parse().With(json => json["status"] = "completed"));
        }
    }

    /// <summary>The orderer sees the signed version and what it stands on, not the drafts before it.</summary>
    private async Task<Refusal?> ShareAsync(CaseRow row, StoredResource report, ReviewFacts facts, StoredResource provenance)
    {
        await shares.WithOtherPartyAsync(row, report, report.Version);
        await shares.WithOtherPartyAsync(row, provenance);
        foreach (var result in facts.Results)
        {
            if (await scope.FindAsync(ReferenceText.Local(result.Reference)) is { } observation)
            {
                await shares.WithOtherPartyAsync(row, observation, observation.Version);
            }
        }

        foreach (var person in facts.Report.Root.All("resultsInterpreter").Concat(facts.Report.Root.All("performer")))
        {
            if (await scope.FindAsync(person.LocalReference()) is { IsDeleted: false } entry && entry.TenantId == row.ReaderTenantId)
            {
                await shares.WithOtherPartyAsync(row, entry);
            }
        }

        return null;
    }

    private async Task NoteAsync(CaseRow row, string rule, string text)
    {
        var task = await scope.TaskAsync(row);
        await scope.SaveAsync(task, task.Parse().With(json => TaskWriter.AddNote(json, rule, text, scope.Now)));
    }
}
