namespace SecondOpinion.Fhir.FhirPath.Functions;

/// <summary>sum, avg, min and max (FHIRPath 3.0 draft, section Aggregates); empty over nothing.</summary>
internal static class Aggregates
{
    public static void Sum(FhirPathState state, int start, bool average)
    {
        var count = state.Count - start;
        if (count == 0)
        {
            return;
        }

        var total = state[start].System;
        try
        {
            for (var i = start; i < state.Count; i++)
            {
                state.Step();
                var item = state[i].System;
                if (!item.IsNumber && item.Kind != FhirPathKind.Quantity)
                {
                    FhirPathError.Execution($"sum() and avg() need numbers or quantities, found {item.Kind}");
                }

                total = i == start ? item : Add(total, item);
            }

            state.Set(start, !average || total.Kind == FhirPathKind.None ? total
                : total.Kind == FhirPathKind.Quantity ? FhirPathValue.Of(total.Number / count, total.Unit!)
                : FhirPathValue.Of(total.Number / count));
        }
        catch (OverflowException)
        {
            // FHIRPath 2.0 section Math: overflow is an empty result.
            state.Cut(start);
        }
    }

    /// <summary>The least (sign -1) or greatest (sign 1) item; empty when two of them have no order.</summary>
    public static void Extreme(FhirPathState state, int start, int sign)
    {
        if (state.Count == start)
        {
            return;
        }

        var best = state[start];
        for (var i = start + 1; i < state.Count; i++)
        {
            state.Step();
            if (Equality.Compare(state[i], best) is not { } order)
            {
                state.Cut(start);
                return;
            }

            best = Math.Sign(order) == sign ? state[i] : best;
        }

        state.Set(start, best);
    }

    private static FhirPathValue Add(in FhirPathValue a, in FhirPathValue b)
    {
        if (a.Kind == FhirPathKind.None)
        {
            return default;
        }

        if (a.Kind == FhirPathKind.Quantity || b.Kind == FhirPathKind.Quantity)
        {
            return QuantityMath.Add(ToQuantity(a), ToQuantity(b), 1);
        }

        var sum = a.Number + b.Number;
        return a.Kind == FhirPathKind.Decimal || b.Kind == FhirPathKind.Decimal ? FhirPathValue.Of(sum)
            : a.Kind == FhirPathKind.Long || b.Kind == FhirPathKind.Long ? (sum is >= long.MinValue and <= long.MaxValue ? FhirPathValue.Of((long)sum) : default)
            : sum is >= int.MinValue and <= int.MaxValue ? FhirPathValue.Of((int)sum) : default;
    }

    private static FhirPathValue ToQuantity(in FhirPathValue value) => value.Kind == FhirPathKind.Quantity ? value : FhirPathValue.Of(value.Number, "1");
}
