using SecondOpinion.Dicom.Imaging.Tests.Foreign;
using SecondOpinion.TestKit;
using Xunit;

namespace SecondOpinion.Dicom.Imaging.Tests.Make;

public sealed class MakeDicomTests
{
    private static MakeDicomInput Input(DicomImageKind kind = DicomImageKind.SecondaryCapture) => new()
    {
        Patient = new("P-1", "practice.example", "Müller^Jörg", new DateOnly(1980, 2, 29), "M"),
        Study = new() { Date = new(2025, 3, 1), Time = new(10, 15, 0), AccessionNumber = "A1", AccessionIssuer = "practice.example", Id = "S1", Description = "Second opinion", ReferringPhysician = "Weber^Anna" },
        Series = new() { Number = 3, Description = "Bitewing" },
        InstanceNumber = 2,
        Kind = kind,
        Institution = "Zahnarztpraxis",
        Now = new DateTimeOffset(2025, 3, 2, 12, 0, 0, TimeSpan.FromHours(1)),
        Acquired = new DateTime(2025, 3, 1, 10, 20, 30),
        Teeth = kind == DicomImageKind.IntraOralXRay ? [new("245648009", "SCT", "Permanent lower right first molar tooth")] : [],
    };

    private static byte[] File(RenderFormat format, int channels, int width = 24, int height = 16)
    {
        using var stream = new MemoryStream();
        DicomRenderer.Write(TestImages.Picture(width, height, channels), stream, new() { Format = format });
        return stream.ToArray();
    }

    public static TheoryData<string, DicomImageKind, int> Combinations()
    {
        var data = new TheoryData<string, DicomImageKind, int>();
        foreach (var source in (string[])["Jpeg", "Png", "Tiff", "Pages", "Samples", "Png16", "Pdf"])
        {
            foreach (var kind in Enum.GetValues<DicomImageKind>())
            {
                foreach (var channels in (int[])[1, 3])
                {
                    if ((source is "Pages" or "Pdf" && kind != DicomImageKind.SecondaryCapture) || (source is "Samples" or "Png16" or "Pdf" && channels == 3) || (source == "Samples" && kind == DicomImageKind.Photograph))
                    {
                        continue;
                    }

                    data.Add(source, kind, channels);
                }
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Combinations))]
    public void An_independent_validator_finds_no_error(string source, DicomImageKind kind, int channels)
    {
        var dciodvfy = Requires.Tool("dciodvfy");
        var path = Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N") + ".dcm");
        try
        {
            System.IO.File.WriteAllBytes(path, Made(source, kind, channels).ToArray());
            var result = Shell.Run(dciodvfy, "-new", path);
            TestContext.Current.TestOutputHelper?.WriteLine(result.Output + result.Error);
            Assert.Equal("", string.Join('\n', (result.Output + result.Error).Split('\n').Where(line => line.Contains("Error", StringComparison.Ordinal))));
        }
        finally
        {
            System.IO.File.Delete(path);
        }
    }

    private static DicomFile Made(string source, DicomImageKind kind, int channels) => source switch
    {
        "Jpeg" => MakeDicom.FromImage(File(RenderFormat.Jpeg, channels), Input(kind) with { Teeth = [] }), // teeth need not be known
        "Png" => MakeDicom.FromImage(File(RenderFormat.Png, channels), Input(kind)),
        "Tiff" => MakeDicom.FromImage(TiffFile(channels), Input(kind)),
        "Pages" => MakeDicom.FromImage(Pages(channels), Input(kind)),
        "Samples" => MakeDicom.FromSamples(new ushort[12], 3, 4, 12, Input(kind)),
        "Png16" => MakeDicom.FromImage(TestPng.Write(5, 4, 0, 16, false, (x, y, _) => (x * 9000) + y), Input(kind)),
        _ => MakeDicom.FromPdf(TestPdf.Page(), Input(kind) with { Title = "Überweisung" }),
    };

    private static byte[] TiffFile(int channels)
    {
        Libraries.Tiff();
        return File(RenderFormat.Tiff, channels);
    }

    private static byte[] Pages(int channels)
    {
        Libraries.Tiff();
        (int, int)[] tags = [(256, 2), (257, 1), (258, 8), (259, 1), (262, channels == 3 ? 2 : 1), (277, channels), (278, 1)];
        var block = Enumerable.Range(1, 2 * channels).Select(i => (byte)i).ToArray();
        return TestTiff.Append(TestTiff.Write(true, tags, 273, [block]), tags, 273, [[.. block.Reverse()]]);
    }

    [Theory]
    [InlineData("Jpeg", 1, DicomUids.JPEGBaseline8Bit, DicomUids.SecondaryCaptureImageStorage)]
    [InlineData("Png", 3, DicomUids.ExplicitVRLittleEndian, DicomUids.SecondaryCaptureImageStorage)]
    [InlineData("Pages", 1, DicomUids.ExplicitVRLittleEndian, DicomUids.MultiFrameGrayscaleByteSecondaryCaptureImageStorage)]
    [InlineData("Pages", 3, DicomUids.ExplicitVRLittleEndian, DicomUids.MultiFrameTrueColorSecondaryCaptureImageStorage)]
    [InlineData("Pdf", 1, DicomUids.ExplicitVRLittleEndian, DicomUids.EncapsulatedPDFStorage)]
    public void The_class_and_syntax_follow_from_the_file(string source, int channels, string transferSyntax, string sopClass)
    {
        var file = DicomFile.Read(Made(source, DicomImageKind.SecondaryCapture, channels).ToArray());
        Assert.Equal(transferSyntax, file.TransferSyntaxUid);
        Assert.Equal(sopClass, file.Dataset.GetString(DicomTags.SOPClassUID));
        Assert.Equal("ISO_IR 192", file.Dataset.GetString(DicomTags.SpecificCharacterSet));
        Assert.Equal("Müller^Jörg", file.Dataset.GetString(DicomTags.PatientName));
        Assert.Equal("practice.example", file.Dataset.GetItem(DicomTags.IssuerOfAccessionNumberSequence)?.GetString(DicomTags.LocalNamespaceEntityID));
        Assert.Equal("+0100", file.Dataset.GetString(DicomTags.TimezoneOffsetFromUTC));
    }

    [Fact]
    public void A_jpeg_file_is_kept_byte_for_byte()
    {
        var jpeg = File(RenderFormat.Jpeg, 3);
        var image = DicomImage.Open(DicomFile.Read(MakeDicom.FromImage(jpeg, Input()).ToArray()));
        Assert.Equal(jpeg, image.FrameBytes(0).ToArray()[..jpeg.Length]);
        Assert.Equal("YBR_FULL_422", image.Description.PhotometricInterpretation);
        Assert.Equal("01", image.Dataset.GetString(DicomTags.LossyImageCompression));
        Assert.Equal("ISO_10918_1", image.Dataset.GetString(DicomTags.LossyImageCompressionMethod));
    }

    [Fact]
    public void Pixels_come_out_as_they_went_in()
    {
        var picture = TestImages.Picture(24, 16, 3);
        Assert.Equal(picture.Data, DicomImage.Open(MakeDicom.FromImage(File(RenderFormat.Png, 3), Input())).Pixels());
        Assert.Equal([2, 1, 1, 2], [.. DicomImage.Open(MakeDicom.FromImage(Pages(1), Input())).Pixels(frame: 1), .. DicomImage.Open(MakeDicom.FromImage(Pages(1), Input(), 0)).Pixels()]);
        ushort[] samples = [0, 1365, 2730, 4095];
        Assert.Equal([0, 85, 170, 255], DicomImage.Open(MakeDicom.FromSamples(samples, 1, 4, 12, Input(DicomImageKind.IntraOralXRay))).Pixels());
    }

    [Fact]
    public void A_colour_picture_of_a_radiograph_becomes_grey()
    {
        var png = TestPng.Write(2, 1, 2, 8, false, (x, _, c) => x == 0 ? 90 : c == 1 ? 255 : 0);
        var image = DicomImage.Open(MakeDicom.FromImage(png, Input(DicomImageKind.IntraOralXRay)));
        Assert.Equal("MONOCHROME2", image.Description.PhotometricInterpretation);
        Assert.Equal([90, 150], image.Decode(0).Data);
    }

    [Theory]
    [InlineData(DicomImageKind.SecondaryCapture, "RGB", 3)]
    [InlineData(DicomImageKind.IntraOralXRay, "MONOCHROME2", 1)]
    public void A_progressive_jpeg_is_decoded_and_keeps_the_note_of_its_loss(DicomImageKind kind, string photometric, int samples)
    {
        var cjpeg = Requires.Tool("cjpeg");
        var djpeg = Requires.Tool("djpeg");
        var path = Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N"));
        try
        {
            System.IO.File.WriteAllBytes(path + ".ppm", [.. "P6 24 16 255\n"u8, .. TestImages.Picture(24, 16, 3).Data]);
            Assert.Equal(0, Shell.Run(cjpeg, "-progressive", "-sample", "1x1", "-outfile", path + ".jpg", path + ".ppm").ExitCode);
            Assert.Equal(0, Shell.Run(djpeg, "-outfile", path + ".ppm", path + ".jpg").ExitCode);
            var made = MakeDicom.FromImage(System.IO.File.ReadAllBytes(path + ".jpg"), Input(kind));
            Assert.Equal(DicomUids.ExplicitVRLittleEndian, made.TransferSyntaxUid);
            Assert.Equal("01", made.Dataset.GetString(DicomTags.LossyImageCompression));
            var image = DicomImage.Open(made);
            Assert.Equal((photometric, samples), (image.Description.PhotometricInterpretation, image.Description.SamplesPerPixel));
            if (samples == 3)
            {
                var expected = System.IO.File.ReadAllBytes(path + ".ppm")[^(24 * 16 * 3)..];
                Assert.True(expected.Zip(image.Pixels(), (a, b) => Math.Abs(a - b)).Max() <= 3);
            }
        }
        finally
        {
            System.IO.File.Delete(path + ".ppm");
            System.IO.File.Delete(path + ".jpg");
        }
    }

    [Fact]
    public void A_jpeg_that_its_exif_data_turn_is_made_upright()
    {
        var jpeg = File(RenderFormat.Jpeg, 1);
        byte[] exif = [.. "Exif\0\0MM\0*\0\0\0\x08"u8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0];
        var turned = DicomImage.Open(MakeDicom.FromImage((byte[])[.. jpeg[..2], 0xFF, 0xE1, 0, (byte)(exif.Length + 2), .. exif, .. jpeg[2..]], Input(DicomImageKind.Photograph)));
        var upright = DicomImage.Open(MakeDicom.FromImage(jpeg, Input(DicomImageKind.Photograph)));
        Assert.Equal((24, 16), (turned.Description.Rows, turned.Description.Columns));
        Assert.Equal(upright.Pixels()[15 * 24], turned.Pixels()[0]); // the lower left corner goes to the upper left
    }

    [Fact]
    public void Text_of_a_client_is_made_fit_to_stand_in_a_value()
    {
        var input = Input() with { Study = new() { Description = "a\\b\nc" + new string('x', 100), AccessionNumber = new string('9', 30) }, Patient = new(null, "issuer", "A\\B^" + new string('n', 100), null, "female") };
        var dataset = DicomFile.Read(MakeDicom.FromImage(File(RenderFormat.Png, 1), input).ToArray()).Dataset;
        Assert.Equal("a b c" + new string('x', 59), dataset.GetText(DicomTags.StudyDescription));
        Assert.Equal(new string('9', 16), dataset.GetString(DicomTags.AccessionNumber));
        Assert.Equal(64, dataset.GetString(DicomTags.PatientName)!.Length);
        Assert.Null(dataset.GetString(DicomTags.PatientSex));
        Assert.True(dataset.Contains(DicomTags.PatientBirthDate) && !dataset.Contains(DicomTags.IssuerOfPatientID));
        Assert.False(dataset.Contains(DicomTags.SpecificCharacterSet));
    }

    [Fact]
    public void What_cannot_be_held_is_refused_with_a_code()
    {
        Refused(ImagingError.UnsupportedImage, () => MakeDicom.FromImage(File(RenderFormat.Gif, 1), Input()));
        Refused(ImagingError.UnsupportedImage, () => MakeDicom.FromImage(Pages(1), Input(DicomImageKind.Photograph)));
        Refused(ImagingError.UnsupportedImage, () => MakeDicom.FromPdf("no"u8.ToArray(), Input()));
        Refused(ImagingError.InvalidImage, () => MakeDicom.FromImage(File(RenderFormat.Jpeg, 1).AsMemory(0, 40), Input()));
        Refused(ImagingError.TooLarge, () => MakeDicom.FromImage(File(RenderFormat.Jpeg, 1), Input(), maxPixels: 10));
        Refused(ImagingError.InvalidOption, () => MakeDicom.FromImage(File(RenderFormat.Png, 1), Input() with { InstanceUid = "1.2.x" }));
        Refused(ImagingError.InvalidOption, () => MakeDicom.FromSamples([4096], 1, 1, 12, Input()));
    }

    private static void Refused(ImagingError error, Func<object> act) => Assert.Equal(error, Assert.Throws<ImagingException>(act).Code);
}
