namespace SecondOpinion.Fhir.FhirPath.Expressions;

/// <summary>A literal.</summary>
internal sealed class Literal(FhirPathValue value) : Expression
{
    public FhirPathValue Value { get; } = value;

    public override IReadOnlyList<ItemType>? TypesOf(IReadOnlyList<ItemType>? context) => ItemType.System(Value.Kind.ToString());

    public override void Evaluate(FhirPathState state) => state.Push(Value);
}

/// <summary><c>{}</c>.</summary>
internal sealed class EmptyCollection : Expression
{
    public override IReadOnlyList<ItemType>? TypesOf(IReadOnlyList<ItemType>? context) => [];

    public override void Evaluate(FhirPathState state) => state.Step();
}

/// <summary>$this, written or implied.</summary>
internal sealed class ThisTerm : Expression
{
    public override IReadOnlyList<ItemType>? TypesOf(IReadOnlyList<ItemType>? context) => context;

    public override void Evaluate(FhirPathState state) => state.Push(state.This);
}

internal sealed class IndexTerm : Expression
{
    public override void Evaluate(FhirPathState state) => state.Push(FhirPathValue.Of(state.Index));
}

internal sealed class TotalTerm : Expression
{
    public override void Evaluate(FhirPathState state)
    {
        foreach (ref readonly var item in state.Total.AsSpan())
        {
            state.Push(item);
        }
    }
}

/// <summary>An external constant (FHIRPath 2.0 Environment Variables, FHIR R4 fhirpath.html#variables).</summary>
internal sealed class ConstantTerm(string name) : Expression
{
    public override void Evaluate(FhirPathState state)
    {
        if (state.Variables is { } defined && defined.Find(name) is { } items)
        {
            foreach (ref readonly var item in items.AsSpan())
            {
                state.Push(item);
            }

            return;
        }

        if (state.Options.Variables is { } variables && variables.TryGetValue(name, out var given))
        {
            state.Push(given);
            return;
        }

        state.Push(name switch
        {
            "context" => FhirPathValue.Of(state.Context),
            "resource" => FhirPathValue.Of(state.Resource),
            "rootResource" => FhirPathValue.Of(state.RootResource),
            "ucum" => FhirPathValue.Of(UcumUnit.System),
            "sct" => FhirPathValue.Of("http://snomed.info/sct"),
            "loinc" => FhirPathValue.Of("http://loinc.org"),
            _ when name.StartsWith("vs-", StringComparison.Ordinal) => FhirPathValue.Of("http://hl7.org/fhir/ValueSet/" + name[3..]),
            _ when name.StartsWith("ext-", StringComparison.Ordinal) => FhirPathValue.Of("http://hl7.org/fhir/StructureDefinition/" + name[4..]),
            _ => Unknown(name),
        });
    }

    private static FhirPathValue Unknown(string name)
    {
        FhirPathError.Execution($"the constant %{name} is not defined");
        return default;
    }
}

/// <summary>An indexer: <c>name[0]</c>.</summary>
internal sealed class Indexer(Expression focus, Expression index) : Expression(focus, index)
{
    public override IReadOnlyList<ItemType>? TypesOf(IReadOnlyList<ItemType>? context) => focus.TypesOf(context);

    public override void Evaluate(FhirPathState state)
    {
        if (state.Options.Strict && !focus.IsOrdered)
        {
            FhirPathError.Execution("an index needs an ordered collection");
        }

        var start = state.Count;
        focus.Evaluate(state);
        var end = state.Count;
        index.Evaluate(state);
        var at = state.Single(end, "an index").System;
        if (at.Kind is not (FhirPathKind.Integer or FhirPathKind.None))
        {
            FhirPathError.Execution("an index must be an integer");
        }

        state.Set(start, at.Kind == FhirPathKind.Integer && at.Integer >= 0 && at.Integer < end - start ? state[start + at.Integer] : default);
    }
}

/// <summary>Unary plus and minus.</summary>
internal sealed class Polarity(Expression operand, bool isMinus) : Expression(operand)
{
    public Expression Operand { get; } = operand;

    public bool IsMinus { get; } = isMinus;

    public override void Evaluate(FhirPathState state)
    {
        var start = state.Count;
        Operand.Evaluate(state);
        var value = state.Single(start, "a sign").System;
        if (state.Count == start)
        {
            return;
        }

        state.Set(start, value.Kind switch
        {
            FhirPathKind.Integer when IsMinus && value.Integer == int.MinValue => default,
            FhirPathKind.Integer => FhirPathValue.Of(IsMinus ? -value.Integer : value.Integer),
            FhirPathKind.Long => Long(IsMinus ? -value.Number : value.Number),
            FhirPathKind.Decimal => FhirPathValue.Of(IsMinus ? -value.Number : value.Number),
            FhirPathKind.Quantity => FhirPathValue.Of(IsMinus ? -value.Number : value.Number, value.Unit!),
            _ => Wrong(value.Kind),
        });
    }

    private static FhirPathValue Long(decimal value) => value <= long.MaxValue ? FhirPathValue.Of((long)value) : default;

    private static FhirPathValue Wrong(FhirPathKind kind)
    {
        FhirPathError.Execution($"a sign needs a number, found {kind}");
        return default;
    }
}
