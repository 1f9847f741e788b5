using System.CommandLine;
using System.Diagnostics;
using SecondOpinion.Cases;
using SecondOpinion.Dicom;
using SecondOpinion.Fhir;
using SecondOpinion.Interop.Hosting;
using SecondOpinion.Storage;
using SecondOpinion.Storage.Tenants;
using SecondOpinion.Storage.Blobs;
using SecondOpinion.Storage.Dicom;

namespace SecondOpinion.Interop.Commands;

/// <summary><c>import FOLDER --tenant ID</c>: bulk load of DICOM files, with progress. Repeating it adds nothing twice.</summary>
internal static class ImportCommand
{
    private const int Batch = 64;

    public static Command Create()
    {
        var folder = new Argument<string[]>("FOLDER") { Arity = ArgumentArity.OneOrMore };
        var tenant = new Option<string>("--tenant") { Description = "The organization that will own the images.", Required = true };
        var data = CommandLine.Data();
        var command = new Command("import", "Loads DICOM files.") { folder, tenant, data };
        command.SetAction(async (result, cancellation) =>
        {
            try
            {
                await using var app = InteropApplication.BuildQuiet([], result.GetValue(data));
                await Startup.PrepareAsync(app.Services, cancellation);
                var owner = result.GetValue(tenant)!;
                if (await app.Services.GetRequiredService<TenantStore>().FindTenantAsync(owner, cancellation) is null)
                {
                    throw new StartRefusedException($"no tenant '{owner}' is registered");
                }

                return await new Run(app.Services, owner).AllAsync([.. FileArguments.Expand(result.GetValue(folder)!).Select(f => f.Path)], cancellation);
            }
            catch (StartRefusedException refusal)
            {
                await Console.Error.WriteLineAsync(refusal.Message);
                return 1;
            }
        });
        return command;
    }

    private sealed class Run(IServiceProvider services, string owner)
    {
        private readonly InteropStore _store = services.GetRequiredService<InteropStore>();
        private readonly IBlobStore _blobs = services.GetRequiredService<IBlobStore>();
        private readonly InstanceStaging _staging = services.GetRequiredService<InstanceStaging>();
        private int _added;
        private int _known;
        private int _failed;

        public async Task<int> AllAsync(IReadOnlyList<string> files, CancellationToken cancellation)
        {
            var watch = Stopwatch.StartNew();
            var done = 0;
            foreach (var batch in files.Chunk(Batch))
            {
                await StoreAsync(batch, cancellation);
                done += batch.Length;
                FileArguments.Progress(done, files.Count);
            }

            Console.WriteLine($"{_added} added, {_known} there already, {_failed} refused, {watch.Elapsed.TotalSeconds:0.0} s");
            return _failed == 0 ? 0 : 1;
        }

        private async Task StoreAsync(string[] paths, CancellationToken cancellation)
        {
            var staged = new List<(string Path, StagedInstance Instance)>();
            foreach (var path in paths)
            {
                try
                {
                    await using var blob = _blobs.Create();
                    await using (var source = File.OpenRead(path))
                    {
                        await source.CopyToAsync(blob.Content, cancellation);
                    }

                    staged.Add((path, await _staging.StageAsync(blob, cancellation: cancellation)));
                }
                catch (Exception e) when (e is DicomException or IOException or UnauthorizedAccessException)
                {
                    Refuse(path, e.Message);
                }
            }

            var outcome = await _store.WriteAsync<List<AddResult>>(
                Actor.Server(owner),
                async transaction =>
                {
                    var results = new List<AddResult>();
                    foreach (var (_, instance) in staged)
                    {
                        results.Add(await transaction.DicomIndex.AddAsync(owner, instance));
                    }

                    return results;
                },
                cancellation);
            for (var i = 0; i < staged.Count; i++)
            {
                var (path, instance) = staged[i];
                if (outcome.IsRefused)
                {
                    Refuse(path, outcome.Refusal.ToString());
                }
                else if (outcome.Value[i] == AddResult.Added)
                {
                    _added++;
                    continue;
                }
                else if (outcome.Value[i] == AddResult.AlreadyStored)
                {
                    _known++;
                }
                else
                {
                    Refuse(path, "other bytes are stored under this SOP Instance UID");
                }

                await _blobs.DeleteAsync(instance.BlobId, cancellation);
            }
        }

        private void Refuse(string path, string why)
        {
            _failed++;
            Console.Error.WriteLine($"{path}: {why}");
        }
    }
}
