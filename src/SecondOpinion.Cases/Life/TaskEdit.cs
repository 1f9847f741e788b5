using System.Text.Json.Nodes;
using SecondOpinion.Fhir;

namespace SecondOpinion.Cases.Life;

/// <summary>What a client's new version of a case's Task means.</summary>
/// <param name="Event">The transition it asks for; null when it changes no state.</param>
/// <param name="AwaitsReport">It says completed, which only a final report in the same write makes true.</param>
public sealed record TaskIntent(CaseEvent? Event, bool AwaitsReport = false);

/// <summary>Who may change what of the Task of a case (COW: the fulfiller edits the Task, the placer the order).</summary>
public static class TaskEdit
{
    // What the server keeps; businessStatus and lastModified it puts right itself.
    private static readonly string[] Kept =
        ["identifier", "instantiatesCanonical", "instantiatesUri", "basedOn", "groupIdentifier", "partOf", "intent", "priority", "code", "focus", "for", "authoredOn", "requester", "restriction"];

    /// <summary>Reads the intent of an edit; 403 or 422 when it changes what its author may not.</summary>
    public static Outcome<TaskIntent> Read(FhirResource before, FhirResource after, CaseRole who, Actor actor)
    {
        var old = before.ToJsonObject();
        var edited = after.ToJsonObject();
        foreach (var element in Kept)
        {
            if (!Same(old[element], edited[element]))
            {
                return Refusal.Of(RefusalKind.Unprocessable, "business-rule", $"Task.{element} of a second-opinion case is kept by the server and cannot be changed", "task-kept-element", "Task." + element);
            }
        }

        return who == CaseRole.Placer ? ReadPlacer(old, edited, before, after) : ReadFulfiller(old, edited, before, after, actor);
    }

    // The placer may add notes and input, and cancel (COW: before work starts, the placer sets the Task cancelled).
    private static Outcome<TaskIntent> ReadPlacer(JsonObject old, JsonObject edited, FhirResource before, FhirResource after)
    {
        foreach (var element in new[] { "owner", "output", "statusReason", "executionPeriod", "businessStatus" })
        {
            var isCancelReason = element == "statusReason" && after.Root.Text("status") == "cancelled";
            if (!isCancelReason && !Same(old[element], edited[element]))
            {
                return Refusal.Of(RefusalKind.Forbidden, "forbidden", $"Task.{element} is the fulfiller's to change", "task-fulfiller-element", "Task." + element);
            }
        }

        return (before.Root.Text("status"), after.Root.Text("status")) switch
        {
            var (from, to) when from == to => new TaskIntent(null),
            (_, "cancelled") => new TaskIntent(CaseEvent.Revoke),
            ("on-hold", "in-progress" or "received") => new TaskIntent(CaseEvent.Answer),
            _ => Refusal.Of(RefusalKind.Forbidden, "forbidden", "Of Task.status, the placer may only set 'cancelled', or answer a Task that is on hold", "task-fulfiller-element", "Task.status"),
        };
    }

    private static Outcome<TaskIntent> ReadFulfiller(JsonObject old, JsonObject edited, FhirResource before, FhirResource after, Actor actor)
    {
        var state = CaseStates.Of(before);
        var status = after.Root.Text("status");
        if (!Same(old["owner"], edited["owner"]) && RefuseOwner(before, after, state, actor) is { } refusal)
        {
            return refusal;
        }

        var business = after.Root["businessStatus"].CodeOf(CaseCodes.BusinessStatus);
        var asksInformation = status == "on-hold" || (status == "received" && business == "awaiting-information");
        CaseEvent? happening = status switch
        {
            _ when asksInformation => state == CaseState.AwaitingInformation ? null : CaseEvent.AskInformation,
            "rejected" => state == CaseState.Rejected ? null : CaseEvent.Decline,
            "failed" => state == CaseState.Failed ? null : CaseEvent.Fail,
            "accepted" or "in-progress" when state == CaseState.AwaitingInformation => CaseEvent.Resume,
            "in-progress" when state.IsUnderWay() => null,
            "accepted" or "in-progress" => CaseEvent.Claim,
            _ => null,
        };
        if (happening is CaseEvent.Decline or CaseEvent.Fail or CaseEvent.AskInformation && after.Root["statusReason"].Display() is not { Length: > 0 })
        {
            return Refusal.Of(RefusalKind.Unprocessable, "required", "Say why in Task.statusReason.text: the placer reads it", "task-reason", "Task.statusReason");
        }

        if (happening is null && status == "completed" && state != CaseState.Completed)
        {
            return new TaskIntent(null, AwaitsReport: true);
        }

        if (happening is null && !asksInformation && status != state.Status())
        {
            return Refusal.Of(RefusalKind.Conflict, "conflict", $"A Task cannot go from {state.Status()} to {status}", "case-transition", "Task.status");
        }

        return happening is null && business is not null && business != before.Root["businessStatus"].CodeOf(CaseCodes.BusinessStatus)
            ? Refusal.Of(RefusalKind.Unprocessable, "business-rule", "Task.businessStatus follows from what happens to the case and is kept by the server", "business-status", "Task.businessStatus")
            : new TaskIntent(happening);
    }

    /// <summary>Work that is claimed stays with its reader unless that reader, or the organization's own system, hands it over.</summary>
    private static Refusal? RefuseOwner(FhirResource before, FhirResource after, CaseState state, Actor actor)
    {
        var owner = after.Root["owner"].LocalReference();
        if (owner is null || owner.Split('/')[0] is not ("Practitioner" or "PractitionerRole" or "Organization" or "CareTeam" or "HealthcareService"))
        {
            return Refusal.Of(RefusalKind.Unprocessable, "value", "Task.owner must be a reader or the reading organization, as a relative reference", "task-owner", "Task.owner");
        }

        if (owner.StartsWith("Organization/", StringComparison.Ordinal) && owner != "Organization/" + actor.TenantId)
        {
            return Refusal.Of(RefusalKind.Forbidden, "forbidden", "A case cannot be passed on to another organization", "task-owner", "Task.owner");
        }

        var present = before.Root["owner"].LocalReference();
        return state.IsUnderWay() && present is not null && !present.StartsWith("Organization/", StringComparison.Ordinal) && actor.FhirUser is not null && actor.FhirUser != present
            ? Refusal.Of(RefusalKind.Conflict, "conflict", $"The Task is already claimed by {present}", "task-claimed", "Task.owner")
            : null;
    }

    private static bool Same(JsonNode? left, JsonNode? right) => JsonNode.DeepEquals(left, right);
}
