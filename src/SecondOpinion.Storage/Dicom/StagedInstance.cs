using SecondOpinion.Dicom;
using SecondOpinion.Storage.Model;

namespace SecondOpinion.Storage.Dicom;

/// <summary>An instance whose file is durable but which no index row names yet: made outside a transaction, added to the index inside one.
/// Holds what the index needs and nothing of the file, so that thousands can wait for one transaction.</summary>
public sealed record StagedInstance
{
    public required string BlobId { get; init; }

    /// <summary>Bytes of the stored file.</summary>
    public required long Size { get; init; }

    /// <summary>SHA-256 of the file as received.</summary>
    public required byte[] Digest { get; init; }

    /// <summary>DICOM JSON (PS3.18 F); BulkDataURIs relative to the DICOMweb base.</summary>
    public required byte[] MetadataJson { get; init; }

    /// <summary>What the file says of its study; keys and counters are not set.</summary>
    public required StudyRow Study { get; init; }

    public required SeriesRow Series { get; init; }

    public required InstanceRow Instance { get; init; }

    /// <summary>Attributes that the index could not use as they are (PS3.18 table I.2-2, B007); the file is stored unchanged.</summary>
    public IReadOnlyList<DicomTag> InvalidAttributes { get; init; } = [];

    public string StudyInstanceUid => Study.StudyInstanceUid;

    public string SeriesInstanceUid => Series.SeriesInstanceUid;

    public string SopInstanceUid => Instance.SopInstanceUid;

    public string SopClassUid => Instance.SopClassUid;
}

/// <summary>A staged instance, or why its file was refused; then no blob is left.</summary>
/// <param name="SopClassUid">Also of a refused file, when it could be read.</param>
/// <param name="SopInstanceUid">Also of a refused file, when it could be read.</param>
public sealed record StagingOutcome(StagedInstance? Instance, DicomException? Error, string? SopClassUid, string? SopInstanceUid);

/// <summary>What became of an instance offered to the index.</summary>
public enum AddResult
{
    Added,

    /// <summary>The same bytes are there already: a retry.</summary>
    AlreadyStored,

    /// <summary>Other bytes are there under this SOP Instance UID; they were kept.</summary>
    Conflict,
}
