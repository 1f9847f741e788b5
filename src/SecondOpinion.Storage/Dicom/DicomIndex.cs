using Microsoft.EntityFrameworkCore;
using SecondOpinion.Storage.Model;

namespace SecondOpinion.Storage.Dicom;

/// <summary>Writes of the DICOM index in a transaction, and the reads that projections need.</summary>
public sealed class DicomIndex(StoreTransaction transaction)
{
    private const int Chunk = 400;
    private const string DigestOf = "SELECT \"Digest\" FROM \"Instances\" WHERE \"TenantId\" = @p0 AND \"SopInstanceUid\" = @p1";
    private const string InstancesOf = "SELECT \"SeriesKey\", \"SopInstanceUid\", \"SopClassUid\", \"InstanceNumber\", \"NumberOfFrames\" FROM \"Instances\" WHERE \"StudyKey\" = @p0 ORDER BY \"InstanceNumber\", \"Key\"";

    private InteropDbContext Db => transaction.Db;

    private long Now => transaction.Now.UtcTicks;

    /// <summary>Adds an instance to a tenant's index; marks the study as touched.</summary>
    public async Task<AddResult> AddAsync(string ownerTenant, StagedInstance instance) => (await AddAsync(ownerTenant, [instance]))[0];

    /// <summary>Adds many; results in the order given. Of two with one SOP Instance UID the first counts.</summary>
    public async Task<IReadOnlyList<AddResult>> AddAsync(string ownerTenant, IReadOnlyList<StagedInstance> instances)
    {
        var results = new AddResult[instances.Count];
        var digests = await StoredDigestsAsync(ownerTenant, instances);
        var fresh = new List<StagedInstance>(instances.Count);
        for (var i = 0; i < results.Length; i++)
        {
            if (digests.TryGetValue(instances[i].SopInstanceUid, out var known))
            {
                results[i] = known.AsSpan().SequenceEqual(instances[i].Digest) ? AddResult.AlreadyStored : AddResult.Conflict;
                continue;
            }

            digests.Add(instances[i].SopInstanceUid, instances[i].Digest);
            fresh.Add(instances[i]);
            results[i] = AddResult.Added;
        }

        if (fresh.Count > 0)
        {
            var studies = await StudiesAsync(ownerTenant, fresh);
            var series = await SeriesAsync(ownerTenant, fresh, studies);
            await InstancesAsync(ownerTenant, fresh, studies, series);
            transaction.TouchedStudies.UnionWith(studies.Values.Select(s => s.Key));
        }

        return results;
    }

    /// <summary>A study with its series and what projections say of its instances.</summary>
    public async Task<StudyTree?> StudyAsync(long studyKey)
    {
        var study = await Db.Studies.FirstOrDefaultAsync(s => s.Key == studyKey);
        if (study is null)
        {
            return null;
        }

        var series = await Db.Series.AsNoTracking().Where(s => s.StudyKey == studyKey).OrderBy(s => s.SeriesNumber).ThenBy(s => s.Key).ToListAsync();
        var bySeries = series.ToDictionary(s => s.Key, _ => new List<StudyInstance>());
        // Every stored instance reads all of its study's.
        await Statements.Of(Db).EachAsync(
            r => bySeries[r.GetInt64(0)].Add(new StudyInstance(r.GetString(1), r.GetString(2), r.IsDBNull(3) ? null : r.GetInt32(3), r.IsDBNull(4) ? null : r.GetInt32(4))),
            InstancesOf,
            studyKey);
        return new StudyTree(study, [.. series.Select(s => (s, (IReadOnlyList<StudyInstance>)bySeries[s.Key]))]);
    }

    private async Task<Dictionary<string, byte[]>> StoredDigestsAsync(string tenant, IReadOnlyList<StagedInstance> instances)
    {
        var found = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        if (instances.Count == 1)
        {
            var uid = instances[0].SopInstanceUid;
            if (await Statements.Of(Db).FirstAsync(r => r.GetFieldValue<byte[]>(0), DigestOf, [tenant, uid]) is { } digest)
            {
                found.Add(uid, digest);
            }

            return found;
        }

        foreach (var chunk in instances.Select(i => i.SopInstanceUid).Distinct().Chunk(Chunk))
        {
            var rows = await Db.Instances.Where(i => i.TenantId == tenant && chunk.Contains(i.SopInstanceUid)).Select(i => new { i.SopInstanceUid, i.Digest }).ToListAsync();
            rows.ForEach(r => found.TryAdd(r.SopInstanceUid, r.Digest));
        }

        return found;
    }

    private async Task<Dictionary<string, StudyRow>> StudiesAsync(string tenant, List<StagedInstance> fresh)
    {
        var studies = new Dictionary<string, StudyRow>(StringComparer.Ordinal);
        foreach (var chunk in fresh.Select(i => i.StudyInstanceUid).Distinct().Chunk(Chunk))
        {
            (await Db.Studies.AsTracking().Where(s => s.TenantId == tenant && chunk.Contains(s.StudyInstanceUid)).ToListAsync()).ForEach(s => studies[s.StudyInstanceUid] = s);
        }

        foreach (var staged in fresh)
        {
            if (studies.TryGetValue(staged.StudyInstanceUid, out var study))
            {
                Complete(study, staged.Study);
            }
            else
            {
                study = new StudyRow();
                var entry = Db.Entry(study);
                entry.CurrentValues.SetValues(staged.Study);
                (study.TenantId, study.Created) = (tenant, Now);
                Db.Studies.Add(study);
                studies.Add(staged.StudyInstanceUid, study);
            }

            study.LastUpdated = Now;
            study.InstanceCount++;
            study.Modalities = WithModality(study.Modalities, staged.Series.Modality);
        }

        // What is known has its key and is saved with the instances.
        if (studies.Values.Any(s => s.Key == 0))
        {
            await Db.SaveChangesAsync();
        }

        return studies;
    }

    private async Task<Dictionary<(long Study, string Uid), SeriesRow>> SeriesAsync(string tenant, List<StagedInstance> fresh, Dictionary<string, StudyRow> studies)
    {
        var series = new Dictionary<(long, string), SeriesRow>();
        foreach (var chunk in fresh.Select(i => i.SeriesInstanceUid).Distinct().Chunk(Chunk))
        {
            var keys = studies.Values.Select(s => s.Key).ToArray();
            (await Db.Series.AsTracking().Where(s => keys.Contains(s.StudyKey) && chunk.Contains(s.SeriesInstanceUid)).ToListAsync()).ForEach(s => series[(s.StudyKey, s.SeriesInstanceUid)] = s);
        }

        foreach (var staged in fresh)
        {
            var study = studies[staged.StudyInstanceUid];
            if (series.TryGetValue((study.Key, staged.SeriesInstanceUid), out var row))
            {
                Complete(row, staged.Series);
            }
            else
            {
                row = new SeriesRow();
                Db.Entry(row).CurrentValues.SetValues(staged.Series);
                (row.TenantId, row.StudyKey, row.Created) = (tenant, study.Key, Now);
                Db.Series.Add(row);
                series.Add((study.Key, staged.SeriesInstanceUid), row);
                study.SeriesCount++;
            }

            row.InstanceCount++;
        }

        if (series.Values.Any(s => s.Key == 0))
        {
            await Db.SaveChangesAsync();
        }

        return series;
    }

    private async Task InstancesAsync(string tenant, List<StagedInstance> fresh, Dictionary<string, StudyRow> studies, Dictionary<(long Study, string Uid), SeriesRow> series)
    {
        var rows = new List<(InstanceRow Row, byte[] Json)>(fresh.Count);
        foreach (var staged in fresh)
        {
            var row = new InstanceRow();
            Db.Entry(row).CurrentValues.SetValues(staged.Instance);
            row.StudyKey = studies[staged.StudyInstanceUid].Key;
            row.SeriesKey = series[(row.StudyKey, staged.SeriesInstanceUid)].Key;
            (row.TenantId, row.Created) = (tenant, Now);
            Db.Instances.Add(row);
            rows.Add((row, staged.MetadataJson));
        }

        await Db.SaveChangesAsync();
        foreach (var (row, json) in rows)
        {
            Db.InstanceMetadata.Add(new InstanceMetadataRow { InstanceKey = row.Key, SeriesKey = row.SeriesKey, Json = json });
        }

        await Db.SaveChangesAsync();
    }

    /// <summary>Later instances fill what earlier ones left empty; they change nothing.</summary>
    private static void Complete(StudyRow row, StudyRow later)
    {
        row.PatientId = Or(row.PatientId, later.PatientId);
        row.IssuerOfPatientId = Or(row.IssuerOfPatientId, later.IssuerOfPatientId);
        row.PatientName = Or(row.PatientName, later.PatientName);
        row.PatientNameNorm = Or(row.PatientNameNorm, later.PatientNameNorm);
        row.PatientBirthDate = Or(row.PatientBirthDate, later.PatientBirthDate);
        row.PatientSex = Or(row.PatientSex, later.PatientSex);
        row.StudyDate = Or(row.StudyDate, later.StudyDate);
        row.StudyTime = Or(row.StudyTime, later.StudyTime);
        row.AccessionNumber = Or(row.AccessionNumber, later.AccessionNumber);
        row.IssuerOfAccession = Or(row.IssuerOfAccession, later.IssuerOfAccession);
        row.ReferringPhysicianName = Or(row.ReferringPhysicianName, later.ReferringPhysicianName);
        row.ReferringPhysicianNameNorm = Or(row.ReferringPhysicianNameNorm, later.ReferringPhysicianNameNorm);
        row.StudyId = Or(row.StudyId, later.StudyId);
        row.StudyDescription = Or(row.StudyDescription, later.StudyDescription);
        row.TimezoneOffset = Or(row.TimezoneOffset, later.TimezoneOffset);
    }

    private static void Complete(SeriesRow row, SeriesRow later)
    {
        row.Modality = Or(row.Modality, later.Modality);
        row.SeriesNumber ??= later.SeriesNumber;
        row.SeriesDescription = Or(row.SeriesDescription, later.SeriesDescription);
        row.PerformedProcedureStepStartDate = Or(row.PerformedProcedureStepStartDate, later.PerformedProcedureStepStartDate);
        row.PerformedProcedureStepStartTime = Or(row.PerformedProcedureStepStartTime, later.PerformedProcedureStepStartTime);
        row.ScheduledProcedureStepId = Or(row.ScheduledProcedureStepId, later.ScheduledProcedureStepId);
        row.RequestedProcedureId = Or(row.RequestedProcedureId, later.RequestedProcedureId);
        row.BodyPartExamined = Or(row.BodyPartExamined, later.BodyPartExamined);
        row.Laterality = Or(row.Laterality, later.Laterality);
        row.Manufacturer = Or(row.Manufacturer, later.Manufacturer);
    }

    private static string Or(string first, string second) => first.Length > 0 ? first : second;

    private static string WithModality(string modalities, string modality)
    {
        modality = modality.Replace("\\", "", StringComparison.Ordinal);
        if (modality.Length == 0 || modalities.Contains($"\\{modality}\\", StringComparison.Ordinal))
        {
            return modalities;
        }

        var all = modalities.Split('\\', StringSplitOptions.RemoveEmptyEntries).Append(modality).Order(StringComparer.Ordinal);
        return $"\\{string.Join('\\', all)}\\";
    }
}

/// <summary>A study as the index has it, series and instances in number order.</summary>
public sealed record StudyTree(StudyRow Study, IReadOnlyList<(SeriesRow Series, IReadOnlyList<StudyInstance> Instances)> Series);

/// <summary>What projections say of an instance.</summary>
public sealed record StudyInstance(string SopInstanceUid, string SopClassUid, int? InstanceNumber, int? NumberOfFrames);
