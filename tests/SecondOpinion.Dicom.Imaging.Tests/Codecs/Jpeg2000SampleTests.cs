using SecondOpinion.TestKit;
using Xunit;

namespace SecondOpinion.Dicom.Imaging.Tests.Codecs;

/// <summary>JPEG 2000 files against OpenJPEG's own program, sign and high bits included.</summary>
public sealed class Jpeg2000SampleTests
{
    [Theory]
    [InlineData("693_J2KI.dcm", 0)]
    [InlineData("JPEG2000.dcm", 1)]
    [InlineData("J2K_pixelrep_mismatch.dcm", 0)]
    [InlineData("GDCMJ2K_TextGBR.dcm", 0)]
    [InlineData("MR_small_jp2klossless.dcm", 0)]
    [InlineData("examples_jpeg2k.dcm", 1)]
    public void A_sample_decodes_as_opj_decompress_decodes_it(string name, int tolerance)
    {
        var image = Open(name);
        var (precision, signed) = Siz(image);
        var frame = image.Decode(0);
        var expected = OpjDecompress.Samples(image.FrameBytes(0).Span, frame.SamplesPerPixel, precision, signed);
        var mask = (1 << frame.BitsStored) - 1;
        var (max, mean) = Pixels.Difference(Array.ConvertAll(expected, v => v & mask), Pixels.Of(frame));
        Assert.True(max <= tolerance, $"max {max}, mean {mean}");
    }

    private static DicomImage Open(string name) => DicomImage.Open(DicomFile.Read(File.ReadAllBytes(Path.Combine(Requires.Shared("samples/dicom/files"), name))));

    /// <summary>Ssiz of the first component (T.800 A.5.1).</summary>
    private static (int Precision, bool IsSigned) Siz(DicomImage image)
    {
        var stream = image.FrameBytes(0).Span;
        var ssiz = stream[stream.IndexOf((ReadOnlySpan<byte>)[0xFF, 0x4F, 0xFF, 0x51]) + 42];
        return ((ssiz & 0x7F) + 1, (ssiz & 0x80) != 0);
    }
}
