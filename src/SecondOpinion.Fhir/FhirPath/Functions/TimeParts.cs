namespace SecondOpinion.Fhir.FhirPath.Functions;

/// <summary>yearOf, monthOf and their like (FHIRPath 3.0 section Date and time component extraction); empty for a part that is not written.</summary>
internal static class TimeParts
{
    public static void Part(FhirPathState state, int start, TimePrecision part)
    {
        var isClock = part >= TimePrecision.Hour;
        if (Focus(state, start, allowDate: !isClock, allowTime: isClock) is not { } time || time.Precision < part)
        {
            state.Cut(start);
            return;
        }

        state.Set(start, FhirPathValue.Of(part switch
        {
            TimePrecision.Year => time.Local.Year,
            TimePrecision.Month => time.Local.Month,
            TimePrecision.Day => time.Local.Day,
            TimePrecision.Hour => time.Local.Hour,
            TimePrecision.Minute => time.Local.Minute,
            _ => time.Local.Second,
        }));
    }

    public static void Millisecond(FhirPathState state, int start) =>
        state.Set(start, Focus(state, start, allowDate: false, allowTime: true) is { FractionDigits: > 0 } time ? FhirPathValue.Of(time.Local.Millisecond) : default);

    /// <summary>Hours from UTC.</summary>
    public static void Offset(FhirPathState state, int start) =>
        state.Set(start, Focus(state, start, allowDate: false, allowTime: false) is { Offset: { } minutes } ? FhirPathValue.Of(minutes / 60m) : default);

    public static void Date(FhirPathState state, int start) =>
        state.Set(start, Focus(state, start, allowDate: true, allowTime: false) is { } time ? FhirPathValue.Of(time.As(FhirPathKind.Date)) : default);

    public static void Time(FhirPathState state, int start) =>
        state.Set(start, Focus(state, start, allowDate: false, allowTime: true) is { Precision: >= TimePrecision.Hour } time
            ? FhirPathValue.Of(FhirPathTime.Of(FhirPathKind.Time, time.Precision, DateTime.MinValue.Add(time.Local.TimeOfDay), null, time.FractionDigits))
            : default);

    /// <summary>A DateTime, or one of the other kinds allowed; null for an empty focus.</summary>
    private static FhirPathTime? Focus(FhirPathState state, int start, bool allowDate, bool allowTime)
    {
        var value = state.Single(start, "a date or time component").System;
        var fits = value.Kind is FhirPathKind.None or FhirPathKind.DateTime || (allowDate && value.Kind == FhirPathKind.Date) || (allowTime && value.Kind == FhirPathKind.Time);
        if (!fits)
        {
            FhirPathError.Execution($"a {value.Kind} does not have this component");
        }

        return value.Time;
    }
}
