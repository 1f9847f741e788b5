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

/// <summary>A private attribute wherever its block lies (PS3.5 7.8.1).</summary>
/// <param name="Group">Odd.</param>
/// <param name="Creator">As in the private creator element.</param>
/// <param name="Element">The low byte of the element number.</param>
public sealed record DicomPrivateElement(ushort Group, string Creator, byte Element);

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

    /// <summary>Clean Structured Content (E.3.4): content trees and acquisition context are kept; names, identifiers, dates and UIDs in them are treated as
    /// elsewhere, text as by <see cref="CleanDescriptors"/>, and the text of items that are an identity by their concept is removed.</summary>
    public bool CleanStructuredContent { get; init; }

    /// <summary>Clean Graphics (E.3.3): graphic annotations of presentation states are kept, their text is cleaned as by <see cref="CleanDescriptors"/>.
    /// Overlays and curves, in which text is drawn, are removed as without this option.</summary>
    public bool CleanGraphics { get; init; }

    /// <summary>Retain Safe Private (E.3.10): private attributes of which the caller knows that they hold no identity, as their maker's conformance statement
    /// or table E.3.10-1 says. UIDs, names and dates in them are still treated as elsewhere.</summary>
    public IReadOnlyCollection<DicomPrivateElement> SafePrivate { get; init; } = [];

    /// <summary>In place of the pseudonym that is made from Patient ID and its issuer.</summary>
    public string? PatientId { get; init; }
}
