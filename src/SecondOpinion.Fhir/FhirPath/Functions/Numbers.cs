using SecondOpinion.Fhir.FhirPath.Expressions;

namespace SecondOpinion.Fhir.FhirPath.Functions;

/// <summary>FHIRPath 2.0 section Math functions; results that are no number are empty.</summary>
internal static class Numbers
{
    public static void Abs(FhirPathState state, int start)
    {
        var value = Focus(state, start, allowQuantity: true);
        state.Set(start, value.Kind switch
        {
            FhirPathKind.Integer => value.Integer == int.MinValue ? default : FhirPathValue.Of(Math.Abs(value.Integer)),
            FhirPathKind.Long => value.Number == long.MinValue ? default : FhirPathValue.Of((long)Math.Abs(value.Number)),
            FhirPathKind.Decimal => FhirPathValue.Of(Math.Abs(value.Number)),
            FhirPathKind.Quantity => FhirPathValue.Of(Math.Abs(value.Number), value.Unit!),
            _ => default,
        });
    }

    public static void ToInteger(FhirPathState state, int start, Func<decimal, decimal> map)
    {
        var value = Focus(state, start);
        var result = map(value.Number);
        state.Set(start, value.Kind == FhirPathKind.None || result is < int.MinValue or > int.MaxValue ? default : FhirPathValue.Of((int)result));
    }

    public static void Round(FhirPathState state, int start, Expression[] arguments)
    {
        var value = Focus(state, start);
        var digits = arguments.Length > 0 ? Arguments.Integer(state, arguments[0], "round()") ?? 0 : 0;
        if (digits < 0)
        {
            FhirPathError.Execution("round() needs a precision of 0 or more");
        }

        state.Set(start, value.Kind == FhirPathKind.None ? default : FhirPathValue.Of(Round(value.Number, Math.Min(digits, 28))));
    }

    /// <summary>The traditional round of CQL, on which FHIRPath stands: half goes up, so -2.5 becomes -2.</summary>
    private static decimal Round(decimal value, int digits)
    {
        var away = Math.Round(value, digits, MidpointRounding.AwayFromZero);
        var cut = Math.Round(value, digits, MidpointRounding.ToZero);
        return value < 0 && cut - value == value - away ? cut : away;
    }

    public static void Real(FhirPathState state, int start, Func<double, double> map)
    {
        var value = Focus(state, start);
        state.Set(start, value.Kind != FhirPathKind.None && ToDecimal(map((double)value.Number)) is { } result ? FhirPathValue.Of(result) : default);
    }

    public static void Log(FhirPathState state, int start, Expression argument)
    {
        var value = Focus(state, start);
        var bottom = Arguments.Value(state, argument, "log()");
        var known = value.Kind != FhirPathKind.None && bottom.Kind != FhirPathKind.None;
        state.Set(start, known && ToDecimal(Math.Log((double)value.Number, (double)bottom.Number)) is { } result ? FhirPathValue.Of(result) : default);
    }

    public static void Power(FhirPathState state, int start, Expression argument)
    {
        var value = Focus(state, start);
        var exponent = Arguments.Value(state, argument, "power()");
        if (value.Kind == FhirPathKind.None || exponent.Kind == FhirPathKind.None || ToDecimal(Math.Pow((double)value.Number, (double)exponent.Number)) is not { } result)
        {
            state.Cut(start);
            return;
        }

        var isInteger = value.Kind == FhirPathKind.Integer && exponent.Kind == FhirPathKind.Integer && decimal.Truncate(result) == result && result is >= int.MinValue and <= int.MaxValue;
        state.Set(start, isInteger ? FhirPathValue.Of((int)result) : FhirPathValue.Of(result));
    }

    /// <summary>Null for NaN, infinities and what a decimal cannot hold.</summary>
    public static decimal? ToDecimal(double value) => double.IsFinite(value) && Math.Abs(value) < 7.9e28 ? (decimal)value : null;

    private static FhirPathValue Focus(FhirPathState state, int start, bool allowQuantity = false)
    {
        var value = state.Single(start, "a math function").System;
        if (value.Kind != FhirPathKind.None && !value.IsNumber && !(allowQuantity && value.Kind == FhirPathKind.Quantity))
        {
            FhirPathError.Execution($"a number is needed, found {value.Kind}");
        }

        return value;
    }
}
