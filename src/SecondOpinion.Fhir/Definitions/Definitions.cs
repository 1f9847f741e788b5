using System.Collections.Concurrent;
using System.Collections.Frozen;
using SecondOpinion.Fhir.Tables;

namespace SecondOpinion.Fhir;

/// <summary>A rule of the definitions (FHIR R4 conformance-rules.html#constraints).</summary>
/// <param name="Key">For example <c>obs-6</c>; followed by <c>@</c> and a path where two types use one key for different rules.</param>
/// <param name="Severity">Error or Warning.</param>
/// <param name="Expression">FHIRPath that must be true.</param>
/// <param name="Human">The rule in words.</param>
public sealed record Invariant(string Key, IssueSeverity Severity, string Expression, string Human);

/// <summary>A search parameter as the definitions have it (FHIR R4 searchparameter.html).</summary>
/// <param name="Components">For composites: URL of the part's definition and its expression relative to this one.</param>
public sealed record SearchParameterRow(
    string Id,
    string Code,
    string Type,
    IReadOnlyList<string> Base,
    string Expression,
    IReadOnlyList<string> Targets,
    IReadOnlyList<(string Definition, string Expression)> Components,
    bool MultipleOr,
    string Url);

/// <summary>The FHIR R4 definitions, loaded from embedded tables type by type when first asked for.</summary>
public static class Definitions
{
    private static readonly Lazy<Dictionary<string, string>> Blocks = new(() => DefinitionTable.Blocks("elements.tsv"));
    private static readonly ConcurrentDictionary<string, TypeDefinition?> Types = new(StringComparer.Ordinal);
    private static readonly ConcurrentDictionary<string, ElementSlot> Roots = new(StringComparer.Ordinal);
    private static readonly Lazy<FrozenDictionary<string, Invariant>> InvariantTable = new(() => DefinitionTable.Rows("invariants.tsv")
        .Select(r => new Invariant(
            DefinitionTable.Unescape(r[0]),
            r[1] == "error" ? IssueSeverity.Error : IssueSeverity.Warning,
            DefinitionTable.Unescape(r[2]),
            DefinitionTable.Unescape(r[3])))
        .ToFrozenDictionary(i => i.Key, StringComparer.Ordinal));

    private static readonly Lazy<IReadOnlyList<SearchParameterRow>> SearchTable = new(() => [.. DefinitionTable.Rows("search-parameters.tsv").Select(ReadSearchParameter)]);
    private static readonly Lazy<FrozenDictionary<(string, string), string[]>> CompartmentTable = new(() => DefinitionTable.Rows("compartments.tsv")
        .ToFrozenDictionary(r => (r[0], r[1]), r => r[2].Split(',')));

    private static readonly Lazy<IReadOnlyList<string>> ResourceNames = new(() =>
        [.. Blocks.Value.Where(b => b.Value.AsSpan(0, b.Value.IndexOf('\n', StringComparison.Ordinal)).Contains("\tresource\t\t", StringComparison.Ordinal)).Select(b => b.Key).Order(StringComparer.Ordinal)]);

    /// <summary>The names of the 146 concrete resource types, sorted.</summary>
    public static IReadOnlyList<string> ResourceTypes => ResourceNames.Value;

    /// <summary>All rows of the specification's search parameters, sorted by id.</summary>
    public static IReadOnlyList<SearchParameterRow> SearchParameters => SearchTable.Value;

    /// <summary>A type by name, or a backbone by path (<c>Observation.component</c>); null when R4 has none such.</summary>
    public static TypeDefinition? Type(string nameOrPath)
    {
        if (Types.TryGetValue(nameOrPath, out var type))
        {
            return type;
        }

        var dot = nameOrPath.IndexOf('.', StringComparison.Ordinal);
        if (dot > 0)
        {
            var at = Type(nameOrPath[..dot]);
            foreach (var name in nameOrPath[(dot + 1)..].Split('.'))
            {
                at = at?.Element(name)?.Backbone;
            }

            // Only paths that exist are kept, so that hostile names cannot fill the table.
            return at is null ? null : Types.GetOrAdd(nameOrPath, at);
        }

        return Blocks.Value.TryGetValue(nameOrPath, out var block) ? Types.GetOrAdd(nameOrPath, static (_, text) => TypeReader.Read(text), block) : null;
    }

    /// <summary>A concrete resource type; null for anything else.</summary>
    public static TypeDefinition? Resource(string name) => Type(name) is { Kind: TypeKind.Resource, IsAbstract: false } type ? type : null;

    /// <summary>Whether R4 defines this concrete resource type.</summary>
    public static bool IsResource(string name) => Resource(name) is not null;

    /// <summary>A rule by its key, for example <c>obs-6</c>; null when R4 has none such.</summary>
    public static Invariant? Invariant(string key) => InvariantTable.Value.GetValueOrDefault(key);

    /// <summary>All rules of the definitions.</summary>
    public static IEnumerable<Invariant> Invariants => InvariantTable.Value.Values;

    /// <summary>
    /// The search parameters by which a resource of <paramref name="resourceType"/> belongs to a compartment (<c>Patient</c>, <c>Encounter</c>,
    /// <c>Practitioner</c>, <c>RelatedPerson</c>, <c>Device</c>); <c>{def}</c> stands for the resource itself; empty when it never does.
    /// </summary>
    public static IReadOnlyList<string> Compartment(string compartment, string resourceType) =>
        CompartmentTable.Value.TryGetValue((compartment, resourceType), out var parameters) ? parameters : [];

    internal static ElementSlot? Root(string resourceType)
    {
        if (Roots.TryGetValue(resourceType, out var slot))
        {
            return slot;
        }

        return Resource(resourceType) is { } type ? Roots.GetOrAdd(resourceType, static (_, t) => ElementSlot.Root(t), type) : null;
    }

    private static SearchParameterRow ReadSearchParameter(string[] row) => new(
        row[0],
        row[1],
        row[2],
        row[3].Split(','),
        DefinitionTable.Unescape(row[4]),
        row[5].Length == 0 ? [] : row[5].Split(','),
        row[6].Length == 0
            ? []
            : [.. DefinitionTable.Unescape(row[6]).Split(";;").Select(c => (c[..c.IndexOf('=', StringComparison.Ordinal)], c[(c.IndexOf('=', StringComparison.Ordinal) + 1)..]))],
        row[7] != "false",
        row[8]);
}
