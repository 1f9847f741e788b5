using SecondOpinion.Fhir;
using SecondOpinion.FhirRest.Edge;
using SecondOpinion.FhirRest.Operations;
using SecondOpinion.Security;

namespace SecondOpinion.FhirRest;

/// <summary>FHIR R4 resource-operation-validate.html: says what is wrong with a resource and stores nothing. 200 whenever it could be checked.</summary>
internal static class Validate
{
    private const int MaxProfiles = 20;

    /// <summary>More than one profile is more than R4 asks for; all are checked.</summary>
    public static readonly IReadOnlyList<InputParameter> Inputs =
    [
        new("resource", "Resource"),
        new("mode", "code"),
        new("profile", "uri", Repeats: true),
    ];

    /// <summary>POST with the resource itself, or Parameters with <c>resource</c>, <c>mode</c> and <c>profile</c>; the last two may stand in the query.</summary>
    public static async Task<Reply> HandleAsync(FhirCall call)
    {
        var type = call.Type;
        if (call.Access.Require(type, Permissions.Create) is { } refusal && call.Access.Require(type, Permissions.Update) is not null && call.Access.Require(type, Permissions.Read) is not null)
        {
            return refusal;
        }

        FhirResource? resource = null;
        if (OperationInput.HasBody(call) && !(await RequestBody.ResourceAsync(call)).TryGet(out resource, out refusal!))
        {
            // What cannot be read at all is still an answer of this operation, if it was resource content.
            return refusal.Kind == RefusalKind.Invalid && refusal != RequestBody.Missing ? Reply.Body(OperationOutcome.ToJson(refusal.Issues)) : refusal;
        }

        var isWrapped = resource?.ResourceType == "Parameters";
        if (!Asked.Read(call, isWrapped ? resource : null).TryGet(out var asked, out refusal))
        {
            return refusal;
        }

        var subject = !isWrapped ? resource : asked.Resource is { Exists: true } part ? part.ToResource() : null;

        if (asked.Mode == "delete")
        {
            // Only an id is needed, and a resource without an id cannot be deleted (resource-operation-validate.html).
            return call.Parameter("id") is not null ? await DeletionAsync(call) : Refusal.Of(RefusalKind.Invalid, "required", "mode delete is about an instance: the address must name it", "validate-mode");
        }

        if (subject is null)
        {
            return Refusal.Of(RefusalKind.Invalid, "required", "The operation needs a resource: as the body, or as 'resource' of Parameters", "resource-part");
        }

        if (subject.ResourceType != type)
        {
            return Refusal.Of(RefusalKind.Invalid, "invalid", $"The address says {type}, the resource is a {subject.ResourceType}", "resource-type");
        }

        return await OutcomeAsync(call, subject, asked);
    }

    /// <summary>GET: checks the resource as it is stored.</summary>
    public static async Task<Reply> HandleStoredAsync(FhirCall call)
    {
        var (type, id) = (call.Type, call.Id);
        if (call.Access.Require(type, Permissions.Read) is { } refusal)
        {
            return refusal;
        }

        var outcome = await call.ReadAsync(reader => Read.RunAsync(reader, call.Access, type, id, call.Cancellation));
        if (!outcome.TryGet(out var found, out refusal))
        {
            return refusal;
        }

        if (!Asked.Read(call, null).TryGet(out var asked, out refusal))
        {
            return refusal;
        }

        call.Note(found);
        return await OutcomeAsync(call, found.Parse(), asked);
    }

    private static async Task<Reply> OutcomeAsync(FhirCall call, FhirResource resource, Asked asked)
    {
        if (asked.Mode is not (null or "create" or "update" or "profile"))
        {
            return Refusal.Of(RefusalKind.Invalid, "value", $"mode is '{Types.Clip(asked.Mode)}'; it may be create, update, delete or profile", "validate-mode");
        }

        if (asked.Mode == "profile" && asked.Profiles.Count == 0)
        {
            return Refusal.Of(RefusalKind.Invalid, "required", "mode profile needs 'profile'", "validate-mode");
        }

        if (asked.Profiles.Count > MaxProfiles || asked.Profiles.FirstOrDefault(p => !Profiles.Default.Knows(p)) is not null)
        {
            return Refusal.Of(RefusalKind.NotFound, "not-found", $"Not all of the profiles asked for are known, or they are more than {MaxProfiles}: {Types.Clip(string.Join(", ", asked.Profiles))}", "profile-unknown");
        }

        var options = new ValidationOptions { BestPractice = true, AlsoProfiles = asked.Profiles };
        if (call.Server.Remote.IsConfigured)
        {
            await Writing.PrefetchAsync(call, [resource], warnings: true);
            options = options with { Elsewhere = call.Server.Validation.Elsewhere };
        }

        List<FhirIssue> issues = [.. FhirValidator.Validate(resource, options)];
        if (asked.Mode == "update" && call.Parameter("id") is { } id && Update.CheckId(resource, id) is { } mismatch)
        {
            issues.AddRange(mismatch.Issues);
        }

        return Reply.Body(OperationOutcome.ToJson(issues));
    }

    /// <summary>Whether the instance could be deleted by the caller.</summary>
    private static async Task<Reply> DeletionAsync(FhirCall call)
    {
        var (type, id) = (call.Type, call.Id);
        var refusal = Types.RefuseWrite(type, id) ?? call.Access.Require(type, Permissions.Delete)
            ?? (await call.ReadAsync(reader => Read.RunAsync(reader, call.Access, type, id, call.Cancellation))).Refusal;
        return Reply.Body(OperationOutcome.ToJson(refusal?.Issues ?? []));
    }

    /// <summary>What the operation is asked beside the resource.</summary>
    private sealed record Asked(string? Mode, IReadOnlyList<string> Profiles, FhirNode Resource)
    {
        public static Outcome<Asked> Read(FhirCall call, FhirResource? parameters) =>
            OperationInput.Read(call.Http.Request.Query, parameters, Inputs).Map(i => new Asked(i.Value("mode"), i.Values("profile"), i.Node("resource")));
    }
}
