using Microsoft.EntityFrameworkCore;

namespace SecondOpinion.Storage.Search;

/// <summary>
/// Statistics for SQLite's planner. Without any it takes every index column to leave ten rows, and then walks all resources of a type rather than the few
/// keys that an identifier has. The figures are those of a filled database, set once and for all: a plan that changes with the data would be worse than
/// one that is a little off.
/// </summary>
internal static class SqliteStatistics
{
    /// <summary>Table, index, and rows: in all, then per value of the first column, of the first two, and so on (sqlite.org/fileformat2.html#stat1tab).</summary>
    public static IReadOnlyList<(string Table, string Index, string Rows)> Rows { get; } =
    [
        ("Resources", "IX_Resources_Type_Id", "1000000 50000 1"),
        ("Resources", "IX_Resources_TenantId_Type_Key", "1000000 20000 2000 1"),
        ("Resources", "IX_Resources_TenantId_Type_LastUpdated_Key", "1000000 20000 2000 2 1"),
        ("Resources", "IX_Resources_TenantId_LastUpdated_Key", "1000000 20000 2 1"),
        ("Shares", "sqlite_autoindex_Shares_1", "1000000 20000 1 1"),
        ("Shares", "IX_Shares_ResourceKey", "1000000 2"),
        ("Shares", "IX_Shares_TenantId_CaseId", "1000000 20000 10"),
        ("SearchTokens", "sqlite_autoindex_SearchTokens_1", "10000000 10 2 1"),
        ("SearchTokens", "IX_SearchTokens_Parameter_Code_SystemId_ResourceKey", "10000000 40000 50 40 1"),
        ("SearchStrings", "sqlite_autoindex_SearchStrings_1", "2000000 4 2 1"),
        ("SearchStrings", "IX_SearchStrings_Parameter_Text_ResourceKey", "2000000 20000 10 1"),
        ("SearchReferences", "sqlite_autoindex_SearchReferences_1", "5000000 5 1 1"),
        ("SearchReferences", "IX_SearchReferences_TargetId_TargetType_Parameter_ResourceKey", "5000000 50 50 10 1"),
        ("SearchDates", "sqlite_autoindex_SearchDates_1", "3000000 3 1 1"),
        ("SearchDates", "IX_SearchDates_Parameter_From_To_ResourceKey", "3000000 20000 10 10 1"),
        ("SearchNumbers", "sqlite_autoindex_SearchNumbers_1", "1000000 3 1 1"),
        ("SearchNumbers", "IX_SearchNumbers_Parameter_Low_High_ResourceKey", "1000000 50000 20 20 1"),
        ("SearchNumbers", "IX_SearchNumbers_Parameter_CanonicalUnit_CanonicalLow_CanonicalHigh_ResourceKey", "1000000 50000 20000 20 20 1"),
        ("SearchUris", "sqlite_autoindex_SearchUris_1", "500000 2 1 1"),
        ("SearchUris", "IX_SearchUris_Parameter_Uri_ResourceKey", "500000 5000 100 1"),
    ];

    /// <summary>Writes the figures; connections that are opened later plan by them.</summary>
    public static async Task ApplyAsync(InteropDbContext db, CancellationToken cancellation)
    {
        // The table exists once anything was analysed.
        await db.Database.ExecuteSqlRawAsync("ANALYZE \"Shares\"", cancellation);
        await db.Database.ExecuteSqlRawAsync("DELETE FROM sqlite_stat1", cancellation);
        foreach (var (table, index, rows) in Rows)
        {
            await db.Database.ExecuteSqlAsync($"INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ({table}, {index}, {rows})", cancellation);
        }
    }
}
