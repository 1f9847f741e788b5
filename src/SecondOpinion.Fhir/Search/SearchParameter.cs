using SecondOpinion.Fhir.FhirPath;

namespace SecondOpinion.Fhir.Search;

/// <summary>FHIR R4 valueset-search-param-type.html.</summary>
public enum SearchParameterType
{
    /// <summary>A number, by its precision.</summary>
    Number,

    /// <summary>A date or period, as an interval.</summary>
    Date,

    /// <summary>A text, without case and accents.</summary>
    String,

    /// <summary>A code, perhaps of a system.</summary>
    Token,

    /// <summary>A reference or canonical.</summary>
    Reference,

    /// <summary>Several parameters of one element.</summary>
    Composite,

    /// <summary>A number with a unit.</summary>
    Quantity,

    /// <summary>A URI, exactly.</summary>
    Uri,

    /// <summary>A way of its own: <c>near</c>.</summary>
    Special,
}

/// <summary>One search parameter for one resource type (FHIR R4 searchparameter.html).</summary>
public sealed class SearchParameter
{
    private FhirPathExpression? _compiled;

    internal SearchParameter(string resourceType, string code, SearchParameterType type, string expression)
    {
        ResourceType = resourceType;
        Code = code;
        Type = type;
        Expression = expression;
    }

    /// <summary>The name in a URL, for example <c>birthdate</c>; of a component the composite's name, a dollar sign and its position.</summary>
    public string Code { get; }

    /// <summary>The type it searches, also for parameters of all resources.</summary>
    public string ResourceType { get; }

    /// <summary>How values are compared.</summary>
    public SearchParameterType Type { get; }

    /// <summary>FHIRPath from the resource to the values, only the alternatives of this resource type; of a component from the composite's element.</summary>
    public string Expression { get; }

    /// <summary>Types a reference may point to; empty for anything but references.</summary>
    public IReadOnlyList<string> Targets { get; internal init; } = [];

    /// <summary>Canonical URL of the definition.</summary>
    public string Url { get; internal init; } = "";

    /// <summary>Whether a value may be a list (<c>a,b</c>); true unless the definition says no.</summary>
    public bool MultipleOr { get; internal init; } = true;

    /// <summary>Whether the parameter may be given more than once; true unless the definition says no.</summary>
    public bool MultipleAnd { get; internal init; } = true;

    /// <summary>The parts of a composite, in order; empty for anything else.</summary>
    public IReadOnlyList<SearchParameter> Components { get; internal init; } = [];

    internal FhirPathExpression Compiled => _compiled ??= FhirPathExpression.Compile(Expression);

    /// <summary>Resource type and code, for people.</summary>
    public override string ToString() => ResourceType + "." + Code;
}
