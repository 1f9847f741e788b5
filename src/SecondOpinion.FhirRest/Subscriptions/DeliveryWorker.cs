using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SecondOpinion.Cases;
using SecondOpinion.Fhir;
using SecondOpinion.Storage;
using SecondOpinion.Storage.Model;
using SecondOpinion.Storage.Tenants;

namespace SecondOpinion.FhirRest.Subscriptions;

/// <summary>
/// Delivers what the outbox owes: at least once, in order for each subscription. One process at a time does it, held by a lease. A notification stays in the outbox
/// until its endpoint took it, its subscription ended, or it is older than the limit; so an endpoint that is away loses nothing.
/// </summary>
internal sealed partial class DeliveryWorker(
    InteropStore store, Leases leases, Notifier notifier, FhirRestOptions rest, TimeProvider time, ILogger<DeliveryWorker> log) : BackgroundService
{
    private const string LeaseName = "subscription-delivery";
    private const int PerTurn = 50;

    private readonly SubscriptionOptions _options = rest.Subscriptions;
    private readonly string _owner = $"{Environment.MachineName}/{Environment.ProcessId}/{Guid.NewGuid():N}";

    // Long enough for an endpoint that lets every second of its time pass.
    private readonly TimeSpan _leaseTime = TimeSpan.FromSeconds(Math.Max(60, 3 * rest.Subscriptions.TimeoutSeconds));

    // UTC ticks; the lease is ours at least until then.
    private long _renewAt;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var delivered = 0;
            try
            {
                delivered = await RunOnceAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception e)
            {
                LogFailed(log, e);
            }

            if (delivered == 0)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(_options.PollMilliseconds), time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        if (Volatile.Read(ref _renewAt) != 0)
        {
            await leases.ReleaseAsync(LeaseName, _owner, CancellationToken.None);
        }
    }

    /// <summary>One look at the outbox: tries what is due. Returns the number of notifications that are settled.</summary>
    internal async Task<int> RunOnceAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var heads = await store.ReadAsync(reader => HeadsAsync(reader.Db, now, cancellation), cancellation);
        if (heads.Count == 0 || !await HoldLeaseAsync(now, cancellation))
        {
            return 0;
        }

        var settled = 0;
        await Parallel.ForEachAsync(
            heads,
            new ParallelOptions { MaxDegreeOfParallelism = _options.Parallelism, CancellationToken = cancellation },
            async (subscriptionKey, token) => Interlocked.Add(ref settled, await DrainAsync(subscriptionKey, token)));
        return settled;
    }

    /// <summary>Subscriptions whose oldest notification is due; a later one never overtakes it.</summary>
    private static async Task<List<long>> HeadsAsync(InteropDbContext db, DateTimeOffset now, CancellationToken cancellation)
    {
        if (!await db.Deliveries.AnyAsync(cancellation))
        {
            return [];
        }

        var ticks = now.UtcTicks;
        var oldest = db.Deliveries.GroupBy(d => d.SubscriptionKey).Select(g => g.Min(d => d.Id));
        return await db.Deliveries
            .Where(d => d.NextAttempt <= ticks && oldest.Contains(d.Id))
            .OrderBy(d => d.NextAttempt)
            .Select(d => d.SubscriptionKey)
            .Take(256)
            .ToListAsync(cancellation);
    }

    /// <summary>Sends a subscription's notifications in order until one fails.</summary>
    private async Task<int> DrainAsync(long subscriptionKey, CancellationToken cancellation)
    {
        var settled = 0;
        while (settled < PerTurn && await HoldLeaseAsync(time.GetUtcNow(), cancellation))
        {
            var next = await store.ReadAsync(reader => OutboxReads.NextAsync(reader, subscriptionKey, time.GetUtcNow(), cancellation), cancellation);
            if (next is null)
            {
                return settled;
            }

            if (next.Subscription is null)
            {
                await ForgetAsync(db => db.Deliveries.Where(d => d.SubscriptionKey == subscriptionKey), cancellation);
                return settled + 1;
            }

            if (next.Resource is null)
            {
                await ForgetAsync(db => db.Deliveries.Where(d => d.Id == next.Row.Id), cancellation);
            }
            else if (await notifier.SendAsync(next.Subscription, next.Resource, cancellation) is not { } error)
            {
                await SucceededAsync(next.Row, next.Subscription, cancellation);
            }
            else if (!await FailedAsync(next.Row, next.Subscription, error, cancellation))
            {
                return settled;
            }

            settled++;
        }

        return settled;
    }

    private Task SucceededAsync(DeliveryRow row, StoredResource subscription, CancellationToken cancellation) =>
        WriteAsync(
            subscription.TenantId,
            async transaction =>
            {
                await transaction.Db.Deliveries.Where(d => d.Id == row.Id).ExecuteDeleteAsync();
                await OutboxReads.SetStatusAsync(transaction, subscription, "error", "active", null);
            },
            cancellation);

    /// <summary>Plans the next try; true when there is none, because the notification is too old.</summary>
    private async Task<bool> FailedAsync(DeliveryRow row, StoredResource subscription, string error, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var attempts = row.Attempts + 1;
        LogAttempt(log, subscription.Id, attempts, error);
        if (now.UtcTicks - row.Created >= TimeSpan.FromHours(_options.KeepTryingHours).Ticks)
        {
            LogDropped(log, subscription.Id, row.ResourceType);
            await ForgetAsync(db => db.Deliveries.Where(d => d.Id == row.Id), cancellation);
            return true;
        }

        var next = (now + Backoff(attempts)).UtcTicks;
        await WriteAsync(
            subscription.TenantId,
            async transaction =>
            {
                await transaction.Db.Deliveries.Where(d => d.Id == row.Id).ExecuteUpdateAsync(
                    d => d.SetProperty(r => r.Attempts, attempts).SetProperty(r => r.NextAttempt, next).SetProperty(r => r.LastError, error));
                if (attempts >= _options.FailuresUntilError)
                {
                    await OutboxReads.SetStatusAsync(transaction, subscription, "active", "error", error);
                }
            },
            cancellation);
        return false;
    }

    /// <summary>Doubles from the first retry to the limit; a quarter of it at random, so that many subscriptions of one endpoint do not come at once.</summary>
    private TimeSpan Backoff(int attempts)
    {
        var seconds = Math.Min(_options.MaxRetrySeconds, _options.FirstRetrySeconds * Math.Pow(2, Math.Min(attempts - 1, 20)));
        return TimeSpan.FromSeconds(seconds * (0.75 + (Random.Shared.NextDouble() / 4)));
    }

    private Task ForgetAsync(Func<InteropDbContext, IQueryable<DeliveryRow>> rows, CancellationToken cancellation) =>
        WriteAsync("", async transaction => await rows(transaction.Db).ExecuteDeleteAsync(), cancellation);

    private async Task WriteAsync(string tenant, Func<StoreTransaction, Task> work, CancellationToken cancellation)
    {
        var outcome = await store.WriteAsync<bool>(
            Actor.Server(tenant),
            async transaction =>
            {
                await work(transaction);
                return true;
            },
            cancellation);
        if (outcome.IsRefused)
        {
            throw new InvalidOperationException("The outbox could not be written: " + outcome.Refusal);
        }
    }

    private async Task<bool> HoldLeaseAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        if (now.UtcTicks < Volatile.Read(ref _renewAt))
        {
            return true;
        }

        var held = await leases.TryTakeAsync(LeaseName, _owner, _leaseTime, cancellation);
        Volatile.Write(ref _renewAt, held ? (now + (_leaseTime / 3)).UtcTicks : 0);
        return held;
    }

    [LoggerMessage(EventId = 3101, Level = LogLevel.Error, Message = "The outbox could not be worked on; trying again")]
    private static partial void LogFailed(ILogger log, Exception exception);

    [LoggerMessage(EventId = 3102, Level = LogLevel.Information, Message = "Subscription {Id}: attempt {Attempt} failed: {Error}")]
    private static partial void LogAttempt(ILogger log, string id, int attempt, string error);

    [LoggerMessage(EventId = 3103, Level = LogLevel.Warning, Message = "Subscription {Id}: a notification of a {Type} is dropped, nobody took it in time")]
    private static partial void LogDropped(ILogger log, string id, string type);
}
