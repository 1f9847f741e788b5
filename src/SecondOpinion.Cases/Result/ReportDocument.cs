using SecondOpinion.Fhir;

namespace SecondOpinion.Cases.Result;

/// <summary>A review as people read it: everything the page shows, as text, gathered from the resources of the case.</summary>
public sealed record ReportDocument
{
    public required string Title { get; init; }

    /// <summary>"Final", "Amended", "Corrected".</summary>
    public required string Status { get; init; }

    public required string ReportReference { get; init; }

    public required string OrderReference { get; init; }

    public string OrderNumber { get; init; } = "";

    public string Accession { get; init; } = "";

    public string PatientName { get; init; } = "";

    public string PatientId { get; init; } = "";

    public string PatientBirthDate { get; init; } = "";

    public string PatientSex { get; init; } = "";

    public string Requester { get; init; } = "";

    public string RequestingOrganization { get; init; } = "";

    public string ReadingOrganization { get; init; } = "";

    public string Question { get; init; } = "";

    public string Region { get; init; } = "";

    public string History { get; init; } = "";

    /// <summary>The conclusion.</summary>
    public required string Answer { get; init; }

    /// <summary>In plain language, for the patient.</summary>
    public string PlainSummary { get; init; } = "";

    public string OriginalInterpretation { get; init; } = "";

    public string TreatmentPlan { get; init; } = "";

    /// <summary>Overall facts, most important first.</summary>
    public IReadOnlyList<ReportFact> Assessment { get; init; } = [];

    public IReadOnlyList<ReportFinding> Findings { get; init; } = [];

    /// <summary>One line per study.</summary>
    public IReadOnlyList<string> Images { get; init; } = [];

    public string Limits { get; init; } = DefaultLimits;

    public string Reviewer { get; init; } = "";

    /// <summary>Qualifications and licence numbers.</summary>
    public IReadOnlyList<string> Credentials { get; init; } = [];

    public string Issued { get; init; } = "";

    public DateTimeOffset SignedAt { get; init; }

    /// <summary>Id of the signing key; empty when the report is not signed electronically.</summary>
    public string KeyId { get; init; } = "";

    /// <summary>Used when the reviewer states no limits of their own.</summary>
    public const string DefaultLimits =
        "This opinion rests on the images and information sent with the order; the patient was not examined. Radiographs show mineral loss only when it is advanced, overlay "
        + "structures, and cannot show pain, vitality of the pulp, or the state of soft tissue. It supports, and does not replace, the judgement of the treating clinician.";
}

/// <summary>A label and its value.</summary>
/// <param name="Tone">Whether the value needs attention.</param>
public sealed record ReportFact(string Label, string Value, ReportTone Tone = ReportTone.Plain);

public enum ReportTone
{
    Plain,
    Attention,
}

/// <summary>One finding.</summary>
public sealed record ReportFinding
{
    public string Site { get; init; } = "";

    public required string Name { get; init; }

    /// <summary>What is seen, in the reviewer's words.</summary>
    public string Text { get; init; } = "";

    /// <summary>Certainty, class, confidence, relation to the original, comparison, alternatives, evidence.</summary>
    public IReadOnlyList<ReportFact> Facts { get; init; } = [];

    /// <summary>The Observation it was taken from.</summary>
    public FhirResource? Source { get; init; }
}
