using System.Globalization;
using System.Linq.Expressions;
using System.Reflection;
using System.Text;
using Microsoft.EntityFrameworkCore;
using SecondOpinion.Dicom;

namespace SecondOpinion.Storage.Dicom;

/// <summary>Attribute matching (PS3.4 C.2.2.2) as conditions on a column. Null: universal matching, no condition.</summary>
internal static class ColumnMatch
{
    private static readonly MethodInfo s_like = typeof(DbFunctionsExtensions).GetMethod(nameof(DbFunctionsExtensions.Like), [typeof(DbFunctions), typeof(string), typeof(string), typeof(string)])!;
    private static readonly MethodInfo s_compare = typeof(string).GetMethod(nameof(string.Compare), [typeof(string), typeof(string)])!;
    private static readonly MethodInfo s_contains = typeof(Enumerable).GetMethods().Single(m => m.Name == nameof(Enumerable.Contains) && m.GetParameters().Length == 2).MakeGenericMethod(typeof(string));

    /// <summary>Single value and wildcard matching (PS3.4 C.2.2.2.1, C.2.2.2.4).</summary>
    public static Expression<Func<T, bool>>? Text<T>(Expression<Func<T, string>> column, string value)
    {
        if (value.AsSpan().ContainsAny('*', '?'))
        {
            return value.AsSpan().ContainsAnyExcept('*') ? Where(column, Like(column.Body, Pattern(value))) : null;
        }

        return Where(column, Expression.Equal(column.Body, Parameter(value)));
    }

    /// <summary>
    /// Names without regard to case and accents, in any component group; a value with fewer components than the name matches on those it has.
    /// </summary>
    public static Expression<Func<T, bool>>? Name<T>(Expression<Func<T, string>> folded, string value)
    {
        var name = TextFold.FoldName(value);
        if (name.Length == 0 || !name.AsSpan().ContainsAnyExcept('*'))
        {
            return null;
        }

        var pattern = Pattern(name);
        var any = Expression.OrElse(Like(folded.Body, pattern), Expression.OrElse(Like(folded.Body, pattern + "^%"), Like(folded.Body, pattern + "=%")));
        if (!Ascii.IsValid(name))
        {
            any = Expression.OrElse(any, Expression.OrElse(Like(folded.Body, "%=" + pattern), Expression.OrElse(Like(folded.Body, "%=" + pattern + "^%"), Like(folded.Body, "%=" + pattern + "=%"))));
            return Where(folded, any);
        }

        // Folded ASCII sorts by code point, so its literal beginning bounds the index range that the patterns have to look at.
        var wild = name.AsSpan().IndexOfAny('*', '?');
        var prefix = wild < 0 ? name : name[..wild];
        return Where(folded, prefix.Length == 0 ? any : Expression.AndAlso(Between(folded.Body, prefix, prefix + "\uFFFD"), any));
    }

    /// <summary>Range matching of DA (PS3.4 C.2.2.2.5); the column holds yyyyMMdd or nothing.</summary>
    public static Expression<Func<T, bool>>? Date<T>(Expression<Func<T, string>> column, string value) =>
        DicomRange.TryParseDate(value, out var low, out var high)
            ? Where(column, Between(column.Body, low is { } a ? Day(a) : "0", high is { } b ? Day(b) : "99999999"))
            : null;

    /// <summary>Range matching of TM; the column holds as many digits as were sent.</summary>
    public static Expression<Func<T, bool>>? Time<T>(Expression<Func<T, string>> column, string value) =>
        DicomRange.TryParseTime(value, out var low, out var high)
            ? Where(column, Between(column.Body, low is { } a ? LowTime(a) : "0", high is { } b ? HighTime(b) : "24"))
            : null;

    /// <summary>A date range and a time range given together are one range of moments (PS3.4 C.2.2.2.5.3).</summary>
    public static Expression<Func<T, bool>>? DateTime<T>(Expression<Func<T, string>> date, Expression<Func<T, string>> time, string dates, string times)
    {
        if (!DicomRange.TryParseDate(dates, out var firstDay, out var lastDay) || !DicomRange.TryParseTime(times, out var firstTime, out var lastTime))
        {
            return null;
        }

        var timeBody = new Swap(time.Parameters[0], date.Parameters[0]).Visit(time.Body);
        Expression condition = Expression.GreaterThan(Compare(date.Body, "0"), Expression.Constant(0));
        if (firstDay is { } first)
        {
            var after = Expression.GreaterThan(Compare(date.Body, Day(first)), Expression.Constant(0));
            var onDay = Expression.AndAlso(Expression.Equal(date.Body, Parameter(Day(first))), Expression.GreaterThanOrEqual(Compare(timeBody, firstTime is { } t ? LowTime(t) : "0"), Expression.Constant(0)));
            condition = Expression.AndAlso(condition, Expression.OrElse(after, onDay));
        }

        if (lastDay is { } last)
        {
            var before = Expression.LessThan(Compare(date.Body, Day(last)), Expression.Constant(0));
            var onDay = Expression.AndAlso(Expression.Equal(date.Body, Parameter(Day(last))), Expression.LessThanOrEqual(Compare(timeBody, lastTime is { } t ? HighTime(t) : "24"), Expression.Constant(0)));
            condition = Expression.AndAlso(condition, Expression.OrElse(before, onDay));
        }

        return Where(date, condition);
    }

    /// <summary>List of UID matching (PS3.4 C.2.2.2.2); the list is separated by commas (PS3.18 8.3.4.1) or backslashes.</summary>
    public static Expression<Func<T, bool>>? Uids<T>(Expression<Func<T, string>> column, string value)
    {
        var uids = value.Split([',', '\\'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return uids.Length switch
        {
            0 => null,
            1 => Where(column, Expression.Equal(column.Body, Parameter(uids[0]))),
            _ => Where(column, Expression.Call(s_contains, Parameter<IEnumerable<string>>(uids), column.Body)),
        };
    }

    /// <summary>Range matching of DT; the column holds <c>yyyyMMddHHmmss+0000</c> or nothing. Times without an offset are taken as UTC.</summary>
    public static Expression<Func<T, bool>>? UtcMoment<T>(Expression<Func<T, string>> column, string value)
    {
        var (low, high) = DicomRange.Split(value, DicomVr.DT);
        DicomDateTime first = default, last = default;
        if ((low is not null && !DicomDateTime.TryParse(low, out first)) || (high is not null && !DicomDateTime.TryParse(high, out last)))
        {
            return null;
        }

        return Where(column, Between(column.Body, low is null ? "0" : Utc(first.First, first.Offset), high is null ? "9999" : Utc(last.Last, last.Offset) + "+9999"));
    }

    public static Expression<Func<T, bool>>? Integer<T>(Expression<Func<T, int?>> column, string value) =>
        int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? Expression.Lambda<Func<T, bool>>(Expression.Equal(column.Body, Parameter<int?>(number)), column.Parameters)
            : null;

    /// <summary>One of several values in a column that holds <c>\A\B\</c>; several asked for: any of them.</summary>
    public static Expression<Func<T, bool>>? AnyOf<T>(Expression<Func<T, string>> column, string value)
    {
        Expression? any = null;
        foreach (var one in value.Split([',', '\\'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (!one.AsSpan().ContainsAnyExcept('*'))
            {
                return null;
            }

            var like = Like(column.Body, $"%\\\\{Pattern(one)}\\\\%");
            any = any is null ? like : Expression.OrElse(any, like);
        }

        return any is null ? null : Where(column, any);
    }

    private static string Pattern(string value)
    {
        var pattern = new StringBuilder(value.Length + 8);
        foreach (var c in value)
        {
            _ = c switch
            {
                '*' => pattern.Append('%'),
                '?' => pattern.Append('_'),
                '%' or '_' or '\\' or '[' => pattern.Append('\\').Append(c),
                _ => pattern.Append(c),
            };
        }

        return pattern.ToString();
    }

    private static string Day(DateOnly day) => day.ToString("yyyyMMdd", CultureInfo.InvariantCulture);

    private static string Utc(System.DateTime time, TimeSpan? offset)
    {
        var ticks = Math.Clamp(time.Ticks - (offset ?? TimeSpan.Zero).Ticks, System.DateTime.MinValue.Ticks, System.DateTime.MaxValue.Ticks);
        return new System.DateTime(ticks, DateTimeKind.Utc).ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture);
    }

    /// <summary>Without zeros at the end, "1030" is not less than "10300000".</summary>
    private static string LowTime(TimeOnly time)
    {
        var text = time.ToString("HHmmss.ffffff", CultureInfo.InvariantCulture).TrimEnd('0').TrimEnd('.');
        while (text.Length is > 2 and <= 6 && (text.Length % 2 == 1 || text.EndsWith("00", StringComparison.Ordinal)))
        {
            text = text.Length % 2 == 1 ? text + "0" : text[..^2];
        }

        return text.Length < 2 ? text.PadRight(2, '0') : text;
    }

    private static string HighTime(TimeOnly time) => time.ToString("HHmmss.ffffff", CultureInfo.InvariantCulture);

    private static BinaryExpression Between(Expression column, string low, string high) =>
        Expression.AndAlso(
            Expression.GreaterThanOrEqual(Compare(column, low), Expression.Constant(0)),
            Expression.LessThanOrEqual(Compare(column, high), Expression.Constant(0)));

    private static MethodCallExpression Compare(Expression column, string value) => Expression.Call(s_compare, column, Parameter(value));

    private static MethodCallExpression Like(Expression column, string pattern) =>
        Expression.Call(s_like, Expression.Property(null, typeof(EF), nameof(EF.Functions)), column, Parameter(pattern), Expression.Constant("\\"));

    private static MemberExpression Parameter(string value) => Parameter<string>(value);

    /// <summary>A field of a constant becomes a parameter of the SQL, so that one plan serves every value.</summary>
    private static MemberExpression Parameter<TValue>(TValue value) => Expression.Field(Expression.Constant(new Box<TValue>(value)), nameof(Box<>.Value));

    private static Expression<Func<T, bool>> Where<T>(Expression<Func<T, string>> column, Expression condition) => Expression.Lambda<Func<T, bool>>(condition, column.Parameters);

    private sealed class Box<TValue>(TValue value)
    {
        public readonly TValue Value = value;
    }

    private sealed class Swap(ParameterExpression from, ParameterExpression to) : ExpressionVisitor
    {
        protected override Expression VisitParameter(ParameterExpression node) => node == from ? to : node;
    }
}
