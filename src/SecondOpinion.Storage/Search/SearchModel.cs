using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using SecondOpinion.Storage.Model;
using SecondOpinion.Storage.Search.Rows;

namespace SecondOpinion.Storage.Search;

/// <summary>
/// Tables of the search index. Each has two ways in: by resource (probe, sort, replace) and by value (search); the second covers what conditions ask
/// for. Widest key: 512 characters and 12 bytes, within SQL Server's 1,700 bytes.
/// </summary>
internal static class SearchModel
{
    public static void Configure(ModelBuilder model)
    {
        Table<TokenRow>(model, "SearchTokens", r => new { r.Parameter, r.Code, r.SystemId, r.ResourceKey });
        model.Entity<TokenRow>().Property(r => r.Code).HasMaxLength(IndexText.CodeLength);

        Table<StringRow>(model, "SearchStrings", r => new { r.Parameter, r.Text, r.ResourceKey });
        model.Entity<StringRow>().Property(r => r.Text).HasMaxLength(IndexText.TextLength);
        model.Entity<StringRow>().Property(r => r.Exact).HasMaxLength(IndexText.TextLength);

        // The target comes first: "what points here" has no parameter (_revinclude=*).
        Table<ReferenceRow>(model, "SearchReferences", r => new { r.TargetId, r.TargetType, r.Parameter, r.ResourceKey });
        model.Entity<ReferenceRow>().Property(r => r.TargetType).HasMaxLength(ColumnLength.Code);
        model.Entity<ReferenceRow>().Property(r => r.TargetId).HasMaxLength(IndexText.UriLength);
        model.Entity<ReferenceRow>().Property(r => r.Version).HasMaxLength(ColumnLength.Id);

        Table<DateRow>(model, "SearchDates", r => new { r.Parameter, r.From, r.To, r.ResourceKey });

        Table<NumberRow>(model, "SearchNumbers", r => new { r.Parameter, r.Low, r.High, r.ResourceKey });
        model.Entity<NumberRow>().HasIndex(r => new { r.Parameter, r.CanonicalUnit, r.CanonicalLow, r.CanonicalHigh, r.ResourceKey });
        model.Entity<NumberRow>().Property(r => r.Unit).HasMaxLength(ColumnLength.Code);
        model.Entity<NumberRow>().Property(r => r.CanonicalUnit).HasMaxLength(ColumnLength.Code);

        Table<UriRow>(model, "SearchUris", r => new { r.Parameter, r.Uri, r.ResourceKey });
        model.Entity<UriRow>().Property(r => r.Uri).HasMaxLength(IndexText.UriLength);
    }

    private static void Table<TRow>(ModelBuilder model, string name, Expression<Func<TRow, object?>> byValue)
        where TRow : IndexRow
    {
        var table = model.Entity<TRow>().ToTable(name);
        table.HasKey(r => new { r.ResourceKey, r.Parameter, r.Ordinal });
        table.HasIndex(byValue);
    }
}
