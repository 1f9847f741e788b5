using System.Linq.Expressions;
using SecondOpinion.Fhir.Search;
using SecondOpinion.Storage.Model;

namespace SecondOpinion.Storage.Search;

/// <summary>Conditions on columns of the resource itself: <c>_id</c> and <c>_lastUpdated</c>.</summary>
internal static class ResourceConditions
{
    /// <summary>Null when the parameter is in the index.</summary>
    public static Expression<Func<ResourceRow, bool>>? Of(ParameterCriterion criterion)
    {
        if (criterion.Parameter.Code is not ("_id" or "_lastUpdated"))
        {
            return null;
        }

        if (criterion.Modifier == SearchModifier.Missing)
        {
            // Every resource has both.
            var exists = criterion.AnyOf.OfType<MissingOperand>().Any(o => !o.IsMissing);
            return _ => exists;
        }

        if (criterion.Parameter.Code == "_lastUpdated")
        {
            return Predicate.Any(criterion.AnyOf.Cast<DateOperand>().Select(LastUpdated));
        }

        // _id has no system; an id of a wrong format belongs to nobody.
        var ids = criterion.AnyOf.Cast<TokenOperand>().Where(o => string.IsNullOrEmpty(o.System)).Select(o => o.Code ?? "").ToList();
        var one = Predicate.In<ResourceRow>(r => r.Id, ids);
        return criterion.Modifier == SearchModifier.Not ? Predicate.Not(one) : one;
    }

    // An instant: its span is a point.
    private static Expression<Func<ResourceRow, bool>> LastUpdated(DateOperand operand)
    {
        var from = operand.From.UtcTicks;
        var to = operand.To.UtcTicks;
        return operand.Prefix switch
        {
            SearchPrefix.Eq or SearchPrefix.Ap => r => r.LastUpdated >= from && r.LastUpdated < to,
            SearchPrefix.Ne => r => r.LastUpdated < from || r.LastUpdated >= to,
            SearchPrefix.Gt or SearchPrefix.Sa => r => r.LastUpdated >= to,
            SearchPrefix.Lt or SearchPrefix.Eb => r => r.LastUpdated < from,
            SearchPrefix.Ge => r => r.LastUpdated >= from,
            _ => r => r.LastUpdated < to,
        };
    }
}
