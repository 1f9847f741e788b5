namespace SecondOpinion.Fhir.FhirPath.Expressions;

/// <summary>A node of the compiled tree.</summary>
internal abstract class Expression
{
    protected Expression(params ReadOnlySpan<Expression?> parts)
    {
        foreach (var part in parts)
        {
            Depth = Math.Max(Depth, (part?.Depth ?? 0) + 1);
        }
    }

    /// <summary>Height of the tree, which bounds the recursion of evaluation.</summary>
    public int Depth { get; }

    /// <summary>The type that every item is known to have; null when it is not known.</summary>
    public virtual string? StaticType => null;

    /// <summary>Whether the items have an order the specification promises.</summary>
    public virtual bool IsOrdered => true;

    /// <summary>The types that items may have when $this is one of those given; null when it cannot be told, empty when there can be none.</summary>
    public virtual IReadOnlyList<ItemType>? TypesOf(IReadOnlyList<ItemType>? context) => null;

    /// <summary>Pushes the items.</summary>
    public abstract void Evaluate(FhirPathState state);

    /// <summary>The result as one boolean, null when empty; leaves the stack as it was.</summary>
    public virtual bool? Test(FhirPathState state)
    {
        var start = state.Count;
        Evaluate(state);
        return state.Truth(start);
    }

    /// <summary>Whether there is any item; leaves the stack as it was.</summary>
    public virtual bool Any(FhirPathState state)
    {
        var start = state.Count;
        Evaluate(state);
        var any = state.Count > start;
        state.Cut(start);
        return any;
    }
}

/// <summary>An expression whose natural result is a boolean or empty.</summary>
internal abstract class BooleanExpression(params ReadOnlySpan<Expression?> parts) : Expression(parts)
{
    public sealed override IReadOnlyList<ItemType>? TypesOf(IReadOnlyList<ItemType>? context) => ItemType.System("Boolean");

    public sealed override void Evaluate(FhirPathState state) => state.Set(state.Count, Test(state));

    public abstract override bool? Test(FhirPathState state);

    public sealed override bool Any(FhirPathState state) => Test(state) is not null;
}
