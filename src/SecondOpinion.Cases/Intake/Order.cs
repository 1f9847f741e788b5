using System.Globalization;
using SecondOpinion.Fhir;

namespace SecondOpinion.Cases.Intake;

/// <summary>What the rules need of a second-opinion order, read once from its ServiceRequest.</summary>
public sealed record Order
{
    // CH RAD-Order ChRadOrderRequestedService, HL7 v2 0336 referral reason and 0282 referral disposition (THO).
    private static readonly (string System, string Code)[] Categories =
    [
        (CaseCodes.OrderCategory, "second-opinion"),
        ("http://fhir.ch/ig/ch-rad-order/CodeSystem/ch-rad-order-requested-service", "SecondOpinion"),
        ("http://terminology.hl7.org/CodeSystem/v2-0336", "S"),
        ("http://terminology.hl7.org/CodeSystem/v2-0282", "SO"),
    ];

    public required FhirResource Resource { get; init; }

    public string Id => Resource.Id ?? "";

    public string Reference => "ServiceRequest/" + Id;

    public string Status { get; init; } = "";

    public string Intent { get; init; } = "";

    public bool HasCategory { get; init; }

    /// <summary>The clinical question: the texts of reasonCode, else of the reason's displays.</summary>
    public string Question { get; init; } = "";

    /// <summary>Question and notes: where symptoms are told.</summary>
    public string Story { get; init; } = "";

    /// <summary><c>Patient/id</c>; null when the subject is anything else.</summary>
    public string? Patient { get; init; }

    public string? SubjectReference { get; init; }

    public bool HasRequester { get; init; }

    /// <summary>The placer's order number (v2-0203 PLAC).</summary>
    public Identifier? Placer { get; init; }

    /// <summary>Accession numbers (v2-0203 ACSN).</summary>
    public IReadOnlyList<Identifier> Accessions { get; init; } = [];

    /// <summary>Study Instance UIDs that the order names, as identifiers or as logical references in supportingInfo.</summary>
    public IReadOnlyList<string> StudyUids { get; init; } = [];

    /// <summary>Local references of supportingInfo.</summary>
    public IReadOnlyList<string> Supporting { get; init; } = [];

    public string Priority { get; init; } = "routine";

    public string ServiceCode { get; init; } = "";

    /// <summary>Codes of the wished subspecialty (performerType).</summary>
    public IReadOnlyList<string> Specialties { get; init; } = [];

    /// <summary>Local references of performer.</summary>
    public IReadOnlyList<string> Performers { get; init; } = [];

    public bool NamesTeeth { get; init; }

    /// <summary>SNOMED CT codes among reasons.</summary>
    public IReadOnlyList<string> ReasonCodes { get; init; } = [];

    public DateTimeOffset? AuthoredOn { get; init; }

    /// <summary>Images known so far; what suits the question is decided on them.</summary>
    public IReadOnlyList<OrderImage> Images { get; init; } = [];

    /// <summary>Content types of attachments that are neither text nor an accepted image format.</summary>
    public IReadOnlyList<string> UnusableFormats { get; init; } = [];

    /// <summary>Whether the order lives: a case goes on only for an active order.</summary>
    public bool IsActive => Status == "active";

    public bool IsDental => NamesTeeth
        || ServiceCode.StartsWith("dental", StringComparison.Ordinal)
        || ServiceCode.StartsWith("oral", StringComparison.Ordinal)
        || Images.Any(i => i.Modality is "IO" or "PX");

    /// <summary>
    /// Whether a ServiceRequest asks for a second opinion. Proposals and plans (COW: what a reader may suggest instead) and drafts are plain resources.
    /// </summary>
    public static bool Is(FhirResource resource) =>
        resource.ResourceType == "ServiceRequest"
        && resource.Root.Text("intent") is not ("proposal" or "plan")
        && resource.Root.Text("status") != "draft"
        && Categories.Any(c => resource.Root.All("category").AnyCoding(c.System, c.Code));

    public static Order From(FhirResource resource)
    {
        var root = resource.Root;
        var identifiers = root.Identifiers();
        var supporting = root.All("supportingInfo").ToList();
        var question = JoinTexts(root.All("reasonCode").Select(r => r.Display()));
        return new Order
        {
            Resource = resource,
            Status = root.Text("status") ?? "",
            Intent = root.Text("intent") ?? "",
            HasCategory = Categories.Any(c => root.All("category").AnyCoding(c.System, c.Code)),
            Question = question,
            Story = JoinTexts([question, .. root.All("note").Select(n => n.Text("text")), .. root.All("patientInstruction").Select(n => n.Value)]),
            SubjectReference = root["subject"].Text("reference"),
            Patient = root["subject"].LocalReference() is { } patient && patient.StartsWith("Patient/", StringComparison.Ordinal) ? patient : null,
            HasRequester = root["requester"].Text("reference") is not null || root["requester"]["identifier"].Exists,
            Placer = identifiers.FirstOrDefault(i => i.Type == "PLAC"),
            Accessions = [.. identifiers.Where(i => i.Type == "ACSN")],
            StudyUids = [.. identifiers.Concat(supporting.SelectMany(s => s.Identifiers())).Select(StudyUid).OfType<string>().Distinct()],
            Supporting = [.. supporting.Select(s => s.LocalReference()).OfType<string>().Distinct()],
            Priority = root.Text("priority") ?? "routine",
            ServiceCode = root["code"]["coding"].Text("code") ?? "",
            Specialties = [.. root["performerType"].All("coding").Select(c => c.Text("code")).OfType<string>()],
            Performers = [.. root.All("performer").Select(p => p.LocalReference()).OfType<string>()],
            NamesTeeth = root.All("bodySite").Any(s => Teeth.Find(s) is not null),
            ReasonCodes = [.. root.All("reasonCode").Select(r => r.CodeOf(CaseCodes.Snomed)).OfType<string>()],
            AuthoredOn = DateTimeOffset.TryParse(root.Text("authoredOn"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : null,
        };
    }

    /// <summary>The Study Instance UID that an identifier means; null for others.</summary>
    public static string? StudyUid(Identifier identifier) =>
        identifier.System == CaseCodes.DicomUidSystem
            ? identifier.Value.StartsWith("urn:oid:", StringComparison.Ordinal) ? identifier.Value["urn:oid:".Length..] : identifier.Value
            : null;

    private static string JoinTexts(IEnumerable<string?> texts) => string.Join("\n", texts.Where(t => !string.IsNullOrWhiteSpace(t)).Select(t => t!.Trim()));
}

/// <summary>An image (or series) of the case, as far as the intake rules look at it.</summary>
/// <param name="Modality">DICOM modality; empty for a photograph or scan.</param>
/// <param name="Date">When it was taken.</param>
/// <param name="Description">Study and series description.</param>
public sealed record OrderImage(string Modality, DateOnly? Date, string Description)
{
    public bool IsPanoramic => Modality == "PX" || Has("panoram") || Has("OPG");

    public bool IsBitewing => Has("bitewing") || Has("bite-wing") || Has("bite wing");

    public bool IsPeriapical => Has("periapical");

    public bool IsVolume => Modality is "CT" or "MR";

    /// <summary>Intraoral, but the description does not say which kind.</summary>
    public bool IsUnspecifiedIntraoral => Modality == "IO" && !IsBitewing && !IsPeriapical;

    private bool Has(string word) => Description.Contains(word, StringComparison.OrdinalIgnoreCase);
}
