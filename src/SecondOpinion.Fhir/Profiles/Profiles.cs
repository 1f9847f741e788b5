using System.Collections.Concurrent;
using SecondOpinion.Fhir.Conformance;
using SecondOpinion.Fhir.FhirPath;
using SecondOpinion.Fhir.Validation;

namespace SecondOpinion.Fhir;

/// <summary>
/// The profiles that validation knows, with the terminology their bindings need: those of the second-opinion case, of R4 itself, and what a caller adds. Immutable and
/// free-threaded; a profile is compiled when first used.
/// </summary>
public sealed class Profiles
{
    /// <summary>The profiles and extensions of the second-opinion case, and those that R4 itself defines.</summary>
    public static Profiles Default { get; } = new(null, []);

    private const int MaxDepth = 16;

    private static readonly ValidationOptions Quiet = new() { Profiles = null };

    [ThreadStatic]
    private static int _depth;

    private readonly Profiles? _below;
    private readonly Dictionary<string, FhirResource> _definitions = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, CompiledProfile> _compiled = new(StringComparer.Ordinal);

    private Profiles(Profiles? below, IReadOnlyCollection<FhirResource> more)
    {
        _below = below;
        Terminology = more.Count == 0 ? below?.Terminology ?? Terminology.Default : (below?.Terminology ?? Terminology.Default).With(more);
        PathOptions = FhirPathOptions.Default with { MaxSteps = 20_000_000, MemberOf = Terminology.MemberOf, ConformsTo = Conforms, Slice = InSlice, Subsumes = Relation };
        foreach (var definition in more)
        {
            if (definition.ResourceType == "StructureDefinition" && definition.Root.Text("url") is { } url)
            {
                _definitions[url] = definition;
            }
        }
    }

    /// <summary>The terminology of bindings: R4, ours, and the ValueSets and CodeSystems added.</summary>
    public Terminology Terminology { get; }

    /// <summary>For the rules of profiles: memberOf() and conformsTo() ask here.</summary>
    internal FhirPathOptions PathOptions { get; }

    /// <summary>URLs of the profiles and extensions of the case and of those added, sorted; R4's own are known and not listed.</summary>
    public IEnumerable<string> Urls => Own.Concat(_below?.Urls ?? []).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);

    /// <summary>URLs of the profiles on a resource type, extensions aside, sorted; null for those on any.</summary>
    public IEnumerable<string> For(string? resourceType) => Urls.Where(u => Definition(u)?.Root.Text("type") is { } type && (resourceType ?? type) == type && Definitions.IsResource(type));

    private IEnumerable<string> Own => _below is null ? _definitions.Keys.Concat(EmbeddedArtefacts.Urls("StructureDefinition")) : _definitions.Keys;

    /// <summary>These and more: StructureDefinitions with a snapshot, or with a differential on a base that is known; ValueSets, CodeSystems.</summary>
    /// <exception cref="FhirException">A profile cannot be used, and why.</exception>
    public Profiles With(IEnumerable<FhirResource> resources)
    {
        var more = resources.ToList();
        var all = new Profiles(this, more);
        foreach (var url in all._definitions.Keys)
        {
            all.Find(url);
        }

        return all;
    }

    /// <summary>A definition by its URL, a version suffix ignored; null when it is not known.</summary>
    public FhirResource? Definition(string url)
    {
        url = Canonical.Bare(url);
        for (var at = this; at is not null; at = at._below)
        {
            if ((at._definitions.GetValueOrDefault(url) ?? (at._below is null ? EmbeddedArtefacts.Find("StructureDefinition", url) ?? R4Artefacts.Find(url) : null)) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    /// <summary>Whether a resource can be held to this URL, a version suffix ignored: a profile or extension that is known, or the definition of a type of R4.</summary>
    public bool Knows(string url) => Canonical.BaseType(url) is not null || Definition(url) is not null;

    /// <summary>All our artefacts with a canonical URL: profiles, extensions, terminology, what a server must do, and the guide that lists them.</summary>
    public static IEnumerable<FhirResource> Artefacts =>
        new[] { "CapabilityStatement", "CodeSystem", "ConceptMap", "ImplementationGuide", "NamingSystem", "StructureDefinition", "ValueSet" }.SelectMany(t => EmbeddedArtefacts.Urls(t).Select(u => EmbeddedArtefacts.Find(t, u)!));

    /// <summary>Whether a resource or element meets a profile, the base definitions aside; null when the profile is not known.</summary>
    /// <exception cref="FhirException">Rules of profiles ask for one another without end (code too-costly).</exception>
    public bool? Conforms(FhirNode node, string profile)
    {
        if (!node.Exists || Find(profile) is not { } known)
        {
            return null;
        }

        if (_depth >= MaxDepth)
        {
            throw new FhirException("too-costly", $"conformsTo() asks for profiles more than {MaxDepth} deep");
        }

        _depth++;
        try
        {
            return new ProfileCheck(new ValidationRun(node.Document!, Quiet), this).Conforms(known, node);
        }
        finally
        {
            _depth--;
        }
    }

    /// <summary>Whether a node is in the named slice of a profile; null when the profile or the slice is not known.</summary>
    public bool? InSlice(FhirNode node, string profile, string slice) =>
        node.Exists && Find(profile) is { } known ? new ProfileCheck(new ValidationRun(node.Document!, Quiet), this).InSlice(known, node, slice) : null;

    private string? Relation(string system, string codeA, string codeB) => Terminology.Subsumes(system, codeA, codeB) is { Refusal: null } outcome ? outcome.Value : null;

    internal CompiledProfile? Find(string url)
    {
        if (_compiled.TryGetValue(url, out var known))
        {
            return known;
        }

        // Only profiles that exist are kept, under their bare URL, so that claims cannot fill the table.
        var bare = Canonical.Bare(url);
        if (_compiled.TryGetValue(bare, out known))
        {
            return known;
        }

        return Definition(bare) is { } definition ? _compiled.GetOrAdd(bare, ProfileCompiler.Compile(definition, Definition)) : null;
    }
}
