using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using SecondOpinion.Storage.Model;

namespace SecondOpinion.Storage.Dicom;

/// <summary>What a query returns (PS3.18 10.6.1).</summary>
public enum QueryLevel
{
    Study,
    Series,
    Instance,
}

/// <summary>A search of the index.</summary>
/// <param name="StudyUid">Of /studies/{study}/...; null otherwise.</param>
/// <param name="SeriesUid">Of /studies/{study}/series/{series}/instances; null otherwise.</param>
/// <param name="Matches">Hex path (<c>00100020</c>, <c>00400275.00400009</c>) and value, already checked against the VR.</param>
public sealed record StudyQuery(QueryLevel Level, string? StudyUid, string? SeriesUid, IReadOnlyDictionary<string, string> Matches, int Offset, int Limit)
{
    /// <summary>Whether matching on a path is supported at a level.</summary>
    public static bool CanMatch(QueryLevel level, string path) =>
        StudyQueryColumns.Studies.ContainsKey(path)
        || (level >= QueryLevel.Series && StudyQueryColumns.Series.ContainsKey(path))
        || (level == QueryLevel.Instance && StudyQueryColumns.Instances.ContainsKey(path));
}

/// <summary>One result: the rows of its level and those above.</summary>
public sealed record StudyQueryResult(StudyRow Study, SeriesRow? Series, InstanceRow? Instance);

/// <param name="Remaining">Matches after this page; at most <see cref="MaxCounted"/> are counted.</param>
public sealed record StudyQueryPage(IReadOnlyList<StudyQueryResult> Results, int Remaining)
{
    public const int MaxCounted = 1000;
}

/// <summary>
/// Runs queries. Studies come newest first, by their date; series and instances newest stored first, inside a study by number. Each order can be read
/// from an index, and is total, so that the pages of one query join.
/// </summary>
public sealed class StudySearch(InteropDbContext db)
{
    private readonly StudyReads _reads = new(db);

    public async Task<StudyQueryPage> RunAsync(string tenant, StudyQuery query, CancellationToken cancellation = default)
    {
        var halves = await HalvesAsync(tenant, query, cancellation);
        if (halves.Count == 0)
        {
            return new StudyQueryPage([], 0);
        }

        var wanted = query.Offset + query.Limit + 1;
        var found = new List<Found>();
        foreach (var half in halves)
        {
            found.AddRange(await half.Take(wanted).ToListAsync(cancellation));
        }

        if (halves.Count > 1)
        {
            found.Sort(Found.Compare);
        }

        var page = found.Skip(query.Offset).Take(query.Limit).Select(f => f.Key).ToList();
        var remaining = 0;
        if (found.Count >= wanted)
        {
            foreach (var half in halves)
            {
                remaining += await half.Take(query.Offset + query.Limit + StudyQueryPage.MaxCounted).CountAsync(cancellation);
            }

            remaining = Math.Min(remaining - query.Offset - query.Limit, StudyQueryPage.MaxCounted);
        }

        return new StudyQueryPage(await RowsAsync(query.Level, page, cancellation), remaining);
    }

    /// <summary>A match, with what it is ordered by.</summary>
    private sealed class Found
    {
        public long Key { get; init; }

        public string Date { get; init; } = "";

        public string Time { get; init; } = "";

        public static int Compare(Found a, Found b)
        {
            var order = string.CompareOrdinal(b.Date, a.Date);
            order = order != 0 ? order : string.CompareOrdinal(b.Time, a.Time);
            return order != 0 ? order : b.Key.CompareTo(a.Key);
        }
    }

    /// <summary>The matches, in order; of a tenant's own studies and of those shared with it.</summary>
    private async Task<IReadOnlyList<IQueryable<Found>>> HalvesAsync(string tenant, StudyQuery query, CancellationToken cancellation)
    {
        if (query.StudyUid is null)
        {
            return [.. (await _reads.VisibleHalvesAsync(tenant, cancellation)).Select((half, i) => Matches(half, query, i == 0 ? tenant : null))];
        }

        return await _reads.FindStudyAsync(tenant, query.StudyUid, cancellation) is { Key: var key } ? [Matches(db.Studies.AsNoTracking().Where(s => s.Key == key), query, null)] : [];
    }

    /// <summary>
    /// Whether a key finds few rows. Such a query is ordered by expressions that no index has: a planner without statistics would otherwise walk all of a
    /// tenant's studies in order rather than sort the few that match.
    /// </summary>
    private static bool IsNarrow(StudyQuery query) => query.Matches.Any(m => StudyQueryColumns.NarrowKeys.Contains(m.Key) && m.Value[0] is not ('*' or '?'));

    /// <param name="owner">The tenant that owns all of the half; null when it is not one tenant's.</param>
    private IQueryable<Found> Matches(IQueryable<StudyRow> half, StudyQuery query, string? owner)
    {
        var isNarrow = IsNarrow(query);
        var studies = Filter(half, query, StudyQueryColumns.Studies, StudyQueryColumns.StudyMoment);
        if (query.Level == QueryLevel.Study)
        {
            var ordered = isNarrow ? studies.OrderByDescending(s => s.StudyDate + "") : studies.OrderByDescending(s => s.StudyDate);
            return ordered.ThenByDescending(s => s.StudyTime).ThenByDescending(s => s.Key).Select(s => new Found { Key = s.Key, Date = s.StudyDate, Time = s.StudyTime });
        }

        // The owner again: it lets series and instances be read in order from their own index.
        var isOwned = owner is not null && !isNarrow;
        var series = Filter(isOwned ? db.Series.AsNoTracking().Where(s => s.TenantId == owner) : db.Series.AsNoTracking(), query, StudyQueryColumns.Series, StudyQueryColumns.SeriesMoment);
        if (query.SeriesUid is { } uid)
        {
            series = series.Where(s => s.SeriesInstanceUid == uid);
        }

        if (query.Level == QueryLevel.Series)
        {
            var found = studies.Join(series, s => s.Key, s => s.StudyKey, (study, s) => s);
            var ordered = query.StudyUid is not null ? found.OrderBy(s => s.SeriesNumber).ThenBy(s => s.Key) : isNarrow ? found.OrderBy(s => -s.Key) : found.OrderByDescending(s => s.Key);
            return ordered.Select(s => new Found { Key = s.Key });
        }

        var instances = Filter(isOwned ? db.Instances.AsNoTracking().Where(i => i.TenantId == owner) : db.Instances.AsNoTracking(), query, StudyQueryColumns.Instances, null);
        var all = studies.Join(series, s => s.Key, s => s.StudyKey, (study, s) => s).Join(instances, s => s.Key, i => i.SeriesKey, (s, i) => new { Series = s, Instance = i });
        var sorted = query.StudyUid is not null ? all.OrderBy(x => x.Series.SeriesNumber).ThenBy(x => x.Series.Key).ThenBy(x => x.Instance.InstanceNumber).ThenBy(x => x.Instance.Key)
            : isNarrow ? all.OrderBy(x => -x.Instance.Key)
            : all.OrderByDescending(x => x.Instance.Key);
        return sorted.Select(x => new Found { Key = x.Instance.Key });
    }

    private static IQueryable<T> Filter<T>(
        IQueryable<T> rows, StudyQuery query, IReadOnlyDictionary<string, Func<string, Expression<Func<T, bool>>?>> columns, StudyQueryColumns.Moment<T>? moment)
    {
        var combined = moment is not null
            && query.Matches.TryGetValue(moment.DatePath, out var dates) && dates.Contains('-', StringComparison.Ordinal)
            && query.Matches.TryGetValue(moment.TimePath, out var times) && times.Contains('-', StringComparison.Ordinal)
                ? ColumnMatch.DateTime(moment.Date, moment.Time, dates, times)
                : null;
        foreach (var (path, value) in query.Matches)
        {
            var isPartOfMoment = combined is not null && (path == moment!.DatePath || path == moment.TimePath);
            if (!isPartOfMoment && columns.TryGetValue(path, out var column) && column(value) is { } condition)
            {
                rows = rows.Where(condition);
            }
        }

        return combined is null ? rows : rows.Where(combined);
    }

    private async Task<IReadOnlyList<StudyQueryResult>> RowsAsync(QueryLevel level, List<long> keys, CancellationToken cancellation)
    {
        if (keys.Count == 0)
        {
            return [];
        }

        var instances = new Dictionary<long, InstanceRow>();
        var series = new Dictionary<long, SeriesRow>();
        var studies = new Dictionary<long, StudyRow>();
        if (level == QueryLevel.Instance)
        {
            foreach (var chunk in keys.Chunk(500))
            {
                (await db.Instances.AsNoTracking().Where(i => chunk.Contains(i.Key)).Select(StudyQueryColumns.WithoutFrames).ToListAsync(cancellation)).ForEach(i => instances.Add(i.Key, i));
            }
        }

        if (level >= QueryLevel.Series)
        {
            foreach (var chunk in (level == QueryLevel.Series ? keys : instances.Values.Select(i => i.SeriesKey).Distinct()).Chunk(500))
            {
                (await db.Series.AsNoTracking().Where(s => chunk.Contains(s.Key)).ToListAsync(cancellation)).ForEach(s => series.Add(s.Key, s));
            }
        }

        foreach (var chunk in (level == QueryLevel.Study ? keys : series.Values.Select(s => s.StudyKey).Distinct()).Chunk(500))
        {
            (await db.Studies.AsNoTracking().Where(s => chunk.Contains(s.Key)).ToListAsync(cancellation)).ForEach(s => studies.Add(s.Key, s));
        }

        return level switch
        {
            QueryLevel.Study => [.. keys.Where(studies.ContainsKey).Select(k => new StudyQueryResult(studies[k], null, null))],
            QueryLevel.Series => [.. keys.Where(series.ContainsKey).Select(k => new StudyQueryResult(studies[series[k].StudyKey], series[k], null))],
            _ => [.. keys.Where(instances.ContainsKey).Select(k => instances[k]).Select(i => new StudyQueryResult(studies[i.StudyKey], series[i.SeriesKey], i))],
        };
    }
}
