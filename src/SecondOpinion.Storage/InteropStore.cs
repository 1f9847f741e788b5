using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using SecondOpinion.Cases;
using SecondOpinion.Fhir;
using SecondOpinion.Storage.Server;
using SecondOpinion.Storage.Sqlite;

namespace SecondOpinion.Storage;

/// <summary>What runs after the work of a write and before its commit, when it changed anything: the case engine, then the subscriptions. A refusal undoes the write.</summary>
public delegate Task<Refusal?> WriteHook(StoreTransaction transaction, CancellationToken cancellation);

/// <summary>
/// The way in and out of the database. Every read runs in a <see cref="StoreReader"/>, every write in a <see cref="StoreTransaction"/>; what a write
/// returns is durable. Concurrent small writes share one commit where the provider has one writer (SQLite).
/// </summary>
public sealed class InteropStore : IAsyncDisposable
{
    private readonly IReadOnlyList<WriteHook> _hooks;
    private readonly TimeProvider _time;
    private readonly SqliteWriter? _writer;
    private readonly SqliteReaders? _readers;
    private readonly ServerWriter? _server;

    public InteropStore(ContextSource contexts, TimeProvider time, ILogger<InteropStore> log, IReadOnlyList<WriteHook> hooks)
    {
        _hooks = hooks;
        _time = time;
        if (contexts.Provider == StorageProvider.Sqlite)
        {
            _writer = new SqliteWriter(contexts, time, log);
            _readers = new SqliteReaders(contexts);
        }
        else
        {
            _server = new ServerWriter(contexts, time, log);
        }
    }

    /// <summary>Commits of the SQLite writer so far; 0 on a server.</summary>
    public long Commits => _writer?.Commits ?? 0;

    /// <summary>
    /// Runs a write. The work may run more than once (serialization conflicts), so it must do nothing but use its transaction. After it: the case engine
    /// settles (projections, transitions, shares), subscriptions are matched, then all is committed at once. A refusal from the work or the engine
    /// rolls back everything. Cancellation is honoured until the work begins; what has begun ends.
    /// </summary>
    public Task<Outcome<T>> WriteAsync<T>(Actor actor, Func<StoreTransaction, Task<Outcome<T>>> work, CancellationToken cancellation)
    {
        return _writer is not null ? _writer.WriteAsync(RunAsync, cancellation) : _server!.WriteAsync(RunAsync, cancellation);

        async Task<Outcome<T>> RunAsync(InteropDbContext db)
        {
            try
            {
                return await RunAllAsync(db);
            }
            catch (DbUpdateConcurrencyException)
            {
                // The work wrote over a version that it had read before its transaction, and another write came between.
                return Refusal.Of(RefusalKind.Conflict, "conflict", "The resource was changed meanwhile; read it again", "version-conflict");
            }
        }

        async Task<Outcome<T>> RunAllAsync(InteropDbContext db)
        {
            var transaction = new StoreTransaction(db, actor, WholeMilliseconds(_time.GetUtcNow()));
            var outcome = await work(transaction);
            if (outcome.IsRefused)
            {
                return outcome;
            }

            foreach (var hook in _hooks)
            {
                if ((transaction.Changes.Count > 0 || transaction.TouchedStudies.Count > 0) && await hook(transaction, CancellationToken.None) is { } refusal)
                {
                    return refusal;
                }
            }

            await db.SaveChangesAsync(CancellationToken.None);
            return outcome;
        }
    }

    /// <summary>Runs a read on one snapshot of the database.</summary>
    public Task<T> ReadAsync<T>(Func<StoreReader, Task<T>> work, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return _readers is not null ? _readers.ReadAsync(work) : _server!.ReadAsync(work, cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        if (_writer is not null)
        {
            await _writer.DisposeAsync();
        }

        _readers?.Dispose();
    }

    private static DateTimeOffset WholeMilliseconds(DateTimeOffset time) => new(time.UtcTicks - time.UtcTicks % TimeSpan.TicksPerMillisecond, TimeSpan.Zero);
}
