using Npgsql;
using SecondOpinion.TestKit;
using Xunit;

[assembly: AssemblyFixture(typeof(PostgresCluster))]

namespace SecondOpinion.Storage.Tests.Contracts;

internal static class Postgres
{
    private static readonly Lock Migrating = new();
    private static string? _template;

    /// <summary>A store over a copy of a database that was migrated once.</summary>
    public static Task<TestStore> OpenAsync(PostgresCluster cluster, IReadOnlyList<WriteHook> hooks)
    {
        var folder = Directory.CreateTempSubdirectory("interop-test-").FullName;
        var options = new StorageOptions { Provider = StorageProvider.Postgres, ConnectionString = cluster.NewDatabase(Template(cluster)), DataFolder = folder };
        return Task.FromResult(TestStore.Over(options, folder, hooks));
    }

    private static string Template(PostgresCluster cluster)
    {
        lock (Migrating)
        {
            if (_template is null)
            {
                var connection = cluster.NewDatabase();
                new SchemaMigrator(new ContextSource(new StorageOptions { Provider = StorageProvider.Postgres, ConnectionString = connection })).MigrateAsync().GetAwaiter().GetResult();
                NpgsqlConnection.ClearAllPools();
                _template = PostgresCluster.NameOf(connection);
            }

            return _template;
        }
    }
}

public sealed class PostgresStoreTests(PostgresCluster cluster) : StoreContractTests
{
    protected override Task<TestStore> OpenAsync(params IReadOnlyList<WriteHook> hooks) => Postgres.OpenAsync(cluster, hooks);
}

public sealed class PostgresVisibilityTests(PostgresCluster cluster) : VisibilityContractTests
{
    protected override Task<TestStore> OpenAsync(params IReadOnlyList<WriteHook> hooks) => Postgres.OpenAsync(cluster, hooks);
}

public sealed class PostgresHistoryTests(PostgresCluster cluster) : HistoryContractTests
{
    protected override Task<TestStore> OpenAsync(params IReadOnlyList<WriteHook> hooks) => Postgres.OpenAsync(cluster, hooks);
}

public sealed class PostgresConcurrencyTests(PostgresCluster cluster) : ConcurrencyContractTests
{
    protected override Task<TestStore> OpenAsync(params IReadOnlyList<WriteHook> hooks) => Postgres.OpenAsync(cluster, hooks);
}

public sealed class PostgresTenantTests(PostgresCluster cluster) : TenantContractTests
{
    protected override Task<TestStore> OpenAsync(params IReadOnlyList<WriteHook> hooks) => Postgres.OpenAsync(cluster, hooks);
}

public sealed class PostgresSearchTests(PostgresCluster cluster, Search.SearchData data) : Search.SearchContractTests(data)
{
    protected override Task<TestStore> OpenAsync(params IReadOnlyList<WriteHook> hooks) => Postgres.OpenAsync(cluster, hooks);
}
