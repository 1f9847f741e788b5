using SecondOpinion.Dicom.Imaging.Tests.Codecs;
using SecondOpinion.TestKit;
using Xunit;
using static SecondOpinion.Dicom.Imaging.Tests.TestImages;

namespace SecondOpinion.Dicom.Imaging.Tests.Render;

/// <summary>
/// Pictures beside those of dcmtk: compressed files, polarities, colours, tables, overlays and presentation states. It cuts fractions where this library rounds, so that a
/// level may be one off; of lossy JPEG and YCbCr, where each has its own arithmetic, three.
/// </summary>
public sealed class DcmtkVariantTests
{
    [Theory]
    [InlineData("CT_small.dcm", DicomUids.RLELossless, "dcmj2pnm", 1)]
    [InlineData("CT_small.dcm", DicomUids.JPEGLosslessSV1, "dcmj2pnm", 1)]
    [InlineData("CT_small.dcm", DicomUids.JPEGLSLossless, "dcml2pnm", 1)]
    [InlineData("MR_small.dcm", DicomUids.JPEGLossless, "dcmj2pnm", 1)]
    [InlineData("examples_palette.dcm", DicomUids.RLELossless, "dcmj2pnm", 1)]
    [InlineData("examples_palette.dcm", DicomUids.JPEGLosslessSV1, "dcmj2pnm", 1)]
    [InlineData("examples_palette.dcm", DicomUids.JPEGLSLossless, "dcml2pnm", 1)]
    [InlineData("examples_rgb_color.dcm", DicomUids.JPEGLSLossless, "dcml2pnm", 1)]
    [InlineData("examples_rgb_color.dcm", DicomUids.JPEGLSNearLossless, "dcml2pnm", 1)]
    [InlineData("examples_rgb_color.dcm", DicomUids.RLELossless, "dcmj2pnm", 1)]
    [InlineData("examples_rgb_color.dcm", DicomUids.JPEGBaseline8Bit, "dcmj2pnm", 3)]
    public void A_compressed_image_looks_as_dcmtk_shows_it(string name, string syntax, string tool, int tolerance)
    {
        var file = PixelTranscoder.Transcode(DicomFile.Read(File.ReadAllBytes(Path.Combine(Requires.Shared("samples/dicom/files"), name))), syntax);
        Compare(DicomFile.Read(file.ToArray()), RenderOptions.Default, tolerance, tool, ["-O", .. WindowOf(file)]);
    }

    /// <summary>dcmtk has no JPEG 2000: gdcm brings it to uncompressed pixels first.</summary>
    [Theory]
    [InlineData("693_J2KI.dcm")]
    [InlineData("JPEG2000.dcm")]
    [InlineData("MR_small_jp2klossless.dcm")]
    [InlineData("GDCMJ2K_TextGBR.dcm")]
    [InlineData("examples_jpeg2k.dcm")]
    public void A_JPEG_2000_image_looks_as_gdcm_and_dcmtk_show_it(string name)
    {
        var file = DicomFile.Read(File.ReadAllBytes(Path.Combine(Requires.Shared("samples/dicom/files"), name)));
        Compare(Oracle.Convert("gdcmconv", file, "--raw"), Render(file, RenderOptions.Default), 1, "dcmj2pnm", ["-O", .. WindowOf(file)]);
    }

    [Theory]
    [InlineData(8, 8, false)]
    [InlineData(16, 12, false)]
    [InlineData(16, 16, true)]
    [InlineData(16, 10, true)]
    public void Both_polarities_look_as_dcmtk_shows_them(int allocated, int stored, bool signed)
    {
        foreach (var photometric in new[] { "MONOCHROME1", "MONOCHROME2" })
        {
            var file = TestImage.Create(61, 45, 1, stored, signed, photometric: photometric);
            Assert.Equal(allocated, file.Dataset.GetInt32(DicomTags.BitsAllocated));
            Compare(file, RenderOptions.Default, 1, "dcmj2pnm", allocated == 8 ? [] : ["+Wm"]);
            // A whole slope: dcmtk cuts the fractions of rescaled values, which PS3.3 C.11.1.1.2 does not.
            file.Dataset.Set(DicomTags.WindowCenter, 100.0).Set(DicomTags.WindowWidth, 160.0).Set(DicomTags.RescaleSlope, 2.0).Set(DicomTags.RescaleIntercept, -3.0);
            Compare(file, RenderOptions.Default, 1, "dcmj2pnm", "+Wi", "1");
            var asked = RenderOptions.Default with { Window = (60, 90, VoiFunction.Sigmoid) };
            Compare(file, asked, 1, "dcmj2pnm", "+Ww", "60", "90", "+Wfs");
        }
    }

    [Theory]
    [InlineData("YBR_FULL", 0, 3)]
    [InlineData("YBR_FULL", 1, 3)]
    [InlineData("RGB", 1, 0)]
    public void Colour_looks_as_dcmtk_shows_it(string photometric, int planar, int tolerance)
    {
        var file = TestImage.Create(60, 44, 3, 8, photometric: photometric);
        file.Dataset.Set(DicomTags.PlanarConfiguration, planar);
        Compare(file, RenderOptions.Default, tolerance, "dcmj2pnm");
    }

    [Fact]
    public void Modality_and_VOI_tables_look_as_dcmtk_shows_them()
    {
        var file = TestImage.Create(61, 45, 1, 10);
        file.Dataset.SetItems(DicomTags.ModalityLUTSequence, Table(900, 50, 12, i => i * 4095 / 900).Set(DicomTags.ModalityLUTType, "US"))
            .SetItems(DicomTags.VOILUTSequence, Table(3000, 500, 10, i => (int)(1023 * Math.Sqrt(i / 3000.0))));
        Compare(file, RenderOptions.Default, 1, "dcmj2pnm", "+Wl", "1");
    }

    [Fact]
    public void Overlays_look_as_dcmtk_shows_them()
    {
        var sample = DicomFile.Read(File.ReadAllBytes(Requires.Shared("samples/dicom/files/examples_overlay.dcm")));
        Compare(sample, RenderOptions.Default with { Overlays = true }, 1, "dcmj2pnm", "+Wi", "1", "+O", "0", "+Omr");

        var made = TestImage.Create(61, 45, 1, 8);
        foreach (var (group, origin) in new[] { ((ushort)0x6000, (ushort)3), ((ushort)0x6004, (ushort)20) })
        {
            made.Dataset.SetBytes(new(group, 0x10), DicomVr.US, Words(17)).SetBytes(new(group, 0x11), DicomVr.US, Words(21)).Set(new DicomElement(new(group, 0x40), DicomVr.CS, "G"))
                .SetBytes(new(group, 0x50), DicomVr.SS, Words(origin, origin)).SetBytes(new(group, 0x100), DicomVr.US, Words(1)).SetBytes(new(group, 0x102), DicomVr.US, Words(0))
                .SetBytes(new(group, 0x3000), DicomVr.OW, (byte[])[.. Enumerable.Range(0, 46).Select(i => (byte)(i * 57))]);
        }

        Compare(made, RenderOptions.Default with { Overlays = true }, 0, "dcmj2pnm", "+O", "0", "+Omr");
    }

    /// <summary>A state that dcmtk makes for an image, changed, and shown by its own renderer.</summary>
    [Theory]
    [InlineData("window", "IDENTITY")]
    [InlineData("window", "INVERSE")]
    [InlineData("sequence", "IDENTITY")]
    [InlineData("turned", "IDENTITY")]
    [InlineData("flipped", "INVERSE")]
    [InlineData("turned and flipped", "IDENTITY")]
    public void A_presentation_state_looks_as_dcmtk_shows_it(string what, string shape)
    {
        var image = DicomFile.Read(File.ReadAllBytes(Requires.Shared("samples/dicom/files/CT_small.dcm")));
        var state = Oracle.Convert("dcmpsmk", image);
        state.Dataset.Set(DicomTags.PresentationLUTShape, shape);
        var voi = state.Dataset.GetItem(DicomTags.SoftcopyVOILUTSequence) ?? new DicomDataset();
        voi.Remove(DicomTags.VOILUTSequence);
        if (what == "sequence")
        {
            voi.SetItems(DicomTags.VOILUTSequence, Table(2000, 0, 8, i => i * i / 15700));
            voi.Remove(DicomTags.WindowCenter);
            voi.Remove(DicomTags.WindowWidth);
        }
        else
        {
            voi.Set(DicomTags.WindowCenter, 40.0).Set(DicomTags.WindowWidth, 700.0);
        }

        state.Dataset.SetItems(DicomTags.SoftcopyVOILUTSequence, voi.Clone())
            .Set(DicomTags.ImageRotation, what.StartsWith("turned", StringComparison.Ordinal) ? 90 : 0).Set(DicomTags.ImageHorizontalFlip, what.EndsWith("flipped", StringComparison.Ordinal) ? "Y" : "N");
        var folder = Directory.CreateTempSubdirectory("state");
        try
        {
            var path = Path.Combine(folder.FullName, "state.dcm");
            File.WriteAllBytes(path, state.ToArray());
            var options = RenderOptions.Default with { PresentationState = DicomFile.Read(File.ReadAllBytes(path)).Dataset };
            Compare(image, options, 1, "dcmp2pgm", "-p", path);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static DicomDataset Table(int count, int first, int bits, Func<int, int> value) => new DicomDataset()
        .SetBytes(DicomTags.LUTDescriptor, DicomVr.US, Words((ushort)count, (ushort)first, (ushort)bits))
        .SetBytes(DicomTags.LUTData, DicomVr.OW, Words([.. Enumerable.Range(0, count).Select(i => (ushort)value(i))]));

    private static string[] WindowOf(DicomFile file) => file.Dataset.Contains(DicomTags.WindowCenter) ? ["+Wi", "1"] : ["+Wm"];

    private static RenderedImage Render(DicomFile file, RenderOptions options) => DicomRenderer.Render(DicomImage.Open(file), 0, options);

    private static void Compare(DicomFile file, RenderOptions options, int tolerance, string tool, params string[] arguments) =>
        Compare(file, Render(DicomFile.Read(file.ToArray()), options), tolerance, tool, arguments);

    private static void Compare(DicomFile file, RenderedImage rendered, int tolerance, string tool, params string[] arguments)
    {
        var folder = Directory.CreateTempSubdirectory("picture");
        try
        {
            var source = Path.Combine(folder.FullName, "image.dcm");
            var path = Path.Combine(folder.FullName, "picture.pnm");
            File.WriteAllBytes(source, file.ToArray());
            var run = Shell.Run(Requires.Tool(tool), [.. arguments, source, path]);
            Assert.True(run.ExitCode == 0 && File.Exists(path), run.Output + run.Error);
            var expected = File.ReadAllBytes(path);
            Assert.Equal(rendered.Channels == 1 ? (byte)'5' : (byte)'6', expected[1]);
            Assert.StartsWith($"{rendered.Width} {rendered.Height}", HeaderOf(expected));
            expected = expected[^rendered.Data.Length..];
            var differences = expected.Zip(rendered.Data, (a, b) => Math.Abs(a - b)).ToArray();
            Assert.True(differences.Max() <= tolerance, $"{tool} {string.Join(' ', arguments)}: max {differences.Max()}, {differences.Count(d => d > tolerance)} of {differences.Length} samples");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Width and height, without the comment that dcmtk's programs write.</summary>
    private static string HeaderOf(byte[] picture) =>
        string.Join(' ', System.Text.Encoding.ASCII.GetString(picture, 0, Math.Min(200, picture.Length)).Split('\n').Skip(1).First(l => !l.StartsWith('#')).Split(' ').Take(2));
}
