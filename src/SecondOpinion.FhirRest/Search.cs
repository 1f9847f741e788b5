using Microsoft.AspNetCore.Http;
using SecondOpinion.Fhir;
using SecondOpinion.Fhir.Search;
using SecondOpinion.FhirRest.Bundles;
using SecondOpinion.FhirRest.Edge;
using SecondOpinion.FhirRest.Operations;
using SecondOpinion.Security;
using SecondOpinion.Storage;
using SecondOpinion.Storage.Search;

namespace SecondOpinion.FhirRest;

/// <summary>FHIR R4 http.html#search: by GET and by POST to _search; of a type, of a compartment, of everything.</summary>
internal static class Search
{
    // FHIR R4 compartmentdefinition.html
    public static readonly string[] Compartments = ["Patient", "Encounter", "RelatedPerson", "Practitioner", "Device"];

    public static async Task<Reply> HandleAsync(FhirCall call)
    {
        if (!(await ParametersAsync(call)).TryGet(out var parameters, out var refusal))
        {
            return refusal;
        }

        // A POST may say in its body what a GET says in its address.
        foreach (var (name, value) in parameters)
        {
            if (name == "_format" && HttpMethods.IsPost(call.Http.Request.Method))
            {
                if (!MediaTypes.ForReply(value, default).TryGet(out var format, out refusal))
                {
                    return refusal;
                }

                call.Format = format;
            }
        }

        var target = new SearchTarget(call.Parameter("type"), call.Parameter("id"), call.Parameter("member"));
        var terminology = await TerminologyAsync(call, parameters);
        if (!Prepare(target, parameters, call.Access, call.Preferences.IsStrict, call.Server.SearchOptions(call.BaseUrl, terminology)).TryGet(out var request, out refusal))
        {
            return refusal;
        }

        var outcome = await call.Server.Store.ReadAsync(reader => RunAsync(reader, call.Access, target, request, call.Cancellation), call.Cancellation);
        if (!outcome.TryGet(out var page, out refusal))
        {
            return refusal;
        }

        call.Notes.Add(new AuditNote(call.Route.Interaction, [.. page.Matches, .. page.Includes], target.Path + "?" + request.ToQuery(request.Page)));
        return Reply.Body(Write(call.Server, call.BaseUrl, target, request, page, parameters.FirstOrDefault(p => p.Key == "_format").Value));
    }

    private static Task<Terminology> TerminologyAsync(FhirCall call, IReadOnlyList<KeyValuePair<string, string>> parameters) =>
        parameters.Any(p => p.Key.Contains(':', StringComparison.Ordinal))
            ? call.Server.Store.ReadAsync(reader => TenantTerminology.LoadAsync(reader, call.Access, parameters, call.Cancellation), call.Cancellation)
            : Task.FromResult(Terminology.Default);

    /// <summary>Reads the search and checks that the caller may make it.</summary>
    public static Outcome<SearchRequest> Prepare(SearchTarget target, IReadOnlyList<KeyValuePair<string, string>> parameters, Access access, bool isStrict, SearchOptions options)
    {
        var type = target.Member ?? target.Type;
        if (target.Member is not null)
        {
            if (!Compartments.Contains(target.Type) || (target.Member != "*" && (!Types.IsSupported(target.Member) || Definitions.Compartment(target.Type!, target.Member).Count == 0)))
            {
                return Refusal.Of(RefusalKind.NotFound, "not-supported", $"'{Types.Clip(target.Path)}' is no compartment search: {Types.Clip(target.Member)} is not in a compartment of {target.Type}", "compartment");
            }

            type = target.Member == "*" ? null : target.Member;
        }

        if (type is not null && access.Require(type, Permissions.Search) is { } refusal)
        {
            return refusal;
        }

        // How the answer is written is not part of the search.
        var own = parameters.Where(p => p.Key is not ("_format" or "_pretty"));
        if (!SearchRequest.Parse(type, own, isStrict, options).TryGet(out var request, out refusal))
        {
            return refusal;
        }

        foreach (var named in type is null ? request.Types : [])
        {
            if (access.Require(named, Permissions.Search) is { } forbidden)
            {
                return forbidden;
            }
        }

        return target.Member is null ? request : request.InCompartment(target.Type!, target.Id!);
    }

    public static async Task<Outcome<SearchPage>> RunAsync(StoreReader reader, Access access, SearchTarget target, SearchRequest request, CancellationToken cancellation = default)
    {
        if (target.Member is not null && (!Types.IsId(target.Id!) || await reader.Resources.FindAsync(access.Tenant, target.Type!, target.Id!, cancellation) is not { IsDeleted: false }))
        {
            return Read.NotFound(target.Type!, target.Id!);
        }

        return (await reader.Search.PageAsync(access.Tenant, request, access.Restriction, cancellation))
            .Map(page => target.Member is null ? Artefacts.Add(page, access.Tenant, target.Type, request) : page);
    }

    /// <summary>The searchset Bundle (FHIR R4 search.html#return).</summary>
    public static ReadOnlyMemory<byte> Write(FhirServer server, string baseUrl, SearchTarget target, SearchRequest request, SearchPage page, string? format)
    {
        using var bundle = new BundleWriter("searchset", baseUrl, server.Time.GetUtcNow());
        if (page.Total is { } total)
        {
            bundle.Total(total);
        }

        var self = Link(baseUrl, target, request.ToQuery(request.Page), format);
        if (page.Next is null)
        {
            bundle.Links(("self", self));
        }
        else
        {
            bundle.Links(("self", self), ("next", Link(baseUrl, target, request.ToQuery(page.Next), format)));
        }

        var shape = new Shape(request.Summary, request.Elements, request.IsCountOnly, false);
        foreach (var match in page.Matches)
        {
            bundle.SearchEntry(match, "match", shape);
        }

        foreach (var include in page.Includes)
        {
            bundle.SearchEntry(include, "include", shape with { Elements = [] });
        }

        if (page.Issues.Count > 0)
        {
            bundle.OutcomeEntry(page.Issues);
        }

        return bundle.Finish();
    }

    private static string Link(string baseUrl, SearchTarget target, string query, string? format)
    {
        query += string.IsNullOrEmpty(format) ? "" : (query.Length == 0 ? "" : "&") + "_format=" + Uri.EscapeDataString(format);
        var address = target.Path.Length == 0 ? baseUrl : baseUrl + "/" + target.Path;
        return query.Length == 0 ? address : address + "?" + query;
    }

    private static async Task<Outcome<IReadOnlyList<KeyValuePair<string, string>>>> ParametersAsync(FhirCall call)
    {
        var request = call.Http.Request;
        var parameters = new List<KeyValuePair<string, string>>();
        foreach (var (name, values) in request.Query)
        {
            parameters.AddRange(values.Select(v => new KeyValuePair<string, string>(name, v ?? "")));
        }

        if (!HttpMethods.IsPost(request.Method))
        {
            return parameters;
        }

        if (!MediaTypes.IsForm(request.ContentType))
        {
            // FHIR R4 http.html#search: parameters of a POST are form data; without any, there is no body.
            return request.ContentLength is null or 0 && request.ContentType is null
                ? parameters
                : MediaTypes.Unsupported(request.ContentType, "application/x-www-form-urlencoded");
        }

        if (!(await RequestBody.ReadAsync(call)).TryGet(out var body, out var refusal))
        {
            return refusal;
        }

        foreach (var part in System.Text.Encoding.UTF8.GetString(body.Span).Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            parameters.Add(equals < 0 ? new(Decode(part), "") : new(Decode(part[..equals]), Decode(part[(equals + 1)..])));
        }

        return parameters;
    }

    private static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' ').Trim('\r', '\n'));
}

/// <summary>What is searched: a type, the types in a compartment, or everything.</summary>
internal sealed record SearchTarget(string? Type, string? Id, string? Member)
{
    /// <summary>Relative to the base.</summary>
    public string Path => Member is not null ? $"{Type}/{Id}/{Member}" : Type ?? "";
}
