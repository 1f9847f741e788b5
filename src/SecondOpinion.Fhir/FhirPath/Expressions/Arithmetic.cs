namespace SecondOpinion.Fhir.FhirPath.Expressions;

/// <summary>+ - * / div mod and &amp; (FHIRPath 2.0 section Math); overflow and division by zero give empty.</summary>
internal sealed class Arithmetic(Expression left, string op, Expression right) : Expression(left, right)
{
    public override void Evaluate(FhirPathState state)
    {
        var start = state.Count;
        left.Evaluate(state);
        var a = state.Single(start, op).System;
        var middle = state.Count;
        right.Evaluate(state);
        var b = state.Single(middle, op).System;
        if (op == "&")
        {
            state.Set(start, Text(a) + Text(b));
            return;
        }

        if (a.Kind == FhirPathKind.None || b.Kind == FhirPathKind.None)
        {
            if ((middle > start && a.Kind == FhirPathKind.None && !state[start].Node.IsPrimitive) || (state.Count > middle && b.Kind == FhirPathKind.None && !state[middle].Node.IsPrimitive))
            {
                FhirPathError.Execution($"'{op}' needs values, found an element of a complex type");
            }

            state.Cut(start);
            return;
        }

        if (op == "+" && a.Kind == FhirPathKind.String && b.Kind == FhirPathKind.String)
        {
            state.Set(start, a.Text + b.Text);
            return;
        }

        try
        {
            state.Set(start, Compute(a, b));
        }
        catch (OverflowException)
        {
            // FHIRPath 2.0 section Math: overflow is an empty result.
            state.Cut(start);
        }
    }

    private static string Text(in FhirPathValue value)
    {
        if (value.Kind is not (FhirPathKind.None or FhirPathKind.String))
        {
            FhirPathError.Execution($"'&' needs strings, found {value.Kind}");
        }

        return value.Text ?? "";
    }

    private FhirPathValue Compute(in FhirPathValue a, in FhirPathValue b)
    {
        if (a.IsNumber && b.IsNumber)
        {
            return Numbers(a, b);
        }

        if (a.Time is { } time && b.Kind == FhirPathKind.Quantity && op is "+" or "-")
        {
            return Move(time, b, op == "+" ? 1 : -1);
        }

        var x = a.Kind == FhirPathKind.Quantity ? a : FhirPathValue.Of(a.Number, "1");
        var y = b.Kind == FhirPathKind.Quantity ? b : FhirPathValue.Of(b.Number, "1");
        if (IsAmount(a) && IsAmount(b))
        {
            switch (op)
            {
                case "+" or "-":
                    return QuantityMath.Add(x, y, op == "+" ? 1 : -1);
                case "*" or "/":
                    return QuantityMath.Times(x, y, op == "*" ? 1 : -1);
            }
        }

        FhirPathError.Execution($"'{op}' is not defined for {a.Kind} and {b.Kind}");
        return default;
    }

    private static bool IsAmount(in FhirPathValue value) => value.IsNumber || value.Kind == FhirPathKind.Quantity;

    private FhirPathValue Numbers(in FhirPathValue a, in FhirPathValue b)
    {
        if (op is "/" or "div" or "mod" && b.Number == 0)
        {
            return default;
        }

        var result = op switch
        {
            "+" => a.Number + b.Number,
            "-" => a.Number - b.Number,
            "*" => a.Number * b.Number,
            "/" => a.Number / b.Number,
            "div" => decimal.Truncate(a.Number / b.Number),
            _ => a.Number % b.Number,
        };
        if (op != "/" && (a.Kind == FhirPathKind.Long || b.Kind == FhirPathKind.Long) && a.Kind != FhirPathKind.Decimal && b.Kind != FhirPathKind.Decimal)
        {
            return result is >= long.MinValue and <= long.MaxValue ? FhirPathValue.Of((long)result) : default;
        }

        var isInteger = op == "div" || (op != "/" && a.Kind == FhirPathKind.Integer && b.Kind == FhirPathKind.Integer);
        return !isInteger ? FhirPathValue.Of(result) : result is >= int.MinValue and <= int.MaxValue ? FhirPathValue.Of((int)result) : default;
    }

    /// <summary>
    /// Date and time arithmetic: fractions of units above seconds are dropped, finer units than the value has are converted to its precision.
    /// </summary>
    private static FhirPathValue Move(FhirPathTime time, in FhirPathValue quantity, int sign)
    {
        // A quoted calendar word is no UCUM code, but means the same.
        var unit = CalendarUnits.Singular(quantity.Unit) ?? quantity.Unit!;
        if (CalendarUnits.Step(unit) is not var (part, times, milliseconds))
        {
            FhirPathError.Execution($"'{quantity.Unit}' cannot be added to a {time.Kind}");
            return default;
        }

        if (time.Kind == FhirPathKind.Time && part < TimePrecision.Hour)
        {
            FhirPathError.Execution($"'{quantity.Unit}' cannot be added to a Time");
        }

        // FHIRPath 2.0 section Date/Time Arithmetic: only of seconds a fraction counts.
        var number = quantity.Number;
        if (part == TimePrecision.Second && !milliseconds && decimal.Truncate(number) != number)
        {
            (number, milliseconds) = (number * 1000, true);
        }

        var amount = checked((long)decimal.Truncate(number) * times * sign);
        while (part > time.Precision)
        {
            amount /= part switch
            {
                TimePrecision.Month => 12,
                TimePrecision.Day => 30,
                TimePrecision.Hour => 24,
                TimePrecision.Minute => 60,
                _ => milliseconds ? 60_000 : 60,
            };
            milliseconds = false;
            part--;
        }

        return time.Add(part, amount, milliseconds) is { } moved ? FhirPathValue.Of(moved) : default;
    }
}
