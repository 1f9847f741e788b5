using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.RegularExpressions;
using SecondOpinion.Fhir.FhirPath.Expressions;

namespace SecondOpinion.Fhir.FhirPath.Functions;

/// <summary>
/// matches, matchesFull and replaceMatches. Patterns run without backtracking, in time linear in the text; the few that need backtracking
/// (look-around, back references) run against a clock.
/// </summary>
internal static class Patterns
{
    private const int MaxPattern = 2000;
    private const long MaxRepeats = 20_000;
    private const int CacheLimit = 128;
    private const int StepsPerMillisecond = 4000;
    private const RegexOptions Common = RegexOptions.CultureInvariant | RegexOptions.Singleline;

    private static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(250);
    private static readonly ConcurrentDictionary<string, Regex> Cache = new(StringComparer.Ordinal);

    public static void Matches(FhirPathState state, int start, Expression argument, bool whole)
    {
        var text = Arguments.FocusText(state, start, "matches()");
        var pattern = Arguments.Text(state, argument, "matches()");
        if (text is null || pattern is null)
        {
            state.Cut(start);
            return;
        }

        state.Step(text.Length >> 2);
        state.Set(start, Paid(state, () => Find(whole ? $"^(?:{pattern})$" : pattern).IsMatch(text)));
    }

    public static void Replace(FhirPathState state, int start, Expression[] arguments)
    {
        var text = Arguments.FocusText(state, start, "replaceMatches()");
        var pattern = Arguments.Text(state, arguments[0], "replaceMatches()");
        var by = Arguments.Text(state, arguments[1], "replaceMatches()");
        if (text is null || pattern is null || by is null)
        {
            state.Cut(start);
            return;
        }

        state.Step((int)Math.Min(int.MaxValue / 2, ((long)text.Length + 1) * (by.Length + 1) / 16));

        // An empty pattern would match between all characters; the specification leaves the text alone.
        state.Set(start, pattern.Length == 0 ? text : Paid(state, () => Find(pattern).Replace(text, by)));
    }

    /// <summary>
    /// Every millisecond begun beyond the first costs what other steps do in that time: one pattern is bounded by the clock, and a thousand of them by the budget.
    /// </summary>
    private static T Paid<T>(FhirPathState state, Func<T> match)
    {
        var start = Stopwatch.GetTimestamp();
        try
        {
            var result = match();
            state.Step((int)Stopwatch.GetElapsedTime(start).TotalMilliseconds * StepsPerMillisecond);
            return result;
        }
        catch (RegexMatchTimeoutException)
        {
            FhirPathError.TooCostly("a pattern takes too long to match");
            throw;
        }
    }

    private static Regex Find(string pattern)
    {
        if (Cache.TryGetValue(pattern, out var known))
        {
            return known;
        }

        if (pattern.Length > MaxPattern || Repeats(pattern) > MaxRepeats)
        {
            FhirPathError.TooCostly("a pattern is too long or repeats too often");
        }

        try
        {
            var regex = Build(pattern);
            if (Cache.Count < CacheLimit)
            {
                Cache.TryAdd(pattern, regex);
            }

            return regex;
        }
        catch (ArgumentException e)
        {
            throw new FhirException("invalid", "FHIRPath: not a regular expression: " + e.Message, "fhirpath-syntax");
        }
    }

    private static Regex Build(string pattern)
    {
        try
        {
            return new Regex(pattern, Common | RegexOptions.NonBacktracking, Limit);
        }
        catch (NotSupportedException)
        {
            return new Regex(pattern, Common, Limit);
        }
    }

    /// <summary>The product of all counted repeats, an upper bound of how far the pattern unfolds.</summary>
    private static long Repeats(string pattern)
    {
        var product = 1L;
        foreach (var open in pattern.Split('{').Skip(1))
        {
            var digits = open.AsSpan(0, Math.Max(0, open.IndexOf('}', StringComparison.Ordinal)));
            var last = digits.LastIndexOf(',');
            var count = last >= 0 && last + 1 < digits.Length ? digits[(last + 1)..] : last >= 0 ? digits[..last] : digits;
            if (int.TryParse(count, out var times) && times > 1)
            {
                product = Math.Min(product * times, long.MaxValue / int.MaxValue);
            }
        }

        return product;
    }
}
