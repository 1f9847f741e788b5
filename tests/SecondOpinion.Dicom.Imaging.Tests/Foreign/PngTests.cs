using SecondOpinion.TestKit;
using Xunit;

namespace SecondOpinion.Dicom.Imaging.Tests.Foreign;

public sealed class PngTests
{
    public static TheoryData<int, int, bool> Types()
    {
        var data = new TheoryData<int, int, bool>();
        foreach (var interlaced in (bool[])[false, true])
        {
            foreach (var depth in (int[])[1, 2, 4, 8, 16])
            {
                data.Add(0, depth, interlaced);
                if (depth >= 8)
                {
                    data.Add(2, depth, interlaced);
                    data.Add(4, depth, interlaced);
                    data.Add(6, depth, interlaced);
                }

                if (depth <= 8)
                {
                    data.Add(3, depth, interlaced);
                }
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Every_type_and_depth_is_read(int colorType, int depth, bool interlaced)
    {
        const int Width = 13;
        const int Height = 11;
        var most = (1 << depth) - 1;
        var alphaChannel = colorType switch { 4 => 1, 6 => 3, _ => -1 };
        int Sample(int x, int y, int c) => c == alphaChannel ? most : ((x * 7919) + (y * 104729) + (c * 31)) & most;
        var palette = Enumerable.Range(0, (most + 1) * 3).Select(i => (byte)(i * 11)).ToArray();
        var image = ImageFile.ReadPng(TestPng.Write(Width, Height, colorType, depth, interlaced, Sample, colorType == 3 ? palette : null));
        var channels = colorType is 0 or 4 ? 1 : 3;
        Assert.Equal((Width, Height, channels, depth == 16 ? 16 : 8), (image.Width, image.Height, image.Channels, image.BitsPerSample));
        for (var i = 0; i < Width * Height * channels; i++)
        {
            var (x, y, c) = (i / channels % Width, i / channels / Width, i % channels);
            var expected = colorType == 3 ? palette[(Sample(x, y, 0) * 3) + c] : depth < 8 ? Sample(x, y, c) * 255 / most : Sample(x, y, c);
            Assert.Equal(expected, depth == 16 ? BitConverter.ToUInt16(image.Data, i * 2) : image.Data[i]);
        }
    }

    [Fact]
    public void Transparency_lies_over_white()
    {
        Assert.Equal([128, 0, 255], ImageFile.ReadPng(TestPng.Write(3, 1, 4, 8, false, (x, _, c) => c == 0 ? 0 : x == 0 ? 127 : x == 1 ? 255 : 0)).Data);
        Assert.Equal([255, 20], ImageFile.ReadPng(TestPng.Write(2, 1, 0, 8, false, (x, _, _) => 10 + (x * 10), transparency: [0, 10])).Data);
        Assert.Equal([255, 255, 255, 4, 5, 6], ImageFile.ReadPng(TestPng.Write(2, 1, 3, 8, false, (x, _, _) => x, [1, 2, 3, 4, 5, 6], [0])).Data);
    }

    [Theory]
    [InlineData(1, RenderFormat.Png)]
    [InlineData(3, RenderFormat.Png)]
    public void What_the_encoder_writes_is_read_back(int channels, RenderFormat format)
    {
        var picture = TestImages.Picture(61, 37, channels);
        using var stream = new MemoryStream();
        DicomRenderer.Write(picture, stream, new() { Format = format });
        Assert.Equal(picture.Data, ImageFile.ReadPng(stream.ToArray()).Data);
        var deep = new RenderedImage(30, 37, 1, 16, TestImages.Picture(60, 37, 1).Data);
        stream.SetLength(0);
        DicomRenderer.Write(deep, stream, new() { Format = format });
        Assert.Equal(deep.Data, ImageFile.ReadPng(stream.ToArray()).Data);
    }

    [Fact]
    public void Files_of_another_writer_are_read()
    {
        var pdftoppm = Requires.Tool("pdftoppm");
        var path = Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N"));
        try
        {
            File.WriteAllBytes(path + ".pdf", TestPdf.Page());
            Assert.Equal(0, Shell.Run(pdftoppm, "-singlefile", "-r", "40", "-png", path + ".pdf", path).ExitCode);
            Assert.Equal(0, Shell.Run(pdftoppm, "-singlefile", "-r", "40", path + ".pdf", path).ExitCode);
            var image = ImageFile.ReadPng(File.ReadAllBytes(path + ".png"));
            Assert.Equal(File.ReadAllBytes(path + ".ppm")[^image.Data.Length..], image.Data);
        }
        finally
        {
            Array.ForEach([".pdf", ".png", ".ppm"], extension => File.Delete(path + extension));
        }
    }

    [Fact]
    public void A_small_file_that_claims_many_pixels_is_refused_before_memory_is_taken()
    {
        var file = TestPng.Write(1, 1, 0, 8, false, (_, _, _) => 0);
        using var claim = new MemoryStream();
        claim.Write(file, 0, 8);
        TestPng.Chunk(claim, "IHDR", [0, 0, 0x20, 0, 0, 0, 0x20, 0, 8, 0, 0, 0, 0]);
        claim.Write(file, 33, file.Length - 33);
        Assert.Equal(ImagingError.InvalidImage, Assert.Throws<ImagingException>(() => ImageFile.ReadPng(claim.ToArray())).Code);
        Assert.Equal(ImagingError.TooLarge, Assert.Throws<ImagingException>(() => ImageFile.ReadPng(claim.ToArray(), 1000)).Code);
    }

    [Fact]
    public void Damage_anywhere_is_an_imaging_error_or_harmless()
    {
        var file = TestPng.Write(9, 9, 3, 4, true, (x, y, _) => (x + y) & 15, new byte[48]);
        Hostile.EveryByte(file, bytes => ImageFile.ReadPng(bytes, 10_000));
    }
}
