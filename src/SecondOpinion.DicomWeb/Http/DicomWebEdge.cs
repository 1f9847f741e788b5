using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SecondOpinion.Cases;
using SecondOpinion.Security;
using SecondOpinion.Storage;
using SecondOpinion.Storage.Audit;
using SecondOpinion.Storage.Dicom;

namespace SecondOpinion.DicomWeb.Http;

/// <summary>The one place between HTTP and the interactions: who may, what a refusal looks like, what the audit trail says.</summary>
internal sealed class DicomWebEdge(IOptions<DicomWebOptions> options, AuditTrail audit, TimeProvider clock, ILogger<DicomWebEdge> logger)
{
    private static readonly string[] s_uidValues = ["study", "series", "instance", "workitem"];

    private readonly DicomWebOptions _options = options.Value;

    public async Task RunAsync(HttpContext http, DicomWebRoute route)
    {
        var requestId = Activity.Current?.TraceId.ToHexString() ?? http.TraceIdentifier;
        var caller = Caller.From(http.User);
        var request = caller is null ? null : new DicomWebRequest(http, caller, _options, requestId);
        try
        {
            var problem = Refused(http, caller, route) ?? await route.Interaction(request!);
            if (problem is not null && !http.Response.HasStarted)
            {
                await problem.WriteAsync(http, _options.ServiceName, requestId);
            }
        }
        catch (Exception e) when (http.RequestAborted.IsCancellationRequested && e is OperationCanceledException or IOException)
        {
            // The client is gone; nobody reads an answer.
        }
        catch (BadHttpRequestException e) when (!http.Response.HasStarted)
        {
            // Kestrel's own limits: body too large, too slow, malformed chunks.
            await new DicomProblem(e.StatusCode, "Bad request", e.StatusCode == StatusCodes.Status413PayloadTooLarge ? "The request is larger than MaxRequestBytes." : "The request body could not be read.")
                .WriteAsync(http, _options.ServiceName, requestId);
        }
        catch (Exception e) when (StorageFull.IsCauseOf(e) && !http.Response.HasStarted)
        {
            // PS3.18 10.5.3.1: 503 when the server cannot store for now.
            logger.Failed(e, requestId, route.Name);
            http.Response.Headers.RetryAfter = "300";
            await new DicomProblem(StatusCodes.Status503ServiceUnavailable, "Out of resources", "The server has no room to store this; try again later.")
                .WriteAsync(http, _options.ServiceName, requestId);
        }
        catch (Exception e)
        {
            logger.Failed(e, requestId, route.Name);
            if (http.Response.HasStarted)
            {
                http.Abort(); // a body cut short must not look whole
            }
            else
            {
                await new DicomProblem(StatusCodes.Status500InternalServerError, "Internal error", $"The server failed; its log has the reason under {requestId}.")
                    .WriteAsync(http, _options.ServiceName, requestId);
            }
        }

        await RecordAsync(http, caller, request, route, requestId);
    }

    private static DicomProblem? Refused(HttpContext http, Caller? caller, DicomWebRoute route)
    {
        if (caller is null)
        {
            // PS3.18 8.5, RFC 6750 3
            http.Response.Headers.WWWAuthenticate = "Bearer realm=\"dicomweb\"";
            return new DicomProblem(StatusCodes.Status401Unauthorized, "Not authenticated", "The request has no valid access token.");
        }

        var decision = caller.Decide(route.Resource, route.Permission);
        if (!decision.IsAllowed || decision.AnyOf.Count > 0)
        {
            http.Response.Headers.WWWAuthenticate = "Bearer realm=\"dicomweb\", error=\"insufficient_scope\"";
            return new DicomProblem(StatusCodes.Status403Forbidden, "Forbidden", decision.IsAllowed
                ? $"DICOMweb needs a {route.Resource} scope without a patient or filter: its index cannot be narrowed by them."
                : $"The access token has no {route.Resource} scope for this.");
        }

        foreach (var name in s_uidValues)
        {
            if (http.Request.RouteValues[name] is string uid && !StudyReads.IsUid(uid))
            {
                return DicomProblem.BadRequest($"The {name} in the path is no UID.");
            }
        }

        return null;
    }

    private ValueTask RecordAsync(HttpContext http, Caller? caller, DicomWebRequest? request, DicomWebRoute route, string requestId)
    {
        if (caller is null || request is null)
        {
            return ValueTask.CompletedTask; // nobody to name; the host logs refused tokens
        }

        var entry = new AuditEntry(
            request.Actor,
            route.Action,
            route.Name,
            request.AuditEntities.Count > 0 ? request.AuditEntities : request.StudyUid is { } study ? ["urn:oid:" + study] : [],
            [],
            route.Action == AuditAction.Query ? http.Request.QueryString.Value : null,
            http.Response.StatusCode < 400,
            requestId,
            http.Connection.RemoteIpAddress?.ToString(),
            clock.GetUtcNow(),
            request.AuditOwners.Count == 0 ? null : [.. request.AuditOwners]);
        return audit.RecordAsync(entry, CancellationToken.None);
    }
}
