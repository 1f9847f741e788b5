using Xunit;

namespace SecondOpinion.Dicom.Imaging.Tests.Codecs;

/// <summary>What the lossy encoders write, independent programs decode to the same pixels as this library.</summary>
public sealed class LossyEncoderTests
{
    private static readonly (int Width, int Height)[] s_sizes = [(61, 45), (4, 3)];

    /// <summary>Two decoders of a DCT may round each sample their own way (T.83 allows that), and colour conversion adds to it: 2 levels at most.</summary>
    [Theory]
    [InlineData(1, 30)]
    [InlineData(1, 90)]
    [InlineData(1, 100)]
    [InlineData(3, 90)]
    [InlineData(3, 100)]
    public void Baseline_JPEG_decodes_with_dcmtk_and_gdcm_within_two_levels(int samples, int quality)
    {
        foreach (var (width, height) in s_sizes)
        {
            var original = TestImage.Create(width, height, samples, 8, frames: 2);
            original.Dataset.Set(DicomTags.SOPClassUID, DicomUids.MultiFrameTrueColorSecondaryCaptureImageStorage); // gdcm refuses frames in a class without
            var compressed = PixelTranscoder.Transcode(original, DicomUids.JPEGBaseline8Bit, new() { Quality = quality });
            var file = DicomFile.Read(compressed.ToArray());
            foreach (var elsewhere in new[] { Oracle.Convert("dcmdjpeg", compressed), Oracle.Convert("gdcmconv", compressed, "--raw") })
            {
                var isYbr = elsewhere.Dataset.GetString(DicomTags.PhotometricInterpretation)!.StartsWith("YBR", StringComparison.Ordinal);
                for (var frame = 0; frame < 2; frame++)
                {
                    var (max, mean) = Pixels.Difference(isYbr ? Pixels.ToRgb(Pixels.OfNative(elsewhere, frame)) : Pixels.OfNative(elsewhere, frame), Pixels.Of(Pixels.Decode(file, frame)));
                    Assert.True(max <= 2 && mean < 0.5, $"{width} x {height}: max {max}, mean {mean:0.###}");
                }
            }
        }
    }

    /// <summary>T.87 leaves nothing to the decoder: its samples are exact, and no further than NEAR from the original.</summary>
    [Theory]
    [InlineData(1, 8, 1)]
    [InlineData(1, 8, 10)]
    [InlineData(1, 12, 4)]
    [InlineData(1, 16, 30)]
    [InlineData(3, 8, 3)]
    public void Near_lossless_JPEG_LS_decodes_with_dcmtk_and_gdcm_to_the_same_samples(int samples, int bits, int near)
    {
        foreach (var (width, height) in s_sizes)
        {
            var original = TestImage.Create(width, height, samples, bits);
            var compressed = PixelTranscoder.Transcode(original, DicomUids.JPEGLSNearLossless, new() { Near = near });
            var decoded = Pixels.Of(Pixels.Decode(DicomFile.Read(compressed.ToArray())));
            Assert.Equal(decoded, Pixels.OfNative(Oracle.Convert("dcmdjpls", compressed)));
            Assert.Equal(decoded, Pixels.OfNative(Oracle.Convert("gdcmconv", compressed, "--raw")));
            Assert.InRange(Pixels.Difference(Pixels.OfNative(original), decoded).Max, 0, near);
        }
    }

    /// <summary>The 9-7 transform is of real numbers, which decoders round their own way: one level (T.803 allows more).</summary>
    [Theory]
    [InlineData(1, 8, false, 10)]
    [InlineData(1, 8, false, 40)]
    [InlineData(1, 12, false, 10)]
    [InlineData(1, 16, true, 8)]
    [InlineData(3, 8, false, 12)]
    public void Lossy_JPEG_2000_decodes_with_gdcm_and_OpenJPEG_within_one_level(int samples, int bits, bool signed, float ratio)
    {
        Libraries.OpenJpeg();
        foreach (var (width, height) in s_sizes)
        {
            var compressed = PixelTranscoder.Transcode(TestImage.Create(width, height, samples, bits, signed, noise: 0), DicomUids.JPEG2000, new() { Ratio = ratio });
            var image = DicomImage.Open(DicomFile.Read(compressed.ToArray()));
            var decoded = image.Decode(0);
            var codestream = image.FrameBytes(0).Span;
            Assert.True(Pixels.Difference(OpjDecompress.Samples(codestream, samples, bits, signed), OpjDecompress.Signed(decoded)).Max <= 1);
            Assert.True(Pixels.Difference(Pixels.OfNative(Oracle.Convert("gdcmconv", compressed, "--raw")), Pixels.Of(decoded)).Max <= 1);
        }
    }
}
