using System.Text.Json.Nodes;
using SecondOpinion.Fhir.Conformance;

namespace SecondOpinion.Fhir;

/// <summary>
/// Makes the snapshot of a profile: its base with the differential laid over it (FHIR R4 profiling.html#snapshot). What stands in the base definitions
/// but is not on board (prose, mappings, examples) is not in it.
/// </summary>
public static class Snapshot
{
    private const int MaxBases = 20;
    private const int MaxElements = 20_000;

    /// <summary>A copy of a StructureDefinition with the snapshot that its differential gives; one it already has is not looked at.</summary>
    /// <param name="definition">With <c>type</c>, <c>baseDefinition</c> and <c>differential</c>.</param>
    /// <param name="find">Finds other StructureDefinitions by their bare URL; the base definitions of R4 are not asked for. Null knows the profiles of the case.</param>
    /// <exception cref="FhirException">The definition, or one it stands on, cannot be used (key <c>profile-unusable</c>).</exception>
    public static FhirResource Generate(FhirResource definition, Func<string, FhirResource?>? find = null)
    {
        var root = Tree(definition, find ?? Profiles.Default.Definition, 0, ignoreSnapshot: true);
        var elements = new JsonArray();
        root.Write(elements, "", "");
        return definition.With(d =>
        {
            var differential = d["differential"];
            d.Remove("differential");
            d["snapshot"] = new JsonObject { ["element"] = elements };
            if (differential is not null)
            {
                d["differential"] = differential;
            }
        });
    }

    private static SnapshotNode Tree(FhirResource definition, Func<string, FhirResource?> find, int depth, bool ignoreSnapshot = false)
    {
        if (depth > MaxBases)
        {
            throw ProfileElements.Unusable(definition, $"stands on more than {MaxBases} others");
        }

        var type = definition.Root.Text("type") ?? "";
        if (Definitions.Type(type) is not { } known || known.Name != type)
        {
            throw ProfileElements.Unusable(definition, $"constrains '{type}', which is no type of FHIR R4");
        }

        SnapshotNode root;
        var view = definition.Root["snapshot"];
        if (view.Exists && !ignoreSnapshot)
        {
            root = SnapshotNode.Of(known);
        }
        else
        {
            var url = definition.Root.Text("baseDefinition") ?? throw ProfileElements.Unusable(definition, "has no baseDefinition");
            root = Canonical.BaseType(url) is not null ? SnapshotNode.Of(known)
                : Tree(find(Canonical.Bare(url)) ?? throw ProfileElements.Unusable(definition, $"is based on {url}, which is not known"), find, depth + 1);
            view = definition.Root["differential"];
        }

        Lay(definition, root, view, url => find(url) is { } other && other.Root.Text("type") is { } of && Definitions.Type(of) is not null ? Tree(other, find, depth + 1) : null);
        return root;
    }

    private static void Lay(FhirResource definition, SnapshotNode root, FhirNode view, Func<string, SnapshotNode?> profile)
    {
        var below = new Dictionary<string, string>(StringComparer.Ordinal);
        var count = 0;
        foreach (var element in view.All("element"))
        {
            var path = element.Text("path") ?? "";
            var id = element.Text("id") ?? ProfileElements.IdOf(path, element.Text("sliceName"), below);
            below[path] = id;
            var node = root;
            foreach (var step in id.Split('.').Skip(1))
            {
                count += node.Expand(profile);
                if (count > MaxElements)
                {
                    throw new FhirException("too-costly", $"The snapshot of {definition.Root.Text("url")} has more than {MaxElements} elements", "too-costly");
                }

                node = node.Step(step) ?? throw ProfileElements.Unusable(definition, $"names {id}, which {node.Name} does not have");
            }

            node.Merge(JsonNode.Parse(element.RawValue)!.AsObject());
        }
    }
}
