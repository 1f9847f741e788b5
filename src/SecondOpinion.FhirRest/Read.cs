using Microsoft.AspNetCore.Http;
using SecondOpinion.Fhir;
using SecondOpinion.FhirRest.Edge;
using SecondOpinion.FhirRest.Operations;
using SecondOpinion.Security;
using SecondOpinion.Storage;

namespace SecondOpinion.FhirRest;

/// <summary>FHIR R4 http.html#read: the current version of a resource, as it is stored.</summary>
internal static class Read
{
    public static async Task<Reply> HandleAsync(FhirCall call)
    {
        var (type, id) = (call.Type, call.Id);
        if (call.Access.Require(type, Permissions.Read) is { } refusal)
        {
            return refusal;
        }

        var outcome = await call.Server.Store.ReadAsync(reader => RunAsync(reader, call.Access, type, id, call.Cancellation), call.Cancellation);
        return outcome.TryGet(out var found, out refusal) ? Answer(call, found) : refusal;
    }

    /// <summary>404 for what the caller may not see, 410 for what is deleted.</summary>
    public static async Task<Outcome<StoredResource>> RunAsync(StoreReader reader, Access access, string type, string id, CancellationToken cancellation = default)
    {
        if (Artefacts.Stored(access.Tenant, type, id) is { } own)
        {
            return own;
        }

        var found = Types.IsId(id) ? await reader.Resources.FindAsync(access.Tenant, type, id, cancellation) : null;
        if (found is null || (!found.IsDeleted && !await access.PermitsAsync(reader, found, Permissions.Read, cancellation)))
        {
            return NotFound(type, id);
        }

        return found.IsDeleted ? Gone(found) : found;
    }

    public static Reply Answer(FhirCall call, StoredResource found)
    {
        call.Note(found);
        return call.Conditions.IsNotModified(found) ? Reply.Empty(StatusCodes.Status304NotModified, found) : Reply.Of(found);
    }

    public static Refusal NotFound(string type, string id) =>
        Refusal.Of(RefusalKind.NotFound, "not-found", $"{type}/{Types.Clip(id)} is not known", "not-found");

    public static Refusal Gone(StoredResource deleted) =>
        Refusal.Of(RefusalKind.Gone, "deleted", $"{deleted.Reference} was deleted with version {deleted.Version}", "deleted");
}
