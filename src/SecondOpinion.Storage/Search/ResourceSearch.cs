using SecondOpinion.Fhir;
using SecondOpinion.Fhir.Search;

namespace SecondOpinion.Storage.Search;

/// <summary>What a caller may see of a type: null = nothing; empty = all of the tenant's; else resources that match at least one of the searches (SMART v2 scope filters).</summary>
public delegate IReadOnlyList<SearchRequest>? SearchRestriction(string resourceType);

/// <summary>Searches of FHIR resources, compiled to LINQ over the index tables. Every method takes the tenant that asks.</summary>
public sealed class ResourceSearch(InteropDbContext db)
{
    /// <summary>One page: matches, then includes (FHIR R4 search.html#include). The restriction holds for matches, chains, <c>_has</c>, includes and counts alike.</summary>
    public Task<Outcome<SearchPage>> PageAsync(string tenant, SearchRequest request, SearchRestriction restriction, CancellationToken cancellation = default) =>
        throw new NotSupportedException(db.GetType().Name);

    /// <summary>Up to <paramref name="limit"/> matches, for conditional interactions and references.</summary>
    public Task<Outcome<IReadOnlyList<StoredResource>>> MatchAsync(string tenant, SearchRequest request, int limit, CancellationToken cancellation = default) =>
        throw new NotSupportedException();

    /// <summary>Whether a resource, as it is stored now, matches: Subscription criteria, scope filters on reads.</summary>
    public Task<bool> IsMatchAsync(long resourceKey, SearchRequest request, CancellationToken cancellation = default) => throw new NotSupportedException();
}

/// <param name="Total">Matches over all pages; null when the request did not ask for it.</param>
/// <param name="Next">Parameters of the next page's link: an opaque cursor; null on the last one.</param>
public sealed record SearchPage(IReadOnlyList<StoredResource> Matches, IReadOnlyList<StoredResource> Includes, long? Total, string? Next);
