using SecondOpinion.Fhir.FhirPath.Expressions;

namespace SecondOpinion.Fhir.FhirPath.Functions;

/// <summary>lowBoundary, highBoundary, precision and comparable: the range a value as written may mean.</summary>
internal static class Boundaries
{
    /// <summary>Digits of a date literal up to each precision, with milliseconds last.</summary>
    private static readonly int[] DateDigits = [4, 6, 8, 10, 12, 14];

    public static void Boundary(FhirPathState state, int start, Expression[] arguments, bool high)
    {
        var value = state.Single(start, "a boundary").System;
        var digits = arguments.Length > 0 ? Arguments.Integer(state, arguments[0], "a boundary") : null;
        try
        {
            state.Set(start, value.Kind switch
            {
                FhirPathKind.Integer or FhirPathKind.Long or FhirPathKind.Decimal => Number(value.Number, digits, high) is { } number ? FhirPathValue.Of(number) : default,
                FhirPathKind.Quantity => Number(value.Number, digits, high) is { } number ? FhirPathValue.Of(number, value.Unit!) : default,
                FhirPathKind.Date or FhirPathKind.DateTime or FhirPathKind.Time => Time(value.Time!, digits, high) is { } time ? FhirPathValue.Of(time) : default,
                _ => default,
            });
        }
        catch (OverflowException)
        {
            state.Cut(start);
        }
    }

    /// <summary>Half a unit of the last digit away; cut towards zero, or rounded away from it, at the digits asked for.</summary>
    private static decimal? Number(decimal value, int? digits, bool high)
    {
        var scale = digits ?? 8;
        if (scale is < 0 or > 28)
        {
            return null;
        }

        var half = 0.5m;
        for (var i = 0; i < value.Scale; i++)
        {
            half /= 10;
        }

        var bound = high ? value + half : value - half;
        var towardsZero = high ? bound < 0 : bound > 0;
        return Math.Round(bound, scale, towardsZero ? MidpointRounding.ToZero : MidpointRounding.AwayFromZero) + new decimal(0, 0, 0, false, (byte)scale);
    }

    private static FhirPathTime? Time(FhirPathTime time, int? digits, bool high)
    {
        var isTime = time.Kind == FhirPathKind.Time;
        var wanted = (digits ?? (isTime ? 9 : time.Kind == FhirPathKind.Date ? 8 : 17)) + (isTime ? 8 : 0);
        var known = Array.IndexOf(DateDigits, wanted);
        var precision = wanted == 17 ? TimePrecision.Second : (TimePrecision)(known + 1);
        if ((known < 0 && wanted != 17) || (time.Kind == FhirPathKind.Date && precision > TimePrecision.Day))
        {
            return null;
        }

        var fraction = wanted == 17 ? 3 : 0;
        var local = time.Local;
        if (high && precision >= time.Precision)
        {
            var end = FhirPathTime.Of(time.Kind, time.Precision, time.Local, null, time.FractionDigits).End();
            local = new DateTime(Math.Clamp(end - TimeSpan.TicksPerMillisecond, 0, DateTime.MaxValue.Ticks));
        }

        local = precision switch
        {
            TimePrecision.Year => new DateTime(local.Year, 1, 1),
            TimePrecision.Month => new DateTime(local.Year, local.Month, 1),
            TimePrecision.Day => local.Date,
            _ => local,
        };

        // Where no offset is written, the earliest and the latest on Earth.
        int? offset = time.Kind != FhirPathKind.DateTime || precision <= TimePrecision.Day ? null : time.Offset ?? (high ? -12 * 60 : 14 * 60);
        return FhirPathTime.Of(time.Kind, precision, local, offset, fraction);
    }

    public static void Precision(FhirPathState state, int start)
    {
        var value = state.Single(start, "precision()").System;
        if (value.Time is { } time)
        {
            var digits = DateDigits[(int)time.Precision - 1] + (time.Precision == TimePrecision.Second ? time.FractionDigits : 0);
            state.Set(start, FhirPathValue.Of(time.Kind == FhirPathKind.Time ? digits - 8 : digits));
            return;
        }

        state.Set(start, value.IsNumber ? FhirPathValue.Of(value.Number.Scale) : default);
    }

    public static void Comparable(FhirPathState state, int start, Expression argument)
    {
        var a = state.Single(start, "comparable()").System;
        var b = Arguments.Value(state, argument, "comparable()");
        if (a.Kind != FhirPathKind.Quantity || b.Kind != FhirPathKind.Quantity)
        {
            state.Cut(start);
            return;
        }

        var (first, second) = (UcumUnit.Find(CalendarUnits.ToUcum(a.Unit!, true)), UcumUnit.Find(CalendarUnits.ToUcum(b.Unit!, true)));
        state.Set(start, a.Unit == b.Unit || (first is not null && second is not null && first.IsComparable(second)));
    }
}
