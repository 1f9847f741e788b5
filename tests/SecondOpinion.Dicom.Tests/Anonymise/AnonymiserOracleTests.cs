using System.Globalization;
using Xunit;

namespace SecondOpinion.Dicom.Tests.Anonymise;

/// <summary>
/// The table of the profile beside Orthanc's own copy of it (2021b; tools/dicom-dictionary/anonymised_by_orthanc.py). Later editions only added rows: what Orthanc
/// treats must be treated here in the same way.
/// </summary>
public sealed class AnonymiserOracleTests
{
    /// <summary>Attributes that say that and how the data set was de-identified: both programs set them.</summary>
    private static readonly DicomTag[] s_marks = [DicomTags.PatientIdentityRemoved, DicomTags.DeidentificationMethod];

    [Fact]
    public void What_Orthanc_does_not_keep_is_not_kept_here_and_in_the_same_way()
    {
        var rows = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Anonymise", "orthanc-2021b.tsv")).Where(l => l[0] != '#').Select(l => l.Split('\t'))
            .Select(f => (Tag: DicomTag.FromValue(uint.Parse(f[0], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)), What: f[1]))
            .Where(r => !s_marks.Contains(r.Tag)).ToList();
        Assert.True(rows.Count > 400);
        var dataset = new DicomDataset();
        foreach (var (tag, _) in rows)
        {
            dataset.Set(Filled(tag));
        }

        var clean = new DicomAnonymiser(new() { Key = "0123456789abcdef"u8.ToArray() }).Anonymise(dataset);
        var differences = rows.Where(r => !Agrees(r.What, State(dataset, clean, r.Tag))).Select(r => $"{r.Tag.Keyword} {r.What} here {State(dataset, clean, r.Tag)}");
        Assert.True(!differences.Any(), string.Join(Environment.NewLine, differences));
    }

    /// <summary>Where the standard leaves a choice (X/Z, X/D, X/Z/D) the stronger form is one, but an attribute that must go goes, and a UID stays a UID.</summary>
    private static bool Agrees(string orthanc, string here) => (orthanc, here) switch
    {
        (_, "kept") => false,
        ("emptied" or "changed", "removed") => false,
        _ => true,
    };

    private static string State(DicomDataset before, DicomDataset after, DicomTag tag)
    {
        if (!after.TryGet(tag, out var element))
        {
            return "removed";
        }

        return element.IsEmpty || (element.Vr == DicomVr.SQ && element.Items.Count == 0) ? "emptied"
            : element.Vr == DicomVr.SQ
                ? element.Items[0].GetString(DicomTags.CodeMeaning) == "SECRET" ? "kept" : "changed"
                : after.GetBytes(tag).Span.SequenceEqual(before.GetBytes(tag).Span) ? "kept" : "changed";
    }

    private static DicomElement Filled(DicomTag tag)
    {
        var vr = DicomDictionary.VrOf(tag);
        return vr switch
        {
            DicomVr.SQ => new DicomElement(tag, new DicomDataset().Set(DicomTags.CodeMeaning, "SECRET")),
            DicomVr.UI => new DicomElement(tag, vr, "1.2.3.4"),
            DicomVr.DA => new DicomElement(tag, vr, "20240229"),
            DicomVr.TM => new DicomElement(tag, vr, "091011"),
            DicomVr.DT => new DicomElement(tag, vr, "20240229091011"),
            DicomVr.DS or DicomVr.IS => new DicomElement(tag, vr, "15"),
            _ when vr.IsText() => new DicomElement(tag, vr, "SECRET"),
            _ => new DicomElement(tag, vr, "SECRSECR"u8.ToArray()),
        };
    }
}
