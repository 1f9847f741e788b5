using SecondOpinion.Fhir.FhirPath;

namespace SecondOpinion.Fhir.Search;

/// <summary>FHIR R4 valueset-search-param-type.html.</summary>
public enum SearchParameterType
{
    Number,
    Date,
    String,
    Token,
    Reference,
    Composite,
    Quantity,
    Uri,
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

    public override string ToString() => ResourceType + "." + Code;
}
