namespace SecondOpinion.Storage.Search.Rows;

/// <summary>One value of one search parameter of one current resource.</summary>
internal abstract class IndexRow
{
    public long ResourceKey { get; set; }

    /// <summary><see cref="ParameterId.Of"/>.</summary>
    public int Parameter { get; set; }

    /// <summary>Makes the key unique; counts the rows of a resource in this table.</summary>
    public int Ordinal { get; set; }

    /// <summary>Components of one composite value have the same group; 0 for simple parameters.</summary>
    public int Group { get; set; }
}

internal sealed class TokenRow : IndexRow
{
    /// <summary>Exact, cut by <see cref="IndexText.Fit"/>.</summary>
    public string Code { get; set; } = "";

    /// <summary><see cref="IndexText.SystemId"/>; 0 for none.</summary>
    public long SystemId { get; set; }
}

internal sealed class StringRow : IndexRow
{
    /// <summary>Without case and accents: <see cref="IndexText.Fold"/>.</summary>
    public string Text { get; set; } = "";

    public string Exact { get; set; } = "";
}

internal sealed class ReferenceRow : IndexRow
{
    /// <summary>Empty for absolute URLs.</summary>
    public string TargetType { get; set; } = "";

    /// <summary>Logical id, or the URL.</summary>
    public string TargetId { get; set; } = "";

    /// <summary>Empty when the reference names no version.</summary>
    public string Version { get; set; } = "";
}

internal sealed class DateRow : IndexRow
{
    /// <summary>UTC ticks.</summary>
    public long From { get; set; }

    /// <summary>UTC ticks, exclusive.</summary>
    public long To { get; set; }
}

/// <summary>Numbers and quantities. Binary floating point: every provider compares it the same way, and rounding keeps the order.</summary>
internal sealed class NumberRow : IndexRow
{
    public double Low { get; set; }

    public double High { get; set; }

    /// <summary><see cref="IndexText.SystemId"/> of the unit; 0 for none.</summary>
    public long SystemId { get; set; }

    /// <summary>Code of the unit; its text when it has none.</summary>
    public string Unit { get; set; } = "";

    /// <summary>The value in base units of UCUM, when the unit is known.</summary>
    public double? CanonicalLow { get; set; }

    public double? CanonicalHigh { get; set; }

    public string CanonicalUnit { get; set; } = "";
}

internal sealed class UriRow : IndexRow
{
    public string Uri { get; set; } = "";
}
