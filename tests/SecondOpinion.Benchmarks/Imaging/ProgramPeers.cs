using SecondOpinion.Dicom;
using SecondOpinion.Dicom.Imaging;

namespace SecondOpinion.Benchmarks.Imaging;

/// <summary>
/// Codecs of command line programs. What is measured is the CPU time of the program on a file of many frames less that of a program of the same family
/// which only copies the uncompressed file, so that start, reading and writing cancel out.
/// </summary>
internal static class ProgramPeers
{
    /// <summary>Bytes of the files: about a second of work.</summary>
    private const int FileBytes = 100_000_000;

    private static readonly Dictionary<(string Image, string Program), double?> s_copies = [];

    /// <summary>A frame's decoding: <c>program options compressed.dcm out.dcm</c>.</summary>
    /// <param name="syntax">Of the compressed file, which is made here; one that cannot be made here is made by <paramref name="maker"/>.</param>
    public static Cost? Decode(BenchmarkImage image, string syntax, string program, string[] options, string copy = "dcmconv", (string Program, string[] Options)? maker = null)
    {
        using var folder = new Folder();
        var plain = folder.Write("plain.dcm", image.Repeated(Frames(image)));
        var packed = folder.Path("packed.dcm");
        if (maker is { } make)
        {
            if (Measure.Process(make.Program, [.. make.Options, plain, packed]) is null)
            {
                return null;
            }
        }
        else
        {
            folder.Write("packed.dcm", PixelTranscoder.Transcode(DicomFile.Read(File.ReadAllBytes(plain)), syntax));
        }

        return Difference(image, program, [.. options, packed, folder.Path("out.dcm")], copy, [plain, folder.Path("copy.dcm")]);
    }

    /// <summary>A frame's encoding: <c>program options plain.dcm out.dcm</c>.</summary>
    public static Cost? Encode(BenchmarkImage image, string program, params string[] options)
    {
        using var folder = new Folder();
        var plain = folder.Write("plain.dcm", image.Repeated(Frames(image)));
        return Difference(image, program, [.. options, plain, folder.Path("out.dcm")], "dcmconv", [plain, folder.Path("copy.dcm")]);
    }

    /// <summary>The image as another program encodes it, or null when that is not installed.</summary>
    public static DicomImage? Make(BenchmarkImage image, (string Program, string[] Options) maker)
    {
        using var folder = new Folder();
        var made = Measure.Process(maker.Program, [.. maker.Options, folder.Write("plain.dcm", image.File), folder.Path("packed.dcm")]);
        return made is null ? null : DicomImage.Open(DicomFile.Read(File.ReadAllBytes(folder.Path("packed.dcm"))));
    }

    private static Cost? Difference(BenchmarkImage image, string program, string[] arguments, string copy, string[] copyArguments)
    {
        if (!s_copies.TryGetValue((image.Name, copy), out var idle))
        {
            idle = s_copies[(image.Name, copy)] = Measure.Process(copy, copyArguments);
        }

        return idle is { } less && Measure.Process(program, arguments) is { } used ? new Cost((used - less) / Frames(image), 0) : null;
    }

    private static int Frames(BenchmarkImage image) => Math.Max(1, FileBytes / image.Samples.Length);

    private sealed class Folder : IDisposable
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("benchmark");

        public string Path(string name) => System.IO.Path.Combine(_folder.FullName, name);

        public string Write(string name, DicomFile file)
        {
            using var stream = File.Create(Path(name));
            file.Write(stream);
            return Path(name);
        }

        public void Dispose() => _folder.Delete(recursive: true);
    }
}
