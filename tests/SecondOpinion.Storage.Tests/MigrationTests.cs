using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Migrations;
using SecondOpinion.Storage.Migrations;
using Xunit;

namespace SecondOpinion.Storage.Tests;

public sealed class MigrationTests
{
    private static InteropDbContext Context(StorageProvider provider) => provider switch
    {
        StorageProvider.Sqlite => new SqliteDesignTime().CreateDbContext([]),
        StorageProvider.Postgres => new PostgresDesignTime().CreateDbContext([]),
        _ => new SqlServerDesignTime().CreateDbContext([]),
    };

    public static TheoryData<StorageProvider> Providers => new(Enum.GetValues<StorageProvider>());

    [Theory]
    [MemberData(nameof(Providers))]
    public void Model_has_no_changes_that_no_migration_holds(StorageProvider provider)
    {
        using var db = Context(provider);
        Assert.False(db.Database.HasPendingModelChanges(), "Run tools/migrations/regenerate.sh");
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public void Script_makes_every_table_and_index_of_the_model(StorageProvider provider)
    {
        using var db = Context(provider);
        var script = db.GetService<IMigrator>().GenerateScript();
        var tables = db.GetService<IDesignTimeModel>().Model.GetRelationalModel().Tables.ToList();
        Assert.NotEmpty(tables);
        var (open, close) = provider == StorageProvider.SqlServer ? ('[', ']') : ('"', '"');
        foreach (var table in tables)
        {
            Assert.Contains($"CREATE TABLE {open}{table.Name}{close}", script, StringComparison.Ordinal);
            foreach (var index in table.Indexes)
            {
                Assert.Contains($"{(index.IsUnique ? "UNIQUE " : "")}INDEX {open}{index.Name}{close} ON {open}{table.Name}{close}", script, StringComparison.Ordinal);
            }
        }
    }

    /// <summary>A server that cannot run here is at least held to its limits: 1,700 bytes in an index key, 900 in a clustered one, ordinal collation on all text.</summary>
    [Fact]
    public void SqlServer_keys_fit_and_text_is_ordinal()
    {
        using var db = Context(StorageProvider.SqlServer);
        foreach (var entity in db.GetService<IDesignTimeModel>().Model.GetEntityTypes())
        {
            Assert.All(entity.GetProperties().Where(p => p.ClrType == typeof(string)), p => Assert.Equal("Latin1_General_100_BIN2", p.GetCollation()));
            Assert.True(entity.FindPrimaryKey()!.Properties.Sum(Bytes) <= 900, entity.Name);
            Assert.All(entity.GetIndexes(), i => Assert.True(i.Properties.Sum(Bytes) <= 1700, $"{i.GetDatabaseName()}: {i.Properties.Sum(Bytes)} bytes"));
        }

        static int Bytes(IProperty property) =>
            property.ClrType == typeof(string) ? 2 * (property.GetMaxLength() ?? 4000) : property.ClrType == typeof(byte[]) ? property.GetMaxLength() ?? 8000 : 8;
    }

    [Fact]
    public async Task A_new_database_is_up_to_date_and_migrating_it_again_changes_nothing()
    {
        await using var store = await TestStore.SqliteAsync();
        var migrator = new SchemaMigrator(store.Contexts);
        Assert.False(await migrator.IsBehindAsync(TestContext.Current.CancellationToken));
        await migrator.MigrateAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_process_that_was_killed_while_it_migrated_stops_no_later_one()
    {
        var folder = Directory.CreateTempSubdirectory("interop-test-").FullName;
        var options = new StorageOptions { DataFolder = folder };
        await using (var connection = new SqliteConnection(ContextSource.SqliteConnectionString(options)))
        {
            await connection.OpenAsync(TestContext.Current.CancellationToken);
            await using var command = connection.CreateCommand();
            command.CommandText = """
                CREATE TABLE "__EFMigrationsLock" ("Id" INTEGER NOT NULL PRIMARY KEY, "Timestamp" TEXT NOT NULL);
                INSERT INTO "__EFMigrationsLock" VALUES (1, '2026-01-01 00:00:00+00:00');
                """;
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await new SchemaMigrator(new ContextSource(options)).MigrateAsync(limit.Token);
        await using var store = await TestStore.OpenAsync(options, folder);
        await store.CreateAsync("a", Fhir.FhirResource.Parse("""{"resourceType":"Patient"}"""));
    }
}
