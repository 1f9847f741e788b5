using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using SecondOpinion.Fhir.Conformance;
using SecondOpinion.Fhir.Tables;

namespace SecondOpinion.Fhir.Codes;

/// <summary>The code systems, value sets and concept maps of R4 and THO's dental code systems, from the embedded tables; each is read when first asked for.</summary>
internal static class R4Terminology
{
    private const string SetBase = "http://hl7.org/fhir/ValueSet/";

    private static readonly Lazy<Dictionary<string, string>> SystemBlocks = new(() => DefinitionTable.Blocks("code-systems.tsv"));
    private static readonly Lazy<Dictionary<string, string>> SetBlocks = new(() => DefinitionTable.Blocks("compositions.tsv"));
    private static readonly Lazy<IReadOnlyList<FhirResource>> AllMaps = new(() => [.. DefinitionTable.Blocks("concept-maps.tsv").Values.Select(ReadMap)]);
    private static readonly ConcurrentDictionary<string, CodeTable> Systems = new(StringComparer.Ordinal);
    private static readonly Lazy<Dictionary<string, CodeTable>> ListedSystems = new(ReadListed);

    public static IReadOnlyList<FhirResource> Maps => AllMaps.Value;

    /// <summary>All code systems, without reading their concepts. The 4.0.1 definitions of table 0006 have a version inside their URL, by which no coding can name them.</summary>
    public static IEnumerable<(string Url, string? Version, bool IsComplete)> SystemHeaders => SystemBlocks.Value.Where(b => !b.Key.Contains('|', StringComparison.Ordinal)).Select(b =>
    {
        var header = Cells(b.Value[..b.Value.IndexOf('\n', StringComparison.Ordinal)]);
        return (b.Key, Cell(header, 1), header[2] == "complete");
    });

    public static IEnumerable<string> SetUrls => SetBlocks.Value.Keys.Select(n => n.Contains(':', StringComparison.Ordinal) ? n : SetBase + n);

    /// <summary>A code system by its URL; null when R4 lists none of its codes.</summary>
    public static CodeTable? System(string url) =>
        Systems.TryGetValue(url, out var known) ? known
        : SystemBlocks.Value.TryGetValue(url, out var block) ? Systems.GetOrAdd(url, static (u, text) => ReadSystem(u, text), block)
        : ListedSystems.Value.GetValueOrDefault(url);

    /// <summary>A value set as R4 defines it, by its URL; null when R4 has none such.</summary>
    public static FhirResource? Set(string url) =>
        SetBlocks.Value.TryGetValue(url.StartsWith(SetBase, StringComparison.Ordinal) ? url[SetBase.Length..] : url, out var block) ? ReadSet(url, block) : null;

    private static CodeTable ReadSystem(string url, string block)
    {
        var lines = block.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var header = Cells(lines[0]);
        var table = new CodeTable(url, Cell(header, 3), Cell(header, 1), header[2] == "complete");
        var path = new List<string>();
        for (var i = 1; i < lines.Length; i++)
        {
            var cells = Cells(lines[i]);
            var depth = Cell(cells, 2) is { } level ? int.Parse(level, global::System.Globalization.CultureInfo.InvariantCulture) : 0;
            path.RemoveRange(depth, path.Count - depth);
            var marks = (Cell(cells, 3) ?? "").Split(' ');
            var parents = depth == 0 ? marks.Skip(1) : marks.Skip(1).Prepend(path[^1]);
            var designations = new List<Designation>();
            while (i + 1 < lines.Length && lines[i + 1][0] == '+')
            {
                var other = Cells(lines[++i][1..]);
                designations.Add(new Designation(other[0], null, other[1]));
            }

            var status = marks[0].EndsWith('D') ? "deprecated" : marks[0].EndsWith('R') ? "retired" : null;
            var isAbstract = marks[0].StartsWith('A');
            List<CodeProperty> properties = [];
            if (isAbstract)
            {
                properties.Add(new CodeProperty("notSelectable", "boolean", "true"));
            }

            if (status is not null)
            {
                properties.Add(new CodeProperty("status", "code", status));
            }

            table.Add(new CodeConcept(cells[0], Cell(cells, 1), Cell(cells, 4), [.. parents])
            {
                IsAbstract = isAbstract,
                IsInactive = status == "retired",
                Properties = properties,
                Designations = designations,
            });
            path.Add(cells[0]);
        }

        return table;
    }

    private static FhirResource ReadSet(string url, string block)
    {
        JsonArray include = [], exclude = [];
        JsonObject? part = null;
        var lines = block.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        foreach (var line in lines.Skip(1))
        {
            var cells = Cells(line);
            switch (cells[0])
            {
                case "@" or "@-":
                    part = [];
                    (cells[0] == "@" ? include : exclude).Add((JsonNode)part);
                    Put(part, ("system", Cell(cells, 1)), ("version", Cell(cells, 2)));
                    break;
                case "+filter":
                    Append(part!, "filter", Put([], ("property", cells[1]), ("op", cells[2]), ("value", Cell(cells, 3))));
                    break;
                case "+valueSet":
                    Append(part!, "valueSet", JsonValue.Create(cells[1]));
                    break;
                default:
                    Append(part!, "concept", Put([], ("code", cells[0]), ("display", Cell(cells, 1))));
                    break;
            }
        }

        var header = Cells(lines[0]);
        var compose = new JsonObject { ["include"] = include };
        if (exclude.Count > 0)
        {
            compose["exclude"] = exclude;
        }

        var set = Put([], ("resourceType", "ValueSet"), ("url", url), ("version", Cell(header, 1)), ("name", Cell(header, 3)), ("status", Cell(header, 2)));
        set["compose"] = compose;
        return FhirResource.From(set);
    }

    private static FhirResource ReadMap(string block)
    {
        JsonArray groups = [];
        var lines = block.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        foreach (var line in lines.Skip(1))
        {
            var cells = Cells(line);
            if (line[0] == '@')
            {
                groups.Add((JsonNode)Put([], ("source", cells[0][1..]), ("target", Cell(cells, 1))));
                continue;
            }

            var target = Put([], ("code", Cell(cells, 2)), ("equivalence", cells[1]));
            var element = Put([], ("code", cells[0]));
            element["target"] = new JsonArray(target);
            Append((JsonObject)groups[^1]!, "element", element);
        }

        var header = Cells(lines[0][1..]);
        var map = Put([], ("resourceType", "ConceptMap"), ("url", header[0]), ("version", Cell(header, 1)), ("status", "draft"), ("sourceCanonical", Cell(header, 2)), ("targetCanonical", Cell(header, 3)));
        map["group"] = groups;
        return FhirResource.From(map);
    }

    /// <summary>What value sets list of systems that are not on board themselves (SNOMED CT, LOINC): displays only, no hierarchy.</summary>
    private static Dictionary<string, CodeTable> ReadListed()
    {
        var systems = new Dictionary<string, CodeTable>(StringComparer.Ordinal);
        void Add(string? system, string? code, string? display)
        {
            if (system is null || code is null || SystemBlocks.Value.ContainsKey(system))
            {
                return;
            }

            if (!systems.TryGetValue(system, out var table))
            {
                systems[system] = table = new CodeTable(system, null, null, isComplete: false);
            }

            table.Add(new CodeConcept(code, display, null, []));
        }

        // The words of our own value sets come first.
        foreach (var include in EmbeddedArtefacts.Urls("ValueSet").SelectMany(u => EmbeddedArtefacts.Find("ValueSet", u)!.Root["compose"].All("include")))
        {
            foreach (var concept in include.All("concept"))
            {
                Add(include.Text("system"), concept.Text("code"), concept.Text("display"));
            }
        }

        foreach (var coded in ValueSetDefinition.R4Names.SelectMany(n => ValueSetDefinition.FindR4(n)!.Codes))
        {
            Add(coded.System, coded.Code, coded.Display);
        }

        foreach (var block in SetBlocks.Value.Values)
        {
            string? system = null;
            foreach (var line in block.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Where(l => l[0] != '+'))
            {
                var cells = Cells(line);
                if (line[0] == '@')
                {
                    system = Cell(cells, 1);
                }
                else
                {
                    Add(system, cells[0], Cell(cells, 1));
                }
            }
        }

        return systems;
    }

    private static string[] Cells(string line) => Array.ConvertAll(line.Split('\t'), DefinitionTable.Unescape);

    private static string? Cell(string[] cells, int index) => index < cells.Length && cells[index].Length > 0 ? cells[index] : null;

    private static JsonObject Put(JsonObject json, params ReadOnlySpan<(string Name, string? Value)> members)
    {
        foreach (var (name, value) in members)
        {
            if (value is not null)
            {
                json[name] = value;
            }
        }

        return json;
    }

    private static void Append(JsonObject json, string name, JsonNode? item)
    {
        if (json[name] is not JsonArray array)
        {
            json[name] = array = [];
        }

        array.Add(item);
    }
}
