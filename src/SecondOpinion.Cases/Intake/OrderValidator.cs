using FluentValidation;
using SecondOpinion.Fhir;

namespace SecondOpinion.Cases.Intake;

/// <summary>What makes an order acceptable. Each rule is a validator of its own whose error code is stable; all failures are reported at once.</summary>
public sealed class OrderValidator : AbstractValidator<Order>
{
    private static readonly OrderValidator Rules = new();

    private OrderValidator()
    {
        Include(new CategoryPresent());
        Include(new StatusActive());
        Include(new IntentIsOrder());
        Include(new QuestionPresent());
        Include(new SubjectIsPatient());
        Include(new RequesterPresent());
        Include(new PlacerIdentifierPresent());
    }

    /// <summary>422 with every rule that the order breaks; null when it is acceptable.</summary>
    public static Refusal? Refuse(Order order) => RuleResults.Refuse(Rules.Validate(order));
}

public sealed class CategoryPresent : AbstractValidator<Order>
{
    public CategoryPresent() => RuleFor(o => o.HasCategory).Equal(true).WithErrorCode("category").WithState(_ => "ServiceRequest.category")
        .WithMessage($"A second-opinion order has the category {CaseCodes.OrderCategory}#second-opinion");
}

public sealed class StatusActive : AbstractValidator<Order>
{
    public StatusActive() => RuleFor(o => o.Status).Equal("active").WithErrorCode("order-status").WithState(_ => "ServiceRequest.status")
        .WithMessage(o => $"A new second-opinion order is 'active' (or a 'draft', which nobody works on); found '{o.Status}'");
}

public sealed class IntentIsOrder : AbstractValidator<Order>
{
    // FHIR R4 valueset-request-intent.html: order and what it subsumes.
    public IntentIsOrder() => RuleFor(o => o.Intent).Must(i => i is "order" or "original-order" or "reflex-order" or "filler-order" or "instance-order")
        .WithErrorCode("order-intent").WithState(_ => "ServiceRequest.intent")
        .WithMessage(o => $"A second-opinion order has the intent 'order'; found '{o.Intent}'");
}

public sealed class QuestionPresent : AbstractValidator<Order>
{
    public QuestionPresent() => RuleFor(o => o.Question).Must(q => q.Any(char.IsLetter)).WithErrorCode("question-present")
        .WithState(_ => "ServiceRequest.reasonCode")
        .WithMessage("The clinical question is missing: put it in reasonCode.text");
}

public sealed class SubjectIsPatient : AbstractValidator<Order>
{
    public SubjectIsPatient() => RuleFor(o => o.Patient).NotNull().WithErrorCode("subject-patient").WithState(_ => "ServiceRequest.subject")
        .WithMessage(o => $"The subject must be a reference to a Patient on this server; found '{o.SubjectReference ?? "nothing"}'");
}

public sealed class RequesterPresent : AbstractValidator<Order>
{
    public RequesterPresent() => RuleFor(o => o.HasRequester).Equal(true).WithErrorCode("requester-present").WithState(_ => "ServiceRequest.requester")
        .WithMessage("The requester is missing: who asks, and gets the answer");
}

public sealed class PlacerIdentifierPresent : AbstractValidator<Order>
{
    public PlacerIdentifierPresent() => RuleFor(o => o.Placer).NotNull().WithErrorCode("placer-identifier").WithState(_ => "ServiceRequest.identifier")
        .WithMessage("The placer's order number is missing: an identifier of type PLAC (http://terminology.hl7.org/CodeSystem/v2-0203)");
}
