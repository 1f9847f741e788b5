using System.Text;
using SecondOpinion.TestKit;
using Xunit;

namespace SecondOpinion.Dicom.Tests.Anonymise;

/// <summary>The Basic Application Level Confidentiality Profile and its options (PS3.15 E).</summary>
public sealed class AnonymiserTests
{
    private const string Secret = "SECRET";
    private static readonly DicomAnonymiserOptions s_basic = new() { Key = "0123456789abcdef"u8.ToArray() };

    [Fact]
    public void Nothing_of_any_attribute_of_the_table_is_left()
    {
        var dataset = Full();
        var clean = new DicomAnonymiser(s_basic).Anonymise(dataset);
        var text = Encoding.Latin1.GetString(DicomJson.ToArray(clean));
        Assert.Contains(Secret, Encoding.Latin1.GetString(DicomJson.ToArray(dataset)), StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, text, StringComparison.Ordinal);
        Assert.DoesNotContain("1.2.3.4", text, StringComparison.Ordinal);
        Assert.DoesNotContain("20240229", text, StringComparison.Ordinal);
        Assert.DoesNotContain("091011", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Items_are_cleaned_at_every_level()
    {
        var inner = Full();
        DicomDataset middle = [];
        middle.SetItems(DicomTags.DerivationImageSequence, inner);
        DicomDataset dataset = [];
        dataset.SetItems(DicomTags.SharedFunctionalGroupsSequence, middle);
        var text = Encoding.Latin1.GetString(DicomJson.ToArray(new DicomAnonymiser(s_basic).Anonymise(dataset)));
        Assert.DoesNotContain(Secret, text, StringComparison.Ordinal);
        Assert.DoesNotContain("1.2.3.4", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_original_is_not_changed()
    {
        var dataset = Full();
        var before = DicomJson.ToArray(dataset);
        new DicomAnonymiser(s_basic with { CleanDescriptors = true, Dates = DicomDatePolicy.Shift }).Anonymise(dataset);
        Assert.True(before.AsSpan().SequenceEqual(DicomJson.ToArray(dataset)));
    }

    [Fact]
    public void Private_attributes_curves_overlays_and_unknown_attributes_are_removed()
    {
        DicomDataset dataset = [];
        dataset.Set(new DicomTag(0x0009, 0x0010), DicomVr.LO, "ACME").Set(new DicomTag(0x0009, 0x1001), DicomVr.LO, "x")
            .SetBytes(new DicomTag(0x6000, 0x3000), DicomVr.OW, new byte[8]).Set(new DicomTag(0x6002, 0x0010), 5)
            .SetBytes(new DicomTag(0x5000, 0x3000), DicomVr.OW, new byte[8]).Set(new DicomTag(0x0012, 0xFFF0), DicomVr.LO, "x")
            .Set(DicomTags.Rows, 5);
        var clean = new DicomAnonymiser(s_basic).Anonymise(dataset);
        Assert.Equal(
            [DicomTags.PatientIdentityRemoved, DicomTags.DeidentificationMethod, DicomTags.DeidentificationMethodCodeSequence, DicomTags.Rows, DicomTags.LongitudinalTemporalInformationModified],
            clean.Select(e => e.Tag));
    }

    [Fact]
    public void New_UIDs_are_valid_the_same_for_the_same_key_and_keep_references_right()
    {
        DicomDataset reference = [];
        reference.Set(DicomTags.ReferencedSOPClassUID, DicomUids.CTImageStorage).Set(DicomTags.ReferencedSOPInstanceUID, "1.2.3.4");
        DicomDataset dataset = [];
        dataset.Set(DicomTags.SOPClassUID, DicomUids.CTImageStorage).Set(DicomTags.SOPInstanceUID, "1.2.3.4").SetItems(DicomTags.ReferencedImageSequence, reference);
        var clean = new DicomAnonymiser(s_basic).Anonymise(dataset);
        var uid = clean.GetString(DicomTags.SOPInstanceUID)!;
        Assert.True(DicomUid.IsValid(uid));
        Assert.StartsWith("2.25.", uid, StringComparison.Ordinal);
        Assert.Equal(uid, clean.GetItem(DicomTags.ReferencedImageSequence)!.GetString(DicomTags.ReferencedSOPInstanceUID));
        Assert.Equal(DicomUids.CTImageStorage, clean.GetItem(DicomTags.ReferencedImageSequence)!.GetString(DicomTags.ReferencedSOPClassUID));
        Assert.Equal(uid, new DicomAnonymiser(s_basic).MapUid("1.2.3.4"));
        Assert.NotEqual(uid, new DicomAnonymiser(s_basic with { Key = "another key of 16"u8.ToArray() }).MapUid("1.2.3.4"));
    }

    [Fact]
    public void Beyond_the_table_names_dates_instances_and_issuers_go_and_classes_stay()
    {
        DicomDataset issuer = [];
        issuer.Set(DicomTags.UniversalEntityID, "hospital.example");
        DicomDataset dataset = [];
        dataset.Set(DicomTags.SOPInstanceUIDOfConcatenationSource, "1.2.3.4").Set(DicomTags.SOPClassUID, "1.2.840.113619.4.26").Set(DicomTags.NameOfPhysiciansReadingStudy, "Doe")
            .SetItems(DicomTags.IssuerOfPatientIDQualifiersSequence, issuer).Set(DicomTags.DateOfGainCalibration, "20240229");
        var anonymiser = new DicomAnonymiser(s_basic);
        var clean = anonymiser.Anonymise(dataset);
        Assert.Equal(anonymiser.MapUid("1.2.3.4"), clean.GetString(DicomTags.SOPInstanceUIDOfConcatenationSource));
        Assert.Equal("1.2.840.113619.4.26", clean.GetString(DicomTags.SOPClassUID));
        Assert.False(clean.Contains(DicomTags.IssuerOfPatientIDQualifiersSequence));
        Assert.False(clean.Contains(DicomTags.NameOfPhysiciansReadingStudy));
        Assert.Null(clean.GetString(DicomTags.DateOfGainCalibration));
    }

    [Fact]
    public void A_patient_keeps_one_pseudonym_over_all_files()
    {
        var anonymiser = new DicomAnonymiser(s_basic);
        DicomDataset one = [];
        one.Set(DicomTags.PatientID, "42").Set(DicomTags.IssuerOfPatientID, "A").Set(DicomTags.PatientName, "Doe^Jane");
        var other = one.Clone().Set(DicomTags.IssuerOfPatientID, "B");
        var first = anonymiser.Anonymise(one);
        Assert.Equal(first.GetString(DicomTags.PatientID), anonymiser.Anonymise(one.Clone()).GetString(DicomTags.PatientID));
        Assert.NotEqual(first.GetString(DicomTags.PatientID), anonymiser.Anonymise(other).GetString(DicomTags.PatientID));
        Assert.Equal("Case 7", new DicomAnonymiser(s_basic with { PatientId = "Case 7" }).Anonymise(one).GetString(DicomTags.PatientID));
    }

    [Fact]
    public void Options_keep_what_they_say_and_are_coded()
    {
        DicomDataset dataset = [];
        dataset.Set(DicomTags.StudyInstanceUID, "1.2.3.4").Set(DicomTags.StudyDate, "20240229").Set(DicomTags.DeviceSerialNumber, "SN1").Set(DicomTags.PatientSex, "F")
            .Set(DicomTags.InstitutionName, "Clinic").Set(DicomTags.PatientBirthDate, "19700101").Set(DicomTags.PatientName, "Doe");
        var clean = new DicomAnonymiser(s_basic with
        {
            KeepUids = true,
            KeepDeviceIdentity = true,
            KeepInstitutionIdentity = true,
            KeepPatientCharacteristics = true,
            Dates = DicomDatePolicy.Keep,
        }).Anonymise(dataset);
        Assert.Equal("1.2.3.4", clean.GetString(DicomTags.StudyInstanceUID));
        Assert.Equal("20240229", clean.GetString(DicomTags.StudyDate));
        Assert.Equal("SN1", clean.GetString(DicomTags.DeviceSerialNumber));
        Assert.Equal("F", clean.GetString(DicomTags.PatientSex));
        Assert.Equal("Clinic", clean.GetString(DicomTags.InstitutionName));
        Assert.Null(clean.GetString(DicomTags.PatientBirthDate));
        Assert.Equal("YES", clean.GetString(DicomTags.PatientIdentityRemoved));
        Assert.Equal("UNMODIFIED", clean.GetString(DicomTags.LongitudinalTemporalInformationModified));
        Assert.Equal(
            ["113100", "113106", "113108", "113109", "113110", "113112"],
            clean.GetItems(DicomTags.DeidentificationMethodCodeSequence).Select(i => i.GetString(DicomTags.CodeValue)));
    }

    [Fact]
    public void Shifted_dates_keep_their_distance()
    {
        DicomDataset dataset = [];
        dataset.Set(DicomTags.PatientID, "42").Set(DicomTags.StudyDate, "20240229").Set(DicomTags.SeriesDate, "20240310").Set(DicomTags.StudyTime, "091011")
            .Set(DicomTags.AcquisitionDateTime, "20240229091011.5+0100").Set(DicomTags.ContentDate, "not a date");
        var clean = new DicomAnonymiser(s_basic with { Dates = DicomDatePolicy.Shift }).Anonymise(dataset);
        var study = clean.GetDate(DicomTags.StudyDate)!.Value;
        Assert.NotEqual(new DateOnly(2024, 2, 29), study);
        Assert.Equal(10, clean.GetDate(DicomTags.SeriesDate)!.Value.DayNumber - study.DayNumber);
        Assert.Equal("091011", clean.GetString(DicomTags.StudyTime));
        Assert.Equal($"{study:yyyyMMdd}091011.5+0100", clean.GetString(DicomTags.AcquisitionDateTime));
        Assert.Null(clean.GetString(DicomTags.ContentDate));
        Assert.Equal("MODIFIED", clean.GetString(DicomTags.LongitudinalTemporalInformationModified));
    }

    [Fact]
    public void Cleaned_descriptors_keep_the_finding_and_lose_the_person()
    {
        DicomDataset dataset = [];
        dataset.Set(DicomTags.PatientName, "Doe^Jane").Set(DicomTags.PatientID, "4711-X").Set(DicomTags.ReferringPhysicianName, "Miller^A")
            .Set(DicomTags.StudyDescription, "Panoramic, jane DOE (4711-X), tooth 36, seen 29.02.2024 by Dr. Miller, call +1 (555) 123-4567 or a.b@c.org");
        var clean = new DicomAnonymiser(s_basic with { CleanDescriptors = true }).Anonymise(dataset).GetString(DicomTags.StudyDescription);
        Assert.Equal("Panoramic, *** *** (***), tooth 36, seen *** by Dr. ***, call *** or ***", clean);
    }

    [Fact]
    public void A_key_that_is_too_short_is_refused() =>
        Assert.Throws<ArgumentException>(() => new DicomAnonymiser(new DicomAnonymiserOptions { Key = new byte[8] }));

    [Fact]
    public void Every_sample_is_anonymised_and_can_be_written()
    {
        var anonymiser = new DicomAnonymiser(s_basic);
        foreach (var (path, file) in RoundTripTests.Readable())
        {
            var clean = anonymiser.Anonymise(file);
            Assert.Equal("YES", clean.Dataset.GetString(DicomTags.PatientIdentityRemoved));
            Assert.DoesNotContain(clean.Dataset, e => e.Tag.IsPrivate);
            if (clean.Dataset.GetString(DicomTags.SOPInstanceUID) is not null && clean.Dataset.GetString(DicomTags.SOPClassUID) is not null)
            {
                Assert.Equal(clean.Dataset.Count, DicomFile.Read(clean.ToArray()).Dataset.Count + clean.Dataset.Count(e => e.Tag.IsGroupLength));
            }

            Assert.NotNull(path);
        }
    }

    [Fact]
    public void A_document_becomes_an_empty_one_of_the_length_that_it_says_without_its_title()
    {
        var document = new DicomDataset().Set(DicomTags.SOPClassUID, DicomUids.EncapsulatedPDFStorage).Set(DicomTags.SOPInstanceUID, "1.2.3").Set(DicomTags.PatientName, "Doe^Jane")
            .Set(DicomTags.DocumentTitle, "Report of Doe").SetBytes(DicomTags.EncapsulatedDocument, DicomVr.OB, "%PDF-1.4 Doe"u8.ToArray()).Set(DicomTags.EncapsulatedDocumentLength, 12);
        var clean = new DicomAnonymiser(s_basic).Anonymise(document);
        var bytes = clean.GetBytes(DicomTags.EncapsulatedDocument);
        Assert.Equal(bytes.Length, clean.GetInt32(DicomTags.EncapsulatedDocumentLength));
        Assert.True(bytes.Span.StartsWith("%PDF-"u8) && bytes.Span.IndexOf("Doe"u8) < 0);
        Assert.True(clean.TryGet(DicomTags.DocumentTitle, out var title) && title.IsEmpty);
        Assert.Equal("Report of ***", new DicomAnonymiser(s_basic with { CleanDescriptors = true }).Anonymise(document).GetString(DicomTags.DocumentTitle));
    }

    [Theory]
    [InlineData("CT_small.dcm")]
    [InlineData("MR_small.dcm")]
    [InlineData("JPEG2000.dcm")]
    [InlineData("rtplan.dcm")]
    [InlineData("reportsi.dcm")]
    [InlineData("liver_1frame.dcm")]
    public void Dciodvfy_finds_no_error_that_the_original_has_not(string name)
    {
        var dciodvfy = Requires.Tool("dciodvfy");
        using var folder = new TemporaryFolder();
        var original = SampleFiles.All().First(p => Path.GetFileName(p) == name);
        var clean = Path.Combine(folder.Path, name);
        File.WriteAllBytes(clean, new DicomAnonymiser(s_basic).Anonymise(DicomFile.Read(File.ReadAllBytes(original))).ToArray());
        Assert.Empty(Errors(dciodvfy, clean).Except(Errors(dciodvfy, original)));
    }

    private static IEnumerable<string> Errors(string dciodvfy, string path)
    {
        var result = Shell.Run(dciodvfy, "-new", path);
        return result.Error.Split('\n').Concat(result.Output.Split('\n')).Where(l => l.StartsWith("Error", StringComparison.Ordinal));
    }

    /// <summary>Every attribute of the table that the dictionary knows, with a value that must not survive.</summary>
    private static DicomDataset Full()
    {
        DicomDataset dataset = [];
        foreach (var tag in DicomAnonymiser.Attributes.Where(t => t.Group > 2 && t.Keyword.Length > 0))
        {
            var vr = DicomDictionary.VrOf(tag);
            switch (vr)
            {
                case DicomVr.SQ:
                    DicomDataset item = [];
                    item.Set(DicomTags.CodeMeaning, Secret).Set(DicomTags.PersonName, Secret).Set(DicomTags.ReferencedSOPInstanceUID, "1.2.3.4");
                    dataset.SetItems(tag, tag == DicomTags.ReferencedImageSequence || tag == DicomTags.SourceImageSequence ? new DicomDataset().Set(DicomTags.ReferencedSOPInstanceUID, "1.2.3.4") : item);
                    break;
                case DicomVr.UI:
                    dataset.Set(tag, "1.2.3.4");
                    break;
                case DicomVr.DA:
                    dataset.Set(tag, "20240229");
                    break;
                case DicomVr.TM:
                    dataset.Set(tag, "091011");
                    break;
                case DicomVr.DT:
                    dataset.Set(tag, "20240229091011");
                    break;
                default:
                    dataset.Set(vr.IsText() ? new DicomElement(tag, vr, Secret) : new DicomElement(tag, vr, Encoding.ASCII.GetBytes(Secret + Secret + Secret + Secret)));
                    break;
            }
        }

        Assert.True(dataset.Count > 500);
        return dataset;
    }

}
