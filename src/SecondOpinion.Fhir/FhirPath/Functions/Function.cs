using SecondOpinion.Fhir.FhirPath.Expressions;

namespace SecondOpinion.Fhir.FhirPath.Functions;

/// <summary>Takes the focus, everything on the stack from <paramref name="start"/> on, and leaves the result in its place.</summary>
internal delegate void FunctionBody(FhirPathState state, int start, Expression[] arguments);

/// <summary>A line of the function table.</summary>
internal sealed record Function(int Min, int Max, FunctionBody Body, bool NeedsOrder = false);

/// <summary>What functions ask of their focus and arguments.</summary>
internal static class Arguments
{
    /// <summary>The one System value of an argument; None when it is empty.</summary>
    public static FhirPathValue Value(FhirPathState state, Expression argument, string what)
    {
        var start = state.Count;
        argument.Evaluate(state);
        var value = state.Single(start, what).System;
        state.Cut(start);
        return value;
    }

    /// <summary>The text of an argument; null when it is empty.</summary>
    public static string? Text(FhirPathState state, Expression argument, string what)
    {
        var value = Value(state, argument, what);
        if (value.Kind is not (FhirPathKind.None or FhirPathKind.String))
        {
            FhirPathError.Execution($"{what} needs a string, found {value.Kind}");
        }

        return value.Text;
    }

    /// <summary>The integer of an argument; null when it is empty.</summary>
    public static int? Integer(FhirPathState state, Expression argument, string what)
    {
        var value = Value(state, argument, what);
        if (value.Kind is not (FhirPathKind.None or FhirPathKind.Integer))
        {
            FhirPathError.Execution($"{what} needs an integer, found {value.Kind}");
        }

        return value.Kind == FhirPathKind.None ? null : value.Integer;
    }

    /// <summary>The text of the focus; null when it is empty. Dates and numbers of the resource are read as they are written.</summary>
    public static string? FocusText(FhirPathState state, int start, string what)
    {
        var item = state.Single(start, what);
        if (item.Kind == FhirPathKind.None)
        {
            return null;
        }

        if (item.IsNode ? !item.Node.IsPrimitive : item.Kind != FhirPathKind.String)
        {
            FhirPathError.Execution($"{what} needs a string, found {(item.IsNode ? item.Node.Type : item.Kind.ToString())}");
        }

        return item.IsNode ? item.Node.Value : item.Text;
    }
}
