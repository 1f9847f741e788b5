using System.Text;
using SecondOpinion.Dicom.Imaging.Codecs;
using SecondOpinion.Dicom.Imaging.Codecs.Jpeg;
using SecondOpinion.Dicom.Imaging.Tests.Codecs;
using Xunit;

namespace SecondOpinion.Dicom.Imaging.Tests.Render;

/// <summary>A JPEG that is decoded smaller looks as if it had been decoded whole and averaged.</summary>
public sealed class ReducedDecodingTests
{
    private const int Width = 803;
    private const int Height = 602;

    private static readonly Lazy<ushort[]> s_radiograph = new(() => PhantomRadiograph.Bitewing(Width, Height, 5));

    /// <summary>
    /// The test image has edges from black to white and saturated colours, where clamping before or after the mean makes a difference, and where interpolated
    /// chrominance does, which only the whole image has.
    /// </summary>
    [Theory]
    [InlineData("-grayscale -restart 1B", 0.5, 5)]
    [InlineData("-grayscale -progressive", 0.5, 5)]
    [InlineData("-sample 1x1 -restart 3B", 0.6, 15)]
    [InlineData("-sample 2x1", 1.2, 32)]
    [InlineData("-sample 1x2", 1.2, 32)]
    [InlineData("-sample 2x2 -restart 1", 1.8, 32)]
    [InlineData("-sample 2x2 -progressive", 1.8, 32)]
    [InlineData("-sample 4x1", 0.8, 32)]
    [InlineData("-sample 1x4", 0.8, 32)]
    [InlineData("-sample 4x2", 0.9, 32)]
    [InlineData("-sample 2x2,1x2,2x1", 1.2, 32)]
    [InlineData("-sample 3x1", 0, 0)]
    public void Samples_are_the_means_of_those_of_the_whole_image(string options, double mean, int max)
    {
        foreach (var (width, height) in new[] { (61, 45), (130, 33), (203, 117) })
        {
            var samples = options.Contains("gray") ? 1 : 3;
            var stream = LibjpegTests.Compress(width, height, options.Split(' '));
            var description = RleTests.Description(width, height, 8, samples) with { PhotometricInterpretation = samples == 1 ? "MONOCHROME2" : "YBR_FULL_422" };
            var whole = JpegDecoder.Decode(stream, description);
            foreach (var most in new[] { 2, 4, 8 })
            {
                var reduced = JpegDecoder.Decode(stream, description, most);
                var difference = Pixels.Difference(Average(whole, reduced.Reduction), Array.ConvertAll(reduced.Samples, b => (int)b));
                Assert.True(difference.Max <= max && difference.Mean <= mean, $"{width} x {height} / {reduced.Reduction}: {difference}");
            }
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(5, 4)]
    [InlineData(9, 17)]
    public void Images_smaller_than_what_stands_for_a_sample_are_reduced_too(int width, int height)
    {
        var description = RleTests.Description(width, height, 8, 1);
        var stream = LibjpegTests.Compress(width, height, "-grayscale");
        var reduced = JpegDecoder.Decode(stream, description, 8);
        Assert.Equal(((width + 7) / 8, (height + 7) / 8, 8), (reduced.Width, reduced.Height, reduced.Reduction));
        Assert.True(Pixels.Difference(Average(JpegDecoder.Decode(stream, description), 8), Array.ConvertAll(reduced.Samples, b => (int)b)).Max <= 1);
    }

    /// <summary>Mean at most 1 and no more than 10 of 255 grey levels, at the sharp edges of fillings.</summary>
    [Theory]
    [InlineData("-sample 2x2 -quality 85")]
    [InlineData("-sample 1x1 -quality 95")]
    [InlineData("-grayscale -quality 60")]
    [InlineData("-grayscale -progressive -quality 85 -restart 1")]
    public void A_radiograph_rendered_small_looks_the_same(string options)
    {
        var image = Radiograph(options);
        foreach (var viewport in (Viewport[])[new(400, 400), new(201, 201), new(100, 99), new(60, 60), new(52, 52), new(150, 150, 0, 0, -Width, Height), new(80, 80, 400, 240, 400, 320), new(9, 90)])
        {
            var (max, mean) = Difference(image, new RenderOptions { Viewport = viewport });
            Assert.True(max <= 10 && mean <= 1, $"{viewport}: {max}, {mean}");
        }
    }

    [Fact]
    public void What_the_mean_would_not_be_right_for_is_decoded_whole()
    {
        var image = Radiograph("-grayscale -quality 85");
        var small = new RenderOptions { Viewport = new(100, 100) };
        Assert.NotEqual((0, 0), Difference(image, small));
        Assert.Equal((0, 0), Difference(image, small with { Window = (128, 30, VoiFunction.Linear) }));
        Assert.Equal((0, 0), Difference(image, small with { Window = (128, 256, VoiFunction.Sigmoid) }));
        Assert.Equal((0, 0), Difference(image, small with { Viewport = new(100, 100, 1, 3, 777, 555) }));
        Assert.Equal((0, 0), Difference(image, small with { Viewport = new(600, 600) }));
        Assert.NotEqual((0, 0), Difference(image, small with { Window = (128, 256, VoiFunction.Linear) })); // the identity
    }

    /// <summary>Of a picture and the one by way of the whole frame, which overlays ask for; there are none.</summary>
    private static (int Max, double Mean) Difference(DicomImage image, RenderOptions options)
    {
        var reduced = DicomRenderer.Render(image, 0, options);
        var whole = DicomRenderer.Render(image, 0, options with { Overlays = true });
        return Pixels.Difference(Array.ConvertAll(whole.Data, b => (int)b), Array.ConvertAll(reduced.Data, b => (int)b));
    }

    private static DicomImage Radiograph(string options)
    {
        var pixels = new byte[Width * Height * 3];
        for (var i = 0; i < pixels.Length; i++)
        {
            pixels[i] = (byte)Math.Min(255, (s_radiograph.Value[i / 3] >> 4) + ((i % 3) * 20));
        }

        var jpeg = LibjpegTests.Convert("cjpeg", [.. Encoding.ASCII.GetBytes($"P6\n{Width} {Height}\n255\n"), .. pixels], options.Split(' '));
        var dataset = options.Contains("gray") ? TestImages.Attributes(Height, Width) : TestImages.Attributes(Height, Width, samples: 3, photometric: "YBR_FULL_422");
        return TestImages.Encapsulated(dataset, options.Contains("progressive") ? DicomUids.JPEGFullProgressionNonHierarchical1012 : DicomUids.JPEGBaseline8Bit, [], jpeg);
    }

    private static int[] Average(CodecImage image, int by)
    {
        var (width, height) = ((image.Width + by - 1) / by, (image.Height + by - 1) / by);
        var result = new int[width * height * image.Components];
        for (var i = 0; i < result.Length; i++)
        {
            var (component, x, y) = (i % image.Components, i / image.Components % width, i / image.Components / width);
            var (sum, count) = (0, 0);
            for (var v = y * by; v < Math.Min(image.Height, (y + 1) * by); v++)
            {
                for (var h = x * by; h < Math.Min(image.Width, (x + 1) * by); h++, count++)
                {
                    sum += image.Samples[(((v * image.Width) + h) * image.Components) + component];
                }
            }

            result[i] = (int)Math.Round((double)sum / count);
        }

        return result;
    }
}
