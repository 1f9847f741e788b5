using System.Text;

namespace SecondOpinion.Fhir.FhirPath.Expressions;

/// <summary>and, or, xor, implies over three values (FHIRPath 2.0 section Boolean logic); the right side is left alone when the left decides.</summary>
internal sealed class Logic(Expression left, string op, Expression right) : BooleanExpression(left, right)
{
    public override bool? Test(FhirPathState state)
    {
        state.Step();
        var a = left.Test(state);
        switch (op)
        {
            case "and":
                return a == false ? false : right.Test(state) is var b && b == false ? false : a & b;
            case "or":
                return a == true ? true : right.Test(state) is var c && c == true ? true : a | c;
            case "xor":
                var d = right.Test(state);
                return a is null || d is null ? null : a != d;
            default:
                return a == false ? true : right.Test(state) is var e && e == true ? true : a is null ? null : e;
        }
    }
}

/// <summary><c>=</c> and <c>!=</c>.</summary>
internal sealed class EqualsExpression(Expression left, Expression right, bool negate) : BooleanExpression(left, right)
{
    private readonly string? _text = (right as Literal)?.Value.Text;
    private readonly byte[]? _utf8 = (right as Literal)?.Value.Text is { } text ? Encoding.UTF8.GetBytes(text) : null;

    public override bool? Test(FhirPathState state)
    {
        var equal = Equal(state);
        return negate ? !equal : equal;
    }

    private bool? Equal(FhirPathState state)
    {
        var start = state.Count;
        left.Evaluate(state);
        var middle = state.Count;
        if (_utf8 is not null && middle == start + 1 && state[start].IsNode)
        {
            state.Pay(state[start]);
            state.Cut(start);
            return Equality.IsText(state[start].Node, _text!, _utf8);
        }

        right.Evaluate(state);
        var count = state.Count - middle;
        if (middle == start || count == 0)
        {
            state.Cut(start);
            return null;
        }

        bool? result = count == middle - start;
        for (var i = 0; result != false && i < count; i++)
        {
            var equal = Equality.Equal(state, state[start + i], state[middle + i]);
            result = equal == true ? result : equal;
        }

        state.Cut(start);
        return result;
    }
}

/// <summary><c>~</c> and <c>!~</c>: as sets, never empty.</summary>
internal sealed class EquivalentExpression(Expression left, Expression right, bool negate) : BooleanExpression(left, right)
{
    public override bool? Test(FhirPathState state)
    {
        var start = state.Count;
        left.Evaluate(state);
        var middle = state.Count;
        right.Evaluate(state);
        var same = state.Count - middle == middle - start;
        for (var i = start; same && i < middle; i++)
        {
            var match = middle;
            while (match < state.Count && !Equality.Equivalent(state, state[i], state[match]))
            {
                match++;
            }

            same = match < state.Count;
            if (same)
            {
                // Each item matches once.
                state.Remove(match, match + 1);
            }
        }

        state.Cut(start);
        return same != negate;
    }
}

/// <summary>Less, greater and their like.</summary>
internal sealed class Inequality(Expression left, string op, Expression right) : BooleanExpression(left, right)
{
    public override bool? Test(FhirPathState state)
    {
        var start = state.Count;
        left.Evaluate(state);
        var a = state.Single(start, op);
        var middle = state.Count;
        right.Evaluate(state);
        var b = state.Single(middle, op);
        state.Cut(start);
        state.Step();
        if (a.Kind == FhirPathKind.None || b.Kind == FhirPathKind.None || Equality.Compare(a, b) is not { } order)
        {
            return null;
        }

        return op switch
        {
            "<" => order < 0,
            "<=" => order <= 0,
            ">" => order > 0,
            _ => order >= 0,
        };
    }
}

/// <summary><c>in</c> and <c>contains</c>.</summary>
internal sealed class Membership(Expression item, Expression set) : BooleanExpression(item, set)
{
    public override bool? Test(FhirPathState state)
    {
        var start = state.Count;
        item.Evaluate(state);
        var sought = state.Single(start, "membership");
        if (sought.Kind == FhirPathKind.None)
        {
            return null;
        }

        var middle = state.Count;
        set.Evaluate(state);
        var found = false;
        for (var i = middle; !found && i < state.Count; i++)
        {
            found = Equality.Equal(state, sought, state[i]) == true;
        }

        state.Cut(start);
        return found;
    }
}

/// <summary><c>|</c>: both sides without duplicates.</summary>
internal sealed class Union(Expression left, Expression right) : Expression(left, right)
{
    public override bool IsOrdered => false;

    public override IReadOnlyList<ItemType>? TypesOf(IReadOnlyList<ItemType>? context) => StaticTypes.Join(left.TypesOf(context), right.TypesOf(context));

    public override void Evaluate(FhirPathState state)
    {
        var start = state.Count;
        left.Evaluate(state);
        right.Evaluate(state);
        Sets.Distinct(state, start);
    }

    public override bool Any(FhirPathState state) => left.Any(state) || right.Any(state);
}

/// <summary>Sets on the stack.</summary>
internal static class Sets
{
    private const int HashFrom = 12;

    /// <summary>Keeps the first of equal items from <paramref name="start"/> on.</summary>
    public static void Distinct(FhirPathState state, int start)
    {
        var end = state.Count;
        var kept = start;
        var seen = end - start > HashFrom ? new HashSet<FhirPathValue>(new ItemComparer(state)) : null;
        for (var i = start; i < end; i++)
        {
            var item = state[i];
            if (seen?.Add(item) ?? !Contains(state, start, kept, item))
            {
                state[kept++] = item;
            }
        }

        state.Cut(kept);
    }

    /// <summary>Whether an item equals one of [from, to).</summary>
    public static bool Contains(FhirPathState state, int from, int to, in FhirPathValue item)
    {
        for (var i = from; i < to; i++)
        {
            if (Equality.Equal(state, item, state[i]) == true)
            {
                return true;
            }
        }

        return false;
    }
}
