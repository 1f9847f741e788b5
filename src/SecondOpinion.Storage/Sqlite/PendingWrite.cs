using SecondOpinion.Fhir;

namespace SecondOpinion.Storage.Sqlite;

/// <summary>A write that waits for, or is in, a batch.</summary>
internal abstract class PendingWrite
{
    /// <summary>False when the caller gave up before the write began.</summary>
    public abstract bool TryStart();

    /// <summary>Runs the work; keeps the outcome until <see cref="Complete"/>.</summary>
    /// <returns>Whether what it wrote is to be kept.</returns>
    public abstract Task<bool> RunAsync(InteropDbContext db);

    /// <summary>Tells the caller: after the commit.</summary>
    public abstract void Complete();

    public abstract void Fail(Exception exception);

    public abstract void Refuse(Refusal refusal);
}

internal sealed class PendingWrite<T>(Func<InteropDbContext, Task<Outcome<T>>> work, CancellationToken cancellation) : PendingWrite
{
    private readonly TaskCompletionSource<Outcome<T>> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationTokenRegistration _registration;
    private Outcome<T> _outcome;
    private Exception? _exception;
    private int _isTaken;

    public Task<Outcome<T>> Done => _done.Task;

    /// <summary>From now on cancellation takes the write out of the queue.</summary>
    public void Watch() => _registration = cancellation.UnsafeRegister(static state => ((PendingWrite<T>)state!).Cancel(), this);

    public override bool TryStart()
    {
        var isMine = Interlocked.Exchange(ref _isTaken, 1) == 0;
        _registration.Unregister();
        return isMine;
    }

    public override async Task<bool> RunAsync(InteropDbContext db)
    {
        try
        {
            _outcome = await work(db);
            return !_outcome.IsRefused;
        }
        catch (Exception exception)
        {
            // The caller's exception, not the batch's: it is thrown where the caller waits.
            _exception = exception;
            return false;
        }
    }

    public override void Complete()
    {
        switch (_exception)
        {
            case null:
                _done.TrySetResult(_outcome);
                break;
            case OperationCanceledException when cancellation.IsCancellationRequested:
                _done.TrySetCanceled(cancellation);
                break;
            default:
                _done.TrySetException(_exception);
                break;
        }
    }

    public override void Fail(Exception exception) => _done.TrySetException(_exception ?? exception);

    public override void Refuse(Refusal refusal) => _done.TrySetResult(refusal);

    private void Cancel()
    {
        if (Interlocked.Exchange(ref _isTaken, 1) == 0)
        {
            _done.TrySetCanceled(cancellation);
        }
    }
}
