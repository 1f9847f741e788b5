using SecondOpinion.Storage.Resources;

namespace SecondOpinion.Storage;

/// <summary>Reads of one request: one context, one snapshot.</summary>
public class StoreReader(InteropDbContext db)
{
    public InteropDbContext Db { get; } = db;

    public ResourceReads Resources { get; } = new(db);

    public Search.ResourceSearch Search { get; } = new(db);

    public Dicom.StudyReads Studies { get; } = new(db);
}
