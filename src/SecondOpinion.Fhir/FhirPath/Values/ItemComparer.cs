using SecondOpinion.Fhir.Tree;

namespace SecondOpinion.Fhir.FhirPath;

/// <summary>Equality as sets need it: undecided is different. Equal items hash alike, but for a number against a quantity.</summary>
internal sealed class ItemComparer(FhirPathState state) : IEqualityComparer<FhirPathValue>
{
    public bool Equals(FhirPathValue x, FhirPathValue y) => Equality.Equal(state, x, y) == true;

    public int GetHashCode(FhirPathValue item)
    {
        if (item.IsNode && !item.Node.IsPrimitive)
        {
            return item.Node.TypeDefinition is { IsQuantity: true } ? (int)FhirPathKind.Quantity : HashOf(item.Node);
        }

        state.Pay(item);
        var value = item.System;
        return value.Kind switch
        {
            FhirPathKind.String => value.Text!.GetHashCode(StringComparison.Ordinal),
            FhirPathKind.Boolean => value.Boolean ? 1 : 2,
            FhirPathKind.Integer or FhirPathKind.Long or FhirPathKind.Decimal => value.Number.GetHashCode(),
            FhirPathKind.Date or FhirPathKind.DateTime => 3,
            _ => (int)value.Kind,
        };
    }

    /// <summary>Of the direct children that are texts, in any order; what may be equal in another spelling (numbers, dates, escapes) does not count.</summary>
    private int HashOf(FhirNode node)
    {
        var tree = node.Owner!.Tree;
        var hash = node.Type.GetHashCode(StringComparison.Ordinal);
        var (row, end) = tree.ChildRange(node.Row);
        for (; row < end; row = tree.Rows[row].Next)
        {
            state.Step();
            ref readonly var child = ref tree.Rows[row];
            var isText = child.Kind == RowKind.String && (child.Flags & (RowFlags.Escaped | RowFlags.Hidden)) == RowFlags.None;
            if (isText && tree.Slots[row]?.Type.Primitive is not (null or PrimitiveType.Date or PrimitiveType.DateTime or PrimitiveType.Instant or PrimitiveType.Time))
            {
                var bytes = default(HashCode);
                bytes.AddBytes(tree.Raw(row));
                hash += bytes.ToHashCode();
            }
        }

        return hash;
    }
}
