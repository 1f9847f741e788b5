namespace SecondOpinion.Fhir.FhirPath.Expressions;

/// <summary>A type named in an expression, and the questions <c>is</c>, <c>as</c> and <c>ofType</c> ask of it.</summary>
internal sealed class TypeSpecifier
{
    private static readonly string[] SystemTypes = ["Any", "Boolean", "String", "Integer", "Long", "Decimal", "Date", "DateTime", "Time", "Quantity"];

    private readonly string _name;
    private readonly bool _isFhir;
    private readonly bool _isSystem;

    public TypeSpecifier(string? space, string name)
    {
        _name = name;
        _isSystem = space is "System" || (space is null && SystemTypes.Contains(name));
        _isFhir = space is "FHIR" || (space is null && Definitions.Type(name) is not null);
        if (space is not (null or "System" or "FHIR") || (space is not "System" && !_isFhir && !_isSystem) || (space is "FHIR" && Definitions.Type(name) is null))
        {
            FhirPathError.Syntax($"'{(space is null ? "" : space + ".")}{name}' is not a type");
        }
    }

    /// <summary>The FHIR type, or the System one of that name.</summary>
    public ItemType ItemType => _isFhir && Definitions.Type(_name) is { } type ? ItemType.Of(type) : ItemType.System(_name)[0];

    public string? FhirName => _isFhir ? _name : null;

    /// <summary>Whether the item's type is this or derives from it.</summary>
    public bool Is(in FhirPathValue item) => item.Kind switch
    {
        FhirPathKind.Node => _isFhir && item.Node.TypeDefinition is { } type && type.Is(_name),
        FhirPathKind.Target => _isFhir && Definitions.Type(item.Target!) is { } target && target.Is(_name),
        FhirPathKind.Type => false,
        _ => _isSystem && (_name == "Any" || item.Kind.ToString() == _name),
    };

    /// <summary>Like <see cref="Is"/>, but a primitive must be of exactly this type: a code is no string here (official suite, testInheritance).</summary>
    public bool Keeps(in FhirPathValue item) =>
        Is(item) && (!item.IsNode || item.Node.TypeDefinition is not { IsPrimitive: true } type || type.Name == _name);
}

/// <summary><c>x is T</c>.</summary>
internal sealed class IsExpression(Expression focus, TypeSpecifier type) : BooleanExpression(focus)
{
    public override bool? Test(FhirPathState state)
    {
        var start = state.Count;
        focus.Evaluate(state);
        var item = state.Single(start, "is");
        state.Cut(start);
        return item.Kind == FhirPathKind.None ? null : type.Is(item);
    }
}

/// <summary><c>x as T</c> and <c>x.ofType(T)</c>. R4's own search expressions use <c>as</c> on collections, so both filter.</summary>
internal sealed class AsExpression(Expression focus, TypeSpecifier type, bool isOfType) : Expression(focus)
{
    public override string? StaticType => type.FhirName;

    public override IReadOnlyList<ItemType>? TypesOf(IReadOnlyList<ItemType>? context) =>
        focus.TypesOf(context) is { } types && !types.Any(t => t == type.ItemType || t.Is(type.ItemType.Name) || (t.Definition is not null && type.ItemType.Is(t.Definition.Name))) ? [] : [type.ItemType];

    public override bool IsOrdered => focus.IsOrdered;

    public override void Evaluate(FhirPathState state)
    {
        var start = state.Count;
        focus.Evaluate(state);
        var end = state.Count;
        if (!isOfType && state.Options.Strict && end - start > 1)
        {
            FhirPathError.Execution($"as needs a single item, found {end - start}");
        }

        state.Step((end - start) >> 3);
        var kept = start;
        for (var i = start; i < end; i++)
        {
            if (type.Keeps(state[i]))
            {
                state[kept++] = state[i];
            }
        }

        state.Cut(kept);
    }
}
