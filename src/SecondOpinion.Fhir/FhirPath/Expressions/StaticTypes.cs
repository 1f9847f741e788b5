namespace SecondOpinion.Fhir.FhirPath.Expressions;

/// <summary>A type that items of an expression may have: one of FHIR, or a System type when <paramref name="Definition"/> is null.</summary>
internal sealed record ItemType(string Name, TypeDefinition? Definition = null)
{
    public static ItemType Of(TypeDefinition type) => new(type.Path, type);

    public static ItemType[] System(string name) => [new ItemType("System." + name)];

    /// <summary>Whether the type is the named one of FHIR or derives from it.</summary>
    public bool Is(string name) => Definition?.Is(name) == true;
}

/// <summary>The steps by which types are worked out before any resource is seen; null stands for types that cannot be told.</summary>
internal static class StaticTypes
{
    /// <summary>The types of the elements of that name; empty when no type has it, null where any resource may stand.</summary>
    public static IReadOnlyList<ItemType>? Children(IReadOnlyList<ItemType>? focus, string name)
    {
        if (focus is null || focus.Any(t => t.Definition?.Slots.Any(s => s.Name == name && s.HoldsResource) == true))
        {
            return null;
        }

        return [.. focus.Where(t => t.Definition is not null).SelectMany(t => t.Definition!.Slots).Where(s => s.Name == name).Select(s => ItemType.Of(s.Type)).Distinct()];
    }

    public static IReadOnlyList<ItemType>? Join(IReadOnlyList<ItemType>? a, IReadOnlyList<ItemType>? b) => a is null || b is null ? null : [.. a.Union(b)];

    /// <summary>The result of a function of the table; null when it depends on more than the focus.</summary>
    public static IReadOnlyList<ItemType>? OfFunction(string name, IReadOnlyList<ItemType>? focus, IReadOnlyList<ItemType>? context, Expression[] arguments)
    {
        switch (name)
        {
            case "where" or "first" or "last" or "tail" or "skip" or "take" or "single" or "distinct" or "intersect" or "exclude" or "trace" or "sort" or "slice" or "checkModifiers":
                return focus;
            case "select":
                return arguments[0].TypesOf(focus);
            case "union" or "combine":
                return Join(focus, arguments[0].TypesOf(context));
            case "extension":
                return [ItemType.Of(Definitions.Type("Extension")!)];
            case "count" or "length" or "indexOf" or "toInteger":
                return ItemType.System("Integer");
            case "upper" or "lower" or "trim" or "substring" or "replace" or "replaceMatches" or "split" or "join" or "toString" or "toChars":
                return ItemType.System("String");
            case "startsWith" or "endsWith" or "contains" or "matches" or "hasValue" or "memberOf" or "conformsTo" or "allTrue" or "anyTrue" or "allFalse" or "anyFalse" or "subsetOf" or "supersetOf" or "isDistinct" or "toBoolean":
                return ItemType.System("Boolean");
            default:
                return null;
        }
    }
}
