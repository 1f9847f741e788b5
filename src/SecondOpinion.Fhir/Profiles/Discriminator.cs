namespace SecondOpinion.Fhir.Conformance;

/// <summary>FHIR R4 valueset-discriminator-type.html.</summary>
internal enum DiscriminatorKind
{
    /// <summary>Value and pattern: both compare with what the slice fixes, by fixed value, pattern or binding.</summary>
    Value,
    Exists,
    Type,
    Profile,
}

/// <summary>How a slice is told from the others: a kind and a path (FHIR R4 profiling.html#discriminator).</summary>
/// <param name="Steps">Element names; <c>extension(url)</c> is <c>(url)</c>; <c>resolve()</c> and <c>ofType(T)</c> stand as written. Empty for <c>$this</c>.</param>
internal sealed record Discriminator(DiscriminatorKind Kind, IReadOnlyList<string> Steps)
{
    public static readonly Discriminator OfType = new(DiscriminatorKind.Type, []);
    public static readonly Discriminator OfUrl = new(DiscriminatorKind.Value, ["url"]);

    public const string Resolve = "resolve()";

    /// <summary>Null when the path is not in the restricted language of discriminators.</summary>
    public static Discriminator? Parse(string type, string path)
    {
        var kind = type switch
        {
            "value" or "pattern" => DiscriminatorKind.Value,
            "exists" => DiscriminatorKind.Exists,
            "type" => DiscriminatorKind.Type,
            "profile" => DiscriminatorKind.Profile,
            _ => (DiscriminatorKind?)null,
        };
        if (kind is null || path.Length is 0 or > 500)
        {
            return null;
        }

        var steps = new List<string>();
        for (var at = 0; at < path.Length;)
        {
            var end = StepEnd(path, at);
            var step = path[at..end];
            at = end + 1;
            if (step.StartsWith("extension(", StringComparison.Ordinal) && step.EndsWith(')'))
            {
                steps.Add("(" + step["extension(".Length..^1].Trim('\'', '"') + ")");
            }
            else if (step == Resolve || (step.StartsWith("ofType(", StringComparison.Ordinal) && step.EndsWith(')')) || step.All(char.IsAsciiLetterOrDigit))
            {
                steps.Add(step);
            }
            else if (step.EndsWith("[x]", StringComparison.Ordinal))
            {
                steps.Add(step[..^3]);
            }
            else if (step != "$this")
            {
                return null;
            }
        }

        return new Discriminator(kind.Value, steps);
    }

    private static int StepEnd(string path, int at)
    {
        var depth = 0;
        for (var i = at; i < path.Length; i++)
        {
            depth += path[i] switch { '(' => 1, ')' => -1, _ => 0 };
            if (path[i] == '.' && depth == 0)
            {
                return i;
            }
        }

        return path.Length;
    }

    public override string ToString() => $"{Kind} of {(Steps.Count == 0 ? "$this" : string.Join('.', Steps))}".ToLowerInvariant();
}
