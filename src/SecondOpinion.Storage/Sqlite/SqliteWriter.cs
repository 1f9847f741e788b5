using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using SecondOpinion.Fhir;

namespace SecondOpinion.Storage.Sqlite;

/// <summary>
/// The one writer of a SQLite database. It takes what is queued, runs each write under a savepoint of one transaction, and commits once: while the disk
/// makes one batch durable the next one queues up.
/// </summary>
internal sealed class SqliteWriter : IAsyncDisposable
{
    private const int CacheMegabytes = 32;
    private const int Busy = 5;
    private const int Locked = 6;
    private const int Full = 13;

    // Set while the loop runs a write: a write from inside a write would wait for itself.
    private static readonly AsyncLocal<bool> InWrite = new();

    private readonly ContextSource _contexts;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Channel<PendingWrite> _queue;
    private readonly List<PendingWrite> _batch = [];
    private readonly Task _loop;
    private SqliteSession? _session;
    private long _commits;

    public SqliteWriter(ContextSource contexts, TimeProvider time, ILogger log)
    {
        _contexts = contexts;
        _time = time;
        _log = log;
        _queue = Channel.CreateBounded<PendingWrite>(new BoundedChannelOptions(contexts.Options.MaxQueuedWrites) { SingleReader = true });
        _loop = Task.Run(RunAsync);
    }

    /// <summary>Commits so far.</summary>
    public long Commits => Interlocked.Read(ref _commits);

    public async Task<Outcome<T>> WriteAsync<T>(Func<InteropDbContext, Task<Outcome<T>>> work, CancellationToken cancellation)
    {
        if (InWrite.Value)
        {
            throw new InvalidOperationException("A write inside a write would wait for itself; use the transaction.");
        }

        var write = new PendingWrite<T>(work, cancellation);
        write.Watch();
        await _queue.Writer.WriteAsync(write, cancellation);
        return await write.Done;
    }

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _loop;
        _session?.Dispose();
    }

    private async Task RunAsync()
    {
        InWrite.Value = true;
        while (await _queue.Reader.WaitToReadAsync())
        {
            _batch.Clear();
            try
            {
                _session ??= SqliteSession.Open(_contexts, CacheMegabytes);
                await RunBatchAsync(_session);
            }
            catch (Exception exception)
            {
                // Whatever the reason, nothing of the batch is durable, and each caller learns it. A fresh connection starts without an open transaction.
                FailBatch(exception);
                _session?.Dispose();
                _session = null;
            }
        }
    }

    private async Task RunBatchAsync(SqliteSession session)
    {
        session.Execute("BEGIN IMMEDIATE");
        var started = _time.GetTimestamp();
        var limit = TimeSpan.FromMilliseconds(_contexts.Options.MaxBatchMilliseconds);
        var kept = 0;
        while (_batch.Count < _contexts.Options.MaxBatchWrites && (_batch.Count == 0 || _time.GetElapsedTime(started) < limit) && _queue.Reader.TryRead(out var write))
        {
            if (!write.TryStart())
            {
                continue;
            }

            _batch.Add(write);
            session.Execute("SAVEPOINT w");
            if (await write.RunAsync(session.Db))
            {
                kept++;
            }
            else
            {
                session.Execute("ROLLBACK TO w");
            }

            session.Execute("RELEASE w");
            session.Db.ChangeTracker.Clear();
        }

        if (kept > 0)
        {
            session.Execute("COMMIT");
            Interlocked.Increment(ref _commits);
        }
        else
        {
            session.Execute("ROLLBACK");
        }

        foreach (var write in _batch)
        {
            write.Complete();
        }
    }

    private void FailBatch(Exception exception)
    {
        // The transaction did not begin: at least one waiting caller must learn of it, or the loop would spin on the same fault.
        if (_batch.Count == 0 && _queue.Reader.TryRead(out var first) && first.TryStart())
        {
            _batch.Add(first);
        }

        StorageLog.BatchFailed(_log, _batch.Count, exception);
        foreach (var write in _batch)
        {
            if (exception is SqliteException { SqliteErrorCode: Busy or Locked or Full } sqlite)
            {
                write.Refuse(sqlite.SqliteErrorCode == Full
                    ? Refusal.Of(RefusalKind.Unavailable, "no-store", "The disk of the database is full", "storage-full")
                    : Refusal.Of(RefusalKind.Unavailable, "lock-error", "The database is in use by another process; try again", "storage-busy"));
            }
            else
            {
                write.Fail(exception);
            }
        }
    }
}
