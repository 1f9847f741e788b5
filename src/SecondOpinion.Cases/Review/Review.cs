using SecondOpinion.Fhir;

namespace SecondOpinion.Cases.Review;

/// <summary>An Observation that a report names as a result; null resource when the author may not read it or there is none.</summary>
public sealed record ReviewResult(string Reference, FhirResource? Resource);

/// <summary>A report on a second-opinion order, with what its checks look at.</summary>
public sealed record ReviewFacts
{
    public required FhirResource Report { get; init; }

    /// <summary>DiagnosticReport.status of the version before; null for a new report.</summary>
    public string? StatusBefore { get; init; }

    public required Actor Actor { get; init; }

    /// <summary><c>ServiceRequest/id</c>.</summary>
    public required string Order { get; init; }

    /// <summary><c>Patient/id</c> of the order.</summary>
    public required string Patient { get; init; }

    /// <summary>References of all DiagnosticReport.result.</summary>
    public IReadOnlyList<ReviewResult> Results { get; init; } = [];

    /// <summary><c>ImagingStudy/id</c> of the studies of the case.</summary>
    public IReadOnlyList<string> Studies { get; init; } = [];

    /// <summary>Another report of the order that is already final; null when there is none.</summary>
    public string? OtherFinal { get; init; }

    public string Status => Report.Root.Text("status") ?? "";

    public bool IsSigned => IsFinal(Status);

    /// <summary>Whether a status makes a report the signed answer.</summary>
    public static bool IsFinal(string? status) => status is "final" or "amended" or "corrected" or "appended";
}

/// <summary>What a status change of a report means for its case.</summary>
public static class ReportStatus
{
    // FHIR R4 valueset-diagnostic-report-status.html, in the order in which a report goes through them.
    private static readonly Dictionary<string, int> Rank = new()
    {
        ["registered"] = 0,
        ["partial"] = 1,
        ["preliminary"] = 2,
        ["final"] = 3,
        ["amended"] = 4,
        ["corrected"] = 4,
        ["appended"] = 4,
    };

    /// <summary>Whether a report may go from one status to another; null before is a new report.</summary>
    public static bool MayFollow(string? before, string after) => (before, after) switch
    {
        (null, "registered" or "partial" or "preliminary" or "final") => true,
        (null, _) => false,
        ("entered-in-error" or "cancelled", _) => before == after,
        (_, "entered-in-error") => true,
        ("registered" or "partial" or "preliminary", "cancelled") => true,
        // A signed report changes only as an amendment (facts: never overwrite silently).
        ("final" or "amended" or "corrected" or "appended", "final") => false,
        ("registered" or "partial" or "preliminary", "amended" or "corrected" or "appended") => false,
        var (from, to) => Rank.TryGetValue(from, out var low) && Rank.TryGetValue(to, out var high) && high >= low,
    };
}
