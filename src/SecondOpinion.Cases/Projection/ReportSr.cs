using System.Globalization;
using SecondOpinion.Cases.Result;
using SecondOpinion.Dicom;
using SecondOpinion.Fhir;

namespace SecondOpinion.Cases.Projection;

/// <summary>
/// A signed report as a DICOM structured report of the study that was read: a Basic Text SR (PS3.3 A.35.1) in the sections of PS3.16 TID 2000, which every PACS
/// can show. Each version is an object of its own; what stands in it is what the PDF says.
/// </summary>
public static class ReportSr
{
    private const string ImageEvidence = "https://secondopinion.example/fhir/StructureDefinition/image-evidence";

    private static readonly SrCode s_title = new("18748-4", "LN", "Diagnostic imaging report");
    private static readonly SrCode s_comment = Dcm("121106", "Comment");

    /// <summary>The series that holds all versions of a report.</summary>
    public static string SeriesUid(string reportId) => StableUid.Of("report-sr-series", reportId);

    /// <param name="version">The version of the report.</param>
    /// <param name="predecessor">The SOP Instance UID of the version before, for an amended report.</param>
    public static DicomFile Make(ReportDocument document, CaseFile file, StudyFacts study, string reportId, int version, string? predecessor, DateTimeOffset now)
    {
        var zone = study.TimezoneOffset.Length > 0 ? study.TimezoneOffset : "+0000";
        var local = now.ToOffset(OffsetOf(zone)).DateTime;
        var reviewer = PatientText.Of(file.Interpreter).Name is { Length: > 0 } name ? name : "Unknown";
        var sr = new SrDocument(Tree(document, file, reviewer))
        {
            IsComplete = true,
            SopClassUid = DicomUids.BasicTextSRStorage,
            VerifyingObservers = [new SrObserver(reviewer, DicomText.Clean(document.ReadingOrganization, 64) is { Length: > 0 } reader ? reader : "Unknown", local.ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture))],
        };
        var dataset = sr.ToDataset(StudyOf(study, zone), local)
            .Set(DicomTags.SOPInstanceUID, UidOf(reportId, version))
            .Set(DicomTags.SeriesInstanceUID, SeriesUid(reportId))
            .Set(DicomTags.SeriesNumber, 9001)
            .Set(DicomTags.InstanceNumber, version)
            .Set(DicomTags.SeriesDescription, "Second opinion")
            .Set(DicomTags.Manufacturer, "SecondOpinion.Interop");
        Requested(dataset, document, study);
        if (predecessor is not null)
        {
            // PS3.3 C.17.2: required when content of another document was taken over.
            dataset.SetItems(DicomTags.PredecessorDocumentsSequence, new DicomDataset().Set(DicomTags.StudyInstanceUID, study.StudyInstanceUid).SetItems(
                DicomTags.ReferencedSeriesSequence,
                new DicomDataset().Set(DicomTags.SeriesInstanceUID, SeriesUid(reportId)).SetItems(
                    DicomTags.ReferencedSOPSequence,
                    new DicomDataset().Set(DicomTags.ReferencedSOPClassUID, DicomUids.BasicTextSRStorage).Set(DicomTags.ReferencedSOPInstanceUID, predecessor))));
        }

        dataset.UseUtf8();
        return DicomFile.Create(dataset, DicomUids.ExplicitVRLittleEndian);
    }

    private static string UidOf(string reportId, int version) => StableUid.Of("report-sr", reportId, version.ToString(CultureInfo.InvariantCulture));

    private static SrContentItem Tree(ReportDocument document, CaseFile file, string reviewer)
    {
        var children = new List<SrContentItem>
        {
            new(SrValueType.Code, Dcm("121049", "Language of Content Item and Descendants")) { Relationship = "HAS CONCEPT MOD", Code = new SrCode("en", "RFC5646", "English") },
            new(SrValueType.Code, Dcm("121005", "Observer Type")) { Relationship = "HAS OBS CONTEXT", Code = Dcm("121006", "Person") },
            new(SrValueType.PName, Dcm("121008", "Person Observer Name")) { Relationship = "HAS OBS CONTEXT", Text = reviewer },
        };
        if (document.ReadingOrganization.Length > 0)
        {
            children.Add(new SrContentItem(SrValueType.Text, Dcm("121009", "Person Observer's Organization Name")) { Relationship = "HAS OBS CONTEXT", Text = document.ReadingOrganization });
        }

        AddSection(children, Dcm("121109", "Indications for Procedure"), [Text(s_comment, document.Question), Text(s_comment, "Region", document.Region)]);
        AddSection(children, Dcm("121060", "History"), [Text(s_comment, document.History), Text(s_comment, "Treatment plan", document.TreatmentPlan)]);
        AddSection(children, Dcm("121068", "Previous Findings"), [Text(Dcm("121069", "Previous Finding"), document.OriginalInterpretation)]);
        AddSection(children, Dcm("121064", "Current Procedure Descriptions"), [.. document.Images.Select(i => Text(Dcm("121065", "Procedure Description"), i))]);
        AddSection(children, Dcm("121070", "Findings"), [.. document.Findings.Select(f => Finding(f, file))]);
        AddSection(children, Dcm("121072", "Impressions"), [.. document.Assessment.Select(f => Text(Dcm("121073", "Impression"), f.Label, f.Value))]);
        AddSection(children, Dcm("121076", "Conclusions"), [Text(Dcm("121077", "Conclusion"), document.Answer), Text(s_comment, "Limits", document.Limits)]);
        AddSection(children, Dcm("121111", "Summary"), [Text(s_comment, document.PlainSummary)]);
        return new SrContentItem(SrValueType.Container, s_title) { Children = children, TemplateId = "2000" };
    }

    private static SrContentItem? Finding(ReportFinding finding, CaseFile file)
    {
        var head = finding.Site.Length > 0 ? $"{finding.Site}: {finding.Name}" : finding.Name;
        return Text(Dcm("121071", "Finding"), finding.Text.Length > 0 ? $"{head}. {finding.Text}" : head) is { } item
            ? item with
            {
                Children =
                [
                    .. finding.Facts.Select(f => Text(s_comment, f.Label, f.Value)).OfType<SrContentItem>().Select(f => f with { Relationship = "HAS PROPERTIES" }),
                    .. Evidence(finding.Source, file.Studies).Select(r => new SrContentItem(SrValueType.Image, null) { Relationship = "INFERRED FROM", Reference = r }),
                ],
            }
            : null;
    }

    /// <summary>The images that a finding names and that are in the case's studies.</summary>
    private static IEnumerable<SrReference> Evidence(FhirResource? finding, IReadOnlyList<StudyFacts> studies)
    {
        foreach (var source in finding?.Root.All("derivedFrom") ?? default)
        {
            foreach (var extension in source.All("extension").Where(e => e.Text("url") == ImageEvidence))
            {
                string? Part(string url) => extension.All("extension").Where(e => e.Text("url") == url).Select(e => e["value"].Value).FirstOrDefault();
                var uid = DicomUidOf(Part("instance"));
                foreach (var (study, series, instance) in
                    from study in studies from series in study.Series from instance in series.Instances where instance.SopInstanceUid == uid select (study, series, instance))
                {
                    yield return new SrReference(instance.SopClassUid, instance.SopInstanceUid)
                    {
                        StudyInstanceUid = study.StudyInstanceUid,
                        SeriesInstanceUid = series.SeriesInstanceUid,
                        Frames = instance.Frames > 1 && int.TryParse(Part("frame"), NumberStyles.None, CultureInfo.InvariantCulture, out var frame) && frame >= 1 && frame <= instance.Frames ? [frame] : [],
                    };
                }
            }
        }
    }

    private static string? DicomUidOf(string? oid) => oid?.StartsWith("urn:oid:", StringComparison.Ordinal) == true ? oid["urn:oid:".Length..] : oid;

    private static void AddSection(List<SrContentItem> children, SrCode heading, IEnumerable<SrContentItem?> items)
    {
        SrContentItem[] there = [.. items.OfType<SrContentItem>()];
        if (there.Length > 0)
        {
            children.Add(new SrContentItem(SrValueType.Container, heading) { Children = there });
        }
    }

    private static SrContentItem? Text(SrCode name, string text) => string.IsNullOrWhiteSpace(text) ? null : new SrContentItem(SrValueType.Text, name) { Text = Lines(text) };

    private static SrContentItem? Text(SrCode name, string label, string text) => string.IsNullOrWhiteSpace(text) ? null : Text(name, $"{label}: {text}");

    private static SrCode Dcm(string value, string meaning) => new(value, "DCM", meaning);

    /// <summary>UT has line ends of CR LF, and no other control characters (PS3.5 6.2).</summary>
    private static string Lines(string text) => string.Concat(text.ReplaceLineEndings("\n").Where(c => c is '\n' or '\t' || !char.IsControl(c))).ReplaceLineEndings("\r\n").TrimEnd();

    private static TimeSpan OffsetOf(string zone) =>
        TimeSpan.TryParseExact(zone.TrimStart('+', '-'), "hhmm", CultureInfo.InvariantCulture, out var offset) ? (zone[0] == '-' ? -offset : offset) : TimeSpan.Zero;

    private static DicomDataset StudyOf(StudyFacts study, string zone)
    {
        var dataset = new DicomDataset().Set(DicomTags.StudyInstanceUID, study.StudyInstanceUid).Set(DicomTags.TimezoneOffsetFromUTC, zone);
        foreach (var (tag, value) in new[]
        {
            (DicomTags.PatientName, study.PatientName), (DicomTags.PatientID, study.PatientId), (DicomTags.IssuerOfPatientID, study.IssuerOfPatientId),
            (DicomTags.PatientBirthDate, study.PatientBirthDate), (DicomTags.PatientSex, study.PatientSex), (DicomTags.StudyDate, study.StudyDate),
            (DicomTags.StudyTime, study.StudyTime), (DicomTags.ReferringPhysicianName, study.ReferringPhysician), (DicomTags.StudyID, study.StudyId),
            (DicomTags.AccessionNumber, study.AccessionNumber), (DicomTags.StudyDescription, study.Description),
        })
        {
            if (value.Length > 0)
            {
                dataset.Set(tag, value);
            }
        }

        return dataset;
    }

    /// <summary>The order that the report answers (PS3.3 C.17.2, Referenced Request Sequence).</summary>
    private static void Requested(DicomDataset dataset, ReportDocument document, StudyFacts study)
    {
        var request = new DicomDataset().Set(DicomTags.StudyInstanceUID, study.StudyInstanceUid).SetItems(DicomTags.ReferencedStudySequence).SetItems(DicomTags.RequestedProcedureCodeSequence)
            .SetEmpty(DicomTags.FillerOrderNumberImagingServiceRequest).SetEmpty(DicomTags.RequestedProcedureID);
        foreach (var (tag, value, length) in new[]
        {
            (DicomTags.AccessionNumber, study.AccessionNumber, 16), (DicomTags.PlacerOrderNumberImagingServiceRequest, document.OrderNumber, 64),
            (DicomTags.RequestedProcedureDescription, document.Title, 64),
        })
        {
            if (DicomText.Clean(value, length) is { Length: > 0 } line)
            {
                request.Set(tag, line);
            }
            else
            {
                request.SetEmpty(tag);
            }
        }

        dataset.SetItems(DicomTags.ReferencedRequestSequence, request);
    }
}
