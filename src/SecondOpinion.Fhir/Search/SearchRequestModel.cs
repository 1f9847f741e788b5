namespace SecondOpinion.Fhir.Search;

/// <summary>Prefixes of ordered values (FHIR R4 search.html#prefix).</summary>
public enum SearchPrefix
{
    /// <summary>The value is inside the range asked for.</summary>
    Eq,

    /// <summary>The value is not inside the range.</summary>
    Ne,

    /// <summary>The value, or a part of it, is above.</summary>
    Gt,

    /// <summary>The value, or a part of it, is below.</summary>
    Lt,

    /// <summary>Above or inside.</summary>
    Ge,

    /// <summary>Below or inside.</summary>
    Le,

    /// <summary>All of the value is above.</summary>
    Sa,

    /// <summary>All of the value is below.</summary>
    Eb,

    /// <summary>About the same.</summary>
    Ap,
}

/// <summary>Modifiers (FHIR R4 search.html#modifiers). <c>:[type]</c> is part of the operand.</summary>
public enum SearchModifier
{
    /// <summary>None is given.</summary>
    None,

    /// <summary><c>:missing</c></summary>
    Missing,

    /// <summary><c>:exact</c></summary>
    Exact,

    /// <summary><c>:contains</c></summary>
    Contains,

    /// <summary><c>:not</c></summary>
    Not,

    /// <summary><c>:text</c></summary>
    Text,

    /// <summary><c>:in</c></summary>
    In,

    /// <summary><c>:not-in</c></summary>
    NotIn,

    /// <summary><c>:above</c></summary>
    Above,

    /// <summary><c>:below</c></summary>
    Below,

    /// <summary><c>:identifier</c></summary>
    Identifier,

    /// <summary><c>:of-type</c></summary>
    OfType,
}

/// <summary><c>_total</c> (FHIR R4 search.html#total).</summary>
public enum SearchTotal
{
    /// <summary>Given when it costs nothing.</summary>
    Unsaid,

    /// <summary>No count is asked for.</summary>
    None,

    /// <summary>Counted; also for <c>estimate</c>.</summary>
    Accurate,
}

/// <summary>A condition of a search.</summary>
public abstract record SearchCriterion;

/// <summary>A parameter of the resource itself; any of the values is enough, except for the negative modifiers.</summary>
public sealed record ParameterCriterion(SearchParameter Parameter, SearchModifier Modifier, IReadOnlyList<SearchOperand> AnyOf) : SearchCriterion;

/// <summary>A condition of the resource that a reference points to (FHIR R4 search.html#chaining).</summary>
public sealed record ChainCriterion(SearchParameter Reference, string TargetType, SearchCriterion Inner) : SearchCriterion;

/// <summary>A condition of a resource that points here (FHIR R4 search.html#has).</summary>
public sealed record HasCriterion(string SourceType, SearchParameter Reference, SearchCriterion Inner) : SearchCriterion;

/// <summary>The resource belongs to the compartment of <c>Compartment/Id</c>.</summary>
public sealed record CompartmentCriterion(string Compartment, string Id) : SearchCriterion;

/// <summary>A value of a parameter.</summary>
public abstract record SearchOperand;

/// <summary>Whether the element is absent.</summary>
public sealed record MissingOperand(bool IsMissing) : SearchOperand;

/// <param name="System">Null: any; empty: none.</param>
/// <param name="Code">Null: any code of the system.</param>
public sealed record TokenOperand(string? System, string? Code) : SearchOperand;

/// <summary>Codes of a value set.</summary>
public sealed record ValueSetOperand(ValueSetDefinition ValueSet) : SearchOperand;

/// <summary>An identifier whose type has this code (FHIR R4 search.html#token, <c>:of-type</c>).</summary>
public sealed record OfTypeOperand(string System, string Code, string Value) : SearchOperand;

/// <summary>A text as it was asked for.</summary>
public sealed record StringOperand(string Text) : SearchOperand;

/// <summary>The time that the value stands for, UTC, <paramref name="To"/> exclusive.</summary>
public sealed record DateOperand(SearchPrefix Prefix, DateTimeOffset From, DateTimeOffset To) : SearchOperand;

/// <param name="Value">As written.</param>
/// <param name="Low">Range by the digits written, for eq and ne; by a tenth of the value for ap.</param>
/// <param name="High">Exclusive.</param>
public sealed record NumberOperand(SearchPrefix Prefix, decimal Value, decimal Low, decimal High) : SearchOperand;

/// <param name="System">Null: any.</param>
/// <param name="Code">Null: any; with no system the code or the printed unit.</param>
public sealed record QuantityOperand(NumberOperand Number, string? System, string? Code) : SearchOperand;

/// <summary>A reference: <paramref name="Id"/> with or without type, or an absolute <paramref name="Url"/>.</summary>
public sealed record ReferenceOperand(string? Type, string? Id, string? Version, string? Url) : SearchOperand;

/// <summary>A URI as it was asked for.</summary>
public sealed record UriOperand(string Uri) : SearchOperand;

/// <summary>One value per component.</summary>
public sealed record CompositeOperand(IReadOnlyList<SearchOperand> Parts) : SearchOperand;

/// <param name="Parameter">Of the resource, or of the target when chained.</param>
/// <param name="Reference">The reference a chained key goes through; null for a plain one.</param>
/// <param name="TargetType">Type at the other end of the reference.</param>
public sealed record SearchSort(SearchParameter Parameter, bool Descending, SearchParameter? Reference = null, string? TargetType = null);

/// <summary><c>_include</c> or <c>_revinclude</c> (FHIR R4 search.html#include).</summary>
/// <param name="SourceType">The type that has the reference; null: any (<c>*</c>).</param>
/// <param name="Parameter">Null: every reference (<c>*</c>).</param>
/// <param name="TargetType">Null: any type the reference allows.</param>
/// <param name="Iterate">Whether it holds for included resources as well.</param>
public sealed record SearchInclude(bool IsReverse, string? SourceType, SearchParameter? Parameter, string? TargetType, bool Iterate);

/// <summary>Limits of reading and answering a search.</summary>
public sealed record SearchOptions
{
    /// <summary>The settings stated here.</summary>
    public static SearchOptions Default { get; } = new();

    /// <summary>Characters of a query string; default 65,536.</summary>
    public int MaxQueryLength { get; init; } = 65_536;

    /// <summary>Parameters; default 100.</summary>
    public int MaxParameters { get; init; } = 100;

    /// <summary>Values of all parameters, those joined by commas counted one by one; default 200. SQLite's conditions are at most 1,000 deep.</summary>
    public int MaxValues { get; init; } = 200;

    /// <summary>Characters of one value; default 2,048.</summary>
    public int MaxValueLength { get; init; } = 2_048;

    /// <summary>Steps of a chain, <c>_has</c> included; default 4.</summary>
    public int MaxChainDepth { get; init; } = 4;

    /// <summary><c>_include</c> and <c>_revinclude</c> together; default 32.</summary>
    public int MaxIncludes { get; init; } = 32;

    /// <summary>Sort keys; default 4.</summary>
    public int MaxSorts { get; init; } = 4;

    /// <summary>Page size when <c>_count</c> is absent; default 50.</summary>
    public int DefaultCount { get; init; } = 50;

    /// <summary>A larger <c>_count</c> is cut to it, which the self link shows (FHIR R4 search.html#count); default 1,000.</summary>
    public int MaxCount { get; init; } = 1_000;

    /// <summary>Included resources on a page; default 1,000.</summary>
    public int MaxIncluded { get; init; } = 1_000;

    /// <summary>The parameters there are: R4's, and what a caller adds.</summary>
    public SearchParameterSet Parameters { get; init; } = SearchParameterSet.R4;

    /// <summary>The server's own base URL with a slash at its end: references below it are local. Null: none is.</summary>
    public string? BaseUrl { get; init; }

    /// <summary>What <c>:in</c>, <c>:not-in</c> and token <c>:above</c> and <c>:below</c> go by.</summary>
    public Terminology Terminology { get; init; } = Terminology.Default;

    /// <summary>The clock of <c>ap</c> on dates.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
