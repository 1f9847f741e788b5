using SecondOpinion.Fhir;
using SecondOpinion.Fhir.Search;
using SecondOpinion.Storage.Model;
using SecondOpinion.Storage.Search.Rows;

namespace SecondOpinion.Storage.Search;

/// <summary>The index rows of a resource, made of what its search parameters extract; rows of one table follow each other.</summary>
internal sealed class IndexRows
{
    private readonly long _key;
    private readonly string _type;
    private readonly List<IndexRow> _tokens = [];
    private readonly List<IndexRow> _strings = [];
    private readonly List<IndexRow> _references = [];
    private readonly List<IndexRow> _dates = [];
    private readonly List<IndexRow> _numbers = [];
    private readonly List<IndexRow> _uris = [];

    private IndexRows(long key, string type) => (_key, _type) = (key, type);

    public static IEnumerable<IndexRow> Of(long key, FhirResource resource)
    {
        var rows = new IndexRows(key, resource.ResourceType);
        foreach (var value in SearchIndexer.Extract(resource))
        {
            rows.Add(value);
        }

        rows.AddIdentifiersByType(resource.Root);
        return [.. rows._tokens, .. rows._strings, .. rows._references, .. rows._dates, .. rows._numbers, .. rows._uris];
    }

    private void Add(in SearchValue value)
    {
        // Columns of the resource itself.
        if (value.Parameter.Code is "_id" or "_lastUpdated")
        {
            return;
        }

        var id = ParameterId.Of(_type, value.Parameter.Code);
        switch (value.Kind)
        {
            case SearchParameterType.Token:
                AddToken(value, id);
                break;
            case SearchParameterType.String when value.Text is { } text:
                AddString(id, text, value.CompositeGroup);
                break;
            case SearchParameterType.Reference:
                AddReference(value, id);
                break;
            case SearchParameterType.Date when value.From is { } from && value.To is { } to:
                Add(_dates, new DateRow { From = from.UtcTicks, To = to.UtcTicks }, id, value.CompositeGroup);
                break;
            case SearchParameterType.Number or SearchParameterType.Quantity:
                AddNumber(value, id);
                break;
            case SearchParameterType.Uri when value.Text is { } uri:
                Add(_uris, new UriRow { Uri = IndexText.Fit(uri, IndexText.UriLength) }, id, value.CompositeGroup);
                break;
            default:
                break;
        }
    }

    private void AddToken(in SearchValue value, int id)
    {
        if (value.Code is not null || value.System is not null)
        {
            Add(_tokens, Token(value.System, value.Code ?? ""), id, value.CompositeGroup);
        }

        if (value.Text is { Length: > 0 } text && value.CompositeGroup == 0)
        {
            AddString(ParameterId.Of(_type, value.Parameter.Code, ParameterId.Text), text, 0);
        }
    }

    private void AddReference(in SearchValue value, int id)
    {
        if (value.TargetId is { Length: > 0 } target)
        {
            Add(_references, new ReferenceRow { TargetType = Short(value.TargetType), TargetId = IndexText.Fit(target, IndexText.UriLength), Version = Short(value.TargetVersion) }, id, value.CompositeGroup);
        }
        else if (value.TargetUrl is { Length: > 0 } url)
        {
            Add(_references, new ReferenceRow { TargetId = IndexText.Fit(url, IndexText.UriLength), Version = Short(value.TargetVersion) }, id, value.CompositeGroup);
        }

        if (value.Code is not null)
        {
            Add(_tokens, Token(value.System, value.Code), ParameterId.Of(_type, value.Parameter.Code, ParameterId.Identifier), 0);
        }
    }

    private void AddNumber(in SearchValue value, int id) => Add(
        _numbers,
        new NumberRow
        {
            Low = value.Low is { } low ? (double)low : double.MinValue,
            High = value.High is { } high ? (double)high : double.MaxValue,
            SystemId = IndexText.SystemId(value.System),
            Unit = Short(value.Code ?? value.Text),
            CanonicalLow = (double?)value.CanonicalLow,
            CanonicalHigh = (double?)value.CanonicalHigh,
            CanonicalUnit = Short(value.CanonicalUnit),
        },
        id,
        value.CompositeGroup);

    private void AddString(int id, string text, int group)
    {
        var folded = IndexText.Fold(text);
        if (folded.Length > 0)
        {
            Add(_strings, new StringRow { Text = folded, Exact = IndexText.Fit(text, IndexText.TextLength) }, id, group);
        }
    }

    // FHIR R4 search.html#token :of-type: the code of Identifier.type and the value.
    private void AddIdentifiersByType(FhirNode root)
    {
        foreach (var identifier in root.All("identifier"))
        {
            if (identifier.Type != "Identifier" || identifier.Text("value") is not { } value)
            {
                continue;
            }

            foreach (var coding in identifier["type"].All("coding"))
            {
                if (coding.Text("code") is { } code)
                {
                    Add(_tokens, Token(coding.Text("system"), code + "|" + value), ParameterId.Of(_type, "identifier", ParameterId.OfType), 0);
                }
            }
        }
    }

    private static TokenRow Token(string? system, string code) =>
        new() { Code = IndexText.Fit(code, IndexText.CodeLength), SystemId = IndexText.SystemId(system) };

    private static string Short(string? text) => text is null ? "" : IndexText.Fit(text, ColumnLength.Code);

    private void Add(List<IndexRow> rows, IndexRow row, int parameter, int group)
    {
        row.ResourceKey = _key;
        row.Parameter = parameter;
        row.Ordinal = rows.Count;
        row.Group = group;
        rows.Add(row);
    }
}
