using System.Globalization;
using System.Text;
using SecondOpinion.Cases.Intake;
using SecondOpinion.Cases.Projection;
using SecondOpinion.Fhir;

namespace SecondOpinion.Cases.Result;

/// <summary>The resources that a report page is made of; what is missing is left out.</summary>
public sealed record CaseFile
{
    public required FhirResource Order { get; init; }

    public required FhirResource Report { get; init; }

    public IReadOnlyList<FhirResource> Results { get; init; } = [];

    public FhirResource? Patient { get; init; }

    public FhirResource? Requester { get; init; }

    public FhirResource? RequestingOrganization { get; init; }

    public FhirResource? Interpreter { get; init; }

    public FhirResource? ReadingOrganization { get; init; }

    /// <summary>DocumentReferences and DiagnosticReports that support the order.</summary>
    public IReadOnlyList<FhirResource> Supporting { get; init; } = [];

    public IReadOnlyList<StudyFacts> Studies { get; init; } = [];
}

/// <summary>Gathers what the page shows.</summary>
public static class ReportDocumentBuilder
{
    private static readonly Dictionary<string, string> Labels = new()
    {
        ["finding-class"] = "Class",
        ["confidence"] = "Confidence",
        ["relation-to-original"] = "Original wording",
        ["comparison-with-prior"] = "Compared with priors",
        ["alternative-interpretation"] = "Could also be",
        ["evidence"] = "Seen on",
        ["diagnosis-changed"] = "Diagnosis changes",
        ["severity-changed"] = "Severity changes",
        ["staging-changed"] = "Staging changes",
        ["treatment-plan-supported"] = "Treatment plan",
        ["image-quality"] = "Image quality",
        ["next-step"] = "Next step",
        ["additional-imaging"] = "Additional imaging",
    };

    // Shown in this order, then whatever else there is.
    private static readonly string[] AssessmentOrder = ["next-step", "treatment-plan-supported", "diagnosis-changed", "severity-changed", "staging-changed", "image-quality", "additional-imaging"];

    private static readonly HashSet<string> Attention =
        ["revised", "new", "disagree", "not-supported", "partly-supported", "inadequate", "limited", "poor", "non-diagnostic", "required", "recommended", "urgent", "refer-urgently", "true"];

    private static readonly HashSet<string> OwnSections = ["limits", "plain-language-summary", "limitations"];

    public static ReportDocument Build(CaseFile file, DateTimeOffset signedAt, string keyId)
    {
        var order = Order.From(file.Order);
        var report = file.Report.Root;
        var patient = file.Patient?.Root ?? default;
        var assessment = file.Results.FirstOrDefault(IsAssessment);
        return new ReportDocument
        {
            Title = report["code"].Text("text") ?? file.Order.Root["code"].Display() ?? "Second opinion",
            Status = Sentence(report.Text("status") ?? "final"),
            ReportReference = "DiagnosticReport/" + file.Report.Id,
            OrderReference = order.Reference,
            OrderNumber = order.Placer?.Value ?? "",
            Accession = order.Accessions.Count > 0 ? order.Accessions[0].Value : "",
            PatientName = NameOf(patient),
            PatientId = PatientText.Of(file.Patient).Id,
            PatientBirthDate = patient.Text("birthDate") ?? "",
            PatientSex = Sentence(patient.Text("gender") ?? ""),
            Requester = NameOf(file.Requester?.Root ?? default),
            RequestingOrganization = NameOf(file.RequestingOrganization?.Root ?? default),
            ReadingOrganization = NameOf(file.ReadingOrganization?.Root ?? default),
            Question = order.Question,
            Region = string.Join(", ", file.Order.Root.All("bodySite").Select(SiteOf).Where(s => s.Length > 0)),
            History = string.Join("\n", file.Order.Root.All("note").Select(n => n.Text("text")).Where(t => !string.IsNullOrWhiteSpace(t))),
            Answer = report.Text("conclusion") ?? "",
            PlainSummary = OwnText(assessment, "plain-language-summary"),
            OriginalInterpretation = TextsOf(file.Supporting, isPlan: false),
            TreatmentPlan = TextsOf(file.Supporting, isPlan: true),
            Assessment = assessment is null ? [] : AssessmentFacts(assessment),
            Findings = [.. file.Results.Where(r => !ReferenceEquals(r, assessment)).Select(FindingOf)],
            Images = [.. file.Studies.Select(ImageLine)],
            Limits = (OwnText(assessment, "limits") + "\n" + OwnText(assessment, "limitations")).Trim() is { Length: > 0 } limits ? limits : ReportDocument.DefaultLimits,
            Reviewer = NameOf(file.Interpreter?.Root ?? default),
            Credentials = CredentialsOf(file.Interpreter?.Root ?? default),
            Issued = (report.Text("issued") ?? "").Split('T')[0],
            SignedAt = signedAt,
            KeyId = keyId,
        };
    }

    private static bool IsAssessment(FhirResource observation) => observation.Root["code"].CodeOf(CaseCodes.Assessment) is not null;

    private static List<ReportFact> AssessmentFacts(FhirResource assessment)
    {
        var facts = new List<ReportFact>();
        if (ValueOf(assessment.Root["value"]) is { } agreement)
        {
            facts.Add(Fact("Original interpretation", agreement));
        }

        var components = assessment.Root.All("component").Select(c => (Code: CodeOf(c["code"]), Node: c)).Where(c => !OwnSections.Contains(c.Code)).ToList();
        foreach (var (code, node) in components.OrderBy(c => Array.IndexOf(AssessmentOrder, c.Code) is var at and >= 0 ? at : int.MaxValue))
        {
            AddComponent(facts, code, node);
        }

        foreach (var note in assessment.Root.All("note"))
        {
            facts.Add(new ReportFact("Note", note.Text("text") ?? ""));
        }

        return facts;
    }

    private static ReportFinding FindingOf(FhirResource observation)
    {
        var root = observation.Root;
        var facts = new List<ReportFact>();
        if (ValueOf(root["value"]) is { } value)
        {
            facts.Add(new ReportFact("Certainty", value.Text));
        }

        foreach (var component in root.All("component"))
        {
            AddComponent(facts, CodeOf(component["code"]), component);
        }

        return new ReportFinding
        {
            Site = SiteOf(root["bodySite"]),
            Name = root["code"].Text("text") ?? Concept(root["code"]).Text,
            Text = string.Join("\n", root.All("note").Select(n => n.Text("text")).Where(t => !string.IsNullOrWhiteSpace(t))),
            Facts = facts,
            Source = observation,
        };
    }

    private static void AddComponent(List<ReportFact> facts, string code, FhirNode component)
    {
        if (ValueOf(component["value"]) is { } value)
        {
            facts.Add(Fact(Labels.GetValueOrDefault(code) ?? component["code"].Text("text") ?? Sentence(code), value));
        }
    }

    private static ReportFact Fact(string label, (string Text, string Code) value) =>
        new(label, value.Text, Attention.Contains(value.Code) ? ReportTone.Attention : ReportTone.Plain);

    private static (string Text, string Code)? ValueOf(FhirNode value) => value.Type switch
    {
        _ when !value.Exists => null,
        "CodeableConcept" => Concept(value),
        "Quantity" => ($"{value.Text("comparator")}{value.Text("value")} {value.Text("unit") ?? value.Text("code")}".Trim(), ""),
        "boolean" => (value.Value == "true" ? "Yes" : "No", value.Value ?? ""),
        "Range" => ($"{value["low"].Text("value")} to {value["high"].Text("value")} {value["high"].Text("unit")}".Trim(), ""),
        _ when value.IsPrimitive => (value.Value ?? "", ""),
        _ => null,
    };

    /// <summary>The reviewer's text after what the code means: "Revised (Original: apical periodontitis)".</summary>
    private static (string Text, string Code) Concept(FhirNode concept)
    {
        var code = concept["coding"].Text("code") ?? "";
        var meaning = concept["coding"].Text("display") ?? Sentence(code);
        return concept.Text("text") switch
        {
            null or "" => (meaning, code),
            var text when meaning.Length == 0 || text.Contains(meaning, StringComparison.OrdinalIgnoreCase) => (text, code),
            var text => ($"{meaning} ({text})", code),
        };
    }

    private static string CodeOf(FhirNode concept) => concept["coding"].Text("code") ?? "";

    private static string OwnText(FhirResource? assessment, string code) =>
        assessment is null ? "" : string.Join("\n", assessment.Root.All("component").Where(c => CodeOf(c["code"]) == code).Select(c => ValueOf(c["value"])?.Text));

    /// <summary>The texts that documents carry in themselves: plans apart from everything else.</summary>
    private static string TextsOf(IReadOnlyList<FhirResource> supporting, bool isPlan)
    {
        var texts = new List<string>();
        foreach (var resource in supporting)
        {
            var root = resource.Root;
            if (root.All("category").AnyCoding(CaseCodes.SupportingDocument, "treatment-plan") != isPlan)
            {
                continue;
            }

            if (resource.ResourceType == "DiagnosticReport" && root.Text("conclusion") is { } conclusion)
            {
                texts.Add(conclusion);
            }

            foreach (var content in root.All("content"))
            {
                if (content["attachment"].Text("contentType")?.StartsWith("text/plain", StringComparison.OrdinalIgnoreCase) == true && Decode(content["attachment"].Text("data")) is { } text)
                {
                    texts.Add(text);
                }
            }
        }

        return string.Join("\n\n", texts);
    }

    private static string? Decode(string? base64)
    {
        var bytes = new byte[(base64?.Length ?? 0) / 4 * 3 + 3];
        return base64 is not null && Convert.TryFromBase64String(base64, bytes, out var length) ? Encoding.UTF8.GetString(bytes, 0, length).Trim() : null;
    }

    private static string ImageLine(StudyFacts study)
    {
        var images = study.Series.Where(s => s.Modality is not ("DOC" or "SR")).ToList(); // an earlier version of the report is no image
        var modalities = string.Join("/", images.Select(s => s.Modality).Where(m => m.Length > 0).Distinct());
        var date = DateOnly.TryParseExact(study.StudyDate, "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : "undated";
        var count = images.Sum(s => s.Instances.Count);
        var name = study.Description.Length > 0 ? study.Description : images.Select(s => s.Description).FirstOrDefault(d => d.Length > 0) ?? "Study";
        return $"{name}, {(modalities.Length > 0 ? modalities + ", " : "")}{date}, {count} image{(count == 1 ? "" : "s")}";
    }

    private static string SiteOf(FhirNode site) => Teeth.Find(site)?.ToString() ?? site.Display() ?? "";

    private static List<string> CredentialsOf(FhirNode practitioner)
    {
        var lines = new List<string>();
        foreach (var qualification in practitioner.All("qualification"))
        {
            var number = qualification["identifier"].Text("value");
            var issuer = qualification["issuer"].Text("display");
            lines.Add(string.Join(", ", new[] { qualification["code"].Display(), number is null ? null : "No. " + number, issuer }.Where(t => !string.IsNullOrEmpty(t))));
        }

        foreach (var identifier in practitioner.Identifiers())
        {
            lines.Add(identifier.System == "http://hl7.org/fhir/sid/us-npi" ? "NPI " + identifier.Value : "ID " + identifier);
        }

        return [.. lines.Where(l => l.Length > 0)];
    }

    /// <summary>A name as it is written on paper; of an organization its name.</summary>
    private static string NameOf(FhirNode resource)
    {
        var name = resource["name"];
        foreach (var candidate in resource.All("name"))
        {
            if (candidate.Text("use") == "official")
            {
                name = candidate;
                break;
            }
        }

        if (name.IsPrimitive)
        {
            return name.Value ?? "";
        }

        if (name.Text("text") is { Length: > 0 } text)
        {
            return text;
        }

        var parts = string.Join(' ', name.All("prefix").Concat(name.All("given")).Append(name["family"]).Select(n => n.Value).Where(v => !string.IsNullOrEmpty(v)));
        var suffix = string.Join(", ", name.All("suffix").Select(s => s.Value));
        return suffix.Length > 0 ? parts + ", " + suffix : parts;
    }

    /// <summary>A code as words: <c>likely-artifact</c> is "Likely artifact".</summary>
    private static string Sentence(string code) =>
        code.Length == 0 ? "" : char.ToUpperInvariant(code[0]) + code[1..].Replace('-', ' ');
}
