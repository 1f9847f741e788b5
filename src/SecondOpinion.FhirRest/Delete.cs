using Microsoft.AspNetCore.Http;
using SecondOpinion.Fhir;
using SecondOpinion.Fhir.Search;
using SecondOpinion.FhirRest.Edge;
using SecondOpinion.Security;
using SecondOpinion.Storage;

namespace SecondOpinion.FhirRest;

/// <summary>FHIR R4 http.html#delete, and conditional delete of one resource (http.html#3.1.0.7.1).</summary>
internal static class Delete
{
    public static async Task<Reply> HandleAsync(FhirCall call)
    {
        var (type, id) = (call.Type, call.Id);
        if (Types.RefuseWrite(type, id) is { } readOnly)
        {
            return Reply.Refused(readOnly) with { Allow = "GET, HEAD" };
        }

        if (call.Access.Require(type, Permissions.Delete) is { } refusal)
        {
            return refusal;
        }

        return await Writing.RunAsync(call, transaction => RunAsync(transaction, call.Access, type, id, call.Conditions));
    }

    public static async Task<Reply> HandleConditionalAsync(FhirCall call)
    {
        var type = call.Type;
        if (Types.RefuseWrite(type) is { } readOnly)
        {
            return Reply.Refused(readOnly) with { Allow = "GET, HEAD" };
        }

        if (call.Access.Require(type, Permissions.Delete) is { } refusal
            || !Conditional.Parse(type, call.Http.Request.QueryString.Value).TryGet(out var criteria, out refusal))
        {
            return refusal;
        }

        return await Writing.RunAsync(call, transaction => RunConditionalAsync(transaction, call.Access, criteria, call.Conditions));
    }

    public static async Task<Outcome<Written>> RunAsync(StoreTransaction transaction, Access access, string type, string id, Conditions conditions)
    {
        var current = Types.IsId(id) ? await transaction.Resources.FindAsync(access.Tenant, type, id) : null;
        if (conditions.CheckMatch(current) is { } stale)
        {
            return stale;
        }

        if (current is null)
        {
            // Deleting what never was succeeds; deleting what belongs to someone else does not. An update at this address tells as much.
            return await transaction.Resources.FindAnyAsync(type, id) is not null
                ? Read.NotFound(type, id)
                : new Written(null, StatusCodes.Status204NoContent);
        }

        return await RemoveAsync(transaction, access, current);
    }

    public static async Task<Outcome<Written>> RunConditionalAsync(StoreTransaction transaction, Access access, SearchRequest criteria, Conditions conditions)
    {
        if (!(await Conditional.FindAsync(transaction, access.Tenant, criteria)).TryGet(out var match, out var several))
        {
            return several!;
        }

        if (conditions.CheckMatch(match) is { } stale)
        {
            return stale;
        }

        return match is null ? new Written(null, StatusCodes.Status204NoContent) : await RemoveAsync(transaction, access, match);
    }

    private static async Task<Outcome<Written>> RemoveAsync(StoreTransaction transaction, Access access, StoredResource current)
    {
        if (current.IsDeleted)
        {
            return new Written(current, StatusCodes.Status204NoContent);
        }

        // Who may write a shared resource (a Task and its fulfiller) does not own it.
        if (current.TenantId != access.Tenant)
        {
            return Refusal.Of(RefusalKind.Forbidden, "forbidden", $"{current.Reference} belongs to another organization, which alone may delete it", "not-owner");
        }

        return await Update.RefuseWriteAsync(transaction, access, current, Permissions.Delete) is { } refusal
            ? refusal
            : new Written(await transaction.Writes.DeleteAsync(current), StatusCodes.Status204NoContent);
    }
}
