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
            var half = prefix == SearchPrefix.Ap ? Math.Abs(value) / 10 : (decimal)SearchPrecision.HalfOfLastDigit(text);
            return new NumberOperand(prefix, value, value - half, value + half);
        }
        catch (OverflowException)
        {
            return null;
        }
    }
}
