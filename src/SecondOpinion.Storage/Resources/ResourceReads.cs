using SecondOpinion.Storage.Model;

namespace SecondOpinion.Storage.Resources;

/// <summary>Reads of FHIR resources. Every method takes the tenant that asks; what it may not see does not exist.</summary>
public sealed class ResourceReads(InteropDbContext db)
{
    /// <summary>The one place that says which resources a tenant sees: its own, and those a case shares with it.</summary>
    public IQueryable<ResourceRow> Visible(string tenant) => throw new NotSupportedException(db.GetType().Name);

    /// <summary>The current version, deletions included; null when there is none that the tenant may see.</summary>
    public Task<StoredResource?> FindAsync(string tenant, string type, string id, CancellationToken cancellation = default) => throw new NotSupportedException();

    /// <summary>One version, current or past; a share covers the versions written up to now. Null when there is none that the tenant may see.</summary>
    public Task<StoredResource?> FindVersionAsync(string tenant, string type, string id, int version, CancellationToken cancellation = default) => throw new NotSupportedException();

    /// <summary>Versions newest first. Type and id null: of the whole system; id null: of the type.</summary>
    /// <param name="since">Inclusive (FHIR R4 http.html#history).</param>
    /// <param name="after">Cursor of the previous page.</param>
    public Task<HistoryPage> HistoryAsync(string tenant, string? type, string? id, DateTimeOffset? since, DateTimeOffset? at, int count, string? after, CancellationToken cancellation = default) =>
        throw new NotSupportedException();
}

/// <param name="Total">All versions that match; of the first page and of every other.</param>
/// <param name="Next">Cursor of the next page; null on the last one.</param>
public sealed record HistoryPage(IReadOnlyList<StoredResource> Versions, long Total, string? Next);
