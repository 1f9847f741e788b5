namespace SecondOpinion.Fhir.FhirPath;

/// <summary>What an evaluation may reach for, and how much it may cost.</summary>
public sealed record FhirPathOptions
{
    /// <summary>No resolver, the budget stated here, not strict.</summary>
    public static FhirPathOptions Default { get; } = new();

    /// <summary>
    /// Finds the resource a reference names; contained resources are found without it. When null, <c>resolve()</c> yields an item that knows the
    /// type written in the reference and nothing else, which is what <c>resolve() is Patient</c> needs.
    /// </summary>
    public Func<string, FhirNode>? Resolve { get; init; }

    /// <summary>Whether system, code is in the value set; null when that cannot be decided, and then the value sets of R4 are asked.</summary>
    public Func<string, string?, string, bool?>? MemberOf { get; init; }

    /// <summary>Whether the node conforms to the profile; null when the profile is unknown, and then the base definitions are asked.</summary>
    public Func<FhirNode, string, bool?>? ConformsTo { get; init; }

    /// <summary>
    /// How code A of a system relates to code B: a code of FHIR R4 concept-subsumption-outcome; null when that cannot be decided. When null, the code
    /// systems of <see cref="Terminology.Default"/> are asked.
    /// </summary>
    public Func<string, string, string, string?>? Subsumes { get; init; }

    /// <summary>
    /// Whether the node is in the named slice of the profile; null when the profile or its slice is unknown. When null, <see cref="Profiles.Default"/> is asked.
    /// </summary>
    public Func<FhirNode, string, string, bool?>? Slice { get; init; }

    /// <summary>Receives the name and items of each <c>trace()</c>.</summary>
    public Action<string, IReadOnlyList<FhirPathValue>>? Trace { get; init; }

    /// <summary>External constants beyond the predefined ones, by name without the percent sign.</summary>
    public IReadOnlyDictionary<string, FhirPathValue>? Variables { get; init; }

    /// <summary>Clock of now(), today() and timeOfDay(), read once per evaluation; UTC.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Steps (items produced and comparisons made) before the evaluation is refused as too-costly; default 2,000,000.</summary>
    public int MaxSteps { get; init; } = 2_000_000;

    /// <summary>
    /// Whether an unknown element, a criterion that is no boolean, order asked of children(), and <c>as</c> on more than one item are errors.
    /// The expressions of R4 itself need false.
    /// </summary>
    public bool Strict { get; init; }
}
