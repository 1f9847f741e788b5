using SecondOpinion.Dicom;

namespace SecondOpinion.Storage.Dicom;

/// <summary>An instance whose file is durable but which no index row names yet: made outside a transaction, added to the index inside one.</summary>
public sealed record StagedInstance
{
    public required string BlobId { get; init; }

    public required long Size { get; init; }

    /// <summary>SHA-256 of the file.</summary>
    public required byte[] Digest { get; init; }

    /// <summary>Everything before Pixel Data, file meta included.</summary>
    public required DicomFile Header { get; init; }

    /// <summary>DICOM JSON (PS3.18 F); BulkDataURIs relative to the DICOMweb base.</summary>
    public required byte[] MetadataJson { get; init; }

    /// <summary>Pairs of 64-bit little endian (offset, length) of each fragment in the file; empty when not encapsulated.</summary>
    public byte[] Fragments { get; init; } = [];

    public string StudyInstanceUid => Header.Dataset.GetString(DicomTags.StudyInstanceUID) ?? "";

    public string SeriesInstanceUid => Header.Dataset.GetString(DicomTags.SeriesInstanceUID) ?? "";

    public string SopInstanceUid => Header.Dataset.GetString(DicomTags.SOPInstanceUID) ?? "";

    public string SopClassUid => Header.Dataset.GetString(DicomTags.SOPClassUID) ?? "";
}

/// <summary>What became of an instance offered to the index.</summary>
public enum AddResult
{
    Added,

    /// <summary>The same bytes are there already: a retry.</summary>
    AlreadyStored,

    /// <summary>Other bytes are there under this SOP Instance UID; they were kept.</summary>
    Conflict,
}
