using Xunit;

namespace SecondOpinion.Dicom.Tests.Oracle;

/// <summary>Every element of every sample against an independent reader.</summary>
public sealed class PydicomTests
{
    /// <summary>Files that the packages of gdcm and dicom3tools bring as examples; those of pydicom its script finds.</summary>
    private static readonly string[] s_examples = ["/usr/share/doc/libgdcm3.0/examples/00191113.dcm", "/usr/share/doc/dicom3tools/examples/0051.dcm"];

    private static readonly Lazy<IReadOnlyDictionary<string, List<Pydicom.Row>?>> s_dump = new(() => Pydicom.Dump([.. SampleFiles.All(), .. s_examples.Where(File.Exists)]));

    [Fact]
    public void Every_element_of_every_file_is_what_pydicom_reads()
    {
        var wrong = new List<string>();
        var compared = 0;
        foreach (var (path, theirs) in s_dump.Value)
        {
            if (theirs is null || Path.GetFileName(path) == "no_meta.dcm")
            {
                continue;
            }

            var file = DicomFile.Read(File.ReadAllBytes(path), new DicomReadOptions { AllowTruncated = true });
            var ours = Pydicom.List(file.Dataset);
            compared += ours.Count;
            wrong.AddRange(Differences(ours, theirs).Select(d => $"{Path.GetFileName(path)}: {d}"));
        }

        Assert.True(compared > 5000, $"only {compared} elements were compared");
        Assert.True(wrong.Count == 0, Pydicom.Join(wrong.Take(60)));
    }

    private static IEnumerable<string> Differences(List<Pydicom.Row> ours, List<Pydicom.Row> theirs)
    {
        var others = theirs.ToDictionary(r => r.Path);
        foreach (var row in ours)
        {
            if (!others.Remove(row.Path, out var other))
            {
                yield return $"{row} is not in theirs";
            }
            else if (!IsSame(row, other))
            {
                yield return $"{row} is theirs {other}";
            }
        }

        foreach (var row in others.Values)
        {
            yield return $"{row} is not in ours";
        }
    }

    private static bool IsSame(Pydicom.Row ours, Pydicom.Row theirs)
    {
        if (theirs.Vr == "??")
        {
            return true; // pydicom could not convert the value
        }

        // pydicom has a dictionary of private elements, which this library does not.
        var tag = DicomTag.Parse(ours.Path[^8..]);
        if (tag.IsPrivate && ours.Vr == "UN")
        {
            return true;
        }

        // It corrects the VR of encapsulated pixel data that a file says is OW.
        return (ours.Vr == theirs.Vr || tag == DicomTags.PixelData) && Pydicom.Trimmed(ours.Value) == Pydicom.Trimmed(theirs.Value);
    }
}
