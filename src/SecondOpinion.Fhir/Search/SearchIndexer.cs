using SecondOpinion.Fhir.FhirPath;

namespace SecondOpinion.Fhir.Search;

/// <summary>From a resource to the values it is found by (FHIR R4 search.html); the same for every store.</summary>
public static class SearchIndexer
{
    [ThreadStatic]
    private static List<FhirPathValue>? _items;

    /// <summary>The values of all parameters of the resource's type, in the order of the parameters' codes. Elements a parameter cannot search give none.</summary>
    /// <exception cref="FhirException">The resource is so large that an expression exceeds its budget (too-costly).</exception>
    public static IReadOnlyList<SearchValue> Extract(FhirResource resource)
    {
        var values = new List<SearchValue>(48);
        foreach (var parameter in SearchParameters.For(resource.ResourceType))
        {
            Extract(resource.Root, parameter, values);
        }

        return values;
    }

    /// <summary>The values of all parameters of a set, added ones included.</summary>
    /// <inheritdoc cref="Extract(FhirResource)"/>
    public static IReadOnlyList<SearchValue> Extract(FhirResource resource, SearchParameterSet parameters)
    {
        var values = new List<SearchValue>(48);
        foreach (var parameter in parameters.For(resource.ResourceType))
        {
            Extract(resource.Root, parameter, values);
        }

        return values;
    }

    /// <summary>The values of one parameter.</summary>
    public static IReadOnlyList<SearchValue> Extract(FhirResource resource, SearchParameter parameter)
    {
        var values = new List<SearchValue>();
        Extract(resource.Root, parameter, values);
        return values;
    }

    /// <summary>Adds the values of one parameter to a list that the caller may use again: a value is large, and a study has one per instance.</summary>
    public static void Extract(FhirResource resource, SearchParameter parameter, List<SearchValue> values) => Extract(resource.Root, parameter, values);

    private static void Extract(FhirNode root, SearchParameter parameter, List<SearchValue> values)
    {
        if (parameter.Type == SearchParameterType.Composite)
        {
            Composite(root, parameter, values);
            return;
        }

        Each(root, parameter, values, 0);
    }

    private static void Each(FhirNode context, SearchParameter parameter, List<SearchValue> values, int group)
    {
        var items = _items ?? [];
        _items = null;
        parameter.Compiled.Evaluate(context, items);
        foreach (var item in items)
        {
            Add(item, parameter, values, group);
        }

        items.Clear();
        _items = items;
    }

    private static void Add(in FhirPathValue item, SearchParameter parameter, List<SearchValue> values, int group)
    {
        var sink = new SearchIndexerSink(parameter, values, group);
        switch (parameter.Type)
        {
            case SearchParameterType.Token:
                SearchIndexerTokens.Add(item, sink);
                break;
            case SearchParameterType.String:
                SearchIndexerStrings.Add(item, sink);
                break;
            case SearchParameterType.Reference:
                SearchIndexerReferences.Add(item.Node, sink);
                break;
            case SearchParameterType.Date:
                SearchIndexerDates.Add(item.Node, sink);
                break;
            case SearchParameterType.Number:
                SearchIndexerNumbers.AddNumber(item.Node, sink);
                break;
            case SearchParameterType.Quantity:
                SearchIndexerNumbers.AddQuantity(item.Node, sink);
                break;
            case SearchParameterType.Uri:
                if (item.Node.Value is { } uri)
                {
                    sink.Add(sink.New() with { Code = uri });
                }

                break;
            case SearchParameterType.Special:
                SearchIndexerNumbers.AddPosition(item.Node, sink);
                break;
        }
    }

    /// <summary>FHIR R4 search.html#composite: each element of the composite is a group; a group counts when every part has a value.</summary>
    private static void Composite(FhirNode root, SearchParameter parameter, List<SearchValue> values)
    {
        var group = 0;
        foreach (var element in parameter.Compiled.Select(root))
        {
            var start = values.Count;
            group++;
            foreach (var component in parameter.Components)
            {
                var before = values.Count;
                Each(element, component, values, group);
                if (values.Count == before)
                {
                    values.RemoveRange(start, before - start);
                    group--;
                    break;
                }
            }
        }
    }
}

/// <summary>Where the values of one parameter go.</summary>
internal readonly struct SearchIndexerSink(SearchParameter parameter, List<SearchValue> values, int group)
{
    /// <summary>A value with nothing but its parameter.</summary>
    public SearchValue New() => new() { Parameter = parameter, Kind = parameter.Type, CompositeGroup = group };

    public SearchParameter Parameter => parameter;

    public void Add(in SearchValue value) => values.Add(value);
}
