using System.Buffers;
using SecondOpinion.Fhir.Conformance;
using SecondOpinion.Fhir.FhirPath;
using SecondOpinion.Fhir.FhirPath.Expressions;

namespace SecondOpinion.Fhir.Search;

/// <summary>From SearchParameter resources to parameters (FHIR R4 searchparameter.html); what is wrong is collected.</summary>
internal sealed class SearchParameterCompiler(SearchParameterSet known)
{
    private const int MaxIssues = 100;
    private const int MaxComponents = 16;

    private static readonly SearchValues<char> CodeCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    /// <summary>Parameters of the search itself (FHIR R4 search.html#return), which no definition may take.</summary>
    private static readonly string[] Reserved =
    [
        "_count", "_sort", "_include", "_revinclude", "_summary", "_total", "_elements", "_contained", "_containedType", "_has", "_type", "_format", "_pretty", "_page",
        "_text", "_content", "_query", "_filter", "_list", "_score",
    ];

    private readonly Dictionary<(string Type, string Code), SearchParameter> _added = [];
    private readonly Dictionary<string, (SearchParameterType Type, IReadOnlyList<string> Targets)> _urls = new(StringComparer.Ordinal);
    private string _name = "";

    public List<FhirIssue> Issues { get; } = [];

    public IEnumerable<SearchParameter> Added => _added.Values;

    public void Add(FhirResource definition)
    {
        var root = definition.Root;
        var (url, code) = (root.Text("url"), root.Text("code"));
        _name = url ?? code ?? "without url and code";
        var before = Issues.Count;
        if (definition.ResourceType != "SearchParameter")
        {
            Refuse("invalid", "type", $"is a {definition.ResourceType}");
            return;
        }

        if (url is null || code is null)
        {
            Refuse("required", "required", "needs a url and a code");
            return;
        }

        if (code.Length > 64 || code.AsSpan().ContainsAnyExcept(CodeCharacters) || Reserved.Contains(code))
        {
            Refuse("invalid", "code", $"has the code '{SearchRequestParser.Shown(code)}', which is no name or is a parameter of searching itself");
        }

        if (known.ByCanonical(url) is not null || _urls.ContainsKey(url))
        {
            Refuse("duplicate", "url", "is defined already");
        }

        var type = Type(root.Text("type"));
        var bases = Bases(root);
        var targets = Texts(root, "target");
        foreach (var target in targets.Where(t => !Definitions.IsResource(t)))
        {
            Refuse("invalid", "target", $"has the target '{SearchRequestParser.Shown(target)}', which is no resource type");
        }

        if (targets.Count > 0 && type is not (null or SearchParameterType.Reference))
        {
            Refuse("invalid", "target", "has targets, but is no reference");
        }

        if (root["component"].Exists != (type == SearchParameterType.Composite) && type is not null)
        {
            Refuse("invalid", "component", type == SearchParameterType.Composite ? "is composite without components" : "has components, but is not composite");
        }

        var expression = root.Text("expression");
        if (expression is not null && Compile(expression) is null)
        {
            return;
        }

        if (Issues.Count > before || type is not { } searchType)
        {
            return;
        }

        foreach (var resourceType in bases)
        {
            Add(root, code, url, searchType, resourceType, targets);
        }

        _urls.TryAdd(url, (searchType, targets));
    }

    private void Add(FhirNode root, string code, string url, SearchParameterType type, TypeDefinition resourceType, IReadOnlyList<string> targets)
    {
        if (known.Find(resourceType.Name, code) is { } taken || _added.TryGetValue((resourceType.Name, code), out taken))
        {
            Refuse("duplicate", "code", $"takes the code '{code}' of {resourceType.Name}, which {taken.Url} has");
            return;
        }

        // A composite without an expression stands on the resource itself; where no alternative names the type the whole may still hold for it.
        var whole = root.Text("expression") ?? (type == SearchParameterType.Composite ? resourceType.Name : "");
        var expression = SearchParameters.Alternatives(whole, resourceType.Name) is { Length: > 0 } mine ? mine : whole;
        var types = Check(expression, [ItemType.Of(resourceType)], type, resourceType.Name);
        if (types.Failed)
        {
            return;
        }

        var components = new List<SearchParameter>();
        foreach (var part in root.All("component"))
        {
            if (components.Count == MaxComponents)
            {
                Refuse("too-costly", "component", $"has more than {MaxComponents} components");
                return;
            }

            if (Component(part, code, components.Count, resourceType, types.Types) is { } component)
            {
                components.Add(component);
            }
        }

        _added[(resourceType.Name, code)] = new SearchParameter(resourceType.Name, code, type, expression)
        {
            Targets = targets,
            Url = url,
            MultipleOr = root.Text("multipleOr") != "false",
            MultipleAnd = root.Text("multipleAnd") != "false",
            Components = components,
        };
    }

    private SearchParameter? Component(FhirNode part, string code, int position, TypeDefinition resourceType, IReadOnlyList<ItemType>? elements)
    {
        var definition = Canonical.Bare(part.Text("definition") ?? "");
        if ((_urls.TryGetValue(definition, out var found) ? found : known.ByCanonical(definition)) is not { } of)
        {
            Refuse("not-found", "component", $"has the component '{SearchRequestParser.Shown(definition)}', which is not known");
            return null;
        }

        if (of.Type is SearchParameterType.Composite or SearchParameterType.Special)
        {
            Refuse("not-supported", "component", $"has the component '{SearchRequestParser.Shown(definition)}', which is {of.Type.ToString().ToLowerInvariant()} itself");
            return null;
        }

        var expression = part.Text("expression") ?? "";
        return Check(expression, elements, of.Type, resourceType.Name).Failed
            ? null
            : new SearchParameter(resourceType.Name, FormattableString.Invariant($"{code}${position}"), of.Type, expression) { Targets = of.Targets, Url = definition };
    }

    /// <summary>Compiles, and sees whether anything the expression may select is of the parameter's type.</summary>
    private (bool Failed, IReadOnlyList<ItemType>? Types) Check(string expression, IReadOnlyList<ItemType>? context, SearchParameterType type, string resourceType)
    {
        if (string.IsNullOrWhiteSpace(expression))
        {
            Refuse("required", "expression", $"has no expression for {resourceType}");
            return (true, null);
        }

        if (Compile(expression) is not { } compiled)
        {
            return (true, null);
        }

        var types = compiled.TypesOf(context);
        if (types is { Count: 0 })
        {
            Refuse("invalid", "expression", $"has an expression that selects nothing of {resourceType}");
            return (true, null);
        }

        if (types is not null && !types.Any(t => SearchParameterFit.Fits(type, t)))
        {
            Refuse("invalid", "type", $"is of type {type.ToString().ToLowerInvariant()}, but its expression selects {string.Join(", ", types.Select(t => t.Name).Take(8))}");
            return (true, null);
        }

        return (false, types);
    }

    private FhirPathExpression? Compile(string expression)
    {
        try
        {
            return FhirPathExpression.Compile(expression);
        }
        catch (FhirException e)
        {
            Refuse("invalid", "expression", $"has an expression that cannot be read: {e.Message}");
            return null;
        }
    }

    private SearchParameterType? Type(string? text)
    {
        switch (text)
        {
            case "number" or "date" or "string" or "token" or "reference" or "composite" or "quantity" or "uri":
                return Enum.Parse<SearchParameterType>(text, ignoreCase: true);
            case "special":
                Refuse("not-supported", "type", "is of type special, which says nothing that could be carried out");
                return null;
            default:
                Refuse("invalid", "type", $"has the type '{SearchRequestParser.Shown(text ?? "")}', which is none of searching");
                return null;
        }
    }

    private List<TypeDefinition> Bases(FhirNode root)
    {
        var bases = new List<TypeDefinition>();
        var names = Texts(root, "base");
        if (names.Count == 0)
        {
            Refuse("required", "base", "has no base");
        }

        foreach (var name in names)
        {
            if (name is "Resource" or "DomainResource")
            {
                bases.AddRange(Definitions.ResourceTypes.Select(t => Definitions.Resource(t)!).Where(t => t.Is(name)));
            }
            else if (Definitions.IsResource(name))
            {
                bases.Add(Definitions.Resource(name)!);
            }
            else
            {
                Refuse("invalid", "base", $"has the base '{SearchRequestParser.Shown(name)}', which is no resource type");
            }
        }

        return [.. bases.Distinct()];
    }

    private static List<string> Texts(FhirNode node, string name)
    {
        var texts = new List<string>();
        foreach (var child in node.All(name))
        {
            if (child.Value is { } text)
            {
                texts.Add(text);
            }
        }

        return texts;
    }

    private void Refuse(string code, string key, string why)
    {
        if (Issues.Count < MaxIssues)
        {
            Issues.Add(new FhirIssue(IssueSeverity.Error, code, $"The search parameter {SearchRequestParser.Shown(_name)} {why}", Key: "search-parameter-" + key));
        }
    }
}

/// <summary>Which types a parameter of a type finds values in (FHIR R4 search.html, the table of each type).</summary>
internal static class SearchParameterFit
{
    public static bool Fits(SearchParameterType search, ItemType type) => search switch
    {
        SearchParameterType.Number => Any(type, "integer", "decimal"),
        SearchParameterType.Date => Any(type, "date", "dateTime", "instant", "Period", "Timing"),
        SearchParameterType.String => Any(type, "string", "HumanName", "Address", "CodeableConcept", "uri") || type.Name == "System.String",
        SearchParameterType.Token => Any(type, "Coding", "CodeableConcept", "Identifier", "ContactPoint", "boolean", "string", "uri") || type.Name is "System.Boolean" or "System.String",
        SearchParameterType.Reference => Any(type, "Reference", "uri", "Resource"),
        SearchParameterType.Quantity => Any(type, "Quantity", "Money", "Range", "SampledData"),
        SearchParameterType.Uri => Any(type, "uri"),
        SearchParameterType.Composite => true,
        _ => Any(type, "Location", "BackboneElement"),
    };

    private static bool Any(ItemType type, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (type.Is(name))
            {
                return true;
            }
        }

        return false;
    }
}
