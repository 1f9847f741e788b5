namespace SecondOpinion.Fhir.Search;

/// <summary>A search as its URL asks for it, parsed and typed by the search parameters (FHIR R4 search.html).</summary>
public sealed record SearchRequest
{
    /// <summary>Null: all types (search of the system).</summary>
    public string? ResourceType { get; init; }

    /// <summary>Reads the parameters of a search URL, decoded, in order. Unknown parameters become warnings, or a refusal when strict; bad values are always refused (400).</summary>
    public static Outcome<SearchRequest> Parse(string? resourceType, IEnumerable<KeyValuePair<string, string>> parameters, bool strict = false) =>
        throw new NotSupportedException();

    /// <summary>Reads a query string without the leading <c>?</c>: If-None-Exist, conditional references, Subscription criteria, scope filters.</summary>
    public static Outcome<SearchRequest> ParseQuery(string resourceType, string query, bool strict = true) => throw new NotSupportedException();
}
