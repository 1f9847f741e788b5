using System.Text.RegularExpressions;

namespace SecondOpinion.Fhir.Codes;

/// <summary>A filter of a value set (FHIR R4 valueset-filter-operator.html).</summary>
internal static class CodeFilter
{
    private const int MaxPattern = 1000;

    private static readonly TimeSpan Timeout = TimeSpan.FromMilliseconds(200);

    /// <summary>Which concepts it keeps; null when the system on board does not say what the filter asks, or the pattern cannot be matched in linear time.</summary>
    public static Func<CodeConcept, bool>? Read(CodeTable table, string property, string op, string value) => property switch
    {
        "concept" or "code" => OfCode(table, op, value) ?? OfText(op, value, c => c.Code),
        "display" => OfText(op, value, c => c.Display),
        "definition" => OfText(op, value, c => c.Definition),
        "parent" => OfValues(op, value, c => c.Parents),
        "child" => OfValues(op, value, c => [.. table.Children(c.Code).Select(x => x.Code)]),
        _ when table.HasProperty(property) => OfValues(op, value, c => Values(c, property)),
        _ => null,
    };

    private static Func<CodeConcept, bool>? OfCode(CodeTable table, string op, string value)
    {
        switch (op)
        {
            case "is-a":
                var below = table.AndBelow(value);
                return c => below.Contains(c.Code);
            case "descendent-of":
                var strictlyBelow = table.AndBelow(value);
                return c => c.Code != value && strictlyBelow.Contains(c.Code);
            case "is-not-a":
                var excluded = table.AndBelow(value);
                return c => !excluded.Contains(c.Code);
            case "generalizes":
                var above = table.Above(value);
                return c => above.Contains(c.Code);
            default:
                return null;
        }
    }

    private static Func<CodeConcept, bool>? OfText(string op, string value, Func<CodeConcept, string?> text) =>
        OfValues(op, value, c => text(c) is { } one ? [one] : []);

    private static Func<CodeConcept, bool>? OfValues(string op, string value, Func<CodeConcept, IReadOnlyList<string>> values)
    {
        switch (op)
        {
            case "=":
                return c => values(c).Contains(value);
            case "in":
                var wanted = Split(value);
                return c => values(c).Any(wanted.Contains);
            case "not-in":
                var unwanted = Split(value);
                return c => !values(c).Any(unwanted.Contains);
            case "exists" when value is "true" or "false":
                return c => values(c).Count > 0 == (value == "true");
            case "regex" when Pattern(value) is { } pattern:
                return c => values(c).Any(v => IsMatch(pattern, v));
            default:
                return null;
        }
    }

    // Properties of type boolean that are not said are false (FHIR R4 codesystem-concept-properties.html).
    private static IReadOnlyList<string> Values(CodeConcept concept, string property) => property switch
    {
        "notSelectable" or "abstract" => [concept.IsAbstract ? "true" : "false"],
        "inactive" => [concept.IsInactive ? "true" : "false"],
        _ => [.. concept.Properties.Where(p => p.Code == property).Select(p => p.Value)],
    };

    private static HashSet<string> Split(string value) => [.. value.Split(',').Select(v => v.Trim())];

    private static bool IsMatch(Regex pattern, string value)
    {
        try
        {
            return pattern.IsMatch(value);
        }
        catch (RegexMatchTimeoutException)
        {
            throw new FhirException("too-costly", $"The pattern '{pattern}' takes longer than {Timeout.TotalMilliseconds} ms for one code");
        }
    }

    private static Regex? Pattern(string value)
    {
        if (value.Length > MaxPattern)
        {
            return null;
        }

        try
        {
            // The pattern is anybody's: without backtracking its time is linear in the text.
            return new Regex("^(?:" + value + ")$", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, Timeout);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            // No pattern, or one with look-around or back references: the filter is not worked out.
            return null;
        }
    }
}
