using System.Buffers;
using Microsoft.EntityFrameworkCore;
using SecondOpinion.Storage.Model;

namespace SecondOpinion.Storage.Dicom;

/// <summary>Reads of the DICOM index. Every method takes the tenant that asks; what it may not see does not exist.</summary>
public sealed class StudyReads(InteropDbContext db)
{
    private const int FewShares = 1000;

    private static readonly SearchValues<char> s_uid = SearchValues.Create("0123456789.");

    /// <summary>The one place that says which studies a tenant sees: its own, and those a case shares with it.</summary>
    public IQueryable<StudyRow> Visible(string tenant) =>
        db.Studies.AsNoTracking().Where(s => s.TenantId == tenant || db.StudyShares.Any(x => x.StudyKey == s.Key && x.TenantId == tenant));

    /// <summary>
    /// The two halves of <see cref="Visible"/>, apart: each can be read in key order from an index, their disjunction cannot. How the shared half is
    /// best found depends on how many studies are shared.
    /// </summary>
    internal async Task<IReadOnlyList<IQueryable<StudyRow>>> VisibleHalvesAsync(string tenant, CancellationToken cancellation)
    {
        var own = db.Studies.AsNoTracking().Where(s => s.TenantId == tenant);
        var shares = db.StudyShares.AsNoTracking().Where(x => x.TenantId == tenant);
        var few = await shares.Take(FewShares).CountAsync(cancellation);
        var others = db.Studies.AsNoTracking().Where(s => s.TenantId != tenant);
        return few switch
        {
            0 => [own],
            < FewShares => [own, others.Where(s => shares.Select(x => x.StudyKey).Contains(s.Key))],
            _ => [own, others.Where(s => db.StudyShares.Any(x => x.StudyKey == s.Key && x.TenantId == tenant))],
        };
    }

    /// <summary>A study by its UID; a tenant's own before one that is shared with it under the same UID.</summary>
    public Task<StudyRow?> FindStudyAsync(string tenant, string studyUid, CancellationToken cancellation = default) =>
        Visible(tenant).Where(s => s.StudyInstanceUid == studyUid).OrderBy(s => s.TenantId == tenant ? 0 : 1).ThenBy(s => s.Key).FirstOrDefaultAsync(cancellation);

    /// <summary>Instances of a study in series and instance order, without their frame tables.</summary>
    public async Task<IReadOnlyList<InstanceRow>> InstancesAsync(long studyKey, string? seriesUid, CancellationToken cancellation = default)
    {
        var rows =
            from i in db.Instances.AsNoTracking()
            join s in db.Series on i.SeriesKey equals s.Key
            where i.StudyKey == studyKey && (seriesUid == null || s.SeriesInstanceUid == seriesUid)
            orderby s.SeriesNumber, s.Key, i.InstanceNumber, i.Key
            select i;
        return await rows.Select(StudyQueryColumns.WithoutFrames).ToListAsync(cancellation);
    }

    /// <summary>UIDs of the series that hold instances, by key.</summary>
    public async Task<IReadOnlyDictionary<long, string>> SeriesUidsAsync(long studyKey, CancellationToken cancellation = default) =>
        await db.Series.AsNoTracking().Where(s => s.StudyKey == studyKey).ToDictionaryAsync(s => s.Key, s => s.SeriesInstanceUid, cancellation);

    /// <summary>One instance of a study with its frame tables; null unless it is in that series.</summary>
    public Task<InstanceRow?> FindInstanceAsync(StudyRow study, string seriesUid, string instanceUid, CancellationToken cancellation = default)
    {
        var (tenant, key) = (study.TenantId, study.Key);
        return (from i in db.Instances.AsNoTracking()
                join s in db.Series on i.SeriesKey equals s.Key
                where i.TenantId == tenant && i.SopInstanceUid == instanceUid && i.StudyKey == key && s.SeriesInstanceUid == seriesUid
                select i).FirstOrDefaultAsync(cancellation);
    }

    /// <summary>The frame tables of an instance that was found without them.</summary>
    public Task<InstanceRow?> WithFramesAsync(InstanceRow instance, CancellationToken cancellation = default)
    {
        var key = instance.Key;
        return db.Instances.AsNoTracking().FirstOrDefaultAsync(i => i.Key == key, cancellation);
    }

    /// <summary>Stored metadata of instances, in the order of their keys in the list.</summary>
    public async Task<IReadOnlyList<byte[]>> MetadataAsync(IReadOnlyList<long> instanceKeys, CancellationToken cancellation = default)
    {
        var found = await db.InstanceMetadata.AsNoTracking().Where(m => instanceKeys.Contains(m.InstanceKey)).ToDictionaryAsync(m => m.InstanceKey, m => m.Json, cancellation);
        return [.. instanceKeys.Where(found.ContainsKey).Select(k => found[k])];
    }

    /// <summary>Stored metadata of the first instance of a study, or of one of its series.</summary>
    public Task<byte[]?> FirstMetadataAsync(long studyKey, long? seriesKey, CancellationToken cancellation = default) =>
        (from i in db.Instances.AsNoTracking()
         join m in db.InstanceMetadata on i.Key equals m.InstanceKey
         where i.StudyKey == studyKey && (seriesKey == null || i.SeriesKey == seriesKey)
         orderby i.Key
         select m.Json).FirstOrDefaultAsync(cancellation);

    /// <summary>What a URL may name: digits and dots, at most 64 (PS3.5 9.1, leading zeros let pass).</summary>
    public static bool IsUid(string text) =>
        text.Length is > 0 and <= 64 && char.IsAsciiDigit(text[0]) && char.IsAsciiDigit(text[^1]) && !text.AsSpan().ContainsAnyExcept(s_uid);
}
