using System.Globalization;
using SecondOpinion.Fhir.FhirPath;

namespace SecondOpinion.Fhir.Search;

/// <summary>FHIR R4 search.html#number and #quantity: a decimal means the range of its last digit, an integer itself.</summary>
internal static class SearchIndexerNumbers
{
    private const string Currencies = "urn:iso:std:iso:4217";

    public static void AddNumber(FhirNode node, SearchIndexerSink sink)
    {
        if (Bounds(node) is var (low, high))
        {
            sink.Add(sink.New() with { Low = low, High = high, Number = Number(node) });
        }
    }

    public static void AddQuantity(FhirNode node, SearchIndexerSink sink)
    {
        switch (node.Type)
        {
            case "Range":
                AddRange(node, sink);
                break;
            case "Money":
                if (Bounds(node["value"]) is var (least, most))
                {
                    sink.Add(sink.New() with { Low = least, High = most, Number = Number(node["value"]), System = node["currency"].Exists ? Currencies : null, Code = node.Text("currency") });
                }

                break;
            case "SampledData":
                AddSamples(node, sink);
                break;
            default:
                if (node.TypeDefinition?.Is("Quantity") == true && Bounds(node["value"]) is var (low, high))
                {
                    var comparator = node.Text("comparator");
                    low = comparator is "<" or "<=" ? double.MinValue : low;
                    high = comparator is ">" or ">=" ? double.MaxValue : high;
                    AddWithUnit(node, low, high, sink, comparator is null ? Number(node["value"]) : null);
                }

                break;
        }
    }

    /// <summary>Latitude and longitude of a Location.</summary>
    public static void AddPosition(FhirNode node, SearchIndexerSink sink)
    {
        if (Number(node["latitude"]) is { } latitude && Number(node["longitude"]) is { } longitude)
        {
            sink.Add(sink.New() with { Low = latitude, High = longitude });
        }
    }

    private static void AddRange(FhirNode range, SearchIndexerSink sink)
    {
        var (low, high) = (range["low"], range["high"]);
        var (least, most) = (Bounds(low["value"])?.Low, Bounds(high["value"])?.High);
        if (least is not null || most is not null)
        {
            AddWithUnit(low.Exists ? low : high, least ?? double.MinValue, most ?? double.MaxValue, sink);
        }
    }

    /// <summary>The range of the samples (FHIR R4 datatypes.html#SampledData): each is a factor away from the origin.</summary>
    private static void AddSamples(FhirNode sampled, SearchIndexerSink sink)
    {
        var origin = sampled["origin"];
        var (zero, factor) = (Number(origin["value"]) ?? 0, Number(sampled["factor"]) ?? 1);
        var (low, high) = (double.MaxValue, double.MinValue);
        var data = (sampled.Text("data") ?? "").AsSpan();
        foreach (var part in data.Split(' '))
        {
            if (double.TryParse(data[part], NumberStyles.Float, CultureInfo.InvariantCulture, out var sample) && double.IsFinite(sample))
            {
                low = Math.Min(low, zero + (sample * factor));
                high = Math.Max(high, zero + (sample * factor));
            }
        }

        if (low <= high)
        {
            AddWithUnit(origin, low, high, sink);
        }
    }

    private static void AddWithUnit(FhirNode quantity, double low, double high, SearchIndexerSink sink, double? number = null)
    {
        var (system, code, unit) = (quantity.Text("system"), quantity.Text("code"), quantity.Text("unit"));
        var value = sink.New() with { Low = low, High = high, Number = number, System = system, Code = code ?? unit, Text = unit };
        if (system == UcumUnit.System && code is not null && UcumUnit.Find(code) is { } ucum)
        {
            value = value with { CanonicalLow = Convert(low, ucum), CanonicalHigh = Convert(high, ucum), CanonicalNumber = number is { } one ? Convert(one, ucum) : null, CanonicalUnit = ucum.Canonical };
        }

        sink.Add(value);
    }

    private static double Convert(double value, UcumUnit unit) =>
        value is double.MinValue or double.MaxValue ? value : Math.Clamp(unit.ToCanonical(value), double.MinValue, double.MaxValue);

    private static double? Number(FhirNode node) =>
        double.TryParse(node.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value : null;

    /// <summary>The range of a number as written; null when it is none.</summary>
    private static (double Low, double High)? Bounds(FhirNode node)
    {
        if (Number(node) is not { } number)
        {
            return null;
        }

        if (node.TypeDefinition?.Primitive != PrimitiveType.Decimal)
        {
            return (number, number);
        }

        var half = SearchPrecision.HalfOfLastDigit(node.Value!);
        return (Math.Max(number - half, double.MinValue), Math.Min(number + half, double.MaxValue));
    }
}

/// <summary>The precision a number is written with (FHIR R4 search.html#number), the same for stored values and for values asked for.</summary>
public static class SearchPrecision
{
    /// <summary>Half of one in the last digit: 0.5 for <c>100</c>, 0.005 for <c>1.00</c>; 5 for <c>1e2</c>, as the specification's example has it.</summary>
    public static double HalfOfLastDigit(string number)
    {
        var e = number.AsSpan().IndexOfAny('e', 'E');
        var mantissa = e < 0 ? number : number[..e];
        var exponent = e >= 0 && int.TryParse(number.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var power) ? Math.Clamp(power, -400, 400) : 0;
        var point = mantissa.IndexOf('.', StringComparison.Ordinal);
        var digits = point >= 0 ? mantissa.Length - point - 1 : e < 0 ? 0 : 1;
        var half = 0.5 * Math.Pow(10, exponent - digits);
        return double.IsFinite(half) ? half : 0;
    }
}
