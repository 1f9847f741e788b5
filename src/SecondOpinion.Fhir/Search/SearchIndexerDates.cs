using SecondOpinion.Fhir.FhirPath;

namespace SecondOpinion.Fhir.Search;

/// <summary>FHIR R4 search.html#date: every value is the interval it may mean.</summary>
internal static class SearchIndexerDates
{
    public static void Add(FhirNode node, SearchIndexerSink sink)
    {
        var range = node.Type switch
        {
            "Period" => Period(node),
            "Timing" => Timing(node),
            _ => Value(node),
        };
        if (range is var (from, to))
        {
            sink.Add(sink.New() with { From = from, To = to });
        }
    }

    /// <summary>The interval of a date, dateTime or instant in UTC; null for anything else.</summary>
    public static (DateTimeOffset From, DateTimeOffset To)? Value(FhirNode node)
    {
        if (!node.IsPrimitive || node.Value is not { } text || FhirPathTime.Parse(text, FhirPathKind.DateTime) is not { } time)
        {
            return null;
        }

        return (At(time.Ticks), At(time.End()));
    }

    private static DateTimeOffset At(long ticks) => ticks >= DateTime.MaxValue.Ticks ? DateTimeOffset.MaxValue : new DateTimeOffset(Math.Max(ticks, 0), TimeSpan.Zero);

    private static (DateTimeOffset From, DateTimeOffset To)? Period(FhirNode period)
    {
        var (start, end) = (Value(period["start"]), Value(period["end"]));
        return start is null && end is null ? null : (start?.From ?? DateTimeOffset.MinValue, end?.To ?? DateTimeOffset.MaxValue);
    }

    /// <summary>From the first to the last event, and the bounds of the repetition.</summary>
    private static (DateTimeOffset From, DateTimeOffset To)? Timing(FhirNode timing)
    {
        var range = timing["repeat"]["bounds"] is { Type: "Period" } bounds ? Period(bounds) : null;
        foreach (var child in timing.All("event"))
        {
            if (Value(child) is var (from, to))
            {
                range = range is var (low, high) ? (from < low ? from : low, to > high ? to : high) : (from, to);
            }
        }

        return range;
    }
}
