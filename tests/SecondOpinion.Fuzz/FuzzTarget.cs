using SecondOpinion.Dicom;
using SecondOpinion.Dicom.Imaging;
using SecondOpinion.Fuzz.Targets;

namespace SecondOpinion.Fuzz;

/// <summary>What can be fuzzed, and the good inputs to start from.</summary>
internal sealed record FuzzTarget(string Name, Action<byte[]> Run, Func<string, List<byte[]>> Corpus)
{
    private const int MaxInput = 96 << 10;

    internal static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new("dicom", DicomTarget.Run, r => Folder(Samples(r))),
        new("dicom-json", DicomTarget.Json, r => [.. DataSets(Samples(r)).Select(d => DicomJson.ToArray(d, DicomTarget.WithReferences))]),
        new("dicom-xml", DicomTarget.Xml, r => [.. DataSets(Samples(r)).Select(d => DicomXml.ToArray(d, DicomTarget.WithReferences))]),
        new("image", ImageTarget.Run, r => Folder(Samples(r))),
        new("rle", CodecTarget.Rle.Run, r => Frames(CodecTarget.Rle, r)),
        new("jpeg", CodecTarget.Jpeg.Run, r => Frames(CodecTarget.Jpeg, r)),
        new("jpeg-lossless", CodecTarget.JpegLossless.Run, r => Frames(CodecTarget.JpegLossless, r)),
        new("jpeg-ls", CodecTarget.JpegLs.Run, r => Frames(CodecTarget.JpegLs, r)),
        new("jpeg2000", CodecTarget.Jpeg2000.Run, r => Frames(CodecTarget.Jpeg2000, r)),
        new("render", RenderTarget.Run, _ => RenderCorpus.All()),
        new("foreign", ImageTarget.Foreign, r => [.. Folder(Path.Combine(r, "docs")), .. Pictures()]),
        .. FhirTargets.Names.Select(n => new FuzzTarget(n, FhirTargets.Find(n)!, r => FhirCorpus.Of(n, r))),
    ];

    /// <summary>Files of a folder that are not too large to be damaged often.</summary>
    internal static List<byte[]> Folder(string folder) =>
        !Directory.Exists(folder)
            ? []
            : [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
                .Where(f => new FileInfo(f).Length is > 0 and < MaxInput).Select(File.ReadAllBytes)];

    private static string Samples(string repository) => Path.Combine(repository, "..", "shared", "samples", "dicom");

    private static List<byte[]> Frames(CodecTarget target, string repository) =>
        CodecCorpus.Of(target, Folder(Samples(repository)), Folder(Path.Combine(repository, "tests", "SecondOpinion.Fuzz", "Corpus")));

    private static IEnumerable<byte[]> Pictures()
    {
        foreach (var source in RenderCorpus.All().Select(b => DicomFile.Read(b)).Where(f => f.Dataset.Contains(DicomTags.PixelData)).Select(f => DicomImage.Open(f)).Where(i => i.Description.PhotometricInterpretation != "HSV"))
        {
            foreach (var format in new[] { RenderFormat.Png, RenderFormat.Tiff })
            {
                yield return DicomRenderer.RenderToArray(source, 0, new() { Format = format, Png16 = true });
            }
        }
    }

    private static IEnumerable<DicomDataset> DataSets(string folder)
    {
        const int maxFile = 8 << 10;
        foreach (var bytes in Folder(folder).Where(b => b.Length < maxFile))
        {
            DicomDataset? dataset = null;
            try
            {
                dataset = DicomFile.Read(bytes).Dataset;
            }
            catch (DicomException)
            {
                // Not every file of the folder is DICOM.
            }

            if (dataset is not null)
            {
                yield return dataset;
            }
        }
    }
}
