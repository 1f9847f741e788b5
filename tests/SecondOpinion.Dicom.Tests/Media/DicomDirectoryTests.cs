using SecondOpinion.TestKit;
using Xunit;

namespace SecondOpinion.Dicom.Tests.Media;

/// <summary>File-sets (PS3.10 8, PS3.3 F).</summary>
public sealed class DicomDirectoryTests
{
    private static string Samples => Path.Combine(SampleFiles.Folder, "files", "dicomdirtests");

    [Theory]
    [InlineData("DICOMDIR")]
    [InlineData("DICOMDIR-bigEnd")]
    [InlineData("DICOMDIR-implicit")]
    [InlineData("DICOMDIR-reordered")]
    [InlineData("TINY_ALPHA/DICOMDIR")]
    public void Every_record_is_found_by_its_links(string name)
    {
        var path = Path.Combine(Samples, name);
        var directory = DicomDirectory.Read(path);
        var items = DicomFile.Read(File.ReadAllBytes(path)).Dataset.GetItems(DicomTags.DirectoryRecordSequence);
        Assert.Equal(items.Count, directory.All().Count());
        Assert.All(directory.Records, r => Assert.Equal("PATIENT", r.Type));
        Assert.All(directory.Records.SelectMany(r => r.Children), r => Assert.Equal("STUDY", r.Type));
        Assert.All(directory.All().Where(r => r.Type == "STUDY").SelectMany(r => r.Children), r => Assert.Equal("SERIES", r.Type));
        Assert.Equal(
            items.Select(i => i.GetString(DicomTags.ReferencedSOPInstanceUIDInFile)).OfType<string>().Order(),
            directory.All().Select(r => r.SopInstanceUid).OfType<string>().Order());
    }

    [Fact]
    public void Every_file_of_the_directory_is_there()
    {
        foreach (var record in DicomDirectory.Read(Path.Combine(Samples, "DICOMDIR")).All().Where(r => r.FileId.Count > 0))
        {
            Assert.True(record.TryLocate(Samples, out var path));
            Assert.Equal(record.SopInstanceUid, DicomFile.Read(File.ReadAllBytes(path)).Dataset.GetString(DicomTags.SOPInstanceUID));
        }
    }

    [Fact]
    public void An_empty_directory_has_no_records() => Assert.Empty(DicomDirectory.Read(Path.Combine(Samples, "DICOMDIR-empty.dcm")).Records);

    [Fact]
    public void Without_links_records_stand_where_their_order_puts_them()
    {
        var whole = DicomDirectory.Read(Path.Combine(Samples, "DICOMDIR"));
        var broken = DicomDirectory.Read(Path.Combine(Samples, "DICOMDIR-nooffset"), new DicomReadOptions { AllowTruncated = true });
        Assert.InRange(broken.All().Count(), whole.All().Count() - 1, whole.All().Count()); // its end is missing
        Assert.Equal(whole.Records.Count, broken.Records.Count);
    }

    [Fact]
    public void Links_in_a_circle_end()
    {
        using var folder = new TemporaryFolder();
        Copy(folder.Path);
        var file = DicomDirectory.Create(folder.Path, Directory.EnumerateFiles(folder.Path, "*", SearchOption.AllDirectories));
        var first = file.Dataset.GetInt64(DicomTags.OffsetOfTheFirstDirectoryRecordOfTheRootDirectoryEntity)!.Value;
        foreach (var record in file.Dataset.GetItems(DicomTags.DirectoryRecordSequence))
        {
            record.Set(DicomTags.OffsetOfTheNextDirectoryRecord, first).Set(DicomTags.OffsetOfReferencedLowerLevelDirectoryEntity, first);
        }

        Assert.Single(DicomDirectory.Read(file.ToArray()).All());
    }

    [Theory]
    [InlineData("..", "X")]
    [InlineData("A/B", "X")]
    [InlineData(".", "X")]
    public void A_file_id_that_leaves_the_folder_is_not_located(params string[] id)
    {
        var record = new DicomDirectoryRecord("IMAGE", new DicomDataset().Set(DicomTags.ReferencedFileID, DicomVr.CS, id), []);
        Assert.False(record.TryLocate("/media", out _));
    }

    [Fact]
    public void A_file_that_is_no_directory_is_refused() =>
        Assert.Equal(DicomError.MissingAttribute, Assert.Throws<DicomException>(() => DicomDirectory.Read(Path.Combine(SampleFiles.Folder, "files", "CT_small.dcm"))).Code);

    [Fact]
    public void A_name_that_is_no_file_id_is_refused() => Assert.Equal(
        DicomError.InvalidValue,
        Assert.Throws<DicomException>(() => DicomDirectory.Create(SampleFiles.Folder, [Path.Combine(SampleFiles.Folder, "files", "CT_small.dcm")])).Code);

    [Theory]
    [InlineData("SEVENTEEN_LETTERS")]
    [InlineData("lower")]
    public void A_file_set_id_of_other_characters_or_too_long_is_refused(string id)
    {
        using var folder = new TemporaryFolder();
        Assert.Equal(DicomError.InvalidValue, Assert.Throws<DicomException>(() => DicomDirectory.Export(folder.Path, [], id)).Code);
    }

    [Theory]
    [InlineData(DicomUids.ParametricMapStorage, "IMAGE")]
    [InlineData(DicomUids.EnhancedUSVolumeStorage, "IMAGE")]
    [InlineData(DicomUids.CornealTopographyMapStorage, "IMAGE")]
    [InlineData(DicomUids.IntraocularLensCalculationsStorage, "MEASUREMENT")]
    [InlineData(DicomUids.BasicStructuredDisplayStorage, "PRESENTATION")]
    [InlineData(DicomUids.EncapsulatedPDFStorage, "ENCAP DOC")]
    [InlineData("1.2.3", "IMAGE")]
    public void The_type_of_a_record_follows_from_the_class(string sopClass, string type)
    {
        using var folder = new TemporaryFolder();
        var dataset = new DicomDataset().Set(DicomTags.SOPClassUID, sopClass).Set(DicomTags.SOPInstanceUID, "1.2.3.4")
            .Set(DicomTags.StudyInstanceUID, "1.2.3.5").Set(DicomTags.SeriesInstanceUID, "1.2.3.6");
        DicomDirectory.Export(folder.Path, [DicomFile.Create(dataset, DicomUids.ExplicitVRLittleEndian)]);
        Assert.Equal(["PATIENT", "STUDY", "SERIES", type], DicomDirectory.Read(Path.Combine(folder.Path, "DICOMDIR")).All().Select(r => r.Type));
    }

    [Fact]
    public void A_directory_that_is_made_says_what_dcmmkdir_says()
    {
        var dcmmkdir = Requires.Tool("dcmmkdir");
        using var folder = new TemporaryFolder();
        Copy(folder.Path);
        var files = Directory.EnumerateFiles(folder.Path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToList();
        var ours = DicomDirectory.Read(DicomDirectory.Create(folder.Path, files, "SET1").ToArray());
        var theirFile = Path.Combine(folder.Path, "DICOMDIR");
        Shell.Run("/bin/sh", "-c", $"cd {folder.Path} && {dcmmkdir} -ll off -Pgp +r +I +D DICOMDIR --keep-filenames *");
        var theirs = DicomDirectory.Read(theirFile);
        Assert.True(ours.All().Count() > 40);
        Assert.Equal(Lines(theirs), Lines(ours));
        Assert.Equal("SET1", ours.FileSetId);
    }

    [Fact]
    public void An_exported_file_set_is_read_by_dcmtk_dciodvfy_and_pydicom()
    {
        using var folder = new TemporaryFolder();
        string[] names = ["CT_small.dcm", "MR_small.dcm", "rtplan.dcm", "rtdose_1frame.dcm", "test-SR.dcm", "waveform_ecg.dcm", "chrX1.dcm", "JPEG2000.dcm"];
        var files = names.Select(n => DicomFile.Read(File.ReadAllBytes(SampleFiles.All().First(p => Path.GetFileName(p) == n)))).ToList();
        DicomDirectory.Export(folder.Path, files, "EXPORT");
        var path = Path.Combine(folder.Path, "DICOMDIR");
        var directory = DicomDirectory.Read(path);
        Assert.Equal(
            ["IMAGE", "IMAGE", "IMAGE", "IMAGE", "RT DOSE", "RT PLAN", "SR DOCUMENT", "WAVEFORM"],
            directory.All().Where(r => r.FileId.Count > 0).Select(r => r.Type).Order(StringComparer.Ordinal));
        Assert.Contains(directory.Records, r => r.Attributes.GetString(DicomTags.PatientName)!.Contains('東', StringComparison.Ordinal));
        foreach (var record in directory.All().Where(r => r.FileId.Count > 0))
        {
            Assert.True(record.TryLocate(folder.Path, out var located));
            Assert.Equal(record.SopInstanceUid, DicomFile.Read(File.ReadAllBytes(located)).Dataset.GetString(DicomTags.SOPInstanceUID));
        }

        var dump = Shell.Run(Requires.Tool("dcmdump"), path);
        Assert.Equal("", dump.Error);
        var check = Shell.Run(Requires.Tool("dciodvfy"), "-new", path);
        Assert.DoesNotContain((check.Output + check.Error).Split('\n'), l => l.StartsWith("Error", StringComparison.Ordinal));
        if (File.Exists("/usr/bin/python3"))
        {
            var python = Shell.Run("/usr/bin/python3", "-W", "ignore", "-c", "import sys, pydicom.fileset as f; print(len(f.FileSet(sys.argv[1])))", path);
            Assert.Equal("8", python.Output.Trim());
        }
    }

    private static void Copy(string to)
    {
        foreach (var path in Directory.EnumerateFiles(Samples, "*", SearchOption.AllDirectories).Where(p => !Path.GetFileName(p).Contains('.', StringComparison.Ordinal) && !p.Contains("DICOMDIR", StringComparison.Ordinal) && !p.Contains("TINY", StringComparison.Ordinal)))
        {
            var target = Path.Combine(to, Path.GetRelativePath(Samples, path));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(path, target);
        }
    }

    private static string Lines(DicomDirectory directory)
    {
        var lines = new List<string>();
        foreach (var record in directory.Records)
        {
            Add(record, "");
        }

        return string.Join('\n', lines.Order(StringComparer.Ordinal));

        void Add(DicomDirectoryRecord record, string path)
        {
            var own = string.Join(
                '|',
                record.Type,
                record.Attributes.GetString(DicomTags.PatientID),
                record.Attributes.GetString(DicomTags.StudyInstanceUID),
                record.Attributes.GetString(DicomTags.StudyDate),
                record.Attributes.GetString(DicomTags.SeriesInstanceUID),
                record.Attributes.GetString(DicomTags.SeriesNumber),
                string.Join('/', record.FileId),
                record.SopInstanceUid,
                record.Attributes.GetString(DicomTags.ReferencedTransferSyntaxUIDInFile),
                record.Attributes.GetString(DicomTags.InstanceNumber));
            lines.Add(path + own);
            foreach (var child in record.Children)
            {
                Add(child, path + own + " > ");
            }
        }
    }
}
