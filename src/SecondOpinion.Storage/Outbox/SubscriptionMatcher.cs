using Microsoft.EntityFrameworkCore;
using SecondOpinion.Storage.Model;

namespace SecondOpinion.Storage.Outbox;

/// <summary>
/// Finds the active R4 Subscriptions whose criteria a change meets and owes each of them a delivery, in the transaction of the change
/// (FHIR R4 subscription.html: the criteria hold for the new value; a deletion notifies nobody).
/// </summary>
public sealed class SubscriptionMatcher
{
    private volatile SubscriptionTable? _table;

    /// <summary>Matches all that the transaction wrote. Costs a dictionary look-up per change when nobody watches the type.</summary>
    public async Task MatchAsync(StoreTransaction transaction, CancellationToken cancellation)
    {
        var table = _table;
        if (table is null || !table.IsFresh(transaction.Now))
        {
            _table = table = await SubscriptionTable.LoadAsync(transaction.Db, transaction.Now, cancellation);
        }

        if (!table.IsEmpty)
        {
            await OweAsync(transaction, table, cancellation);
        }

        // The next write, here, sees the subscription; other processes within the table's age.
        if (transaction.Changes.Any(c => c.After.Type == "Subscription"))
        {
            _table = null;
        }
    }

    private static async Task OweAsync(StoreTransaction transaction, SubscriptionTable table, CancellationToken cancellation)
    {
        var any = false;
        foreach (var (resource, newReaders) in await ChangedAsync(transaction, table, cancellation))
        {
            foreach (var subscription in table.Of(resource.Type))
            {
                if (subscription.End <= transaction.Now
                    || (newReaders is not null && !newReaders.Contains(subscription.TenantId))
                    || !await IsVisibleAsync(transaction.Db, resource, subscription.TenantId, cancellation)
                    || (subscription.Criteria.Criteria.Count > 0 && !await transaction.Search.IsMatchAsync(subscription.TenantId, resource.Key, subscription.Criteria, cancellation)))
                {
                    continue;
                }

                transaction.Db.Deliveries.Add(Row(transaction, subscription, resource));
                any = true;
            }
        }

        if (any)
        {
            await transaction.Db.SaveChangesAsync(cancellation);
            transaction.Db.ChangeTracker.Clear();
        }
    }

    /// <summary>
    /// The last version of each resource that the transaction wrote, for everyone who may see it; and what it only shared, for those who could not see it before.
    /// </summary>
    private static async Task<List<(StoredResource Resource, HashSet<string>? NewReaders)>> ChangedAsync(StoreTransaction transaction, SubscriptionTable table, CancellationToken cancellation)
    {
        var last = new Dictionary<long, StoredResource>();
        foreach (var change in transaction.Changes)
        {
            last[change.After.Key] = change.After;
        }

        List<(StoredResource, HashSet<string>?)> found = [.. last.Values.Where(r => !r.IsDeleted).Select(r => (r, (HashSet<string>?)null))];
        foreach (var shared in transaction.Shared.Where(s => !last.ContainsKey(s.ResourceKey) && table.Watches(s.TenantId)).GroupBy(s => s.ResourceKey))
        {
            if (await transaction.Resources.FindAnyAsync(shared.Key, cancellation) is { IsDeleted: false } resource)
            {
                found.Add((resource, [.. shared.Select(s => s.TenantId)]));
            }
        }

        return found;
    }

    private static async Task<bool> IsVisibleAsync(InteropDbContext db, StoredResource resource, string tenant, CancellationToken cancellation) =>
        resource.TenantId == tenant || await db.Shares.AnyAsync(s => s.TenantId == tenant && s.ResourceKey == resource.Key, cancellation);

    private static DeliveryRow Row(StoreTransaction transaction, LiveSubscription subscription, StoredResource resource) => new()
    {
        TenantId = subscription.TenantId,
        SubscriptionKey = subscription.Key,
        ResourceKey = resource.Key,
        ResourceType = resource.Type,
        ResourceId = resource.Id,
        ResourceVersion = resource.Version,
        NextAttempt = transaction.Now.UtcTicks,
        Created = transaction.Now.UtcTicks,
    };
}
