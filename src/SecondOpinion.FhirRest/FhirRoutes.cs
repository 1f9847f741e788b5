using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SecondOpinion.Fhir;
using SecondOpinion.FhirRest.Edge;
using SecondOpinion.FhirRest.Operations;

namespace SecondOpinion.FhirRest;

/// <summary>A row of the table: one interaction at one address.</summary>
/// <param name="Interaction">Code of http://hl7.org/fhir/restful-interaction or the name of an operation.</param>
internal sealed record FhirRoute(string Method, string Pattern, string Interaction, Func<FhirCall, Task<Reply>> Run, bool IsPublic = false);

/// <summary>All addresses of the FHIR interface (FHIR R4 http.html#summary).</summary>
public static class FhirRoutes
{
    /// <summary>Where the interface is mounted.</summary>
    public const string Prefix = "/fhir";

    internal static IReadOnlyList<FhirRoute> Table { get; } =
    [
        new("GET", "metadata", "capabilities", Metadata.HandleAsync, IsPublic: true),
        new("POST", "", "transaction", Transaction.HandleAsync),
        new("GET", "", "search-system", Search.HandleAsync),
        new("POST", "_search", "search-system", Search.HandleAsync),
        new("GET", "_history", "history-system", History.HandleAsync),
        new("GET", "{type}", "search-type", Search.HandleAsync),
        new("POST", "{type}/_search", "search-type", Search.HandleAsync),
        new("GET", "{type}/_history", "history-type", History.HandleAsync),
        new("POST", "{type}", "create", Create.HandleAsync),
        new("PUT", "{type}", "update", Update.HandleConditionalAsync),
        new("PATCH", "{type}", "patch", Patch.HandleConditionalAsync),
        new("DELETE", "{type}", "delete", Delete.HandleConditionalAsync),
        new("GET", "ValueSet/$expand", "$expand", Expand.HandleAsync),
        new("POST", "ValueSet/$expand", "$expand", Expand.HandleAsync),
        new("GET", "ValueSet/{id}/$expand", "$expand", Expand.HandleAsync),
        new("POST", "ValueSet/{id}/$expand", "$expand", Expand.HandleAsync),
        new("GET", "ValueSet/$validate-code", "$validate-code", ValidateCode.InSetAsync),
        new("POST", "ValueSet/$validate-code", "$validate-code", ValidateCode.InSetAsync),
        new("GET", "ValueSet/{id}/$validate-code", "$validate-code", ValidateCode.InSetAsync),
        new("POST", "ValueSet/{id}/$validate-code", "$validate-code", ValidateCode.InSetAsync),
        new("GET", "CodeSystem/$validate-code", "$validate-code", ValidateCode.InSystemAsync),
        new("POST", "CodeSystem/$validate-code", "$validate-code", ValidateCode.InSystemAsync),
        new("GET", "CodeSystem/{id}/$validate-code", "$validate-code", ValidateCode.InSystemAsync),
        new("POST", "CodeSystem/{id}/$validate-code", "$validate-code", ValidateCode.InSystemAsync),
        new("GET", "CodeSystem/$lookup", "$lookup", Lookup.HandleAsync),
        new("POST", "CodeSystem/$lookup", "$lookup", Lookup.HandleAsync),
        new("GET", "CodeSystem/$subsumes", "$subsumes", Lookup.SubsumesAsync),
        new("POST", "CodeSystem/$subsumes", "$subsumes", Lookup.SubsumesAsync),
        new("GET", "CodeSystem/{id}/$subsumes", "$subsumes", Lookup.SubsumesAsync),
        new("POST", "CodeSystem/{id}/$subsumes", "$subsumes", Lookup.SubsumesAsync),
        new("GET", "ConceptMap/$translate", "$translate", Translate.HandleAsync),
        new("POST", "ConceptMap/$translate", "$translate", Translate.HandleAsync),
        new("GET", "ConceptMap/{id}/$translate", "$translate", Translate.HandleAsync),
        new("POST", "ConceptMap/{id}/$translate", "$translate", Translate.HandleAsync),
        new("POST", "{type}/$validate", "$validate", Validate.HandleAsync),
        new("GET", "{type}/{id}", "read", Read.HandleAsync),
        new("PUT", "{type}/{id}", "update", Update.HandleAsync),
        new("PATCH", "{type}/{id}", "patch", Patch.HandleAsync),
        new("DELETE", "{type}/{id}", "delete", Delete.HandleAsync),
        new("GET", "{type}/{id}/$validate", "$validate", Validate.HandleStoredAsync),
        new("POST", "{type}/{id}/$validate", "$validate", Validate.HandleAsync),
        new("GET", "{type}/{id}/_history", "history-instance", History.HandleAsync),
        new("GET", "{type}/{id}/_history/{version}", "vread", VersionRead.HandleAsync),
        new("GET", "{type}/{id}/{member}", "search-compartment", Search.HandleAsync),
        new("POST", "{type}/{id}/{member}/_search", "search-compartment", Search.HandleAsync),
    ];

    /// <summary>All addresses below <see cref="Prefix"/> as the published contract lists them.</summary>
    public static IEnumerable<(string Method, string Pattern, string Interaction, bool IsPublic)> Addresses => Table.Select(r => (r.Method, r.Pattern, r.Interaction, r.IsPublic));

    /// <summary>The row of an operation at an address below the base, cut at its slashes; null when there is none.</summary>
    internal static FhirRoute? Operation(string method, string[] parts) => Table.FirstOrDefault(r =>
        r.Interaction == parts[^1]
        && r.Method == (method == "HEAD" ? "GET" : method)
        && r.Pattern.Split('/') is var pattern
        && pattern.Length == parts.Length
        && (pattern[0] == parts[0] || pattern[0] == "{type}"));

    /// <summary>The row of an interaction that has one address.</summary>
    internal static FhirRoute Of(string interaction) => Table.First(r => r.Interaction == interaction);

    /// <summary>Maps the whole interface below <see cref="Prefix"/>; authentication must have run before it.</summary>
    public static RouteGroupBuilder MapFhir(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup(Prefix);
        foreach (var pattern in Table.GroupBy(r => r.Pattern))
        {
            var methods = pattern.ToDictionary(r => r.Method);
            foreach (var row in pattern)
            {
                // A GET answers HEAD as well, without the body (RFC 9110 9.3.2).
                string[] verbs = row.Method == "GET" ? ["GET", "HEAD"] : [row.Method];
                group.MapMethods(row.Pattern, verbs, FhirEdge.Handle(row)).WithDisplayName($"FHIR {row.Interaction}").WithMetadata(row);
            }

            var allow = string.Join(", ", methods.Keys.SelectMany(m => m == "GET" ? new[] { "GET", "HEAD" } : [m]));
            group.Map(pattern.Key, FhirEdge.Handle(NotAllowed(pattern.Key, allow))).WithDisplayName("FHIR 405").ExcludeFromDescription();
        }

        group.Map("{**rest}", FhirEdge.Handle(Nothing)).WithDisplayName("FHIR 404").WithOrder(2).ExcludeFromDescription();
        return group;
    }

    private static FhirRoute Nothing { get; } = new("*", "{**rest}", "none", static _ => Task.FromResult<Reply>(
        Refusal.Of(RefusalKind.NotFound, "not-supported", "There is no such address in the FHIR interface", "route")), IsPublic: true);

    private static FhirRoute NotAllowed(string pattern, string allow) => new("*", pattern, "none", call => Task.FromResult(
        Reply.Refused(Refusal.Of(RefusalKind.NotAllowed, "not-supported", $"{Types.Clip(call.Http.Request.Method)} is not possible here; allowed: {allow}", "method")) with { Allow = allow }), IsPublic: true);
}
