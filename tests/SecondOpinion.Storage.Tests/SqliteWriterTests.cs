using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using SecondOpinion.Cases;
using SecondOpinion.Fhir;
using Xunit;

namespace SecondOpinion.Storage.Tests;

/// <summary>Group commit, and what the embedded database is set to.</summary>
public sealed class SqliteWriterTests
{
    private static readonly Actor Actor = new("a", "test", null);
    private static readonly FhirResource Patient = FhirResource.Parse("""{"resourceType":"Patient"}""");

    [Fact]
    public async Task Writes_that_queue_up_share_a_commit()
    {
        await using var store = await OpenAsync(o => o.MaxBatchMilliseconds = 1000);
        var gate = new TaskCompletionSource();
        var first = store.WriteAsync("a", async _ =>
        {
            await gate.Task;
            return true;
        });
        var others = Enumerable.Range(0, 50).Select(i => store.CreateAsync("a", Patient, "p" + i)).ToList();
        Assert.All(others, o => Assert.False(o.IsCompleted));
        var before = store.Store.Commits;
        gate.SetResult();
        await first;
        await Task.WhenAll(others);
        Assert.InRange(store.Store.Commits - before, 1, 2);
        Assert.Equal(50, await store.ReadAsync(r => r.Resources.Visible("a").CountAsync()));
    }

    [Fact]
    public async Task A_batch_is_no_larger_than_configured()
    {
        await using var store = await OpenAsync(o =>
        {
            o.MaxBatchWrites = 10;
            o.MaxBatchMilliseconds = 1000;
        });
        var gate = new TaskCompletionSource();
        var first = store.WriteAsync("a", async _ =>
        {
            await gate.Task;
            return true;
        });
        var others = Enumerable.Range(0, 49).Select(i => store.CreateAsync("a", Patient, "p" + i)).ToList();
        gate.SetResult();
        await first;
        await Task.WhenAll(others);
        Assert.InRange(store.Store.Commits, 5, 7);
    }

    [Fact]
    public async Task Refused_writes_alone_commit_nothing()
    {
        await using var store = await OpenAsync();
        var outcome = await store.Store.WriteAsync<int>(Actor, _ => Task.FromResult<Outcome<int>>(Refusal.Of(RefusalKind.Invalid, "invalid", "no")), CancellationToken.None);
        Assert.True(outcome.IsRefused);
        Assert.Equal(0, store.Store.Commits);
    }

    [Fact]
    public async Task A_queued_write_that_is_cancelled_never_runs()
    {
        await using var store = await OpenAsync();
        var gate = new TaskCompletionSource();
        var first = store.WriteAsync("a", async _ =>
        {
            await gate.Task;
            return true;
        });
        using var cancel = new CancellationTokenSource();
        var ran = false;
        var queued = store.Store.WriteAsync<int>(Actor, _ =>
        {
            ran = true;
            return Task.FromResult<Outcome<int>>(1);
        }, cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => queued);
        gate.SetResult();
        await first;
        await store.CreateAsync("a", Patient);
        Assert.False(ran);
    }

    [Fact]
    public async Task A_write_inside_a_write_is_refused_at_once()
    {
        await using var store = await OpenAsync();
        await Assert.ThrowsAsync<InvalidOperationException>(() => store.WriteAsync("a", _ => store.CreateAsync("a", Patient)));
    }

    [Fact]
    public async Task A_lock_of_another_process_is_a_503_and_passes()
    {
        await using var store = await OpenAsync(o => o.BusySeconds = 1);
        await using (var other = new SqliteConnection(ContextSource.SqliteConnectionString(store.Options)))
        {
            await other.OpenAsync();
            await using var transaction = other.BeginTransaction();
            var outcome = await store.Store.WriteAsync(Actor, t => t.Writes.CreateAsync("a", Patient, "p1"), CancellationToken.None);
            Assert.Equal(RefusalKind.Unavailable, outcome.Refusal?.Kind);
        }

        await store.CreateAsync("a", Patient, "p1");
    }

    [Theory]
    [InlineData("journal_mode", "wal")]
    [InlineData("synchronous", "2")]
    [InlineData("foreign_keys", "1")]
    public async Task The_database_is_set_to_be_durable(string pragma, string expected)
    {
        await using var store = await OpenAsync();
        var value = await store.WriteAsync("a", async t =>
        {
            await using var command = t.Db.Database.GetDbConnection().CreateCommand();
            command.CommandText = "PRAGMA " + pragma;
            return Convert.ToString(await command.ExecuteScalarAsync());
        });
        Assert.Equal(expected, value);
    }

    private static Task<TestStore> OpenAsync(Action<StorageOptions>? set = null)
    {
        var folder = Directory.CreateTempSubdirectory("interop-test-").FullName;
        var options = new StorageOptions { DataFolder = folder };
        set?.Invoke(options);
        return TestStore.OpenAsync(options, folder);
    }
}
