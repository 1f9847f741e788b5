using SecondOpinion.Storage.Model;

namespace SecondOpinion.Storage.Dicom;

/// <summary>Reads of the DICOM index. Every method takes the tenant that asks; what it may not see does not exist.</summary>
public sealed class StudyReads(InteropDbContext db)
{
    /// <summary>The one place that says which studies a tenant sees: its own, and those a case shares with it.</summary>
    public IQueryable<StudyRow> Visible(string tenant) => throw new NotSupportedException(db.GetType().Name);
}
