using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace SecondOpinion.Fhir;

/// <summary>The kinds of types of FHIR R4 datatypes.html.</summary>
public enum TypeKind
{
    /// <summary>A single value, perhaps with an id and extensions.</summary>
    Primitive,

    /// <summary>A type of named elements that is no resource.</summary>
    Complex,

    /// <summary>A type with an identity of its own.</summary>
    Resource,

    /// <summary>The unnamed type of an element with children of its own, for example <c>Observation.component</c>.</summary>
    Backbone,
}

/// <summary>A FHIR type with all its elements, inherited ones first.</summary>
public sealed class TypeDefinition
{
    private readonly ElementSlot?[] _table;
    private readonly int _mask;

    internal TypeDefinition(string name, string path, TypeKind kind, bool isAbstract, TypeDefinition? baseType, IReadOnlyList<string> invariants, IReadOnlyList<ElementDefinition> elements)
    {
        Name = name;
        Utf8Name = Encoding.UTF8.GetBytes(name);
        Path = path;
        Kind = kind;
        IsAbstract = isAbstract;
        Base = baseType;
        Invariants = invariants;
        Elements = elements;
        IsQuantity = Is("Quantity");
        Primitive = kind == TypeKind.Primitive ? Enum.Parse<PrimitiveType>(name, ignoreCase: true) : PrimitiveType.None;

        Slots = [.. elements.SelectMany((e, i) => ElementSlot.Of(e, i))];
        Required = [.. elements.Select((e, i) => (e, i)).Where(e => e.e.Min > 0)];
        var size = 8;
        while (size < Slots.Count * 2)
        {
            size *= 2;
        }

        _table = new ElementSlot[size];
        _mask = size - 1;
        foreach (var slot in Slots)
        {
            var at = Hash(slot.Utf8Name) & _mask;
            while (_table[at] is not null)
            {
                at = (at + 1) & _mask;
            }

            _table[at] = slot;
        }
    }

    /// <summary>The name FHIRPath knows: <c>Patient</c>, <c>HumanName</c>, <c>code</c>, <c>BackboneElement</c>.</summary>
    public string Name { get; }

    internal byte[] Utf8Name { get; }

    /// <summary><c>Observation.component</c> for a backbone; else the name.</summary>
    public string Path { get; }

    /// <summary>Primitive, complex, resource or backbone.</summary>
    public TypeKind Kind { get; }

    /// <summary>Whether only types derived from it have instances.</summary>
    public bool IsAbstract { get; }

    /// <summary>The type it derives from; null for Element and Resource.</summary>
    public TypeDefinition? Base { get; }

    /// <summary>Keys of the rules of the type, ele-1 and ext-1 left out.</summary>
    public IReadOnlyList<string> Invariants { get; }

    /// <summary>All elements, inherited ones first, in the order of the definition.</summary>
    public IReadOnlyList<ElementDefinition> Elements { get; }

    /// <summary>One entry per JSON property name.</summary>
    public IReadOnlyList<ElementSlot> Slots { get; }

    /// <summary>Elements that must be present, with their order.</summary>
    internal IReadOnlyList<(ElementDefinition Element, int Order)> Required { get; }

    /// <summary>Which primitive type this is; None for all others.</summary>
    public PrimitiveType Primitive { get; }

    /// <summary>Whether the value is one JSON string, number or boolean.</summary>
    public bool IsPrimitive => Kind == TypeKind.Primitive;

    /// <summary>Whether this is Quantity or derives from it.</summary>
    internal bool IsQuantity { get; }

    /// <summary>Whether this is the named type or derives from it.</summary>
    public bool Is(string typeName)
    {
        for (var type = this; type is not null; type = type.Base)
        {
            if (type.Name == typeName)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The element a JSON property stands for.</summary>
    public bool TryFind(ReadOnlySpan<byte> jsonName, [NotNullWhen(true)] out ElementSlot? slot)
    {
        for (var at = Hash(jsonName) & _mask; (slot = _table[at]) is not null; at = (at + 1) & _mask)
        {
            if (jsonName.SequenceEqual(slot.Utf8Name))
            {
                return true;
            }
        }

        return false;
    }

    /// <inheritdoc cref="TryFind(ReadOnlySpan{byte}, out ElementSlot?)"/>
    public bool TryFind(string jsonName, [NotNullWhen(true)] out ElementSlot? slot) => TryFind(Encoding.UTF8.GetBytes(jsonName), out slot);

    /// <summary>The element of that name (without <c>[x]</c>); null when the type has none.</summary>
    public ElementDefinition? Element(string name) => Elements.FirstOrDefault(e => e.Name == name);

    internal int OrderOf(string name)
    {
        for (var i = 0; i < Elements.Count; i++)
        {
            if (Elements[i].Name == name)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>Its path.</summary>
    public override string ToString() => Path;

    private static int Hash(ReadOnlySpan<byte> name)
    {
        ulong first = 0;
        ulong last = 0;
        foreach (var b in name[..Math.Min(8, name.Length)])
        {
            first = (first << 8) | b;
        }

        foreach (var b in name[Math.Max(0, name.Length - 8)..])
        {
            last = (last << 8) | b;
        }

        var mixed = ((first * 0x9E3779B97F4A7C15) ^ (last * 0xC2B2AE3D27D4EB4F)) + (ulong)name.Length;
        return (int)((mixed * 0xFF51AFD7ED558CCD) >> 40);
    }
}

/// <summary>The primitive types of FHIR R4 datatypes.html#primitive.</summary>
public enum PrimitiveType
{
    /// <summary>Not a primitive type.</summary>
    None,

    /// <summary>Bytes.</summary>
    Base64Binary,

    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>A URI of a conformance resource, perhaps with a version.</summary>
    Canonical,

    /// <summary>A token of a set defined elsewhere.</summary>
    Code,

    /// <summary>A year, month or day.</summary>
    Date,

    /// <summary>A date, or a date with time and zone.</summary>
    DateTime,

    /// <summary>A number whose digits count.</summary>
    Decimal,

    /// <summary>1 to 64 letters, digits, hyphens and points.</summary>
    Id,

    /// <summary>A point of time.</summary>
    Instant,

    /// <summary>A whole number of 32 bits.</summary>
    Integer,

    /// <summary>Text that may be formatted.</summary>
    Markdown,

    /// <summary>A URI of an object identifier.</summary>
    Oid,

    /// <summary>From 1.</summary>
    PositiveInt,

    /// <summary>Unicode text.</summary>
    String,

    /// <summary>A time of day.</summary>
    Time,

    /// <summary>From 0.</summary>
    UnsignedInt,

    /// <summary>Any URI.</summary>
    Uri,

    /// <summary>A URI that can be followed.</summary>
    Url,

    /// <summary>A URI of a UUID.</summary>
    Uuid,

    /// <summary>The div of a narrative.</summary>
    Xhtml,
}
