using SecondOpinion.TestKit;
using Xunit;

namespace SecondOpinion.Dicom.Imaging.Tests.Render;

/// <summary>Pictures of real files beside those of dcmtk, which cuts fractions where this library rounds.</summary>
public sealed class DcmtkTests
{
    [Theory]
    [InlineData("CT_small.dcm", "+Wm")]
    [InlineData("MR_small.dcm", "+Wi", "1")]
    [InlineData("MR_small_bigendian.dcm", "+Wi", "1")]
    [InlineData("examples_overlay.dcm", "+Wi", "1")]
    [InlineData("examples_palette.dcm", "+Wm")]
    [InlineData("examples_rgb_color.dcm", "+Wm")]
    [InlineData("SC_ybr_full_422_uncompressed.dcm", "+Wm")]
    [InlineData("ExplVR_BigEnd.dcm", "+Wm")]
    [InlineData("liver_1frame.dcm", "+Wm")]
    [InlineData("image_dfl.dcm", "+Wm")]
    [InlineData("rtdose.dcm", "+Wm")]
    [InlineData("dicomdirtests/77654033/CR1/6154", "+Wi", "1")]
    [InlineData("JPGExtended.dcm", "+Wm")]
    [InlineData("examples_ybr_color.dcm", "+Wm")]
    [InlineData("SC_rgb_rle_16bit.dcm", "+Wm")]
    [InlineData("SC_rgb_dcmtk_+eb+cy+s2.dcm", "+Wm")]
    public void It_looks_as_dcmtk_shows_it(string name, params string[] window)
    {
        var dcmj2pnm = Requires.Tool("dcmj2pnm");
        var source = Path.Combine(Requires.Shared("samples/dicom"), "files", name);
        var path = Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N") + ".pnm");
        try
        {
            var run = Shell.Run(dcmj2pnm, ["-O", .. window, source, path]);
            Assert.True(run.ExitCode == 0, run.Error);
            var expected = File.ReadAllBytes(path);
            var rendered = DicomRenderer.Render(DicomImage.Open(DicomFile.Read(File.ReadAllBytes(source))), 0, RenderOptions.Default);
            Assert.Equal(rendered.Channels == 1 ? (byte)'5' : (byte)'6', expected[1]);
            expected = expected[^rendered.Data.Length..];
            Assert.True(expected.Zip(rendered.Data, (a, b) => Math.Abs(a - b)).Max() <= 1);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
