namespace SecondOpinion.Storage.Outbox;

/// <summary>Finds the active R4 Subscriptions whose criteria a change meets and owes each of them a delivery, in the transaction of the change.</summary>
public sealed class SubscriptionMatcher
{
    public Task MatchAsync(StoreTransaction transaction, CancellationToken cancellation) => throw new NotSupportedException();
}
