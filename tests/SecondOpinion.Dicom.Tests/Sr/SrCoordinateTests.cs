using SecondOpinion.TestKit;
using Xunit;

namespace SecondOpinion.Dicom.Tests.Sr;

/// <summary>Coordinates in time and space, waveforms, and numbers without a value (PS3.3 C.18.1, C.18.4 to C.18.9).</summary>
public sealed class SrCoordinateTests
{
    private static readonly SrCode s_report = new("18748-4", "LN", "Diagnostic Imaging Report");
    private static readonly SrCode s_finding = new("121071", "DCM", "Finding");
    private static readonly SrReference s_image = new(DicomUids.EnhancedCTImageStorage, "1.2.3.4.5")
    {
        StudyInstanceUid = "1.2.3",
        SeriesInstanceUid = "1.2.3.4",
        PresentationState = new SrReference(DicomUids.GrayscaleSoftcopyPresentationStateStorage, "1.2.3.6") { StudyInstanceUid = "1.2.3", SeriesInstanceUid = "1.2.3.5" },
    };

    private static readonly SrReference s_waveform = new(DicomUids.TwelveLeadECGWaveformStorage, "1.2.3.9") { StudyInstanceUid = "1.2.3", SeriesInstanceUid = "1.2.3.8", Channels = [1, 2, 1, 3] };

    private static SrDocument Document() => new(SrContentItem.OfContainer(
        s_report,
        SrContentItem.OfContainer(
            s_finding,
            SrContentItem.OfImage(null, s_image),
            new SrContentItem(SrValueType.Num, s_finding) { Qualifier = new SrCode("114007", "DCM", "Measurement not attempted") },
            Times("POINT", new SrTimes { Samples = [12, 4_000_000_000] }),
            Times("SEGMENT", new SrTimes { Offsets = ["0.5", "1.25"] }),
            Times("BEGIN", new SrTimes { DateTimes = ["20250304103000"] }),
            new SrContentItem(SrValueType.SCoord3D, s_finding) { GraphicType = "POINT", GraphicData = [1, 2, 3.5f], FrameOfReferenceUid = "1.2.3.7" })))
    {
        IsComplete = true,
    };

    private static SrContentItem Times(string range, SrTimes times) => new(SrValueType.TCoord, s_finding)
    {
        GraphicType = range,
        Times = times,
        Children = [new SrContentItem(SrValueType.Waveform, null) { Relationship = "SELECTED FROM", Reference = s_waveform }],
    };

    private static DicomDataset Study() => new DicomDataset()
        .Set(DicomTags.PatientName, "Test^Patient").Set(DicomTags.PatientID, "42").Set(DicomTags.StudyInstanceUID, "1.2.3")
        .Set(DicomTags.StudyDate, "20250303").Set(DicomTags.StudyTime, "090000").Set(DicomTags.Manufacturer, "x");

    private static DicomDataset Written() => Document().ToDataset(Study(), new DateTime(2025, 3, 4, 10, 30, 0, DateTimeKind.Unspecified));

    [Fact]
    public void They_are_written_and_read_back()
    {
        var dataset = Written();
        Assert.Equal(DicomUids.Comprehensive3DSRStorage, dataset.GetString(DicomTags.SOPClassUID));
        var again = SrDocument.Read(DicomFile.Read(DicomFile.Create(dataset, DicomUids.ExplicitVRLittleEndian).ToArray()).Dataset);
        Assert.Equal(Document().ToText(), again.ToText());
        var times = again.Content.All().Where(i => i.Type == SrValueType.TCoord).Select(i => i.Times!).ToList();
        Assert.Equal([12, 4_000_000_000], times[0].Samples);
        Assert.Equal(["0.5", "1.25"], times[1].Offsets);
        Assert.Equal("1.2.3.5", again.Content.All().First(i => i.Type == SrValueType.Image).Reference!.PresentationState!.SeriesInstanceUid);
        Assert.Equal("114007", again.Content.All().First(i => i.Type == SrValueType.Num).Qualifier!.Value);
    }

    [Fact]
    public void Text_shows_all_of_them()
    {
        var text = Document().ToText();
        foreach (var part in (string[])["Finding: POINT sample 12 sample 4000000000", "SEGMENT 0.5 s 1.25 s", "BEGIN 2025-03-04 10:30", "channel 1.2, 1.3", "Finding: Measurement not attempted", "POINT 1 2 3.5"])
        {
            Assert.Contains(part, text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Dciodvfy_and_dsrdump_accept_them()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "sr.dcm");
        File.WriteAllBytes(path, DicomFile.Create(Written(), DicomUids.ExplicitVRLittleEndian).ToArray());
        var check = Shell.Run(Requires.Tool("dciodvfy"), "-new", path);
        Assert.DoesNotContain((check.Output + "\n" + check.Error).Split('\n'), l => l.StartsWith("Error", StringComparison.Ordinal));
        var dump = Shell.Run(Requires.Tool("dsrdump"), path);
        Assert.Equal("", dump.Error);
        Assert.Contains("TCOORD", dump.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Times_of_two_kinds_at_once_are_refused()
    {
        var both = new SrDocument(SrContentItem.OfContainer(s_report, Times("POINT", new SrTimes { Samples = [1], Offsets = ["1"] })));
        Assert.Equal(DicomError.InvalidValue, Assert.Throws<DicomException>(() => both.ToDataset(Study(), default)).Code);
    }
}
