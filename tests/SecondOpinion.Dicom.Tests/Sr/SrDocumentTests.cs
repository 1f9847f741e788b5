using System.Xml.Linq;
using SecondOpinion.TestKit;
using Xunit;

namespace SecondOpinion.Dicom.Tests.Sr;

/// <summary>Structured reports (PS3.3 A.35, C.17).</summary>
public sealed class SrDocumentTests
{
    private static readonly SrCode s_report = new("18748-4", "LN", "Diagnostic Imaging Report");
    private static readonly SrCode s_finding = new("121071", "DCM", "Finding");
    private static readonly SrCode s_findings = new("121070", "DCM", "Findings");
    private static readonly SrCode s_length = new("410668003", "SCT", "Length");
    private static readonly SrCode s_mm = new("mm", "UCUM", "millimeter");
    private static readonly SrReference s_image = new(DicomUids.EnhancedCTImageStorage, "1.2.3.4.5") { StudyInstanceUid = "1.2.3", SeriesInstanceUid = "1.2.3.4", Frames = [2] };
    private static readonly DateTime s_now = new(2025, 3, 4, 10, 30, 0, DateTimeKind.Unspecified);

    private static readonly SrContentItem s_basic = SrContentItem.OfContainer(
        s_report,
        SrContentItem.OfContainer(
            s_findings,
            SrContentItem.OfText(s_finding, "Periapical radiolucency <36> & widened ligament\r\nNo fracture") with
            {
                Children = [SrContentItem.OfImage(null, s_image) with { Relationship = "INFERRED FROM" }],
            },
            SrContentItem.OfCode(s_finding, new SrCode("109660000", "SCT", "Apical periodontitis"))));

    private static readonly SrContentItem s_enhanced = SrContentItem.OfContainer(
        s_report,
        SrContentItem.OfContainer(s_findings, SrContentItem.OfNumber(s_length, "12.5", s_mm) with
        {
            Children =
            [
                new SrContentItem(SrValueType.SCoord, null)
                {
                    Relationship = "INFERRED FROM",
                    GraphicType = "POLYLINE",
                    GraphicData = [1, 2, 3.5f, 4],
                    Children = [SrContentItem.OfImage(null, s_image) with { Relationship = "SELECTED FROM" }],
                },
            ],
        }));

    private static readonly SrContentItem s_comprehensive = SrContentItem.OfContainer(
        s_report,
        SrContentItem.OfContainer(s_findings, SrContentItem.OfNumber(s_length, "12.5", s_mm)),
        SrContentItem.OfText(s_finding, "Grown") with
        {
            Children = [new SrContentItem(SrValueType.Other, null) { Relationship = "INFERRED FROM", Target = [1, 1, 1] }],
        });

    public static TheoryData<string> Kinds() => new("basic", "enhanced", "comprehensive");

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_document_is_written_in_the_least_class_and_read_back(string kind)
    {
        var document = Document(kind);
        var dataset = document.ToDataset(Study(), s_now);
        Assert.Equal(
            kind switch { "basic" => DicomUids.BasicTextSRStorage, "enhanced" => DicomUids.EnhancedSRStorage, _ => DicomUids.ComprehensiveSRStorage },
            dataset.GetString(DicomTags.SOPClassUID));
        var again = SrDocument.Read(DicomFile.Read(DicomFile.Create(dataset, DicomUids.ExplicitVRLittleEndian).ToArray()).Dataset);
        Assert.Equal(document.ToText(), again.ToText());
        Assert.Equal(document.Content.All().Select(i => i.Relationship).Skip(1), again.Content.All().Select(i => i.Relationship).Skip(1));
        Assert.Equal(document.VerifyingObservers, again.VerifyingObservers);
        Assert.Equal(document.Content.All().Count(i => i.Reference is not null), again.Content.All().Count(i => i.Reference?.SeriesInstanceUid == "1.2.3.4"));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Dciodvfy_and_dsrdump_accept_what_is_written(string kind)
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "sr.dcm");
        File.WriteAllBytes(path, DicomFile.Create(Document(kind).ToDataset(Study(), s_now), DicomUids.ExplicitVRLittleEndian).ToArray());
        var check = Shell.Run(Requires.Tool("dciodvfy"), "-new", path);
        var errors = (check.Output + "\n" + check.Error).Split((char)10).Where(l => l.StartsWith("Error", StringComparison.Ordinal)).ToList();
        Assert.True(errors.Count == 0, string.Join((char)10, errors));
        var dump = Shell.Run(Requires.Tool("dsrdump"), path);
        Assert.Equal("", dump.Error);
        Assert.Contains("Verification Flag   : VERIFIED", dump.Output, StringComparison.Ordinal);
        Assert.Contains("(,,\"Findings\")", dump.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_tree_of_a_foreign_report_has_every_item()
    {
        var dataset = Sample("test-SR.dcm");
        var document = SrDocument.Read(dataset);
        Assert.Equal(CountItems(dataset), document.Content.All().Count());
        Assert.Equal(DicomUids.ComprehensiveSRStorage, document.SopClassUid);
        Assert.Equal(2, document.VerifyingObservers.Count);
        Assert.Contains(document.Content.All(), i => i.Type == SrValueType.SCoord && i.GraphicType == "CIRCLE");
        Assert.Contains(document.Content.All(), i => i.Type == SrValueType.Num && i is { Text: "3", Code.Value: "cm" });
        Assert.Contains(document.Content.All(), i => i.Target.Count > 0);
        Assert.DoesNotContain(document.Content.All(), i => i.Type == SrValueType.Other && i.Target.Count == 0);
        var text = document.ToText();
        foreach (var item in document.Content.All().Where(i => i.Type == SrValueType.Text))
        {
            Assert.Contains(item.Text!.Split('\r', '\n')[0], text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Every_sample_report_has_text_and_well_formed_HTML()
    {
        foreach (var name in new[] { "test-SR.dcm", "reportsi.dcm", "reportsi_with_empty_number_tags.dcm" })
        {
            var document = SrDocument.Read(Sample(name));
            Assert.NotEmpty(document.ToText());
            Html(document);
        }
    }

    [Fact]
    public void HTML_escapes_what_a_report_says()
    {
        var html = Html(Document("basic"));
        Assert.Contains(html.Descendants("li"), l => l.Nodes().OfType<XText>().Any(t => t.Value.Contains("radiolucency <36> & widened", StringComparison.Ordinal)));
        Assert.Equal("Diagnostic Imaging Report", html.Descendants("h1").Single().Value);
        Assert.Equal("Findings", html.Descendants("h2").Single().Value);
    }

    [Fact]
    public void Text_is_an_indented_outline() => Assert.Equal(
        """
        Diagnostic Imaging Report
          Findings
            Length: 12.5 mm
          Finding: Grown
            see item 1.1.1

        Complete.
        Verified by Dr. Jane Doe, Reading room, 2025-03-04 10:30.
        """.ReplaceLineEndings("\n"),
        Document("comprehensive").ToText());

    [Fact]
    public void A_number_may_not_stand_in_Basic_Text() => Assert.Equal(
        DicomError.InvalidValue,
        Assert.Throws<DicomException>(() => (Document("enhanced") with { SopClassUid = DicomUids.BasicTextSRStorage }).ToDataset(Study(), s_now)).Code);

    [Fact]
    public void A_reference_without_its_series_is_refused()
    {
        var content = SrContentItem.OfContainer(s_report, SrContentItem.OfImage(null, new SrReference(DicomUids.CTImageStorage, "1.2.3")));
        Assert.Equal(DicomError.MissingAttribute, Assert.Throws<DicomException>(() => new SrDocument(content).ToDataset(Study(), s_now)).Code);
    }

    [Fact]
    public void A_data_set_without_a_tree_is_refused() =>
        Assert.Equal(DicomError.MissingAttribute, Assert.Throws<DicomException>(() => SrDocument.Read(Sample("CT_small.dcm"))).Code);

    private static SrDocument Document(string kind) => new(kind switch { "basic" => s_basic, "enhanced" => s_enhanced, _ => s_comprehensive })
    {
        IsComplete = true,
        VerifyingObservers = [new SrObserver("Doe^Jane^^Dr.", "Reading room", "20250304103000")],
    };

    private static DicomDataset Study() => new DicomDataset()
        .Set(DicomTags.PatientName, "Test^Patient").Set(DicomTags.PatientID, "42").Set(DicomTags.StudyInstanceUID, "1.2.3")
        .Set(DicomTags.StudyDate, "20250303").Set(DicomTags.StudyTime, "090000").Set(DicomTags.Manufacturer, "x");

    private static DicomDataset Sample(string name) => DicomFile.Read(File.ReadAllBytes(SampleFiles.All().First(p => Path.GetFileName(p) == name))).Dataset;

    private static int CountItems(DicomDataset dataset) => 1 + dataset.GetItems(DicomTags.ContentSequence).Sum(CountItems);

    /// <summary>The document as XML, which it is but for its void elements.</summary>
    private static XDocument Html(SrDocument document) => XDocument.Parse(
        document.ToHtml().Replace("<!DOCTYPE html>", "", StringComparison.Ordinal).Replace("<br>", "<br/>", StringComparison.Ordinal)
            .Replace("<meta charset=\"utf-8\">", "", StringComparison.Ordinal));
}
