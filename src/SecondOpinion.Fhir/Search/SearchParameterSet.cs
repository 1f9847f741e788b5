using System.Collections.Concurrent;

namespace SecondOpinion.Fhir.Search;

/// <summary>
/// The search parameters of R4 and those that SearchParameter resources add (FHIR R4 searchparameter.html). Immutable and free-threaded; extraction
/// takes it as an argument, reading of searches in <see cref="SearchOptions.Parameters"/>.
/// </summary>
public sealed class SearchParameterSet
{
    /// <summary>The parameters of R4 alone.</summary>
    public static SearchParameterSet R4 { get; } = new(null, []);

    private readonly SearchParameterSet? _below;
    private readonly Dictionary<(string Type, string Code), SearchParameter> _added;
    private readonly Dictionary<string, (SearchParameterType Type, IReadOnlyList<string> Targets)> _urls = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, SearchParameter[]> _sorted = new(StringComparer.Ordinal);

    private SearchParameterSet(SearchParameterSet? below, IEnumerable<SearchParameter> added)
    {
        _below = below;
        _added = added.ToDictionary(p => (p.ResourceType, p.Code));
        foreach (var parameter in _added.Values)
        {
            _urls[parameter.Url] = (parameter.Type, parameter.Targets);
        }
    }

    /// <summary>These and more. A definition whose base is Resource or DomainResource adds a parameter to every type it stands for.</summary>
    /// <exception cref="FhirException">
    /// A definition cannot be used, one issue a reason: no code, url, base, type or expression; a base, target or component that is unknown; an expression
    /// that does not compile, selects nothing or nothing of its type; a code or url that is taken; type special.
    /// </exception>
    public SearchParameterSet With(IEnumerable<FhirResource> definitions)
    {
        var compiler = new SearchParameterCompiler(this);
        // Components may be defined beside the composite, in any order.
        foreach (var definition in definitions.OrderBy(d => d.Root.Text("type") == "composite"))
        {
            compiler.Add(definition);
        }

        return compiler.Issues.Count > 0 ? throw new FhirException(compiler.Issues) : new SearchParameterSet(this, compiler.Added);
    }

    /// <summary>A parameter by resource type and code; null when there is none.</summary>
    public SearchParameter? Find(string resourceType, string code) =>
        _below is null ? SearchParameters.Find(resourceType, code) : _added.GetValueOrDefault((resourceType, code)) ?? _below.Find(resourceType, code);

    /// <summary>All parameters of a resource type, sorted by code; empty for what is no resource type.</summary>
    public IReadOnlyList<SearchParameter> For(string resourceType)
    {
        if (_below is null || !Definitions.IsResource(resourceType))
        {
            return SearchParameters.For(resourceType);
        }

        return _sorted.GetOrAdd(resourceType, static (type, set) =>
            [.. set._below!.For(type).Concat(set._added.Values.Where(p => p.ResourceType == type)).OrderBy(p => p.Code, StringComparer.Ordinal)], this);
    }

    /// <summary>The parameters that are not R4's, by type and code.</summary>
    public IEnumerable<SearchParameter> Added =>
        (_below?.Added ?? []).Concat(_added.Values).OrderBy(p => p.ResourceType, StringComparer.Ordinal).ThenBy(p => p.Code, StringComparer.Ordinal);

    internal bool IsAdded(SearchParameter parameter) =>
        _below is not null && ((_added.TryGetValue((parameter.ResourceType, parameter.Code), out var own) && own == parameter) || _below.IsAdded(parameter));

    internal (SearchParameterType Type, IReadOnlyList<string> Targets)? ByCanonical(string url) =>
        _below is null ? SearchParameters.ByCanonical(url) : _urls.TryGetValue(url, out var own) ? own : _below.ByCanonical(url);
}
