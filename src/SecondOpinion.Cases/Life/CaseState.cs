using SecondOpinion.Fhir;

namespace SecondOpinion.Cases.Life;

/// <summary>Where a case stands. Each state is one pair of Task.status and Task.businessStatus (<see cref="CaseStates"/>).</summary>
public enum CaseState
{
    AwaitingImages,
    Ready,
    Assigned,
    InProgress,
    AwaitingInformation,
    Preliminary,
    Completed,
    Rejected,
    Failed,
    Cancelled,
}

/// <summary>What happens to a case.</summary>
public enum CaseEvent
{
    /// <summary>Images of the case are stored here.</summary>
    ImagesArrived,

    /// <summary>Routing chose a reading organization.</summary>
    Assign,

    /// <summary>A reader takes the work.</summary>
    Claim,

    Decline,

    AskInformation,

    /// <summary>The placer answered, with a Communication or documents.</summary>
    Answer,

    /// <summary>The reader goes on without an answer.</summary>
    Resume,

    SavePreliminary,

    Finish,

    /// <summary>The final report gets a new version.</summary>
    Amend,

    /// <summary>The reader cannot finish work that was taken.</summary>
    Fail,

    /// <summary>The placer withdraws the order.</summary>
    Revoke,

    /// <summary>The placer asks, by a Task with code abort, that work under way be stopped.</summary>
    AskAbort,

    /// <summary>The reader agrees to stop.</summary>
    GrantAbort,
}

/// <summary>Who acts in a case.</summary>
public enum CaseRole
{
    Placer,
    Fulfiller,
    Server,
}

/// <summary>Codes of the states.</summary>
public static class CaseStates
{
    private static readonly Dictionary<CaseState, (string Status, string? Business)> Codes = new()
    {
        [CaseState.AwaitingImages] = ("requested", "awaiting-images"),
        [CaseState.Ready] = ("requested", "ready"),
        [CaseState.Assigned] = ("received", "assigned"),
        [CaseState.InProgress] = ("in-progress", null),
        [CaseState.AwaitingInformation] = ("on-hold", "awaiting-information"),
        [CaseState.Preliminary] = ("in-progress", "preliminary-outcome"),
        [CaseState.Completed] = ("completed", null),
        [CaseState.Rejected] = ("rejected", null),
        [CaseState.Failed] = ("failed", null),
        [CaseState.Cancelled] = ("cancelled", null),
    };

    /// <summary>Task.status.</summary>
    public static string Status(this CaseState state) => Codes[state].Status;

    /// <summary>The code of Task.businessStatus; null when there is none.</summary>
    public static string? BusinessStatus(this CaseState state) => Codes[state].Business;

    public static string Display(string businessStatus) => businessStatus switch
    {
        "awaiting-images" => "Awaiting images",
        "ready" => "Ready to be assigned",
        "assigned" => "Assigned to a reader",
        "awaiting-information" => "Awaiting information",
        "preliminary-outcome" => "Preliminary outcome",
        _ => businessStatus,
    };

    /// <summary>The state of a stored Task of a case.</summary>
    public static CaseState Of(FhirResource task)
    {
        var status = task.Root.Text("status");
        var business = task.Root["businessStatus"].CodeOf(CaseCodes.BusinessStatus);
        foreach (var (state, codes) in Codes)
        {
            if (codes.Status == status && codes.Business == business)
            {
                return state;
            }
        }

        throw new InvalidOperationException($"Task/{task.Id} is in no state of a case: {status}, {business}");
    }

    /// <summary>Whether nothing more happens, amendments aside.</summary>
    public static bool IsOver(this CaseState state) => state is CaseState.Completed or CaseState.Rejected or CaseState.Failed or CaseState.Cancelled;

    /// <summary>Whether a reader has taken the work and not given it back.</summary>
    public static bool IsUnderWay(this CaseState state) => state is CaseState.InProgress or CaseState.AwaitingInformation or CaseState.Preliminary;
}
