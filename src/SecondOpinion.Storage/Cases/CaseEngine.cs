using SecondOpinion.Fhir;

namespace SecondOpinion.Storage.Cases;

/// <summary>
/// Carries out what the case rules decide, inside the transaction of the cause: checks orders, tasks and reviews, keeps ImagingStudy, work items and
/// shares, moves the Task, makes the signed result. Runs after every write, so that no route goes round it.
/// </summary>
public sealed class CaseEngine
{
    /// <summary>Works through the changes of a transaction, its own included, until nothing is left to do. A refusal undoes the whole write.</summary>
    public Task<Refusal?> SettleAsync(StoreTransaction transaction, CancellationToken cancellation) => throw new NotSupportedException();
}
