using System.Runtime.InteropServices;
using System.Text.Json;
using SecondOpinion.TestKit;
using Xunit;

namespace SecondOpinion.Dicom.Imaging.Tests.Codecs;

/// <summary>Every image that the packages of pydicom, gdcm and dicom3tools bring, every frame of it, against what pydicom decodes.</summary>
public sealed class ShippedFilesTests
{
    private const string OfDicom3tools = "/usr/share/doc/dicom3tools/examples/0051.dcm";
    private const string OfGdcm = "/usr/share/doc/libgdcm3.0/examples/00191113.dcm";

    /// <summary>Labelled RGB, but its second and third component are subsampled (2 x 1), and its reds are 76, 85, 255: that is YCbCr (T.871 7), which pydicom, dcmtk and
    /// gdcm show as blue, because they believe the label. djpeg and this library give red; later releases of pydicom ship the file mended.</summary>
    private const string Mislabelled = "SC_rgb_jpeg_lossy_gdcm.dcm";

    [Fact]
    public void Every_frame_has_the_pixels_that_pydicom_decodes()
    {
        Libraries.OpenJpeg();
        var folder = Directory.CreateTempSubdirectory("pixels");
        try
        {
            var wrong = new List<string>();
            var compared = 0;
            foreach (var (path, pixels) in Decoded(folder.FullName))
            {
                var difference = Compare(path, pixels);
                compared++;
                if (difference is not null)
                {
                    wrong.Add($"{Path.GetFileName(path)}: {difference}");
                }
            }

            Assert.True(compared > 70, $"only {compared} files were compared");
            Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Lossless JPEG of 16 bits, which pydicom needs more for.</summary>
    [Fact]
    public void The_file_of_gdcm_has_the_pixels_that_dcmtk_and_gdcm_decode()
    {
        Assert.SkipUnless(File.Exists(OfGdcm), "documentation of packages is not installed");
        var file = DicomFile.Read(File.ReadAllBytes(OfGdcm));
        var ours = Pixels.Of(Pixels.Decode(file));
        Assert.Equal(Pixels.OfNative(Oracle.Convert("dcmdjpeg", file)), ours);
        Assert.Equal(Pixels.OfNative(Oracle.Convert("gdcmconv", file, "--raw")), ours);
    }

    private static string? Compare(string path, string pixels)
    {
        var image = DicomImage.Open(DicomFile.Read(File.ReadAllBytes(path), new DicomReadOptions { AllowTruncated = true }));
        var expected = MemoryMarshal.Cast<byte, int>(File.ReadAllBytes(pixels)).ToArray();
        if (Path.GetFileName(path) == Mislabelled && expected[0] == 76)
        {
            expected = Pixels.ToRgb(expected);
        }

        var at = 0;
        for (var number = 0; number < image.FrameCount; number++)
        {
            var frame = image.Decode(number);
            var ours = Pixels.Of(frame);
            if (at + ours.Length > expected.Length)
            {
                return "theirs has fewer samples";
            }

            var mask = frame.BitsStored == 32 ? -1 : (1 << frame.BitsStored) - 1;
            var (max, mean) = Pixels.Difference(Array.ConvertAll(expected[at..(at + ours.Length)], v => v & mask), ours);
            at += ours.Length;
            if (max > Tolerance(image.TransferSyntaxUid))
            {
                return $"frame {number}: max {max}, mean {mean:0.###}, ours is {frame.PhotometricInterpretation}";
            }
        }

        return at == expected.Length ? null : "theirs has more samples";
    }

    /// <summary>The DCT of libjpeg and its conversion of colour are rounded their own way.</summary>
    private static int Tolerance(string syntax) => syntax is DicomUids.JPEGBaseline8Bit or DicomUids.JPEGExtended12Bit ? 2 : syntax == DicomUids.JPEG2000 ? 1 : 0;

    private static IEnumerable<(string File, string Pixels)> Decoded(string folder)
    {
        var output = Oracle.RunPython("pydicom_pixels.py", File.Exists(OfDicom3tools) ? [OfDicom3tools] : [], folder);
        foreach (var line in output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement))
        {
            if (line.TryGetProperty("pixels", out var pixels))
            {
                yield return (line.GetProperty("file").GetString()!, pixels.GetString()!);
            }
            else
            {
                TestContext.Current.TestOutputHelper?.WriteLine(line.ToString());
            }
        }
    }
}
