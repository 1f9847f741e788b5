using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace SecondOpinion.Storage;

/// <summary>Makes contexts of the configured provider.</summary>
public sealed class ContextSource
{
    private readonly Func<InteropDbContext> _create;

    public ContextSource(StorageOptions options)
    {
        Options = options;
        (_create, RentServerContext) = options.Provider switch
        {
            StorageProvider.Postgres => Pool(PostgresOptions(options.ConnectionString), o => new PostgresInteropContext(o)),
            StorageProvider.SqlServer => Pool(SqlServerOptions(options.ConnectionString), o => new SqlServerInteropContext(o)),
            _ => ((Func<InteropDbContext>)Sqlite, (Func<InteropDbContext>)(() => throw new InvalidOperationException("SQLite has sessions, not pooled contexts"))),
        };

        InteropDbContext Sqlite() => new SqliteInteropContext(SqliteOptions(SqliteConnectionString(options)));
    }

    public StorageOptions Options { get; }

    public StorageProvider Provider => Options.Provider;

    /// <summary>A context of its own connection, for migrations and tools; the caller disposes it. Requests go through <see cref="InteropStore"/>.</summary>
    public InteropDbContext Create() => _create();

    internal Func<InteropDbContext> RentServerContext { get; }

    internal static DbContextOptions<SqliteInteropContext> SqliteOptions(string connectionString) =>
        Common(new DbContextOptionsBuilder<SqliteInteropContext>()).UseSqlite(connectionString).Options;

    internal static DbContextOptions<PostgresInteropContext> PostgresOptions(string connectionString) =>
        Common(new DbContextOptionsBuilder<PostgresInteropContext>()).UseNpgsql(connectionString).Options;

    internal static DbContextOptions<SqlServerInteropContext> SqlServerOptions(string connectionString) =>
        Common(new DbContextOptionsBuilder<SqlServerInteropContext>()).UseSqlServer(connectionString).Options;

    internal static string SqliteConnectionString(StorageOptions options) => options.ConnectionString.Length > 0
        ? options.ConnectionString
        : new SqliteConnectionStringBuilder { DataSource = Path.GetFullPath(options.DatabaseFile), DefaultTimeout = options.BusySeconds, Pooling = false }.ToString();

    private static DbContextOptionsBuilder<T> Common<T>(DbContextOptionsBuilder<T> builder)
        where T : DbContext => builder.UseQueryTrackingBehavior(QueryTrackingBehavior.NoTracking);

    private static (Func<InteropDbContext> Create, Func<InteropDbContext> Rent) Pool<T>(DbContextOptions<T> options, Func<DbContextOptions<T>, T> create)
        where T : InteropDbContext
    {
        var pool = new PooledDbContextFactory<T>(options);
        return (() => create(options), pool.CreateDbContext);
    }
}
