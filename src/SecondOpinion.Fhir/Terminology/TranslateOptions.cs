namespace SecondOpinion.Fhir;

/// <summary>One code that another means (FHIR R4 conceptmap-operation-translate.html).</summary>
/// <param name="Equivalence">A code of FHIR R4 valueset-concept-map-equivalence.html.</param>
/// <param name="Source">URL of the concept map; empty when it has none.</param>
public sealed record CodeMatch(string Equivalence, string System, string Code, string? Display, string Source)
{
    /// <summary>Whether the map says that there is a code for it, not that there is none.</summary>
    public bool IsTranslation => Equivalence is not ("unmatched" or "disjoint");
}

/// <summary>What a translation is limited to; by default nothing.</summary>
public sealed record TranslateOptions
{
    /// <summary>URL of the code system that is wanted.</summary>
    public string? TargetSystem { get; init; }

    /// <summary>URL of the value set that a map must be from; maps that name none are followed.</summary>
    public string? SourceSet { get; init; }

    /// <summary>URL of the value set that a map must lead to; maps that name none are followed.</summary>
    public string? TargetSet { get; init; }

    /// <summary>From targets to sources.</summary>
    public bool Reverse { get; init; }
}
