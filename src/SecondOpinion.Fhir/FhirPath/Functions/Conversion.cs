using System.Buffers;
using System.Globalization;
using SecondOpinion.Fhir.FhirPath.Expressions;

namespace SecondOpinion.Fhir.FhirPath.Functions;

/// <summary>FHIRPath 2.0 section Conversion.</summary>
internal static class Conversion
{
    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("+-.0123456789");

    public static void To(FhirPathState state, int start, FhirPathKind kind) => state.Set(start, Convert(state.Single(start, "to" + kind), kind));

    public static void ConvertsTo(FhirPathState state, int start, FhirPathKind kind)
    {
        var item = state.Single(start, "convertsTo" + kind);
        state.Set(start, item.Kind == FhirPathKind.None ? null : Convert(item, kind).Kind != FhirPathKind.None);
    }

    /// <summary>toQuantity, with a unit to convert to.</summary>
    public static void ToQuantity(FhirPathState state, int start, Expression[] arguments)
    {
        var quantity = Convert(state.Single(start, "toQuantity"), FhirPathKind.Quantity);
        if (arguments.Length > 0 && quantity.Kind == FhirPathKind.Quantity && Arguments.Text(state, arguments[0], "toQuantity()") is { } unit && unit != quantity.Unit)
        {
            var from = UcumUnit.Find(CalendarUnits.ToUcum(quantity.Unit!, false));
            var to = UcumUnit.Find(CalendarUnits.ToUcum(unit, false));
            var number = from is not null && to is not null && from.IsComparable(to) ? (from.ToCanonical((double)quantity.Number) - to.Offset) / to.Factor : double.NaN;
            quantity = Numbers.ToDecimal(number) is { } converted ? FhirPathValue.Of(converted, unit) : default;
        }

        state.Set(start, quantity);
    }

    private static FhirPathValue Convert(in FhirPathValue item, FhirPathKind kind)
    {
        var value = item.System;
        return kind switch
        {
            FhirPathKind.Boolean => ToBoolean(value),
            FhirPathKind.Integer => ToInteger(value),
            FhirPathKind.Long => ToLong(value),
            FhirPathKind.Decimal => ToDecimal(value),
            FhirPathKind.String => value.ToString() is { } text ? FhirPathValue.Of(text) : default,
            FhirPathKind.Quantity => ToQuantity(value),
            _ => ToTime(value, kind),
        };
    }

    private static FhirPathValue ToBoolean(in FhirPathValue value)
    {
        switch (value.Kind)
        {
            case FhirPathKind.Boolean:
                return value;
            case FhirPathKind.Integer or FhirPathKind.Long or FhirPathKind.Decimal:
                return value.Number is 0 or 1 ? FhirPathValue.Of(value.Number == 1) : default;
            case FhirPathKind.String:
                return value.Text!.ToUpperInvariant() switch
                {
                    "TRUE" or "T" or "YES" or "Y" or "1" or "1.0" => FhirPathValue.Of(true),
                    "FALSE" or "F" or "NO" or "N" or "0" or "0.0" => FhirPathValue.Of(false),
                    _ => default,
                };
            default:
                return default;
        }
    }

    private static FhirPathValue ToInteger(in FhirPathValue value) => value.Kind switch
    {
        FhirPathKind.Integer => value,
        FhirPathKind.Long when value.Number is >= int.MinValue and <= int.MaxValue => FhirPathValue.Of((int)value.Number),
        FhirPathKind.Boolean => FhirPathValue.Of(value.Boolean ? 1 : 0),
        FhirPathKind.String when int.TryParse(value.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => FhirPathValue.Of(number),
        _ => default,
    };

    private static FhirPathValue ToLong(in FhirPathValue value) => value.Kind switch
    {
        FhirPathKind.Long => value,
        FhirPathKind.Integer => FhirPathValue.Of((long)value.Number),
        FhirPathKind.Boolean => FhirPathValue.Of(value.Boolean ? 1L : 0L),
        FhirPathKind.String when long.TryParse(value.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => FhirPathValue.Of(number),
        _ => default,
    };

    private static FhirPathValue ToDecimal(in FhirPathValue value) => value.Kind switch
    {
        FhirPathKind.Integer or FhirPathKind.Long or FhirPathKind.Decimal => FhirPathValue.Of(value.Number),
        FhirPathKind.Boolean => FhirPathValue.Of(value.Boolean ? 1m : 0m),
        FhirPathKind.String when Number(value.Text!) is { } number => FhirPathValue.Of(number),
        _ => default,
    };

    // (\+|-)?\d+(\.\d+)?, so a digit stands at both ends.
    private static decimal? Number(ReadOnlySpan<char> text) =>
        text.TrimStart("+-") is { IsEmpty: false } digits && char.IsAsciiDigit(digits[0]) && char.IsAsciiDigit(digits[^1]) && decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static FhirPathValue ToQuantity(in FhirPathValue value)
    {
        switch (value.Kind)
        {
            case FhirPathKind.Quantity:
                return value;
            case FhirPathKind.Integer or FhirPathKind.Long or FhirPathKind.Decimal:
                return FhirPathValue.Of(value.Number, "1");
            case FhirPathKind.Boolean:
                return FhirPathValue.Of(value.Boolean ? 1m : 0m, "1");
            case FhirPathKind.String:
                return ParseQuantity(value.Text!);
            default:
                return default;
        }
    }

    /// <summary>A number, then nothing, a quoted UCUM code or a calendar word.</summary>
    private static FhirPathValue ParseQuantity(string text)
    {
        var end = text.AsSpan().IndexOfAnyExcept(NumberCharacters);
        end = end < 0 ? text.Length : end;
        if (Number(text.AsSpan(0, end)) is not { } number)
        {
            return default;
        }

        var unit = text.AsSpan(end).Trim();
        if (unit.IsEmpty)
        {
            return FhirPathValue.Of(number, "1");
        }

        if (unit.Length > 2 && unit[0] == '\'' && unit[^1] == '\'' && !unit[1..^1].Contains('\''))
        {
            return FhirPathValue.Of(number, unit[1..^1].ToString());
        }

        return CalendarUnits.Singular(unit) is { } calendar ? FhirPathValue.Of(number, calendar) : default;
    }

    private static FhirPathValue ToTime(in FhirPathValue value, FhirPathKind kind)
    {
        if (value.Time is { } time)
        {
            return (time.Kind == FhirPathKind.Time) == (kind == FhirPathKind.Time) ? FhirPathValue.Of(time.As(kind)) : default;
        }

        return value.Text is { } text && FhirPathTime.Parse(text, kind) is { } parsed ? FhirPathValue.Of(parsed) : default;
    }
}
