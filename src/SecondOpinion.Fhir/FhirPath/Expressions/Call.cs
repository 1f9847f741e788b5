using SecondOpinion.Fhir.FhirPath.Functions;

namespace SecondOpinion.Fhir.FhirPath.Expressions;

/// <summary>A function of the table over its focus.</summary>
internal sealed class Call(Expression focus, string name, Function function, Expression[] arguments) : Expression([focus, .. arguments])
{
    public override bool IsOrdered => name is not ("children" or "descendants") && focus.IsOrdered;

    public override IReadOnlyList<ItemType>? TypesOf(IReadOnlyList<ItemType>? context) => StaticTypes.OfFunction(name, focus.TypesOf(context), context, arguments);

    public override void Evaluate(FhirPathState state)
    {
        if (function.NeedsOrder && state.Options.Strict && !focus.IsOrdered)
        {
            FhirPathError.Execution($"{name}() needs an ordered collection");
        }

        var start = state.Count;
        focus.Evaluate(state);
        state.Step(1 + ((state.Count - start) >> 3));
        function.Body(state, start, arguments);
    }
}

/// <summary><c>exists()</c>, <c>exists(criteria)</c> and <c>empty()</c>, without building the collection when it is not asked for.</summary>
internal sealed class Exists(Expression focus, Expression? criteria, bool negate) : BooleanExpression(focus, criteria)
{
    public override bool? Test(FhirPathState state)
    {
        state.Step();
        if (criteria is null)
        {
            return focus.Any(state) != negate;
        }

        var start = state.Count;
        focus.Evaluate(state);
        var found = Filtering.First(state, start, criteria, wanted: true);
        state.Cut(start);
        return found != negate;
    }
}

/// <summary><c>all(criteria)</c>.</summary>
internal sealed class All(Expression focus, Expression criteria) : BooleanExpression(focus, criteria)
{
    public override bool? Test(FhirPathState state)
    {
        var start = state.Count;
        focus.Evaluate(state);
        var broken = Filtering.First(state, start, criteria, wanted: false);
        state.Cut(start);
        return !broken;
    }
}

/// <summary><c>not()</c>.</summary>
internal sealed class Not(Expression focus) : BooleanExpression(focus)
{
    public override bool? Test(FhirPathState state) => !focus.Test(state);
}

/// <summary><c>iif(criterion, then, else)</c>: $this is the focus, and only the branch taken is evaluated.</summary>
internal sealed class Iif(Expression focus, Expression[] arguments) : Expression([focus, .. arguments])
{
    public override IReadOnlyList<ItemType>? TypesOf(IReadOnlyList<ItemType>? context)
    {
        // Asked once: chains of iif would double the work with every link.
        var items = focus.TypesOf(context);
        return StaticTypes.Join(arguments[1].TypesOf(items), arguments.Length > 2 ? arguments[2].TypesOf(items) : []);
    }

    public override void Evaluate(FhirPathState state)
    {
        var start = state.Count;
        focus.Evaluate(state);
        var item = state.Single(start, "iif");
        state.Cut(start);
        var outer = state.This;
        state.This = item;
        if (state.Options.Strict)
        {
            arguments[0].Evaluate(state);
            if (state.Single(start, "iif").System.Kind is not (FhirPathKind.Boolean or FhirPathKind.None))
            {
                FhirPathError.Execution("the criterion of iif must be a boolean");
            }

            state.Cut(start);
        }

        var branch = arguments[0].Test(state) == true ? arguments[1] : arguments.Length > 2 ? arguments[2] : null;
        branch?.Evaluate(state);
        state.This = outer;
    }
}
