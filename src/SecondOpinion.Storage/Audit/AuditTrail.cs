using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using SecondOpinion.Cases;
using SecondOpinion.Fhir;
using SecondOpinion.Storage.Model;
using SecondOpinion.Storage.Resources;
using SecondOpinion.Storage.Search;

namespace SecondOpinion.Storage.Audit;

/// <summary>
/// Keeps an AuditEvent of each access. Entries are written in batches behind the request; a full queue makes the request wait, never loses one; disposing
/// writes what is left. The trail's own writes leave no events.
/// </summary>
public sealed partial class AuditTrail : IAsyncDisposable
{
    private const int Capacity = 32_768;
    private const int MaxBatch = 128;

    private readonly InteropStore _store;
    private readonly ILogger<AuditTrail> _log;
    private readonly Channel<Item> _queue = Channel.CreateBounded<Item>(new BoundedChannelOptions(Capacity) { SingleReader = true });
    private readonly CancellationTokenSource _abandon = new();
    private readonly Task _loop;

    public AuditTrail(InteropStore store, ILogger<AuditTrail> log)
    {
        _store = store;
        _log = log;
        _loop = Task.Run(LoopAsync);
    }

    /// <summary>Queues an entry. Waits only when the queue is full.</summary>
    public ValueTask RecordAsync(AuditEntry entry, CancellationToken cancellation) => _queue.Writer.WriteAsync(new Item(entry, null), cancellation);

    /// <summary>Returns when everything recorded before is durable.</summary>
    public async Task FlushAsync(CancellationToken cancellation = default)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await _queue.Writer.WriteAsync(new Item(null, done), cancellation);
        await done.Task.WaitAsync(cancellation);
    }

    /// <summary>Writes what is queued; gives up after half a minute of a database that takes nothing.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_queue.Writer.TryComplete())
        {
            _abandon.CancelAfter(TimeSpan.FromSeconds(30));
            await _loop;
            _abandon.Dispose();
        }
    }

    private async Task LoopAsync()
    {
        var batch = new List<AuditEntry>(MaxBatch);
        var waiting = new List<TaskCompletionSource>();
        while (await _queue.Reader.WaitToReadAsync())
        {
            while (batch.Count < MaxBatch && _queue.Reader.TryRead(out var item))
            {
                if (item.Entry is not null)
                {
                    batch.Add(item.Entry);
                }
                else
                {
                    waiting.Add(item.Flushed!);
                }
            }

            if (batch.Count > 0 && !await TryWriteAsync(batch))
            {
                LogLost(_log, batch.Count);
            }

            waiting.ForEach(w => w.TrySetResult());
            batch.Clear();
            waiting.Clear();
        }
    }

    /// <summary>Tries until the database takes the batch; false when the process ends before it does.</summary>
    private async Task<bool> TryWriteAsync(List<AuditEntry> batch)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                var outcome = await _store.WriteAsync(Actor.Server(""), t => WriteAsync(t, batch), CancellationToken.None);
                if (!outcome.IsRefused)
                {
                    return true;
                }

                LogRefused(_log, outcome.Refusal.Issues[0].Code);
            }
            catch (Exception e)
            {
                LogFailed(_log, e, batch.Count);
            }

            if (_abandon.IsCancellationRequested)
            {
                return false;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(Math.Min(5000, 50 << Math.Min(attempt, 7)))).WaitAsync(CancellationToken.None);
        }
    }

    /// <summary>
    /// Writes the events past the steps of other writes: they are new, nobody subscribes to them, no case depends on them, and there is one for each read.
    /// </summary>
    private static async Task<Outcome<int>> WriteAsync(StoreTransaction transaction, List<AuditEntry> batch)
    {
        var (db, now) = (transaction.Db, transaction.Now);
        var count = 0;
        foreach (var entry in batch)
        {
            foreach (var json in AuditEventWriter.Write(entry))
            {
                var id = Guid.CreateVersion7(now).ToString();
                var row = new ResourceRow
                {
                    TenantId = entry.Actor.TenantId,
                    Type = "AuditEvent",
                    Id = id,
                    Version = 1,
                    LastUpdated = now.UtcTicks,
                    Method = "POST",
                    Json = ResourceStamp.Apply(json, "AuditEvent", id, 1, now),
                };
                await ResourceStatements.InsertAsync(db, row);
                await SearchIndexWriter.ReplaceAsync(db, row, FhirResource.Parse(row.Json));
                db.Shares.AddRange((entry.Owners ?? []).Where(o => o != row.TenantId).Distinct().Select(o => new ShareRow { ResourceKey = row.Key, TenantId = o, CaseId = "audit", FromVersion = 1 }));
                count++;
            }
        }

        await db.SaveChangesAsync();
        db.ChangeTracker.Clear();
        return count;
    }

    [LoggerMessage(EventId = 2201, Level = LogLevel.Error, Message = "{Count} audit entries could not be written; trying again")]
    private static partial void LogFailed(ILogger log, Exception exception, int count);

    [LoggerMessage(EventId = 2202, Level = LogLevel.Error, Message = "Audit entries were refused ({Code}); trying again")]
    private static partial void LogRefused(ILogger log, string code);

    [LoggerMessage(EventId = 2203, Level = LogLevel.Critical, Message = "{Count} audit entries are lost: the database took nothing before the process ended")]
    private static partial void LogLost(ILogger log, int count);

    private readonly record struct Item(AuditEntry? Entry, TaskCompletionSource? Flushed);
}
