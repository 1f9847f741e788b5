using Microsoft.AspNetCore.Http;
using SecondOpinion.Fhir;
using SecondOpinion.Fhir.Search;
using SecondOpinion.FhirRest.Edge;
using SecondOpinion.Security;
using SecondOpinion.Storage;

namespace SecondOpinion.FhirRest;

/// <summary>FHIR R4 http.html#create, and conditional create (http.html#ccreate).</summary>
internal static class Create
{
    public static async Task<Reply> HandleAsync(FhirCall call)
    {
        var type = call.Type;
        if (Types.RefuseWrite(type) is { } readOnly)
        {
            return Reply.Refused(readOnly) with { Allow = "GET, HEAD" };
        }

        if (call.Access.Require(type, Permissions.Create) is { } refusal)
        {
            return refusal;
        }

        SearchRequest? criteria = null;
        if (call.Conditions.IfNoneExist is { } query && !Conditional.Parse(type, query).TryGet(out criteria, out refusal))
        {
            return refusal;
        }

        if (!(await RequestBody.ResourceAsync(call, type)).TryGet(out var resource, out refusal)
            || !(await Writing.AcceptAsync(call, resource)).TryGet(out resource, out refusal))
        {
            return refusal;
        }

        return await Writing.RunAsync(call, transaction => RunAsync(transaction, call.Access, resource, criteria));
    }

    /// <summary>Stores a new resource, or finds the one that is there: lookup and write are one transaction, so two at once make one resource.</summary>
    public static async Task<Outcome<Written>> RunAsync(StoreTransaction transaction, Access access, FhirResource resource, SearchRequest? criteria, string? id = null)
    {
        if (criteria is not null)
        {
            if (!(await Conditional.FindAsync(transaction, access.Tenant, criteria)).TryGet(out var match, out var several))
            {
                return several!;
            }

            if (match is not null)
            {
                return new Written(match, StatusCodes.Status200OK, IsUnchanged: true);
            }
        }

        if (!(await transaction.Writes.CreateAsync(access.Tenant, resource, id)).TryGet(out var stored, out var refusal))
        {
            return refusal;
        }

        return await access.RefuseAsync(transaction, stored, Permissions.Create) is { } beyond ? beyond : new Written(stored, StatusCodes.Status201Created);
    }
}
