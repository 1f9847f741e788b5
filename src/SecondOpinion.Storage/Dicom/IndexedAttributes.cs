using SecondOpinion.Dicom;
using SecondOpinion.Storage.Model;

namespace SecondOpinion.Storage.Dicom;

/// <summary>Reads from a data set what the rows hold. A value that cannot be what its VR says is left out of the row and named.</summary>
internal sealed class IndexedAttributes(DicomDataset dataset)
{
    public List<DicomTag> Invalid { get; } = [];

    public StudyRow Study()
    {
        var patientName = Text(DicomTags.PatientName, ColumnLength.Name);
        var physician = Text(DicomTags.ReferringPhysicianName, ColumnLength.Name);
        return new StudyRow
        {
            StudyInstanceUid = RequiredUid(DicomTags.StudyInstanceUID),
            PatientId = Text(DicomTags.PatientID),
            IssuerOfPatientId = Text(DicomTags.IssuerOfPatientID),
            PatientName = patientName,
            PatientNameNorm = TextFold.Clean(TextFold.FoldName(patientName), ColumnLength.Name),
            PatientBirthDate = Date(DicomTags.PatientBirthDate),
            PatientSex = Text(DicomTags.PatientSex, ColumnLength.Code),
            StudyDate = Date(DicomTags.StudyDate),
            StudyTime = Time(DicomTags.StudyTime),
            AccessionNumber = Text(DicomTags.AccessionNumber),
            IssuerOfAccession = Issuer(dataset.GetItem(DicomTags.IssuerOfAccessionNumberSequence)),
            ReferringPhysicianName = physician,
            ReferringPhysicianNameNorm = TextFold.Clean(TextFold.FoldName(physician), ColumnLength.Name),
            StudyId = Text(DicomTags.StudyID),
            StudyDescription = Text(DicomTags.StudyDescription),
            TimezoneOffset = Text(DicomTags.TimezoneOffsetFromUTC, ColumnLength.Code),
        };
    }

    public SeriesRow Series()
    {
        var request = dataset.GetItem(DicomTags.RequestAttributesSequence);
        return new SeriesRow
        {
            SeriesInstanceUid = RequiredUid(DicomTags.SeriesInstanceUID),
            Modality = Text(DicomTags.Modality, ColumnLength.Code),
            SeriesNumber = Integer(DicomTags.SeriesNumber),
            SeriesDescription = Text(DicomTags.SeriesDescription),
            PerformedProcedureStepStartDate = Date(DicomTags.PerformedProcedureStepStartDate),
            PerformedProcedureStepStartTime = Time(DicomTags.PerformedProcedureStepStartTime),
            ScheduledProcedureStepId = TextFold.Clean(request?.GetString(DicomTags.ScheduledProcedureStepID)),
            RequestedProcedureId = TextFold.Clean(request?.GetString(DicomTags.RequestedProcedureID)),
            BodyPartExamined = Text(DicomTags.BodyPartExamined),
            Laterality = Text(DicomTags.Laterality, ColumnLength.Code),
            Manufacturer = Text(DicomTags.Manufacturer),
        };
    }

    public InstanceRow Instance() => new()
    {
        SopInstanceUid = RequiredUid(DicomTags.SOPInstanceUID),
        SopClassUid = RequiredUid(DicomTags.SOPClassUID),
        InstanceNumber = Integer(DicomTags.InstanceNumber),
        Rows = dataset.GetInt32(DicomTags.Rows),
        Columns = dataset.GetInt32(DicomTags.Columns),
        BitsAllocated = dataset.GetInt32(DicomTags.BitsAllocated),
        NumberOfFrames = Integer(DicomTags.NumberOfFrames),
    };

    /// <summary>Bytes of one uncompressed frame when frames start at whole bytes, otherwise null (PS3.5 8.1.1).</summary>
    public long? NativeFrameLength(long pixelLength)
    {
        var frames = Math.Max(1, dataset.GetInt32(DicomTags.NumberOfFrames) ?? 1);
        if (dataset.GetInt32(DicomTags.Rows) is not (> 0 and <= 65535 and var rows)
            || dataset.GetInt32(DicomTags.Columns) is not (> 0 and <= 65535 and var columns)
            || dataset.GetInt32(DicomTags.BitsAllocated) is not ((8 or 16 or 32 or 64) and var bits))
        {
            return null;
        }

        var samples = dataset.GetInt32(DicomTags.SamplesPerPixel) ?? 1;
        var pixels = (long)rows * columns;
        var length = pixels * samples * (bits / 8);
        if (samples is not (1 or 3 or 4) || pixelLength / length < frames)
        {
            // Subsampled chrominance (PS3.3 C.7.6.3.1.2): two samples a pixel. Anything else short is left to the decoder.
            length = pixels * 2 * (bits / 8);
            return samples == 3 && dataset.GetString(DicomTags.PhotometricInterpretation) is "YBR_FULL_422" or "YBR_PARTIAL_422" && pixelLength / length >= frames ? length : null;
        }

        return length;
    }

    private string Text(DicomTag tag, int max = ColumnLength.Text) => TextFold.Clean(dataset.GetString(tag), max);

    /// <summary>Digits and dots, at most 64: what a URL can name. Leading zeros in components are wrong but common, and harmless.</summary>
    private string RequiredUid(DicomTag tag)
    {
        var uid = dataset.GetString(tag) ?? throw new DicomException(DicomError.MissingAttribute, "the instance cannot be addressed without it", tag);
        return StudyReads.IsUid(uid) ? uid : throw new DicomException(DicomError.InvalidValue, "it is no UID", tag);
    }

    private string Date(DicomTag tag)
    {
        if (dataset.GetString(tag) is not { } text)
        {
            return "";
        }

        if (DicomDate.TryParse(text, out var date) && date.Exact is { } day)
        {
            return day.ToString("yyyyMMdd", System.Globalization.CultureInfo.InvariantCulture);
        }

        Invalid.Add(tag);
        return "";
    }

    private string Time(DicomTag tag)
    {
        if (dataset.GetString(tag) is not { } text)
        {
            return "";
        }

        if (DicomTime.TryParse(text, out _))
        {
            return text.Trim().Replace(":", "", StringComparison.Ordinal);
        }

        Invalid.Add(tag);
        return "";
    }

    private int? Integer(DicomTag tag)
    {
        var value = dataset.GetInt32(tag);
        if (value is null && dataset.GetString(tag) is not null)
        {
            Invalid.Add(tag);
        }

        return value;
    }

    private static string Issuer(DicomDataset? item) =>
        TextFold.Clean(item?.GetString(DicomTags.UniversalEntityID) ?? item?.GetString(DicomTags.LocalNamespaceEntityID));
}
