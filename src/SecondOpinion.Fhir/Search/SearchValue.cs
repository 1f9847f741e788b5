namespace SecondOpinion.Fhir.Search;

/// <summary>One index value of a resource; <see cref="Kind"/> decides which members are filled (FHIR R4 search.html, one section per type).</summary>
public readonly record struct SearchValue
{
    /// <summary>The parameter; for a part of a composite the component.</summary>
    public required SearchParameter Parameter { get; init; }

    /// <summary>The parameter's type; never Composite.</summary>
    public required SearchParameterType Kind { get; init; }

    /// <summary>System of a token or of an identifier of a reference; unit system of a quantity (<c>urn:iso:std:iso:4217</c> for money); null is none.</summary>
    public string? System { get; init; }

    /// <summary>The system is not written but follows from the element's required binding.</summary>
    public bool SystemIsImplied { get; init; }

    /// <summary>Token code or identifier value; unit code of a quantity, or its unit when it has no code; a uri; a string as written.</summary>
    public string? Code { get; init; }

    /// <summary>
    /// Strings and the texts of tokens (display, CodeableConcept.text, Identifier.type.text) as <see cref="SearchText.Normalize"/> makes them; of a quantity
    /// the unit as written. A token that has only a text has no code.
    /// </summary>
    public string? Text { get; init; }

    /// <summary>Of an identifier: one coding of its type, for <c>:of-type</c>.</summary>
    public string? IdentifierTypeSystem { get; init; }

    /// <inheritdoc cref="IdentifierTypeSystem"/>
    public string? IdentifierTypeCode { get; init; }

    /// <summary>Resource type of a reference's target, also of an absolute one when the URL or Reference.type says.</summary>
    public string? TargetType { get; init; }

    /// <summary>Logical id of a local target (<c>Type/id</c>).</summary>
    public string? TargetId { get; init; }

    /// <summary>An absolute URL, a urn, or a canonical without its version.</summary>
    public string? TargetUrl { get; init; }

    /// <summary>Version of the target (<c>_history/n</c>) when it is a number.</summary>
    public int? TargetVersion { get; init; }

    /// <summary>Business version behind the bar of a canonical.</summary>
    public string? CanonicalVersion { get; init; }

    /// <summary>
    /// Numbers and quantities: the range the value means at the precision it is written with; equal for integers; <see cref="double.MinValue"/> and
    /// <see cref="double.MaxValue"/> are open. For Location.near latitude and longitude.
    /// </summary>
    public double Low { get; init; }

    /// <inheritdoc cref="Low"/>
    public double High { get; init; }

    /// <summary>The number itself when the value is one number without comparator; null for ranges.</summary>
    public double? Number { get; init; }

    /// <summary><see cref="Number"/> in UCUM base units.</summary>
    public double? CanonicalNumber { get; init; }

    /// <summary>The range in UCUM base units; null when the unit is unknown.</summary>
    public double? CanonicalLow { get; init; }

    /// <inheritdoc cref="CanonicalLow"/>
    public double? CanonicalHigh { get; init; }

    /// <summary>The base units, for example <c>g.m-3</c>.</summary>
    public string? CanonicalUnit { get; init; }

    /// <summary>Dates: first instant, UTC; <see cref="DateTimeOffset.MinValue"/> when a period has no start. Dates without a time are days in UTC.</summary>
    public DateTimeOffset From { get; init; }

    /// <summary>Dates: the instant behind the last one, UTC; <see cref="DateTimeOffset.MaxValue"/> when a period has no end.</summary>
    public DateTimeOffset To { get; init; }

    /// <summary>Parts of a composite with the same number come from the same element; from 1; 0 outside composites.</summary>
    public int CompositeGroup { get; init; }
}
