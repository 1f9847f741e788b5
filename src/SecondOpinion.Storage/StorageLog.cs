using Microsoft.Extensions.Logging;

namespace SecondOpinion.Storage;

/// <summary>Log messages of this project; ids 2000 to 2099. No patient data.</summary>
internal static partial class StorageLog
{
    [LoggerMessage(2000, LogLevel.Error, "A batch of {Count} writes failed; none of it was kept")]
    public static partial void BatchFailed(ILogger logger, int count, Exception exception);

    [LoggerMessage(2001, LogLevel.Warning, "A write lost {Attempts} races in a row and was refused")]
    public static partial void WriteGaveUp(ILogger logger, int attempts, Exception exception);

    [LoggerMessage(2002, LogLevel.Information, "Storage is ready; {TemporaryFiles} files of unfinished uploads were removed")]
    public static partial void Recovered(ILogger logger, int temporaryFiles);

    [LoggerMessage(2003, LogLevel.Critical, "The database file is damaged: {Problem}. Stop, keep a copy, and restore a backup")]
    public static partial void DatabaseDamaged(ILogger logger, string problem);

    [LoggerMessage(2004, LogLevel.Information, "Of {Seen} old blobs {Removed} were referred to by nothing and were removed")]
    public static partial void Swept(ILogger logger, int seen, int removed);

    [LoggerMessage(2005, LogLevel.Warning, "The sweep of unreferenced blobs failed and will be tried again")]
    public static partial void SweepFailed(ILogger logger, Exception exception);
}
