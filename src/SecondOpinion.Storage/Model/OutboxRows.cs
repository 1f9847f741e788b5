namespace SecondOpinion.Storage.Model;

/// <summary>A notification owed to a subscriber, written in the transaction of its cause. Deleted when delivered.</summary>
public sealed class DeliveryRow
{
    public long Id { get; set; }

    public string TenantId { get; set; } = "";

    /// <summary>The Subscription's <see cref="ResourceRow.Key"/>.</summary>
    public long SubscriptionKey { get; set; }

    /// <summary>The resource and version that matched.</summary>
    public long ResourceKey { get; set; }

    public string ResourceType { get; set; } = "";

    public string ResourceId { get; set; } = "";

    public int ResourceVersion { get; set; }

    public int Attempts { get; set; }

    /// <summary>UTC ticks of the earliest next try.</summary>
    public long NextAttempt { get; set; }

    public string LastError { get; set; } = "";

    public long Created { get; set; }
}
