using SecondOpinion.TestKit;
using Xunit;

namespace SecondOpinion.Dicom.Imaging.Tests.Codecs;

/// <summary>JPEG 2000 files against OpenJPEG's own program, sign and high bits included.</summary>
public sealed class Jpeg2000SampleTests
{
    public Jpeg2000SampleTests() => Libraries.OpenJpeg();

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

    /// <summary>
    /// 693_J2KI says 14 bits stored, its codestream 16 with a sign. The codestream is what decoding goes by, the data set a suggestion for the form (PS3.5 2025d 8.2.4 and its
    /// note): opj_decompress, gdcm and this library give the same numbers, of which none needs more than 13 bits and a sign. gdcm writes them as 16 bits stored, this library
    /// as the 14 that the data set has, so that the bits of negative numbers above the 14th differ, and nothing else: who compares cells rather than values sees differences.
    /// </summary>
    [Fact]
    public void Of_a_codestream_with_more_bits_than_the_data_set_the_values_are_the_same()
    {
        var image = Open("693_J2KI.dcm");
        Assert.Equal((16, true), Siz(image));
        var frame = image.Decode(0);
        Assert.Equal((14, true), (frame.BitsStored, frame.IsSigned));
        var values = OpjDecompress.Signed(frame);
        Assert.Equal((-2971, 2836), (values.Min(), values.Max()));
        Assert.Equal(OpjDecompress.Samples(image.FrameBytes(0).Span, 1, 16, signed: true), values);

        var gdcm = Oracle.Convert("gdcmconv", DicomFile.Read(File.ReadAllBytes(Requires.Shared("samples/dicom/files/693_J2KI.dcm"))), "--raw");
        Assert.Equal(16, gdcm.Dataset.GetInt32(DicomTags.BitsStored));
        var cells = Pixels.OfNative(gdcm);
        Assert.Equal(values, Array.ConvertAll(cells, c => (int)(short)c));
        Assert.Equal(values.Select(v => v < 0), cells.Zip(Pixels.Of(frame), (theirs, ours) => theirs != ours));
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
