using Xunit;

namespace SecondOpinion.Dicom.Tests;

public sealed class ReadSamplesTests
{
    /// <summary>Files that are damaged on purpose, and how the reader says so.</summary>
    private static readonly Dictionary<string, DicomError> Damaged = new(StringComparer.Ordinal)
    {
        ["MR_truncated.dcm"] = DicomError.Truncated,
        ["DICOMDIR-nooffset"] = DicomError.Truncated,
        ["rtplan_truncated.dcm"] = DicomError.Truncated,

        // A stray byte stands before the first element: neither dcmtk nor pydicom makes anything of it.
        ["no_meta.dcm"] = DicomError.NotDicom,
    };

    [Fact]
    public void Every_damaged_sample_is_refused_with_its_reason()
    {
        foreach (var path in SampleFiles.All().Where(p => Damaged.ContainsKey(Path.GetFileName(p))))
        {
            var refusal = Assert.Throws<DicomException>(() => DicomFile.Read(File.ReadAllBytes(path)));
            Assert.Equal(Damaged[Path.GetFileName(path)], refusal.Code);
        }
    }

    [Fact]
    public void Every_sample_file_reads()
    {
        var failures = new List<string>();
        foreach (var path in SampleFiles.All().Where(p => !Damaged.ContainsKey(Path.GetFileName(p))))
        {
            try
            {
                var file = DicomFile.Read(File.ReadAllBytes(path));
                using var stream = File.OpenRead(path);
                var header = DicomFile.ReadHeader(stream);
                if (header.PixelDataOffset != file.PixelDataOffset)
                {
                    failures.Add($"{path}: pixel data at {header.PixelDataOffset}, not {file.PixelDataOffset}");
                }

                DicomJson.Read(DicomJson.ToArray(file.Dataset, RoundTripTests.WithReferences));
                if (file.Faults.Count > 0)
                {
                    TestContext.Current.TestOutputHelper?.WriteLine(Path.GetFileName(path) + ": " + string.Join("; ", file.Faults.Take(4)));
                }
            }
            catch (DicomException e)
            {
                failures.Add($"{Path.GetFileName(path)}: {e.Code} {e.Message}");
            }
        }

        Assert.Empty(failures);
    }
}
