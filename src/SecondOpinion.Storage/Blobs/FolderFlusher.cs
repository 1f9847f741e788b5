namespace SecondOpinion.Storage.Blobs;

/// <summary>
/// Flushes folders for many blobs at once: whoever asks while a flush runs shares the next one. A flush costs the disk the same whether one name or a
/// hundred became durable by it.
/// </summary>
internal sealed class FolderFlusher
{
    private readonly Lock _lock = new();

    /// <summary>Folders being flushed, each with the flush that comes after, if anybody waits for it.</summary>
    private readonly Dictionary<string, TaskCompletionSource?> _running = new(StringComparer.Ordinal);

    /// <summary>Returns when all names that were in the folder at the call are durable.</summary>
    public Task FlushAsync(string folder)
    {
        lock (_lock)
        {
            var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (!_running.TryGetValue(folder, out var next))
            {
                _running.Add(folder, null);
                _ = Task.Run(() => Run(folder, done));
                return done.Task;
            }

            // The running flush may have passed this name by.
            next ??= done;
            _running[folder] = next;
            return next.Task;
        }
    }

    private void Run(string folder, TaskCompletionSource? done)
    {
        while (done is not null)
        {
            try
            {
                DiskFlush.Folder(folder);
                done.SetResult();
            }
            catch (Exception exception)
            {
                done.SetException(exception);
            }

            lock (_lock)
            {
                done = _running[folder];
                if (done is null)
                {
                    _running.Remove(folder);
                }
                else
                {
                    _running[folder] = null;
                }
            }
        }
    }
}
