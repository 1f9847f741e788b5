namespace SecondOpinion.Dicom;

/// <summary>Record types and their keys (PS3.3 F.5). A key of type 1 that the file lacks gets a value that says so; one of type 2 is empty.</summary>
internal static class DirectoryRecordTypes
{
    private static readonly DicomTag[] s_content = [DicomTags.ContentDate, DicomTags.ContentTime, DicomTags.InstanceNumber];
    private static readonly DicomTag[] s_labelled = [.. s_content, DicomTags.ContentLabel, DicomTags.ContentDescription, DicomTags.ContentCreatorName];

    private static readonly Dictionary<string, DicomTag[]> s_needed = new(StringComparer.Ordinal)
    {
        ["PATIENT"] = [DicomTags.PatientID],
        ["STUDY"] = [DicomTags.StudyDate, DicomTags.StudyTime, DicomTags.StudyInstanceUID, DicomTags.StudyID],
        ["SERIES"] = [DicomTags.Modality, DicomTags.SeriesInstanceUID, DicomTags.SeriesNumber],
        ["IMAGE"] = [DicomTags.InstanceNumber],
        ["RT DOSE"] = [DicomTags.InstanceNumber, DicomTags.DoseSummationType],
        ["RT STRUCTURE SET"] = [DicomTags.InstanceNumber, DicomTags.StructureSetLabel],
        ["RT PLAN"] = [DicomTags.InstanceNumber, DicomTags.RTPlanLabel],
        ["RT TREAT RECORD"] = [DicomTags.InstanceNumber],
        ["PRESENTATION"] = [DicomTags.PresentationCreationDate, DicomTags.PresentationCreationTime, DicomTags.InstanceNumber, DicomTags.ContentLabel],
        ["WAVEFORM"] = s_content,
        ["SR DOCUMENT"] = [.. s_content, DicomTags.CompletionFlag, DicomTags.VerificationFlag, DicomTags.ConceptNameCodeSequence],
        ["KEY OBJECT DOC"] = [.. s_content, DicomTags.ConceptNameCodeSequence],
        ["SPECTROSCOPY"] = [.. s_content, DicomTags.ImageType, DicomTags.NumberOfFrames, DicomTags.Rows, DicomTags.Columns, DicomTags.DataPointRows, DicomTags.DataPointColumns],
        ["RAW DATA"] = s_content,
        ["REGISTRATION"] = s_labelled,
        ["FIDUCIAL"] = s_labelled,
        ["VALUE MAP"] = s_labelled,
        ["SURFACE"] = s_content,
        ["SURFACE SCAN"] = [DicomTags.ContentDate, DicomTags.ContentTime],
        ["TRACT"] = s_labelled,
        ["MEASUREMENT"] = [.. s_content],
        ["STEREOMETRIC"] = s_labelled,
        ["ENCAP DOC"] = [.. s_content, DicomTags.MIMETypeOfEncapsulatedDocument],
        ["PRIVATE"] = [],
    };

    private static readonly Dictionary<string, DicomTag[]> s_optional = new(StringComparer.Ordinal)
    {
        ["PATIENT"] = [DicomTags.PatientName, DicomTags.IssuerOfPatientID, DicomTags.PatientBirthDate, DicomTags.PatientSex],
        ["STUDY"] = [DicomTags.StudyDescription, DicomTags.AccessionNumber],
        ["SERIES"] = [DicomTags.SeriesDescription, DicomTags.InstitutionName, DicomTags.BodyPartExamined],
        ["IMAGE"] = [DicomTags.ImageType, DicomTags.ReferencedImageSequence, DicomTags.NumberOfFrames, DicomTags.Rows, DicomTags.Columns],
        ["RT DOSE"] = [DicomTags.DoseComment],
        ["RT STRUCTURE SET"] = [DicomTags.StructureSetDate, DicomTags.StructureSetTime],
        ["RT PLAN"] = [DicomTags.RTPlanDate, DicomTags.RTPlanTime],
        ["RT TREAT RECORD"] = [DicomTags.TreatmentDate, DicomTags.TreatmentTime],
        ["PRESENTATION"] = [DicomTags.ContentDescription, DicomTags.ContentCreatorName, DicomTags.ReferencedSeriesSequence],
        ["ENCAP DOC"] = [DicomTags.ConceptNameCodeSequence, DicomTags.DocumentTitle],
    };

    /// <summary>Keys of type 2: present even when empty.</summary>
    private static readonly HashSet<DicomTag> s_present =
    [
        DicomTags.PatientName, DicomTags.StudyDescription, DicomTags.AccessionNumber, DicomTags.StructureSetDate, DicomTags.StructureSetTime,
        DicomTags.RTPlanDate, DicomTags.RTPlanTime, DicomTags.TreatmentDate, DicomTags.TreatmentTime, DicomTags.ContentDescription,
        DicomTags.ContentCreatorName, DicomTags.DocumentTitle,
    ];

    /// <summary>The type of record for a SOP class (PS3.3 F.4), by its name in PS3.6.</summary>
    internal static string Of(string sopClass)
    {
        var name = DicomUids.NameOf(sopClass) ?? "";
        (string Part, string Type)[] kinds =
        [
            ("Key Object Selection", "KEY OBJECT DOC"), ("Presentation State", "PRESENTATION"), ("Encapsulated", "ENCAP DOC"), ("Spectroscopy", "SPECTROSCOPY"),
            ("Raw Data", "RAW DATA"), ("Registration", "REGISTRATION"), ("Fiducials", "FIDUCIAL"), ("Real World Value", "VALUE MAP"),
            ("Stereometric", "STEREOMETRIC"), ("Surface Scan", "SURFACE SCAN"), ("Surface Segmentation", "SURFACE"), ("Tractography", "TRACT"),
            ("Measurements Storage", "MEASUREMENT"), ("Intraocular Lens Calculations", "MEASUREMENT"), ("RT Dose", "RT DOSE"), ("RT Structure Set", "RT STRUCTURE SET"), ("Treatment Record", "RT TREAT RECORD"),
            ("RT Plan", "RT PLAN"), ("RT Ion Plan", "RT PLAN"), ("ECG", "WAVEFORM"), ("Waveform", "WAVEFORM"), ("Electrophysiology", "WAVEFORM"),
            (" SR", "SR DOCUMENT"), ("CAD", "SR DOCUMENT"), ("Procedure Log", "SR DOCUMENT"), ("Report", "SR DOCUMENT"), ("Image", "IMAGE"), ("Segmentation", "IMAGE"),
            ("Parametric Map", "IMAGE"), ("US Volume", "IMAGE"), ("Volume Analysis", "IMAGE"), ("Thickness Map", "IMAGE"), ("Topography Map", "IMAGE"),
            ("Structured Display", "PRESENTATION"),
        ];
        foreach (var (part, type) in kinds)
        {
            if (name.Contains(part, StringComparison.Ordinal))
            {
                return type;
            }
        }

        return name.Length == 0 ? "IMAGE" : "RAW DATA";
    }

    internal static DicomDataset Make(string type, DicomDataset source)
    {
        var record = new DicomDataset()
            .Set(DicomTags.OffsetOfTheNextDirectoryRecord, 0)
            .Set(DicomTags.RecordInUseFlag, 0xFFFF)
            .Set(DicomTags.OffsetOfReferencedLowerLevelDirectoryEntity, 0)
            .Set(DicomTags.DirectoryRecordType, DicomVr.CS, type);
        record.CopyFrom(source, DicomTags.SpecificCharacterSet);
        foreach (var tag in s_needed[type])
        {
            record.CopyFrom(source, tag);
            if (!record.TryGet(tag, out var element) || element.IsEmpty)
            {
                SetMissing(record, tag);
            }
        }

        foreach (var tag in s_optional.GetValueOrDefault(type, []))
        {
            record.CopyFrom(source, tag);
            if (s_present.Contains(tag) && !record.Contains(tag))
            {
                record.SetEmpty(tag);
            }
        }

        if (type == "SR DOCUMENT")
        {
            AddDocument(record, source);
        }

        return record;
    }

    /// <summary>PS3.3 F.5.25: the last verification of a verified document, and the modifiers of its title.</summary>
    private static void AddDocument(DicomDataset record, DicomDataset source)
    {
        if (record.GetString(DicomTags.VerificationFlag) == "VERIFIED")
        {
            var last = source.GetItems(DicomTags.VerifyingObserverSequence).Select(i => i.GetString(DicomTags.VerificationDateTime)).Max(StringComparer.Ordinal);
            record.Set(DicomTags.VerificationDateTime, last ?? "19000101");
        }

        var modifiers = source.GetItems(DicomTags.ContentSequence).Where(i => i.GetString(DicomTags.RelationshipType) == "HAS CONCEPT MOD").ToArray();
        if (modifiers.Length > 0)
        {
            record.SetItems(DicomTags.ContentSequence, Array.ConvertAll(modifiers, m => m.Clone()));
        }
    }

    private static void SetMissing(DicomDataset record, DicomTag tag)
    {
        switch (DicomDictionary.VrOf(tag))
        {
            case DicomVr.DA:
                record.Set(tag, "19000101");
                break;
            case DicomVr.TM:
                record.Set(tag, "000000");
                break;
            case DicomVr.IS or DicomVr.US or DicomVr.UL:
                record.Set(tag, 0);
                break;
            case DicomVr.SQ:
                record.SetItems(tag);
                break;
            case DicomVr.UI:
                break;
            default:
                record.Set(tag, tag == DicomTags.VerificationFlag ? "UNVERIFIED" : tag == DicomTags.CompletionFlag ? "PARTIAL" : "UNKNOWN");
                break;
        }
    }
}
