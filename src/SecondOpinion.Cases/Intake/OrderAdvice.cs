using FluentValidation;
using SecondOpinion.Fhir;

namespace SecondOpinion.Cases.Intake;

/// <summary>
/// What people should know about an order before it is read; never a reason to refuse it. Each rule is a validator whose code is stable; the results
/// become notes of the Task. Rules about images say nothing while none are known.
/// </summary>
public sealed class OrderAdvice : AbstractValidator<Order>
{
    private static readonly OrderAdvice Rules = new();

    private OrderAdvice()
    {
        Include(new EmergencySymptoms());
        Include(new ImageAge());
        Include(new ImplantNeedsVolume());
        Include(new ProximalCariesNeedsBitewings());
        Include(new PeriapicalNeedsPeriapicals());
        Include(new NeedsPhysicalTest());
        Include(new ImageFormat());
    }

    /// <summary>Warnings and information, in the order of the rules.</summary>
    public static IReadOnlyList<FhirIssue> Of(Order order) => [.. Rules.Validate(order).Errors.Select(RuleResults.Issue)];
}

/// <summary>Emergency symptoms are turned to in-person care.</summary>
public sealed class EmergencySymptoms : AbstractValidator<Order>
{
    private static readonly string[] Terms =
    [
        "difficulty breathing", "trouble breathing", "shortness of breath", "cannot breathe", "can't breathe", "difficulty swallowing", "trouble swallowing",
        "cannot swallow", "can't swallow", "airway", "ludwig", "facial swelling", "swelling of the face", "swollen face", "spreading swelling", "swelling spreading",
        "swelling under the tongue", "floor of the mouth", "swollen eye", "eye swelling", "cellulitis", "uncontrolled bleeding", "heavy bleeding", "severe bleeding",
        "bleeding that does not stop", "high fever", "fever", "sepsis", "loss of consciousness", "chest pain", "sudden weakness", "sudden loss of vision",
        "jaw fracture", "avulsed tooth", "knocked-out tooth", "knocked out tooth",
    ];

    // SNOMED CT: dyspnea, dysphagia, fever, cellulitis of face, avulsion of tooth.
    private static readonly HashSet<string> Codes = ["267036007", "40739000", "386661006", "10633002", "37633006"];

    public EmergencySymptoms() => RuleFor(o => o).Must(o => !o.ReasonCodes.Any(Codes.Contains) && !Clauses.Affirms(o.Story, Terms))
        .WithErrorCode("emergency-symptoms").WithSeverity(Severity.Warning).WithState(_ => "ServiceRequest.reasonCode")
        .WithMessage("The order tells of symptoms that may be an emergency. A second opinion on images must not delay in-person care: refer the patient now");
}

/// <summary>Images older than 12 months, or 6 when symptoms have changed, may not show the present state.</summary>
public sealed class ImageAge : AbstractValidator<Order>
{
    private static readonly string[] Change = ["symptoms changed", "changed symptoms", "symptoms have changed", "new symptoms", "new pain", "worse", "worsening", "worsened", "since the image", "since the x-ray", "has changed"];

    public ImageAge() => RuleFor(o => o).Must(o => Age(o) is not { } age || age <= Limit(o))
        .WithErrorCode("image-age").WithSeverity(Severity.Warning).WithState(_ => "ServiceRequest.supportingInfo")
        .WithMessage(o => $"The newest image is {Age(o)} months old; the limit is {Limit(o)} months{(Limit(o) == 6 ? " because symptoms changed" : "")}. Newer images may be needed");

    private static int Limit(Order order) => Clauses.Affirms(order.Story, Change) ? 6 : 12;

    /// <summary>Begun months between the newest image and the order, so that a limit of 12 is passed by one day.</summary>
    private static int? Age(Order order)
    {
        if (order.AuthoredOn is not { } at || order.Images.Count == 0 || order.Images.Any(i => i.Date is null))
        {
            return null;
        }

        var newest = order.Images.Max(i => i.Date!.Value);
        var day = DateOnly.FromDateTime(at.UtcDateTime);
        var months = ((day.Year - newest.Year) * 12) + day.Month - newest.Month;
        return months + (newest.AddMonths(months) < day ? 1 : 0);
    }
}

/// <summary>Implant planning needs a volume.</summary>
public sealed class ImplantNeedsVolume : AbstractValidator<Order>
{
    private static readonly string[] Planning = ["plan", "placement", "place an", "place the", "bone height", "bone width", "bone volume", "enough bone", "sufficient bone", "site", "position"];

    public ImplantNeedsVolume() => RuleFor(o => o).Must(o => o.Images.Count == 0 || o.Images.Any(i => i.IsVolume) || !(Clauses.Has(o.Question, "implant") && Clauses.HasAny(o.Question, Planning)))
        .WithErrorCode("images-suit-implant").WithSeverity(Severity.Warning).WithState(_ => "ServiceRequest.supportingInfo")
        .WithMessage("Implant planning needs a cone-beam CT; the images sent are two-dimensional");
}

/// <summary>Caries between teeth needs bitewings, not a panoramic.</summary>
public sealed class ProximalCariesNeedsBitewings : AbstractValidator<Order>
{
    private static readonly string[] Caries = ["caries", "decay", "cavity", "cavities", "carious"];
    private static readonly string[] Between = ["interproximal", "proximal", "between teeth", "between the teeth", "between tooth", "contact point"];

    public ProximalCariesNeedsBitewings() => RuleFor(o => o)
        .Must(o => o.Images.Count == 0 || o.Images.Any(i => i.IsBitewing || i.IsUnspecifiedIntraoral) || !(Clauses.HasAny(o.Question, Caries) && Clauses.HasAny(o.Question, Between)))
        .WithErrorCode("images-suit-caries").WithSeverity(Severity.Warning).WithState(_ => "ServiceRequest.supportingInfo")
        .WithMessage("Caries between teeth needs bitewings; none is among the images (a panoramic does not show it reliably)");
}

/// <summary>Periapical disease needs periapicals.</summary>
public sealed class PeriapicalNeedsPeriapicals : AbstractValidator<Order>
{
    private static readonly string[] Apical = ["periapical", "apical", "root tip", "apex", "root canal", "abscess"];

    public PeriapicalNeedsPeriapicals() => RuleFor(o => o)
        .Must(o => o.Images.Count == 0 || o.Images.Any(i => i.IsPeriapical || i.IsUnspecifiedIntraoral || i.IsVolume) || !Clauses.HasAny(o.Question, Apical))
        .WithErrorCode("images-suit-periapical").WithSeverity(Severity.Warning).WithState(_ => "ServiceRequest.supportingInfo")
        .WithMessage("Periapical disease needs periapical radiographs; none is among the images");
}

/// <summary>Some questions no image can answer.</summary>
public sealed class NeedsPhysicalTest : AbstractValidator<Order>
{
    private static readonly string[] Tests = ["vital", "is the pulp alive", "percussion", "cold test", "probing depth", "pocket depth", "mobility", "mobile tooth", "palpation", "bite test", "cracked tooth", "crack in", "numbness", "nerve function"];

    public NeedsPhysicalTest() => RuleFor(o => o).Must(o => !Clauses.HasAny(o.Question, Tests))
        .WithErrorCode("physical-test").WithSeverity(Severity.Info).WithState(_ => "ServiceRequest.reasonCode")
        .WithMessage("The question asks for something that needs a physical test; images alone cannot answer it fully");
}

/// <summary>Formats are DICOM, JPEG, PNG, TIFF and PDF.</summary>
public sealed class ImageFormat : AbstractValidator<Order>
{
    public ImageFormat() => RuleFor(o => o.UnusableFormats).Empty()
        .WithErrorCode("image-format").WithSeverity(Severity.Warning).WithState(_ => "ServiceRequest.supportingInfo")
        .WithMessage(o => $"Attachments of type {string.Join(", ", o.UnusableFormats.Distinct())} are not read; send images as DICOM, JPEG, PNG, TIFF or PDF");
}
