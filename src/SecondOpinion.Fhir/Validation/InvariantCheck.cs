using System.Text;
using SecondOpinion.Fhir.FhirPath;
using SecondOpinion.Fhir.Tree;

namespace SecondOpinion.Fhir.Validation;

/// <summary>A rule with its compiled expression.</summary>
internal sealed record CompiledInvariant(string Key, IssueSeverity Severity, string Human, FhirPathExpression Expression);

/// <summary>
/// The rules of types and elements (FHIR R4 conformance-rules.html#constraints). One walk, one budget of steps for the whole resource; rules that
/// StructureCheck, ContainedCheck, BundleCheck, ReferenceCheck and NarrativeCheck decide without an evaluator are left to them.
/// </summary>
internal static class InvariantCheck
{
    /// <summary>About two seconds; the largest definitions of the specification need a tenth.</summary>
    private const int MaxSteps = 20_000_000;

    private const int MaxShown = 120;

    private static readonly FhirPathOptions Options = FhirPathOptions.Default with { MaxSteps = MaxSteps };

    private static readonly HashSet<string> Elsewhere = new(StringComparer.Ordinal) { "ele-1", "ext-1", "dom-2", "dom-3", "dom-4", "dom-5", "dom-6", "ref-1", "txt-1", "txt-2", "bdl-3", "bdl-4", "bdl-7" };

    /// <summary>Expressions of 4.0.1 that refuse what their own words allow.</summary>
    private static readonly Dictionary<string, string> Corrections = new(StringComparer.Ordinal)
    {
        // Dates of different precision may have no order; only a wrong order breaks the rule.
        ["per-1"] = "iif(start > end, false, true)",
        ["inv-1@Task"] = "iif(lastModified < authoredOn, false, true)",
        ["mdd-1"] = "iif(whenHandedOver < whenPrepared, false, true)",

        // What is absent breaks no rule.
        ["bdl-8"] = "fullUrl.empty() or fullUrl.contains('/_history/').not()",
        ["md-1"] = "max.empty() or max = '*' or max.toInteger() > 0",
        ["ras-2"] = "probability.empty() or (probability is decimal implies (probability as decimal) <= 100)",

        // Quantities without values, or in units that have no common measure, have no order.
        ["rng-2"] = "low.empty() or high.empty() or iif(low > high, false, true)",

        // when repeats, and a category is a concept.
        ["tim-9"] = "offset.empty() or (when.exists() and when.where($this in ('C' | 'CM' | 'CD' | 'CV')).empty())",
        ["con-3"] = "clinicalStatus.exists() or verificationStatus.coding.where(system='http://terminology.hl7.org/CodeSystem/condition-ver-status' and code = 'entered-in-error').exists() or category.coding.where(code = 'problem-list-item').empty()",

        // An answer is a FHIR boolean, not a System one; FHIR R5 corrected que-7 in this way.
        ["que-7"] = "operator = 'exists' implies (answer is boolean)",
    };

    public static void Run(ValidationRun run)
    {
        var tree = run.Tree;
        var state = FhirPathState.Rent(default, Options);
        try
        {
            for (var row = 0; row < tree.Count && !run.IsFull; row++)
            {
                if (tree.Slots[row] is not { } slot || tree.Rows[row].IsHidden || tree.Rows[row].Kind == RowKind.EmptyArray)
                {
                    continue;
                }

                foreach (var rule in slot.Rules ??= RulesOf(slot))
                {
                    if (rule.Severity <= IssueSeverity.Error || run.Options.Warnings)
                    {
                        Check(run, state, row, rule);
                    }
                }
            }
        }
        catch (FhirException e) when (e.Issues[0].Code == "too-costly")
        {
            run.Error(0, "too-costly", "too-costly", "the rules of its type take too long to check on a resource of this size");
        }
        finally
        {
            state.Return();
        }
    }

    private static void Check(ValidationRun run, FhirPathState state, int row, CompiledInvariant rule)
    {
        string problem;
        try
        {
            if (rule.Expression.Test(state, run.Node(row)) == true)
            {
                return;
            }

            problem = rule.Human;
        }
        catch (FhirException e) when (e.Issues[0].Code != "too-costly")
        {
            // Only content that breaks a cardinality or type gets here; the rule is as broken as that.
            problem = $"{rule.Human} [{e.Message}]";
        }

        run.Add(rule.Severity, row, "invariant", rule.Key, $"{problem} ({rule.Key}){Found(run, row)}");
    }

    /// <summary>What the rule was broken by, where it is short enough to be read; whole resources are not.</summary>
    private static string Found(ValidationRun run, int row)
    {
        ref readonly var r = ref run.Tree.Rows[row];
        if ((r.Flags & RowFlags.Resource) != RowFlags.None || r.Length > 4 * MaxShown)
        {
            return "";
        }

        var found = JsonMinifier.Minify(run.Tree.Json.Slice(r.Start, r.Length)).Span;
        return found.Length is 0 or > MaxShown ? "" : "; found " + Encoding.UTF8.GetString(found);
    }

    private static CompiledInvariant[] RulesOf(ElementSlot slot)
    {
        var keys = new List<string>();
        for (var type = slot.Type; type is not null; type = type.Base)
        {
            keys.AddRange(type.Invariants);
        }

        if (slot.Element is { } element)
        {
            keys.AddRange(element.Invariants);
            if (element.ContentReference is { } path && Target(path) is { } target)
            {
                keys.AddRange(target.Invariants);
            }
        }

        return [.. keys.Distinct(StringComparer.Ordinal).Where(k => !Elsewhere.Contains(k)).Select(Compile)];
    }

    /// <summary>The element a content reference names, whose rules apply at the place of the reference too.</summary>
    private static ElementDefinition? Target(string path)
    {
        var dot = path.LastIndexOf('.');
        return Definitions.Type(path[..dot])?.Element(path[(dot + 1)..]);
    }

    private static CompiledInvariant Compile(string key)
    {
        var rule = Definitions.Invariant(key) ?? throw new InvalidOperationException($"Rule {key} is not defined");
        var at = key.IndexOf('@', StringComparison.Ordinal);
        var expression = Corrections.GetValueOrDefault(key, rule.Expression);

        // The rules on names of definitions (adf-0, lib-0, ...) mean the names that are there.
        expression = expression.StartsWith("name.matches(", StringComparison.Ordinal) ? "name.empty() or " + expression : expression;
        return new CompiledInvariant(at < 0 ? key : key[..at], rule.Severity, rule.Human, FhirPathExpression.Compile(expression));
    }
}
