using SecondOpinion.Cases.Matching;
using SecondOpinion.Cases.Projection;
using SecondOpinion.Cases.Result;
using SecondOpinion.Dicom;
using SecondOpinion.Fhir;
using Xunit;

namespace SecondOpinion.Cases.Tests.Projection;

/// <summary>The report as DICOM structured report.</summary>
public sealed class ReportSrTests
{
    private static readonly StudyFacts Study = new()
    {
        StudyInstanceUid = "1.2.3",
        PatientId = "MRN-1",
        PatientName = "Doe^Jane",
        TimezoneOffset = "-0500",
        Series =
        [
            new SeriesFacts { SeriesInstanceUid = "1.2.3.1", Modality = "IO", Instances = [new InstanceFacts("1.2.3.1.1", DicomUids.DigitalIntraOralXRayImageStorageForPresentation, 1, null)] },
            new SeriesFacts { SeriesInstanceUid = "1.2.3.2", Modality = "CT", Instances = [new InstanceFacts("1.2.3.2.1", DicomUids.EnhancedCTImageStorage, 1, 40)] },
        ],
    };

    private static DicomDataset Make(string derivedFrom, string answer = "No treatment.")
    {
        var order = FhirResource.Parse("""{"resourceType":"ServiceRequest","id":"o","status":"active","intent":"order","subject":{"reference":"Patient/p"},"reasonCode":[{"text":"Is it periodontitis?"}]}""");
        var report = FhirResource.Parse("""{"resourceType":"DiagnosticReport","id":"r","status":"final","code":{"text":"Second opinion"}}""").With(r => r["conclusion"] = answer);
        var finding = FhirResource.Parse($$"""{"resourceType":"Observation","id":"f","status":"final","code":{"text":"Mental foramen"},"note":[{"text":"Seen below 45."}],"derivedFrom":{{derivedFrom}}}""");
        var file = new CaseFile { Order = order, Report = report, Results = [finding], Studies = [Study], Interpreter = FhirResource.Parse("""{"resourceType":"Practitioner","name":[{"family":"Haugen","given":["Ingrid"],"suffix":["DDS"]}]}""") };
        var now = new DateTimeOffset(2026, 11, 25, 3, 30, 0, TimeSpan.Zero);
        return ReportSr.Make(ReportDocumentBuilder.Build(file, now, "k"), file, Study, "r", 1, null, now).Dataset;
    }

    private static string Evidence(string instance, int? frame = null) =>
        $$"""[{"reference":"ImagingStudy/i","extension":[{"url":"https://secondopinion.example/fhir/StructureDefinition/image-evidence","extension":[{"url":"instance","valueOid":"urn:oid:{{instance}}"}{{(frame is null ? "" : $$""",{"url":"frame","valuePositiveInt":{{frame}}}""")}}]}]}]""";

    [Fact]
    public void A_finding_names_the_image_it_was_seen_on_and_the_document_lists_it_as_evidence()
    {
        var dataset = Make(Evidence("1.2.3.2.1", 12));

        var image = SrDocument.Read(dataset).Content.All().Single(i => i.Type == SrValueType.Image);
        Assert.Equal(("INFERRED FROM", "1.2.3.2.1"), (image.Relationship, image.Reference!.SopInstanceUid));
        Assert.Equal([12], image.Reference.Frames);
        var evidence = dataset.GetItem(DicomTags.CurrentRequestedProcedureEvidenceSequence)!;
        Assert.Equal("1.2.3", evidence.GetString(DicomTags.StudyInstanceUID));
        Assert.Equal("1.2.3.2", evidence.GetItem(DicomTags.ReferencedSeriesSequence)!.GetString(DicomTags.SeriesInstanceUID));
    }

    [Theory]
    [InlineData("9.9.9", null, 0)] // not of the case
    [InlineData("1.2.3.2.1", 41, 1)] // the image, but it has 40 frames
    [InlineData("1.2.3.1.1", 3, 1)] // a single frame has no number
    public void What_is_not_there_is_not_referred_to(string instance, int? frame, int images)
    {
        var found = SrDocument.Read(Make(Evidence(instance, frame))).Content.All().Where(i => i.Type == SrValueType.Image).ToList();
        Assert.Equal(images, found.Count);
        Assert.All(found, i => Assert.Empty(i.Reference!.Frames));
    }

    [Fact]
    public void Times_are_those_of_the_study_and_the_reviewer_has_verified_it()
    {
        var dataset = Make("[]");
        Assert.Equal(("20261124", "-0500"), (dataset.GetString(DicomTags.ContentDate), dataset.GetString(DicomTags.TimezoneOffsetFromUTC)));
        var observer = SrDocument.Read(dataset).VerifyingObservers.Single();
        Assert.Equal(("Haugen^Ingrid^^^DDS", "20261124223000"), (observer.Name, observer.At));
    }

    [Fact]
    public void Text_keeps_its_lines_and_loses_control_characters()
    {
        var text = SrDocument.Read(Make("[]", "First.\nSecond \\ third.\u0007")).Content.All().Single(i => i.Name?.Value == "121077").Text;
        Assert.Equal("First.\r\nSecond \\ third.", text);
    }
}
