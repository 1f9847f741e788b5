using Microsoft.Extensions.Logging;

namespace SecondOpinion.Storage;

/// <summary>Log messages of this project; ids 2000 to 2099. No patient data.</summary>
internal static partial class StorageLog
{
    [LoggerMessage(2000, LogLevel.Error, "A batch of {Count} writes failed; none of it was kept")]
    public static partial void BatchFailed(ILogger logger, int count, Exception exception);

    [LoggerMessage(2001, LogLevel.Warning, "A write lost {Attempts} races in a row and was refused")]
    public static partial void WriteGaveUp(ILogger logger, int attempts, Exception exception);
}
