using System.Buffers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SecondOpinion.Fhir;
using SecondOpinion.FhirRest.Operations;
using SecondOpinion.Security;
using SecondOpinion.Storage;

namespace SecondOpinion.FhirRest.Edge;

/// <summary>
/// The one place between HTTP and interactions: negotiates, finds out who calls, runs the interaction, keeps the audit trail, and makes an OperationOutcome of
/// every refusal and failure.
/// </summary>
internal static partial class FhirEdge
{
    public static RequestDelegate Handle(FhirRoute route) => http => RunAsync(http, route);

    private static async Task RunAsync(HttpContext http, FhirRoute route)
    {
        var server = http.RequestServices.GetRequiredService<FhirServer>();
        var call = new FhirCall(http, server, route);
        Reply reply;
        var isAnswering = false;
        try
        {
            reply = Prepare(call) is { } refusal ? refusal : await route.Run(call);
            isAnswering = true;
            await AuditGlue.RecordAsync(call, reply);
            await ReplyWriter.WriteAsync(call, reply);
            return;
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // Nobody waits for an answer any more.
            return;
        }
        catch (BadHttpRequestException e)
        {
            // The server's own limits and malformed framing.
            reply = Refusal.Of(
                e.StatusCode == StatusCodes.Status413PayloadTooLarge ? RefusalKind.TooLarge : RefusalKind.Invalid,
                e.StatusCode == StatusCodes.Status413PayloadTooLarge ? "too-long" : "invalid",
                "The request could not be read",
                "http-request");
        }
        catch (FhirException e) when (!isAnswering)
        {
            // Content that passed the checks of its form and proved too much for the work on it, for example for an expression's budget.
            reply = new Refusal(RefusalKind.Unprocessable, e.Issues);
        }
        catch (FhirException e) when (!http.Response.HasStarted && call.Format == WireFormat.Xml)
        {
            // Stored JSON that has no XML form, for example narrative that came in by a store that checks less.
            LogNoXml(server.Log, call.RequestId, e.Issues[0].Code);
            call.Format = WireFormat.Json;
            reply = Refusal.Of(MediaTypes.NotAcceptable, "not-supported", "The resource has no XML form; ask for application/fhir+json", "no-xml");
        }
        catch (Exception e) when (StorageFull.IsCauseOf(e) && !http.Response.HasStarted)
        {
            LogFailure(server.Log, e, call.RequestId);
            reply = Refusal.Of(RefusalKind.Unavailable, "no-store", "The server has no room to store this; try again later", "storage-full");
        }
        catch (Exception e)
        {
            LogFailure(server.Log, e, call.RequestId);
            if (http.Response.HasStarted)
            {
                http.Abort();
                return;
            }

            reply = new Reply { Status = StatusCodes.Status500InternalServerError, Json = Failure(call.RequestId) };
        }

        if (!http.Response.HasStarted)
        {
            http.Response.Clear();
            http.Response.Headers["X-Request-Id"] = call.RequestId;
            await ReplyWriter.WriteAsync(call, reply);
        }
    }

    /// <summary>Everything that can be refused before the interaction runs.</summary>
    private static Refusal? Prepare(FhirCall call)
    {
        var request = call.Http.Request;
        var query = request.QueryString.HasValue ? request.Query : null;
        if (!MediaTypes.ForReply(query?["_format"], request.Headers.Accept).TryGet(out var format, out var refusal))
        {
            return refusal;
        }

        call.Format = format;
        if (query is not null)
        {
            if (!Shape.Parse(query["_summary"], query["_elements"], query["_pretty"]).TryGet(out var shape, out refusal))
            {
                return refusal;
            }

            call.Shape = shape;
        }

        // What an address of an operation leaves to be read as an id or a type in a compartment is no operation of this server.
        if ((call.Parameter("member") ?? call.Parameter("id")) is ['$', ..] operation)
        {
            return Refusal.Of(RefusalKind.NotFound, "not-supported", $"There is no operation '{Types.Clip(operation)}' at this address", "operation-unknown");
        }

        if (call.Route.IsPublic)
        {
            return null;
        }

        if (Caller.From(call.Http.User) is not { } caller)
        {
            return Refusal.Of(RefusalKind.Unauthorized, "login", "An access token that names a tenant and a client is required", "token");
        }

        call.Access = new Access(caller);
        return call.Parameter("type") is { } type ? Types.Refuse(type) : null;
    }

    private static byte[] Failure(string requestId) =>
        OperationOutcome.ToJson([new FhirIssue(IssueSeverity.Fatal, "exception", $"Internal error; quote the request id {requestId}", Key: "internal")]);

    [LoggerMessage(EventId = 3001, Level = LogLevel.Error, Message = "Request {RequestId} failed")]
    private static partial void LogFailure(ILogger log, Exception exception, string requestId);

    [LoggerMessage(EventId = 3002, Level = LogLevel.Warning, Message = "Request {RequestId}: stored resource has no XML form ({Code})")]
    private static partial void LogNoXml(ILogger log, string requestId, string code);
}

/// <summary>Which resource types have endpoints, and what their ids look like.</summary>
internal static class Types
{
    private static readonly SearchValues<char> IdCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.");

    /// <summary>Kept by the server alone: clients read and search them.</summary>
    public static bool IsReadOnly(string type) => type == "AuditEvent";

    // Parameters only travels (FHIR R4 parameters.html: it has no endpoint).
    public static bool IsSupported(string type) => type != "Parameters" && Definitions.IsResource(type);

    public static Refusal? Refuse(string type) =>
        IsSupported(type)
            ? null
            : Refusal.Of(RefusalKind.NotFound, "not-supported", $"'{Clip(type)}' is not a resource type of this server", "resource-type");

    /// <summary>405 for writes of what the server keeps: a type, or one of its own definitions.</summary>
    public static Refusal? RefuseWrite(string type, string? id = null) =>
        IsReadOnly(type) ? Refusal.Of(RefusalKind.NotAllowed, "not-supported", $"{type} is kept by the server; clients may read and search it", "read-only-type")
        : id is not null && Artefacts.Find(type, id) is not null ? Refusal.Of(RefusalKind.NotAllowed, "not-supported", $"{type}/{id} is a definition of the server; clients may read it", "read-only-artefact")
        : null;

    /// <summary>FHIR R4 datatypes.html#id.</summary>
    public static bool IsId(string id) =>
        id.Length is > 0 and <= 64 && !id.AsSpan().ContainsAnyExcept(IdCharacters);

    public static string Clip(string text) => text.Length <= 80 ? text : text[..77] + "...";
}
