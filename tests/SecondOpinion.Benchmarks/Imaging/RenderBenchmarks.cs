using System.Runtime.InteropServices;
using SecondOpinion.Dicom;
using SecondOpinion.Dicom.Imaging;

namespace SecondOpinion.Benchmarks.Imaging;

/// <summary>A 12-megapixel image to a JPEG of 512 pixels, as a worklist's preview asks for it.</summary>
internal static class RenderBenchmarks
{
    private const int Side = 512;

    private static readonly RenderOptions s_preview = new() { Viewport = new Viewport(Side, Side), Quality = 85 };

    public static void Run()
    {
        var table = new Table($"Rendering 12 megapixels to a JPEG of {Side} pixels: ms CPU an image", "source", "ours", "DCMTK dcmj2pnm", "libjpeg-turbo scaled by its DCT");
        var samples = PhantomRadiograph.Bitewing(4000, 3000, 5);
        var grey = new BenchmarkImage("radiograph", 4000, 3000, 1, 12, MemoryMarshal.AsBytes<ushort>(samples).ToArray());
        Row(table, "uncompressed, 12 bits in 16", grey.File, null);
        var photo = BenchmarkImage.Photograph();
        Row(table, "uncompressed RGB", photo.File, null);
        var jpeg = Jpeg(photo);
        Row(table, "JPEG baseline 4:2:0", FileOf(jpeg), TurboJpeg.Decode(jpeg, photo.Width, photo.Height, 3, scaledBy: 4));
    }

    /// <summary>A JPEG file of quality 85, colour halved both ways, as cameras write it.</summary>
    public static byte[] Jpeg(BenchmarkImage image) => DicomRenderer.RenderToArray(DicomImage.Open(image.File), 0, new RenderOptions { Quality = 85 });

    public static DicomFile FileOf(byte[] jpeg) => MakeDicom.FromImage(jpeg, new MakeDicomInput { Patient = new DicomPatient("1", null, "A^B", null, null), Now = DateTimeOffset.UnixEpoch });

    private static void Row(Table table, string name, DicomFile file, Cost? turbo)
    {
        var image = DicomImage.Open(file);
        var ours = Measure.Run(() => DicomRenderer.RenderToArray(image, 0, s_preview));
        table.Row(name, Milliseconds(ours.Microseconds), Milliseconds(Dcmtk(file)), Milliseconds(turbo?.Microseconds));
    }

    /// <summary>Its time on the file less its time on a tiny image: start and the reading of the dictionary cancel out.</summary>
    private static double? Dcmtk(DicomFile file)
    {
        var folder = Directory.CreateTempSubdirectory("benchmark");
        try
        {
            var (large, tiny, target) = (Path.Combine(folder.FullName, "large.dcm"), Path.Combine(folder.FullName, "tiny.dcm"), Path.Combine(folder.FullName, "out.jpg"));
            Write(large, file);
            Write(tiny, new BenchmarkImage("tiny", 16, 16, 1, 8, new byte[256]).File);
            string[] options = ["--write-jpeg", "+Jq", "85", "+Sxv", "512"];
            return Measure.Process("dcmj2pnm", [.. options, large, target]) - Measure.Process("dcmj2pnm", [.. options, tiny, target]);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void Write(string path, DicomFile file)
    {
        using var stream = File.Create(path);
        file.Write(stream);
    }

    private static string Milliseconds(double? microseconds) => Table.Number(microseconds / 1000);
}
