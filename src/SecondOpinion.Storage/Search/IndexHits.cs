using SecondOpinion.Fhir.Search;
using SecondOpinion.Storage.Search.Rows;

namespace SecondOpinion.Storage.Search;

/// <summary>A value in the index that a condition found: whose it is, and to which composite value it belongs.</summary>
internal sealed class IndexHit
{
    public long ResourceKey { get; set; }

    public int Group { get; set; }
}

/// <summary>Finds the index rows that meet a condition on one parameter.</summary>
/// <param name="type">The type searched; null: parameters that all types have.</param>
internal sealed class IndexHits(InteropDbContext db, string? type)
{
    /// <summary>Rows that meet the condition, negative modifiers left out of account.</summary>
    public IQueryable<IndexHit> Of(ParameterCriterion criterion)
    {
        var code = criterion.Parameter.Code;
        switch (criterion.Modifier)
        {
            case SearchModifier.Missing:
                return Present(criterion.Parameter);
            case SearchModifier.Text:
                return Of(SearchParameterType.String, ParameterId.Of(type, code, ParameterId.Text), criterion.AnyOf, SearchModifier.Text, []);
            case SearchModifier.Identifier:
                return Of(SearchParameterType.Token, ParameterId.Of(type, code, ParameterId.Identifier), criterion.AnyOf, SearchModifier.None, []);
            case SearchModifier.OfType:
                return Of(SearchParameterType.Token, ParameterId.Of(type, code, ParameterId.OfType), criterion.AnyOf, SearchModifier.None, []);
            default:
                return criterion.Parameter.Type == SearchParameterType.Composite
                    ? Composites(criterion)
                    : Of(criterion.Parameter.Type, ParameterId.Of(type, code), criterion.AnyOf, criterion.Modifier, criterion.Parameter.Targets);
        }
    }

    private IQueryable<IndexHit> Of(SearchParameterType kind, int id, IReadOnlyList<SearchOperand> anyOf, SearchModifier modifier, IReadOnlyList<string> targets) => kind switch
    {
        SearchParameterType.Token => Hits(Rows<TokenRow>(id).Where(IndexConditions.Tokens(anyOf))),
        SearchParameterType.String => Hits(Rows<StringRow>(id).Where(IndexConditions.Strings(anyOf, modifier))),
        SearchParameterType.Reference => Hits(Rows<ReferenceRow>(id).Where(IndexConditions.References(anyOf, targets))),
        SearchParameterType.Date => Hits(Rows<DateRow>(id).Where(IndexConditions.Dates(anyOf))),
        SearchParameterType.Number or SearchParameterType.Quantity => Hits(Rows<NumberRow>(id).Where(IndexConditions.Numbers(anyOf))),
        SearchParameterType.Uri => Hits(Rows<UriRow>(id).Where(IndexConditions.Uris(anyOf, modifier))),
        _ => throw new InvalidOperationException(kind.ToString()),
    };

    private IQueryable<IndexHit> Present(SearchParameter parameter)
    {
        var id = parameter.Type == SearchParameterType.Composite ? ParameterId.Of(type, parameter.Components[0].Code) : ParameterId.Of(type, parameter.Code);
        var kind = parameter.Type == SearchParameterType.Composite ? parameter.Components[0].Type : parameter.Type;
        switch (kind)
        {
            case SearchParameterType.Token:
                // A concept with text alone is present, too.
                var text = ParameterId.Of(type, parameter.Code, ParameterId.Text);
                return Hits(Rows<TokenRow>(id)).Concat(Hits(Rows<StringRow>(text)));
            case SearchParameterType.String:
                return Hits(Rows<StringRow>(id));
            case SearchParameterType.Reference:
                var identifier = ParameterId.Of(type, parameter.Code, ParameterId.Identifier);
                return Hits(Rows<ReferenceRow>(id)).Concat(Hits(Rows<TokenRow>(identifier)));
            case SearchParameterType.Date:
                return Hits(Rows<DateRow>(id));
            case SearchParameterType.Uri:
                return Hits(Rows<UriRow>(id));
            default:
                return Hits(Rows<NumberRow>(id));
        }
    }

    // FHIR R4 search.html#composite: all parts in one value of the composite.
    private IQueryable<IndexHit> Composites(ParameterCriterion criterion)
    {
        IQueryable<IndexHit>? any = null;
        foreach (var operand in criterion.AnyOf.Cast<CompositeOperand>())
        {
            IQueryable<IndexHit>? all = null;
            for (var i = 0; i < operand.Parts.Count; i++)
            {
                var component = criterion.Parameter.Components[i];
                var part = Of(component.Type, ParameterId.Of(type, component.Code), [operand.Parts[i]], SearchModifier.None, component.Targets);
                all = all is null ? part : all.Where(h => part.Any(p => p.ResourceKey == h.ResourceKey && p.Group == h.Group));
            }

            any = any is null ? all : any.Concat(all!);
        }

        return any!;
    }

    private IQueryable<TRow> Rows<TRow>(int id)
        where TRow : IndexRow => db.Set<TRow>().Where(r => r.Parameter == id);

    private static IQueryable<IndexHit> Hits<TRow>(IQueryable<TRow> rows)
        where TRow : IndexRow => rows.Select(r => new IndexHit { ResourceKey = r.ResourceKey, Group = r.Group });
}
