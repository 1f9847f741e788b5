using Microsoft.EntityFrameworkCore;
using SecondOpinion.Fhir;
using SecondOpinion.Fhir.Search;
using SecondOpinion.Storage.Model;
using SecondOpinion.Storage.Resources;

namespace SecondOpinion.Storage.Search;

/// <summary>What a caller may see of a type: null = nothing; empty = all of the tenant's; else resources that match at least one of the searches (SMART v2 scope filters).</summary>
public delegate IReadOnlyList<SearchRequest>? SearchRestriction(string resourceType);

/// <summary>Searches of FHIR resources, compiled to LINQ over the index tables. Every method takes the tenant that asks.</summary>
public sealed class ResourceSearch(InteropDbContext db)
{
    private const string AnyToken = "SELECT \"ResourceKey\" FROM \"SearchTokens\" WHERE \"Parameter\" = @p0 AND \"Code\" = @p1";

    /// <summary>
    /// One page: matches, then includes (FHIR R4 search.html#include). The restriction holds for matches, chains, <c>_has</c>, includes and counts alike.
    /// Refused (400) when the cursor of <c>_page</c> is not one of this search.
    /// </summary>
    public async Task<Outcome<SearchPage>> PageAsync(string tenant, SearchRequest request, SearchRestriction restriction, CancellationToken cancellation = default)
    {
        var compiler = new SearchCompiler(db, tenant, restriction);
        var matches = compiler.Matches(request);
        if (request.IsCountOnly)
        {
            return new SearchPage([], [], await matches.LongCountAsync(cancellation), null) { Issues = request.Warnings };
        }

        SearchCursor? after = null;
        if (request.Page is { } page)
        {
            after = SearchCursor.Unprotect(await CursorSecret.GetAsync(db, cancellation), tenant, Identity(request), page);
            if (after is null)
            {
                return Refusal.Of(RefusalKind.Invalid, "invalid", "The page link is damaged or belongs to another search; start again at the first page", "search-page-invalid");
            }
        }

        var type = request.ResourceType ?? (request.Types.Count == 1 ? request.Types[0] : null);
        var order = new SearchOrder(db, compiler, type, request.Sorts);
        var hits = await order.Page(matches, after, request.Count + 1).ToListAsync(cancellation);
        var hasMore = hits.Count > request.Count;
        if (hasMore)
        {
            hits.RemoveAt(hits.Count - 1);
        }

        var rows = await RowsAsync(hits, cancellation);
        var includes = new SearchIncludes(compiler, request.MaxIncluded);
        var included = await includes.FindAsync(rows, request.Includes, cancellation);
        var shares = await SharesAsync(tenant, [.. rows, .. included], cancellation);
        return new SearchPage(
            [.. rows.Select(r => Stored(r, tenant, shares))],
            [.. included.Select(r => Stored(r, tenant, shares))],
            await TotalAsync(request, matches, hits.Count, hasMore, cancellation),
            hasMore ? order.Cursor(hits[^1]).Protect(await CursorSecret.GetAsync(db, cancellation), tenant, Identity(request)) : null)
        {
            Issues = Issues(request, includes),
        };
    }

    /// <summary>Up to <paramref name="limit"/> matches, for conditional interactions and references.</summary>
    public Task<Outcome<IReadOnlyList<StoredResource>>> MatchAsync(string tenant, SearchRequest request, int limit, CancellationToken cancellation = default) =>
        MatchAsync(tenant, request, limit, null, cancellation);

    /// <inheritdoc cref="MatchAsync(string, SearchRequest, int, CancellationToken)"/>
    public async Task<Outcome<IReadOnlyList<StoredResource>>> MatchAsync(string tenant, SearchRequest request, int limit, SearchRestriction? restriction, CancellationToken cancellation = default)
    {
        var compiler = new SearchCompiler(db, tenant, restriction);
        var rows = await compiler.Matches(request).AsNoTracking().OrderByDescending(r => r.Key).Take(limit).ToListAsync(cancellation);
        var shares = await SharesAsync(tenant, rows, cancellation);
        return new Outcome<IReadOnlyList<StoredResource>>([.. rows.Select(r => Stored(r, tenant, shares))]);
    }

    /// <summary>Whether a resource, as it is stored now, matches: Subscription criteria, scope filters on reads. Chains see what <paramref name="tenant"/> sees.</summary>
    public Task<bool> IsMatchAsync(string tenant, long resourceKey, SearchRequest request, CancellationToken cancellation = default)
    {
        var row = new ResourceReads(db).Visible(tenant).Where(r => r.Key == resourceKey && !r.IsDeleted);
        return new SearchCompiler(db, tenant, null).Probe(row, request).AnyAsync(cancellation);
    }

    /// <summary>Whether any resource of a type, whoever owns it, has an identifier of this value: where not, <c>?identifier=</c> need not be asked.</summary>
    internal async Task<bool> IsIdentifierAsync(string type, string value) =>
        await Statements.Of(db).ScalarAsync(AnyToken, ParameterId.Of(type, "identifier"), IndexText.Fit(value, IndexText.CodeLength)) is not null;

    private static string Identity(SearchRequest request) => request.ResourceType + "?" + request.ToQuery();

    // Totals count matches only, never includes; a whole result on one page counts itself.
    private static async Task<long?> TotalAsync(SearchRequest request, IQueryable<ResourceRow> matches, int found, bool hasMore, CancellationToken cancellation) => request.Total switch
    {
        SearchTotal.None => null,
        _ when request.Page is null && !hasMore => found,
        SearchTotal.Accurate => await matches.LongCountAsync(cancellation),
        _ => null,
    };

    private static IReadOnlyList<FhirIssue> Issues(SearchRequest request, SearchIncludes includes) => !includes.IsTruncated
        ? request.Warnings
        : [.. request.Warnings, new FhirIssue(IssueSeverity.Warning, "too-costly", $"More than {request.MaxIncluded} resources are included by this page; the rest was left out. Ask for a smaller _count", Key: "search-includes-truncated")];

    private async Task<List<ResourceRow>> RowsAsync(List<SortedHit> hits, CancellationToken cancellation)
    {
        var keys = hits.ConvertAll(h => h.Key);
        var rows = await db.Resources.AsNoTracking().Where(r => EF.Parameter(keys).Contains(r.Key)).ToDictionaryAsync(r => r.Key, cancellation);
        return keys.FindAll(rows.ContainsKey).ConvertAll(k => rows[k]);
    }

    // Of resources of other tenants: which of them this one may write.
    private async Task<HashSet<long>> SharesAsync(string tenant, List<ResourceRow> rows, CancellationToken cancellation)
    {
        var keys = rows.Where(r => r.TenantId != tenant).Select(r => r.Key).ToList();
        return keys.Count == 0
            ? []
            : await db.Shares.Where(s => s.TenantId == tenant && s.CanWrite && EF.Parameter(keys).Contains(s.ResourceKey)).Select(s => s.ResourceKey).ToHashSetAsync(cancellation);
    }

    private static StoredResource Stored(ResourceRow row, string tenant, HashSet<long> writable) =>
        StoredResource.From(row, canWrite: row.TenantId == tenant || writable.Contains(row.Key));
}

/// <param name="Total">Matches over all pages; null when the request did not ask for it and it is not known anyway.</param>
/// <param name="Next">The cursor of the next page: <c>_page</c> of its link, see <see cref="SearchRequest.ToQuery"/>; null on the last one.</param>
public sealed record SearchPage(IReadOnlyList<StoredResource> Matches, IReadOnlyList<StoredResource> Includes, long? Total, string? Next)
{
    /// <summary>What was left out; for an OperationOutcome entry with search mode <c>outcome</c>. Empty: none is needed.</summary>
    public IReadOnlyList<FhirIssue> Issues { get; init; } = [];
}
