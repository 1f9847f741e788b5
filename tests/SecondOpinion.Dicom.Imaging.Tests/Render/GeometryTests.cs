using Xunit;
using static SecondOpinion.Dicom.Imaging.Tests.TestImages;

namespace SecondOpinion.Dicom.Imaging.Tests.Render;

public sealed class GeometryTests
{
    private static DicomImage Grid() => Native(Attributes(4, 4), [.. Enumerable.Range(0, 16).Select(i => (byte)(i * 10))]);

    [Fact]
    public void A_viewport_scales_without_distortion_and_averages_when_it_makes_smaller()
    {
        var small = DicomRenderer.Render(Grid(), 0, new() { Viewport = new(2, 100) });
        Assert.Equal((2, 2), (small.Width, small.Height));
        Assert.Equal([25, 45, 105, 125], small.Data);
    }

    [Fact]
    public void A_region_is_cut_and_negative_sizes_flip_it()
    {
        Assert.Equal([50, 60, 90, 100], Grid().Pixels(new() { Viewport = new(2, 2, 1, 1, 2, 2) }));
        Assert.Equal([60, 50, 100, 90], Grid().Pixels(new() { Viewport = new(2, 2, 1, 1, -2, 2) }));
        Assert.Equal([90, 100, 50, 60], Grid().Pixels(new() { Viewport = new(2, 2, 1, 1, 2, -2) }));
        Assert.Equal([100, 110, 140, 150], Grid().Pixels(new() { Viewport = new(2, 2, 2, 2) }));
    }

    [Fact]
    public void Making_larger_keeps_flat_areas_flat_and_edges_in_range()
    {
        var large = DicomRenderer.Render(Native(Attributes(2, 2), 0, 255, 0, 255), 0, new() { Viewport = new(20, 20) });
        Assert.Equal(20 * 20, large.Data.Length);
        Assert.Equal(0, large.Data[0]);
        Assert.Equal(255, large.Data[19]);
        Assert.InRange(large.Data[9], (byte)100, (byte)128);
        Assert.All(Native(Attributes(2, 2), 77, 77, 77, 77).Pixels(new() { Viewport = new(33, 33) }), v => Assert.Equal(77, v));
    }

    [Theory]
    [InlineData(0, 10, 0, 0, 1, 1)]
    [InlineData(10, 10, -1, 0, 1, 1)]
    [InlineData(10, 10, 0, 0, 5, 1)]
    [InlineData(10, 10, 4, 0, 1, 1)]
    [InlineData(10, 10, 0, 0, 0, 1)]
    [InlineData(10, 10, double.NaN, 0, 1, 1)]
    public void A_viewport_outside_the_image_is_an_error_of_the_caller(int w, int h, double x, double y, double sw, double sh)
    {
        var error = Assert.Throws<ImagingException>(() => Grid().Pixels(new() { Viewport = new(w, h, x, y, sw, sh) }));
        Assert.Equal(ImagingError.InvalidOption, error.Code);
    }

    [Fact]
    public void Pixels_that_are_not_square_are_stretched()
    {
        var tall = DicomRenderer.Render(Native(Attributes(2, 2).Set(DicomTags.PixelAspectRatio, "2", "1"), 1, 2, 3, 4), 0, RenderOptions.Default);
        Assert.Equal((2, 4), (tall.Width, tall.Height));
        var wide = DicomRenderer.Render(Native(Attributes(2, 2).Set(DicomTags.PixelSpacing, "0.1", "0.3"), 1, 2, 3, 4), 0, RenderOptions.Default);
        Assert.Equal((6, 2), (wide.Width, wide.Height));
    }

    [Fact]
    public void More_pixels_than_the_limit_are_refused_on_either_side()
    {
        foreach (var options in (RenderOptions[])[new() { MaxPixels = 15 }, new() { MaxPixels = 100, Viewport = new(11, 11) }, new() { Viewport = new(100_000, 100_000) }])
        {
            Assert.Equal(ImagingError.TooLarge, Assert.Throws<ImagingException>(() => Grid().Pixels(options)).Code);
        }
    }

    [Fact]
    public void Sixteen_bit_and_colour_images_are_scaled_alike()
    {
        var deep = DicomRenderer.Render(Native16(Attributes(1, 2, allocated: 16).Set(DicomTags.WindowCenter, 32768.0).Set(DicomTags.WindowWidth, 65536.0), 0, 10000), 0, new() { Format = RenderFormat.Png, Png16 = true, Viewport = new(1, 1) });
        Assert.Equal(Words(5000), deep.Data);
        Assert.Equal([5, 6, 7], Native(Attributes(1, 2, samples: 3, photometric: "RGB"), 0, 1, 2, 10, 11, 12).Pixels(new() { Viewport = new(1, 1) }));
    }
}
