namespace SecondOpinion.Storage.Model;

/// <summary>A study of a tenant: what QIDO-RS matches and returns (PS3.18 10.6.3, table 10.6.3-3). Text columns hold decoded text; the Norm ones are folded for matching.</summary>
public sealed class StudyRow
{
    public long Key { get; set; }

    public string TenantId { get; set; } = "";

    public string StudyInstanceUid { get; set; } = "";

    public string PatientId { get; set; } = "";

    public string IssuerOfPatientId { get; set; } = "";

    /// <summary>All groups, as in the data set: <c>Alphabetic=Ideographic=Phonetic</c>.</summary>
    public string PatientName { get; set; } = "";

    /// <summary>Case- and accent-folded.</summary>
    public string PatientNameNorm { get; set; } = "";

    /// <summary>DA text as sent; empty when unknown.</summary>
    public string PatientBirthDate { get; set; } = "";

    public string PatientSex { get; set; } = "";

    public string StudyDate { get; set; } = "";

    public string StudyTime { get; set; } = "";

    public string AccessionNumber { get; set; } = "";

    /// <summary>Universal entity id or local namespace of (0008,0051).</summary>
    public string IssuerOfAccession { get; set; } = "";

    public string ReferringPhysicianName { get; set; } = "";

    public string ReferringPhysicianNameNorm { get; set; } = "";

    public string StudyId { get; set; } = "";

    public string StudyDescription { get; set; } = "";

    /// <summary>Distinct modalities, sorted, with a backslash before, between and after: <c>\IO\PX\</c>.</summary>
    public string Modalities { get; set; } = "";

    public string TimezoneOffset { get; set; } = "";

    public int SeriesCount { get; set; }

    public int InstanceCount { get; set; }

    /// <summary>UTC ticks.</summary>
    public long Created { get; set; }

    public long LastUpdated { get; set; }
}

public sealed class SeriesRow
{
    public long Key { get; set; }

    public long StudyKey { get; set; }

    public string TenantId { get; set; } = "";

    public string SeriesInstanceUid { get; set; } = "";

    public string Modality { get; set; } = "";

    public int? SeriesNumber { get; set; }

    public string SeriesDescription { get; set; } = "";

    public string PerformedProcedureStepStartDate { get; set; } = "";

    public string PerformedProcedureStepStartTime { get; set; } = "";

    public string ScheduledProcedureStepId { get; set; } = "";

    public string RequestedProcedureId { get; set; } = "";

    public string BodyPartExamined { get; set; } = "";

    public string Laterality { get; set; } = "";

    public string Manufacturer { get; set; } = "";

    public int InstanceCount { get; set; }

    public long Created { get; set; }
}

public sealed class InstanceRow
{
    public long Key { get; set; }

    public long SeriesKey { get; set; }

    public long StudyKey { get; set; }

    public string TenantId { get; set; } = "";

    /// <summary>Unique in a tenant.</summary>
    public string SopInstanceUid { get; set; } = "";

    public string SopClassUid { get; set; } = "";

    public int? InstanceNumber { get; set; }

    public string TransferSyntaxUid { get; set; } = "";

    public int? Rows { get; set; }

    public int? Columns { get; set; }

    public int? BitsAllocated { get; set; }

    public int? NumberOfFrames { get; set; }

    /// <summary>Where the Part 10 file is.</summary>
    public string BlobId { get; set; } = "";

    /// <summary>Bytes of the Part 10 file.</summary>
    public long Size { get; set; }

    /// <summary>SHA-256 of the file as received: tells a retry from a conflict.</summary>
    public byte[] Digest { get; set; } = [];

    /// <summary>Byte offset of the value of Pixel Data in the file; null without.</summary>
    public long? PixelOffset { get; set; }

    /// <summary>Bytes of that value; encapsulated: from the offset table's item to the delimiter, both included.</summary>
    public long? PixelLength { get; set; }

    /// <summary>Encapsulated: pairs of 64-bit little endian (offset, length) of each fragment in the file; else empty.</summary>
    public byte[] Fragments { get; set; } = [];

    /// <summary>Encapsulated: 32-bit little endian index of the first fragment of each frame; empty when nothing in the file says which.</summary>
    public byte[] FrameStarts { get; set; } = [];

    /// <summary>Not encapsulated: bytes of one frame, when frames start at whole bytes; else null.</summary>
    public long? FrameLength { get; set; }

    /// <summary>The pixels are in (7FE0,0008) or (7FE0,0009).</summary>
    public bool IsFloatPixels { get; set; }

    public long Created { get; set; }
}

/// <summary>The DICOM JSON of an instance, made at ingest; BulkDataURIs are relative to the DICOMweb base.</summary>
public sealed class InstanceMetadataRow
{
    public long InstanceKey { get; set; }

    public long SeriesKey { get; set; }

    public byte[] Json { get; set; } = [];
}

/// <summary>A UPS work item: the projection of a Task (PS3.4 CC). Visible to whoever may see the Task.</summary>
public sealed class WorkitemRow
{
    /// <summary>The Task's <see cref="ResourceRow.Key"/>.</summary>
    public long TaskKey { get; set; }

    public string TenantId { get; set; } = "";

    public string WorkitemUid { get; set; } = "";

    /// <summary>SCHEDULED, IN PROGRESS, COMPLETED or CANCELED.</summary>
    public string State { get; set; } = "";

    /// <summary>LOW, MEDIUM or HIGH.</summary>
    public string Priority { get; set; } = "";

    public string Label { get; set; } = "";

    public string PatientId { get; set; } = "";

    public string PatientNameNorm { get; set; } = "";

    public string AccessionNumber { get; set; } = "";

    /// <summary>DT text in UTC.</summary>
    public string ScheduledStart { get; set; } = "";

    /// <summary>DT text in UTC: expected completion, from the due time.</summary>
    public string ExpectedCompletion { get; set; } = "";

    /// <summary>Human performer's organization.</summary>
    public string PerformerTenantId { get; set; } = "";

    /// <summary>The data set in the DICOM JSON model, without Transaction UID.</summary>
    public byte[] Json { get; set; } = [];

    public long LastUpdated { get; set; }
}
