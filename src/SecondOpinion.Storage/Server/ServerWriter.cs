using System.Data;
using System.Data.Common;
using Microsoft.Data.SqlClient;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Npgsql;
using Polly.Retry;
using SecondOpinion.Fhir;
using static Polly.RetryResiliencePipelineBuilderExtensions;
using DelayBackoffType = Polly.DelayBackoffType;
using PredicateBuilder = Polly.PredicateBuilder;
using ResiliencePipeline = Polly.ResiliencePipeline;
using ResiliencePipelineBuilder = Polly.ResiliencePipelineBuilder;

namespace SecondOpinion.Storage.Server;

/// <summary>Transactions on a database server: one per request, serializable, run again when they lose a race.</summary>
internal sealed class ServerWriter
{
    private readonly ContextSource _contexts;
    private readonly ILogger _log;
    private readonly ResiliencePipeline _retry;

    public ServerWriter(ContextSource contexts, TimeProvider time, ILogger log)
    {
        _contexts = contexts;
        _log = log;
        _retry = contexts.Options.MaxRetries == 0 ? ResiliencePipeline.Empty : new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<Exception>(IsLostRace),
                MaxRetryAttempts = contexts.Options.MaxRetries,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = TimeSpan.FromMilliseconds(4),
                MaxDelay = TimeSpan.FromSeconds(1),
            })
            .Build();
    }

    public async Task<Outcome<T>> WriteAsync<T>(Func<InteropDbContext, Task<Outcome<T>>> work, CancellationToken cancellation)
    {
        try
        {
            return await _retry.ExecuteAsync(async token => await OnceAsync(work, token), cancellation);
        }
        catch (Exception exception) when (IsLostRace(exception))
        {
            StorageLog.WriteGaveUp(_log, _contexts.Options.MaxRetries + 1, exception);
            return Refusal.Of(RefusalKind.Unavailable, "lock-error", "Too many writers of the same data at once; try again", "storage-busy");
        }
    }

    public async Task<T> ReadAsync<T>(Func<StoreReader, Task<T>> work, CancellationToken cancellation)
    {
        await using var db = _contexts.RentServerContext();
        var snapshot = _contexts.Provider == StorageProvider.SqlServer ? IsolationLevel.Snapshot : IsolationLevel.RepeatableRead;
        await using var transaction = await db.Database.BeginTransactionAsync(snapshot, cancellation);
        var result = await work(new StoreReader(db));
        await transaction.CommitAsync(CancellationToken.None);
        return result;
    }

    private async Task<Outcome<T>> OnceAsync<T>(Func<InteropDbContext, Task<Outcome<T>>> work, CancellationToken cancellation)
    {
        await using var db = _contexts.RentServerContext();
        db.Database.AutoSavepointsEnabled = false;
        // Serializable: a conditional create must not miss a match that another request commits meanwhile.
        await using var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.Serializable, cancellation);
        var outcome = await work(db);
        if (!outcome.IsRefused)
        {
            // Not cancelled any more: the caller must know whether it was kept.
            await transaction.CommitAsync(CancellationToken.None);
        }

        return outcome;
    }

    /// <summary>Whether an exception says that another transaction was faster, so that the same work may succeed now.</summary>
    internal static bool IsLostRace(Exception exception)
    {
        for (var e = exception; e is not null; e = e.InnerException)
        {
            switch (e)
            {
                case PostgresException postgres:
                    return postgres.SqlState is PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.LockNotAvailable;
                case SqlException sql:
                    // Deadlock victim, snapshot conflict, lock timeout, unique index, primary key.
                    return sql.Number is 1205 or 3960 or 1222 or 2601 or 2627;
                case DbException { IsTransient: true }:
                    return true;
            }
        }

        return false;
    }
}
