using SecondOpinion.Fhir;
using SecondOpinion.Fhir.Search;
using SecondOpinion.Storage;

namespace SecondOpinion.FhirRest;

/// <summary>The search inside conditional interactions (FHIR R4 http.html#ccreate, #cond-update, #3.1.0.7.1). It runs in the transaction of the write.</summary>
internal static class Conditional
{
    /// <summary>Reads the criteria; 400 when they cannot be read or are none at all.</summary>
    public static Outcome<SearchRequest> Parse(string type, string? query)
    {
        query = query?.TrimStart('?');
        return string.IsNullOrWhiteSpace(query)
            ? Refusal.Of(RefusalKind.PreconditionFailed, "required", "A conditional interaction needs search parameters", "criteria")
            : SearchRequest.ParseQuery(type, query);
    }

    /// <summary>The one match, or null for none; 412 for several.</summary>
    public static async Task<Outcome<StoredResource?>> FindAsync(StoreReader reader, string tenant, SearchRequest criteria)
    {
        if (!(await reader.Search.MatchAsync(tenant, criteria, 2)).TryGet(out var found, out var refusal))
        {
            return refusal;
        }

        return found.Count > 1
            ? Refusal.Of(RefusalKind.PreconditionFailed, "multiple-matches", $"More than one {criteria.ResourceType} matches the criteria", "criteria")
            : new Outcome<StoredResource?>(found.Count == 1 ? found[0] : null);
    }
}
