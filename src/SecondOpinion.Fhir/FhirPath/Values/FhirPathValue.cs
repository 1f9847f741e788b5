using System.Globalization;

namespace SecondOpinion.Fhir.FhirPath;

/// <summary>The cases of <see cref="FhirPathValue"/>.</summary>
public enum FhirPathKind : byte
{
    /// <summary>No value; never an item of a result.</summary>
    None,

    /// <summary>An element or resource.</summary>
    Node,

    /// <summary>System.Boolean.</summary>
    Boolean,

    /// <summary>System.Integer, 32 bits.</summary>
    Integer,

    /// <summary>64 bits (FHIRPath 2.0 STU); no FHIR R4 element has it.</summary>
    Long,
    /// <summary>System.Decimal, 28 digits.</summary>
    Decimal,

    /// <summary>System.String.</summary>
    String,

    /// <summary>System.Date.</summary>
    Date,

    /// <summary>System.DateTime.</summary>
    DateTime,

    /// <summary>System.Time.</summary>
    Time,

    /// <summary>System.Quantity.</summary>
    Quantity,

    /// <summary>A type, as <c>type()</c> gives it.</summary>
    Type,

    /// <summary>A resource of which only the type is known, from a reference that nobody resolved.</summary>
    Target,
}

/// <summary>A type name with its namespace, <c>FHIR</c> or <c>System</c>.</summary>
public sealed record FhirPathTypeName(string Namespace, string Name)
{
    /// <summary>Namespace and name, for example <c>FHIR.Patient</c>.</summary>
    public override string ToString() => Namespace + "." + Name;
}

/// <summary>One item of a FHIRPath collection: a node of the resource or a computed value.</summary>
public readonly struct FhirPathValue
{
    private readonly object? _reference;
    private readonly decimal _number;

    private FhirPathValue(FhirPathKind kind, object? reference, decimal number = 0)
    {
        Kind = kind;
        _reference = reference;
        _number = number;
    }

    /// <summary>What the item is; decides which members have a value.</summary>
    public FhirPathKind Kind { get; }

    /// <summary>An element; None when it is missing.</summary>
    public static FhirPathValue Of(FhirNode node) => node.Exists ? new(FhirPathKind.Node, node.Owner, node.Row) : default;

    /// <summary>A System.Boolean.</summary>
    public static FhirPathValue Of(bool value) => new(FhirPathKind.Boolean, null, value ? 1 : 0);

    /// <summary>A System.Integer.</summary>
    public static FhirPathValue Of(int value) => new(FhirPathKind.Integer, null, value);

    /// <summary>A System.Long.</summary>
    public static FhirPathValue Of(long value) => new(FhirPathKind.Long, null, value);

    /// <summary>A System.Decimal.</summary>
    public static FhirPathValue Of(decimal value) => new(FhirPathKind.Decimal, null, value);

    /// <summary>A System.String.</summary>
    public static FhirPathValue Of(string value) => new(FhirPathKind.String, value);

    /// <summary>A System.Date, DateTime or Time.</summary>
    public static FhirPathValue Of(FhirPathTime value) => new(value.Kind, value);

    /// <summary>A quantity; the unit is a UCUM code, or a calendar word (<c>day</c>, <c>month</c>) in the singular.</summary>
    public static FhirPathValue Of(decimal value, string unit) => new(FhirPathKind.Quantity, unit, value);

    /// <summary>A type, as <c>type()</c> gives it.</summary>
    public static FhirPathValue Of(FhirPathTypeName type) => new(FhirPathKind.Type, type);

    internal static FhirPathValue OfTarget(string resourceType) => new(FhirPathKind.Target, resourceType);

    /// <summary>The node; missing when the value is computed.</summary>
    public FhirNode Node => Kind == FhirPathKind.Node ? new FhirNode((FhirResource)_reference!, (int)_number) : default;

    /// <summary>Whether the item is an element or resource.</summary>
    public bool IsNode => Kind == FhirPathKind.Node;

    /// <summary>Whether it is an Integer, a Long or a Decimal.</summary>
    internal bool IsNumber => Kind is FhirPathKind.Integer or FhirPathKind.Long or FhirPathKind.Decimal;

    internal bool Boolean => _number != 0;

    /// <summary>The number of an Integer, Long, Decimal or Quantity.</summary>
    public decimal Number => _number;

    internal int Integer => (int)_number;

    /// <summary>The text of a String; null for anything else.</summary>
    public string? Text => Kind == FhirPathKind.String ? (string)_reference! : null;

    /// <summary>The unit of a Quantity; null for anything else.</summary>
    public string? Unit => Kind == FhirPathKind.Quantity ? (string)_reference! : null;

    /// <summary>The value of a Date, DateTime or Time; null for anything else.</summary>
    public FhirPathTime? Time => _reference as FhirPathTime;

    internal string? Target => Kind == FhirPathKind.Target ? (string)_reference! : null;

    /// <summary>The type item of <c>type()</c>; null for anything else.</summary>
    public FhirPathTypeName? TypeName => _reference as FhirPathTypeName;

    /// <summary>
    /// The System value of a primitive node (FHIR R4 fhirpath.html#types) or of a FHIR Quantity in UCUM; the value itself when it is computed; None when
    /// the node has neither.
    /// </summary>
    public FhirPathValue System => Kind != FhirPathKind.Node ? this : NodeValue.Of(Node);

    /// <summary>The value as <c>toString()</c> writes it; null for nodes without a value.</summary>
    public override string? ToString()
    {
        var value = System;
        return value.Kind switch
        {
            FhirPathKind.Boolean => value.Boolean ? "true" : "false",
            FhirPathKind.Integer or FhirPathKind.Long or FhirPathKind.Decimal => value._number.ToString(CultureInfo.InvariantCulture),
            FhirPathKind.String => value.Text,
            FhirPathKind.Date or FhirPathKind.DateTime or FhirPathKind.Time => value.Time!.ToString(),
            FhirPathKind.Quantity => QuantityText(value._number, value.Unit!),
            FhirPathKind.Type => value.TypeName!.ToString(),
            _ => null,
        };
    }

    private static string QuantityText(decimal number, string unit)
    {
        var text = number.ToString(CultureInfo.InvariantCulture);
        return CalendarUnits.IsCalendar(unit) ? $"{text} {unit}{(number == 1 ? "" : "s")}" : $"{text} '{unit}'";
    }
}

/// <summary>From nodes to System values.</summary>
internal static class NodeValue
{
    public static FhirPathValue Of(FhirNode node)
    {
        if (node.TypeDefinition is not { } type)
        {
            return node.Value is { } unknown ? FhirPathValue.Of(unknown) : default;
        }

        if (!type.IsPrimitive)
        {
            return type.IsQuantity ? Quantity(node) : default;
        }

        if (!node.HasValue)
        {
            return default;
        }

        switch (type.Primitive)
        {
            case PrimitiveType.Boolean:
                return FhirPathValue.Of(node.Value == "true");
            case PrimitiveType.Integer or PrimitiveType.UnsignedInt or PrimitiveType.PositiveInt:
                return int.TryParse(node.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer) ? FhirPathValue.Of(integer) : default;
            case PrimitiveType.Decimal:
                return Decimal(node.Value!) is { } number ? FhirPathValue.Of(number) : default;
            case PrimitiveType.Date:
                return Time(node.Value!, FhirPathKind.Date);
            case PrimitiveType.DateTime or PrimitiveType.Instant:
                return Time(node.Value!, FhirPathKind.DateTime);
            case PrimitiveType.Time:
                return Time(node.Value!, FhirPathKind.Time);
            default:
                return FhirPathValue.Of(node.Value!);
        }
    }

    public static decimal? Decimal(string text) =>
        decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static FhirPathValue Time(string text, FhirPathKind kind) => FhirPathTime.Parse(text, kind) is { } time ? FhirPathValue.Of(time) : default;

    /// <summary>FHIR R4 fhirpath.html#quantity: a UCUM code is the unit; without a code the quantity is a plain number.</summary>
    private static FhirPathValue Quantity(FhirNode node)
    {
        if (node["value"] is not { HasValue: true } value || Decimal(value.Value!) is not { } number)
        {
            return default;
        }

        var code = node["code"].Value;
        return code is null ? FhirPathValue.Of(number, node["unit"].Value ?? "1")
            : node["system"].Value is UcumUnit.System ? FhirPathValue.Of(number, code)
            : FhirPathValue.Of(number, node["system"].Value + "|" + code);
    }
}
