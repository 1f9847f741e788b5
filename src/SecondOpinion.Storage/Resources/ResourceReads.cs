using Microsoft.EntityFrameworkCore;
using SecondOpinion.Storage.Model;

namespace SecondOpinion.Storage.Resources;

/// <summary>Reads of FHIR resources. Every method takes the tenant that asks; what it may not see does not exist.</summary>
public sealed class ResourceReads(InteropDbContext db)
{
    /// <summary>The one place that says which resources a tenant sees: its own, and those a case shares with it. Deleted ones are among them.</summary>
    public IQueryable<ResourceRow> Visible(string tenant) =>
        db.Resources.Where(r => r.TenantId == tenant || db.Shares.Any(s => s.TenantId == tenant && s.ResourceKey == r.Key));

    /// <summary>
    /// Keys among which are all that <see cref="Visible"/> lets be seen (of a type; null: of all), found from the tenant: for queries that have nothing
    /// better to begin with. Always used together with it.
    /// </summary>
    internal IQueryable<long> VisibleKeys(string tenant, string? type)
    {
        var own = db.Resources.Where(r => r.TenantId == tenant);
        own = type is null ? own : own.Where(r => r.Type == type);
        return own.Select(r => r.Key).Concat(db.Shares.Where(s => s.TenantId == tenant).Select(s => s.ResourceKey));
    }

    /// <summary>The current version, deletions included; null when there is none that the tenant may see.</summary>
    public async Task<StoredResource?> FindAsync(string tenant, string type, string id, CancellationToken cancellation = default)
    {
        // The rule of Visible, for one row: the owner needs no look at the shares.
        if (await ResourceStatements.FindAsync(db, type, id, cancellation) is not { } row)
        {
            return null;
        }

        if (row.TenantId == tenant)
        {
            return StoredResource.From(row, canWrite: true);
        }

        var shares = await db.Shares.Where(s => s.TenantId == tenant && s.ResourceKey == row.Key).Select(s => s.CanWrite).ToListAsync(cancellation);
        return shares.Count == 0 ? null : StoredResource.From(row, shares.Contains(true));
    }

    /// <summary>A resource whoever owns it, for the case engine and for other work of the server itself.</summary>
    /// <returns>Deletions included; <see cref="StoredResource.CanWrite"/> is true.</returns>
    public async Task<StoredResource?> FindAnyAsync(string type, string id, CancellationToken cancellation = default)
    {
        var row = await ResourceStatements.FindAsync(db, type, id, cancellation);
        return row is null ? null : StoredResource.From(row, canWrite: true);
    }

    /// <summary>As <see cref="FindAnyAsync(string, string, CancellationToken)"/>, by key.</summary>
    public async Task<StoredResource?> FindAnyAsync(long key, CancellationToken cancellation = default)
    {
        var row = await ResourceStatements.FindAsync(db, key, cancellation);
        return row is null ? null : StoredResource.From(row, canWrite: true);
    }

    /// <summary>One version, current or past; a share covers the versions written up to now. Null when there is none that the tenant may see.</summary>
    public async Task<StoredResource?> FindVersionAsync(string tenant, string type, string id, int version, CancellationToken cancellation = default)
    {
        if (await FindAsync(tenant, type, id, cancellation) is not { } current || version > current.Version)
        {
            return null;
        }

        if (version == current.Version)
        {
            return current;
        }

        var past = await db.ResourceVersions.FirstOrDefaultAsync(
            v => v.ResourceKey == current.Key && v.Version == version
                && (v.TenantId == tenant || db.Shares.Any(s => s.TenantId == tenant && s.ResourceKey == v.ResourceKey && s.FromVersion <= version)),
            cancellation);
        return past is null ? null : StoredResource.From(past, current.CanWrite);
    }

    /// <summary>Versions newest first. Type and id null: of the whole system; id null: of the type.</summary>
    /// <param name="since">Inclusive (FHIR R4 http.html#history).</param>
    /// <param name="at">The versions that were current at this time.</param>
    /// <param name="after">Cursor of the previous page.</param>
    public Task<HistoryPage> HistoryAsync(string tenant, string? type, string? id, DateTimeOffset? since, DateTimeOffset? at, int count, string? after, CancellationToken cancellation = default) =>
        new HistoryQuery(db, tenant, type, id, since?.UtcTicks, at?.UtcTicks).PageAsync(count, after, cancellation);
}

/// <param name="Total">All versions that match; of the first page and of every other.</param>
/// <param name="Next">Cursor of the next page; null on the last one.</param>
public sealed record HistoryPage(IReadOnlyList<StoredResource> Versions, long Total, string? Next);
