using FluentValidation;
using SecondOpinion.Fhir;

namespace SecondOpinion.Cases.Review;

/// <summary>What makes a review acceptable. Each rule is a validator of its own whose error code is stable; all failures are reported at once.</summary>
public sealed class ReviewValidator : AbstractValidator<ReviewFacts>
{
    private static readonly ReviewValidator Rules = new();

    private ReviewValidator()
    {
        Include(new StatusFollows());
        Include(new OneFinalReport());
        Include(new ConclusionPresent());
        Include(new InterpreterSigns());
        Include(new PerformerIsReader());
        Include(new SubjectIsOrdersPatient());
        Include(new ResultsPresent());
        Include(new ResultsExist());
        Include(new ResultsBelong());
        Include(new ImagesNamed());
    }

    /// <summary>Every rule that the report breaks: 403 for the signer, 409 for the status, else 422; null when it is acceptable.</summary>
    public static Refusal? Refuse(ReviewFacts review)
    {
        var result = Rules.Validate(review);
        var kind = result.Errors.Exists(e => e.ErrorCode == "report-signer") ? RefusalKind.Forbidden
            : result.Errors.Exists(e => e.ErrorCode is "report-status" or "report-duplicate") ? RefusalKind.Conflict
            : RefusalKind.Unprocessable;
        return RuleResults.Refuse(result, kind);
    }
}

public sealed class StatusFollows : AbstractValidator<ReviewFacts>
{
    public StatusFollows() => RuleFor(r => r).Must(r => ReportStatus.MayFollow(r.StatusBefore, r.Status))
        .WithErrorCode("report-status").WithState(_ => "DiagnosticReport.status")
        .WithMessage(r => r.StatusBefore is null
            ? $"A new review is registered, partial, preliminary or final, not {r.Status}"
            : $"A review cannot go from {r.StatusBefore} to {r.Status}{(ReviewFacts.IsFinal(r.StatusBefore) ? ": a signed report is changed with the status amended or corrected" : "")}");
}

public sealed class OneFinalReport : AbstractValidator<ReviewFacts>
{
    public OneFinalReport() => RuleFor(r => r.OtherFinal).Null().When(r => r.Status is not ("cancelled" or "entered-in-error"))
        .WithErrorCode("report-duplicate").WithState(_ => "DiagnosticReport.basedOn")
        .WithMessage(r => $"The order is answered by {r.OtherFinal}: amend that report");
}

public sealed class ConclusionPresent : AbstractValidator<ReviewFacts>
{
    public ConclusionPresent() => RuleFor(r => r.Report).Must(r => r.Root.Text("conclusion") is { } text && text.Any(char.IsLetter))
        .When(r => r.IsSigned || r.Status == "preliminary")
        .WithErrorCode("conclusion-present").WithState(_ => "DiagnosticReport.conclusion")
        .WithMessage("The conclusion is missing: it answers the clinical question");
}

public sealed class InterpreterSigns : AbstractValidator<ReviewFacts>
{
    public InterpreterSigns() => RuleFor(r => r)
        .Must(r => r.Actor.FhirUser is { } user && r.Report.Root.All("resultsInterpreter").Any(i => i.LocalReference() == user))
        .When(r => r.IsSigned && !r.Actor.IsServer)
        .WithErrorCode("report-signer").WithState(_ => "DiagnosticReport.resultsInterpreter")
        .WithMessage(r => r.Actor.FhirUser is null
            ? "Signing a report needs the token of a person (fhirUser) who is its resultsInterpreter"
            : $"A report is signed by its resultsInterpreter; the token is that of {r.Actor.FhirUser}");
}

public sealed class PerformerIsReader : AbstractValidator<ReviewFacts>
{
    public PerformerIsReader() => RuleFor(r => r).Must(r => r.Report.Root.All("performer").Any(p => p.LocalReference() == "Organization/" + r.Actor.TenantId))
        .When(r => r.IsSigned || r.Status == "preliminary")
        .WithErrorCode("report-performer").WithState(_ => "DiagnosticReport.performer")
        .WithMessage(r => $"The performer must name the reading organization, Organization/{r.Actor.TenantId}");
}

public sealed class SubjectIsOrdersPatient : AbstractValidator<ReviewFacts>
{
    public SubjectIsOrdersPatient() => RuleFor(r => r).Must(r => r.Report.Root["subject"].LocalReference() == r.Patient)
        .WithErrorCode("report-subject").WithState(_ => "DiagnosticReport.subject")
        .WithMessage(r => $"The subject must be the patient of the order, {r.Patient}");
}

public sealed class ResultsPresent : AbstractValidator<ReviewFacts>
{
    public ResultsPresent() => RuleFor(r => r.Results).NotEmpty().When(r => r.IsSigned)
        .WithErrorCode("results-present").WithState(_ => "DiagnosticReport.result")
        .WithMessage("A final review names its findings and assessment in result");
}

public sealed class ResultsExist : AbstractValidator<ReviewFacts>
{
    public ResultsExist() => RuleForEach(r => r.Results).Must(r => r.Resource is { ResourceType: "Observation" })
        .WithErrorCode("result-exists").WithState(_ => "DiagnosticReport.result")
        .WithMessage((_, result) => $"{result.Reference} is not known");
}

public sealed class ResultsBelong : AbstractValidator<ReviewFacts>
{
    public ResultsBelong() => RuleForEach(r => r.Results)
        .Must((review, result) => result.Resource is null
            || (result.Resource.Root["subject"].LocalReference() == review.Patient
                && result.Resource.Root.All("basedOn").Any(b => b.LocalReference() == review.Order)))
        .WithErrorCode("result-belongs").WithState(_ => "DiagnosticReport.result")
        .WithMessage((review, result) => $"{result.Reference} must have the subject {review.Patient} and be basedOn {review.Order}");
}

public sealed class ImagesNamed : AbstractValidator<ReviewFacts>
{
    public ImagesNamed() => RuleFor(r => r)
        .Must(r => r.Report.Root.All("imagingStudy").Select(i => i.LocalReference()).ToList() is var named && named.Count > 0 && named.All(n => n is not null && r.Studies.Contains(n)))
        .When(r => r.IsSigned || r.Status == "preliminary")
        .WithErrorCode("images-named").WithState(_ => "DiagnosticReport.imagingStudy")
        .WithMessage(r => $"imagingStudy must name the images that were read, of the case: {(r.Studies.Count == 0 ? "none is stored" : string.Join(", ", r.Studies))}");
}
