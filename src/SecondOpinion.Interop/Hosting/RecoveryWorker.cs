using SecondOpinion.Storage.Recovery;

namespace SecondOpinion.Interop.Hosting;

/// <summary>Cleans up after a process that died, beside requests: temporary files, unreferenced blobs, a check of the embedded database.</summary>
internal sealed class RecoveryWorker(StorageRecovery recovery) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.Run(() => recovery.RunAsync(stoppingToken), stoppingToken);
}
