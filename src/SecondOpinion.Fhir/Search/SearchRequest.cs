using System.Globalization;
using System.Text;

namespace SecondOpinion.Fhir.Search;

/// <summary>A search as its URL asks for it, parsed and typed by the search parameters (FHIR R4 search.html).</summary>
public sealed record SearchRequest
{
    /// <summary>Null: all types (search of the system).</summary>
    public string? ResourceType { get; init; }

    /// <summary>The types of <c>_type</c>; empty: no such limit.</summary>
    public IReadOnlyList<string> Types { get; init; } = [];

    /// <summary>Conditions, all of which must hold.</summary>
    public IReadOnlyList<SearchCriterion> Criteria { get; init; } = [];

    /// <summary>Sort keys, the first decides; empty: newest resource first.</summary>
    public IReadOnlyList<SearchSort> Sorts { get; init; } = [];

    /// <summary><c>_include</c> and <c>_revinclude</c>.</summary>
    public IReadOnlyList<SearchInclude> Includes { get; init; } = [];

    /// <summary>Matches on a page, between 1 and the option's maximum.</summary>
    public int Count { get; init; } = SearchOptions.Default.DefaultCount;

    /// <summary><c>_count=0</c> or <c>_summary=count</c>: only the number of matches is asked for.</summary>
    public bool IsCountOnly { get; init; }

    /// <summary><c>_total</c></summary>
    public SearchTotal Total { get; init; } = SearchTotal.Unsaid;

    /// <summary><c>_summary</c></summary>
    public SummaryMode Summary { get; init; } = SummaryMode.False;

    /// <summary><c>_elements</c>; empty: all.</summary>
    public IReadOnlyList<string> Elements { get; init; } = [];

    /// <summary>The cursor of <c>_page</c>: <c>SearchPage.Next</c> of the page before; null: the first page.</summary>
    public string? Page { get; init; }

    /// <summary>Included resources on a page at most; more are left out and said so.</summary>
    public int MaxIncluded { get; init; } = SearchOptions.Default.MaxIncluded;

    /// <summary>What was left out of the search, for the OperationOutcome entry of the result.</summary>
    public IReadOnlyList<FhirIssue> Warnings { get; init; } = [];

    /// <summary>The parameters really used, as they came, without <c>_page</c>.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Used { get; init; } = [];

    /// <summary>Reads the parameters of a search URL, decoded, in order. Unknown parameters become warnings, or a refusal when strict; bad values are always refused (400).</summary>
    public static Outcome<SearchRequest> Parse(string? resourceType, IEnumerable<KeyValuePair<string, string>> parameters, bool strict = false) =>
        Parse(resourceType, parameters, strict, SearchOptions.Default);

    /// <inheritdoc cref="Parse(string?, IEnumerable{KeyValuePair{string, string}}, bool)"/>
    public static Outcome<SearchRequest> Parse(string? resourceType, IEnumerable<KeyValuePair<string, string>> parameters, bool strict, SearchOptions options) =>
        new SearchRequestParser(resourceType, strict, options).Read(parameters);

    /// <summary>Reads a query string without the leading <c>?</c>: If-None-Exist, conditional references, Subscription criteria, scope filters.</summary>
    public static Outcome<SearchRequest> ParseQuery(string resourceType, string query, bool strict = true) =>
        ParseQuery(resourceType, query, strict, SearchOptions.Default);

    /// <inheritdoc cref="ParseQuery(string, string, bool)"/>
    public static Outcome<SearchRequest> ParseQuery(string resourceType, string query, bool strict, SearchOptions options)
    {
        if (query.Length > options.MaxQueryLength)
        {
            return Refusal.Of(RefusalKind.Invalid, "too-long", $"The query has {query.Length} characters; at most {options.MaxQueryLength} are read", "search-query-length");
        }

        var pairs = new List<KeyValuePair<string, string>>();
        foreach (var part in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            pairs.Add(equals < 0 ? new(Decode(part), "") : new(Decode(part[..equals]), Decode(part[(equals + 1)..])));
        }

        return Parse(resourceType, pairs, strict, options);

        static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));
    }

    /// <summary>
    /// The parameters really used, encoded, without the leading <c>?</c>: the self link (FHIR R4 search.html#conformance). With a cursor: the link of that page.
    /// </summary>
    public string ToQuery(string? page = null)
    {
        var builder = new StringBuilder();
        foreach (var (name, value) in Used)
        {
            Append(builder, name, value);
        }

        if (page is not null)
        {
            Append(builder, "_page", page);
        }

        return builder.ToString();
    }

    /// <summary>The same search among the resources of one compartment, for example of <c>Patient/1</c> (FHIR R4 compartmentdefinition.html).</summary>
    public SearchRequest InCompartment(string compartment, string id) =>
        this with { Criteria = [.. Criteria, new CompartmentCriterion(compartment, id)] };

    /// <summary>The search as a query, for people.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{ResourceType}?{ToQuery()}");

    private static void Append(StringBuilder builder, string name, string value)
    {
        if (builder.Length > 0)
        {
            builder.Append('&');
        }

        builder.Append(Escape(name)).Append('=').Append(Escape(value));
    }

    // What RFC 3986 allows bare in a query and people read in search URLs stays bare.
    private static string Escape(string text) => new StringBuilder(Uri.EscapeDataString(text))
        .Replace("%3A", ":").Replace("%2F", "/").Replace("%2C", ",").Replace("%24", "$").Replace("%2A", "*").ToString();
}
