using System.Buffers.Binary;
using SecondOpinion.TestKit;
using Xunit;

namespace SecondOpinion.Dicom.Imaging.Tests.Foreign;

public sealed class TiffTests
{
    public TiffTests() => Libraries.Tiff();

    [Theory]
    [InlineData("none")]
    [InlineData("packbits")]
    [InlineData("lzw")]
    [InlineData("deflate")]
    public void Colour_files_of_another_writer_are_read(string compression) => AgainstPoppler(["-tiff", "-tiffcompression", compression], [], expectedGrey: false);

    [Theory]
    [InlineData("packbits")]
    [InlineData("lzw")]
    public void Grey_and_bilevel_files_of_another_writer_are_read(string compression)
    {
        AgainstPoppler(["-gray", "-tiff", "-tiffcompression", compression], ["-gray"], expectedGrey: true);
        AgainstPoppler(["-mono", "-tiff", "-tiffcompression", compression], ["-mono"], expectedGrey: true);
    }

    [Theory]
    [InlineData("+ot", "+Tl", "+Ph")]
    [InlineData("+ot", "+Tr")]
    [InlineData("+on")]
    [InlineData("+on", "-il")]
    public void Files_of_dcmtk_are_read(params string[] format)
    {
        var dcmj2pnm = Requires.Tool("dcmj2pnm");
        var source = Path.Combine(Requires.Shared("samples/dicom"), "files", "examples_rgb_color.dcm");
        var path = Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N"));
        try
        {
            Assert.Equal(0, Shell.Run(dcmj2pnm, [.. format, source, path]).ExitCode);
            var bytes = File.ReadAllBytes(path);
            var image = format[0] == "+ot" ? Assert.Single(ImageFile.ReadTiff(bytes)) : ImageFile.ReadPng(bytes);
            Assert.Equal(DicomRenderer.Render(DicomImage.Open(DicomFile.Read(File.ReadAllBytes(source))), 0, RenderOptions.Default).Data, image.Data);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Theory]
    [InlineData(1, 8)]
    [InlineData(3, 8)]
    [InlineData(1, 16)]
    public void What_the_encoder_writes_is_read_back(int channels, int bits)
    {
        var picture = new RenderedImage(31, 20, channels, bits, TestImages.Picture(31 * bits / 8, 20, channels).Data);
        using var stream = new MemoryStream();
        DicomRenderer.Write(picture, stream, new() { Format = RenderFormat.Tiff });
        Assert.Equal(picture.Data, Assert.Single(ImageFile.ReadTiff(stream.ToArray())).Data);
    }

    [Fact]
    public void Big_endian_tiles_planes_and_white_is_zero_are_read()
    {
        // Two tiles of 2 x 2 for an image of 3 x 2, 16 bits, most significant byte first.
        var tiles = TestTiff.Write(false, [(256, 3), (257, 2), (258, 16), (259, 1), (262, 1), (277, 1), (322, 2), (323, 2)], 324, [[0, 1, 0, 2, 0, 4, 0, 5], [0, 3, 9, 9, 0, 6, 9, 9]]);
        Assert.Equal(TestImages.Words(1, 2, 3, 4, 5, 6), Assert.Single(ImageFile.ReadTiff(tiles)).Data);
        var planes = TestTiff.Write(true, [(256, 2), (257, 1), (258, 8), (259, 1), (262, 2), (277, 3), (278, 1), (284, 2)], 273, [[1, 2], [3, 4], [5, 6]]);
        Assert.Equal([1, 3, 5, 2, 4, 6], Assert.Single(ImageFile.ReadTiff(planes)).Data);
        var white = TestTiff.Write(true, [(256, 4), (257, 1), (258, 2), (259, 1), (262, 0), (277, 1), (278, 1)], 273, [[0b00011011]]);
        Assert.Equal([255, 170, 85, 0], Assert.Single(ImageFile.ReadTiff(white)).Data);
    }

    [Fact]
    public void Pages_are_read_one_by_one_or_all_and_turned_upright()
    {
        var first = TestTiff.Write(true, [(256, 2), (257, 1), (258, 8), (259, 1), (262, 1), (274, 6), (277, 1), (278, 1)], 273, [[1, 2]]);
        var both = TestTiff.Append(first, [(256, 1), (257, 1), (258, 8), (259, 1), (262, 1), (277, 1), (278, 1)], 273, [[9]]);
        Assert.Equal(2, ImageFile.Identify(both).Pages);
        var pages = ImageFile.ReadTiff(both);
        Assert.Equal((1, 2), (pages[0].Width, pages[0].Height));
        Assert.Equal([1, 2], pages[0].Data);
        Assert.Equal([9], Assert.Single(ImageFile.ReadTiff(both, 1)).Data);
        Assert.Equal(ImagingError.FrameOutOfRange, Assert.Throws<ImagingException>(() => ImageFile.ReadTiff(both, 2)).Code);
    }

    [Theory]
    [InlineData(34712, 8)] // JPEG 2000, which libtiff has no codec for
    [InlineData(1, 32)]
    [InlineData(1, 12)]
    public void What_libtiff_does_not_read_is_refused_with_its_own_code(int compression, int bits)
    {
        var file = TestTiff.Write(true, [(256, 1), (257, 1), (258, bits), (259, compression), (262, 1), (277, 1), (278, 1)], 273, [[1, 2, 3, 4]]);
        Assert.Equal(ImagingError.UnsupportedImage, Assert.Throws<ImagingException>(() => ImageFile.ReadTiff(file)).Code);
    }

    [Fact]
    public void Directories_in_a_circle_and_claims_without_bytes_are_refused()
    {
        var file = TestTiff.Write(true, [(256, 1), (257, 1), (258, 8), (259, 1), (262, 1), (277, 1), (278, 1)], 273, [[1]]);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(file.Length - 4), BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(4)));
        Assert.Equal(ImagingError.InvalidImage, Assert.Throws<ImagingException>(() => ImageFile.ReadTiff(file)).Code);
        var claim = TestTiff.Write(true, [(256, 9000), (257, 9000), (258, 8), (259, 8), (262, 1), (277, 1), (278, 9000)], 273, [[1, 2, 3]]);
        Assert.Equal(ImagingError.InvalidImage, Assert.Throws<ImagingException>(() => ImageFile.ReadTiff(claim)).Code);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(8)]
    [InlineData(32773)]
    public void Damage_anywhere_is_an_imaging_error_or_harmless(int compression)
    {
        byte[] data = compression switch
        {
            5 => [0x80, 0x00, 0x40, 0x40, 0x30, 0x20],
            8 => Zlib([1, 2, 3, 4]),
            32773 => [3, 1, 2, 3, 4],
            _ => [1, 2, 3, 4],
        };
        var file = TestTiff.Write(true, [(256, 2), (257, 2), (258, 8), (259, compression), (262, 1), (277, 1), (278, 2), (317, 2)], 273, [data]);
        Assert.Equal(compression is 5 or 8 ? [1, 3, 3, 7] : new byte[] { 1, 2, 3, 4 }, Assert.Single(ImageFile.ReadTiff(file)).Data); // TIFF 6.0 section 14: differences with LZW and deflate only
        Hostile.EveryByte(file, bytes =>
        {
            ImageFile.Identify(bytes);
            if (bytes.AsSpan().StartsWith("II*\0"u8) || bytes.AsSpan().StartsWith("MM\0*"u8))
            {
                ImageFile.ReadTiff(bytes, maxPixels: 10_000);
            }
        });
    }

    private static byte[] Zlib(byte[] data)
    {
        using var compressed = new MemoryStream();
        using (var zlib = new System.IO.Compression.ZLibStream(compressed, System.IO.Compression.CompressionLevel.Optimal, true))
        {
            zlib.Write(data);
        }

        return compressed.ToArray();
    }

    private static void AgainstPoppler(string[] tiff, string[] plain, bool expectedGrey)
    {
        var pdftoppm = Requires.Tool("pdftoppm");
        var path = Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N"));
        var reference = path + (plain switch { ["-gray"] => ".pgm", ["-mono"] => ".pbm", _ => ".ppm" });
        try
        {
            File.WriteAllBytes(path + ".pdf", TestPdf.Page());
            Assert.Equal(0, Shell.Run(pdftoppm, ["-singlefile", "-r", "40", .. tiff, path + ".pdf", path]).ExitCode);
            Assert.Equal(0, Shell.Run(pdftoppm, ["-singlefile", "-r", "40", .. plain, path + ".pdf", path]).ExitCode);
            var image = Assert.Single(ImageFile.ReadTiff(File.ReadAllBytes(path + ".tif")));
            Assert.Equal(expectedGrey ? 1 : 3, image.Channels);
            var expected = File.ReadAllBytes(reference);
            if (plain is ["-mono"])
            {
                var stride = (image.Width + 7) / 8;
                var bits = expected[^(stride * image.Height)..];
                expected = [.. Enumerable.Range(0, image.Data.Length).Select(i => (byte)((bits[(i / image.Width * stride) + (i % image.Width / 8)] >> (7 - (i % image.Width % 8)) & 1) != 0 ? 0 : 255))];
            }

            Assert.Equal(expected[^image.Data.Length..], image.Data);
        }
        finally
        {
            Array.ForEach([path + ".pdf", path + ".tif", reference], File.Delete);
        }
    }
}
