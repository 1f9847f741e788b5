using System.Data.Common;
using SecondOpinion.Storage.Search.Rows;

namespace SecondOpinion.Storage.Search;

/// <summary>
/// What has to change for a resource's index rows to say what they should. A version that differs little from the one before, as the ImagingStudy of a
/// study that grows by one instance, changes few of its hundreds of rows.
/// </summary>
internal sealed class IndexRowDiff
{
    private const string Where = "WHERE \"ResourceKey\" = @p0";
    private const string Tokens = $"SELECT \"Parameter\", \"Ordinal\", \"Group\", \"Code\", \"SystemId\" FROM \"SearchTokens\" {Where}";
    private const string Strings = $"SELECT \"Parameter\", \"Ordinal\", \"Group\", \"Text\", \"Exact\" FROM \"SearchStrings\" {Where}";
    private const string References = $"SELECT \"Parameter\", \"Ordinal\", \"Group\", \"TargetType\", \"TargetId\", \"Version\" FROM \"SearchReferences\" {Where}";
    private const string Dates = $"SELECT \"Parameter\", \"Ordinal\", \"Group\", \"From\", \"To\" FROM \"SearchDates\" {Where}";
    private const string Numbers = $"SELECT \"Parameter\", \"Ordinal\", \"Group\", \"Low\", \"High\", \"SystemId\", \"Unit\", \"CanonicalLow\", \"CanonicalHigh\", \"CanonicalUnit\" FROM \"SearchNumbers\" {Where}";
    private const string Uris = $"SELECT \"Parameter\", \"Ordinal\", \"Group\", \"Uri\" FROM \"SearchUris\" {Where}";

    private readonly Dictionary<IndexRow, IndexRow> _missing = new(IndexRowComparer.Instance);
    private readonly Dictionary<(Type Table, int Parameter), int> _nextOrdinal = [];

    private IndexRowDiff()
    {
    }

    /// <summary>Rows in the tables that should not be there.</summary>
    public List<IndexRow> Gone { get; } = [];

    /// <summary>Rows to insert, with ordinals that no row of the tables has.</summary>
    public IReadOnlyCollection<IndexRow> Added => _missing.Keys;

    /// <param name="wanted">The rows that the resource should have, no two of one value; their ordinals are set.</param>
    public static async Task<IndexRowDiff> OfAsync(Statements statements, long key, IReadOnlyList<IndexRow> wanted)
    {
        var diff = new IndexRowDiff();
        foreach (var row in wanted)
        {
            diff._missing.Add(row, row);
        }

        await statements.EachAsync(r => diff.Stored(new TokenRow { Code = r.GetString(3), SystemId = r.GetInt64(4) }, key, r), Tokens, key);
        await statements.EachAsync(r => diff.Stored(new StringRow { Text = r.GetString(3), Exact = r.GetString(4) }, key, r), Strings, key);
        await statements.EachAsync(r => diff.Stored(new ReferenceRow { TargetType = r.GetString(3), TargetId = r.GetString(4), Version = r.GetString(5) }, key, r), References, key);
        await statements.EachAsync(r => diff.Stored(new DateRow { From = r.GetInt64(3), To = r.GetInt64(4) }, key, r), Dates, key);
        await statements.EachAsync(r => diff.Stored(Number(r), key, r), Numbers, key);
        await statements.EachAsync(r => diff.Stored(new UriRow { Uri = r.GetString(3) }, key, r), Uris, key);
        foreach (var row in diff._missing.Keys)
        {
            var at = (row.GetType(), row.Parameter);
            diff._nextOrdinal.TryGetValue(at, out var ordinal);
            row.Ordinal = ordinal;
            diff._nextOrdinal[at] = ordinal + 1;
        }

        return diff;
    }

    private void Stored(IndexRow row, long key, DbDataReader reader)
    {
        (row.ResourceKey, row.Parameter, row.Ordinal, row.Group) = (key, reader.GetInt32(0), reader.GetInt32(1), reader.GetInt32(2));
        var at = (row.GetType(), row.Parameter);
        _nextOrdinal[at] = Math.Max(_nextOrdinal.GetValueOrDefault(at), row.Ordinal + 1);
        if (!_missing.Remove(row))
        {
            Gone.Add(row);
        }
    }

    private static NumberRow Number(DbDataReader reader) => new()
    {
        Low = reader.GetDouble(3),
        High = reader.GetDouble(4),
        SystemId = reader.GetInt64(5),
        Unit = reader.GetString(6),
        CanonicalLow = reader.IsDBNull(7) ? null : reader.GetDouble(7),
        CanonicalHigh = reader.IsDBNull(8) ? null : reader.GetDouble(8),
        CanonicalUnit = reader.GetString(9),
    };
}

/// <summary>Rows of one parameter and group that say the same are equal, whatever their ordinal.</summary>
internal sealed class IndexRowComparer : IEqualityComparer<IndexRow>
{
    public static IndexRowComparer Instance { get; } = new();

    public bool Equals(IndexRow? x, IndexRow? y) =>
        ReferenceEquals(x, y) || (x is not null && y is not null && x.Parameter == y.Parameter && x.Group == y.Group && (x, y) switch
        {
            (TokenRow a, TokenRow b) => a.SystemId == b.SystemId && a.Code == b.Code,
            (StringRow a, StringRow b) => a.Text == b.Text && a.Exact == b.Exact,
            (ReferenceRow a, ReferenceRow b) => a.TargetId == b.TargetId && a.TargetType == b.TargetType && a.Version == b.Version,
            (DateRow a, DateRow b) => a.From == b.From && a.To == b.To,
            (NumberRow a, NumberRow b) => (a.Low, a.High, a.SystemId, a.Unit, a.CanonicalLow, a.CanonicalHigh, a.CanonicalUnit)
                .Equals((b.Low, b.High, b.SystemId, b.Unit, b.CanonicalLow, b.CanonicalHigh, b.CanonicalUnit)),
            (UriRow a, UriRow b) => a.Uri == b.Uri,
            _ => false,
        });

    public int GetHashCode(IndexRow obj) => HashCode.Combine(obj.Parameter, obj.Group, obj switch
    {
        TokenRow t => HashCode.Combine(t.Code, t.SystemId),
        StringRow s => HashCode.Combine(s.Text, s.Exact),
        ReferenceRow r => HashCode.Combine(r.TargetId, r.TargetType, r.Version),
        DateRow d => HashCode.Combine(d.From, d.To),
        NumberRow n => HashCode.Combine(n.Low, n.High, n.Unit),
        UriRow u => u.Uri.GetHashCode(StringComparison.Ordinal),
        _ => 0,
    });
}
