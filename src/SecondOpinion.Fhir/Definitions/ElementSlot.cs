using System.Collections.Concurrent;
using System.Text;
using SecondOpinion.Fhir.Validation;

namespace SecondOpinion.Fhir;

/// <summary>A JSON property of a type: the element it stands for and the type its value has.</summary>
public sealed class ElementSlot
{
    private readonly string _typeName;
    private TypeDefinition? _type;
    private ConcurrentDictionary<string, ElementSlot>? _resources;

    private ElementSlot(string jsonName, ElementDefinition? element, string typeName, TypeDefinition? type, ElementType? choice, int order)
    {
        JsonName = jsonName;
        Utf8Name = Encoding.UTF8.GetBytes(jsonName);
        Element = element;
        _typeName = typeName;
        _type = type;
        ElementType = choice;
        Order = order;
        HoldsResource = type is null && typeName == "Resource";
    }

    /// <summary>Property name, for example <c>valueQuantity</c>.</summary>
    public string JsonName { get; }

    internal byte[] Utf8Name { get; }

    /// <summary>Null for the root of a resource.</summary>
    public ElementDefinition? Element { get; }

    /// <summary>The type as declared; null for backbones and roots.</summary>
    public ElementType? ElementType { get; }

    /// <summary>Element name without <c>[x]</c>; for the root of a resource its type.</summary>
    public string Name => Element?.Name ?? JsonName;

    /// <summary>Position of the element among its parent type's elements.</summary>
    public int Order { get; }

    /// <summary>The type of the value; for an element that holds a resource, of that resource once it is known.</summary>
    public TypeDefinition Type => _type ??= Definitions.Type(_typeName) ?? throw new InvalidOperationException($"Type {_typeName} is not defined");

    /// <summary>Whether the value is a whole resource of a type the JSON says.</summary>
    internal bool HoldsResource { get; }

    /// <summary>Compiled rules of the element and its type; null until first asked for.</summary>
    internal CompiledInvariant[]? Rules { get; set; }

    internal static ElementSlot Root(TypeDefinition type) => new(type.Name, null, type.Name, type, null, 0);

    internal static IEnumerable<ElementSlot> Of(ElementDefinition element, int order)
    {
        if (element.ContentReference is { } path)
        {
            yield return new ElementSlot(element.Name, element, path, null, null, order);
        }
        else if (element.Backbone is { } backbone)
        {
            yield return new ElementSlot(element.Name, element, backbone.Path, backbone, element.Types[0], order);
        }
        else
        {
            foreach (var type in element.Types)
            {
                var name = element.IsChoice ? element.Name + char.ToUpperInvariant(type.Code[0]) + type.Code[1..] : element.Name;
                yield return new ElementSlot(name, element, type.Code, null, type, order);
                if (!element.IsChoice)
                {
                    // An element that is no choice has one type.
                    break;
                }
            }
        }
    }

    /// <summary>The slot for an element of type Resource that holds a resource of this type.</summary>
    internal ElementSlot ForResource(TypeDefinition type) =>
        (_resources ??= new ConcurrentDictionary<string, ElementSlot>(StringComparer.Ordinal))
            .GetOrAdd(type.Name, static (_, arg) => new ElementSlot(arg.Slot.JsonName, arg.Slot.Element, arg.Type.Name, arg.Type, arg.Slot.ElementType, arg.Slot.Order), (Slot: this, Type: type));

    /// <summary>Property name and type.</summary>
    public override string ToString() => JsonName + " : " + _typeName;
}
