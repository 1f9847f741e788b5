namespace SecondOpinion.Fhir;

/// <summary>Limits of reading a resource from outside bytes.</summary>
public sealed record FhirParseOptions
{
    /// <summary>The limits stated here.</summary>
    public static FhirParseOptions Default { get; } = new();

    /// <summary>Bytes; default 64 MiB.</summary>
    public int MaxLength { get; init; } = 64 << 20;

    /// <summary>Nesting of objects and arrays; default 100, at most 500.</summary>
    public int MaxDepth { get; init; } = 100;

    /// <summary>JSON values in the resource; default 2,000,000.</summary>
    public int MaxNodes { get; init; } = 2_000_000;

    /// <summary>Issues collected before reading gives up; default 100.</summary>
    public int MaxIssues { get; init; } = 100;

    /// <summary>The resource type the caller expects; null accepts any known type.</summary>
    public string? ExpectedType { get; init; }
}

/// <summary>What came of reading a resource.</summary>
/// <param name="Resource">Null when any issue is an error.</param>
/// <param name="Issues">Everything found; empty when the bytes are well formed.</param>
public sealed record FhirParseResult(FhirResource? Resource, IReadOnlyList<FhirIssue> Issues);
