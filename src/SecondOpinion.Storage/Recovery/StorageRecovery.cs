using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using SecondOpinion.Storage.Blobs;
using SecondOpinion.Storage.Tenants;

namespace SecondOpinion.Storage.Recovery;

/// <param name="TemporaryFiles">Files of uploads that never ended, removed.</param>
/// <param name="DatabaseProblem">What SQLite's quick check said; null when nothing is wrong, or the database is a server's own business.</param>
public sealed record StartReport(int TemporaryFiles, string? DatabaseProblem);

/// <summary>
/// Cleans up after a process that died. A crash leaves at most temporary files and blobs that no index row names: blobs come first, rows second.
/// </summary>
public sealed class StorageRecovery(ContextSource contexts, InteropStore store, IBlobStore blobs, Leases leases, TimeProvider time, ILogger<StorageRecovery> log)
{
    private const int ChunkSize = 500;
    private const int Corrupt = 11;
    private const int NotADatabase = 26;
    private static readonly TimeSpan SweepEvery = TimeSpan.FromHours(6);
    private static readonly TimeSpan LeaseTime = TimeSpan.FromMinutes(10);
    private readonly string _owner = $"{Environment.MachineName}/{Environment.ProcessId}";

    /// <summary>What is done at start, then sweeps until cancelled. Runs beside requests.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        await StartAsync(cancellation);
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                if (await leases.TryTakeAsync("blob-sweep", _owner, LeaseTime, cancellation))
                {
                    await SweepAsync(cancellation);
                    await leases.ReleaseAsync("blob-sweep", _owner, cancellation);
                }
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                // A bucket or database that is away for a while: nothing is lost by a sweep that comes later.
                StorageLog.SweepFailed(log, exception);
            }

            await Task.Delay(SweepEvery, time, cancellation);
        }
    }

    /// <summary>Removes temporary files that nobody writes any more and checks the embedded database.</summary>
    public async Task<StartReport> StartAsync(CancellationToken cancellation = default)
    {
        var before = time.GetUtcNow() - contexts.Options.BlobSafeAge;
        var removed = TemporaryFile.Sweep(Path.Combine(contexts.Options.BlobFolder, FolderBlobStore.TemporaryName), before)
            + TemporaryFile.Sweep(contexts.Options.StagingFolder, before);
        var problem = contexts.Provider == StorageProvider.Sqlite ? await QuickCheckAsync(cancellation) : null;
        if (problem is not null)
        {
            StorageLog.DatabaseDamaged(log, problem);
        }

        StorageLog.Recovered(log, removed);
        return new StartReport(removed, problem);
    }

    /// <summary>Removes old blobs that nothing refers to.</summary>
    /// <returns>How many were removed.</returns>
    public async Task<int> SweepAsync(CancellationToken cancellation = default)
    {
        var removed = 0;
        var seen = 0;
        var chunk = new List<string>(ChunkSize);
        await foreach (var blobId in blobs.ListAsync(time.GetUtcNow() - contexts.Options.BlobSafeAge, cancellation))
        {
            seen++;
            chunk.Add(blobId);
            if (chunk.Count == ChunkSize)
            {
                removed += await SweepAsync(chunk, cancellation);
                chunk.Clear();
            }
        }

        removed += await SweepAsync(chunk, cancellation);
        StorageLog.Swept(log, seen, removed);
        return removed;
    }

    private async Task<int> SweepAsync(List<string> chunk, CancellationToken cancellation)
    {
        if (chunk.Count == 0)
        {
            return 0;
        }

        // Everything that refers to a blob is asked here.
        var used = await store.ReadAsync(r => r.Db.Instances.Where(i => chunk.Contains(i.BlobId)).Select(i => i.BlobId).ToListAsync(), cancellation);
        var unused = chunk.Except(used, StringComparer.Ordinal).ToList();
        foreach (var blobId in unused)
        {
            await blobs.DeleteAsync(blobId, cancellation);
        }

        return unused.Count;
    }

    private async Task<string?> QuickCheckAsync(CancellationToken cancellation)
    {
        try
        {
            await using var db = contexts.Create();
            await db.Database.OpenConnectionAsync(cancellation);
            await using var command = db.Database.GetDbConnection().CreateCommand();
            command.CommandText = "PRAGMA quick_check(1)";
            var answer = await command.ExecuteScalarAsync(cancellation) as string;
            return answer == "ok" ? null : answer ?? "no answer";
        }
        catch (SqliteException exception) when (exception.SqliteErrorCode is Corrupt or NotADatabase)
        {
            return exception.Message;
        }
    }
}
