using SecondOpinion.Fhir.Conformance;

namespace SecondOpinion.Fhir.Codes;

/// <summary>A concept of a code system.</summary>
/// <param name="Parents">Codes of the concepts it stands below; empty at the top.</param>
internal sealed record CodeConcept(string Code, string? Display, string? Definition, IReadOnlyList<string> Parents)
{
    /// <summary>Groups others and is not for use itself (FHIR R4 codesystem-concept-properties: notSelectable).</summary>
    public bool IsAbstract { get; init; }

    /// <summary>Retired or inactive; a deprecated concept is still active.</summary>
    public bool IsInactive { get; init; }

    /// <summary>Without parent, child and the texts.</summary>
    public IReadOnlyList<CodeProperty> Properties { get; init; } = [];

    public IReadOnlyList<Designation> Designations { get; init; } = [];
}

/// <summary>The concepts of one code system, as far as they are on board.</summary>
internal sealed class CodeTable(string url, string? name, string? version, bool isComplete)
{
    public const int MaxConcepts = 100_000;
    private const int MaxDepth = 50;

    private readonly Dictionary<string, CodeConcept> _byCode = new(StringComparer.Ordinal);
    private readonly List<CodeConcept> _concepts = [];
    private readonly HashSet<string> _properties = new(StringComparer.Ordinal) { "status", "inactive", "notSelectable", "abstract" };

    private ILookup<string, CodeConcept>? _children;

    public string Url { get; } = url;

    public string? Name { get; } = name;

    public string? Version { get; } = version;

    /// <summary>Whether a code that is not here is no code of the system.</summary>
    public bool IsComplete { get; } = isComplete;

    /// <summary>In the order of the definition, parents before children.</summary>
    public IReadOnlyList<CodeConcept> Concepts => _concepts;

    public CodeConcept? Find(string code) => _byCode.GetValueOrDefault(code);

    /// <summary>The concepts right below a code; read when the table is whole.</summary>
    public IEnumerable<CodeConcept> Children(string code) =>
        (_children ??= _concepts.SelectMany(c => c.Parents.Select(p => (Parent: p, Concept: c))).ToLookup(x => x.Parent, x => x.Concept, StringComparer.Ordinal))[code];

    /// <summary>Whether the system says of its concepts that they have this property or not.</summary>
    public bool HasProperty(string property) => _properties.Contains(property);

    public void Add(CodeConcept concept)
    {
        if (_byCode.TryAdd(concept.Code, concept))
        {
            _concepts.Add(concept);
        }
    }

    /// <summary>Whether <paramref name="code"/> is <paramref name="ancestor"/> or below it.</summary>
    public bool IsA(string code, string ancestor) => Find(code) is not null && (code == ancestor || Above(code).Contains(ancestor));

    /// <summary>A code and all below it.</summary>
    public HashSet<string> AndBelow(string code) => Closure(code, c => Children(c).Select(x => x.Code));

    /// <summary>A code and all above it.</summary>
    public HashSet<string> Above(string code) => Closure(code, c => Find(c)?.Parents ?? []);

    // A hierarchy may be a graph, and a wrong one may have circles.
    private static HashSet<string> Closure(string code, Func<string, IEnumerable<string>> next)
    {
        var found = new HashSet<string>(StringComparer.Ordinal) { code };
        var open = new Stack<string>([code]);
        while (open.TryPop(out var at))
        {
            foreach (var other in next(at))
            {
                if (found.Add(other))
                {
                    open.Push(other);
                }
            }
        }

        return found;
    }

    /// <exception cref="FhirException">The hierarchy is too large.</exception>
    public static CodeTable Read(FhirResource resource)
    {
        var root = resource.Root;
        var table = new CodeTable(root.Text("url")!, root.Text("title") ?? root.Text("name"), root.Text("version"), root.Text("content") == "complete");
        foreach (var property in root.All("property"))
        {
            if (property.Text("code") is { } code)
            {
                table._properties.Add(code);
            }
        }

        var more = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        table.ReadConcepts(root, null, 0, more);
        for (var i = 0; more.Count > 0 && i < table._concepts.Count; i++)
        {
            if (more.TryGetValue(table._concepts[i].Code, out var parents))
            {
                var at = table._concepts[i];
                table._concepts[i] = table._byCode[at.Code] = at with { Parents = [.. at.Parents.Concat(parents).Distinct()] };
            }
        }

        return table;
    }

    /// <param name="more">Parents that the property child of another concept gives, by code.</param>
    private void ReadConcepts(FhirNode parent, string? parentCode, int depth, Dictionary<string, List<string>> more)
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

            Add(ReadConcept(concept, code, parentCode, more));
            ReadConcepts(concept, code, depth + 1, more);
        }
    }

    private static CodeConcept ReadConcept(FhirNode concept, string code, string? parent, Dictionary<string, List<string>> more)
    {
        List<string> parents = parent is null ? [] : [parent];
        var properties = new List<CodeProperty>();
        foreach (var property in concept.All("property"))
        {
            if (property.Text("code") is not { } name || property["value"] is not { Exists: true } value || (value.Value ?? value.Text("code")) is not { } text)
            {
                continue;
            }

            // FHIR R4 codesystem-concept-properties.html
            switch (name)
            {
                case "parent" or "subsumedBy":
                    parents.Add(text);
                    break;
                case "child":
                    more.TryAdd(text, []);
                    more[text].Add(code);
                    break;
                default:
                    properties.Add(new CodeProperty(name, value.Type, text));
                    break;
            }
        }

        return new CodeConcept(code, concept.Text("display"), concept.Text("definition"), parents)
        {
            IsAbstract = properties.Exists(p => p is { Code: "notSelectable" or "abstract", Value: "true" }),
            IsInactive = properties.Exists(p => p is { Code: "inactive", Value: "true" } or { Code: "status", Value: "retired" or "inactive" }),
            Properties = properties,
            Designations = Designation.Read(concept),
        };
    }
}
