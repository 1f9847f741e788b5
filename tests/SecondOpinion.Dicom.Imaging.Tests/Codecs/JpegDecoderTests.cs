using Xunit;

namespace SecondOpinion.Dicom.Imaging.Tests.Codecs;

public sealed class JpegDecoderTests
{
    [Theory]
    [InlineData(1, 8, "+eb")]
    [InlineData(1, 8, "+ee")]
    [InlineData(1, 12, "+ee")]
    [InlineData(1, 8, "+es")]
    [InlineData(1, 12, "+es")]
    [InlineData(1, 8, "+ep")]
    [InlineData(1, 12, "+ep")]
    [InlineData(3, 8, "+eb")]
    [InlineData(3, 8, "+eb +s4")]
    [InlineData(3, 8, "+eb +n1")]
    [InlineData(3, 8, "+eb +cr")]
    [InlineData(3, 8, "+eb +q 30")]
    [InlineData(3, 8, "+eb -ho")]
    [InlineData(3, 8, "+ep")]
    [InlineData(3, 8, "+ep +n1")]
    [InlineData(3, 8, "+es +s4")]
    public void Lossy_images_decode_as_dcmtk_decodes_them(int samples, int bits, string options)
    {
        foreach (var (width, height) in new[] { (61, 45), (64, 64), (3, 3), (1, 1), (17, 2) })
        {
            var compressed = Oracle.Convert("dcmcjpeg", TestImage.Create(width, height, samples, bits), options.Split(' '));
            var expected = Oracle.Convert("dcmdjpeg", compressed);
            var (max, _) = Pixels.Difference(Pixels.OfNative(expected), Pixels.Of(Pixels.Decode(compressed)));
            Assert.True(max <= 1, $"{options} {width} x {height}: {max}");
        }
    }

    [Theory]
    [InlineData(8, false)]
    [InlineData(12, false)]
    [InlineData(16, false)]
    [InlineData(12, true)]
    [InlineData(16, true)]
    public void Lossless_images_decode_to_the_original_with_every_predictor(int bits, bool signed)
    {
        var original = TestImage.Create(61, 45, 1, bits, signed);
        var expected = Pixels.OfNative(original);
        for (var predictor = 1; predictor <= 7; predictor++)
        {
            var compressed = Oracle.Convert("dcmcjpeg", original, "+el", "+sv", $"{predictor}");
            Assert.Equal(DicomUids.JPEGLossless, compressed.TransferSyntaxUid);
            Assert.Equal(expected, Pixels.Of(Pixels.Decode(compressed)));
        }

        Assert.Equal(expected, Pixels.Of(Pixels.Decode(Oracle.Convert("dcmcjpeg", original, "+e1"))));
    }

    [Theory]
    [InlineData("+el +sv 4")]
    [InlineData("+e1")]
    public void Lossless_colour_decodes_to_the_original(string options)
    {
        var original = TestImage.Create(61, 45, 3, 8);
        Assert.Equal(Pixels.OfNative(original), Pixels.Of(Pixels.Decode(Oracle.Convert("dcmcjpeg", original, options.Split(' ')))));
    }

    [Fact]
    public void A_point_transform_is_undone()
    {
        var compressed = Oracle.Convert("dcmcjpeg", TestImage.Create(61, 45, 1, 12), "+el", "+pt", "3", "+sv", "5");
        Assert.Equal(Pixels.OfNative(Oracle.Convert("dcmdjpeg", compressed)), Pixels.Of(Pixels.Decode(compressed)));
    }
}
