namespace SecondOpinion.Fhir.Codes;

/// <summary>What the reading of one value set, with all those it names, has found and may still cost.</summary>
internal sealed class ValueSetWork
{
    private const int MaxSteps = 5_000_000;

    private int _steps;

    /// <summary>By URL; null while a set is being read: a set that names itself is open.</summary>
    public Dictionary<string, ValueSetDefinition?> Found { get; } = new(StringComparer.Ordinal);

    /// <exception cref="FhirException">There is too much to do (code too-costly).</exception>
    public void Spend(int steps)
    {
        if ((_steps += steps) > MaxSteps)
        {
            throw new FhirException("too-costly", $"To work out the value set takes more than {MaxSteps} steps");
        }
    }
}
