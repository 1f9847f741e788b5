namespace SecondOpinion.Fhir.Search;

/// <summary>Reads one parameter: its name with modifiers, chains and <c>_has</c>, then its values.</summary>
internal sealed class SearchRequestCriteria(SearchOptions options)
{
    /// <param name="IsUnknown">There is no such parameter, which is not an error of its own.</param>
    public readonly record struct Result(SearchCriterion? Criterion, FhirIssue? Issue, bool IsUnknown = false);

    public Result Read(string? type, string name, string value) => Read(type, name, value, 0);

    /// <summary>The parameter of a type, or one that all resources have; null also for those that this server does not search by.</summary>
    public SearchParameter? Find(string? type, string code)
    {
        var parameter = options.Parameters.Find(type ?? "Basic", code);
        return parameter is null or { Type: SearchParameterType.Special }
            || (type is null && !code.StartsWith('_'))
            || (parameter.Expression.Length == 0 && parameter.Type != SearchParameterType.Composite)
            ? null
            : parameter;
    }

    /// <summary>The reference and the one type at its end that has the rest of the chain; null when there is none, or more than one.</summary>
    public (SearchParameter Reference, string TargetType)? ChainTarget(string type, string head, string tail)
    {
        var chain = Chain(type, head, tail);
        return chain.Reference is not null && chain.Types.Count == 1 ? (chain.Reference, chain.Types[0]) : null;
    }

    /// <summary>The types a reference parameter may point to.</summary>
    public static IReadOnlyList<string> Targets(SearchParameter parameter)
    {
        // The targets of a definition shared by many types are the union over them; the expression says what holds here.
        const string Resolve = "resolve() is ";
        var at = parameter.Expression.IndexOf(Resolve, StringComparison.Ordinal);
        if (parameter.Code == "patient" && parameter.Targets.Contains("Patient"))
        {
            return ["Patient"];
        }

        if (at >= 0)
        {
            var rest = parameter.Expression.AsSpan(at + Resolve.Length);
            var end = rest.IndexOfAnyExcept(Letters);
            var name = (end < 0 ? rest : rest[..end]).ToString();
            if (parameter.Targets.Contains(name) && parameter.Expression.IndexOf(Resolve, at + 1, StringComparison.Ordinal) < 0)
            {
                return [name];
            }
        }

        return parameter.Targets.Count > 0 ? parameter.Targets : Definitions.ResourceTypes;
    }

    private static readonly System.Buffers.SearchValues<char> Letters =
        System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    private Result Read(string? type, string name, string value, int depth)
    {
        if (depth > options.MaxChainDepth)
        {
            return Bad("too-costly", $"A chain has at most {options.MaxChainDepth} steps", "search-chain-too-deep");
        }

        if (name.StartsWith("_has:", StringComparison.Ordinal))
        {
            return ReadHas(type, name, value, depth);
        }

        var dot = name.IndexOf('.', StringComparison.Ordinal);
        return dot >= 0 ? ReadChain(type, name[..dot], name[(dot + 1)..], value, depth) : ReadParameter(type, name, value);
    }

    // FHIR R4 search.html#has: _has:[type that points here]:[its reference parameter]:[parameter of that type].
    private Result ReadHas(string? type, string name, string value, int depth)
    {
        var parts = name.Split(':', 4);
        if (parts.Length < 4 || parts[3].Length == 0)
        {
            return Bad("invalid", $"'{Shown(name)}' is not of the form _has:Type:reference:parameter", "search-has-invalid");
        }

        if (!Definitions.IsResource(parts[1]))
        {
            return Bad("invalid", $"'{Shown(parts[1])}' in '_has' is not a resource type", "search-has-invalid");
        }

        if (Find(parts[1], parts[2]) is not { Type: SearchParameterType.Reference } reference)
        {
            return Bad("invalid", $"{parts[1]} has no reference parameter '{Shown(parts[2])}'", "search-has-invalid");
        }

        if (type is not null && !Targets(reference).Contains(type))
        {
            return Bad("invalid", $"'{parts[1]}.{parts[2]}' does not point to {type}; it points to {string.Join(", ", Targets(reference))}", "search-has-invalid");
        }

        var inner = Read(parts[1], parts[3], value, depth + 1);
        return inner.Criterion is { } criterion ? new Result(new HasCriterion(parts[1], reference, criterion), null) : Inside(inner);
    }

    private Result ReadChain(string? type, string head, string tail, string value, int depth)
    {
        if (type is null)
        {
            return Unknown($"'{Shown(head)}' is not a parameter of all resource types");
        }

        var (reference, types, named) = Chain(type, head, tail);
        if (reference is null)
        {
            return Unknown($"{type} has no search parameter '{Shown(head)}'");
        }

        if (reference.Type != SearchParameterType.Reference)
        {
            return Bad("invalid", $"'{reference.Code}' is not a reference; only references are chained", "search-chain-invalid");
        }

        if (types.Count != 1)
        {
            // FHIR R4 search.html#chaining: where several types are possible the client says which.
            var allowed = types.Count > 0 ? types : Targets(reference);
            var why = types.Count > 0
                ? $"'{head}.{Shown(tail)}' is ambiguous: say which type, for example '{reference.Code}:{allowed[0]}.{Shown(tail)}'"
                : named is null ? $"No target of '{reference.Code}' has the parameter '{Shown(tail)}'" : $"'{reference.Code}:{Shown(named)}.{Shown(tail)}' is not possible";
            return Bad("invalid", $"{why}. Types allowed: {string.Join(", ", allowed.Take(20))}", "search-chain-invalid");
        }

        var inner = Read(types[0], tail, value, depth + 1);
        return inner.Criterion is { } criterion ? new Result(new ChainCriterion(reference, types[0], criterion), null) : Inside(inner);
    }

    private (SearchParameter? Reference, IReadOnlyList<string> Types, string? Named) Chain(string type, string head, string tail)
    {
        var colon = head.IndexOf(':', StringComparison.Ordinal);
        var named = colon < 0 ? null : head[(colon + 1)..];
        var reference = Find(type, colon < 0 ? head : head[..colon]);
        if (reference is null)
        {
            return (null, [], named);
        }

        if (reference.Type != SearchParameterType.Reference)
        {
            return (reference, [], named);
        }

        var end = tail.AsSpan().IndexOfAny('.', ':');
        var next = tail.StartsWith("_has:", StringComparison.Ordinal) ? "_id" : end < 0 ? tail : tail[..end];
        return (reference, [.. Targets(reference).Where(t => (named is null || t == named) && Find(t, next) is not null)], named);
    }

    private Result ReadParameter(string? type, string name, string value)
    {
        var colon = name.IndexOf(':', StringComparison.Ordinal);
        var code = colon < 0 ? name : name[..colon];
        if (Find(type, code) is not { } parameter)
        {
            return Unknown(type is null ? $"'{Shown(code)}' is not a parameter of all resource types" : $"{type} has no search parameter '{Shown(code)}'");
        }

        string? targetType = null;
        var modifier = SearchModifier.None;
        if (colon >= 0)
        {
            var text = name[(colon + 1)..];
            if (parameter.Type == SearchParameterType.Reference && Definitions.IsResource(text))
            {
                if (!Targets(parameter).Contains(text))
                {
                    return Bad("invalid", $"'{code}' does not point to {text}; it points to {string.Join(", ", Targets(parameter).Take(20))}", "search-modifier-invalid");
                }

                targetType = text;
            }
            else if (Modifier(text, parameter) is { } known)
            {
                modifier = known;
            }
            else
            {
                return Bad("not-supported", $"Modifier ':{Shown(text)}' is not supported for '{code}', a {parameter.Type.ToString().ToLowerInvariant()} parameter", "search-modifier-unsupported");
            }
        }

        var values = SearchRequestValues.Split(value, ',');
        if (values.Count > options.MaxValues)
        {
            return Bad("too-costly", $"'{code}' has at most {options.MaxValues} values", "search-too-many-values");
        }

        // R4's composites say false of themselves, but search.html#composite gives lists of pairs; only added definitions are taken at their word.
        if (values.Count > 1 && !parameter.MultipleOr && options.Parameters.IsAdded(parameter))
        {
            return Bad("invalid", $"'{code}' takes one value, not a list", "search-multiple-or");
        }

        var operands = new List<SearchOperand>(values.Count);
        foreach (var one in values)
        {
            if (one.Length > options.MaxValueLength)
            {
                return Bad("too-long", $"A value of '{code}' has at most {options.MaxValueLength} characters", "search-value-length");
            }

            var (operand, problem) = new SearchRequestValues(options).Read(parameter, modifier, targetType, one);
            if (operand is null)
            {
                return new Result(null, problem);
            }

            operands.Add(operand);
        }

        return new Result(new ParameterCriterion(parameter, modifier, operands), null);
    }

    // FHIR R4 search.html#modifiers, by type of parameter.
    private static SearchModifier? Modifier(string text, SearchParameter parameter) => (text, parameter.Type) switch
    {
        ("missing", _) => SearchModifier.Missing,
        ("exact", SearchParameterType.String) => SearchModifier.Exact,
        ("contains", SearchParameterType.String) => SearchModifier.Contains,
        _ when parameter.Code == "_id" => text == "not" ? SearchModifier.Not : null,
        ("not", SearchParameterType.Token) => SearchModifier.Not,
        ("text", SearchParameterType.Token) => SearchModifier.Text,
        ("in", SearchParameterType.Token) => SearchModifier.In,
        ("not-in", SearchParameterType.Token) => SearchModifier.NotIn,
        ("of-type", SearchParameterType.Token) when parameter.Code == "identifier" => SearchModifier.OfType,
        ("above", SearchParameterType.Token or SearchParameterType.Uri) => SearchModifier.Above,
        ("below", SearchParameterType.Token or SearchParameterType.Uri) => SearchModifier.Below,
        ("identifier", SearchParameterType.Reference) => SearchModifier.Identifier,
        _ => null,
    };

    // Inside a chain an unknown parameter is an error: leaving the chain out would widen the search without a word.
    private static Result Inside(Result inner) => inner with { IsUnknown = false };

    private static Result Bad(string code, string message, string key) => new(null, new FhirIssue(IssueSeverity.Error, code, message, Key: key));

    private static Result Unknown(string message) =>
        new(null, new FhirIssue(IssueSeverity.Error, "not-supported", message, Key: "search-parameter-unknown"), IsUnknown: true);

    private static string Shown(string text) => SearchRequestParser.Shown(text);
}
