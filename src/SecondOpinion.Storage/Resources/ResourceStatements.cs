using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using SecondOpinion.Storage.Model;

namespace SecondOpinion.Storage.Resources;

/// <summary>Rows of <see cref="ResourceModel"/>, written and read by hand: see <see cref="Statements"/>.</summary>
internal static class ResourceStatements
{
    private const string Columns = "\"TenantId\", \"Type\", \"Id\", \"Version\", \"LastUpdated\", \"IsDeleted\", \"Method\", \"Json\"";
    private const string Insert = $"INSERT INTO \"Resources\" ({Columns}) VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7) RETURNING \"Key\"";
    private const string InsertSqlServer = $"INSERT INTO \"Resources\" ({Columns}) OUTPUT INSERTED.\"Key\" VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7)";
    private const string Keep = $"INSERT INTO \"ResourceVersions\" (\"ResourceKey\", {Columns}) SELECT \"Key\", {Columns} FROM \"Resources\" WHERE \"Key\" = @p0 AND \"Version\" = @p1";
    private const string Update = "UPDATE \"Resources\" SET \"Version\" = @p0, \"LastUpdated\" = @p1, \"IsDeleted\" = @p2, \"Method\" = @p3, \"Json\" = @p4 WHERE \"Key\" = @p5 AND \"Version\" = @p6";
    private const string ByName = $"SELECT \"Key\", {Columns} FROM \"Resources\" WHERE \"Type\" = @p0 AND \"Id\" = @p1";
    private const string ByKey = $"SELECT \"Key\", {Columns} FROM \"Resources\" WHERE \"Key\" = @p0";
    private const string Exists = "SELECT 1 FROM \"Resources\" WHERE \"Type\" = @p0 AND \"Id\" = @p1";

    /// <summary>Inserts a row and sets its key.</summary>
    public static async Task InsertAsync(InteropDbContext db, ResourceRow row)
    {
        var statements = Statements.Of(db);
        row.Key = (long)(await statements.ScalarAsync(
            statements.IsSqlServer ? InsertSqlServer : Insert,
            row.TenantId, row.Type, row.Id, row.Version, row.LastUpdated, row.IsDeleted, row.Method, row.Json))!;
    }

    /// <summary>Moves the current version to the past ones and puts the next one in its place.</summary>
    /// <exception cref="DbUpdateConcurrencyException">The version before <paramref name="next"/> is not the current one.</exception>
    /// <param name="keepPast">False: the version before is not kept.</param>
    public static async Task ReplaceAsync(InteropDbContext db, ResourceRow next, bool keepPast = true)
    {
        var statements = Statements.Of(db);
        if ((keepPast && await statements.ExecuteAsync(Keep, next.Key, next.Version - 1) != 1)
            || await statements.ExecuteAsync(Update, next.Version, next.LastUpdated, next.IsDeleted, next.Method, next.Json, next.Key, next.Version - 1) != 1)
        {
            throw new DbUpdateConcurrencyException("Another write came between");
        }
    }

    public static Task<ResourceRow?> FindAsync(InteropDbContext db, string type, string id, CancellationToken cancellation) =>
        Statements.Of(db).FirstAsync(Read, ByName, [type, id], cancellation);

    public static Task<ResourceRow?> FindAsync(InteropDbContext db, long key, CancellationToken cancellation) =>
        Statements.Of(db).FirstAsync(Read, ByKey, [key], cancellation);

    public static async Task<bool> ExistsAsync(InteropDbContext db, string type, string id) => await Statements.Of(db).ScalarAsync(Exists, type, id) is not null;

    private static ResourceRow Read(DbDataReader reader) => new()
    {
        Key = reader.GetInt64(0),
        TenantId = reader.GetString(1),
        Type = reader.GetString(2),
        Id = reader.GetString(3),
        Version = reader.GetInt32(4),
        LastUpdated = reader.GetInt64(5),
        IsDeleted = reader.GetBoolean(6),
        Method = reader.GetString(7),
        Json = reader.GetFieldValue<byte[]>(8),
    };
}
