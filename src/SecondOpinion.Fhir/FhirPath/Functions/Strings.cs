using SecondOpinion.Fhir.FhirPath.Expressions;

namespace SecondOpinion.Fhir.FhirPath.Functions;

/// <summary>FHIRPath 2.0 section String manipulation.</summary>
internal static class Strings
{
    public static void Map(FhirPathState state, int start, string name, Func<string, string> map) =>
        state.Set(start, Arguments.FocusText(state, start, name) is { } text ? map(text) : null);

    public static void Test(FhirPathState state, int start, Expression argument, string name, Func<string, string, bool> test)
    {
        var text = Arguments.FocusText(state, start, name);
        var part = Arguments.Text(state, argument, name);
        state.Set(start, text is null || part is null ? null : test(text, part));
    }

    public static void IndexOf(FhirPathState state, int start, Expression argument, bool last)
    {
        var text = Arguments.FocusText(state, start, "indexOf()");
        var part = Arguments.Text(state, argument, "indexOf()");
        state.Set(start, text is null || part is null ? default
            : FhirPathValue.Of(last ? text.LastIndexOf(part, StringComparison.Ordinal) : text.IndexOf(part, StringComparison.Ordinal)));
    }

    public static void Substring(FhirPathState state, int start, Expression[] arguments)
    {
        var text = Arguments.FocusText(state, start, "substring()");
        var from = Arguments.Integer(state, arguments[0], "substring()");
        var length = arguments.Length > 1 ? Arguments.Integer(state, arguments[1], "substring()") : null;
        state.Set(start, text is null || from is not { } at || at < 0 || at >= text.Length ? null
            : text.Substring(at, Math.Clamp(length ?? int.MaxValue, 0, text.Length - at)));
    }

    public static void Replace(FhirPathState state, int start, Expression[] arguments)
    {
        var text = Arguments.FocusText(state, start, "replace()");
        var pattern = Arguments.Text(state, arguments[0], "replace()");
        var by = Arguments.Text(state, arguments[1], "replace()");
        if (text is null || pattern is null || by is null)
        {
            state.Cut(start);
            return;
        }

        // Every replacement is paid for before the text is built.
        state.Step((int)Math.Min(int.MaxValue / 2, ((long)text.Length + 1) * (by.Length + 1) / Math.Max(1, pattern.Length) / 16));
        state.Set(start, pattern.Length > 0 ? text.Replace(pattern, by, StringComparison.Ordinal) : by + string.Concat(text.Select(c => c + by)));
    }

    public static void Length(FhirPathState state, int start) =>
        state.Set(start, Arguments.FocusText(state, start, "length()") is { } text ? FhirPathValue.Of(text.Length) : default);

    public static void ToChars(FhirPathState state, int start)
    {
        var text = Arguments.FocusText(state, start, "toChars()");
        state.Cut(start);
        foreach (var c in text ?? "")
        {
            state.Push(FhirPathValue.Of(c.ToString()));
        }
    }

    public static void Split(FhirPathState state, int start, Expression argument)
    {
        var text = Arguments.FocusText(state, start, "split()");
        var separator = Arguments.Text(state, argument, "split()");
        state.Cut(start);
        if (text is not null && separator is not null)
        {
            state.Step(text.Length);
            foreach (var part in separator.Length == 0 ? text.Select(c => c.ToString()) : text.Split(separator))
            {
                state.Push(FhirPathValue.Of(part));
            }
        }
    }

    public static void Join(FhirPathState state, int start, Expression[] arguments)
    {
        var separator = arguments.Length == 0 ? "" : Arguments.Text(state, arguments[0], "join()") ?? "";
        var parts = new List<string>(state.Count - start);
        for (var i = start; i < state.Count; i++)
        {
            state.Pay(state[i]);
            if (state[i].ToString() is { } text)
            {
                parts.Add(text);
                state.Step((text.Length + separator.Length) >> 4);
            }
        }

        state.Set(start, parts.Count == 0 ? null : string.Join(separator, parts));
    }
}
