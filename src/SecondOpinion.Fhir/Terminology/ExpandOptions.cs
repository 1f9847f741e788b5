namespace SecondOpinion.Fhir;

/// <summary>How a value set is expanded (FHIR R4 valueset-operation-expand.html).</summary>
public sealed record ExpandOptions
{
    /// <summary>A text in code, display or designation, without regard to case; null for all codes.</summary>
    public string? Filter { get; init; }

    /// <summary>Codes passed over before the first that is listed.</summary>
    public int Offset { get; init; }

    /// <summary>Codes on the page, 0 for the number alone; null for all, which is refused when they are more than 10,000.</summary>
    public int? Count { get; init; }

    /// <summary>Whether codes come with their designations.</summary>
    public bool IncludeDesignations { get; init; }

    /// <summary>Whether the composition is in the answer.</summary>
    public bool IncludeDefinition { get; init; }

    /// <summary>Without codes that are no longer for use.</summary>
    public bool ActiveOnly { get; init; }

    /// <summary>Without abstract codes.</summary>
    public bool ExcludeNotForUI { get; init; }

    /// <summary>BCP 47; displays are in it where a designation has it.</summary>
    public string? DisplayLanguage { get; init; }

    /// <summary>Code systems whose codes are left out.</summary>
    public IReadOnlyList<string> ExcludeSystems { get; init; } = [];
}
