using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using SecondOpinion.Fhir;
using SecondOpinion.Fhir.Search;
using SecondOpinion.Storage.Model;
using SecondOpinion.Storage.Resources;
using SecondOpinion.Storage.Search.Rows;

namespace SecondOpinion.Storage.Search;

/// <summary>
/// Turns a search into LINQ over resources and their index rows. A condition has two forms of one meaning: from a set of keys ("driving": the index
/// by value finds the resources), or as a probe of a resource that another condition found.
/// </summary>
/// <param name="restriction">Null: none, for searches that are themselves a restriction or that carry out an interaction.</param>
internal sealed class SearchCompiler(InteropDbContext db, string tenant, SearchRestriction? restriction)
{
    private readonly ResourceReads _reads = new(db);

    /// <summary>Current resources of a type that the tenant and the restriction let be seen.</summary>
    public IQueryable<ResourceRow> Allowed(string type)
    {
        var visible = _reads.Visible(tenant).Where(r => r.Type == type && !r.IsDeleted);
        return Restrict(type) is { } condition ? visible.Where(condition) : visible;
    }

    /// <summary>The matches of a search, unordered.</summary>
    public IQueryable<ResourceRow> Matches(SearchRequest request)
    {
        var type = request.ResourceType ?? (request.Types.Count == 1 ? request.Types[0] : null);
        var rows = type is not null ? Allowed(type) : AllowedOf(request.Types);
        return Where(rows, type, request.Criteria, drive: true);
    }

    /// <summary>The search's conditions on resources that are already found.</summary>
    public IQueryable<ResourceRow> Probe(IQueryable<ResourceRow> rows, SearchRequest request)
    {
        var type = request.ResourceType;
        if (type is not null)
        {
            rows = rows.Where(r => r.Type == type);
        }
        else if (request.Types.Count > 0)
        {
            var types = request.Types;
            rows = rows.Where(r => types.Contains(r.Type));
        }

        return Where(rows, type, request.Criteria, drive: false);
    }

    /// <summary>All that the tenant sees and that is not deleted, the restriction left out of account.</summary>
    public IQueryable<ResourceRow> Visible => _reads.Visible(tenant).Where(r => !r.IsDeleted);

    /// <summary>References of a resource, by the number of the parameter.</summary>
    public IQueryable<ReferenceRow> References => db.Set<ReferenceRow>();

    private IQueryable<ResourceRow> Where(IQueryable<ResourceRow> rows, string? type, IReadOnlyList<SearchCriterion> criteria, bool drive)
    {
        var driver = drive && criteria.Count > 0 ? criteria.MinBy(Selectivity.Rank) : null;
        if (drive && (driver is null || Selectivity.Rank(driver) >= Selectivity.FindsMany))
        {
            // Nothing narrows the search: what the tenant has does at least.
            var keys = _reads.VisibleKeys(tenant, type);
            rows = rows.Where(r => keys.Contains(r.Key));
            driver = null;
        }

        foreach (var criterion in criteria)
        {
            rows = rows.Where(Condition(type, criterion, ReferenceEquals(criterion, driver)));
        }

        return rows;
    }

    private Expression<Func<ResourceRow, bool>>? Restrict(string type)
    {
        var filters = restriction is null ? [] : restriction(type);
        if (filters is null)
        {
            return Predicate.None<ResourceRow>();
        }

        // A filter's own chains see what the tenant sees.
        var unrestricted = new SearchCompiler(db, tenant, null);
        return filters.Count == 0
            ? null
            : Predicate.Any(filters.Select(f => Predicate.All(f.Criteria.Select(c => unrestricted.Condition(type, c, drive: false)))));
    }

    private IQueryable<ResourceRow> AllowedOf(IReadOnlyList<string> types)
    {
        var visible = _reads.Visible(tenant).Where(r => !r.IsDeleted);
        if (restriction is null)
        {
            return types.Count == 0 ? visible : visible.Where(r => types.Contains(r.Type));
        }

        var open = new List<string>();
        var conditions = new List<Expression<Func<ResourceRow, bool>>>();
        foreach (var type in types.Count == 0 ? Definitions.ResourceTypes : types)
        {
            if (restriction(type) is { Count: 0 })
            {
                open.Add(type);
            }
            else if (restriction(type) is not null)
            {
                conditions.Add(Predicate.All<ResourceRow>([r => r.Type == type, Restrict(type)!]));
            }
        }

        if (open.Count == Definitions.ResourceTypes.Count)
        {
            return visible;
        }

        conditions.Add(r => open.Contains(r.Type));
        return visible.Where(Predicate.Any(conditions));
    }

    private Expression<Func<ResourceRow, bool>> Condition(string? type, SearchCriterion criterion, bool drive) => criterion switch
    {
        ParameterCriterion parameter => Parameter(type, parameter, drive),
        ChainCriterion chain => Chain(type!, chain, drive),
        HasCriterion has => Has(type, has, drive),
        CompartmentCriterion compartment => Compartment(type, compartment),
        _ => throw new InvalidOperationException(criterion.GetType().Name),
    };

    private Expression<Func<ResourceRow, bool>> Parameter(string? type, ParameterCriterion criterion, bool drive)
    {
        if (ResourceConditions.Of(criterion) is { } direct)
        {
            return direct;
        }

        var hits = new IndexHits(db, type).Of(criterion);
        var isNegative = criterion.Modifier is SearchModifier.Not or SearchModifier.NotIn
            || (criterion.Modifier == SearchModifier.Missing && criterion.AnyOf.OfType<MissingOperand>().Any(o => o.IsMissing));
        if (criterion.Modifier == SearchModifier.Missing && criterion.AnyOf.Distinct().Count() > 1)
        {
            return _ => true;
        }

        if (isNegative)
        {
            // FHIR R4 search.html#token: :not includes resources that lack the element.
            return r => !hits.Any(h => h.ResourceKey == r.Key);
        }

        return Found(hits, drive);
    }

    private static Expression<Func<ResourceRow, bool>> Found(IQueryable<IndexHit> hits, bool drive)
    {
        if (drive)
        {
            var keys = hits.Select(h => h.ResourceKey);
            return r => keys.Contains(r.Key);
        }

        return r => hits.Any(h => h.ResourceKey == r.Key);
    }

    private Expression<Func<ResourceRow, bool>> Chain(string type, ChainCriterion chain, bool drive)
    {
        var id = ParameterId.Of(type, chain.Reference.Code);
        var targetType = chain.TargetType;
        var targets = Allowed(targetType).Where(Condition(targetType, chain.Inner, drive));
        var references = References.Where(f => f.Parameter == id && f.TargetType == targetType);
        if (drive)
        {
            var ids = targets.Select(t => t.Id);
            return Found(references.Where(f => ids.Contains(f.TargetId)).Select(f => new IndexHit { ResourceKey = f.ResourceKey, Group = f.Group }), drive);
        }

        return r => references.Any(f => f.ResourceKey == r.Key && targets.Any(t => t.Id == f.TargetId));
    }

    private Expression<Func<ResourceRow, bool>> Has(string? type, HasCriterion has, bool drive)
    {
        var id = ParameterId.Of(has.SourceType, has.Reference.Code);
        var sources = Allowed(has.SourceType).Where(Condition(has.SourceType, has.Inner, drive));
        var references = References.Where(f => f.Parameter == id);
        if (drive && type is not null)
        {
            var keys = sources.Select(s => s.Key);
            var ids = references.Where(f => f.TargetType == type && keys.Contains(f.ResourceKey)).Select(f => f.TargetId);
            return r => ids.Contains(r.Id);
        }

        return r => references.Any(f => f.TargetId == r.Id && f.TargetType == r.Type && sources.Any(s => s.Key == f.ResourceKey));
    }

    private Expression<Func<ResourceRow, bool>> Compartment(string? type, CompartmentCriterion criterion)
    {
        var (compartment, id) = (criterion.Compartment, criterion.Id);
        var types = type is null ? Definitions.ResourceTypes : [type];
        var parameters = types.SelectMany(t => Definitions.Compartment(compartment, t).Where(c => c != "{def}").Select(c => ParameterId.Of(t, c))).Distinct().ToList();
        var own = types.Any(t => t == compartment);
        var references = References.Where(f => f.TargetId == id && f.TargetType == compartment && EF.Parameter(parameters).Contains(f.Parameter));
        return own
            ? r => (r.Type == compartment && r.Id == id) || references.Any(f => f.ResourceKey == r.Key)
            : r => references.Any(f => f.ResourceKey == r.Key);
    }
}
