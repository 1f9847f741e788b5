using Microsoft.AspNetCore.Http;
using SecondOpinion.Cases;
using SecondOpinion.Security;
using SecondOpinion.Storage.Audit;

namespace SecondOpinion.DicomWeb.Http;

/// <summary>A request that may go on: who asks, what for, and what the audit trail shall say.</summary>
internal sealed class DicomWebRequest(HttpContext http, Caller caller, DicomWebOptions options, string requestId)
{
    public HttpContext Http { get; } = http;

    public HttpRequest Request => Http.Request;

    public HttpResponse Response => Http.Response;

    public Caller Caller { get; } = caller;

    public string Tenant => Caller.TenantId;

    public Actor Actor { get; } = new(caller.TenantId, caller.ClientId, caller.FhirUser);

    public DicomWebOptions Options { get; } = options;

    public string RequestId { get; } = requestId;

    public CancellationToken Aborted => Http.RequestAborted;

    /// <summary>Without a slash at the end.</summary>
    public string BaseUrl { get; } = BaseUrlOf(http.Request, options);

    /// <summary>What the request touched.</summary>
    public List<string> AuditEntities { get; } = [];

    /// <summary>Tenants whose data the request touched; each may read the audit event.</summary>
    public HashSet<string> AuditOwners { get; } = [];

    public string? StudyUid => Http.Request.RouteValues["study"] as string;

    public string? SeriesUid => Http.Request.RouteValues["series"] as string;

    public string? InstanceUid => Http.Request.RouteValues["instance"] as string;

    public IReadOnlyList<MediaRange> Accepted { get; private set; } = MediaRange.Accepted(http.Request);

    /// <summary>Lets a query parameter stand in for the Accept header, when it says anything.</summary>
    public void UseAccepted(Microsoft.Extensions.Primitives.StringValues values)
    {
        var ranges = MediaRange.Parse(values);
        Accepted = ranges.Count > 0 ? ranges : Accepted;
    }

    public void Warn(string text) => DicomProblem.Warn(Http.Response, Options.ServiceName, text);

    internal static string BaseUrlOf(HttpRequest request, DicomWebOptions options) =>
        options.PublicBaseUrl.Length > 0 ? options.PublicBaseUrl.TrimEnd('/') : $"{request.Scheme}://{request.Host}{request.PathBase}{DicomWebRoutes.Prefix}";
}

/// <summary>An interaction of the service: answers the request and returns null, or says why not.</summary>
internal delegate Task<DicomProblem?> Interaction(DicomWebRequest request);

/// <param name="Method">HTTP method.</param>
/// <param name="Template">Below the prefix.</param>
/// <param name="Name">Code for the audit trail and the log, for example <c>wado-rs</c>.</param>
/// <param name="Resource">The FHIR type whose scopes cover the transaction (design, Access).</param>
/// <param name="Produces">Media types, for the capabilities (PS3.18 8.9).</param>
internal sealed record DicomWebRoute(
    string Method, string Template, string Name, string Resource, Permissions Permission, AuditAction Action, Interaction Interaction, string Summary, IReadOnlyList<string> Produces);
