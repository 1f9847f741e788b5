using Xunit;

namespace SecondOpinion.Dicom.Tests;

public sealed class ReadSamplesTests
{
    [Fact]
    public void Every_sample_file_reads()
    {
        var failures = new List<string>();
        foreach (var path in SampleFiles.All())
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

                DicomJson.Read(DicomJson.ToArray(file.Dataset));
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
