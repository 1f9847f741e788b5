using System.Text;
using SecondOpinion.TestKit;
using Xunit;

namespace SecondOpinion.Dicom.Imaging.Tests.Codecs;

/// <summary>Streams that libjpeg writes, with what DICOM encoders seldom use, decode as libjpeg decodes them.</summary>
public sealed class LibjpegTests
{
    [Theory]
    [InlineData("-sample 1x1")]
    [InlineData("-sample 2x1")]
    [InlineData("-sample 1x2")]
    [InlineData("-sample 2x2")]
    [InlineData("-sample 4x1")]
    [InlineData("-sample 4x2")]
    [InlineData("-sample 1x4")]
    [InlineData("-sample 3x1")]
    [InlineData("-sample 2x2,1x2,2x1")]
    [InlineData("-sample 2x2 -progressive")]
    [InlineData("-sample 2x2 -restart 1")]
    [InlineData("-sample 2x1 -restart 3B")]
    [InlineData("-progressive -restart 2B")]
    [InlineData("-rgb")]
    [InlineData("-optimize -quality 100")]
    [InlineData("-quality 5")]
    [InlineData("-grayscale -restart 1B")]
    [InlineData("-grayscale -progressive")]
    public void Streams_of_cjpeg_decode_as_djpeg_decodes_them(string options)
    {
        foreach (var (width, height) in new[] { (61, 45), (16, 16), (5, 4), (1, 1), (130, 33) })
        {
            var stream = Compress(width, height, options.Split(' '));
            var expected = Decompress(stream, out var samples);
            var frame = PixelCodecs.Decode(DicomUids.JPEGBaseline8Bit, stream, Description(width, height, samples));
            var (max, _) = Pixels.Difference(expected, Pixels.Of(frame));
            Assert.True(max <= 1, $"{options} {width} x {height}: {max}");
        }
    }

    [Theory]
    [InlineData("0; 1; 2;")]
    [InlineData("0; 1 2;")]
    [InlineData("2; 0; 1;")]
    [InlineData("0 1 2: 0-0, 0, 2; 0: 1-63, 0, 3; 2: 1-10, 0, 0; 1: 1-63, 0, 1; 2: 11-63, 0, 0; 0: 1-63, 3, 2; 0 1 2: 0-0, 2, 1; 0: 1-63, 2, 1; 1: 1-63, 1, 0; 0: 1-63, 1, 0; 0 1 2: 0-0, 1, 0;")]
    public void Scans_in_any_order_decode_as_djpeg_decodes_them(string scans)
    {
        var script = Path.GetTempFileName();
        try
        {
            File.WriteAllText(script, scans);
            foreach (var (width, height) in new[] { (61, 45), (130, 33) })
            {
                var stream = Compress(width, height, "-sample", "2x2", "-scans", script);
                var (max, _) = Pixels.Difference(Decompress(stream, out _), Pixels.Of(PixelCodecs.Decode(DicomUids.JPEGBaseline8Bit, stream, Description(width, height, 3))));
                Assert.True(max <= 1, $"{width} x {height}: {max}");
            }
        }
        finally
        {
            File.Delete(script);
        }
    }

    [Fact]
    public void Bytes_around_the_image_and_a_missing_end_do_no_harm()
    {
        var stream = Compress(61, 45, "-sample", "2x2");
        var expected = Pixels.Of(PixelCodecs.Decode(DicomUids.JPEGBaseline8Bit, stream, Description(61, 45, 3)));
        foreach (byte[] variant in new byte[][] { [0, 0, 1, .. stream], [.. stream, 0, 0, 0], stream[..^2], [.. stream[..^2], 0], [0xFF, 0xFF, .. stream] })
        {
            Assert.Equal(expected, Pixels.Of(PixelCodecs.Decode(DicomUids.JPEGBaseline8Bit, variant, Description(61, 45, 3))));
        }
    }

    [Fact]
    public void An_image_that_ends_inside_its_scan_is_refused()
    {
        var stream = Compress(61, 45, "-sample", "2x2");
        foreach (var cut in new[] { 2, 40, 200, stream.Length / 2, stream.Length - 20 })
        {
            var error = Assert.Throws<ImagingException>(() => PixelCodecs.Decode(DicomUids.JPEGBaseline8Bit, stream.AsMemory(0, cut), Description(61, 45, 3)));
            Assert.Equal(ImagingError.InvalidPixelData, error.Code);
        }
    }

    [Fact]
    public void Arithmetic_coding_is_refused_by_name()
    {
        var stream = Compress(61, 45, "-arithmetic");
        var error = Assert.Throws<ImagingException>(() => PixelCodecs.Decode(DicomUids.JPEGBaseline8Bit, stream, Description(61, 45, 3)));
        Assert.Equal(ImagingError.UnsupportedTransferSyntax, error.Code);
    }

    [Fact]
    public void Damaged_streams_are_refused_and_nothing_else()
    {
        foreach (var options in new[] { "-sample 2x2 -restart 1", "-progressive", "-grayscale -optimize" })
        {
            var stream = Compress(40, 30, options.Split(' '));
            Mutation.Try(stream, 700, bytes => PixelCodecs.Decode(DicomUids.JPEGBaseline8Bit, bytes, Description(40, 30, options.Contains("gray") ? 1 : 3)));
        }
    }

    private static ImageDescription Description(int width, int height, int samples) =>
        RleTests.Description(width, height, 8, samples) with { PhotometricInterpretation = samples == 1 ? "MONOCHROME2" : "YBR_FULL_422" };

    internal static byte[] Compress(int width, int height, params string[] options)
    {
        var pixels = TestImage.Create(width, height, 3, 8).Dataset.GetBytes(DicomTags.PixelData).Span[..(width * height * 3)];
        return Convert("cjpeg", [.. Encoding.ASCII.GetBytes($"P6\n{width} {height}\n255\n"), .. pixels], options);
    }

    private static int[] Decompress(byte[] stream, out int samples)
    {
        var pnm = Convert("djpeg", stream, "-pnm");
        samples = pnm[1] == '6' ? 3 : 1;
        var at = 0;
        for (var lines = 0; lines < 3; at++)
        {
            lines += pnm[at] == '\n' ? 1 : 0;
        }

        return pnm[at..].Select(b => (int)b).ToArray();
    }

    internal static byte[] Convert(string tool, byte[] input, params string[] options)
    {
        var folder = Directory.CreateTempSubdirectory("codec");
        try
        {
            var from = Path.Combine(folder.FullName, "in");
            var to = Path.Combine(folder.FullName, "out");
            File.WriteAllBytes(from, input);
            var result = Shell.Run(Requires.Tool(tool), [.. options, "-outfile", to, from]);
            Assert.True(result.ExitCode == 0, result.Error);
            return File.ReadAllBytes(to);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
