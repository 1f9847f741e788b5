using System.Text;
using SecondOpinion.Fhir.Tree;

namespace SecondOpinion.Fhir.FhirPath;

/// <summary>Equals, equivalent and ordering of items (FHIRPath 2.0 section Equality and Comparison).</summary>
internal static class Equality
{
    /// <summary>Null when the values do not decide: dates of different precision, quantities without a common unit.</summary>
    public static bool? Equal(FhirPathState state, in FhirPathValue a, in FhirPathValue b)
    {
        state.Step();
        if (a.IsNode && b.IsNode)
        {
            var (left, right) = (a.Node, b.Node);
            if (left == right)
            {
                return true;
            }

            if (!left.IsPrimitive || !right.IsPrimitive)
            {
                return SameTree(state, left, right, equivalent: false);
            }
        }

        return EqualValues(state, a, b);
    }

    private static bool? EqualValues(FhirPathState state, in FhirPathValue a, in FhirPathValue b)
    {
        state.Pay(a);
        state.Pay(b);
        if (a.IsNode && b.IsNode && IsPlainText(a.Node) && IsPlainText(b.Node))
        {
            return a.Node.RawValue.SequenceEqual(b.Node.RawValue);
        }

        return EqualValues(a.System, b.System);
    }

    private static bool? EqualValues(in FhirPathValue x, in FhirPathValue y)
    {
        if (IsNumber(x) && IsNumber(y))
        {
            return x.Number == y.Number;
        }

        if (x.Time is { } first && y.Time is { } second)
        {
            return (x.Kind == FhirPathKind.Time) != (y.Kind == FhirPathKind.Time) ? false : FhirPathTime.Compare(first, second) is { } order ? order == 0 : null;
        }

        if (ToQuantity(x, y) is { } quantity && ToQuantity(y, x) is { } other)
        {
            return QuantityMath.Compare(quantity, other) is { } order ? order == 0 : null;
        }

        return x.Kind == y.Kind && x.Kind switch
        {
            FhirPathKind.Boolean => x.Boolean == y.Boolean,
            FhirPathKind.String => x.Text == y.Text,
            FhirPathKind.Type => x.TypeName == y.TypeName,
            FhirPathKind.Target => x.Target == y.Target,
            _ => false,
        };
    }

    /// <summary>Numbers meet quantities as quantities of unit 1.</summary>
    private static FhirPathValue? ToQuantity(in FhirPathValue value, in FhirPathValue other) =>
        value.Kind == FhirPathKind.Quantity ? value
        : other.Kind == FhirPathKind.Quantity && IsNumber(value) ? FhirPathValue.Of(value.Number, "1")
        : null;

    private static bool IsNumber(in FhirPathValue value) => value.IsNumber;

    public static bool Equivalent(FhirPathState state, in FhirPathValue a, in FhirPathValue b)
    {
        state.Step();
        if (a.IsNode && b.IsNode && (!a.Node.IsPrimitive || !b.Node.IsPrimitive))
        {
            return a.Node == b.Node || SameTree(state, a.Node, b.Node, equivalent: true);
        }

        state.Pay(a);
        state.Pay(b);
        var (x, y) = (a.System, b.System);
        if (IsNumber(x) && IsNumber(y))
        {
            return SameToLeastPrecision(x.Number, y.Number);
        }

        if (x.Kind == FhirPathKind.String && y.Kind == FhirPathKind.String)
        {
            return string.Equals(Collapse(x.Text!), Collapse(y.Text!), StringComparison.OrdinalIgnoreCase);
        }

        if (ToQuantity(x, y) is { } quantity && ToQuantity(y, x) is { } other)
        {
            return QuantityMath.Equivalent(quantity, other);
        }

        return EqualValues(x, y) == true;
    }

    /// <summary>Rounded to as many digits behind the point as the less precise of both has, trailing zeros not counted.</summary>
    public static bool SameToLeastPrecision(decimal a, decimal b)
    {
        var digits = Math.Min(Scale(a), Scale(b));
        return Math.Round(a, digits, MidpointRounding.AwayFromZero) == Math.Round(b, digits, MidpointRounding.AwayFromZero);

        static int Scale(decimal value)
        {
            var scale = (int)value.Scale;
            while (scale > 0 && decimal.Round(value, scale - 1) == value)
            {
                scale--;
            }

            return scale;
        }
    }

    private static string Collapse(string text)
    {
        var builder = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            builder.Append(char.IsWhiteSpace(c) ? ' ' : c);
        }

        return builder.ToString();
    }

    /// <summary>Whether both nodes have the same children with the same values; ids and extensions count.</summary>
    private static bool SameTree(FhirPathState state, FhirNode a, FhirNode b, bool equivalent)
    {
        state.Step();
        if (a.IsPrimitive != b.IsPrimitive || (a.IsResource && a.Type != b.Type))
        {
            return false;
        }

        if (!a.IsPrimitive && a.RawValue.Length == b.RawValue.Length)
        {
            state.Step(a.RawValue.Length >> 6);
            if (a.RawValue.SequenceEqual(b.RawValue))
            {
                return true;
            }
        }

        if (a.IsPrimitive && (a.HasValue || b.HasValue)
            && !(equivalent ? Equivalent(state, FhirPathValue.Of(a), FhirPathValue.Of(b)) : EqualValues(state, FhirPathValue.Of(a), FhirPathValue.Of(b)) == true))
        {
            return false;
        }

        return CountChildren(state, a) == CountChildren(state, b) && (equivalent ? SameChildrenAnyOrder(state, a, b) : SameChildren(state, a, b));
    }

    private static bool SameChildren(FhirPathState state, FhirNode a, FhirNode b)
    {
        string? name = null;
        var nth = 0;
        foreach (var child in a.Children())
        {
            nth = child.JsonName == name ? nth + 1 : 0;
            name = child.JsonName;
            var other = Nth(state, b, name, nth);
            if (!other.Exists || !SameTree(state, child, other, false))
            {
                return false;
            }
        }

        return true;
    }

    private static bool SameChildrenAnyOrder(FhirPathState state, FhirNode a, FhirNode b)
    {
        foreach (var child in a.Children())
        {
            var found = false;
            foreach (var other in b.Children())
            {
                state.Step();
                if (other.JsonName == child.JsonName && SameTree(state, child, other, true))
                {
                    found = true;
                    break;
                }
            }

            if (!found)
            {
                return false;
            }
        }

        return true;
    }

    private static FhirNode Nth(FhirPathState state, FhirNode parent, string name, int nth)
    {
        foreach (var child in parent.Children())
        {
            state.Step();
            if (child.JsonName == name && nth-- == 0)
            {
                return child;
            }
        }

        return default;
    }

    private static int CountChildren(FhirPathState state, FhirNode node)
    {
        var count = 0;
        foreach (var _ in node.Children())
        {
            count++;
        }

        state.Step(count >> 3);
        return count;
    }

    /// <summary>Negative, zero or positive; null when the values do not decide. Values of different kinds are an error.</summary>
    public static int? Compare(in FhirPathValue a, in FhirPathValue b)
    {
        var (x, y) = (a.System, b.System);
        if (x.Kind == FhirPathKind.None || y.Kind == FhirPathKind.None)
        {
            if (HasNoOrder(a) || HasNoOrder(b))
            {
                FhirPathError.Execution("elements of complex types have no order");
            }

            return null;
        }

        if (IsNumber(x) && IsNumber(y))
        {
            return x.Number.CompareTo(y.Number);
        }

        if (x.Kind == FhirPathKind.String && y.Kind == FhirPathKind.String)
        {
            return string.CompareOrdinal(x.Text, y.Text);
        }

        if (x.Time is { } first && y.Time is { } second && (x.Kind == FhirPathKind.Time) == (y.Kind == FhirPathKind.Time))
        {
            return FhirPathTime.Compare(first, second);
        }

        if (ToQuantity(x, y) is { } quantity && ToQuantity(y, x) is { } other)
        {
            return QuantityMath.Compare(quantity, other);
        }

        FhirPathError.Execution($"{x.Kind} and {y.Kind} cannot be compared");
        return null;
    }

    private static bool HasNoOrder(in FhirPathValue item) => item.IsNode && item.Node.TypeDefinition is { IsPrimitive: false } type && !type.IsQuantity;

    /// <summary>A string as FHIRPath sees it, whose bytes are its text.</summary>
    private static bool IsPlainText(FhirNode node)
    {
        ref readonly var row = ref node.Owner!.Tree.Rows[node.Row];
        return row.Kind == RowKind.String && (row.Flags & RowFlags.Escaped) == RowFlags.None && node.TypeDefinition is { IsPrimitive: true } type
            && type.Primitive is not (PrimitiveType.Boolean or PrimitiveType.Integer or PrimitiveType.UnsignedInt or PrimitiveType.PositiveInt or PrimitiveType.Decimal) && !IsTime(node);
    }

    private static bool IsTime(FhirNode node) =>
        node.TypeDefinition?.Primitive is PrimitiveType.None or PrimitiveType.Date or PrimitiveType.DateTime or PrimitiveType.Instant or PrimitiveType.Time;

    /// <summary>Whether a string-like primitive has exactly this value; no string is made. False for dates, which never equal a string.</summary>
    public static bool IsText(FhirNode node, string text, ReadOnlySpan<byte> utf8)
    {
        var tree = node.Owner!.Tree;
        ref readonly var row = ref tree.Rows[node.Row];
        if (row.Kind != RowKind.String || IsTime(node))
        {
            return false;
        }

        return (row.Flags & RowFlags.Escaped) == RowFlags.None ? tree.Raw(node.Row).SequenceEqual(utf8) : tree.Text(node.Row) == text;
    }
}
