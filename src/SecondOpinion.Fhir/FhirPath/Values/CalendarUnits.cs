namespace SecondOpinion.Fhir.FhirPath;

/// <summary>The calendar durations (FHIRPath 2.0 section Time-valued Quantities) and the UCUM codes they meet.</summary>
internal static class CalendarUnits
{
    /// <summary>The singular of a calendar word; null for any other word.</summary>
    public static string? Singular(ReadOnlySpan<char> word) => word switch
    {
        "year" or "years" => "year",
        "month" or "months" => "month",
        "week" or "weeks" => "week",
        "day" or "days" => "day",
        "hour" or "hours" => "hour",
        "minute" or "minutes" => "minute",
        "second" or "seconds" => "second",
        "millisecond" or "milliseconds" => "millisecond",
        _ => null,
    };

    public static bool IsCalendar(string unit) => Singular(unit) == unit;

    /// <summary>The UCUM code of a calendar word; years and months equal theirs only under equivalence.</summary>
    public static string ToUcum(string unit, bool equivalence) => unit switch
    {
        "year" => equivalence ? "a" : unit,
        "month" => equivalence ? "mo" : unit,
        "week" => "wk",
        "day" => "d",
        "hour" => "h",
        "minute" => "min",
        "second" => "s",
        "millisecond" => "ms",
        _ => unit,
    };

    /// <summary>The part of a date that a unit moves and how many of it; null for units of no definite or calendar length ('a', 'mo', 'cm').</summary>
    public static (TimePrecision Part, int Times, bool Milliseconds)? Step(string unit) => unit switch
    {
        "year" => (TimePrecision.Year, 1, false),
        "month" => (TimePrecision.Month, 1, false),
        "week" or "wk" => (TimePrecision.Day, 7, false),
        "day" or "d" => (TimePrecision.Day, 1, false),
        "hour" or "h" => (TimePrecision.Hour, 1, false),
        "minute" or "min" => (TimePrecision.Minute, 1, false),
        "second" or "s" => (TimePrecision.Second, 1, false),
        "millisecond" or "ms" => (TimePrecision.Second, 1, true),
        _ => null,
    };
}
