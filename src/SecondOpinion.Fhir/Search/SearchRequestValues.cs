using System.Globalization;
using System.Text;

namespace SecondOpinion.Fhir.Search;

/// <summary>Reads the values of a parameter by its type.</summary>
internal sealed class SearchRequestValues(SearchOptions options)
{
    // As many as a condition of a database takes as parameters with ease.
    private const int MaxFamily = 1_000;

    private string _expected = "";
    private FhirIssue? _issue;

    public (SearchOperand? Operand, FhirIssue? Issue) Read(SearchParameter parameter, SearchModifier modifier, string? targetType, string text)
    {
        var operand = modifier switch
        {
            SearchModifier.Missing => Missing(text),
            SearchModifier.Text => new StringOperand(Unescape(text)),
            SearchModifier.In or SearchModifier.NotIn => ValueSet(text),
            SearchModifier.Above or SearchModifier.Below when parameter.Type == SearchParameterType.Token => Family(text, modifier == SearchModifier.Above),
            SearchModifier.OfType => OfType(text),
            SearchModifier.Identifier => Token(text),
            _ => Read(parameter, targetType, text),
        };

        return operand is not null
            ? (operand, null)
            : (null, _issue ?? new FhirIssue(
                IssueSeverity.Error,
                "invalid",
                $"'{SearchRequestParser.Shown(text)}' is not a value of '{parameter.Code}', a {parameter.Type.ToString().ToLowerInvariant()} parameter: expected {_expected}",
                Key: "search-value-invalid"));
    }

    /// <summary>Splits at a separator that has no backslash before it; escapes stay (FHIR R4 search.html#escaping).</summary>
    public static List<string> Split(string text, char separator)
    {
        var parts = new List<string>();
        var start = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\')
            {
                i++;
            }
            else if (text[i] == separator)
            {
                parts.Add(text[start..i]);
                start = i + 1;
            }
        }

        parts.Add(text[start..]);
        return parts;
    }

    private static string Unescape(string text)
    {
        if (!text.Contains('\\', StringComparison.Ordinal))
        {
            return text;
        }

        var builder = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 1 < text.Length && text[i + 1] is ',' or '|' or '$' or '\\')
            {
                i++;
            }

            builder.Append(text[i]);
        }

        return builder.ToString();
    }

    private SearchOperand? Read(SearchParameter parameter, string? targetType, string text)
    {
        if (text.Length == 0)
        {
            _expected = "a value before and after each comma";
            return null;
        }

        return parameter.Type switch
        {
            SearchParameterType.Token => Token(text),
            SearchParameterType.String => new StringOperand(Unescape(text)),
            SearchParameterType.Uri => new UriOperand(Unescape(text)),
            SearchParameterType.Date => Date(text),
            SearchParameterType.Number => Number(text),
            SearchParameterType.Quantity => Quantity(text),
            SearchParameterType.Reference => Reference(parameter, targetType, text),
            SearchParameterType.Composite => Composite(parameter, text),
            _ => null,
        };
    }

    private MissingOperand? Missing(string text)
    {
        _expected = "true or false";
        return text switch { "true" => new MissingOperand(true), "false" => new MissingOperand(false), _ => null };
    }

    // FHIR R4 search.html#token: code, system|code, |code (no system), system| (any code).
    private TokenOperand? Token(string text)
    {
        _expected = "code, system|code, |code or system|";
        var parts = Split(text, '|');
        switch (parts.Count)
        {
            case 1:
                return new TokenOperand(null, Unescape(parts[0]));
            case 2 when text != "|":
                return new TokenOperand(Unescape(parts[0]), parts[1].Length == 0 ? null : Unescape(parts[1]));
            default:
                return null;
        }
    }

    private OfTypeOperand? OfType(string text)
    {
        _expected = "system|code|value";
        var parts = Split(text, '|');
        return parts.Count == 3 && parts.TrueForAll(p => p.Length > 0)
            ? new OfTypeOperand(Unescape(parts[0]), Unescape(parts[1]), Unescape(parts[2]))
            : null;
    }

    private ValueSetOperand? ValueSet(string text)
    {
        var url = Unescape(text);
        var set = options.Terminology.Find(url);
        if (set is { IsOpen: false } && set.Codes.Count > MaxFamily && Terminology.Default.Find(url) is null)
        {
            _issue = new FhirIssue(IssueSeverity.Error, "too-costly", $"The value set '{SearchRequestParser.Shown(text)}' has more than {MaxFamily} codes", Key: "search-value-set-large");
            return null;
        }

        if (set is null or { IsOpen: true })
        {
            _issue = new FhirIssue(IssueSeverity.Error, "not-supported", $"The codes of value set '{SearchRequestParser.Shown(text)}' are not on this server", Key: "search-value-set-unknown");
            return null;
        }

        return new ValueSetOperand(set);
    }

    // FHIR R4 search.html#token: the code itself and all that it subsumes, or that subsume it.
    private ValueSetOperand? Family(string text, bool above)
    {
        _expected = "system|code";
        if (Token(text) is not { System: { Length: > 0 } system, Code: { } code })
        {
            return null;
        }

        if (options.Terminology.Family(system, code, above) is not { Count: <= MaxFamily } family)
        {
            _issue = new FhirIssue(IssueSeverity.Error, "not-supported", $"The hierarchy of code system '{SearchRequestParser.Shown(system)}' is not on this server, or the code stands for more than {MaxFamily} codes", Key: "search-code-system-unknown");
            return null;
        }

        return new ValueSetOperand(new ValueSetDefinition("", false, family));
    }

    private static (SearchPrefix Prefix, string Value) Prefix(string text)
    {
        if (text.Length > 2 && char.IsAsciiLetterLower(text[0]) && char.IsAsciiLetterLower(text[1]))
        {
            SearchPrefix? prefix = text[..2] switch
            {
                "eq" => SearchPrefix.Eq,
                "ne" => SearchPrefix.Ne,
                "gt" => SearchPrefix.Gt,
                "lt" => SearchPrefix.Lt,
                "ge" => SearchPrefix.Ge,
                "le" => SearchPrefix.Le,
                "sa" => SearchPrefix.Sa,
                "eb" => SearchPrefix.Eb,
                "ap" => SearchPrefix.Ap,
                _ => null,
            };
            if (prefix is { } known)
            {
                return (known, text[2..]);
            }
        }

        return (SearchPrefix.Eq, text);
    }

    private DateOperand? Date(string text)
    {
        _expected = "[prefix]yyyy[-MM[-dd[Thh:mm[:ss[.fff]][Z or +hh:mm]]]]";
        var (prefix, rest) = Prefix(text);
        if (SearchRequestDates.Read(rest) is not { } range)
        {
            return null;
        }

        if (prefix != SearchPrefix.Ap)
        {
            return new DateOperand(prefix, range.From, range.To);
        }

        // FHIR R4 search.html#prefix: 10 % of the gap between now and the date.
        var now = options.Clock.GetUtcNow();
        var gap = (range.From > now ? range.From - now : now > range.To ? now - range.To : TimeSpan.Zero) / 10;
        return new DateOperand(
            prefix,
            range.From - DateTimeOffset.MinValue > gap ? range.From - gap : DateTimeOffset.MinValue,
            DateTimeOffset.MaxValue - range.To > gap ? range.To + gap : DateTimeOffset.MaxValue);
    }

    private NumberOperand? Number(string text)
    {
        _expected = "[prefix]number";
        var (prefix, rest) = Prefix(text);
        return SearchRequestNumbers.Read(prefix, rest);
    }

    // FHIR R4 search.html#quantity: [prefix]number, or with |system|code, either of them perhaps empty.
    private QuantityOperand? Quantity(string text)
    {
        _expected = "[prefix]number or [prefix]number|system|code";
        var parts = Split(text, '|');
        if (parts.Count is not (1 or 3) || Number(parts[0]) is not { } number)
        {
            _expected = "[prefix]number or [prefix]number|system|code";
            return null;
        }

        var system = parts.Count == 3 && parts[1].Length > 0 ? Unescape(parts[1]) : null;
        var code = parts.Count == 3 && parts[2].Length > 0 ? Unescape(parts[2]) : null;
        return new QuantityOperand(number, system, code);
    }

    // FHIR R4 search.html#reference: id, Type/id, Type/id/_history/version, absolute URL.
    private ReferenceOperand? Reference(SearchParameter parameter, string? targetType, string text)
    {
        _expected = "id, Type/id or an absolute URL";
        var value = Unescape(text);
        if (options.BaseUrl is { Length: > 0 } own && value.StartsWith(own, StringComparison.Ordinal))
        {
            value = value[own.Length..];
        }

        if (value.Contains(':', StringComparison.Ordinal))
        {
            return new ReferenceOperand(targetType, null, null, value);
        }

        var parts = value.Split('/');
        switch (parts.Length)
        {
            case 1:
                return new ReferenceOperand(targetType, parts[0], null, null);
            case 2 or 4 when parts.Length == 2 || parts[2] == "_history":
                if (!Definitions.IsResource(parts[0]))
                {
                    return null;
                }

                if (targetType is not null && parts[0] != targetType)
                {
                    _expected = "a reference to " + targetType;
                    return null;
                }

                if (!SearchRequestCriteria.Targets(parameter).Contains(parts[0]))
                {
                    _expected = "a reference to " + string.Join(", ", SearchRequestCriteria.Targets(parameter).Take(20));
                    return null;
                }

                return new ReferenceOperand(parts[0], parts[1], parts.Length == 4 ? parts[3] : null, null);
            default:
                return null;
        }
    }

    private CompositeOperand? Composite(SearchParameter parameter, string text)
    {
        var parts = Split(text, '$');
        if (parts.Count != parameter.Components.Count)
        {
            _expected = $"{parameter.Components.Count} values joined by $";
            return null;
        }

        var operands = new List<SearchOperand>(parts.Count);
        for (var i = 0; i < parts.Count; i++)
        {
            if (Read(parameter.Components[i], null, parts[i]) is not { } operand)
            {
                return null;
            }

            operands.Add(operand);
        }

        return new CompositeOperand(operands);
    }
}
