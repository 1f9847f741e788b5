using Microsoft.Data.Sqlite;

namespace SecondOpinion.Storage;

/// <summary>Tells a full disk from other faults: it is no fault of the program, and the client may try again (503).</summary>
public static class StorageFull
{
    // SQLITE_FULL
    private const int SqliteFull = 13;

    // ENOSPC and EDQUOT of Linux, ERROR_DISK_FULL of Windows
    private const int NoSpace = 28;
    private const int QuotaExceeded = 122;
    private const int WindowsDiskFull = unchecked((int)0x80070070);

    /// <summary>Whether an exception, or what caused it, says that a disk has no room.</summary>
    public static bool IsCauseOf(Exception exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (cause is SqliteException { SqliteErrorCode: SqliteFull } || (cause is IOException && cause.HResult is NoSpace or QuotaExceeded or WindowsDiskFull))
            {
                return true;
            }
        }

        return false;
    }
}
