namespace SecondOpinion.Fhir.Patch;

/// <summary>Ends a patch; never leaves this folder.</summary>
internal sealed class PatchException(RefusalKind kind, string issueCode, string message) : Exception(message)
{
    public RefusalKind Kind { get; } = kind;

    public string IssueCode { get; } = issueCode;

    /// <summary>The patch itself is wrong: 400.</summary>
    public static PatchException Malformed(string message) => new(RefusalKind.Invalid, "structure", message);

    /// <summary>The patch does not fit the resource: 422.</summary>
    public static PatchException DoesNotApply(string message) => new(RefusalKind.Unprocessable, "processing", message);
}
