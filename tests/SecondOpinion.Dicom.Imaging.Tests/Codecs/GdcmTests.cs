using Xunit;

namespace SecondOpinion.Dicom.Imaging.Tests.Codecs;

/// <summary>What gdcm encodes losslessly decodes to the original.</summary>
public sealed class GdcmTests
{
    [Theory]
    [InlineData("--jpeg", 1, 8, false)]
    [InlineData("--jpeg", 1, 12, false)]
    [InlineData("--jpeg", 1, 16, true)]
    [InlineData("--jpeg", 3, 8, false)]
    [InlineData("--jpegls", 1, 8, false)]
    [InlineData("--jpegls", 1, 12, false)]
    [InlineData("--jpegls", 1, 16, true)]
    [InlineData("--jpegls", 3, 8, false)]
    [InlineData("--rle", 1, 8, false)]
    [InlineData("--rle", 1, 16, true)]
    [InlineData("--rle", 3, 8, false)]
    public void Images_that_gdcm_encoded_decode_to_the_original(string option, int samples, int bits, bool signed)
    {
        var original = TestImage.Create(64, 48, samples, bits, signed);
        var compressed = Oracle.Convert("gdcmconv", original, option);
        Assert.True(compressed.IsPixelDataEncapsulated);
        Assert.Equal(Pixels.OfNative(original), Pixels.Of(Pixels.Decode(compressed)));
    }
}
