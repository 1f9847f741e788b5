using System.Globalization;
using Microsoft.EntityFrameworkCore;
using SecondOpinion.Storage;
using SecondOpinion.Storage.Model;

namespace SecondOpinion.FhirRest.Subscriptions;

/// <param name="Subscription">Null: deleted, off or over, so that nothing is owed.</param>
/// <param name="Resource">Null: the subscriber may no longer see it.</param>
internal sealed record OwedNotification(DeliveryRow Row, StoredResource? Subscription, StoredResource? Resource);

/// <summary>What the delivery of notifications reads and changes.</summary>
internal static class OutboxReads
{
    /// <summary>The oldest notification of a subscription with all that sending needs, checked anew; null when it is not due or there is none.</summary>
    public static async Task<OwedNotification?> NextAsync(StoreReader reader, long subscriptionKey, DateTimeOffset now, CancellationToken cancellation)
    {
        var row = await reader.Db.Deliveries.Where(d => d.SubscriptionKey == subscriptionKey).OrderBy(d => d.Id).FirstOrDefaultAsync(cancellation);
        if (row is null || row.NextAttempt > now.UtcTicks)
        {
            return null;
        }

        var subscription = await reader.Resources.Visible(row.TenantId).FirstOrDefaultAsync(r => r.Key == subscriptionKey, cancellation);
        if (subscription is null || subscription.IsDeleted || !IsLive(StoredResource.From(subscription, true), now))
        {
            return new OwedNotification(row, null, null);
        }

        // The right to see it may have ended since it matched; the version that matched is what is told.
        var current = await reader.Resources.FindAsync(row.TenantId, row.ResourceType, row.ResourceId, cancellation);
        var resource = current is null or { IsDeleted: true } || current.Version == row.ResourceVersion
            ? current
            : await reader.Resources.FindVersionAsync(row.TenantId, row.ResourceType, row.ResourceId, row.ResourceVersion, cancellation);
        return new OwedNotification(row, StoredResource.From(subscription, true), resource is { IsDeleted: true } ? null : resource);
    }

    /// <summary>Moves a subscription from one status to another, in the name of the server; does nothing when it has another by now.</summary>
    public static async Task SetStatusAsync(StoreTransaction transaction, StoredResource subscription, string from, string to, string? error)
    {
        var current = await transaction.Resources.FindAsync(subscription.TenantId, "Subscription", subscription.Id);
        if (current is null or { IsDeleted: true } || current.Parse() is not { } resource || resource.Root.Text("status") != from)
        {
            return;
        }

        await transaction.Writes.UpdateAsync(current, resource.With(json =>
        {
            json["status"] = to;
            json.Remove("error");
            if (error is not null)
            {
                json["error"] = error;
            }
        }));
    }

    private static bool IsLive(StoredResource subscription, DateTimeOffset now)
    {
        var root = subscription.Parse().Root;
        return root.Text("status") is "active" or "error"
            && !(DateTimeOffset.TryParse(root.Text("end"), CultureInfo.InvariantCulture, out var end) && end <= now);
    }
}
