using SecondOpinion.TestKit;
using Xunit;

namespace SecondOpinion.Dicom.Imaging.Tests.Codecs;

/// <summary>Every compressed sample file decodes as an independent program decodes it.</summary>
public sealed class SampleFilesTests
{
    public static TheoryData<string> Files()
    {
        var data = new TheoryData<string>();
        var folder = Path.Combine(Repository.Root, "..", "shared", "samples", "dicom", "files");
        foreach (var path in (Directory.Exists(folder) ? Directory.GetFiles(folder, "*.dcm") : []).Order(StringComparer.Ordinal))
        {
            if (IsCompressed(path) && !path.EndsWith("JPEG2000-embedded-sequence-delimiter.dcm", StringComparison.Ordinal))
            {
                data.Add(Path.GetFileName(path));
            }
        }

        if (data.Count == 0)
        {
            data.Add("");
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void A_sample_decodes_as_elsewhere(string name)
    {
        var file = DicomFile.Read(File.ReadAllBytes(Path.Combine(Requires.Shared("samples/dicom/files"), name)));
        var syntax = file.TransferSyntaxUid;
        Assert.SkipUnless(PixelCodecs.CanDecode(syntax), "no codec");
        var expected = syntax switch
        {
            DicomUids.JPEGBaseline8Bit or DicomUids.JPEGExtended12Bit or DicomUids.JPEGLosslessSV1 => Oracle.Convert("dcmdjpeg", file),
            DicomUids.JPEGLSLossless or DicomUids.JPEGLSNearLossless => Oracle.Convert("dcmdjpls", file),
            DicomUids.RLELossless => Oracle.DecompressWithPydicom(file), // the only one that reads 32 bits and 16-bit colour
            _ => Oracle.Convert("gdcmconv", file, "--raw"),
        };
        var frames = DicomImage.Open(file).FrameCount;
        for (var frame = 0; frame < frames; frame++)
        {
            // gdcm takes Bits Stored from the codestream: the bits that both have are compared.
            var decoded = Pixels.Decode(file, frame);
            var mask = decoded.BitsStored >= 32 ? -1 : (1 << decoded.BitsStored) - 1;
            var (max, mean) = Pixels.Difference(Array.ConvertAll(Pixels.OfNative(expected, frame), v => v & mask), Pixels.Of(decoded));
            var lossy = syntax is DicomUids.JPEGBaseline8Bit or DicomUids.JPEGExtended12Bit or DicomUids.JPEG2000;
            Assert.True(max <= (lossy ? 2 : 0), $"frame {frame}: max {max}, mean {mean:0.###}");
        }
    }

    [Fact]
    public void A_codestream_whose_size_was_overwritten_is_refused()
    {
        Libraries.OpenJpeg();
        var file = DicomFile.Read(File.ReadAllBytes(Requires.Shared("samples/dicom/files/JPEG2000-embedded-sequence-delimiter.dcm")));
        Assert.Equal(ImagingError.InvalidPixelData, Assert.Throws<ImagingException>(() => Pixels.Decode(file)).Code);
    }

    private static bool IsCompressed(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            return DicomFile.ReadHeader(stream).IsPixelDataEncapsulated;
        }
        catch (DicomException)
        {
            return false; // damaged on purpose
        }
    }
}
