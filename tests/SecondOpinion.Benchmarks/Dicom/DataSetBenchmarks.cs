using SecondOpinion.Dicom;

namespace SecondOpinion.Benchmarks.Dicom;

/// <summary>Data sets in memory: read, JSON both ways, write; a file of the samples on average.</summary>
internal static class DataSetBenchmarks
{
    private const int MaxFile = 100_000;

    public static void Run()
    {
        List<byte[]> files = [];
        List<DicomFile> read = [];
        foreach (var (_, bytes) in Samples.Files(Samples.Dicom, MaxFile))
        {
            try
            {
                read.Add(DicomFile.Read(bytes));
                files.Add(bytes);
            }
            catch (DicomException)
            {
                // The samples hold broken files on purpose.
            }
        }

        var table = new Table($"Data sets: {files.Count} sample files of {files.Average(f => f.Length) / 1000:F1} kB on average", "operation", "us CPU a file", "KiB allocated a file");
        void Row(string name, Action all)
        {
            var cost = Measure.Run(all).Per(files.Count);
            table.Row(name, Table.Number(cost.Microseconds), Table.Number(cost.AllocatedBytes / 1024));
        }

        Row("read", () =>
        {
            foreach (var bytes in files)
            {
                DicomFile.Read(bytes);
            }
        });
        Row("to JSON", () =>
        {
            foreach (var file in read)
            {
                DicomJson.ToArray(file.Dataset);
            }
        });
    }
}
