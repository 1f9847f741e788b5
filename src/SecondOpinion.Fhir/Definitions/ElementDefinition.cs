namespace SecondOpinion.Fhir;

/// <summary>FHIR R4 valueset-binding-strength.html.</summary>
public enum BindingStrength
{
    /// <summary>No binding, or none to a value set.</summary>
    None,

    /// <summary>The value set shows what is meant; any code is right.</summary>
    Example,

    /// <summary>Codes of the value set are wished for.</summary>
    Preferred,

    /// <summary>A code of the value set when one applies, else another.</summary>
    Extensible,

    /// <summary>Only codes of the value set.</summary>
    Required,
}

/// <summary>One of the types an element may have.</summary>
/// <param name="Code">Type name, for example <c>Reference</c>.</param>
/// <param name="Targets">For Reference and canonical the allowed target types; empty allows any.</param>
/// <param name="Profile">A profile of the type that the base definitions demand (<c>SimpleQuantity</c>); null for none.</param>
public sealed record ElementType(string Code, IReadOnlyList<string> Targets, string? Profile);

/// <summary>An element of a type (FHIR R4 elementdefinition.html), as far as the program needs it.</summary>
public sealed class ElementDefinition
{
    // Interned, so that a path step and an element compare by reference.
    internal ElementDefinition(string name, string path) => (Name, Path) = (string.Intern(name), path);

    /// <summary>Name without <c>[x]</c>.</summary>
    public string Name { get; }

    /// <summary>Path in the definitions, for example <c>Observation.value[x]</c>.</summary>
    public string Path { get; }

    /// <summary>How often the element must be present.</summary>
    public int Min { get; init; }

    /// <summary><see cref="int.MaxValue"/> for <c>*</c>.</summary>
    public int Max { get; init; }

    /// <summary>Whether JSON writes the element as an array: by the cardinality of the base definition.</summary>
    public bool IsArray => Max > 1;

    /// <summary>The types the value may have; empty when a content reference says.</summary>
    public IReadOnlyList<ElementType> Types { get; init; } = [];

    /// <summary><c>value[x]</c>: the JSON name ends with the type.</summary>
    public bool IsChoice { get; init; }

    /// <summary>Whether the element is part of a summary (FHIR R4 search.html#summary).</summary>
    public bool IsSummary { get; init; }

    /// <summary>Whether the element changes the meaning of others (FHIR R4 conformance-rules.html#isModifier).</summary>
    public bool IsModifier { get; init; }

    /// <summary>Written as an XML attribute (<c>id</c>, <c>Extension.url</c>).</summary>
    public bool IsXmlAttribute { get; init; }

    /// <summary>How strictly the value set binds.</summary>
    public BindingStrength Binding { get; init; }

    /// <summary>Value set of the binding: the name below <c>http://hl7.org/fhir/ValueSet/</c>, or a whole URL.</summary>
    public string? ValueSet { get; init; }

    /// <summary>Value set of the extension elementdefinition-maxValueSet; null when there is none.</summary>
    public string? MaxValueSet { get; init; }

    /// <summary>Keys of rules at this element, ele-1 and ext-1 left out.</summary>
    public IReadOnlyList<string> Invariants { get; init; } = [];

    /// <summary>The element whose content this one has, as a path (<c>Questionnaire.item</c>); null when its type says.</summary>
    public string? ContentReference { get; init; }


    /// <summary>The element's own children when it is a backbone.</summary>
    public TypeDefinition? Backbone { get; internal set; }

    /// <summary>Its path.</summary>
    public override string ToString() => Path;
}
