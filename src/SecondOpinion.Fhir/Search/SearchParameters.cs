using System.Collections.Concurrent;

namespace SecondOpinion.Fhir.Search;

/// <summary>The search parameters of FHIR R4 that select values of a resource, by resource type. <c>_text</c>, <c>_content</c> and <c>_query</c> select none and are absent.</summary>
public static class SearchParameters
{
    private static readonly ConcurrentDictionary<string, Registry> Types = new(StringComparer.Ordinal);

    private static readonly Lazy<Dictionary<string, SearchParameterRow>> ByUrl = new(() =>
    {
        var rows = new Dictionary<string, SearchParameterRow>(StringComparer.Ordinal);
        foreach (var row in Definitions.SearchParameters)
        {
            rows.TryAdd(row.Url, row);
        }

        return rows;
    });

    private static readonly Lazy<ILookup<string, SearchParameterRow>> ByBase = new(() => Definitions.SearchParameters
        .Where(r => r.Expression.Length > 0)
        .SelectMany(r => r.Base.Select(b => (Base: b, Row: r)))
        .ToLookup(p => p.Base, p => p.Row, StringComparer.Ordinal));

    /// <summary>A parameter by resource type and code, those of every resource (<c>_id</c>, <c>_lastUpdated</c>, <c>_tag</c>, ...) included; null when there is none.</summary>
    public static SearchParameter? Find(string resourceType, string code) => Of(resourceType)?.ByCode.GetValueOrDefault(code);

    /// <summary>All parameters of a resource type, sorted by code; empty for what is no resource type.</summary>
    public static IReadOnlyList<SearchParameter> For(string resourceType) => Of(resourceType)?.Sorted ?? [];

    /// <summary>These and more, from SearchParameter resources; see <see cref="SearchParameterSet.With"/>.</summary>
    /// <exception cref="FhirException">A definition cannot be used; one issue a reason.</exception>
    public static SearchParameterSet With(IEnumerable<FhirResource> definitions) => SearchParameterSet.R4.With(definitions);

    /// <summary>The type of the parameter with that canonical URL, and the types its references point to; null when R4 has none.</summary>
    internal static (SearchParameterType Type, IReadOnlyList<string> Targets)? ByCanonical(string url) =>
        ByUrl.Value.TryGetValue(url, out var row) ? (Enum.Parse<SearchParameterType>(row.Type, ignoreCase: true), row.Targets) : null;

    private static Registry? Of(string resourceType)
    {
        if (Types.TryGetValue(resourceType, out var known))
        {
            return known;
        }

        return Definitions.Resource(resourceType) is { } type ? Types.GetOrAdd(resourceType, static (_, t) => new Registry(t), type) : null;
    }

    private static SearchParameter Read(SearchParameterRow row, string resourceType)
    {
        var type = Enum.Parse<SearchParameterType>(row.Type, ignoreCase: true);
        return new SearchParameter(resourceType, row.Code, type, Alternatives(row.Expression, resourceType))
        {
            Targets = row.Targets,
            Url = row.Url,
            MultipleOr = row.MultipleOr,
            Components = type == SearchParameterType.Composite ? Components(row, resourceType) : [],
        };
    }

    private static SearchParameter[] Components(SearchParameterRow row, string resourceType)
    {
        var expressions = row.Components.Select(c => c.Expression).ToList();
        if (row.Id == "DocumentReference-relationship")
        {
            // FHIR R4 4.0.1 names the parameters relatesto and relation with each other's expression.
            expressions.Reverse();
        }

        return [.. row.Components.Select((component, i) => new SearchParameter(
            resourceType,
            $"{row.Code}${i}",
            Enum.Parse<SearchParameterType>(ByUrl.Value[component.Definition].Type, ignoreCase: true),
            Corrected(expressions[i]))
        {
            Targets = ByUrl.Value[component.Definition].Targets,
            Url = component.Definition,
        })];
    }

    // FHIR R4 4.0.1 Observation-code-value-date writes the System type for the FHIR one.
    private static string Corrected(string expression) => expression.Replace("as(DateTime)", "as(dateTime)", StringComparison.Ordinal);

    /// <summary>The parts of a union that begin with this resource type, with a type of all resources, or with an element (InsurancePlan-name).</summary>
    internal static string Alternatives(string expression, string resourceType)
    {
        var parts = new List<string>();
        var (depth, start, quoted) = (0, 0, false);
        for (var i = 0; i <= expression.Length; i++)
        {
            quoted ^= i < expression.Length && expression[i] == '\'' && (i == 0 || expression[i - 1] != '\\');
            if (i == expression.Length || (expression[i] == '|' && depth == 0 && !quoted))
            {
                parts.Add(expression[start..i].Trim());
                start = i + 1;
            }
            else if (!quoted)
            {
                depth += expression[i] switch { '(' => 1, ')' => -1, _ => 0 };
            }
        }

        var mine = parts.Where(p => Root(p) is var root && (root == resourceType || root is "Resource" or "DomainResource" || (root.Length > 0 && !char.IsAsciiLetterUpper(root[0])))).ToList();
        return string.Join(" | ", mine);

        static string Root(string part)
        {
            var text = part.AsSpan().TrimStart('(');
            var end = text.IndexOfAny('.', ' ', ')');
            return (end < 0 ? text : text[..end]).ToString();
        }
    }

    private sealed class Registry
    {
        public Registry(TypeDefinition type)
        {
            var rows = new List<SearchParameterRow>();
            for (var at = type; at is not null; at = at.Base)
            {
                rows.AddRange(ByBase.Value[at.Name]);
            }

            // Sorted by id, as the table is.
            foreach (var row in rows.OrderBy(r => r.Id, StringComparer.Ordinal))
            {
                ByCode.TryAdd(row.Code, Read(row, type.Name));
            }

            Sorted = [.. ByCode.Values.OrderBy(p => p.Code, StringComparer.Ordinal)];
        }

        public Dictionary<string, SearchParameter> ByCode { get; } = new(StringComparer.Ordinal);

        public SearchParameter[] Sorted { get; }
    }
}
