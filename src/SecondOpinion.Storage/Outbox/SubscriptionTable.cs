using System.Globalization;
using Microsoft.EntityFrameworkCore;
using SecondOpinion.Fhir;
using SecondOpinion.Fhir.Search;

namespace SecondOpinion.Storage.Outbox;

/// <summary>An R4 Subscription that notifications are owed to.</summary>
/// <param name="Key">Of its row.</param>
internal sealed record LiveSubscription(long Key, string TenantId, SearchRequest Criteria, DateTimeOffset? End);

/// <summary>The live subscriptions by the type they watch, as the database had them at one moment.</summary>
internal sealed class SubscriptionTable(IReadOnlyDictionary<string, List<LiveSubscription>> byType, DateTimeOffset loaded)
{
    /// <summary>Another process may have changed a subscription: a table is used no longer than this.</summary>
    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(2);

    public bool IsFresh(DateTimeOffset now) => now - loaded < MaxAge && now >= loaded;

    public IReadOnlyList<LiveSubscription> Of(string type) => byType.TryGetValue(type, out var found) ? found : [];

    /// <summary>Whether a tenant has any live subscription.</summary>
    public bool Watches(string tenant) => byType.Values.Any(l => l.Exists(s => s.TenantId == tenant));

    public bool IsEmpty => byType.Count == 0;

    public static async Task<SubscriptionTable> LoadAsync(InteropDbContext db, DateTimeOffset now, CancellationToken cancellation)
    {
        var rows = await db.Resources
            .Where(r => r.Type == "Subscription" && !r.IsDeleted)
            .Select(r => new { r.Key, r.TenantId, r.Json })
            .ToListAsync(cancellation);
        var byType = new Dictionary<string, List<LiveSubscription>>(StringComparer.Ordinal);
        foreach (var row in rows)
        {
            if (Read(row.Key, row.TenantId, FhirResource.Parse(row.Json)) is { } live)
            {
                var type = live.Criteria.ResourceType!;
                if (!byType.TryGetValue(type, out var list))
                {
                    byType[type] = list = [];
                }

                list.Add(live);
            }
        }

        return new SubscriptionTable(byType, now);
    }

    /// <summary>Null for one that is off, over, or cannot be read. One in error is still owed what happens.</summary>
    private static LiveSubscription? Read(long key, string tenant, FhirResource subscription)
    {
        if (subscription.Root.Text("status") is not ("active" or "error") || subscription.Root.Text("criteria") is not { } criteria)
        {
            return null;
        }

        var question = criteria.IndexOf('?', StringComparison.Ordinal);
        var type = question < 0 ? criteria : criteria[..question];
        if (!Definitions.IsResource(type) || !SearchRequest.ParseQuery(type, question < 0 ? "" : criteria[(question + 1)..]).TryGet(out var request, out _))
        {
            return null;
        }

        DateTimeOffset? end = DateTimeOffset.TryParse(subscription.Root.Text("end"), CultureInfo.InvariantCulture, out var at) ? at : null;
        return new LiveSubscription(key, tenant, request, end);
    }
}
