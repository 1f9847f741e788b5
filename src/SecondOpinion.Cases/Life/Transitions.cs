using SecondOpinion.Fhir;

namespace SecondOpinion.Cases.Life;

/// <summary>The life of a case as data: what may happen, when, and who may do it. Everything that is not in the table is refused and changes nothing.</summary>
public static class Transitions
{
    private sealed record Row(CaseState From, CaseEvent Event, CaseRole Who, CaseState To);

    private static readonly Row[] Table =
    [
        new(CaseState.AwaitingImages, CaseEvent.ImagesArrived, CaseRole.Server, CaseState.Ready),
        new(CaseState.AwaitingImages, CaseEvent.Revoke, CaseRole.Placer, CaseState.Cancelled),

        new(CaseState.Ready, CaseEvent.Assign, CaseRole.Server, CaseState.Assigned),
        new(CaseState.Ready, CaseEvent.Revoke, CaseRole.Placer, CaseState.Cancelled),

        new(CaseState.Assigned, CaseEvent.Claim, CaseRole.Fulfiller, CaseState.InProgress),
        new(CaseState.Assigned, CaseEvent.Decline, CaseRole.Fulfiller, CaseState.Rejected),
        new(CaseState.Assigned, CaseEvent.AskInformation, CaseRole.Fulfiller, CaseState.AwaitingInformation),
        // A review saved for work that was not taken yet takes it.
        new(CaseState.Assigned, CaseEvent.SavePreliminary, CaseRole.Fulfiller, CaseState.Preliminary),
        new(CaseState.Assigned, CaseEvent.Finish, CaseRole.Fulfiller, CaseState.Completed),
        new(CaseState.Assigned, CaseEvent.Revoke, CaseRole.Placer, CaseState.Cancelled),

        new(CaseState.InProgress, CaseEvent.AskInformation, CaseRole.Fulfiller, CaseState.AwaitingInformation),
        new(CaseState.InProgress, CaseEvent.SavePreliminary, CaseRole.Fulfiller, CaseState.Preliminary),
        new(CaseState.InProgress, CaseEvent.Finish, CaseRole.Fulfiller, CaseState.Completed),
        new(CaseState.InProgress, CaseEvent.Fail, CaseRole.Fulfiller, CaseState.Failed),
        new(CaseState.InProgress, CaseEvent.AskAbort, CaseRole.Placer, CaseState.InProgress),
        new(CaseState.InProgress, CaseEvent.GrantAbort, CaseRole.Fulfiller, CaseState.Failed),

        new(CaseState.AwaitingInformation, CaseEvent.Answer, CaseRole.Placer, CaseState.InProgress),
        new(CaseState.AwaitingInformation, CaseEvent.Resume, CaseRole.Fulfiller, CaseState.InProgress),
        new(CaseState.AwaitingInformation, CaseEvent.Decline, CaseRole.Fulfiller, CaseState.Rejected),
        new(CaseState.AwaitingInformation, CaseEvent.Fail, CaseRole.Fulfiller, CaseState.Failed),
        new(CaseState.AwaitingInformation, CaseEvent.SavePreliminary, CaseRole.Fulfiller, CaseState.Preliminary),
        new(CaseState.AwaitingInformation, CaseEvent.Finish, CaseRole.Fulfiller, CaseState.Completed),
        new(CaseState.AwaitingInformation, CaseEvent.AskAbort, CaseRole.Placer, CaseState.AwaitingInformation),
        new(CaseState.AwaitingInformation, CaseEvent.GrantAbort, CaseRole.Fulfiller, CaseState.Failed),

        new(CaseState.Preliminary, CaseEvent.SavePreliminary, CaseRole.Fulfiller, CaseState.Preliminary),
        new(CaseState.Preliminary, CaseEvent.AskInformation, CaseRole.Fulfiller, CaseState.AwaitingInformation),
        new(CaseState.Preliminary, CaseEvent.Finish, CaseRole.Fulfiller, CaseState.Completed),
        new(CaseState.Preliminary, CaseEvent.Fail, CaseRole.Fulfiller, CaseState.Failed),
        new(CaseState.Preliminary, CaseEvent.AskAbort, CaseRole.Placer, CaseState.Preliminary),
        new(CaseState.Preliminary, CaseEvent.GrantAbort, CaseRole.Fulfiller, CaseState.Failed),

        new(CaseState.Completed, CaseEvent.Amend, CaseRole.Fulfiller, CaseState.Completed),
    ];

    /// <summary>The state after an event; 403 when somebody else may do it, 409 when nobody may now.</summary>
    public static Outcome<CaseState> Apply(CaseState from, CaseEvent happening, CaseRole who)
    {
        var row = Array.Find(Table, r => r.From == from && r.Event == happening);
        if (row is null)
        {
            return Refusal.Of(RefusalKind.Conflict, "conflict", Explain(from, happening), "case-transition", "Task.status");
        }

        return row.Who == who
            ? row.To
            : Refusal.Of(RefusalKind.Forbidden, "forbidden", $"{Name(happening)} is for the {row.Who.ToString().ToLowerInvariant()} of the case to do", "case-role", "Task.status");
    }

    private static string Explain(CaseState from, CaseEvent happening)
    {
        if (happening == CaseEvent.Revoke && from.IsUnderWay())
        {
            return "A reader has begun: ask with a Task of code abort whose focus is the order's Task, and the reader answers it";
        }

        var can = string.Join(", ", Table.Where(r => r.From == from && r.Who != CaseRole.Server).Select(r => Name(r.Event)).Distinct());
        return $"{Name(happening)} is not possible while the Task is {from.Status()}{(from.BusinessStatus() is { } business ? $" ({business})" : "")}; "
            + (can.Length == 0 ? "nothing more happens to it" : $"possible now: {can}");
    }

    private static string Name(CaseEvent happening) => happening switch
    {
        CaseEvent.ImagesArrived => "the arrival of images",
        CaseEvent.Assign => "assignment",
        CaseEvent.Claim => "claiming",
        CaseEvent.Decline => "declining",
        CaseEvent.AskInformation => "asking for information",
        CaseEvent.Answer => "answering",
        CaseEvent.Resume => "resuming",
        CaseEvent.SavePreliminary => "saving a preliminary report",
        CaseEvent.Finish => "a final report",
        CaseEvent.Amend => "amending the report",
        CaseEvent.Fail => "giving up",
        CaseEvent.Revoke => "revoking the order",
        CaseEvent.AskAbort => "asking to abort",
        _ => "granting an abort",
    };
}
