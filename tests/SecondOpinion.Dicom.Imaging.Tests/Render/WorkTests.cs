using SecondOpinion.Dicom.Imaging.Tests.Codecs;
using SecondOpinion.Fuzz;
using Xunit;
using static SecondOpinion.Dicom.Imaging.Tests.TestImages;

namespace SecondOpinion.Dicom.Imaging.Tests.Render;

/// <summary>What requests may cost.</summary>
public sealed class WorkTests
{
    [Fact]
    public void A_small_part_of_a_wide_image_costs_that_part()
    {
        var image = Native(Attributes(2, 65534, allocated: 8), new byte[2 * 65534]);
        RenderedImage? tall = null;
        // 20,000 lines of 3 pixels: each of them from four lines of the source.
        var took = FuzzCase.Run(_ => tall = DicomRenderer.Render(image, 0, new() { Viewport = new Viewport(20_000, 20_000, 100, 0, 0.0002, 2), MaxPixels = 1 << 20 }), []);
        Assert.Equal((2, 20_000), (tall!.Width, tall.Height));
        Assert.InRange(took.TotalSeconds, 0, 0.5);
    }

    [Fact]
    public void A_part_has_the_pixels_that_it_has_in_the_whole()
    {
        var image = DicomImage.Open(TestImage.Create(61, 45, 3, 8));
        var whole = DicomRenderer.Render(image, 0, RenderOptions.Default);
        foreach (var flip in new[] { 1, -1 })
        {
            var part = DicomRenderer.Render(image, 0, new() { Viewport = new Viewport(20, 10, 30, 7, 20 * flip, 10) });
            for (var i = 0; i < part.Data.Length; i++)
            {
                var (x, y) = (i / 3 % 20, i / 60);
                Assert.Equal(whole.Data[((((y + 7) * 61) + 30 + (flip > 0 ? x : 19 - x)) * 3) + (i % 3)], part.Data[i]);
            }
        }
    }

    [Fact]
    public void Overlay_groups_beyond_601E_are_none()
    {
        var attributes = Attributes(1, 8);
        foreach (var group in new ushort[] { 0x601E, 0x6020 })
        {
            attributes.SetBytes(new(group, 0x10), DicomVr.US, Words(1)).SetBytes(new(group, 0x11), DicomVr.US, Words(8)).SetBytes(new(group, 0x50), DicomVr.SS, Words(1, 1))
                .SetBytes(new(group, 0x3000), DicomVr.OW, new byte[] { (byte)(group == 0x601E ? 1 : 2), 0 });
        }

        Assert.Equal([255, 0, 0, 0, 0, 0, 0, 0], Native(attributes, new byte[8]).Pixels(new() { Overlays = true }));
    }

    [Fact]
    public void A_frame_number_times_a_frame_beyond_64_bits_is_refused()
    {
        var image = Native(Attributes(65535, 65535, samples: 4, allocated: 32, frames: int.MaxValue), new byte[16]);
        foreach (var frame in new[] { 0, 1, 16_779_268, 33_558_536, int.MaxValue - 1 })
        {
            Assert.Equal(ImagingError.InvalidPixelData, Assert.Throws<ImagingException>(() => image.FrameBytes(frame)).Code);
        }
    }
}
