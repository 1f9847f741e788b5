using Microsoft.EntityFrameworkCore.Design;

namespace SecondOpinion.Storage.Migrations;

// What tools/migrations/regenerate.sh makes contexts with. No database is opened for it.

internal sealed class SqliteDesignTime : IDesignTimeDbContextFactory<SqliteInteropContext>
{
    public SqliteInteropContext CreateDbContext(string[] args) => new(ContextSource.SqliteOptions("Data Source=:memory:"));
}

internal sealed class PostgresDesignTime : IDesignTimeDbContextFactory<PostgresInteropContext>
{
    public PostgresInteropContext CreateDbContext(string[] args) => new(ContextSource.PostgresOptions("Host=localhost"));
}

internal sealed class SqlServerDesignTime : IDesignTimeDbContextFactory<SqlServerInteropContext>
{
    public SqlServerInteropContext CreateDbContext(string[] args) => new(ContextSource.SqlServerOptions("Server=localhost"));
}
