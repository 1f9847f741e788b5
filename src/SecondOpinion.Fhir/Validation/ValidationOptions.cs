namespace SecondOpinion.Fhir;

/// <summary>What validation looks at.</summary>
public sealed record ValidationOptions
{
    /// <summary>The settings stated here.</summary>
    public static ValidationOptions Default { get; } = new();

    /// <summary>Issues collected before validation stops; default 200.</summary>
    public int MaxIssues { get; init; } = 200;

    /// <summary>Whether the rules of the definitions (FHIRPath invariants) are evaluated; default true.</summary>
    public bool Invariants { get; init; } = true;

    /// <summary>Whether warnings of extensible bindings and rules of severity warning are reported; default true.</summary>
    public bool Warnings { get; init; } = true;

    /// <summary>Whether best practice (dom-6: a resource should have a narrative) is reported; default false.</summary>
    public bool BestPractice { get; init; }

    /// <summary>The profiles that meta.profile may claim; default those of the second-opinion case. Null checks no profile.</summary>
    public Profiles? Profiles { get; init; } = Profiles.Default;

    /// <summary>Profiles that the resource must meet though it does not claim them.</summary>
    public IReadOnlyList<string> AlsoProfiles { get; init; } = [];

    /// <summary>
    /// Asked whether a coding is in a value set whose codes are not on board; null as an answer leaves it open, with a warning. It must not wait. Default null: such
    /// bindings are not checked. Without <see cref="Warnings"/> only required bindings are asked.
    /// </summary>
    public Func<CodeQuestion, bool?>? Elsewhere { get; init; }
}
