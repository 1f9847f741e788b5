using System.Buffers;
using SecondOpinion.Dicom;

namespace SecondOpinion.Benchmarks.Dicom;

/// <summary>Data sets in memory: read, both models both ways, write. Every number is of one file on average.</summary>
internal static class DataSetBenchmarks
{
    private const int MaxSample = 100_000;

    /// <summary>Encapsulated pixel data cannot stand inline; everything else does.</summary>
    private static readonly DicomJsonOptions s_references = new() { BulkDataThreshold = int.MaxValue, BulkDataUri = path => path };

    /// <summary>fo-dicom 5.1.3, microseconds and KiB a file, as published: measured elsewhere on a machine of this kind, on files of this kind.</summary>
    private static readonly Dictionary<string, string> s_publishedForSamples = new(StringComparer.Ordinal)
    {
        ["read"] = "64 / 35",
        ["to JSON"] = "44 / 31",
        ["from JSON"] = "93 / 65",
        ["write"] = "78 / 34",
    };

    private static readonly Dictionary<string, string> s_publishedForLarger = new(StringComparer.Ordinal) { ["read"] = "129 / 221" };

    public static void Run()
    {
        var samples = Readable();
        Run("sample files", samples, s_publishedForSamples);
        Run("larger files", LargerFiles.Make([.. samples.Select(bytes => DicomFile.Read(bytes))]), s_publishedForLarger);
    }

    private static void Run(string name, List<byte[]> files, Dictionary<string, string> published)
    {
        List<DicomFile> read = [.. files.Select(bytes => DicomFile.Read(bytes))];
        List<byte[]> json = [.. read.Select(file => DicomJson.ToArray(file.Dataset, ModelOptions(file)))];
        List<byte[]> xml = [.. read.Select(file => DicomXml.ToArray(file.Dataset, ModelOptions(file)))];
        List<DicomFile> writable = [.. read.Where(file => file.Dataset.Contains(DicomTags.SOPClassUID) && file.Dataset.Contains(DicomTags.SOPInstanceUID))];
        var upToPixels = new DicomReadOptions { StopBefore = DicomTags.PixelData };
        var buffer = new ArrayBufferWriter<byte>();
        using var stream = new MemoryStream();

        var peers = DicomPeers.Measure(files);
        var table = new Table(
            $"Data sets: {files.Count} {name} of {files.Average(f => f.Length) / 1000:F1} kB and {read.Average(f => Elements(f.Meta) + Elements(f.Dataset)):F0} elements on average",
            "operation", "us CPU a file", "KiB allocated a file", "pydicom us", "dcmdump us, printing and its start included", "fo-dicom 5.1.3 us / KiB, published, measured elsewhere on a machine of this kind");

        void Row<T>(string operation, List<T> all, Action<T> one, string? peer = null)
        {
            var cost = Measure.Run(() =>
            {
                foreach (var item in all)
                {
                    one(item);
                }
            }).Per(all.Count);
            table.Row(
                operation, Table.Number(cost.Microseconds), Table.Number(cost.AllocatedBytes / 1024), Table.Number(peers.Pydicom(peer ?? operation)),
                Table.Number(peers.Dcmtk(operation)), published.GetValueOrDefault(operation, "-"));
        }

        Row("read", files, bytes => DicomFile.Read(bytes));
        Row("read up to Pixel Data", files, bytes => DicomFile.Read(bytes, upToPixels));
        Row("to JSON", read, file => DicomJson.ToArray(file.Dataset, ModelOptions(file)));
        Row("to JSON, into a buffer used again", read, file =>
        {
            buffer.ResetWrittenCount();
            DicomJson.Write(buffer, file.Dataset, ModelOptions(file));
        });
        Row("from JSON", json, bytes => DicomJson.Read(bytes));
        Row("to XML", read, file => DicomXml.ToArray(file.Dataset, ModelOptions(file)));
        Row("from XML", xml, bytes => DicomXml.Read(bytes));
        Row("write", writable, file => file.ToArray());
        Row("write, into a stream used again", writable, file =>
        {
            stream.SetLength(0);
            file.Write(stream);
        });
    }

    /// <summary>The sample files that are no damaged ones.</summary>
    private static List<byte[]> Readable()
    {
        List<byte[]> files = [];
        foreach (var (_, bytes) in Samples.Files(Samples.Dicom, MaxSample))
        {
            try
            {
                DicomFile.Read(bytes);
                files.Add(bytes);
            }
            catch (DicomException)
            {
                // The samples hold broken files on purpose.
            }
        }

        return files;
    }

    private static DicomJsonOptions ModelOptions(DicomFile file) => file.TransferSyntax.IsEncapsulated ? s_references : DicomJsonOptions.Default;

    private static int Elements(DicomDataset dataset) => dataset.Sum(element => 1 + element.Items.Sum(Elements));
}
