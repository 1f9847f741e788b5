using SecondOpinion.Fhir.FhirPath.Expressions;

namespace SecondOpinion.Fhir.FhirPath.Functions;

/// <summary>FHIRPath 2.0 section Existence.</summary>
internal static class Existence
{
    /// <summary>allTrue and its three relatives.</summary>
    public static void Each(FhirPathState state, int start, bool value, bool all)
    {
        var result = all;
        for (var i = start; i < state.Count; i++)
        {
            state.Pay(state[i]);
            var item = state[i].System;
            if (item.Kind != FhirPathKind.Boolean)
            {
                FhirPathError.Execution($"booleans are needed, found {item.Kind}");
            }

            if (item.Boolean == value != all)
            {
                result = !all;
            }
        }

        state.Set(start, result);
    }

    public static void Subset(FhirPathState state, int start, Expression other, bool isSuperset)
    {
        var middle = state.Count;
        other.Evaluate(state);
        var (from, to, within, end) = isSuperset ? (middle, state.Count, start, middle) : (start, middle, middle, state.Count);
        var result = true;
        for (var i = from; result && i < to; i++)
        {
            result = Sets.Contains(state, within, end, state[i]);
        }

        state.Set(start, result);
    }

    public static void IsDistinct(FhirPathState state, int start)
    {
        var count = state.Count;
        Sets.Distinct(state, start);
        state.Set(start, state.Count == count);
    }
}
