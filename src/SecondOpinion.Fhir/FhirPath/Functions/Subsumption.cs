using SecondOpinion.Fhir.FhirPath.Expressions;

namespace SecondOpinion.Fhir.FhirPath.Functions;

/// <summary>subsumes() and subsumedBy() (FHIR R4 fhirpath.html#functions).</summary>
internal static class Subsumption
{
    /// <summary>
    /// Whether any Coding of the focus equals or subsumes (is subsumed by) any of the argument. Empty when no pair does and one of them cannot be
    /// decided; codes of different systems have no relation here.
    /// </summary>
    public static void Test(FhirPathState state, int start, Expression argument, bool isSubsumed)
    {
        var focus = Codings(state.Single(start, "subsumes()"));
        var middle = state.Count;
        argument.Evaluate(state);
        var other = Codings(state.Single(middle, "subsumes()"));
        var (found, undecided) = (false, focus.Count == 0 || other.Count == 0);
        foreach (var (system, code) in focus)
        {
            foreach (var (otherSystem, otherCode) in other)
            {
                state.Step(4);
                var relation = Relation(state, system, code, otherSystem, otherCode);
                found |= relation == "equivalent" || relation == (isSubsumed ? "subsumed-by" : "subsumes");
                undecided |= relation is null;
            }
        }

        state.Set(start, found ? true : undecided ? null : false);
    }

    private static string? Relation(FhirPathState state, string? systemA, string a, string? systemB, string b)
    {
        if (systemA != systemB)
        {
            return "not-subsumed";
        }

        if (a == b)
        {
            return "equivalent";
        }

        return systemA is null ? null
            : state.Options.Subsumes is { } subsumes ? subsumes(systemA, a, b)
            : Terminology.Default.Subsumes(systemA, a, b) is { Refusal: null } outcome ? outcome.Value : null;
    }

    private static List<(string? System, string Code)> Codings(in FhirPathValue item)
    {
        var found = new List<(string? System, string Code)>();
        if (item.Kind == FhirPathKind.None)
        {
            return found;
        }

        if (!item.IsNode || item.Node.Type is not ("Coding" or "CodeableConcept"))
        {
            FhirPathError.Execution($"subsumes() needs a Coding or a CodeableConcept, found {(item.IsNode ? item.Node.Type : item.Kind.ToString())}");
        }

        foreach (var coding in item.Node.Type == "Coding" ? new[] { item.Node } : [.. item.Node.All("coding")])
        {
            if (coding.Text("code") is { } code)
            {
                found.Add((coding.Text("system"), code));
            }
        }

        return found;
    }
}
