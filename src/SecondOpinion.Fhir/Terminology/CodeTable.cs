using SecondOpinion.Fhir.Conformance;

namespace SecondOpinion.Fhir.Codes;

/// <summary>A concept of a code system.</summary>
/// <param name="Parent">Code of the concept it stands below; null at the top.</param>
internal sealed record CodeConcept(string Code, string? Display, string? Definition, string? Parent);

/// <summary>The concepts of one code system, as far as they are on board.</summary>
internal sealed class CodeTable(string url, string? name, string? version, bool isComplete)
{
    private const int MaxConcepts = 100_000;
    private const int MaxDepth = 50;

    private readonly Dictionary<string, CodeConcept> _byCode = new(StringComparer.Ordinal);
    private readonly List<CodeConcept> _concepts = [];

    public string Url { get; } = url;

    public string? Name { get; } = name;

    public string? Version { get; } = version;

    /// <summary>Whether a code that is not here is no code of the system.</summary>
    public bool IsComplete { get; } = isComplete;

    /// <summary>In the order of the definition, parents before children.</summary>
    public IReadOnlyList<CodeConcept> Concepts => _concepts;

    public CodeConcept? Find(string code) => _byCode.GetValueOrDefault(code);

    public void Add(CodeConcept concept)
    {
        if (_byCode.TryAdd(concept.Code, concept))
        {
            _concepts.Add(concept);
        }
    }

    /// <summary>Whether <paramref name="code"/> is <paramref name="ancestor"/> or below it.</summary>
    public bool IsA(string code, string ancestor)
    {
        for (var (at, depth) = (Find(code), 0); at is not null && depth <= MaxDepth; at = at.Parent is null ? null : Find(at.Parent), depth++)
        {
            if (at.Code == ancestor)
            {
                return true;
            }
        }

        return false;
    }

    /// <exception cref="FhirException">The hierarchy is too large.</exception>
    public static CodeTable Read(FhirResource resource)
    {
        var root = resource.Root;
        var table = new CodeTable(root.Text("url")!, root.Text("title") ?? root.Text("name"), root.Text("version"), root.Text("content") == "complete");
        table.ReadConcepts(root, null, 0);
        return table;
    }

    private void ReadConcepts(FhirNode parent, string? parentCode, int depth)
    {
        if (depth > MaxDepth)
        {
            throw new FhirException("too-costly", $"The code system {Url} is nested deeper than {MaxDepth}");
        }

        foreach (var concept in parent.All("concept"))
        {
            if (concept.Text("code") is not { } code)
            {
                continue;
            }

            if (_concepts.Count >= MaxConcepts)
            {
                throw new FhirException("too-costly", $"The code system {Url} has more than {MaxConcepts} concepts");
            }

            Add(new CodeConcept(code, concept.Text("display"), concept.Text("definition"), parentCode));
            ReadConcepts(concept, code, depth + 1);
        }
    }
}
