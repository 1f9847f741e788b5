using System.Security.Cryptography;
using Microsoft.Extensions.Logging.Abstractions;
using SecondOpinion.Storage.Blobs;
using SecondOpinion.Storage.Model;
using SecondOpinion.Storage.Recovery;
using SecondOpinion.Storage.Tenants;
using Xunit;

namespace SecondOpinion.Storage.Tests;

public sealed class RecoveryTests
{
    [Fact]
    public async Task Old_temporary_files_go_and_those_being_written_stay()
    {
        await using var store = await TestStore.SqliteAsync();
        var (recovery, blobs) = Open(store);
        await using var running = blobs.Create();
        var left = Path.Combine(store.Options.BlobFolder, FolderBlobStore.TemporaryName, "0123456789abcdef0123456789abcdef.tmp");
        await File.WriteAllTextAsync(left, "x");
        File.SetLastWriteTimeUtc(left, store.Time.Now.UtcDateTime.AddDays(-2));
        File.SetLastWriteTimeUtc(((FileStream)running.Content).Name, store.Time.Now.UtcDateTime);
        var report = await recovery.StartAsync(TestContext.Current.CancellationToken);
        Assert.Equal(new StartReport(1, null), report);
        Assert.False(File.Exists(left));
        await running.CommitAsync(CancellationToken.None);
        Assert.NotNull(blobs.LocalPath(running.BlobId));
    }

    [Fact]
    public async Task Old_blobs_that_no_instance_names_go_and_all_others_stay()
    {
        await using var store = await TestStore.SqliteAsync();
        var (recovery, blobs) = Open(store);
        var used = await WriteAsync(store, blobs, [1], days: -2);
        var unused = await WriteAsync(store, blobs, [2], days: -2);
        var young = await WriteAsync(store, blobs, [3], days: 0);
        await AddInstanceAsync(store, used, [1], "1.1");
        Assert.Equal(1, await recovery.SweepAsync(TestContext.Current.CancellationToken));
        Assert.Null(blobs.LocalPath(unused));
        Assert.NotNull(blobs.LocalPath(used));
        Assert.NotNull(blobs.LocalPath(young));
        Assert.Equal(0, await recovery.SweepAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_damaged_database_is_reported()
    {
        await using var store = await TestStore.SqliteAsync();
        for (var i = 0; i < 20; i++)
        {
            await store.CreateAsync("a", Fhir.FhirResource.Parse($$$"""{"resourceType":"Basic","code":{"text":"{{{new string('x', 3000)}}}"}}"""), "b" + i);
        }

        await store.Store.DisposeAsync();
        var bytes = await File.ReadAllBytesAsync(store.Options.DatabaseFile);
        Array.Fill<byte>(bytes, 0xFF, bytes.Length / 2, bytes.Length / 4);
        await File.WriteAllBytesAsync(store.Options.DatabaseFile, bytes);
        var report = await Open(store).Recovery.StartAsync(TestContext.Current.CancellationToken);
        Assert.NotNull(report.DatabaseProblem);
    }

    [Fact]
    public async Task The_check_names_each_instance_whose_file_is_not_as_acknowledged()
    {
        await using var store = await TestStore.SqliteAsync();
        var (_, blobs) = Open(store);
        await AddInstanceAsync(store, await WriteAsync(store, blobs, [1, 2, 3], 0), [1, 2, 3], "1.1");
        await AddInstanceAsync(store, await WriteAsync(store, blobs, [1, 2], 0), [1, 2, 3], "1.2");
        await AddInstanceAsync(store, await WriteAsync(store, blobs, [1, 2, 4], 0), [1, 2, 3], "1.3");
        await AddInstanceAsync(store, "0123456789abcdef0123456789abcdef", [1, 2, 3], "1.4");
        var check = new StorageCheck(store.Store, blobs);
        var found = new List<BlobFinding>();
        Assert.Equal(4, await check.RunAsync(withDigests: true, found.Add, cancellation: TestContext.Current.CancellationToken));
        Assert.Equal([("1.2", BlobProblem.WrongSize), ("1.3", BlobProblem.WrongDigest), ("1.4", BlobProblem.Missing)], found.Select(f => (f.SopInstanceUid, f.Problem)));
        found.Clear();
        await check.RunAsync(withDigests: false, found.Add, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(["1.2", "1.4"], found.Select(f => f.SopInstanceUid));
    }

    private static (StorageRecovery Recovery, FolderBlobStore Blobs) Open(TestStore store)
    {
        var blobs = new FolderBlobStore(store.Options.BlobFolder);
        return (new StorageRecovery(store.Contexts, store.Store, blobs, new Leases(store.Store), store.Time, NullLogger<StorageRecovery>.Instance), blobs);
    }

    private static async Task<string> WriteAsync(TestStore store, FolderBlobStore blobs, byte[] bytes, int days)
    {
        await using var writer = blobs.Create();
        await writer.Content.WriteAsync(bytes);
        await writer.CommitAsync(CancellationToken.None);
        File.SetLastWriteTimeUtc(blobs.LocalPath(writer.BlobId)!, store.Time.Now.UtcDateTime.AddDays(days));
        return writer.BlobId;
    }

    private static Task<bool> AddInstanceAsync(TestStore store, string blobId, byte[] acknowledged, string uid) => store.WriteAsync("a", async t =>
    {
        var study = new StudyRow { TenantId = "a", StudyInstanceUid = uid + ".1" };
        t.Db.Studies.Add(study);
        await t.Db.SaveChangesAsync();
        var series = new SeriesRow { TenantId = "a", StudyKey = study.Key, SeriesInstanceUid = uid + ".2" };
        t.Db.Series.Add(series);
        await t.Db.SaveChangesAsync();
        t.Db.Instances.Add(new InstanceRow
        {
            TenantId = "a",
            StudyKey = study.Key,
            SeriesKey = series.Key,
            SopInstanceUid = uid,
            BlobId = blobId,
            Size = acknowledged.Length,
            Digest = SHA256.HashData(acknowledged),
        });
        return true;
    });
}
