using System.Collections.Concurrent;
using SecondOpinion.Fhir.Codes;
using SecondOpinion.Fhir.Conformance;

namespace SecondOpinion.Fhir;

/// <summary>Whether a code is in a value set (FHIR R4 valueset-operation-validate-code.html).</summary>
/// <param name="Result">Null when it cannot be decided from what is on board.</param>
/// <param name="Message">What is wrong or undecided; null when all is well.</param>
/// <param name="Display">The right display; null when none is known.</param>
public sealed record CodeCheck(bool? Result, string? Message, string? Display);

/// <summary>What is known of a code (FHIR R4 codesystem-operation-lookup.html).</summary>
public sealed record CodeDetails(string System, string? SystemName, string? Version, string Code, string? Display, string? Definition);

/// <summary>One code that another means (FHIR R4 conceptmap-operation-translate.html).</summary>
/// <param name="Equivalence">A code of FHIR R4 valueset-concept-map-equivalence.html.</param>
/// <param name="Source">URL of the concept map.</param>
public sealed record CodeMatch(string Equivalence, string System, string Code, string? Display, string Source);

/// <summary>
/// The terminology on board: the value sets that R4 binds and the code systems they list, ours, and what a caller adds. Immutable and free-threaded.
/// </summary>
public sealed class Terminology
{
    /// <summary>R4 and the second-opinion case.</summary>
    public static Terminology Default { get; } = new(null, []);

    private static readonly Lazy<Dictionary<string, CodeTable>> R4Systems = new(ReadR4Systems);

    private readonly Terminology? _below;
    private readonly Dictionary<string, FhirResource> _sets = new(StringComparer.Ordinal);
    private readonly Dictionary<string, FhirResource> _systems = new(StringComparer.Ordinal);
    private readonly List<FhirResource> _maps = [];
    private readonly ConcurrentDictionary<string, ValueSetDefinition> _found = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ValueSetDefinition> _readSets = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, CodeTable> _readSystems = new(StringComparer.Ordinal);

    private Terminology(Terminology? below, IEnumerable<FhirResource> more)
    {
        _below = below;
        foreach (var resource in more)
        {
            if (resource.Root.Text("url") is { } url)
            {
                switch (resource.ResourceType)
                {
                    case "ValueSet":
                        _sets[url] = resource;
                        break;
                    case "CodeSystem" when resource.Root.Text("content") is not "supplement":
                        _systems[url] = resource;
                        break;
                    case "ConceptMap":
                        _maps.Add(resource);
                        break;
                }
            }
        }
    }

    /// <summary>This terminology and more: CodeSystem, ValueSet and ConceptMap resources; others are passed over.</summary>
    public Terminology With(IEnumerable<FhirResource> resources) => new(this, resources);

    /// <summary>URLs of all value sets, sorted.</summary>
    public IEnumerable<string> ValueSets => Below
        .SelectMany(t => t._sets.Keys)
        .Concat(EmbeddedArtefacts.Urls("ValueSet"))
        .Concat(ValueSetDefinition.R4Names.Select(n => n.Contains(':', StringComparison.Ordinal) ? n : "http://hl7.org/fhir/ValueSet/" + n))
        .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);

    private IEnumerable<Terminology> Below
    {
        get
        {
            for (var at = this; at is not null; at = at._below)
            {
                yield return at;
            }
        }
    }

    /// <summary>A value set with its codes; null when it is not on board.</summary>
    public ValueSetDefinition? Find(string url) => Set(url, 0);

    /// <summary>
    /// Whether a code is in a value set; a null system stands for any. Null when that cannot be decided. The signature of
    /// <see cref="FhirPath.FhirPathOptions.MemberOf"/> and of <c>:in</c> in search.
    /// </summary>
    public bool? MemberOf(string valueSet, string? system, string code) =>
        Find(valueSet) is not { IsOpen: false } set ? null : system is null ? set.ContainsCode(code) : set.Contains(system, code);

    /// <summary>The codes of a value set, filtered by a text in code or display, a page of them; 404 when unknown, 422 when they are not on board.</summary>
    public Outcome<FhirResource> Expand(string valueSet, string? filter = null, int offset = 0, int count = 1000, TimeProvider? clock = null) =>
        Find(valueSet) switch
        {
            null => Refusal.Of(RefusalKind.NotFound, "not-found", $"The value set {valueSet} is not known", "value-set-unknown"),
            { IsOpen: true } => Refusal.Of(RefusalKind.Unprocessable, "not-supported", $"The codes of {valueSet} are not on board", "value-set-open"),
            var set => ValueSetExpansion.Build(set, filter, offset, count, (clock ?? TimeProvider.System).GetUtcNow()),
        };

    /// <summary>Checks a code, and its display when one is given; a null system stands for any.</summary>
    public CodeCheck ValidateCode(string valueSet, string? system, string code, string? display = null)
    {
        if (Find(valueSet) is not { IsOpen: false } set)
        {
            return new CodeCheck(null, $"The codes of {valueSet} are not on board", null);
        }

        var found = set.Codes.FirstOrDefault(c => c.Code == code && (system is null || c.System == system));
        if (found is null)
        {
            return new CodeCheck(false, $"{(system is null ? code : system + "|" + code)} is not in {set.Url}", null);
        }

        var right = found.Display ?? System(found.System)?.Find(code)?.Display;
        return display is not null && right is not null && !string.Equals(display, right, StringComparison.OrdinalIgnoreCase)
            ? new CodeCheck(false, $"The display of {code} is '{right}', not '{display}'", right)
            : new CodeCheck(true, null, right);
    }

    /// <summary>Display and definition of a code; 404 when it is not on board.</summary>
    public Outcome<CodeDetails> Lookup(string system, string code) =>
        System(system) is not { } table
            ? Refusal.Of(RefusalKind.NotFound, "not-found", $"The code system {system} is not known", "code-system-unknown")
            : table.Find(code) is not { } concept
                ? Refusal.Of(RefusalKind.NotFound, "not-found", $"{code} is not {(table.IsComplete ? "a" : "a known")} code of {system}", "code-unknown")
                : new CodeDetails(system, table.Name, table.Version, code, concept.Display, concept.Definition);

    /// <summary>
    /// How two codes of a system relate: <c>equivalent</c>, <c>subsumes</c>, <c>subsumed-by</c> or <c>not-subsumed</c>; 404 when one is not on board,
    /// 422 when the hierarchy is not.
    /// </summary>
    public Outcome<string> Subsumes(string system, string codeA, string codeB)
    {
        foreach (var code in new[] { codeA, codeB })
        {
            if (Lookup(system, code).Refusal is { } refusal)
            {
                return refusal;
            }
        }

        var table = System(system)!;
        return codeA == codeB ? "equivalent"
            : table.IsA(codeB, codeA) ? "subsumes"
            : table.IsA(codeA, codeB) ? "subsumed-by"
            : table.IsComplete ? "not-subsumed"
            : Refusal.Of(RefusalKind.Unprocessable, "not-supported", $"The hierarchy of {system} is not on board", "code-system-partial");
    }

    /// <summary>What a code is in other systems, by the concept maps on board; empty when none says.</summary>
    /// <param name="conceptMap">URL of one map; null asks all of them.</param>
    /// <param name="targetSystem">Null for any.</param>
    public IReadOnlyList<CodeMatch> Translate(string system, string code, string? targetSystem = null, string? conceptMap = null)
    {
        var matches = new List<CodeMatch>();
        var maps = Below.SelectMany(t => t._maps).Concat(EmbeddedArtefacts.Urls("ConceptMap").Select(u => EmbeddedArtefacts.Find("ConceptMap", u)!));
        foreach (var map in maps)
        {
            if (conceptMap is null || map.Root.Text("url") == Canonical.Bare(conceptMap))
            {
                Translate(map, system, code, targetSystem, matches);
            }
        }

        return matches;
    }

    private void Translate(FhirResource map, string system, string code, string? targetSystem, List<CodeMatch> matches)
    {
        foreach (var group in map.Root.All("group"))
        {
            if (group.Text("source") != system || group.Text("target") is not { } target || (targetSystem is not null && targetSystem != target))
            {
                continue;
            }

            foreach (var element in group.All("element"))
            {
                if (element.Text("code") != code)
                {
                    continue;
                }

                foreach (var to in element.All("target"))
                {
                    if (to.Text("code") is { } found && to.Text("equivalence") is not ("unmatched" or "disjoint"))
                    {
                        matches.Add(new CodeMatch(to.Text("equivalence") ?? "relatedto", target, found, to.Text("display") ?? System(target)?.Find(found)?.Display, map.Root.Text("url")!));
                    }
                }
            }
        }
    }

    internal ValueSetDefinition? Set(string url, int depth)
    {
        if (_found.TryGetValue(url, out var known))
        {
            return known;
        }

        var bare = Canonical.Bare(url);
        var set = OwnSet(bare, depth) ?? ValueSetDefinition.Find(bare);
        return set is null || depth > 0 ? set : _found.GetOrAdd(bare, set);
    }

    /// <summary>A value set that is none of R4's.</summary>
    internal ValueSetDefinition? OwnSet(string url, int depth = 0)
    {
        foreach (var level in Below)
        {
            if (level._readSets.TryGetValue(url, out var set))
            {
                return set;
            }

            if ((level._sets.GetValueOrDefault(url) ?? (level._below is null ? EmbeddedArtefacts.Find("ValueSet", url) : null)) is { } resource)
            {
                set = new ValueSetReader(level).Read(resource, depth);
                return depth == 0 ? level._readSets.GetOrAdd(url, set) : set;
            }
        }

        return null;
    }

    internal CodeTable? System(string url)
    {
        url = Canonical.Bare(url);
        foreach (var level in Below)
        {
            if (level._readSystems.TryGetValue(url, out var table))
            {
                return table;
            }

            if ((level._systems.GetValueOrDefault(url) ?? (level._below is null ? EmbeddedArtefacts.Find("CodeSystem", url) : null)) is { } resource)
            {
                return level._readSystems.GetOrAdd(url, CodeTable.Read(resource));
            }
        }

        return R4Systems.Value.GetValueOrDefault(url);
    }

    /// <summary>What the value sets of R4 and our own list of systems that are not on board themselves; displays only, no hierarchy.</summary>
    private static Dictionary<string, CodeTable> ReadR4Systems()
    {
        var systems = new Dictionary<string, CodeTable>(StringComparer.Ordinal);
        var sets = ValueSetDefinition.R4Names.Select(ValueSetDefinition.Find).Concat(EmbeddedArtefacts.Urls("ValueSet").Select(u => Default.OwnSetWithoutSystems(u)));
        foreach (var coded in sets.OfType<ValueSetDefinition>().SelectMany(s => s.Codes))
        {
            if (!systems.TryGetValue(coded.System, out var table))
            {
                systems[coded.System] = table = new CodeTable(coded.System, null, null, isComplete: false);
            }

            table.Add(new CodeConcept(coded.Code, coded.Display, null, null));
        }

        return systems;
    }

    /// <summary>The codes that one of our value sets lists itself; those of whole systems are asked of the system.</summary>
    private ValueSetDefinition? OwnSetWithoutSystems(string url)
    {
        var listed = new List<CodedValue>();
        foreach (var include in EmbeddedArtefacts.Find("ValueSet", url)!.Root["compose"].All("include"))
        {
            foreach (var concept in include.All("concept"))
            {
                listed.Add(new CodedValue(include.Text("system")!, concept.Text("code")!, concept.Text("display")));
            }
        }

        return listed.Count == 0 ? null : new ValueSetDefinition(url, false, listed);
    }
}
