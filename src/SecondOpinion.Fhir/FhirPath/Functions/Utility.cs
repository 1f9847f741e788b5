using SecondOpinion.Fhir.FhirPath.Expressions;

namespace SecondOpinion.Fhir.FhirPath.Functions;

/// <summary>FHIRPath 2.0 sections Utility, Aggregates and Reflection.</summary>
internal static class Utility
{
    public static void Trace(FhirPathState state, int start, Expression[] arguments)
    {
        if (state.Options.Trace is not { } trace)
        {
            return;
        }

        var name = Arguments.Text(state, arguments[0], "trace()") ?? "";
        var end = state.Count;
        if (arguments.Length > 1)
        {
            Filtering.Project(state, start, end, arguments[1]);
            trace(name, state.From(end).ToArray());
            state.Cut(end);
        }
        else
        {
            trace(name, state.From(start).ToArray());
        }
    }

    public static FhirPathTime TimeOfDay(DateTimeOffset now) =>
        FhirPathTime.Of(FhirPathKind.Time, TimePrecision.Second, DateTime.MinValue.AddTicks(now.TimeOfDay.Ticks - (now.TimeOfDay.Ticks % TimeSpan.TicksPerMillisecond)), null, 3);

    public static void Aggregate(FhirPathState state, int start, Expression[] arguments)
    {
        var end = state.Count;
        var (outer, index, total) = (state.This, state.Index, state.Total);
        state.Total = [];
        if (arguments.Length > 1)
        {
            arguments[1].Evaluate(state);
            state.Total = state.From(end).ToArray();
            state.Cut(end);
        }

        for (var i = start; i < end; i++)
        {
            (state.This, state.Index) = (state[i], i - start);
            arguments[0].Evaluate(state);
            state.Total = state.From(end).ToArray();
            state.Cut(end);
        }

        state.Cut(start);
        foreach (ref readonly var item in state.Total.AsSpan())
        {
            state.Push(item);
        }

        (state.This, state.Index, state.Total) = (outer, index, total);
    }

    public static void Type(FhirPathState state, int start)
    {
        for (var i = start; i < state.Count; i++)
        {
            var item = state[i];
            state[i] = FhirPathValue.Of(item.IsNode ? new FhirPathTypeName("FHIR", item.Node.Type)
                : item.Target is { } target ? new FhirPathTypeName("FHIR", target)
                : new FhirPathTypeName("System", item.Kind.ToString()));
        }
    }
}
