using System.Buffers;
using System.Globalization;

namespace SecondOpinion.Fhir.Search;

/// <summary>Numbers of searches, with the precision of the digits written (FHIR R4 search.html#number).</summary>
internal static class SearchRequestNumbers
{
    private static readonly SearchValues<char> Allowed = SearchValues.Create("0123456789+-.eE ");

    /// <summary>Null when it is no number, or one beyond what a FHIR decimal holds here.</summary>
    public static NumberOperand? Read(SearchPrefix prefix, string text)
    {
        if (text.Length is 0 or > 40 || text.AsSpan().ContainsAnyExcept(Allowed)
            || !decimal.TryParse(text.TrimStart(' '), NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var value))
        {
            return null;
        }

        try
        {
            var half = prefix == SearchPrefix.Ap ? Math.Abs(value) / 10 : HalfUnit(text);
            return new NumberOperand(prefix, value, value - half, value + half);
        }
        catch (OverflowException)
        {
            return null;
        }
    }

    // 100 is [99.5, 100.5), 5.40e-3 is [0.005395, 0.005405); the specification's example 1e2 is [95, 105).
    private static decimal HalfUnit(string text)
    {
        var e = text.AsSpan().IndexOfAny('e', 'E');
        var exponent = e < 0 ? 0 : int.Parse(text.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var mantissa = e < 0 ? text.AsSpan() : text.AsSpan(0, e);
        var dot = mantissa.IndexOf('.');
        var decimals = dot < 0 ? 0 : mantissa.Length - dot - 1;
        var power = exponent - decimals - (dot < 0 && exponent > 0 ? 1 : 0);
        var half = 0.5m;
        for (; power > 0; power--)
        {
            half *= 10;
        }

        for (; power < 0 && half > 0; power++)
        {
            half /= 10;
        }

        return half;
    }
}
