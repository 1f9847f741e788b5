using SecondOpinion.Fhir.FhirPath.Expressions;

namespace SecondOpinion.Fhir.FhirPath.Functions;

/// <summary>FHIRPath 2.0 sections Subsetting and Combining.</summary>
internal static class Subsetting
{
    /// <summary>Keeps <paramref name="count"/> items from position <paramref name="skip"/> of the focus on.</summary>
    public static void Keep(FhirPathState state, int start, int skip, int count)
    {
        var available = state.Count - start;
        skip = Math.Clamp(skip, 0, available);
        count = Math.Clamp(count, 0, available - skip);
        state.Cut(start + skip + count);
        state.Remove(start, start + skip);
    }

    public static void Skip(FhirPathState state, int start, Expression argument) =>
        Keep(state, start, Arguments.Integer(state, argument, "skip()") ?? 0, int.MaxValue);

    public static void Take(FhirPathState state, int start, Expression argument) =>
        Keep(state, start, 0, Arguments.Integer(state, argument, "take()") ?? 0);

    public static void Intersect(FhirPathState state, int start, Expression other)
    {
        Match(state, start, other, wanted: true);
        Sets.Distinct(state, start);
    }

    public static void Exclude(FhirPathState state, int start, Expression other) => Match(state, start, other, wanted: false);

    public static void Union(FhirPathState state, int start, Expression other)
    {
        other.Evaluate(state);
        Sets.Distinct(state, start);
    }

    private static void Match(FhirPathState state, int start, Expression other, bool wanted)
    {
        var middle = state.Count;
        other.Evaluate(state);
        var (end, kept) = (state.Count, start);
        for (var i = start; i < middle; i++)
        {
            if (Sets.Contains(state, middle, end, state[i]) == wanted)
            {
                state[kept++] = state[i];
            }
        }

        state.Cut(kept);
    }
}
