using SecondOpinion.Fhir.FhirPath.Functions;

namespace SecondOpinion.Fhir.FhirPath.Expressions;

/// <summary>A variable of defineVariable() and those defined before it.</summary>
internal sealed record Variable(string Name, FhirPathValue[] Items, Variable? Before)
{
    /// <summary>Variables in scope at most: each use of one walks along them.</summary>
    public const int Limit = 64;

    /// <summary>How many are in scope, this one included.</summary>
    public int Count { get; } = 1 + (Before?.Count ?? 0);

    /// <summary>The items of a variable; null when there is none of that name.</summary>
    public FhirPathValue[]? Find(string name)
    {
        for (var at = this; at is not null; at = at.Before)
        {
            if (at.Name == name)
            {
                return at.Items;
            }
        }

        return null;
    }
}

/// <summary>
/// <c>defineVariable(name[, value])</c> (FHIRPath 3.0 draft): passes the focus on and lets what follows use <c>%name</c>. The value is the focus, or the
/// given expression of each of its items.
/// </summary>
internal sealed class DefineVariable(Expression focus, Expression name, Expression? value) : Expression(focus, name, value)
{
    public override bool IsOrdered => focus.IsOrdered;

    public override IReadOnlyList<ItemType>? TypesOf(IReadOnlyList<ItemType>? context) => focus.TypesOf(context);

    public override void Evaluate(FhirPathState state)
    {
        var start = state.Count;
        focus.Evaluate(state);
        var end = state.Count;
        var text = Arguments.Text(state, name, "defineVariable()") ?? "";
        if (text.Length == 0 || IsTaken(state, text))
        {
            FhirPathError.Execution($"defineVariable() cannot define '{text}'");
        }

        if (state.Variables is { Count: >= Variable.Limit })
        {
            FhirPathError.TooCostly($"more than {Variable.Limit} variables are defined");
        }

        if (value is not null)
        {
            Filtering.Project(state, start, end, value);
        }

        var items = (value is null ? state.Range(start, end) : state.From(end)).ToArray();
        state.Step(items.Length);
        state.Cut(end);
        state.Variables = new Variable(text, items, state.Variables);
    }

    private static bool IsTaken(FhirPathState state, string name) =>
        name is "context" or "resource" or "rootResource" or "ucum" or "sct" or "loinc"
        || name.StartsWith("vs-", StringComparison.Ordinal) || name.StartsWith("ext-", StringComparison.Ordinal)
        || state.Options.Variables?.ContainsKey(name) == true || state.Variables?.Find(name) is not null;
}

/// <summary>An argument or operand inside which variables are defined: they end with it.</summary>
internal sealed class VariableScope(Expression inner) : Expression(inner)
{
    public override string? StaticType => inner.StaticType;

    public override bool IsOrdered => inner.IsOrdered;

    public override IReadOnlyList<ItemType>? TypesOf(IReadOnlyList<ItemType>? context) => inner.TypesOf(context);

    public override void Evaluate(FhirPathState state)
    {
        var before = state.Variables;
        inner.Evaluate(state);
        state.Variables = before;
    }
}

/// <summary><c>coalesce(a, b, ...)</c> (FHIRPath 3.0 draft): the first argument that is not empty; those behind it are not evaluated.</summary>
internal sealed class Coalesce(Expression focus, Expression[] arguments) : Expression([focus, .. arguments])
{
    public override void Evaluate(FhirPathState state)
    {
        var start = state.Count;
        foreach (var argument in arguments)
        {
            state.Step();
            argument.Evaluate(state);
            if (state.Count > start)
            {
                return;
            }
        }
    }
}
