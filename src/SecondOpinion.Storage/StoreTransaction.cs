using SecondOpinion.Cases;
using SecondOpinion.Storage.Resources;

namespace SecondOpinion.Storage;

/// <summary>A write in progress. Its reads see its own writes.</summary>
public sealed class StoreTransaction(InteropDbContext db, Actor actor, DateTimeOffset now) : StoreReader(db)
{
    /// <summary>Who sent the request.</summary>
    public Actor Actor { get; } = actor;

    /// <summary>One time for all that is written, whole milliseconds.</summary>
    public DateTimeOffset Now { get; } = now;

    /// <summary>What was written, in order; the case engine and the subscriptions work from it.</summary>
    public List<ResourceChange> Changes { get; } = [];

    /// <summary>Keys of studies whose index changed.</summary>
    public HashSet<long> TouchedStudies { get; } = [];

    /// <summary>Resources that a tenant may see from now on; the subscriptions work from it.</summary>
    public List<(long ResourceKey, string TenantId)> Shared { get; } = [];

    public ResourceWrites Writes => new(this);

    public Dicom.DicomIndex DicomIndex => new(this);
}
