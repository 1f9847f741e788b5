using SecondOpinion.Fhir.Search;

namespace SecondOpinion.Storage.Search;

/// <summary>
/// A guess of how few resources a condition leaves, by the kind of its parameter: SQLite has no statistics to choose by. The best one drives the query, the
/// others probe what it finds. The servers choose by their own statistics.
/// </summary>
internal static class Selectivity
{
    /// <summary>From here on a condition finds so much, and of all tenants, that it is better to begin with what the tenant has.</summary>
    public const int FindsMany = 60;

    // States in which most resources are in the end.
    private static readonly HashSet<string> CommonStates = ["final", "completed", "active", "available", "finished", "current", "amended"];

    /// <summary>Low finds few.</summary>
    public static int Rank(SearchCriterion criterion) => criterion switch
    {
        ParameterCriterion parameter => Rank(parameter),
        ChainCriterion chain => Rank(chain.Inner) + 3,
        HasCriterion has => Rank(has.Inner) + 3,
        CompartmentCriterion => 30,
        _ => 100,
    };

    private static int Rank(ParameterCriterion criterion)
    {
        if (criterion.Modifier is SearchModifier.Not or SearchModifier.NotIn or SearchModifier.Missing)
        {
            return 100;
        }

        var code = criterion.Parameter.Code;
        return criterion.Parameter.Type switch
        {
            _ when code == "_id" => 0,
            _ when code == "_lastUpdated" => 60,
            SearchParameterType.Token when code.Contains("identifier", StringComparison.Ordinal) || criterion.Modifier is SearchModifier.OfType => 5,
            SearchParameterType.Token when code.StartsWith('_') => 70,
            SearchParameterType.Token when code == "status" && criterion.AnyOf.Any(o => o is TokenOperand { Code: var state } && (state is null || CommonStates.Contains(state))) => 65,
            SearchParameterType.Token => 45,
            SearchParameterType.Reference when criterion.Modifier == SearchModifier.Identifier => 20,
            SearchParameterType.Reference => criterion.AnyOf.Max(Rank),
            SearchParameterType.String => criterion.Modifier == SearchModifier.None || criterion.Modifier == SearchModifier.Exact ? 30 : 80,
            SearchParameterType.Composite => 40,
            SearchParameterType.Uri => code.StartsWith('_') ? 70 : 25,
            SearchParameterType.Date => 55,
            _ => 50,
        };
    }

    // Many resources point to one organization or person who works there; few to one patient or order.
    private static int Rank(SearchOperand operand) => operand is ReferenceOperand { Type: "Organization" or "Practitioner" or "PractitionerRole" or "Location" or "Endpoint" } ? 50 : 15;
}
