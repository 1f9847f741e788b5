using SecondOpinion.TestKit;
using Xunit;

namespace SecondOpinion.Dicom.Imaging.Tests.Foreign;

/// <summary>TIFF files of libtiff's own tools and of Pillow, pixel for pixel.</summary>
public sealed class LibtiffTests
{
    public LibtiffTests() => Libraries.Tiff();

    [Theory]
    [InlineData("grey8", "-c", "lzw:2")]
    [InlineData("grey8", "-c", "zip:2", "-t", "-w", "32", "-l", "16")]
    [InlineData("grey8", "-c", "packbits", "-f", "lsb2msb")]
    [InlineData("grey8", "-c", "none", "-8")]
    [InlineData("grey8", "-c", "zip", "-8", "-B")]
    [InlineData("grey16", "-c", "zip:2", "-B")]
    [InlineData("grey16", "-c", "lzw:2", "-t", "-w", "16", "-l", "16")]
    [InlineData("rgb8", "-c", "lzw:2", "-p", "separate")]
    [InlineData("rgb8", "-c", "zip:2", "-p", "separate", "-t", "-w", "48", "-l", "32")]
    [InlineData("rgb16", "-c", "zip:2")]
    [InlineData("rgb16", "-c", "none", "-B")]
    [InlineData("bilevel", "-c", "g3")]
    [InlineData("bilevel", "-c", "g3:2d:fill")]
    [InlineData("bilevel", "-c", "g4")]
    [InlineData("bilevel", "-c", "g4", "-f", "lsb2msb")]
    [InlineData("bilevel", "-c", "g4", "-r", "7")]
    public void Every_lossless_coding_of_tiffcp_gives_the_pixels_back(string kind, params string[] options)
    {
        var (file, expected) = Source(kind);
        var image = Assert.Single(ImageFile.ReadTiff(Copy(file, options)));
        Assert.Equal(expected, image.Data);
    }

    [Theory]
    [InlineData("P", "tiff_lzw", 0)]
    [InlineData("1", "group4", 0)]
    [InlineData("1", "group3", 0)]
    [InlineData("LA", "tiff_adobe_deflate", 1)]
    [InlineData("I;16", "tiff_lzw", 0)]
    [InlineData("RGB", "jpeg", 0)]
    [InlineData("L", "jpeg", 0)]
    [InlineData("RGBA", "tiff_adobe_deflate", 1)]
    [InlineData("CMYK", "tiff_lzw", 2)]
    public void Every_kind_that_Pillow_writes_is_read_as_Pillow_reads_it(string mode, string compression, int tolerance)
    {
        using var folder = new Folder();
        var (tiff, raw) = (folder.File("a.tif"), folder.File("a.raw"));
        var run = Shell.Run(Python(), "-c", PillowScript, mode, compression, tiff, raw);
        Assert.True(run.ExitCode == 0, run.Error);
        var image = Assert.Single(ImageFile.ReadTiff(File.ReadAllBytes(tiff)));
        var expected = File.ReadAllBytes(raw);
        Assert.Equal(expected.Length, image.Data.Length);
        Assert.True(expected.Zip(image.Data, (a, b) => Math.Abs(a - b)).Max() <= tolerance);
    }

    [Fact]
    public void JPEG_in_TIFF_of_colours_that_are_no_YCbCr_is_near_what_went_in()
    {
        var (file, expected) = Source("rgb8");
        var image = Assert.Single(ImageFile.ReadTiff(Copy(file, "-c", "jpeg:r:100")));
        Assert.True(expected.Zip(image.Data, (a, b) => (double)Math.Abs(a - b)).Average() < 3);
    }

    [Fact]
    public void Pages_of_a_fax_become_frames()
    {
        var tiffcp = Requires.Tool("tiffcp");
        using var folder = new Folder();
        var (one, all) = (folder.File("one.tif"), folder.File("all.tif"));
        var (file, expected) = Source("bilevel");
        File.WriteAllBytes(one, file);
        Assert.Equal(0, Shell.Run(tiffcp, "-c", "g4", one, one, one, all).ExitCode);
        var bytes = File.ReadAllBytes(all);
        Assert.Equal((61, 40, 3), (ImageFile.Identify(bytes).Width, ImageFile.Identify(bytes).Height, ImageFile.Identify(bytes).Pages));
        var input = new MakeDicomInput { Patient = new DicomPatient("1", null, "A^B", null, null), Now = new DateTimeOffset(2025, 1, 2, 3, 4, 5, TimeSpan.Zero) };
        var image = DicomImage.Open(MakeDicom.FromImage(bytes, input));
        Assert.Equal(3, image.FrameCount);
        Assert.Equal(expected, image.Decode(2).Data);
    }

    [Theory]
    [InlineData("-c", "g4")]
    [InlineData("-c", "g3:2d")]
    [InlineData("-c", "lzw", "-8")]
    public void Damage_anywhere_is_an_imaging_error_or_harmless(params string[] options)
    {
        var (file, _) = Source("bilevel");
        Hostile.EveryByte(Copy(file, options)[..300], bytes => ImageFile.ReadTiff(bytes, maxPixels: 100_000));
    }

    private const string PillowScript = """
        import sys
        from PIL import Image
        mode, compression, tiff, raw = sys.argv[1:]
        w, h = 67, 43
        rgb = Image.frombytes('RGB', (w, h), bytes((x * 3 if c == 0 else y * 5 if c == 1 else (x * y)) % 256 for y in range(h) for x in range(w) for c in range(3)))
        alpha = Image.frombytes('L', (w, h), bytes((x * 4) % 256 for y in range(h) for x in range(w)))
        if mode == 'RGBA':
            image = rgb.copy(); image.putalpha(alpha)
        elif mode == 'LA':
            image = rgb.convert('L'); image.putalpha(alpha)
        elif mode == 'I;16':
            image = Image.frombytes('I;16', (w, h), bytes((x * 7 + y) % 256 for y in range(h) for x in range(2 * w)))
        elif mode == 'P':
            image = rgb.quantize(37)
        else:
            image = rgb.convert(mode)
        if compression == 'raw':
            image.save(tiff)
        else:
            image.save(tiff, compression=compression)
        back = Image.open(tiff)
        if mode in ('RGBA', 'LA'):
            white = Image.new('RGBA', (w, h), 'white')
            back = Image.alpha_composite(white, back.convert('RGBA')).convert('RGB' if mode == 'RGBA' else 'L')
        elif mode == '1':
            back = back.convert('L')
        elif mode in ('P', 'CMYK'):
            back = back.convert('RGB')
        open(raw, 'wb').write(back.tobytes())
        """;

    private static string Python()
    {
        var python = File.Exists("/usr/bin/python3") ? "/usr/bin/python3" : Requires.Tool("python3");
        if (Shell.Run(python, "-c", "from PIL import Image").ExitCode != 0)
        {
            Requires.Missing("python package 'PIL' is not installed");
        }

        return python;
    }

    /// <summary>A file of 61 x 40 pixels by this library's own writers, and its pixels.</summary>
    private static (byte[] File, byte[] Pixels) Source(string kind)
    {
        const int width = 61;
        const int height = 40;
        if (kind == "bilevel")
        {
            var bits = new byte[8 * height];
            var pixels = new byte[width * height];
            for (var i = 0; i < pixels.Length; i++)
            {
                var (x, y) = (i % width, i / width);
                if (((x * x) + (y * y)) / 90 % 3 == 0)
                {
                    bits[(y * 8) + (x / 8)] |= (byte)(0x80 >> (x % 8));
                }
                else
                {
                    pixels[i] = 255; // photometric interpretation 0: white is zero
                }
            }

            return (TestTiff.Write(true, [(256, width), (257, height), (258, 1), (259, 1), (262, 0), (277, 1), (278, height)], 273, [bits]), pixels);
        }

        var (channels, depth) = (kind.StartsWith("rgb", StringComparison.Ordinal) ? 3 : 1, kind.EndsWith("16", StringComparison.Ordinal) ? 16 : 8);
        var picture = new RenderedImage(width, height, channels, depth, TestImages.Picture(width * depth / 8, height, channels).Data);
        using var stream = new MemoryStream();
        DicomRenderer.Write(picture, stream, new() { Format = RenderFormat.Tiff });
        return (stream.ToArray(), picture.Data);
    }

    private static byte[] Copy(byte[] file, params string[] options)
    {
        var tiffcp = Requires.Tool("tiffcp");
        using var folder = new Folder();
        var (from, to) = (folder.File("from.tif"), folder.File("to.tif"));
        File.WriteAllBytes(from, file);
        var run = Shell.Run(tiffcp, [.. options, from, to]);
        Assert.True(run.ExitCode == 0, run.Error);
        return File.ReadAllBytes(to);
    }

    private sealed class Folder : IDisposable
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

        public string File(string name) => Path.Combine(_folder.FullName, name);

        public void Dispose() => _folder.Delete(recursive: true);
    }
}
