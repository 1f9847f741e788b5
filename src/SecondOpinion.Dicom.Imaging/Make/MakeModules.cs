using System.Globalization;

namespace SecondOpinion.Dicom.Imaging;

/// <summary>The modules that all made objects share (PS3.3 C.7.1.1, C.7.2.1, C.7.3.1, C.7.5.1, C.12.1).</summary>
internal static class MakeModules
{
    private const string Manufacturer = "SecondOpinion.Interop";

    public static DicomDataset Common(MakeDicomInput input, string sopClass, string modality)
    {
        var dataset = new DicomDataset();
        var now = input.Now;
        dataset.Set(DicomTags.SOPClassUID, sopClass).Set(DicomTags.SOPInstanceUID, Uid(input.InstanceUid));
        dataset.Set(DicomTags.InstanceCreationDate, DateOnly.FromDateTime(now.DateTime)).Set(DicomTags.InstanceCreationTime, WholeSecond(now.DateTime));
        dataset.Set(DicomTags.TimezoneOffsetFromUTC, (now.Offset < TimeSpan.Zero ? "-" : "+") + now.Offset.ToString("hhmm", CultureInfo.InvariantCulture));
        Patient(dataset, input.Patient);
        Study(dataset, input);
        Series(dataset, input.Series, modality);
        Text(dataset, DicomTags.Manufacturer, input.Manufacturer ?? Manufacturer, 64);
        OptionalText(dataset, DicomTags.InstitutionName, input.Institution, 64);
        dataset.Set(DicomTags.InstanceNumber, Math.Max(1, input.InstanceNumber));
        dataset.Set(DicomTags.ContentDate, DateOnly.FromDateTime(now.DateTime)).Set(DicomTags.ContentTime, WholeSecond(now.DateTime));
        return dataset;
    }

    /// <summary>Makes the data set UTF-8 when it holds text beyond ASCII (PS3.3 C.12.1.1.2).</summary>
    public static DicomFile Finish(DicomDataset dataset, string transferSyntax)
    {
        foreach (var element in dataset)
        {
            if (element.Vr.UsesCharacterSet() && dataset.GetText(element.Tag) is { } text && !System.Text.Ascii.IsValid(text)
                || element.Items.Any(item => item.Any(e => e.Vr.UsesCharacterSet() && item.GetText(e.Tag) is { } inner && !System.Text.Ascii.IsValid(inner))))
            {
                dataset.UseUtf8();
                break;
            }
        }

        return DicomFile.Create(dataset, transferSyntax);
    }

    public static void Codes(DicomDataset dataset, DicomTag sequence, params IEnumerable<DicomCode> codes) =>
        dataset.SetItems(sequence, [.. codes.Select(c => new DicomDataset()
            .Set(DicomTags.CodeValue, DicomText.Clean(c.Value, 16)).Set(DicomTags.CodingSchemeDesignator, DicomText.Clean(c.Scheme, 16)).Set(DicomTags.CodeMeaning, DicomText.Clean(c.Meaning, 64)))]);

    public static void Text(DicomDataset dataset, DicomTag tag, string? text, int length) => dataset.Set(tag, DicomText.Clean(text, length));

    public static void OptionalText(DicomDataset dataset, DicomTag tag, string? text, int length)
    {
        if (DicomText.Clean(text, length) is { Length: > 0 } clean)
        {
            dataset.Set(tag, clean);
        }
    }

    public static TimeOnly WholeSecond(DateTime time) => new(time.Hour, time.Minute, time.Second);

    private static string Uid(string? uid) =>
        uid is null ? DicomUid.New() : DicomUid.IsValid(uid) ? uid : throw new ImagingException(ImagingError.InvalidOption, "A UID has at most 64 digits and dots.");

    private static void Patient(DicomDataset dataset, DicomPatient patient)
    {
        dataset.Set(DicomTags.PatientName, PersonNameOf(patient.Name));
        Text(dataset, DicomTags.PatientID, patient.Id, 64);
        if (DicomText.Clean(patient.Id, 64).Length > 0)
        {
            OptionalText(dataset, DicomTags.IssuerOfPatientID, patient.Issuer, 64);
        }

        Date(dataset, DicomTags.PatientBirthDate, patient.BirthDate);
        dataset.Set(DicomTags.PatientSex, patient.Sex is "M" or "F" or "O" ? patient.Sex : "");
    }

    private static void Study(DicomDataset dataset, MakeDicomInput input)
    {
        var study = input.Study;
        dataset.Set(DicomTags.StudyInstanceUID, Uid(study.Uid));
        Date(dataset, DicomTags.StudyDate, study.Date);
        if (study.Time is { } time)
        {
            dataset.Set(DicomTags.StudyTime, time);
        }
        else
        {
            dataset.SetEmpty(DicomTags.StudyTime);
        }

        Text(dataset, DicomTags.AccessionNumber, study.AccessionNumber, 16);
        if (DicomText.Clean(study.AccessionNumber, 16).Length > 0 && DicomText.Clean(study.AccessionIssuer, 64) is { Length: > 0 } issuer)
        {
            // PS3.3 Table 10-17: an HL7v2 hierarchic designator.
            dataset.SetItems(DicomTags.IssuerOfAccessionNumberSequence, new DicomDataset().Set(DicomTags.LocalNamespaceEntityID, issuer));
        }

        Text(dataset, DicomTags.StudyID, study.Id, 16);
        OptionalText(dataset, DicomTags.StudyDescription, study.Description, 64);
        dataset.Set(DicomTags.ReferringPhysicianName, PersonNameOf(study.ReferringPhysician));
    }

    private static void Series(DicomDataset dataset, DicomSeries series, string modality)
    {
        dataset.Set(DicomTags.Modality, DicomText.Clean(series.Modality, 16) is { Length: > 0 } asked ? asked.ToUpperInvariant() : modality);
        dataset.Set(DicomTags.SeriesInstanceUID, Uid(series.Uid));
        dataset.Set(DicomTags.SeriesNumber, series.Number ?? 1);
        OptionalText(dataset, DicomTags.SeriesDescription, series.Description, 64);
        if (series.Laterality is "R" or "L")
        {
            dataset.Set(DicomTags.Laterality, series.Laterality);
        }
    }

    private static string PersonNameOf(string? name) => string.Join('=', DicomText.Clean(name, 194).Split('=').Take(3).Select(group => group.Length > 64 ? group[..64] : group)).TrimEnd('=');

    private static void Date(DicomDataset dataset, DicomTag tag, DateOnly? date)
    {
        if (date is { } day)
        {
            dataset.Set(tag, day);
        }
        else
        {
            dataset.SetEmpty(tag);
        }
    }
}
