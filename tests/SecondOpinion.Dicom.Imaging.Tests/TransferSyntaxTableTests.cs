using System.Reflection;
using SecondOpinion.TestKit;
using Xunit;
using static SecondOpinion.Dicom.Imaging.Tests.TestImages;

namespace SecondOpinion.Dicom.Imaging.Tests;

/// <summary>What docs/conformance-dicom.md says of each transfer syntax is what the libraries do.</summary>
public sealed class TransferSyntaxTableTests
{
    private const string Root = "1.2.840.10008.1.2";

    private static readonly Lazy<Dictionary<string, Row>> s_table = new(ReadTable);

    private sealed record Row(string Read, string Write, string Decode, string Encode);

    public static TheoryData<string> Syntaxes => [.. typeof(DicomUids).GetFields(BindingFlags.Public | BindingFlags.Static).Where(f => f.IsLiteral).Select(f => (string)f.GetRawConstantValue()!)
        .Where(uid => DicomUids.Find(uid) is { Type: "Transfer Syntax" })];

    [Fact]
    public void It_has_the_transfer_syntaxes_of_the_registry_and_no_others()
    {
        Assert.Equal(Syntaxes.Select(s => s.Data).Order(StringComparer.Ordinal), s_table.Value.Keys.Order(StringComparer.Ordinal));
        Assert.All(s_table.Value.Values.SelectMany(r => new[] { r.Read, r.Write, r.Decode, r.Encode }), word => Assert.Contains(word, new[] { "full", "partial", "absent" }));
    }

    [Theory]
    [MemberData(nameof(Syntaxes))]
    public void Data_sets_are_written_and_read_as_it_says(string syntax)
    {
        var row = s_table.Value[syntax];
        var dataset = Attributes(2, 2).Set(DicomTags.PatientName, "Doe^Jane");
        var isEncapsulated = DicomTransferSyntax.Of(syntax).IsEncapsulated;
        if (isEncapsulated)
        {
            dataset.SetFragments(DicomTags.PixelData, DicomVr.OB, new DicomFragments(default, [new byte[] { 1, 2, 3, 4 }]));
        }
        else
        {
            dataset.SetBytes(DicomTags.PixelData, DicomVr.OW, new byte[] { 1, 2, 3, 4 });
        }

        Assert.NotEqual("absent", row.Write);
        Assert.NotEqual("absent", row.Read);
        var again = DicomFile.Read(DicomFile.Create(dataset, syntax).ToArray());
        Assert.Equal(syntax, again.TransferSyntaxUid);
        Assert.Empty(again.Faults);
        var options = new DicomJsonOptions { BulkDataThreshold = int.MaxValue, BulkDataUri = path => "#" + path }; // for encapsulated pixel data, which JSON cannot hold
        Assert.Equal(DicomJson.ToArray(dataset, options), DicomJson.ToArray(again.Dataset, options));
        Assert.True(again.Dataset.TryGet(DicomTags.PixelData, out var pixels));
        Assert.Equal([1, 2, 3, 4], pixels.Fragments is { } fragments ? fragments[0].ToArray() : again.Dataset.GetBytes(DicomTags.PixelData).ToArray());
        Assert.Equal(isEncapsulated, again.IsPixelDataEncapsulated);
    }

    [Theory]
    [MemberData(nameof(Syntaxes))]
    public void Pixels_are_encoded_and_decoded_as_it_says(string syntax)
    {
        if (syntax is DicomUids.JPEG2000 or DicomUids.JPEG2000Lossless)
        {
            Libraries.OpenJpeg();
        }

        var row = s_table.Value[syntax];
        Assert.Equal(row.Decode != "absent", DicomImage.CanDecode(syntax));
        Assert.Equal(row.Encode != "absent" && syntax != DicomUids.ExplicitVRBigEndian, PixelTranscoder.CanWrite(syntax)); // that is written, but never sent
        var attributes = Attributes(8, 8, photometric: "MONOCHROME2").SetBytes(DicomTags.PixelData, DicomVr.OB, (byte[])[.. Enumerable.Repeat((byte)77, 64)]);
        var original = DicomFile.Create(attributes, DicomUids.ExplicitVRLittleEndian);
        if (row.Encode == "absent")
        {
            Assert.Equal(ImagingError.UnsupportedTransferSyntax, Assert.Throws<ImagingException>(() => PixelTranscoder.Transcode(original, syntax)).Code);
            if (row.Decode == "absent" && DicomTransferSyntax.Of(syntax).IsEncapsulated)
            {
                var image = Encapsulated(Attributes(8, 8), syntax, [], [1, 2, 3, 4]);
                Assert.Equal(ImagingError.UnsupportedTransferSyntax, Assert.Throws<ImagingException>(() => image.Decode(0)).Code);
            }

            return;
        }

        var decoded = DicomImage.Open(PixelTranscoder.Transcode(original, syntax)).Decode(0);
        Assert.All(decoded.Data.Take(64), v => Assert.InRange(v, 75, 79));
    }

    /// <summary>Those that are decoded, but not encoded here, and not in the samples either.</summary>
    [Theory]
    [InlineData(DicomUids.EncapsulatedUncompressedExplicitVRLittleEndian)]
    [InlineData(DicomUids.DeflatedImageFrameCompression)]
    [InlineData(DicomUids.JPEGSpectralSelectionNonHierarchical68)]
    [InlineData(DicomUids.JPEGFullProgressionNonHierarchical1012)]
    public void Others_are_decoded(string syntax)
    {
        byte[] pixels = [.. Enumerable.Repeat((byte)128, 24 * 20)];
        var frame = syntax switch
        {
            DicomUids.EncapsulatedUncompressedExplicitVRLittleEndian => pixels,
            DicomUids.DeflatedImageFrameCompression => Deflated(pixels),
            _ => File.ReadAllBytes(Path.Combine(Repository.Root, "tests", "SecondOpinion.Fuzz", "Corpus", "progressive-grey.jpg")),
        };
        var decoded = Encapsulated(Attributes(20, 24), syntax, [], frame).Decode(0);
        Assert.Equal(pixels.Length, decoded.Data.Length);
        Assert.InRange(decoded.Data.Average(v => v), 110, 145);
    }

    /// <summary>A frame of a few bytes that is said to be huge takes no memory for what cannot be in it.</summary>
    [Fact]
    public void A_deflated_frame_that_cannot_hold_its_pixels_takes_no_memory()
    {
        var image = Encapsulated(Attributes(16000, 16000), DicomUids.DeflatedImageFrameCompression, [], Deflated(new byte[500]));
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(ImagingError.InvalidPixelData, Assert.Throws<ImagingException>(() => image.Decode(0)).Code);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 16);
    }

    private static byte[] Deflated(byte[] bytes)
    {
        using var stream = new MemoryStream();
        using (var deflate = new System.IO.Compression.DeflateStream(stream, System.IO.Compression.CompressionLevel.Optimal))
        {
            deflate.Write(bytes);
        }

        return stream.ToArray();
    }

    private static Dictionary<string, Row> ReadTable()
    {
        var table = new Dictionary<string, Row>(StringComparer.Ordinal);
        var lines = File.ReadAllLines(Path.Combine(Repository.Root, "docs", "conformance-dicom.md"));
        foreach (var line in lines.SkipWhile(l => !l.StartsWith("| transfer syntax |", StringComparison.Ordinal)).Skip(2).TakeWhile(l => l.StartsWith('|')))
        {
            var cells = line.Split('|', StringSplitOptions.TrimEntries);
            foreach (var uid in cells[2].Split(',', StringSplitOptions.TrimEntries))
            {
                table.Add(uid[0] switch { '(' => Root, '.' => Root + uid, _ => uid }, new Row(cells[3], cells[4], cells[5], cells[6]));
            }
        }

        return table;
    }
}
