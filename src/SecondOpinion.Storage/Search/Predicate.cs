using System.Linq.Expressions;

namespace SecondOpinion.Storage.Search;

/// <summary>Joins conditions on one kind of row.</summary>
internal static class Predicate
{
    public static Expression<Func<T, bool>> None<T>() => _ => false;

    public static Expression<Func<T, bool>> Any<T>(IEnumerable<Expression<Func<T, bool>>> conditions) =>
        Join(conditions, Expression.OrElse) ?? None<T>();

    public static Expression<Func<T, bool>> All<T>(IEnumerable<Expression<Func<T, bool>>> conditions) =>
        Join(conditions, Expression.AndAlso) ?? (_ => true);

    public static Expression<Func<T, bool>> Not<T>(Expression<Func<T, bool>> condition) =>
        Expression.Lambda<Func<T, bool>>(Expression.Not(condition.Body), condition.Parameters);

    /// <summary>
    /// Whether a column has one of the values. A few are compared one by one: queries of as many values share one plan, where a list of parameters
    /// would be written anew each time.
    /// </summary>
    public static Expression<Func<T, bool>> In<T>(Expression<Func<T, string>> column, IReadOnlyList<string> values)
    {
        const int Few = 16;
        if (values.Count > Few)
        {
            Expression<Func<string, bool>> contains = c => values.Contains(c);
            return Expression.Lambda<Func<T, bool>>(Inline(contains, column.Body), column.Parameters);
        }

        return Any(values.Select(v => Expression.Lambda<Func<T, bool>>(Expression.Equal(column.Body, Parameter(v)), column.Parameters)));
    }

    /// <summary>The body of a lambda with its parameter replaced.</summary>
    public static Expression Inline(LambdaExpression lambda, Expression argument) =>
        new Replace(lambda.Parameters[0], argument).Visit(lambda.Body);

    /// <summary>A value as a query parameter, so that queries of one shape are compiled once.</summary>
    public static Expression Parameter<T>(T value)
    {
        Expression<Func<T>> closure = () => value;
        return closure.Body;
    }

    /// <summary>The order of two texts in the database, which compares by code point; to be compared with 0.</summary>
    public static Expression Compare(Expression left, Expression right) => Expression.Call(typeof(string), nameof(string.Compare), null, left, right);

    // A balanced tree: five hundred values in a row would be five hundred levels deep.
    private static Expression<Func<T, bool>>? Join<T>(IEnumerable<Expression<Func<T, bool>>> conditions, Func<Expression, Expression, Expression> join)
    {
        var parameter = Expression.Parameter(typeof(T), "r");
        var bodies = conditions.Select(c => Inline(c, parameter)).ToList();
        if (bodies.Count == 0)
        {
            return null;
        }

        while (bodies.Count > 1)
        {
            var half = new List<Expression>((bodies.Count + 1) / 2);
            for (var i = 0; i < bodies.Count; i += 2)
            {
                half.Add(i + 1 < bodies.Count ? join(bodies[i], bodies[i + 1]) : bodies[i]);
            }

            bodies = half;
        }

        return Expression.Lambda<Func<T, bool>>(bodies[0], parameter);
    }

    private sealed class Replace(ParameterExpression from, Expression to) : ExpressionVisitor
    {
        protected override Expression VisitParameter(ParameterExpression node) => node == from ? to : base.VisitParameter(node);
    }
}
