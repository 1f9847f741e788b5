using Microsoft.AspNetCore.Http;
using SecondOpinion.Fhir;
using SecondOpinion.FhirRest.Edge;
using SecondOpinion.Storage;

namespace SecondOpinion.FhirRest.Bundles;

/// <summary>
/// Runs an entry that is an operation (FHIR R4 http.html#transaction, "or using the operations framework") or a history, by the same steps as if it were sent alone.
/// </summary>
internal static class EntryCalls
{
    // Other writes wait for a transaction.
    private static readonly TimeSpan MaxOperated = TimeSpan.FromSeconds(1);

    /// <param name="within">The transaction that the entry is part of; null in a batch.</param>
    public static async Task<Outcome<EntryReply>> RunAsync(StoreReader? within, FhirCall call, BundleEntry entry)
    {
        var inner = Call(within, call, entry);
        var query = inner.Http.Request.Query;
        if (!Shape.Parse(query["_summary"], query["_elements"], null).TryGet(out var shape, out var refusal))
        {
            return refusal;
        }

        if (within is not null && call.Operated > MaxOperated)
        {
            return Refusal.Of(RefusalKind.TooLarge, "too-costly", $"The operations of a transaction may take {MaxOperated.TotalSeconds} s together; send them in a batch", "max-transaction-operations");
        }

        inner.Shape = shape;
        var noted = call.Notes.Count;
        var started = call.Server.Time.GetTimestamp();
        var reply = await entry.Route!.Run(inner);
        call.Operated += call.Server.Time.GetElapsedTime(started);
        if (reply.Refusal is not null)
        {
            // What is refused has told nothing.
            call.Notes.RemoveRange(noted, call.Notes.Count - noted);
            return reply.Refusal;
        }

        return Charge(call, reply.Json.Length) is { } tooMuch ? tooMuch : new EntryReply(reply.Status, Resource: entry.Method == "HEAD" ? default : reply.Json);
    }

    /// <summary>413 when the entries of a Bundle would together answer more than a request may have: each may answer much, and there may be many.</summary>
    public static Refusal? Charge(FhirCall call, int bytes)
    {
        call.Answered += bytes;
        var limit = call.Server.Options.MaxBodyBytes;
        return call.Answered <= limit
            ? null
            : Refusal.Of(RefusalKind.TooLarge, "too-costly", $"The entries of this Bundle would answer more than {limit} bytes; ask for less, or in several Bundles", "max-bundle-answer");
    }

    private static FhirCall Call(StoreReader? within, FhirCall call, BundleEntry entry)
    {
        var outer = call.Http.Request;
        var http = new DefaultHttpContext { RequestServices = call.Http.RequestServices, User = call.Http.User, RequestAborted = call.Cancellation };
        var request = http.Request;
        (request.Scheme, request.Host, request.PathBase) = (outer.Scheme, outer.Host, outer.PathBase);
        request.Method = entry.Method;
        request.Path = FhirRoutes.Prefix + "/" + entry.Path;
        request.QueryString = entry.Query is null ? QueryString.Empty : new QueryString("?" + entry.Query);
        if (entry.Type is not null)
        {
            request.RouteValues["type"] = entry.Type;
        }

        if (entry.Id is not null)
        {
            request.RouteValues["id"] = entry.Id;
        }

        if (entry.Resource is { } resource)
        {
            request.ContentType = MediaTypes.FhirJson;
            request.ContentLength = resource.Json.Length;
            request.Body = new MemoryStream(resource.Json.ToArray(), writable: false);
        }

        return new FhirCall(http, call.Server, entry.Route!, call.Notes) { Access = call.Access, Within = within };
    }
}
