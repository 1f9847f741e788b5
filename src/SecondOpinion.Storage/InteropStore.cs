using SecondOpinion.Cases;
using SecondOpinion.Fhir;

namespace SecondOpinion.Storage;

/// <summary>
/// The way in and out of the database. Every read runs in a <see cref="StoreReader"/>, every write in a <see cref="StoreTransaction"/>; what a write
/// returns is durable. Concurrent small writes share one commit where the provider has one writer (SQLite).
/// </summary>
public sealed class InteropStore
{
    /// <summary>
    /// Runs a write. The work may run more than once (serialization conflicts), so it must do nothing but use its transaction. After it: the case engine
    /// settles (projections, transitions, shares), subscriptions are matched, then all is committed at once. A refusal from the work or the engine
    /// rolls back everything.
    /// </summary>
    public Task<Outcome<T>> WriteAsync<T>(Actor actor, Func<StoreTransaction, Task<Outcome<T>>> work, CancellationToken cancellation) =>
        throw new NotSupportedException();

    /// <summary>Runs a read on one snapshot of the database.</summary>
    public Task<T> ReadAsync<T>(Func<StoreReader, Task<T>> work, CancellationToken cancellation) => throw new NotSupportedException();
}
