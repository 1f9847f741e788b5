using SecondOpinion.Fhir;
using SecondOpinion.FhirRest.Edge;
using SecondOpinion.Security;

namespace SecondOpinion.FhirRest;

/// <summary>FHIR R4 resource-operation-validate.html: says what is wrong with a resource and stores nothing. 200 whenever it could be checked.</summary>
internal static class Validate
{
    /// <summary>POST with the resource itself, or Parameters whose part <c>resource</c> is it.</summary>
    public static async Task<Reply> HandleAsync(FhirCall call)
    {
        var type = call.Type;
        if (call.Access.Require(type, Permissions.Create) is { } refusal && call.Access.Require(type, Permissions.Update) is not null && call.Access.Require(type, Permissions.Read) is not null)
        {
            return refusal;
        }

        if (!(await RequestBody.ResourceAsync(call)).TryGet(out var resource, out refusal!))
        {
            // What cannot be read at all is still an answer of this operation, if it was resource content.
            return refusal.Kind == RefusalKind.Invalid ? Reply.Body(OperationOutcome.ToJson(refusal.Issues)) : refusal;
        }

        if (resource.ResourceType == "Parameters" && type != "Parameters")
        {
            FhirNode part = default;
            foreach (var parameter in resource.Root.All("parameter"))
            {
                if (parameter.Text("name") == "resource")
                {
                    part = parameter["resource"];
                }
            }

            if (!part.Exists)
            {
                return Refusal.Of(RefusalKind.Invalid, "required", "Parameters has no part 'resource'", "resource-part");
            }

            resource = part.ToResource();
        }

        return resource.ResourceType == type
            ? Outcome(resource)
            : Refusal.Of(RefusalKind.Invalid, "invalid", $"The address says {type}, the resource is a {resource.ResourceType}", "resource-type");
    }

    /// <summary>GET: checks the resource as it is stored.</summary>
    public static async Task<Reply> HandleStoredAsync(FhirCall call)
    {
        var (type, id) = (call.Type, call.Id);
        if (call.Access.Require(type, Permissions.Read) is { } refusal)
        {
            return refusal;
        }

        var outcome = await call.Server.Store.ReadAsync(reader => Read.RunAsync(reader, call.Access, type, id, call.Cancellation), call.Cancellation);
        if (!outcome.TryGet(out var found, out refusal))
        {
            return refusal;
        }

        call.Note(found);
        return Outcome(found.Parse());
    }

    private static Reply Outcome(FhirResource resource) =>
        Reply.Body(OperationOutcome.ToJson(FhirValidator.Validate(resource, new ValidationOptions { BestPractice = true })));
}
