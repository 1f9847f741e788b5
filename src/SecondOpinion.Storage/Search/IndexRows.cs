using System.Globalization;
using SecondOpinion.Fhir;
using SecondOpinion.Fhir.Search;
using SecondOpinion.Storage.Model;
using SecondOpinion.Storage.Search.Rows;

namespace SecondOpinion.Storage.Search;

/// <summary>The index rows of a resource, made of what its search parameters extract; rows of one table follow each other, none is there twice.</summary>
internal sealed class IndexRows
{
    private const int KeptValues = 1024;

    // Used again by the thread's next resource; not while in use, and not a huge one.
    [ThreadStatic]
    private static List<SearchValue>? _values;

    private readonly long _key;
    private readonly string _type;
    private readonly List<IndexRow> _tokens = [];
    private readonly List<IndexRow> _strings = [];
    private readonly List<IndexRow> _references = [];
    private readonly List<IndexRow> _dates = [];
    private readonly List<IndexRow> _numbers = [];
    private readonly List<IndexRow> _uris = [];
    private readonly HashSet<IndexRow> _known = new(IndexRowComparer.Instance);

    // The values of one parameter mostly share their system, whose number is a digest.
    private (string? System, long Id) _lastSystem;

    private IndexRows(long key, string type) => (_key, _type) = (key, type);

    public static IReadOnlyList<IndexRow> Of(long key, FhirResource resource)
    {
        var rows = new IndexRows(key, resource.ResourceType);
        var values = _values ?? new List<SearchValue>(KeptValues);
        _values = null;
        foreach (var parameter in SearchParameters.For(resource.ResourceType))
        {
            values.Clear();
            SearchIndexer.Extract(resource, parameter, values);
            foreach (var value in values)
            {
                rows.Add(value);
            }
        }

        if (values.Capacity <= KeptValues)
        {
            values.Clear();
            _values = values;
        }

        return (IndexRow[])[.. rows._tokens, .. rows._strings, .. rows._references, .. rows._dates, .. rows._numbers, .. rows._uris];
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
            case SearchParameterType.String:
                AddString(id, value.Text, value.Code, value.CompositeGroup);
                break;
            case SearchParameterType.Reference:
                AddReference(value, id);
                break;
            case SearchParameterType.Date:
                Add(_dates, new DateRow { From = value.From.UtcTicks, To = value.To.UtcTicks }, id, value.CompositeGroup);
                break;
            case SearchParameterType.Number or SearchParameterType.Quantity:
                AddNumber(value, id);
                break;
            case SearchParameterType.Uri when value.Code is { } uri:
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

        if (value.CompositeGroup == 0)
        {
            AddString(ParameterId.Of(_type, value.Parameter.Code, ParameterId.Text), value.Text, null, 0);
        }

        // FHIR R4 search.html#token :of-type: the code of Identifier.type and the value.
        if (value is { IdentifierTypeCode: { } type, Code: { } identifier })
        {
            Add(_tokens, Token(value.IdentifierTypeSystem, type + "|" + identifier), ParameterId.Of(_type, value.Parameter.Code, ParameterId.OfType), 0);
        }
    }

    private void AddReference(in SearchValue value, int id)
    {
        if (value.TargetId is { Length: > 0 } target)
        {
            Add(_references, new ReferenceRow { TargetType = Short(value.TargetType), TargetId = IndexText.Fit(target, IndexText.UriLength), Version = value.TargetVersion?.ToString(CultureInfo.InvariantCulture) ?? "" }, id, value.CompositeGroup);
        }
        else if (value.TargetUrl is { Length: > 0 } url)
        {
            Add(_references, new ReferenceRow { TargetId = IndexText.Fit(url, IndexText.UriLength), Version = Short(value.CanonicalVersion) }, id, value.CompositeGroup);
        }

        if (value.Code is not null)
        {
            Add(_tokens, Token(value.System, value.Code), ParameterId.Of(_type, value.Parameter.Code, ParameterId.Identifier), 0);
        }
    }

    // One number is a point: its written precision does not count (FHIR R4 search.html#number compares the value with the range asked for).
    private void AddNumber(in SearchValue value, int id) => Add(
        _numbers,
        new NumberRow
        {
            Low = value.Number ?? value.Low,
            High = value.Number ?? value.High,
            SystemId = SystemId(value.System),
            Unit = Short(value.Code),
            CanonicalLow = value.CanonicalNumber ?? value.CanonicalLow,
            CanonicalHigh = value.CanonicalNumber ?? value.CanonicalHigh,
            CanonicalUnit = Short(value.CanonicalUnit),
        },
        id,
        value.CompositeGroup);

    private void AddString(int id, string? normalized, string? exact, int group)
    {
        if (!string.IsNullOrEmpty(normalized))
        {
            Add(_strings, new StringRow { Text = IndexText.Cut(normalized), Exact = IndexText.Fit(exact ?? "", IndexText.TextLength) }, id, group);
        }
    }

    private TokenRow Token(string? system, string code) => new() { Code = IndexText.Fit(code, IndexText.CodeLength), SystemId = SystemId(system) };

    private long SystemId(string? system)
    {
        if (!string.Equals(system, _lastSystem.System, StringComparison.Ordinal))
        {
            _lastSystem = (system, IndexText.SystemId(system));
        }

        return _lastSystem.Id;
    }

    private static string Short(string? text) => text is null ? "" : IndexText.Fit(text, ColumnLength.Code);

    private void Add(List<IndexRow> rows, IndexRow row, int parameter, int group)
    {
        row.ResourceKey = _key;
        row.Parameter = parameter;
        row.Ordinal = rows.Count;
        row.Group = group;
        // The SOP class of a study's instances is one value, not hundreds.
        if (_known.Add(row))
        {
            rows.Add(row);
        }
    }
}
