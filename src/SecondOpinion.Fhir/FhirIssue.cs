namespace SecondOpinion.Fhir;

/// <summary>FHIR R4 valueset-issue-severity.html.</summary>
public enum IssueSeverity
{
    /// <summary>Nothing more could be checked.</summary>
    Fatal,

    /// <summary>Refuses the content.</summary>
    Error,

    /// <summary>Accepted, but may be wrong.</summary>
    Warning,

    /// <summary>Worth knowing.</summary>
    Information,
}

/// <summary>One thing wrong, or worth saying, about a resource or a request (FHIR R4 operationoutcome.html).</summary>
/// <param name="Severity">Fatal and Error refuse; Warning and Information do not.</param>
/// <param name="Code">A code of FHIR R4 valueset-issue-type.html, for example <c>required</c>.</param>
/// <param name="Message">Names the element, the rule, what was found and what is allowed.</param>
/// <param name="Expression">FHIRPath of the element, for example <c>Observation.component[1].code</c>.</param>
/// <param name="Line">Line in the source text, from 1.</param>
/// <param name="Column">Column in the source text in characters, from 1.</param>
/// <param name="Key">Stable code of the rule, sent as <c>details.coding</c>; programs branch on it.</param>
public sealed record FhirIssue(
    IssueSeverity Severity,
    string Code,
    string Message,
    string? Expression = null,
    int? Line = null,
    int? Column = null,
    string? Key = null)
{
    /// <summary>Whether the issue refuses the resource.</summary>
    public bool IsError => Severity <= IssueSeverity.Error;
}

/// <summary>The only exception this library throws for bad input.</summary>
public sealed class FhirException(IReadOnlyList<FhirIssue> issues) : Exception(Describe(issues))
{
    /// <summary>One error of that issue type; <paramref name="key"/> is the stable code of its rule.</summary>
    public FhirException(string code, string message, string? key = null)
        : this([new FhirIssue(IssueSeverity.Error, code, message, Key: key)])
    {
    }

    /// <summary>Everything found, at least one issue.</summary>
    public IReadOnlyList<FhirIssue> Issues { get; } = issues;

    private static string Describe(IReadOnlyList<FhirIssue> issues) =>
        issues.Count == 0 ? "Invalid FHIR content" : string.Join("; ", issues.Take(5).Select(i => i.Message));
}
