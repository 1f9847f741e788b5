using Microsoft.AspNetCore.Http;
using SecondOpinion.Fhir;
using SecondOpinion.Fhir.Search;
using SecondOpinion.FhirRest.Edge;
using SecondOpinion.Security;
using SecondOpinion.Storage;

namespace SecondOpinion.FhirRest;

/// <summary>FHIR R4 http.html#update, update as create (#upsert) and conditional update (#cond-update).</summary>
internal static class Update
{
    public static async Task<Reply> HandleAsync(FhirCall call)
    {
        var (type, id) = (call.Type, call.Id);
        if (Types.RefuseWrite(type, id) is { } readOnly)
        {
            return Reply.Refused(readOnly) with { Allow = "GET, HEAD" };
        }

        if (call.Access.Require(type, Permissions.Update) is { } refusal)
        {
            return refusal;
        }

        if (!(await RequestBody.ResourceAsync(call, type)).TryGet(out var resource, out refusal))
        {
            return refusal;
        }

        if (CheckId(resource, id) is { } mismatch)
        {
            return mismatch;
        }

        if (!(await Writing.AcceptAsync(call, resource)).TryGet(out resource, out refusal))
        {
            return refusal;
        }

        return await Writing.RunAsync(call, transaction => RunAsync(transaction, call.Access, id, resource, call.Conditions));
    }

    public static async Task<Reply> HandleConditionalAsync(FhirCall call)
    {
        var type = call.Type;
        if (Types.RefuseWrite(type) is { } readOnly)
        {
            return Reply.Refused(readOnly) with { Allow = "GET, HEAD" };
        }

        if (call.Access.Require(type, Permissions.Update) is { } refusal
            || !Conditional.Parse(type, call.Http.Request.QueryString.Value).TryGet(out var criteria, out refusal)
            || !(await RequestBody.ResourceAsync(call, type)).TryGet(out var resource, out refusal)
            || !(await Writing.AcceptAsync(call, resource)).TryGet(out resource, out refusal))
        {
            return refusal;
        }

        return await Writing.RunAsync(call, transaction => RunConditionalAsync(transaction, call.Access, criteria, resource, call.Conditions));
    }

    /// <summary>400 unless the body carries the id of the address.</summary>
    public static Refusal? CheckId(FhirResource resource, string id)
    {
        if (!Types.IsId(id))
        {
            return Refusal.Of(RefusalKind.Invalid, "value", $"'{Types.Clip(id)}' is not an id: 1 to 64 letters, digits, '-' or '.'", "id");
        }

        return resource.Id == id
            ? null
            : Refusal.Of(RefusalKind.Invalid, "invalid", $"The body's id is {(resource.Id is { } other ? $"'{Types.Clip(other)}'" : "missing")}; the address says '{id}'", "id-mismatch", resource.ResourceType + ".id");
    }

    public static async Task<Outcome<Written>> RunAsync(StoreTransaction transaction, Access access, string id, FhirResource resource, Conditions conditions)
    {
        var current = await transaction.Resources.FindAsync(access.Tenant, resource.ResourceType, id);
        if (conditions.CheckMatch(current) is { } stale)
        {
            return stale;
        }

        if (conditions.CheckNoneMatch(current) is { } exists)
        {
            return exists;
        }

        if (current is not null)
        {
            return await ReplaceAsync(transaction, access, current, resource);
        }

        var created = await transaction.Writes.CreateAsync(access.Tenant, resource, id, "PUT");
        if (created.Refusal is { } taken)
        {
            // Taken by a tenant whose data this one may not see: for it there is no such resource.
            return taken.Kind == RefusalKind.Conflict ? Read.NotFound(resource.ResourceType, id) : taken;
        }

        return await access.RefuseAsync(transaction, created.Value, Permissions.Update) is { } beyond
            ? beyond
            : new Written(created.Value, StatusCodes.Status201Created);
    }

    public static async Task<Outcome<Written>> RunConditionalAsync(StoreTransaction transaction, Access access, SearchRequest criteria, FhirResource resource, Conditions conditions)
    {
        if (!(await Conditional.FindAsync(transaction, access.Tenant, criteria)).TryGet(out var match, out var several))
        {
            return several!;
        }

        if (match is null)
        {
            if (conditions.CheckMatch(null) is { } stale)
            {
                return stale;
            }

            return resource.Id is { } id
                ? await RunAsync(transaction, access, id, resource, conditions)
                : await Create.RunAsync(transaction, access, resource, null);
        }

        if (resource.Id is { } other && other != match.Id)
        {
            return Refusal.Of(RefusalKind.Invalid, "invalid", $"The criteria match {match.Reference}, but the body's id is '{Types.Clip(other)}'", "id-mismatch");
        }

        if (conditions.CheckMatch(match) is { } conflict)
        {
            return conflict;
        }

        return await ReplaceAsync(transaction, access, match, resource);
    }

    /// <summary>A new version of what is there; 201 when it was deleted.</summary>
    public static async Task<Outcome<Written>> ReplaceAsync(StoreTransaction transaction, Access access, StoredResource current, FhirResource resource, string method = "PUT")
    {
        if (await RefuseWriteAsync(transaction, access, current, Permissions.Update) is { } refusal)
        {
            return refusal;
        }

        var stored = await transaction.Writes.UpdateAsync(current, resource, method);
        return await access.RefuseAsync(transaction, stored, Permissions.Update) is { } beyond
            ? beyond
            : new Written(stored, current.IsDeleted ? StatusCodes.Status201Created : StatusCodes.Status200OK);
    }

    /// <summary>403 for a resource that a case lets the caller see but not write; 404 for one that the scopes' filters hide.</summary>
    public static async Task<Refusal?> RefuseWriteAsync(StoreTransaction transaction, Access access, StoredResource current, Permissions needed)
    {
        if (!current.IsDeleted && !await access.PermitsAsync(transaction, current, needed))
        {
            return Read.NotFound(current.Type, current.Id);
        }

        return current.CanWrite
            ? null
            : Refusal.Of(RefusalKind.Forbidden, "forbidden", $"{current.Reference} belongs to another organization, which shares it for reading", "not-owner");
    }
}
