using System.Collections.Concurrent;
using SecondOpinion.Fhir.Codes;
using SecondOpinion.Fhir.Conformance;

namespace SecondOpinion.Fhir;

/// <summary>Whether a code is in a value set or a code system (FHIR R4 valueset-operation-validate-code.html).</summary>
/// <param name="Result">Null when it cannot be decided from what is on board.</param>
/// <param name="Message">What is wrong or undecided; null when all is well.</param>
/// <param name="Display">The right display; null when none is known.</param>
public sealed record CodeCheck(bool? Result, string? Message, string? Display);

/// <summary>What is known of a code (FHIR R4 codesystem-operation-lookup.html).</summary>
public sealed record CodeDetails(string System, string? SystemName, string? Version, string Code, string? Display, string? Definition)
{
    /// <summary>Other texts for the code.</summary>
    public IReadOnlyList<Designation> Designations { get; init; } = [];

    /// <summary>With parent and child, as far as the hierarchy is on board.</summary>
    public IReadOnlyList<CodeProperty> Properties { get; init; } = [];
}

/// <summary>
/// The terminology on board: value sets, code systems and concept maps of R4, THO's dental code systems, ours, and what a caller adds. Immutable and
/// free-threaded; each part is read when first asked for.
/// </summary>
public sealed class Terminology
{
    /// <summary>R4 and the second-opinion case.</summary>
    public static Terminology Default { get; } = new(null, []);

    private readonly Terminology? _below;
    private readonly Dictionary<string, FhirResource> _sets = new(StringComparer.Ordinal);
    private readonly Dictionary<string, FhirResource> _systems = new(StringComparer.Ordinal);
    private readonly List<FhirResource> _maps = [];
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
        .Concat(R4Terminology.SetUrls)
        .Concat(ValueSetDefinition.R4Names.Select(n => n.Contains(':', StringComparison.Ordinal) ? n : "http://hl7.org/fhir/ValueSet/" + n))
        .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);

    /// <summary>All code systems with codes on board, sorted by URL, and whether each is there whole; those of which only value sets list codes are left out.</summary>
    public IEnumerable<(string Url, string? Version, bool IsComplete)> CodeSystems => Below
        .SelectMany(t => t._systems.Keys)
        .Concat(EmbeddedArtefacts.Urls("CodeSystem"))
        .Select(u => System(u)!).Select(t => (t.Url, t.Version, t.IsComplete))
        .Concat(R4Terminology.SystemHeaders)
        .DistinctBy(t => t.Url).OrderBy(t => t.Url, StringComparer.Ordinal);

    /// <summary>Whether a code system is on board with all its codes, so that a code it does not have is wrong.</summary>
    public bool IsWhole(string system) => System(system)?.IsComplete == true;

    /// <summary>Whether codes of a code system are on board, perhaps not all.</summary>
    public bool HasCodesOf(string system) => System(system) is not null;

    /// <summary>The concept maps of a URL, which may end in <c>|version</c>.</summary>
    public IEnumerable<FhirResource> MapsOf(string url) => Maps.Where(m => Canonical.Names(url, m));

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

    /// <summary>A value set with its codes; null when it is not on board, or not in the version that the URL names.</summary>
    /// <exception cref="FhirException">It has too many codes (code too-costly).</exception>
    public ValueSetDefinition? Find(string url) => Set(url, 0, null);

    /// <summary>The codes of a ValueSet resource that is not on board; open when they cannot be worked out.</summary>
    /// <exception cref="FhirException">It has too many codes (code too-costly).</exception>
    public ValueSetDefinition Read(FhirResource valueSet) => new ValueSetReader(this, new ValueSetWork()).Read(valueSet);

    /// <summary>
    /// Whether a code is in a value set; a null system stands for any. Null when that cannot be decided. The signature of
    /// <see cref="FhirPath.FhirPathOptions.MemberOf"/> and of <c>:in</c> in search.
    /// </summary>
    public bool? MemberOf(string valueSet, string? system, string code) =>
        Find(valueSet) is not { IsOpen: false } set ? null : system is null ? set.ContainsCode(code) : set.Contains(system, code);

    /// <summary>The codes of a value set; 404 when unknown, 422 when they are not on board or too many for one answer.</summary>
    public Outcome<FhirResource> Expand(string valueSet, ExpandOptions? options = null, TimeProvider? clock = null) =>
        Find(valueSet) is { } set
            ? Expand(set, options, clock)
            : Refusal.Of(RefusalKind.NotFound, "not-found", $"The value set {valueSet} is not known", "value-set-unknown");

    /// <summary>As <see cref="Expand(string, ExpandOptions?, TimeProvider?)"/>.</summary>
    public Outcome<FhirResource> Expand(ValueSetDefinition set, ExpandOptions? options = null, TimeProvider? clock = null) =>
        set.IsOpen
            ? Refusal.Of(RefusalKind.Unprocessable, "not-supported", $"The codes of {Named(set)} are not on board", "value-set-open")
            : new ValueSetExpansion(this, options ?? new ExpandOptions()).Build(set, (clock ?? TimeProvider.System).GetUtcNow());

    /// <summary>Checks a code, and its display when one is given; a null system stands for any.</summary>
    /// <param name="allowAbstract">Whether a code that groups others may be used.</param>
    public CodeCheck ValidateCode(string valueSet, string? system, string code, string? display = null, bool allowAbstract = false) =>
        Find(valueSet) is { } set ? ValidateCode(set, system, code, display, allowAbstract) : new CodeCheck(null, $"The codes of {valueSet} are not on board", null);

    /// <summary>As <see cref="ValidateCode(string, string?, string, string?, bool)"/>.</summary>
    public CodeCheck ValidateCode(ValueSetDefinition set, string? system, string code, string? display = null, bool allowAbstract = false)
    {
        if (set.IsOpen)
        {
            return new CodeCheck(null, $"The codes of {Named(set)} are not on board", null);
        }

        var name = system is null ? code : system + "|" + code;
        if (set.All.FirstOrDefault(c => c.Code == code && (system is null || c.System == system)) is not { } found)
        {
            return new CodeCheck(false, $"{name} is not in {Named(set)}", null);
        }

        var concept = System(found.System)?.Find(code);
        return found.IsAbstract && !allowAbstract
            ? new CodeCheck(false, $"{name} only groups other codes of {Named(set)}", found.Display)
            : CheckDisplay(code, display, found.Display ?? concept?.Display, concept?.Display, [.. found.Designations, .. concept?.Designations ?? []]);
    }

    /// <summary>Whether a code is one of a code system, in any version but the one named when that is not on board.</summary>
    public CodeCheck ValidateCodeOf(string system, string code, string? display = null, string? version = null, bool allowAbstract = true)
    {
        if (System(system) is not { } table || (version is not null && table.Version is { } own && own != version))
        {
            return new CodeCheck(null, $"The codes of {system}{(version is null ? "" : "|" + version)} are not on board", null);
        }

        return table.Find(code) switch
        {
            null when table.IsComplete => new CodeCheck(false, $"{code} is not a code of {system}", null),
            null => new CodeCheck(null, $"Not all codes of {system} are on board, and {code} is not one of them", null),
            { IsAbstract: true, Display: var display0 } when !allowAbstract => new CodeCheck(false, $"{code} only groups other codes of {system}", display0),
            var concept => CheckDisplay(code, display, concept.Display, null, concept.Designations),
        };
    }

    /// <summary>Display, definition, designations and properties of a code; 404 when it is not on board.</summary>
    public Outcome<CodeDetails> Lookup(string system, string code, string? version = null)
    {
        if (System(system) is not { } table || (version is not null && table.Version is { } own && own != version))
        {
            return Refusal.Of(RefusalKind.NotFound, "not-found", $"The code system {system}{(version is null ? "" : "|" + version)} is not known", "code-system-unknown");
        }

        if (table.Find(code) is not { } concept)
        {
            return Refusal.Of(RefusalKind.NotFound, "not-found", $"{code} is not {(table.IsComplete ? "a" : "a known")} code of {system}", "code-unknown");
        }

        return new CodeDetails(Canonical.Bare(system), table.Name, table.Version, code, concept.Display, concept.Definition)
        {
            Designations = concept.Designations,
            Properties =
            [
                .. concept.Properties,
                .. concept.Parents.Select(p => new CodeProperty("parent", "code", p)),
                .. table.Children(code).Select(c => new CodeProperty("child", "code", c.Code)),
            ],
        };
    }

    /// <summary>
    /// How two codes of a system relate: <c>equivalent</c>, <c>subsumes</c>, <c>subsumed-by</c> or <c>not-subsumed</c>; 404 when one is not on board,
    /// 422 when the hierarchy is not.
    /// </summary>
    public Outcome<string> Subsumes(string system, string codeA, string codeB, string? version = null)
    {
        foreach (var code in new[] { codeA, codeB })
        {
            if (Lookup(system, code, version).Refusal is { } refusal)
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

    /// <summary>A code with all below it (<c>:below</c>) or all above it (<c>:above</c>, FHIR R4 search.html#token); null when the system is not on board whole.</summary>
    public IReadOnlyList<CodedValue>? Family(string system, string code, bool above)
    {
        if (System(system) is not { IsComplete: true } table)
        {
            return null;
        }

        return [.. (above ? table.Above(code) : table.AndBelow(code)).Select(c => new CodedValue(table.Url, c, table.Find(c)?.Display))];
    }

    /// <summary>What a code is in other systems, by the concept maps on board; empty when none says.</summary>
    /// <param name="conceptMap">URL of one map; null asks all of them.</param>
    /// <param name="targetSystem">Null for any.</param>
    public IReadOnlyList<CodeMatch> Translate(string system, string code, string? targetSystem = null, string? conceptMap = null) =>
        Translate(new TranslateOptions { TargetSystem = targetSystem }, system, code, conceptMap is null ? Maps : MapsOf(conceptMap));

    /// <summary>As <see cref="Translate(string, string, string?, string?)"/>, by the maps given.</summary>
    public IReadOnlyList<CodeMatch> Translate(TranslateOptions options, string system, string code, IEnumerable<FhirResource> maps) =>
        [.. maps.SelectMany(m => new ConceptTranslation(this, options).Translate(m, system, code)).Distinct()];

    /// <summary>All concept maps.</summary>
    public IEnumerable<FhirResource> Maps => Below.SelectMany(t => t._maps)
        .Concat(EmbeddedArtefacts.Urls("ConceptMap").Select(u => EmbeddedArtefacts.Find("ConceptMap", u)!))
        .Concat(R4Terminology.Maps);

    /// <param name="work">Of the set that names this one; null at the top.</param>
    internal ValueSetDefinition? Set(string url, int depth, ValueSetWork? work)
    {
        var bare = Canonical.Bare(url);
        var set = OwnSet(bare, depth, work) ?? R4Set(bare, depth, work);
        return set?.Source is { } source && !Canonical.Names(url, source) ? null : set;
    }

    /// <summary>A value set that is none of R4's.</summary>
    private ValueSetDefinition? OwnSet(string url, int depth, ValueSetWork? work)
    {
        foreach (var level in Below)
        {
            if (level._readSets.TryGetValue(url, out var set))
            {
                return set;
            }

            if ((level._sets.GetValueOrDefault(url) ?? (level._below is null ? EmbeddedArtefacts.Find("ValueSet", url) : null)) is { } resource)
            {
                return level.Keep(url, resource, depth, work);
            }
        }

        return null;
    }

    private static ValueSetDefinition? R4Set(string url, int depth, ValueSetWork? work)
    {
        if (Default._readSets.TryGetValue(url, out var known))
        {
            return known;
        }

        // What the composition leaves open, for example filters of SNOMED CT, the list for bindings may know from R4's own expansions.
        var set = R4Terminology.Set(url) is { } resource ? Default.Read(url, resource, depth, work) : null;
        if (set is not { IsOpen: false } && ValueSetDefinition.FindR4(url) is { IsOpen: false } listed)
        {
            set = new ValueSetDefinition(listed.Url, false, listed.Codes) { Source = set?.Source };
        }

        set ??= ValueSetDefinition.FindR4(url);
        return set is null || depth > 0 ? set : Default._readSets.GetOrAdd(url, set);
    }

    // Inside another set's reading the result may only be open because the nesting was too deep: it is not kept.
    private ValueSetDefinition Keep(string url, FhirResource resource, int depth, ValueSetWork? work)
    {
        var set = Read(url, resource, depth, work);
        return depth == 0 ? _readSets.GetOrAdd(url, set) : set;
    }

    // A set that is named on many ways is read once.
    private ValueSetDefinition Read(string url, FhirResource resource, int depth, ValueSetWork? work)
    {
        work ??= new ValueSetWork();
        if (work.Found.TryGetValue(url, out var known))
        {
            return known ?? new ValueSetDefinition(url, true, []);
        }

        work.Found[url] = null;
        var set = new ValueSetReader(this, work).Read(resource, depth);
        work.Found[url] = set;
        return set;
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

        return R4Terminology.System(url);
    }

    private static CodeCheck CheckDisplay(string code, string? display, string? right, string? alsoRight, IReadOnlyList<Designation> designations) =>
        display is null || right is null || new[] { right, alsoRight }.Concat(designations.Select(d => d.Value)).Contains(display, StringComparer.OrdinalIgnoreCase)
            ? new CodeCheck(true, null, right)
            : new CodeCheck(false, $"The display of {code} is '{right}', not '{display}'", right);

    private static string Named(ValueSetDefinition set) => set.Name.Length == 0 ? "the value set" : set.Url;
}
