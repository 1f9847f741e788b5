using SecondOpinion.Dicom;
using SecondOpinion.Storage.Blobs;

namespace SecondOpinion.Storage.Dicom;

/// <summary>Makes files durable and reads what the index needs from them.</summary>
public sealed class InstanceStaging(IBlobStore blobs)
{
    /// <summary>Stages a file that was written to a blob writer; commits the blob.</summary>
    /// <exception cref="DicomException">The bytes are no DICOM file.</exception>
    public Task<StagedInstance> StageAsync(BlobWriter written, CancellationToken cancellation) => throw new NotSupportedException(blobs.GetType().Name);

    /// <summary>Stages a data set that the server made.</summary>
    public Task<StagedInstance> StageAsync(DicomFile file, CancellationToken cancellation) => throw new NotSupportedException();
}
