using SecondOpinion.Fhir;
using SecondOpinion.Fhir.Patch;
using SecondOpinion.Fhir.Search;
using SecondOpinion.FhirRest.Bundles;
using SecondOpinion.FhirRest.Edge;
using SecondOpinion.Security;
using SecondOpinion.Storage;

namespace SecondOpinion.FhirRest;

/// <summary>Makes of a resource what a patch says.</summary>
internal delegate Outcome<FhirResource> PatchWork(FhirResource resource);

/// <summary>FHIR R4 http.html#patch with JSON Patch, XML Patch or FHIRPath Patch, by id or by criteria.</summary>
internal static class Patch
{
    public static Task<Reply> HandleAsync(FhirCall call) => HandleAsync(call, call.Id, null);

    public static Task<Reply> HandleConditionalAsync(FhirCall call) => HandleAsync(call, null, call.Http.Request.QueryString.Value ?? "");

    private static async Task<Reply> HandleAsync(FhirCall call, string? id, string? query)
    {
        var type = call.Type;
        if (Types.RefuseWrite(type, id) is { } readOnly)
        {
            return Reply.Refused(readOnly) with { Allow = "GET, HEAD" };
        }

        if (call.Access.Require(type, Permissions.Update) is { } refusal)
        {
            return refusal;
        }

        SearchRequest? criteria = null;
        if (query is not null && !Conditional.Parse(type, query).TryGet(out criteria, out refusal))
        {
            return refusal;
        }

        if (!(await ReadAsync(call)).TryGet(out var patch, out refusal))
        {
            return refusal;
        }

        await PrefetchAsync(call, type, id, criteria, patch);
        return await Writing.RunAsync(call, transaction => RunAsync(transaction, call.Server, call.Access, type, id, criteria, patch, call.Conditions));
    }

    /// <summary>As below, for an entry of a Bundle; nothing for one that is no patch.</summary>
    public static Task PrefetchAsync(FhirCall call, BundleEntry entry) =>
        entry.Patch is { } patch ? PrefetchAsync(call, entry.Type!, entry.Id, entry.Criteria, patch) : Task.CompletedTask;

    /// <summary>
    /// Asks the terminology server, before a transaction begins, about the codes that the patch would leave. In the transaction the patch is applied anew, to what is there then.
    /// </summary>
    private static async Task PrefetchAsync(FhirCall call, string type, string? id, SearchRequest? criteria, PatchWork patch)
    {
        if (!call.Remote.IsConfigured)
        {
            return;
        }

        var patched = await call.Server.Store.ReadAsync(
            async reader =>
            {
                var current = criteria is not null ? (await Conditional.FindAsync(reader, call.Tenant, criteria)).TryGet(out var match, out _) ? match : null
                    : Types.IsId(id!) ? await reader.Resources.FindAsync(call.Tenant, type, id!, call.Cancellation)
                    : null;

                // What is refused here is refused again, with its reasons, where it is written.
                return current is { IsDeleted: false, CanWrite: true } && await call.Access.PermitsAsync(reader, current, Permissions.Update, call.Cancellation)
                    && patch(current.Parse()).TryGet(out var result, out _) ? result : null;
            },
            call.Cancellation);
        if (patched is not null)
        {
            await Writing.PrefetchAsync(call, [patched]);
        }
    }

    /// <summary>The patch of a request, by its Content-Type; a Parameters resource is a FHIRPath Patch (FHIR R4 fhirpatch.html).</summary>
    private static async Task<Outcome<PatchWork>> ReadAsync(FhirCall call)
    {
        var contentType = call.Http.Request.ContentType;
        var isJson = MediaTypes.IsJsonPatch(contentType);
        if (isJson || MediaTypes.IsXmlPatch(contentType))
        {
            var body = await RequestBody.ReadAsync(call);
            return body is { IsRefused: false, Value.IsEmpty: true }
                ? RequestBody.Missing
                : body.Map<PatchWork>(bytes => isJson ? r => JsonPatch.Apply(r, bytes.Span) : r => XmlPatch.Apply(r, bytes));
        }

        if (MediaTypes.OfBody(contentType) is null)
        {
            return MediaTypes.Unsupported(contentType, $"{MediaTypes.JsonPatch}, {MediaTypes.XmlPatch}, application/fhir+json and application/fhir+xml (FHIRPath Patch)");
        }

        return (await RequestBody.ResourceAsync(call, "Parameters")).Map<PatchWork>(parameters => r => FhirPathPatch.Apply(r, parameters));
    }

    /// <summary>Patches the resource of an id, or the one that matches criteria.</summary>
    public static async Task<Outcome<Written>> RunAsync(
        StoreTransaction transaction, FhirServer server, Access access, string type, string? id, SearchRequest? criteria, PatchWork patch, Conditions conditions)
    {
        StoredResource? current;
        if (criteria is not null)
        {
            if (!(await Conditional.FindAsync(transaction, access.Tenant, criteria)).TryGet(out current, out var several))
            {
                return several!;
            }

            if (current is null)
            {
                return Refusal.Of(RefusalKind.NotFound, "not-found", $"No {type} matches the criteria", "criteria");
            }
        }
        else
        {
            current = Types.IsId(id!) ? await transaction.Resources.FindAsync(access.Tenant, type, id!) : null;
            if (current is null)
            {
                return Read.NotFound(type, id!);
            }
        }

        if (current.IsDeleted)
        {
            return Read.Gone(current);
        }

        if (conditions.CheckMatch(current) is { } stale)
        {
            return stale;
        }

        // Rights before the patch: its test operations would tell what is in a resource that the caller may not see.
        if (await Update.RefuseWriteAsync(transaction, access, current, Permissions.Update) is { } forbidden)
        {
            return forbidden;
        }

        if (!patch(current.Parse()).TryGet(out var patched, out var refusal)
            || !Writing.Accept(server, access, patched).TryGet(out patched, out refusal))
        {
            return refusal;
        }

        return await Update.ReplaceAsync(transaction, access, current, patched, "PATCH");
    }
}
