using System.Globalization;
using System.Text;

namespace SecondOpinion.Fhir.Search;

/// <summary>Reads the parameters of one search; criteria and values are read by <see cref="SearchRequestCriteria"/> and <see cref="SearchRequestValues"/>.</summary>
internal sealed class SearchRequestParser(string? resourceType, bool strict, SearchOptions options)
{
    private readonly List<FhirIssue> _errors = [];
    private readonly List<FhirIssue> _warnings = [];
    private readonly List<KeyValuePair<string, string>> _used = [];
    private readonly List<SearchCriterion> _criteria = [];
    private readonly List<SearchSort> _sorts = [];
    private readonly List<SearchInclude> _includes = [];
    private readonly HashSet<string> _once = new(StringComparer.Ordinal);

    private IReadOnlyList<string> _types = [];
    private IReadOnlyList<string> _elements = [];
    private int _count = options.DefaultCount;
    private int _values;
    private bool _countOnly;
    private SearchTotal _total = SearchTotal.Unsaid;
    private SummaryMode _summary = SummaryMode.False;
    private string? _page;

    /// <summary>The one type that is searched; null when there are several.</summary>
    private string? Type => resourceType ?? (_types.Count == 1 ? _types[0] : null);

    public Outcome<SearchRequest> Read(IEnumerable<KeyValuePair<string, string>> parameters)
    {
        if (resourceType is not null && !Definitions.IsResource(resourceType))
        {
            return Refusal.Of(RefusalKind.NotFound, "not-supported", $"'{resourceType}' is not a resource type of R4", "resource-type-unknown");
        }

        var list = parameters.Take(options.MaxParameters + 1).ToList();
        if (list.Count > options.MaxParameters)
        {
            return Refusal.Of(RefusalKind.Invalid, "too-costly", $"A search has at most {options.MaxParameters} parameters", "search-too-many-parameters");
        }

        // _type decides which parameters there are.
        foreach (var (name, value) in list.Where(p => p.Key == "_type"))
        {
            ReadTypes(name, value);
        }

        foreach (var (name, value) in list)
        {
            Read(name, value);
        }

        return _errors.Count > 0
            ? new Refusal(RefusalKind.Invalid, _errors)
            : new SearchRequest
            {
                ResourceType = resourceType,
                Types = _types,
                Criteria = _criteria,
                Sorts = _sorts,
                Includes = _includes,
                Count = Math.Max(1, _count),
                IsCountOnly = _countOnly,
                Total = _total,
                Summary = _summary,
                Elements = _elements,
                Page = _page,
                MaxIncluded = options.MaxIncluded,
                Warnings = _warnings,
                Used = _used,
            };
    }

    private void Read(string name, string value)
    {
        if (value.Length == 0)
        {
            Unknown(name, $"Parameter '{Shown(name)}' has no value");
            return;
        }

        if (value.Length > options.MaxValueLength * 16 || name.Length > 512)
        {
            Error("too-long", $"Parameter '{Shown(name)}' is too long", "search-value-length");
            return;
        }

        if (!IsText(name) || !IsText(value))
        {
            Error("invalid", $"Parameter '{Shown(name)}' holds what is no text: control characters or half a surrogate pair", "search-value-invalid");
            return;
        }

        var errors = _errors.Count;
        var used = value;
        switch (name)
        {
            case "_format" or "_pretty" or "_type":
                return;
            case "_page":
                Once(name);
                _page = value;
                return;
            case "_count":
                Once(name);
                used = ReadCount(value);
                break;
            case "_sort":
                Once(name);
                ReadSort(value);
                break;
            case "_total":
                Once(name);
                _total = value switch
                {
                    "none" => SearchTotal.None,
                    "estimate" or "accurate" => SearchTotal.Accurate,
                    _ => Invalid(name, value, "none, estimate or accurate", SearchTotal.Unsaid),
                };
                break;
            case "_summary":
                Once(name);
                ReadSummary(value);
                break;
            case "_elements":
                Once(name);
                _elements = value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
                break;
            case "_contained" or "_containedType":
                if (value != "false")
                {
                    Error("not-supported", $"Contained resources are not searched: '{name}' may only be false", "search-contained-unsupported");
                }

                break;
            case "_include" or "_include:iterate" or "_include:recurse" or "_revinclude" or "_revinclude:iterate" or "_revinclude:recurse":
                ReadInclude(name, value);
                break;
            default:
                if (!ReadCriterion(name, value))
                {
                    return;
                }

                break;
        }

        if (errors == _errors.Count)
        {
            _used.Add(new(name, used));
        }
    }

    // What no FHIR string can hold, databases do not take either.
    private static bool IsText(string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value < ' ' && rune.Value is not ('\t' or '\r' or '\n'))
            {
                return false;
            }
        }

        // A replacement rune that the text itself does not hold stands for half a pair.
        return text.Contains('\uFFFD', StringComparison.Ordinal) || !text.EnumerateRunes().Contains(Rune.ReplacementChar);
    }

    private bool ReadCriterion(string name, string value)
    {
        if (name == "-compartment")
        {
            // Our own: a patient scope of SMART limits a search to a compartment.
            var parts = value.Split('/');
            if (parts.Length == 2 && Definitions.IsResource(parts[0]))
            {
                _criteria.Add(new CompartmentCriterion(parts[0], parts[1]));
                return true;
            }

            Invalid(name, value, "Type/id", 0);
            return false;
        }

        var result = new SearchRequestCriteria(options).Read(Type, name, value);
        if (result.Criterion is { } criterion)
        {
            if (criterion is ParameterCriterion { Parameter: { MultipleAnd: false } single } && _criteria.OfType<ParameterCriterion>().Any(c => c.Parameter == single))
            {
                Error("invalid", $"'{single.Code}' may be given once only", "search-parameter-repeated");
            }

            _criteria.Add(criterion);
            _values += Values(criterion);
            if (_values > options.MaxValues)
            {
                Error("too-costly", $"A search has at most {options.MaxValues} values", "search-too-many-values");
            }

            return true;
        }

        if (result.IsUnknown)
        {
            Unknown(name, result.Issue!.Message);
        }
        else
        {
            _errors.Add(result.Issue!);
        }

        return false;
    }

    private static int Values(SearchCriterion criterion) => criterion switch
    {
        ParameterCriterion parameter => parameter.AnyOf.Sum(o => o is CompositeOperand composite ? composite.Parts.Count : 1),
        ChainCriterion chain => Values(chain.Inner),
        HasCriterion has => Values(has.Inner),
        _ => 1,
    };

    private void ReadTypes(string name, string value)
    {
        var types = value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var bad = Array.Find(types, t => !Definitions.IsResource(t));
        if (bad is not null)
        {
            Invalid(name, bad, "the name of a resource type", 0);
        }
        else if (resourceType is not null)
        {
            Unknown(name, "'_type' belongs to a search of the whole system");
        }
        else
        {
            Once(name);
            _types = [.. types.Distinct(StringComparer.Ordinal)];
            _used.Add(new(name, value));
        }
    }

    private string ReadCount(string value)
    {
        if (!long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var count))
        {
            // Digits alone that do not fit are only too many.
            if (value.All(char.IsAsciiDigit))
            {
                count = int.MaxValue;
            }
            else
            {
                return Invalid("_count", value, "a number from 0", value);
            }
        }

        // FHIR R4 search.html#count: 0 is the same as _summary=count.
        _countOnly |= count == 0;
        _count = (int)Math.Min(count, options.MaxCount);
        return _count.ToString(CultureInfo.InvariantCulture);
    }

    private void ReadSummary(string value)
    {
        switch (value)
        {
            case "count":
                _countOnly = true;
                break;
            case "true":
                _summary = SummaryMode.True;
                break;
            case "text":
                _summary = SummaryMode.Text;
                break;
            case "data":
                _summary = SummaryMode.Data;
                break;
            case "false":
                break;
            default:
                Invalid("_summary", value, "true, text, data, count or false", 0);
                break;
        }
    }

    private void ReadSort(string value)
    {
        var keys = value.Split(',', StringSplitOptions.TrimEntries);
        if (keys.Length > options.MaxSorts)
        {
            Error("too-costly", $"'_sort' has at most {options.MaxSorts} keys", "search-too-many-sorts");
            return;
        }

        foreach (var key in keys)
        {
            var descending = key.StartsWith('-');
            var name = descending ? key[1..] : key;
            var dot = name.IndexOf('.', StringComparison.Ordinal);
            var criteria = new SearchRequestCriteria(options);
            SearchSort? sort = null;
            if (dot < 0)
            {
                sort = criteria.Find(Type, name) is { } parameter ? new SearchSort(parameter, descending) : null;
            }
            else if (Type is not null && criteria.ChainTarget(Type, name[..dot], name[(dot + 1)..]) is { } target)
            {
                sort = new SearchSort(options.Parameters.Find(target.TargetType, name[(dot + 1)..])!, descending, target.Reference, target.TargetType);
            }

            if (sort is null or { Parameter.Type: SearchParameterType.Composite or SearchParameterType.Special })
            {
                Invalid("_sort", key, "search parameters of the type, each perhaps with a minus before it or through one reference of one type", 0);
                return;
            }

            _sorts.Add(sort);
        }
    }

    private void ReadInclude(string name, string value)
    {
        if (_includes.Count >= options.MaxIncludes)
        {
            Error("too-costly", $"A search has at most {options.MaxIncludes} includes", "search-too-many-includes");
            return;
        }

        var reverse = name.StartsWith("_revinclude", StringComparison.Ordinal);
        var iterate = name.Contains(':', StringComparison.Ordinal);
        var parts = value.Split(':');
        var (source, code) = parts.Length == 1 ? (null, parts[0]) : (parts[0], parts[1]);
        var target = parts.Length == 3 && parts[2].Length > 0 ? parts[2] : null;
        if (parts.Length > 3
            || (source is null && code != "*")
            || (source is not null && source != "*" && !Definitions.IsResource(source))
            || (source == "*" && code != "*")
            || (target is not null && !Definitions.IsResource(target)))
        {
            Invalid(name, value, "Type:parameter, Type:parameter:TargetType, Type:* or *", 0);
            return;
        }

        source = source == "*" ? null : source;
        SearchParameter? parameter = null;
        if (code != "*")
        {
            parameter = options.Parameters.Find(source!, code);
            if (parameter is null or not { Type: SearchParameterType.Reference })
            {
                Invalid(name, value, $"a reference parameter of {source}", 0);
                return;
            }

            if (target is not null && parameter.Targets.Count > 0 && !parameter.Targets.Contains(target))
            {
                Invalid(name, value, "one of its types: " + string.Join(", ", parameter.Targets), 0);
                return;
            }
        }

        _includes.Add(new SearchInclude(reverse, source, parameter, target, iterate));
    }

    private void Once(string name)
    {
        if (!_once.Add(name))
        {
            Error("invalid", $"'{name}' may be given once only", "search-parameter-repeated");
        }
    }

    private void Unknown(string name, string message)
    {
        if (strict)
        {
            Error("not-supported", message, "search-parameter-unknown");
        }
        else
        {
            _warnings.Add(new FhirIssue(IssueSeverity.Warning, "not-supported", $"{message}; it was left out of the search ('{Shown(name)}')", Key: "search-parameter-unknown"));
        }
    }

    private T Invalid<T>(string name, string value, string allowed, T result)
    {
        Error("invalid", $"'{Shown(value)}' is not a value of '{Shown(name)}': expected {allowed}", "search-value-invalid");
        return result;
    }

    private void Error(string code, string message, string key) => _errors.Add(new FhirIssue(IssueSeverity.Error, code, message, Key: key));

    internal static string Shown(string text) => text.Length <= 100 ? text : text[..100] + "...";
}
