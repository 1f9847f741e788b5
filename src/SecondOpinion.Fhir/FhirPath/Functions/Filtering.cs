using System.Runtime.ExceptionServices;
using SecondOpinion.Fhir.FhirPath.Expressions;

namespace SecondOpinion.Fhir.FhirPath.Functions;

/// <summary>FHIRPath 2.0 section Filtering and projection.</summary>
internal static class Filtering
{
    public static void Where(FhirPathState state, int start, Expression criteria)
    {
        var (outer, index, end, kept) = (state.This, state.Index, state.Count, start);
        for (var i = start; i < end; i++)
        {
            (state.This, state.Index) = (state[i], i - start);
            if (criteria.Test(state) == true)
            {
                state[kept++] = state[i];
            }
        }

        state.Cut(kept);
        (state.This, state.Index) = (outer, index);
    }

    /// <summary>Whether the criterion is, or fails to be, true for any item.</summary>
    public static bool First(FhirPathState state, int start, Expression criteria, bool wanted)
    {
        var (outer, index, found) = (state.This, state.Index, false);
        for (var (i, end) = (start, state.Count); !found && i < end; i++)
        {
            (state.This, state.Index) = (state[i], i - start);
            found = criteria.Test(state) == true == wanted;
        }

        (state.This, state.Index) = (outer, index);
        return found;
    }

    public static void Select(FhirPathState state, int start, Expression projection)
    {
        var end = state.Count;
        Project(state, start, end, projection);
        state.Remove(start, end);
    }

    /// <summary>Pushes the projection of each item of [start, end).</summary>
    public static void Project(FhirPathState state, int start, int end, Expression projection)
    {
        var (outer, index) = (state.This, state.Index);
        for (var i = start; i < end; i++)
        {
            (state.This, state.Index) = (state[i], i - start);
            projection.Evaluate(state);
        }

        (state.This, state.Index) = (outer, index);
    }

    /// <summary>Projects again and again, until nothing new comes, or nothing at all (FHIRPath 3.0 repeatAll; the budget ends what never does).</summary>
    public static void Repeat(FhirPathState state, int start, Expression projection, bool all)
    {
        var first = state.Count;
        var seen = new HashSet<FhirPathValue>(new ItemComparer(state));
        for (var (from, to) = (start, first); from < to;)
        {
            var added = state.Count;
            Project(state, from, to, projection);
            var kept = added;
            for (var i = added; i < state.Count; i++)
            {
                var item = state[i];
                if (all || seen.Add(item))
                {
                    state[kept++] = item;
                }
            }

            state.Cut(kept);
            (from, to) = (added, kept);
        }

        state.Remove(start, first);
    }

    /// <summary>Sorts by the keys, or by the items themselves; a leading minus means descending, also of strings; empty keys come first.</summary>
    public static void Sort(FhirPathState state, int start, Expression[] keys)
    {
        var end = state.Count;
        var items = state.Range(start, end).ToArray();
        var columns = keys.Length == 0 ? [new ThisTerm()] : keys;
        var (outer, index) = (state.This, state.Index);
        var rows = new (FhirPathValue Item, FhirPathValue[] Keys)[items.Length];
        for (var i = 0; i < items.Length; i++)
        {
            (state.This, state.Index) = (items[i], i);
            var row = new FhirPathValue[columns.Length];
            for (var k = 0; k < row.Length; k++)
            {
                row[k] = Arguments.Value(state, columns[k] is Polarity { IsMinus: true } minus ? minus.Operand : columns[k], "sort()");
            }

            rows[i] = (items[i], row);
        }

        (state.This, state.Index) = (outer, index);
        var position = start;
        try
        {
            foreach (var (item, _) in rows.Order(Comparer<(FhirPathValue Item, FhirPathValue[] Keys)>.Create((a, b) => Compare(state, columns, a.Keys, b.Keys))))
            {
                state[position++] = item;
            }
        }
        catch (InvalidOperationException e) when (e.InnerException is FhirException)
        {
            // Sorting wraps what a comparison throws: values without an order, the end of the budget.
            ExceptionDispatchInfo.Throw(e.InnerException);
        }
    }

    private static int Compare(FhirPathState state, Expression[] columns, FhirPathValue[] a, FhirPathValue[] b)
    {
        for (var k = 0; k < columns.Length; k++)
        {
            state.Step();
            var (hasA, hasB) = (a[k].Kind != FhirPathKind.None, b[k].Kind != FhirPathKind.None);
            if (!hasA || !hasB)
            {
                if (hasA != hasB)
                {
                    return hasA ? 1 : -1;
                }

                continue;
            }

            state.Pay(a[k]);
            state.Pay(b[k]);
            var order = Equality.Compare(a[k], b[k]) ?? 0;
            if (order != 0)
            {
                return columns[k] is Polarity { IsMinus: true } ? -order : order;
            }
        }

        return 0;
    }
}
