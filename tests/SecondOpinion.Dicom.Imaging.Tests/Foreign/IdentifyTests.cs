using SecondOpinion.TestKit;
using Xunit;

namespace SecondOpinion.Dicom.Imaging.Tests.Foreign;

public sealed class IdentifyTests
{
    [Theory]
    [InlineData(RenderFormat.Jpeg, ImageFileKind.Jpeg, "image/jpeg")]
    [InlineData(RenderFormat.Png, ImageFileKind.Png, "image/png")]
    [InlineData(RenderFormat.Gif, ImageFileKind.Gif, "image/gif")]
    [InlineData(RenderFormat.Tiff, ImageFileKind.Tiff, "image/tiff")]
    public void Images_are_told_by_content_with_their_size(RenderFormat format, ImageFileKind kind, string mediaType)
    {
        using var stream = new MemoryStream();
        DicomRenderer.Write(TestImages.Picture(23, 17, 3), stream, new() { Format = format });
        var info = ImageFile.Identify(stream.ToArray());
        Assert.Equal(new ImageFileInfo(kind, 23, 17), info);
        Assert.Equal(mediaType, info.MediaType);
        Assert.Equal(mediaType, DicomRenderer.MediaType(format));
    }

    [Fact]
    public void Documents_dicom_and_anything_else_are_told_too()
    {
        Assert.Equal(ImageFileKind.Pdf, ImageFile.Identify(TestPdf.Page()).Kind);
        Assert.Equal(ImageFileKind.Pdf, ImageFile.Identify([.. new byte[50], .. "%PDF-1.7"u8]).Kind);
        Assert.Equal(ImageFileKind.Dicom, ImageFile.Identify([.. new byte[128], .. "DICM"u8]).Kind);
        Assert.Equal(ImageFileKind.Unknown, ImageFile.Identify("<html>"u8).Kind);
        Assert.Equal(ImageFileKind.Unknown, ImageFile.Identify([]).Kind);
    }

    [Fact]
    public void Damage_never_makes_it_throw()
    {
        foreach (var format in Enum.GetValues<RenderFormat>())
        {
            using var stream = new MemoryStream();
            DicomRenderer.Write(TestImages.Picture(5, 5, 1), stream, new() { Format = format });
            Hostile.EveryByte(stream.ToArray()[..Math.Min(900, (int)stream.Length)], bytes => ImageFile.Identify(bytes));
        }
    }

    [Theory]
    [InlineData("", 0, 3, true, true, DicomUids.JPEGBaseline8Bit)]
    [InlineData("-sample 1x1", 0, 3, false, true, DicomUids.JPEGBaseline8Bit)]
    [InlineData("-grayscale", 0, 1, false, false, DicomUids.JPEGBaseline8Bit)]
    [InlineData("-rgb", 0, 3, false, false, DicomUids.JPEGBaseline8Bit)]
    [InlineData("-progressive", 2, 3, true, true, null)]
    public void A_jpeg_header_says_process_colour_and_transfer_syntax(string arguments, int process, int components, bool subsampled, bool ybr, string? transferSyntax)
    {
        var cjpeg = Requires.Tool("cjpeg");
        var path = Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N"));
        try
        {
            File.WriteAllBytes(path + ".ppm", [.. "P6 23 17 255\n"u8, .. TestImages.Picture(23, 17, 3).Data]);
            Assert.Equal(0, Shell.Run(cjpeg, [.. arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries), "-outfile", path + ".jpg", path + ".ppm"]).ExitCode);
            Assert.True(JpegHeader.TryRead(File.ReadAllBytes(path + ".jpg"), out var header));
            Assert.Equal((process, 8, 23, 17, components, subsampled, ybr, 1), (header.Process, header.Precision, header.Width, header.Height, header.Components, header.IsSubsampled, header.IsYbr, header.Orientation));
            Assert.Equal(transferSyntax, header.TransferSyntaxUid);
        }
        finally
        {
            File.Delete(path + ".ppm");
            File.Delete(path + ".jpg");
        }
    }

    [Fact]
    public void The_orientation_of_exif_is_read()
    {
        using var stream = new MemoryStream();
        DicomRenderer.Write(TestImages.Picture(8, 8, 1), stream, new());
        var jpeg = stream.ToArray();
        byte[] exif = [.. "Exif\0\0MM\0*\0\0\0\x08"u8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0];
        Assert.True(JpegHeader.TryRead([.. jpeg[..2], 0xFF, 0xE1, 0, (byte)(exif.Length + 2), .. exif, .. jpeg[2..]], out var header));
        Assert.Equal(6, header.Orientation);
    }
}
