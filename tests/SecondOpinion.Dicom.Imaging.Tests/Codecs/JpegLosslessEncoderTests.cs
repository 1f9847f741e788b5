using SecondOpinion.Dicom.Imaging.Codecs.Jpeg;
using Xunit;

namespace SecondOpinion.Dicom.Imaging.Tests.Codecs;

public sealed class JpegLosslessEncoderTests
{
    [Theory]
    [InlineData(1, 8, false)]
    [InlineData(1, 12, false)]
    [InlineData(1, 16, false)]
    [InlineData(1, 16, true)]
    [InlineData(1, 12, true)]
    [InlineData(3, 8, false)]
    public void Images_encoded_here_decode_with_dcmtk_and_gdcm(int samples, int bits, bool signed)
    {
        foreach (var (width, height) in new[] { (61, 45), (1, 1), (7, 1), (1, 9) })
        {
            var original = TestImage.Create(width, height, samples, bits, signed);
            var dataset = original.Dataset.Clone().SetFragments(DicomTags.PixelData, DicomVr.OB, new DicomFragments(default, Encode(original)));
            var file = DicomFile.Create(dataset, DicomUids.JPEGLosslessSV1);
            var expected = Pixels.OfNative(original);
            Assert.Equal(expected, Pixels.OfNative(Oracle.Convert("dcmdjpeg", file)));
            Assert.Equal(expected, Pixels.OfNative(Oracle.Convert("gdcmconv", file, "--raw")));
            Assert.Equal(expected, Pixels.Of(Pixels.Decode(file)));
        }
    }

    [Fact]
    public void Every_precision_comes_back()
    {
        for (var bits = 2; bits <= 16; bits++)
        {
            foreach (var noise in new[] { 0, 1 << (bits - 1), (1 << bits) - 1 })
            {
                var original = TestImage.Create(50, 33, 1, bits, noise: noise);
                var frame = PixelCodecs.Decode(DicomUids.JPEGLosslessSV1, Encode(original), ImageDescription.Of(original.Dataset));
                Assert.Equal(Pixels.OfNative(original), Pixels.Of(frame));
            }
        }
    }

    [Fact]
    public void Damaged_streams_are_refused_and_nothing_else()
    {
        var original = TestImage.Create(40, 30, 1, 12);
        Mutation.Try(Encode(original), 1000, bytes => PixelCodecs.Decode(DicomUids.JPEGLosslessSV1, bytes, ImageDescription.Of(original.Dataset)));
    }

    private static byte[] Encode(DicomFile file)
    {
        var d = ImageDescription.Of(file.Dataset);
        return JpegLosslessEncoder.Encode(file.Dataset.GetBytes(DicomTags.PixelData).Span, d.Columns, d.Rows, d.SamplesPerPixel, d.BitsStored);
    }
}
