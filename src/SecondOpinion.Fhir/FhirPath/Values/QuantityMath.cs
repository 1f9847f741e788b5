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

    /// <summary>Sum or difference in the unit of the first; None when the units do not go together.</summary>
    public static FhirPathValue Add(in FhirPathValue a, in FhirPathValue b, int sign)
    {
        var (unitA, unitB) = (CalendarUnits.ToUcum(a.Unit!, false), CalendarUnits.ToUcum(b.Unit!, false));
        if (unitA == unitB)
        {
            return FhirPathValue.Of(a.Number + (sign * b.Number), a.Unit!);
        }

        return UcumUnit.Find(unitA) is { } ucumA && UcumUnit.Find(unitB) is { } ucumB && ucumA.IsComparable(ucumB)
            ? FhirPathValue.Of(a.Number + (sign * (decimal)(ucumB.ToCanonical((double)b.Number) / ucumA.Factor)), a.Unit!)
            : default;
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

        if (UcumUnit.Find(unitA) is not { } ucumA || UcumUnit.Find(unitB) is not { } ucumB)
        {
            return default;
        }

        var unit = ucumA.Times(ucumB, sign);
        return FhirPathValue.Of(number * (decimal)unit.Factor, unit.Canonical);
    }
}
