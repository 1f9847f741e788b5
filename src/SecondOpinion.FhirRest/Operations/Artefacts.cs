using System.Collections.Frozen;
using System.Globalization;
using System.Security.Cryptography;
using SecondOpinion.Fhir;
using SecondOpinion.Fhir.Search;
using SecondOpinion.FhirRest.Edge;
using SecondOpinion.Storage;
using SecondOpinion.Storage.Search;

namespace SecondOpinion.FhirRest.Operations;

/// <summary>The program's own definitions (profiles, value sets, code systems, concept maps), which every organization may read and none may change.</summary>
internal static class Artefacts
{
    private static readonly Lazy<FrozenDictionary<string, FhirResource>> All = new(() =>
        Profiles.Artefacts.Where(r => r.Id is not null).ToFrozenDictionary(r => r.ResourceType + "/" + r.Id, StringComparer.Ordinal));

    public static FhirResource? Find(string type, string id) => All.Value.GetValueOrDefault(type + "/" + id);

    /// <summary>As a stored resource would be; null when there is none.</summary>
    public static StoredResource? Stored(string tenant, string type, string id) => Find(type, id) is { } resource ? Stored(tenant, resource) : null;

    /// <summary>
    /// The first page of a search with the definitions that match it. They are found by url, _id, name, title, status and version; a search by anything else is one
    /// among stored resources.
    /// </summary>
    public static SearchPage Add(SearchPage page, string tenant, string? type, SearchRequest request)
    {
        if (type is null || request.Page is not null)
        {
            return page;
        }

        var found = All.Value.Values.Where(r => r.ResourceType == type && request.Criteria.All(c => Meets(r, c))).OrderBy(r => r.Id, StringComparer.Ordinal).ToList();
        if (found.Count == 0)
        {
            return page;
        }

        page = page with { Total = page.Total + found.Count };
        if (request.IsCountOnly)
        {
            return page;
        }

        // A page holds no more than was asked for (search.html#count), and the cursor knows nothing of these.
        return page.Matches.Count + found.Count <= request.Count
            ? page with { Matches = [.. found.Select(r => Stored(tenant, r)), .. page.Matches] }
            : page with
            {
                Total = page.Total - found.Count,
                Issues = [.. page.Issues, new FhirIssue(IssueSeverity.Information, "incomplete", $"{found.Count} definitions of the server are not on this page; ask for them by url, or with a larger _count", Key: "search-artefacts")],
            };
    }

    private static bool Meets(FhirResource resource, SearchCriterion criterion) =>
        criterion is ParameterCriterion { Modifier: SearchModifier.None } parameter && parameter.AnyOf.Any(o => Meets(resource, parameter.Parameter.Code, o));

    private static bool Meets(FhirResource resource, string code, SearchOperand operand) => (code, operand) switch
    {
        ("url", UriOperand uri) => resource.Root.Text("url") == uri.Uri,
        ("_id", TokenOperand { Code: { } id }) => resource.Id == id,
        ("status" or "version", TokenOperand { Code: { } value }) => resource.Root.Text(code) == value,
        ("name" or "title", StringOperand text) => resource.Root.Text(code)?.StartsWith(text.Text, StringComparison.OrdinalIgnoreCase) == true,
        _ => false,
    };

    private static StoredResource Stored(string tenant, FhirResource resource)
    {
        // A new release of the program has other content under the same id: the ETag tells.
        var version = BitConverter.ToInt32(SHA256.HashData(resource.Json.Span)) & int.MaxValue;
        var date = DateTimeOffset.TryParse(resource.Root.Text("date"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : DateTimeOffset.UnixEpoch;
        return new StoredResource(0, tenant, resource.ResourceType, resource.Id!, version, date, IsDeleted: false, "PUT", resource.Json, CanWrite: false);
    }
}
