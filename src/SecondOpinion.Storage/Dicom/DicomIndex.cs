using SecondOpinion.Storage.Model;

namespace SecondOpinion.Storage.Dicom;

/// <summary>Writes of the DICOM index in a transaction, and the reads that projections need.</summary>
public sealed class DicomIndex(StoreTransaction transaction)
{
    /// <summary>Adds an instance to a tenant's index; marks the study as touched.</summary>
    public Task<AddResult> AddAsync(string ownerTenant, StagedInstance instance) => throw new NotSupportedException(transaction.GetType().Name);

    /// <summary>A study with its series and instances.</summary>
    public Task<StudyTree?> StudyAsync(long studyKey) => throw new NotSupportedException();
}

/// <summary>A study as the index has it, series and instances in number order.</summary>
public sealed record StudyTree(StudyRow Study, IReadOnlyList<(SeriesRow Series, IReadOnlyList<InstanceRow> Instances)> Series);
