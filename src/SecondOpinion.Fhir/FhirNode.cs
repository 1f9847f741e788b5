using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using SecondOpinion.Fhir.Tree;

namespace SecondOpinion.Fhir;

/// <summary>
/// A cursor into a resource's tree: two words, no allocation. <c>default</c> is "missing": every question asked of it is answered with nothing.
/// An element that repeats is one node per repetition, as in FHIRPath.
/// </summary>
public readonly struct FhirNode : IEquatable<FhirNode>
{
    private readonly FhirResource? _resource;
    private readonly int _row;

    internal FhirNode(FhirResource resource, int row)
    {
        _resource = resource;
        _row = row;
    }

    internal FhirResource? Owner => _resource;

    internal int Row => _row;

    private ResourceTree Tree => _resource!.Tree;

    /// <summary>False for <c>default</c>, which is what a search without a result gives.</summary>
    public bool Exists => _resource is not null;

    /// <summary>The parsed resource this node belongs to; for a contained resource that is the whole document.</summary>
    public FhirResource? Document => _resource;

    internal ElementSlot? Slot => _resource is null ? null : Tree.Slots[_row];

    /// <summary>The element's JSON property name, for example <c>valueQuantity</c>; the root's is its type.</summary>
    public string JsonName => _resource is null ? "" : Slot?.JsonName ?? Tree.NameText(_row);

    /// <summary>The element name of the definitions: a choice is <c>value</c>, not <c>valueQuantity</c>. The root's name is its type.</summary>
    public string Name => _resource is null ? "" : Slot?.Name ?? Tree.NameText(_row);

    /// <summary>The FHIR type: <c>HumanName</c>, <c>code</c>, <c>BackboneElement</c>, <c>Patient</c>; empty when the element is unknown.</summary>
    public string Type => Slot?.Type.Name ?? "";

    /// <summary>The type with its elements; null when the element is unknown.</summary>
    public TypeDefinition? TypeDefinition => Slot?.Type;

    /// <summary>The element's definition; null for the root of a resource and for unknown elements.</summary>
    public ElementDefinition? Definition => Slot?.Element;

    /// <summary>The resource type when this node is a resource (root, contained, in a Bundle or Parameters); else null.</summary>
    public string? ResourceType => IsResource ? Type : null;

    /// <summary>Whether the node is a primitive element, with or without a value.</summary>
    public bool IsPrimitive => _resource is not null && (Slot?.Type.IsPrimitive ?? (Tree.Rows[_row].Kind != RowKind.Object || Tree.Rows[_row].IsUnderscore));

    /// <summary>The exact text of a primitive: digits as written, strings unescaped; null when there is none.</summary>
    public string? Value => _resource is null ? null : Tree.Text(_row);

    /// <summary>Whether a primitive value is present (FHIRPath hasValue()).</summary>
    public bool HasValue => _resource is not null && Tree.Rows[_row].Kind is RowKind.String or RowKind.Number or RowKind.True or RowKind.False;

    /// <summary>The value's bytes as they stand in the JSON source: strings without quotes and still escaped; objects whole.</summary>
    public ReadOnlySpan<byte> RawValue => _resource is null ? default : Tree.Raw(_row);

    /// <summary>FHIRPath-like location, for example <c>Observation.component[1].code</c>; indexes are written for repeating elements.</summary>
    public string Path
    {
        get
        {
            if (_resource is null)
            {
                return "";
            }

            var parent = Parent;
            if (!parent.Exists)
            {
                return Name;
            }

            var index = Tree.Rows[_row].Index;
            return index < 0
                ? parent.Path + "." + Name
                : string.Create(CultureInfo.InvariantCulture, $"{parent.Path}.{Name}[{index}]");
        }
    }

    /// <summary>Position in its JSON array; -1 when the property is not written as an array.</summary>
    public int Index => _resource is null ? -1 : Tree.Rows[_row].Index;

    /// <summary>The element this one is in; missing for the root. Elements of a primitive are in that primitive.</summary>
    public FhirNode Parent
    {
        get
        {
            if (_resource is null || _row == 0)
            {
                return default;
            }

            var parent = Tree.Rows[_row].Parent;
            ref readonly var row = ref Tree.Rows[parent];
            return new FhirNode(_resource, row.IsUnderscore && row.Extra != 0 ? row.Extra : parent);
        }
    }

    /// <summary>Whether this node is a resource: the root, a contained resource, or one inside a Bundle or Parameters.</summary>
    public bool IsResource => _resource is not null && (Tree.Rows[_row].Flags & RowFlags.Resource) != RowFlags.None;

    /// <summary>The nearest resource at or above this node; for a node of a contained resource that is the contained one.</summary>
    public FhirNode ContainingResource
    {
        get
        {
            var node = this;
            while (node.Exists && !node.IsResource)
            {
                node = node.Parent;
            }

            return node;
        }
    }

    /// <summary>First child of that name: the element name (<c>value</c> finds <c>valueQuantity</c>) or the exact JSON name.</summary>
    public FhirNode this[string name]
    {
        get
        {
            foreach (var child in All(name))
            {
                return child;
            }

            return default;
        }
    }

    /// <summary>The text of the first child of that name; null when there is none.</summary>
    public string? Text(string name) => this[name].Value;

    /// <summary>Follows first children: <c>At("name", "family")</c>.</summary>
    public FhirNode At(params ReadOnlySpan<string> path)
    {
        var node = this;
        foreach (var name in path)
        {
            node = node[name];
        }

        return node;
    }

    /// <summary>All children in document order; enumerate without allocation by foreach.</summary>
    public FhirNodes Children() => new(this, null);

    /// <summary>Every child of that name, in order.</summary>
    public FhirNodes All(string name) => new(this, name);

    /// <summary>Every node below this one, depth first.</summary>
    public IEnumerable<FhirNode> Descendants()
    {
        foreach (var child in Children())
        {
            yield return child;
            foreach (var below in child.Descendants())
            {
                yield return below;
            }
        }
    }

    /// <summary>A resource of its own made of this node, which must be a resource; its bytes are copied.</summary>
    /// <exception cref="InvalidOperationException">The node is not a resource.</exception>
    public FhirResource ToResource() => !IsResource
        ? throw new InvalidOperationException($"{Path} is not a resource")
        : _row == 0 ? _resource! : FhirResource.Parse(RawValue.ToArray());

    internal bool Matches(string name) =>
        Slot is { } slot ? slot.Name == name || (slot.Element is { IsChoice: true } && slot.JsonName == name) : Tree.NameEquals(_row, name);

    /// <summary>Whether both are the same place of the same parsed resource.</summary>
    public bool Equals(FhirNode other) => ReferenceEquals(_resource, other._resource) && _row == other._row;

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? obj) => obj is FhirNode other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_resource, _row);

    /// <summary>Path and value, for people.</summary>
    public override string ToString() => Exists ? Path + (Value is { } value ? " = " + value : "") : "(missing)";

    /// <summary>The same place of the same resource.</summary>
    public static bool operator ==(FhirNode left, FhirNode right) => left.Equals(right);

    /// <summary>Another place, or another resource.</summary>
    public static bool operator !=(FhirNode left, FhirNode right) => !left.Equals(right);
}
