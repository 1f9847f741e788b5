using SecondOpinion.Fhir.Validation;

namespace SecondOpinion.Fhir;

/// <summary>
/// Checks a resource against the FHIR R4 definitions: unknown elements, JSON types, cardinality, formats, bindings, references, contained resources,
/// narrative, invariants and the profiles that meta.profile claims. All issues are found in one call.
/// </summary>
public static class FhirValidator
{
    /// <summary>Everything wrong with the resource and what it contains; empty when it is valid. No issue is an error when it may be stored.</summary>
    public static IReadOnlyList<FhirIssue> Validate(FhirResource resource, ValidationOptions? options = null)
    {
        var run = new ValidationRun(resource, options ?? ValidationOptions.Default);
        StructureCheck.Run(run);
        ContainedCheck.Run(run);
        if (run.Options.Invariants)
        {
            BundleCheck.Run(run);
            InvariantCheck.Run(run);
        }

        if (run.Options.Profiles is { } profiles)
        {
            ProfileCheck.Run(run, profiles);
        }

        run.LocateInXml();
        if (run.IsFull)
        {
            run.Issues.Add(new FhirIssue(IssueSeverity.Error, "too-costly", $"{run.Options.MaxIssues} errors or more; the rest is not listed", Key: "too-many-issues"));
        }

        return run.Issues;
    }

    /// <summary>A refusal with all issues when any is an error (422); null when the resource may be stored.</summary>
    public static Refusal? Refuse(FhirResource resource, ValidationOptions? options = null)
    {
        var issues = Validate(resource, options);
        return issues.Any(i => i.IsError) ? new Refusal(RefusalKind.Unprocessable, issues) : null;
    }
}
