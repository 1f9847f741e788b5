using Microsoft.EntityFrameworkCore;
using SecondOpinion.Storage.Blobs;
using SecondOpinion.Storage.Search;

namespace SecondOpinion.Storage;

/// <summary>Brings the database to the schema of this program. Several processes may start at once: the first one migrates, the others wait.</summary>
public sealed class SchemaMigrator(ContextSource contexts)
{
    public async Task MigrateAsync(CancellationToken cancellation = default)
    {
        if (contexts.Provider == StorageProvider.Sqlite)
        {
            DiskFlush.CreateFolder(Path.GetFullPath(contexts.Options.DataFolder));
        }

        await using var db = contexts.Create();
        if ((await db.Database.GetPendingMigrationsAsync(cancellation)).Any())
        {
            if (contexts.Provider == StorageProvider.Sqlite)
            {
                await ForgetDeadMigratorAsync(db, cancellation);
            }

            await db.Database.MigrateAsync(cancellation);
        }

        if (contexts.Provider == StorageProvider.SqlServer)
        {
            // Reads run on snapshots. ALTER DATABASE takes no transaction.
            await db.Database.ExecuteSqlRawAsync("IF (SELECT snapshot_isolation_state FROM sys.databases WHERE database_id = DB_ID()) = 0 ALTER DATABASE CURRENT SET ALLOW_SNAPSHOT_ISOLATION ON", cancellation);
        }

        if (contexts.Provider == StorageProvider.Sqlite)
        {
            await SqliteStatistics.ApplyAsync(db, cancellation);
        }

        await CursorSecret.EnsureAsync(db, cancellation);
    }

    /// <summary>
    /// EF's lock of a SQLite database is a row, and a process that was killed while it migrated leaves it there; the next one would wait for ever. The
    /// migration itself was rolled back with its transaction.
    /// </summary>
    private static async Task ForgetDeadMigratorAsync(InteropDbContext db, CancellationToken cancellation)
    {
        var tables = await db.Database.SqlQueryRaw<int>("SELECT COUNT(*) AS \"Value\" FROM sqlite_master WHERE name = '__EFMigrationsLock'").SingleAsync(cancellation);
        if (tables > 0)
        {
            await db.Database.ExecuteSqlRawAsync("DELETE FROM \"__EFMigrationsLock\" WHERE julianday('now') - julianday(\"Timestamp\") > 60.0 / 86400", cancellation);
        }
    }

    /// <summary>Whether migrations of this program are missing in the database.</summary>
    public async Task<bool> IsBehindAsync(CancellationToken cancellation = default)
    {
        await using var db = contexts.Create();
        return (await db.Database.GetPendingMigrationsAsync(cancellation)).Any();
    }
}
