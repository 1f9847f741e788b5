using FluentValidation;
using FluentValidation.Results;
using SecondOpinion.Fhir;

namespace SecondOpinion.Cases;

/// <summary>Turns validator results into FHIR issues. The element a rule is about travels as the failure's custom state.</summary>
internal static class RuleResults
{
    public static Refusal? Refuse(ValidationResult result, RefusalKind kind = RefusalKind.Unprocessable)
    {
        var errors = result.Errors.Where(e => e.Severity == Severity.Error).Select(Issue).ToList();
        return errors.Count == 0 ? null : new Refusal(kind, errors);
    }

    public static FhirIssue Issue(ValidationFailure failure) => new(
        failure.Severity switch
        {
            Severity.Error => IssueSeverity.Error,
            Severity.Warning => IssueSeverity.Warning,
            _ => IssueSeverity.Information,
        },
        "business-rule",
        failure.ErrorMessage,
        failure.CustomState as string,
        Key: failure.ErrorCode);
}
