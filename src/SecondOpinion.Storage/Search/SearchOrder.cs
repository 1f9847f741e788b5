using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using SecondOpinion.Fhir.Search;
using SecondOpinion.Storage.Model;
using SecondOpinion.Storage.Search.Rows;

namespace SecondOpinion.Storage.Search;

/// <summary>A match with the values it is sorted by: each key is in the column of its kind.</summary>
internal sealed class SortedHit
{
    public long Key { get; set; }

    public long? Long0 { get; set; }

    public long? Long1 { get; set; }

    public long? Long2 { get; set; }

    public long? Long3 { get; set; }

    public string? Text0 { get; set; }

    public string? Text1 { get; set; }

    public string? Text2 { get; set; }

    public string? Text3 { get; set; }

    public double? Real0 { get; set; }

    public double? Real1 { get; set; }

    public double? Real2 { get; set; }

    public double? Real3 { get; set; }

    /// <summary>The value of a sort key, whatever its kind.</summary>
    public object? this[int index] => index switch
    {
        0 => Long0 ?? Text0 ?? (object?)Real0,
        1 => Long1 ?? Text1 ?? (object?)Real1,
        2 => Long2 ?? Text2 ?? (object?)Real2,
        _ => Long3 ?? Text3 ?? (object?)Real3,
    };
}

/// <summary>
/// Orders matches by <c>_sort</c> and finds where a page begins by the values of the last match before it (keyset paging): resources that come or go in
/// between move no others. Missing values come last in both directions; the newest resource comes first among equals.
/// </summary>
internal sealed class SearchOrder
{
    private readonly List<Key> _keys = [];
    private readonly InteropDbContext _db;
    private readonly SearchCompiler _compiler;

    public SearchOrder(InteropDbContext db, SearchCompiler compiler, string? type, IReadOnlyList<SearchSort> sorts)
    {
        _db = db;
        _compiler = compiler;
        foreach (var sort in sorts)
        {
            Add(type, sort);
        }
    }

    /// <summary>The next matches in order.</summary>
    public IQueryable<SortedHit> Page(IQueryable<ResourceRow> rows, SearchCursor? after, int count)
    {
        var hits = rows.Select(Projection());
        if (after is not null)
        {
            hits = hits.Where(After(after));
        }

        if (_keys.Count == 0)
        {
            return hits.OrderByDescending(h => h.Key).Take(count);
        }

        for (var i = 0; i < _keys.Count; i++)
        {
            hits = OrderBy(hits, _keys[i], i == 0);
        }

        return ((IOrderedQueryable<SortedHit>)hits).ThenByDescending(h => h.Key).Take(count);
    }

    /// <summary>Where the page after this match begins.</summary>
    public SearchCursor Cursor(SortedHit last) => new(last.Key, [.. _keys.Select((_, i) => last[i])]);

    private static IQueryable<SortedHit> OrderBy(IQueryable<SortedHit> hits, Key key, bool isFirst)
    {
        var hit = Expression.Parameter(typeof(SortedHit), "h");
        var column = Expression.Property(hit, key.Column);
        var call = hits.Expression;
        if (key.CanBeMissing)
        {
            var missing = Expression.Condition(Expression.Equal(column, Expression.Constant(null, column.Type)), Expression.Constant(1), Expression.Constant(0));
            call = Call(isFirst ? nameof(Queryable.OrderBy) : nameof(Queryable.ThenBy), missing);
            isFirst = false;
        }

        call = Call((isFirst, key.Descending) switch
        {
            (true, false) => nameof(Queryable.OrderBy),
            (true, true) => nameof(Queryable.OrderByDescending),
            (false, false) => nameof(Queryable.ThenBy),
            _ => nameof(Queryable.ThenByDescending),
        }, column);
        return hits.Provider.CreateQuery<SortedHit>(call);

        MethodCallExpression Call(string method, Expression by) =>
            Expression.Call(typeof(Queryable), method, [typeof(SortedHit), by.Type], call, Expression.Quote(Expression.Lambda(by, hit)));
    }

    // After the cursor: equal in the first keys and after it in the next one, for each number of keys.
    private Expression<Func<SortedHit, bool>> After(SearchCursor cursor)
    {
        var hit = Expression.Parameter(typeof(SortedHit), "h");
        Expression after = Expression.LessThan(Expression.Property(hit, nameof(SortedHit.Key)), Predicate.Parameter(cursor.Key));
        for (var i = _keys.Count - 1; i >= 0; i--)
        {
            var key = _keys[i];
            var column = Expression.Property(hit, key.Column);
            var isMissing = Expression.Equal(column, Expression.Constant(null, column.Type));
            if (cursor.Values[i] is not { } value)
            {
                after = Expression.AndAlso(isMissing, after);
                continue;
            }

            var at = Value(value, column.Type);
            Expression beyond = column.Type == typeof(string)
                ? Compare(Predicate.Compare(column, at), Expression.Constant(0), key.Descending)
                : Compare(column, at, key.Descending);
            if (key.CanBeMissing)
            {
                beyond = Expression.OrElse(beyond, isMissing);
            }

            after = Expression.OrElse(beyond, Expression.AndAlso(Expression.Equal(column, at), after));
        }

        return Expression.Lambda<Func<SortedHit, bool>>(after, hit);

        static BinaryExpression Compare(Expression left, Expression right, bool descending) =>
            descending ? Expression.LessThan(left, right) : Expression.GreaterThan(left, right);
    }

    private static Expression Value(object value, Type type) => value switch
    {
        string text => Predicate.Parameter(text),
        long number when type == typeof(long?) => Predicate.Parameter<long?>(number),
        double real when type == typeof(double?) => Predicate.Parameter<double?>(real),
        _ => throw new InvalidOperationException("Cursor and sort keys are of different kinds"),
    };

    private Expression<Func<ResourceRow, SortedHit>> Projection()
    {
        var row = Expression.Parameter(typeof(ResourceRow), "r");
        var bindings = new List<MemberBinding> { Expression.Bind(typeof(SortedHit).GetProperty(nameof(SortedHit.Key))!, Expression.Property(row, nameof(ResourceRow.Key))) };
        foreach (var key in _keys)
        {
            bindings.Add(Expression.Bind(typeof(SortedHit).GetProperty(key.Column)!, Predicate.Inline(key.Value, row)));
        }

        return Expression.Lambda<Func<ResourceRow, SortedHit>>(Expression.MemberInit(Expression.New(typeof(SortedHit)), bindings), row);
    }

    private void Add(string? type, SearchSort sort)
    {
        switch (sort)
        {
            case { Parameter.Code: "_id", Reference: null }:
                Add<string?>("Text", sort, r => r.Id, canBeMissing: false);
                return;
            case { Parameter.Code: "_lastUpdated", Reference: null }:
                Add<long?>("Long", sort, r => r.LastUpdated, canBeMissing: false);
                return;
            default:
                break;
        }

        switch (sort.Parameter.Type)
        {
            case SearchParameterType.Token:
                Add<TokenRow, string?>("Text", type, sort, t => t.Code, t => t.Code);
                break;
            case SearchParameterType.String:
                Add<StringRow, string?>("Text", type, sort, t => t.Text, t => t.Text);
                break;
            case SearchParameterType.Reference:
                Add<ReferenceRow, string?>("Text", type, sort, t => t.TargetId, t => t.TargetId);
                break;
            case SearchParameterType.Uri:
                Add<UriRow, string?>("Text", type, sort, t => t.Uri, t => t.Uri);
                break;
            case SearchParameterType.Date:
                Add<DateRow, long?>("Long", type, sort, t => t.From, t => t.To);
                break;
            default:
                Add<NumberRow, double?>("Real", type, sort, t => t.Low, t => t.High);
                break;
        }
    }

    // FHIR R4 search.html#sort: of several values the lowest counts when ascending, the highest when descending.
    private void Add<TRow, T>(string column, string? type, SearchSort sort, Expression<Func<TRow, T>> low, Expression<Func<TRow, T>> high)
        where TRow : IndexRow
    {
        var rows = sort.Reference is null
            ? Own<TRow>(ParameterId.Of(type, sort.Parameter.Code))
            : Chained<TRow>(ParameterId.Of(type, sort.Reference.Code), sort.TargetType!, ParameterId.Of(sort.TargetType, sort.Parameter.Code));
        var value = Expression.Call(
            typeof(Queryable),
            sort.Descending ? nameof(Queryable.Max) : nameof(Queryable.Min),
            [typeof(TRow), typeof(T)],
            rows.Body,
            Expression.Quote(sort.Descending ? high : low));
        Add(column, sort, Expression.Lambda<Func<ResourceRow, T>>(value, rows.Parameters));
    }

    private Expression<Func<ResourceRow, IQueryable<TRow>>> Own<TRow>(int id)
        where TRow : IndexRow
    {
        var set = _db.Set<TRow>();
        return r => set.Where(t => t.ResourceKey == r.Key && t.Parameter == id);
    }

    // Only targets that may be seen decide an order: else it would tell what they contain.
    private Expression<Func<ResourceRow, IQueryable<TRow>>> Chained<TRow>(int reference, string targetType, int id)
        where TRow : IndexRow
    {
        var set = _db.Set<TRow>();
        var references = _compiler.References;
        var targets = _compiler.Allowed(targetType);
        return r => references
            .Where(f => f.ResourceKey == r.Key && f.Parameter == reference && f.TargetType == targetType)
            .SelectMany(f => targets.Where(t => t.Id == f.TargetId))
            .SelectMany(t => set.Where(s => s.ResourceKey == t.Key && s.Parameter == id));
    }

    private void Add<T>(string column, SearchSort sort, Expression<Func<ResourceRow, T>> value, bool canBeMissing = true) =>
        _keys.Add(new Key(column + (char)('0' + _keys.Count), value, sort.Descending, canBeMissing));

    private sealed record Key(string Column, LambdaExpression Value, bool Descending, bool CanBeMissing);
}
