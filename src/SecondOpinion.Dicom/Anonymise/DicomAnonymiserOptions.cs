namespace SecondOpinion.Dicom;

/// <summary>What happens to dates and times (PS3.15 E.3.6).</summary>
public enum DicomDatePolicy
{
    /// <summary>As the Basic Profile says: removed, emptied or replaced.</summary>
    Remove,

    /// <summary>Retain Longitudinal Temporal Information with Full Dates: kept; the birth date is not.</summary>
    Keep,

    /// <summary>Retain Longitudinal Temporal Information with Modified Dates: all dates of a patient are moved by the same number of days.</summary>
    Shift,
}

/// <summary>Options of the Basic Application Level Confidentiality Profile (PS3.15 E.3).</summary>
public sealed record DicomAnonymiserOptions
{
    /// <summary>The secret that new UIDs, pseudonyms and date shifts are made with, at least 16 bytes: the same key gives the same ones again, so that
    /// references between files stay right. Who has the key can link them to the originals that he has.</summary>
    public required ReadOnlyMemory<byte> Key { get; init; }

    /// <summary>Retain UIDs (E.3.9).</summary>
    public bool KeepUids { get; init; }

    /// <summary>What becomes of dates and times (E.3.6); removed by default.</summary>
    public DicomDatePolicy Dates { get; init; }

    /// <summary>Retain Device Identity (E.3.8).</summary>
    public bool KeepDeviceIdentity { get; init; }

    /// <summary>Retain Institution Identity (E.3.10).</summary>
    public bool KeepInstitutionIdentity { get; init; }

    /// <summary>Retain Patient Characteristics (E.3.7): sex, age, size, weight and the like.</summary>
    public bool KeepPatientCharacteristics { get; init; }

    /// <summary>Clean Descriptors (E.3.5): free text is kept without the names, numbers and dates that stand in the data set's identifying attributes,
    /// and without anything that looks like a date, a number of six digits and more, a telephone number or an e-mail address.</summary>
    public bool CleanDescriptors { get; init; }

    /// <summary>In place of the pseudonym that is made from Patient ID and its issuer.</summary>
    public string? PatientId { get; init; }
}
