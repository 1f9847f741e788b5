using Microsoft.EntityFrameworkCore;
using SecondOpinion.Storage.Blobs;

namespace SecondOpinion.Storage;

/// <summary>Brings the database to the schema of this program.</summary>
public sealed class SchemaMigrator(ContextSource contexts)
{
    public async Task MigrateAsync(CancellationToken cancellation = default)
    {
        if (contexts.Provider == StorageProvider.Sqlite)
        {
            DiskFlush.CreateFolder(Path.GetFullPath(contexts.Options.DataFolder));
        }

        await using var db = contexts.Create();
        await db.Database.EnsureCreatedAsync(cancellation);
    }
}
