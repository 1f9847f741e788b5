using System.Diagnostics;
using System.Text;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using SecondOpinion.Cases;
using SecondOpinion.Fhir;
using SecondOpinion.Storage.Blobs;
using Xunit;

namespace SecondOpinion.Storage.Tests;

/// <summary>Writes blobs and resources as fast as it can and prints what was acknowledged, until it is killed.</summary>
internal static class CrashChild
{
    public const string Command = "crash-child";

    public static async Task RunAsync(string folder)
    {
        var contexts = new ContextSource(new StorageOptions { DataFolder = folder });
        await new SchemaMigrator(contexts).MigrateAsync();
        var store = new InteropStore(contexts, TimeProvider.System, NullLogger<InteropStore>.Instance, []);
        var blobs = new FolderBlobStore(contexts.Options.BlobFolder);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(w => Task.Run(() => WriteAsync(w))));

        async Task WriteAsync(int writer)
        {
            for (var i = 0; ; i++)
            {
                await using var blob = blobs.Create();
                await blob.Content.WriteAsync(Encoding.ASCII.GetBytes($"{writer}-{i}"));
                await blob.CommitAsync(CancellationToken.None);
                var id = $"w{writer}-{i}";
                var resource = FhirResource.Parse($$$"""{"resourceType":"Basic","identifier":[{"value":"{{{blob.BlobId}}}"}],"code":{"text":"x"}}""");
                var outcome = await store.WriteAsync(new Actor("a", "test", null), t => t.Writes.CreateAsync("a", resource, id), CancellationToken.None);
                if (!outcome.IsRefused)
                {
                    Console.WriteLine($"{id} {blob.BlobId}");
                }
            }
        }
    }
}

public sealed class CrashTests
{
    [Fact]
    public async Task A_killed_process_loses_nothing_it_acknowledged()
    {
        var folder = Directory.CreateTempSubdirectory("interop-crash-").FullName;
        var acknowledged = await RunAndKillAsync(folder, 200);
        Assert.True(acknowledged.Count >= 200);

        await using var store = await TestStore.OpenAsync(new StorageOptions { DataFolder = folder }, folder);
        var blobs = new FolderBlobStore(store.Options.BlobFolder);
        foreach (var line in acknowledged)
        {
            var (id, blobId) = (line.Split(' ')[0], line.Split(' ')[1]);
            var found = await store.FindAsync("a", "Basic", id);
            Assert.NotNull(found);
            Assert.Contains(blobId, Encoding.UTF8.GetString(found.Json.Span), StringComparison.Ordinal);
            Assert.Equal(id[1..], await File.ReadAllTextAsync(blobs.LocalPath(blobId)!));
        }

        Assert.Equal("ok", await QuickCheckAsync(store));
        await store.CreateAsync("a", FhirResource.Parse("""{"resourceType":"Basic","code":{"text":"x"}}"""));
    }

    private static async Task<List<string>> RunAndKillAsync(string folder, int lines)
    {
        var program = Path.ChangeExtension(typeof(CrashTests).Assembly.Location, OperatingSystem.IsWindows() ? ".exe" : null);
        using var child = Process.Start(new ProcessStartInfo(program, [CrashChild.Command, folder]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var acknowledged = new List<string>();
        while (acknowledged.Count < lines && await child.StandardOutput.ReadLineAsync() is { } line)
        {
            acknowledged.Add(line);
        }

        child.Kill();
        // What it printed before it died counts; a line that was cut does not.
        var rest = await child.StandardOutput.ReadToEndAsync();
        await child.WaitForExitAsync();
        var whole = rest[..(rest.LastIndexOf('\n') + 1)];
        return [.. acknowledged, .. whole.Split('\n', StringSplitOptions.RemoveEmptyEntries)];
    }

    private static async Task<string?> QuickCheckAsync(TestStore store)
    {
        await using var connection = new SqliteConnection(ContextSource.SqliteConnectionString(store.Options));
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA integrity_check";
        return (string?)await command.ExecuteScalarAsync();
    }
}
