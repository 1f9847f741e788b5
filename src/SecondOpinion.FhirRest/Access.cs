using SecondOpinion.Cases;
using SecondOpinion.Fhir;
using SecondOpinion.Fhir.Search;
using SecondOpinion.Security;
using SecondOpinion.Storage;
using SecondOpinion.Storage.Search;

namespace SecondOpinion.FhirRest;

/// <summary>What one caller may do: SMART scopes, and the tenant that every read and write names.</summary>
internal sealed class Access(Caller caller)
{
    private readonly Dictionary<(string, Permissions), IReadOnlyList<SearchRequest>?> _filters = [];

    public Caller Caller { get; } = caller;

    public string Tenant => Caller.TenantId;

    /// <summary>The person counts only when the token speaks for one (a <c>user/</c> or <c>patient/</c> scope), not when a system client merely names one.</summary>
    public Actor Actor { get; } = new(caller.TenantId, caller.ClientId, caller.Person);

    /// <summary>403 unless the token's scopes cover the type; null when they do, perhaps under conditions.</summary>
    public Refusal? Require(string type, Permissions needed) =>
        Caller.Decide(type, needed).IsAllowed
            ? null
            : Refusal.Of(RefusalKind.Forbidden, "forbidden", $"The access token has no scope for {needed.ToString().ToLowerInvariant()} of {type}", "scope");

    /// <summary>Whether the caller may do this with the resource as it is stored now: the scopes' search filters hold.</summary>
    public async ValueTask<bool> PermitsAsync(StoreReader reader, StoredResource resource, Permissions needed, CancellationToken cancellation = default)
    {
        if (Filters(resource.Type, needed) is not { } anyOf)
        {
            return false;
        }

        foreach (var filter in anyOf)
        {
            if (await reader.Search.IsMatchAsync(Tenant, resource.Key, filter, cancellation))
            {
                return true;
            }
        }

        return anyOf.Count == 0;
    }

    /// <summary>403 when the resource, as a write left it, is beyond the scopes' filters; the write is then undone.</summary>
    public async ValueTask<Refusal?> RefuseAsync(StoreReader reader, StoredResource resource, Permissions needed) =>
        await PermitsAsync(reader, resource, needed)
            ? null
            : Refusal.Of(RefusalKind.Forbidden, "forbidden", $"{resource.Reference} is beyond the conditions of the access token's scopes", "scope-filter");

    /// <summary>What a search may see of each type.</summary>
    public SearchRestriction Restriction => type => Filters(type, Permissions.Search);

    /// <summary>As <see cref="Restriction"/> for one type, under another permission.</summary>
    public IReadOnlyList<SearchRequest>? Filters(string type, Permissions needed)
    {
        if (_filters.TryGetValue((type, needed), out var known))
        {
            return known;
        }

        var decision = Caller.Decide(type, needed);
        List<SearchRequest>? result = null;
        if (decision.IsAllowed)
        {
            result = [];
            foreach (var filter in decision.AnyOf)
            {
                // A filter that cannot be read grants nothing.
                if (SearchRequest.ParseQuery(type, filter).TryGet(out var request, out _))
                {
                    result.Add(request);
                }
            }

            if (result.Count == 0 && decision.AnyOf.Count > 0)
            {
                result = null;
            }
        }

        _filters[(type, needed)] = result;
        return result;
    }
}
