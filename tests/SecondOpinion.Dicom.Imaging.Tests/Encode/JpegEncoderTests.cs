using SecondOpinion.TestKit;
using Xunit;

namespace SecondOpinion.Dicom.Imaging.Tests.Encode;

public sealed class JpegEncoderTests
{
    [Theory]
    [InlineData(1, 64, 48, 90, 38)]
    [InlineData(3, 64, 48, 95, 38)]
    [InlineData(3, 64, 48, 80, 24)]
    [InlineData(3, 67, 45, 80, 24)]
    [InlineData(1, 1, 1, 100, 40)]
    [InlineData(3, 17, 1, 100, 40)]
    [InlineData(1, 64, 48, 1, 12)]
    public void An_independent_decoder_reads_it_and_it_looks_alike(int channels, int width, int height, int quality, double least)
    {
        var djpeg = Requires.Tool("djpeg");
        var picture = TestImages.Picture(width, height, channels);
        var path = Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N"));
        try
        {
            using (var stream = File.Create(path + ".jpg"))
            {
                DicomRenderer.Write(picture, stream, new RenderOptions { Quality = quality });
            }

            var result = Shell.Run(djpeg, "-outfile", path + ".pnm", path + ".jpg");
            Assert.True(result.ExitCode == 0 && result.Error.Length == 0, result.Error);
            var pnm = File.ReadAllBytes(path + ".pnm");
            var decoded = pnm[^picture.Data.Length..];
            Assert.StartsWith(channels == 1 ? "P5" : "P6", System.Text.Encoding.ASCII.GetString(pnm, 0, 2));
            Assert.True(Psnr(picture.Data, decoded) >= least, $"{Psnr(picture.Data, decoded)} dB");
        }
        finally
        {
            File.Delete(path + ".jpg");
            File.Delete(path + ".pnm");
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(101)]
    public void A_quality_outside_1_to_100_is_refused(int quality)
    {
        var error = Assert.Throws<ImagingException>(() => DicomRenderer.Write(TestImages.Picture(8, 8, 1), Stream.Null, new() { Quality = quality }));
        Assert.Equal(ImagingError.InvalidOption, error.Code);
    }

    private static double Psnr(byte[] a, byte[] b) => 10 * Math.Log10(255 * 255 / Math.Max(1e-9, a.Zip(b, (x, y) => (double)(x - y) * (x - y)).Average()));
}
