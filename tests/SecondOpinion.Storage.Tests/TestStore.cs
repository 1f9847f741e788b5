using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using SecondOpinion.Cases;
using SecondOpinion.Fhir;

namespace SecondOpinion.Storage.Tests;

/// <summary>A store over a database of its own, with hooks of the test's choice instead of the case engine.</summary>
public sealed class TestStore : IAsyncDisposable
{
    private readonly string _folder;

    private TestStore(StorageOptions options, string folder, IReadOnlyList<WriteHook> hooks)
    {
        _folder = folder;
        Options = options;
        Contexts = new ContextSource(options);
        Store = new InteropStore(Contexts, Time, NullLogger<InteropStore>.Instance, hooks);
    }

    public StorageOptions Options { get; }

    public ContextSource Contexts { get; }

    public InteropStore Store { get; }

    public SettableTime Time { get; } = new();

    /// <summary>SQLite in a new temporary folder.</summary>
    public static Task<TestStore> SqliteAsync(params IReadOnlyList<WriteHook> hooks)
    {
        var folder = Directory.CreateTempSubdirectory("interop-test-").FullName;
        return OpenAsync(new StorageOptions { DataFolder = folder }, folder, hooks);
    }

    /// <summary>Over a database that has its schema.</summary>
    public static TestStore Over(StorageOptions options, string folder, IReadOnlyList<WriteHook> hooks) => new(options, folder, hooks);

    public static async Task<TestStore> OpenAsync(StorageOptions options, string folder, params IReadOnlyList<WriteHook> hooks)
    {
        var store = new TestStore(options, folder, hooks);
        await new SchemaMigrator(store.Contexts).MigrateAsync();
        return store;
    }

    public async Task<T> WriteAsync<T>(string tenant, Func<StoreTransaction, Task<T>> work)
    {
        var outcome = await Store.WriteAsync<T>(new Actor(tenant, "test", null), async t => await work(t), CancellationToken.None);
        return outcome.Value;
    }

    public Task<StoredResource> CreateAsync(string tenant, FhirResource resource, string? id = null) =>
        WriteAsync(tenant, async t => (await t.Writes.CreateAsync(tenant, resource, id)).Value);

    public Task<StoredResource> UpdateAsync(string tenant, StoredResource current, FhirResource resource) =>
        WriteAsync(tenant, t => t.Writes.UpdateAsync(current, resource));

    public Task<T> ReadAsync<T>(Func<StoreReader, Task<T>> work) => Store.ReadAsync(work, CancellationToken.None);

    public Task<StoredResource?> FindAsync(string tenant, string type, string id) => ReadAsync(r => r.Resources.FindAsync(tenant, type, id));

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        if (Options.Provider == StorageProvider.Postgres)
        {
            // Idle connections of a hundred databases are too many for one server.
            await using var connection = new NpgsqlConnection(Options.ConnectionString);
            NpgsqlConnection.ClearPool(connection);
        }

        Directory.Delete(_folder, recursive: true);
    }
}

/// <summary>A clock that a test moves.</summary>
public sealed class SettableTime : TimeProvider
{
    public DateTimeOffset Now { get; set; } = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow() => Now;
}
