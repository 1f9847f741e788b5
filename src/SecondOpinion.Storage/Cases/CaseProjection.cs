using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using SecondOpinion.Cases;
using SecondOpinion.Cases.Projection;
using SecondOpinion.Dicom;
using SecondOpinion.Fhir;
using SecondOpinion.Fhir.Search;
using SecondOpinion.Storage.Dicom;
using SecondOpinion.Storage.Model;
using SecondOpinion.Storage.Resources;

namespace SecondOpinion.Storage.Cases;

/// <summary>Keeps the projections in step: ImagingStudy of a study, work item of a Task, Endpoint of a tenant.</summary>
internal sealed class CaseProjection(CaseScope scope)
{
    /// <summary>
    /// While a study grows, each instance makes a new version of its ImagingStudy; a thousand slices sent one by one would keep a thousand lists of
    /// slices. A version that is replaced so soon is not kept.
    /// </summary>
    private static readonly TimeSpan Growing = TimeSpan.FromMinutes(10);

    /// <summary>What a projection says in meta, a profile, ends the meta that is stored.</summary>
    private static ReadOnlySpan<byte> Meta => ",\"meta\":{"u8;

    /// <summary>The id of a study's ImagingStudy: follows from tenant and UID, so that it needs no table.</summary>
    public static string ImagingStudyId(string tenant, string studyUid) =>
        ImagingStudyBuilder.IdPrefix + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(tenant + "\n" + studyUid)))[..40];

    public static string EndpointId(string tenant) =>
        EndpointBuilder.IdPrefix + (tenant.Length <= 50 ? tenant : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(tenant)))[..40]);

    /// <summary>Writes the ImagingStudy of a study; null when the study is gone.</summary>
    public async Task<Outcome<StoredResource?>> ImagingStudyAsync(long studyKey)
    {
        if (await scope.StudyAsync(studyKey) is not { } tree)
        {
            return (StoredResource?)null;
        }

        var tenant = tree.Study.TenantId;
        var endpoint = await EndpointAsync(tenant);
        if (endpoint.IsRefused)
        {
            return endpoint.Refusal;
        }

        var orders = await scope.OrdersOfAsync(studyKey);
        var cases = orders.Count == 0 ? [] : await scope.Db.Cases.AsNoTracking().Where(c => orders.Contains(c.OrderKey)).OrderBy(c => c.OrderKey).ToListAsync();
        var facts = Facts(tree);
        var patient = cases.Count > 0 ? cases[0].Patient : await PatientAsync(tenant, facts);
        var json = ImagingStudyBuilder.Write(facts, new StudyPlace(patient, [.. cases.Select(c => "ServiceRequest/" + c.OrderId)], endpoint.Value));
        var id = ImagingStudyId(tenant, tree.Study.StudyInstanceUid);
        var stored = await UpsertAsync(tenant, "ImagingStudy", json, id);
        return stored.IsRefused ? stored.Refusal : stored.Value;
    }

    /// <summary>The reference of a tenant's Endpoint, which is made when it is missing.</summary>
    public async Task<Outcome<string>> EndpointAsync(string tenant)
    {
        if (scope.Endpoints.TryGetValue(tenant, out var known))
        {
            return known;
        }

        var stored = await UpsertAsync(tenant, "Endpoint", EndpointBuilder.Build(tenant, scope.Options).Json, EndpointId(tenant));
        if (stored.IsRefused)
        {
            return stored.Refusal;
        }

        // Remembered only when it certainly is committed: every stored instance asks.
        if (scope.Now - stored.Value.LastUpdated > TimeSpan.FromMinutes(1))
        {
            scope.Endpoints[tenant] = stored.Value.Reference;
        }

        return stored.Value.Reference;
    }

    /// <summary>Writes the work item of a case's Task.</summary>
    public async Task WorkitemAsync(CaseRow row)
    {
        var stored = await scope.TaskAsync(row);
        var task = stored.Parse();
        var order = (await scope.OrderAsync(row)).Parse();
        var studies = (await scope.StudiesAsync(row)).ConvertAll(Facts);
        var reader = row.ReaderTenantId.Length == 0 ? null : await scope.ReadAsync("Organization/" + row.ReaderTenantId);
        var owner = task.Root["owner"].LocalReference();
        var person = owner is null || owner.StartsWith("Organization/", StringComparison.Ordinal) ? null : await scope.ReadAsync(owner);
        var item = WorkitemBuilder.Build(task, new WorkitemContext(
            order, await scope.ReadAsync(row.Patient), studies,
            row.ReaderTenantId.Length == 0 ? null : reader?.Root.Text("name") ?? row.ReaderTenantId,
            person is null ? null : PatientText.Of(person).Name), scope.Options);
        var known = await scope.Db.Workitems.AsTracking().FirstOrDefaultAsync(w => w.TaskKey == row.TaskKey);
        var target = known ?? scope.Db.Workitems.Add(new WorkitemRow { TaskKey = row.TaskKey, TenantId = row.TenantId, WorkitemUid = item.Uid }).Entity;
        target.State = item.State;
        target.Priority = item.Priority;
        target.Label = item.Label;
        target.PatientId = TextFold.Clean(item.PatientId, ColumnLength.Text);
        target.PatientNameNorm = TextFold.Clean(TextFold.FoldName(item.PatientName), ColumnLength.Name);
        target.AccessionNumber = item.AccessionNumber;
        target.ScheduledStart = item.ScheduledStart;
        target.ExpectedCompletion = item.ExpectedCompletion;
        target.PerformerTenantId = row.ReaderTenantId;
        target.Json = DicomJson.ToArray(item.Dataset);
        target.LastUpdated = scope.Now.UtcTicks;
        await scope.FlushAsync();
    }

    public static StudyFacts Facts(StudyTree tree) => new()
    {
        StudyInstanceUid = tree.Study.StudyInstanceUid,
        PatientId = tree.Study.PatientId,
        IssuerOfPatientId = tree.Study.IssuerOfPatientId,
        PatientName = tree.Study.PatientName,
        PatientBirthDate = tree.Study.PatientBirthDate,
        PatientSex = tree.Study.PatientSex,
        AccessionNumber = tree.Study.AccessionNumber,
        IssuerOfAccession = tree.Study.IssuerOfAccession,
        StudyDate = tree.Study.StudyDate,
        StudyTime = tree.Study.StudyTime,
        TimezoneOffset = tree.Study.TimezoneOffset,
        StudyId = tree.Study.StudyId,
        ReferringPhysician = tree.Study.ReferringPhysicianName,
        Description = tree.Study.StudyDescription,
        Series = [.. tree.Series.Select(s => new SeriesFacts
        {
            SeriesInstanceUid = s.Series.SeriesInstanceUid,
            Modality = s.Series.Modality,
            Number = s.Series.SeriesNumber,
            Description = s.Series.SeriesDescription,
            BodyPart = s.Series.BodyPartExamined,
            Laterality = s.Series.Laterality,
            StartDate = s.Series.PerformedProcedureStepStartDate,
            StartTime = s.Series.PerformedProcedureStepStartTime,
            Instances = [.. s.Instances.Select(i => new InstanceFacts(i.SopInstanceUid, i.SopClassUid, i.InstanceNumber, i.NumberOfFrames))],
        })],
    };

    /// <summary>The tenant's only Patient with the study's patient id, issuer and birth date; null when there is none or more than one.</summary>
    private async Task<string?> PatientAsync(string tenant, StudyFacts study)
    {
        // Every stored instance asks, and most find nobody: one look at the index tells.
        if (study.PatientId.Length == 0 || !await scope.Transaction.Search.IsIdentifierAsync("Patient", study.PatientId))
        {
            return null;
        }

        // FHIR R4 search.html#escaping
        var value = study.PatientId.Replace("\\", "\\\\", StringComparison.Ordinal).Replace(",", "\\,", StringComparison.Ordinal).Replace("|", "\\|", StringComparison.Ordinal).Replace("$", "\\$", StringComparison.Ordinal);
        var request = SearchRequest.Parse("Patient", [new KeyValuePair<string, string>("identifier", value)]);
        if (request.IsRefused || await scope.Transaction.Search.MatchAsync(tenant, request.Value, 10) is not { IsRefused: false } found)
        {
            return null;
        }

        var fitting = found.Value.Where(p => p.TenantId == tenant && IsOf(study, p.Parse())).ToList();
        return fitting.Count == 1 ? fitting[0].Reference : null;
    }

    private static bool IsOf(StudyFacts study, FhirResource patient) =>
        patient.Root.Identifiers().Any(i => i.Means(study.PatientId, study.IssuerOfPatientId))
        && !(patient.Root.Text("birthDate")?.Replace("-", "", StringComparison.Ordinal) is { Length: 8 } born && study.PatientBirthDate.Length == 8 && born != study.PatientBirthDate);

    private async Task<Outcome<StoredResource>> UpsertAsync(string tenant, string type, ReadOnlyMemory<byte> json, string id)
    {
        if (await scope.Transaction.Resources.FindAnyAsync(type, id) is not { } stored)
        {
            return await scope.CreateAsync(tenant, FhirResource.Parse(json), id);
        }

        // Compared as it would be stored, so that nothing is written when nothing changed; what stands behind id and meta alone mostly shows that something did.
        var behind = json.Span[$"{{\"resourceType\":\"{type}\"".Length..];
        behind = behind.StartsWith(Meta) ? behind[Meta.Length..] : behind;
        return !stored.IsDeleted && stored.Json.Span.EndsWith(behind) && ResourceStamp.Apply(json.Span, stored.Type, id, stored.Version, stored.LastUpdated).AsSpan().SequenceEqual(stored.Json.Span)
            ? stored
            : await scope.SaveAsync(stored, json, keepPast: scope.Now - stored.LastUpdated > Growing);
    }
}
