using SecondOpinion.TestKit;
using Xunit;

namespace SecondOpinion.Dicom.Tests;

public sealed class RoundTripTests
{
    private static readonly string[] s_native =
    [
        DicomUids.ExplicitVRLittleEndian, DicomUids.ImplicitVRLittleEndian, DicomUids.ExplicitVRBigEndian, DicomUids.DeflatedExplicitVRLittleEndian,
    ];

    /// <summary>Everything inline but encapsulated pixel data, which only a reference can stand for.</summary>
    internal static DicomJsonOptions WithReferences { get; } = new() { BulkDataThreshold = int.MaxValue, BulkDataUri = path => "#" + path };

    internal static IEnumerable<(string Path, DicomFile File)> Readable()
    {
        foreach (var path in SampleFiles.All())
        {
            DicomFile? file = null;
            try
            {
                file = DicomFile.Read(File.ReadAllBytes(path));
            }
            catch (DicomException)
            {
                // Damaged on purpose: ReadSamplesTests says which.
            }

            if (file is not null)
            {
                yield return (path, file);
            }
        }
    }

    /// <summary>Fewer of the many files that are much alike, for tests that start a program for each.</summary>
    internal static IEnumerable<(string Path, DicomFile File)> Varied() =>
        Readable().Where((f, i) => !f.Path.Contains("dicomdirtests", StringComparison.Ordinal) || f.Path.Contains("DICOMDIR", StringComparison.Ordinal) || i % 8 == 0);

    /// <summary>The syntaxes that the file can be written in without touching its pixels.</summary>
    internal static IEnumerable<string> SyntaxesFor(DicomFile file) =>
        file.TransferSyntax.IsEncapsulated ? [file.TransferSyntaxUid] : s_native;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_file_written_and_read_again_is_the_same_in_every_syntax(bool undefinedLengths)
    {
        var wrong = new List<string>();
        var count = 0;
        foreach (var (path, file) in Readable())
        {
            foreach (var syntax in SyntaxesFor(file))
            {
                var again = DicomFile.Read(Written(file, syntax, undefinedLengths));
                var isImplicit = !DicomTransferSyntax.Of(syntax).IsExplicit;
                wrong.AddRange(SameDataset.Differences(file.Dataset, again.Dataset, isImplicit).Select(d => $"{Path.GetFileName(path)} in {DicomUids.KeywordOf(syntax)}: {d}"));
                Assert.Empty(again.Faults);
                Assert.Equal(syntax, again.TransferSyntaxUid);
                count++;
            }
        }

        Assert.True(count > 250, $"only {count} files were written");
        Assert.True(wrong.Count == 0, string.Join('\n', wrong.Take(40)));
    }

    [Fact]
    public void A_data_set_through_JSON_and_back_is_the_same_JSON()
    {
        foreach (var (path, file) in Readable())
        {
            var json = DicomJson.ToArray(file.Dataset, WithReferences);
            Assert.True(json.AsSpan().SequenceEqual(DicomJson.ToArray(DicomJson.Read(json))), path);
        }
    }

    [Fact]
    public void Dcmdump_reads_everything_that_is_written()
    {
        var dcmdump = Requires.Tool("dcmdump");
        using var folder = new TemporaryFolder();
        var number = 0;
        foreach (var (path, file) in Varied())
        {
            foreach (var syntax in SyntaxesFor(file))
            {
                var name = $"{number++:D4}-{DicomUids.KeywordOf(syntax)}-{Path.GetFileName(path)}";
                File.WriteAllBytes(Path.Combine(folder.Path, name), Written(file, syntax, undefinedLengths: number % 2 == 0));
            }
        }

        var result = Shell.Run(dcmdump, "+sd", "+F", "-ml", "+P", "0008,0018", folder.Path);
        var errors = result.Error.Split('\n').Where(l => l.StartsWith("E:", StringComparison.Ordinal) || l.StartsWith("F:", StringComparison.Ordinal));
        Assert.Empty(errors);
        Assert.Equal(number, result.Output.Split('\n').Count(l => l.StartsWith("# dcmdump", StringComparison.Ordinal)));
    }

    /// <summary>Bytes of the file; a data set without SOP UIDs gets some, as a file must have them.</summary>
    internal static byte[] Written(DicomFile file, string syntax, bool undefinedLengths)
    {
        var meta = file.Meta;
        if (meta.GetString(DicomTags.MediaStorageSOPClassUID) is null)
        {
            meta.Set(DicomTags.MediaStorageSOPClassUID, DicomUids.SecondaryCaptureImageStorage);
        }

        if (meta.GetString(DicomTags.MediaStorageSOPInstanceUID) is null)
        {
            meta.Set(DicomTags.MediaStorageSOPInstanceUID, "1.2.3");
        }

        return file.WithTransferSyntax(syntax).ToArray(new DicomWriteOptions { UndefinedLengths = undefinedLengths });
    }
}

/// <summary>A folder that is gone after the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    internal string Path { get; } = Directory.CreateTempSubdirectory("second-opinion-dicom-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
