namespace SecondOpinion.Fhir.FhirPath;

/// <summary>Quantities against each other (FHIRPath 2.0 Quantity equality, equivalence, comparison and arithmetic).</summary>
internal static class QuantityMath
{
    private const double Tolerance = 1e-11;

    /// <summary>Null when the units cannot be compared.</summary>
    public static int? Compare(in FhirPathValue a, in FhirPathValue b)
    {
        var (unitA, unitB) = (CalendarUnits.ToUcum(a.Unit!, false), CalendarUnits.ToUcum(b.Unit!, false));
        if (unitA == unitB)
        {
            return a.Number.CompareTo(b.Number);
        }

        if (Months(unitA) is { } monthsA && Months(unitB) is { } monthsB)
        {
            return (a.Number * monthsA).CompareTo(b.Number * monthsB);
        }

        if (UcumUnit.Find(unitA) is not { } ucumA || UcumUnit.Find(unitB) is not { } ucumB || !ucumA.IsComparable(ucumB))
        {
            return null;
        }

        var (x, y) = (ucumA.ToCanonical((double)a.Number), ucumB.ToCanonical((double)b.Number));
        return Math.Abs(x - y) <= Tolerance * Math.Max(Math.Abs(x), Math.Abs(y)) ? 0 : x.CompareTo(y);
    }

    /// <summary>Equal after rounding to the precision of the less precise one, in the larger of the two units.</summary>
    public static bool Equivalent(in FhirPathValue a, in FhirPathValue b)
    {
        var (unitA, unitB) = (CalendarUnits.ToUcum(a.Unit!, true), CalendarUnits.ToUcum(b.Unit!, true));
        if (unitA == unitB)
        {
            return Equality.SameToLeastPrecision(a.Number, b.Number);
        }

        if (UcumUnit.Find(unitA) is not { } ucumA || UcumUnit.Find(unitB) is not { } ucumB || !ucumA.IsComparable(ucumB))
        {
            return false;
        }

        var (large, small) = ucumA.Factor >= ucumB.Factor ? (a.Number, b.Number) : (b.Number, a.Number);
        var (largeUnit, smallUnit) = ucumA.Factor >= ucumB.Factor ? (ucumA, ucumB) : (ucumB, ucumA);
        var converted = (smallUnit.ToCanonical((double)small) - largeUnit.Offset) / largeUnit.Factor;
        return Math.Abs(converted) < 1e27 && Equality.SameToLeastPrecision(large, (decimal)converted);
    }

    /// <summary>A calendar year has twelve calendar months, whatever their days (FHIRPath 2.0 section Time-valued Quantities); null for other units.</summary>
    private static decimal? Months(string unit) => unit switch { "year" => 12, "month" => 1, _ => null };

    /// <summary>Sum or difference in the more granular of the two units (FHIRPath 2.0 section Math); None when the units do not go together.</summary>
    public static FhirPathValue Add(in FhirPathValue a, in FhirPathValue b, int sign)
    {
        var (unitA, unitB) = (CalendarUnits.ToUcum(a.Unit!, false), CalendarUnits.ToUcum(b.Unit!, false));
        if (unitA == unitB)
        {
            return FhirPathValue.Of(a.Number + (sign * b.Number), a.Unit!);
        }

        if (Months(unitA) is { } monthsA && Months(unitB) is { } monthsB)
        {
            return FhirPathValue.Of((a.Number * monthsA) + (sign * b.Number * monthsB), "month");
        }

        // A temperature scale is no amount to be added (UCUM 2.1 section 21, special units).
        if (UcumUnit.Find(unitA) is not { Offset: 0 } ucumA || UcumUnit.Find(unitB) is not { Offset: 0 } ucumB || !ucumA.IsComparable(ucumB))
        {
            return default;
        }

        return ucumA.Factor <= ucumB.Factor
            ? FhirPathValue.Of(a.Number + (sign * b.Number * (decimal)(ucumB.Factor / ucumA.Factor)), a.Unit!)
            : FhirPathValue.Of((a.Number * (decimal)(ucumA.Factor / ucumB.Factor)) + (sign * b.Number), b.Unit!);
    }

    /// <summary>Product or quotient, in base units when both have one.</summary>
    public static FhirPathValue Times(in FhirPathValue a, in FhirPathValue b, int sign)
    {
        if (sign < 0 && b.Number == 0)
        {
            return default;
        }

        var number = sign > 0 ? a.Number * b.Number : a.Number / b.Number;
        var (unitA, unitB) = (CalendarUnits.ToUcum(a.Unit!, true), CalendarUnits.ToUcum(b.Unit!, true));
        if (unitB == "1")
        {
            return FhirPathValue.Of(number, a.Unit!);
        }

        if (unitA == "1" && sign > 0)
        {
            return FhirPathValue.Of(number, b.Unit!);
        }

        if (UcumUnit.Find(unitA) is not { Offset: 0 } ucumA || UcumUnit.Find(unitB) is not { Offset: 0 } ucumB)
        {
            return default;
        }

        var unit = ucumA.Times(ucumB, sign);
        return FhirPathValue.Of(number * (decimal)unit.Factor, unit.Canonical);
    }
}
