using System.Globalization;
using Microsoft.EntityFrameworkCore;
using SecondOpinion.Storage.Model;

namespace SecondOpinion.Storage.Resources;

/// <summary>
/// Versions newest first (FHIR R4 http.html#history). Current and past versions are in two tables, own and shared ones need two access paths: four
/// queries, each along an index, are merged page by page.
/// </summary>
internal sealed class HistoryQuery(InteropDbContext db, string tenant, string? type, string? id, long? since, long? at)
{
    /// <summary>Place in the order: time, then resource, then version, all descending.</summary>
    private sealed record Cursor(long Time, long Key, int Version)
    {
        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Time}.{Key}.{Version}");

        public static Cursor? Parse(string? text)
        {
            var parts = text?.Split('.');
            return parts is { Length: 3 }
                && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var time)
                && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var key)
                && int.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var version)
                ? new Cursor(time, key, version)
                : null;
        }
    }

    public async Task<HistoryPage> PageAsync(int count, string? after, CancellationToken cancellation)
    {
        var cursor = Cursor.Parse(after);
        var merged = new List<(Cursor Place, StoredResource Version)>();
        long total = 0;
        foreach (var isOwn in (bool[])[true, false])
        {
            var current = Current(isOwn);
            var past = Past(isOwn);
            total += await current.LongCountAsync(cancellation) + await past.LongCountAsync(cancellation);
            if (count == 0)
            {
                continue;
            }

            foreach (var row in await Page(current, cursor, count + 1).ToListAsync(cancellation))
            {
                merged.Add((new Cursor(row.LastUpdated, row.Key, row.Version), StoredResource.From(row, canWrite: isOwn)));
            }

            foreach (var row in await Page(past, cursor, count + 1).ToListAsync(cancellation))
            {
                merged.Add((new Cursor(row.LastUpdated, row.ResourceKey, row.Version), StoredResource.From(row, canWrite: isOwn)));
            }
        }

        var page = merged.OrderByDescending(m => m.Place.Time).ThenByDescending(m => m.Place.Key).ThenByDescending(m => m.Place.Version).Take(count).ToList();
        return new HistoryPage([.. page.Select(m => m.Version)], total, page.Count < merged.Count && page.Count > 0 ? page[^1].Place.ToString() : null);
    }

    private IQueryable<ResourceRow> Current(bool isOwn)
    {
        var rows = isOwn
            ? db.Resources.Where(r => r.TenantId == tenant)
            : db.Resources.Where(r => r.TenantId != tenant && db.Shares.Any(s => s.TenantId == tenant && s.ResourceKey == r.Key));
        rows = type is null ? rows : rows.Where(r => r.Type == type);
        rows = id is null ? rows : rows.Where(r => r.Id == id);
        rows = since is null ? rows : rows.Where(r => r.LastUpdated >= since);
        return at is null ? rows : rows.Where(r => r.LastUpdated <= at);
    }

    private IQueryable<ResourceVersionRow> Past(bool isOwn)
    {
        var rows = isOwn
            ? db.ResourceVersions.Where(v => v.TenantId == tenant)
            : db.ResourceVersions.Where(v => v.TenantId != tenant && db.Shares.Any(s => s.TenantId == tenant && s.ResourceKey == v.ResourceKey && s.FromVersion <= v.Version));
        rows = type is null ? rows : rows.Where(v => v.Type == type);
        if (id is not null)
        {
            // By key: the versions' primary key leads to them.
            rows = rows.Where(v => v.ResourceKey == db.Resources.Where(r => r.Type == type && r.Id == id).Select(r => r.Key).FirstOrDefault());
        }

        rows = since is null ? rows : rows.Where(v => v.LastUpdated >= since);
        // Current at a time: written by then, and its successor not.
        return at is null ? rows : rows.Where(v => v.LastUpdated <= at
            && !db.ResourceVersions.Any(n => n.ResourceKey == v.ResourceKey && n.Version == v.Version + 1 && n.LastUpdated <= at)
            && !db.Resources.Any(n => n.Key == v.ResourceKey && n.Version == v.Version + 1 && n.LastUpdated <= at));
    }

    private static IQueryable<ResourceRow> Page(IQueryable<ResourceRow> rows, Cursor? cursor, int limit)
    {
        if (cursor is (var time, var key, var version))
        {
            rows = rows.Where(r => r.LastUpdated < time || r.LastUpdated == time && (r.Key < key || r.Key == key && r.Version < version));
        }

        return rows.OrderByDescending(r => r.LastUpdated).ThenByDescending(r => r.Key).Take(limit);
    }

    private static IQueryable<ResourceVersionRow> Page(IQueryable<ResourceVersionRow> rows, Cursor? cursor, int limit)
    {
        if (cursor is (var time, var key, var version))
        {
            rows = rows.Where(v => v.LastUpdated < time || v.LastUpdated == time && (v.ResourceKey < key || v.ResourceKey == key && v.Version < version));
        }

        return rows.OrderByDescending(v => v.LastUpdated).ThenByDescending(v => v.ResourceKey).ThenByDescending(v => v.Version).Take(limit);
    }
}
