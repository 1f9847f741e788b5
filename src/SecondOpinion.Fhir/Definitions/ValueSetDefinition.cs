using System.Collections.Concurrent;
using System.Text;
using SecondOpinion.Fhir.Conformance;
using SecondOpinion.Fhir.Tables;

namespace SecondOpinion.Fhir;

/// <summary>A code with its system and display.</summary>
public sealed record CodedValue(string System, string Code, string? Display)
{
    /// <summary>Groups others and is not for use itself.</summary>
    public bool IsAbstract { get; init; }

    /// <summary>No longer for use.</summary>
    public bool IsInactive { get; init; }

    /// <summary>Other texts for it, those of the value set first.</summary>
    public IReadOnlyList<Designation> Designations { get; init; } = [];
}

/// <summary>The codes of a value set.</summary>
public sealed class ValueSetDefinition
{
    private static readonly Lazy<Dictionary<string, string>> Blocks = new(() => DefinitionTable.Blocks("value-sets.tsv"));
    private static readonly ConcurrentDictionary<string, ValueSetDefinition> Loaded = new(StringComparer.Ordinal);

    private readonly HashSet<string> _codes = new(StringComparer.Ordinal);
    private readonly HashSet<(string, string)> _coded = [];
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> _lookup;

    private Dictionary<string, string?>? _systems;
    private HashSet<(string, string)>? _abstract;

    internal ValueSetDefinition(string name, bool isOpen, IReadOnlyList<CodedValue> codes)
    {
        Name = name;
        IsOpen = isOpen;
        All = codes;
        Codes = codes.Any(c => c.IsAbstract) ? [.. codes.Where(c => !c.IsAbstract)] : codes;
        foreach (var code in Codes)
        {
            _codes.Add(code.Code);
            _coded.Add((code.System, code.Code));
        }

        _lookup = _codes.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>Name below <c>http://hl7.org/fhir/ValueSet/</c>, or a whole URL.</summary>
    public string Name { get; }

    /// <summary>The canonical URL, without a version.</summary>
    public string Url => Name.Contains(':', StringComparison.Ordinal) ? Name : "http://hl7.org/fhir/ValueSet/" + Name;

    /// <summary>The codes are not on board (UCUM, MIME types): membership cannot be decided.</summary>
    public bool IsOpen { get; }

    /// <summary>The codes that may be used.</summary>
    public IReadOnlyList<CodedValue> Codes { get; }

    /// <summary><see cref="Codes"/> and the abstract ones that group them.</summary>
    public IReadOnlyList<CodedValue> All { get; }

    /// <summary>The resource it was worked out from; null for a list of R4's bindings.</summary>
    public FhirResource? Source { get; internal init; }

    /// <summary>A value set by name or URL, a version suffix ignored; null when it is not on board.</summary>
    public static ValueSetDefinition? Find(string nameOrUrl) => FindR4(nameOrUrl) ?? Terminology.Default.Find(Canonical.Bare(nameOrUrl));

    /// <summary>As <see cref="Find"/>, only what R4 binds.</summary>
    internal static ValueSetDefinition? FindR4(string nameOrUrl)
    {
        if (Loaded.TryGetValue(nameOrUrl, out var set))
        {
            return set;
        }

        var bar = nameOrUrl.IndexOf('|', StringComparison.Ordinal);
        var name = bar < 0 ? nameOrUrl : nameOrUrl[..bar];
        const string Base = "http://hl7.org/fhir/ValueSet/";
        name = name.StartsWith(Base, StringComparison.Ordinal) ? name[Base.Length..] : name;
        return Blocks.Value.TryGetValue(name, out var block) ? Loaded.GetOrAdd(name, static (n, text) => Read(n, text), block) : null;
    }

    /// <summary>Names of the value sets of R4 that are on board.</summary>
    internal static IEnumerable<string> R4Names => Blocks.Value.Keys;

    /// <summary>Whether the set has this code of this system.</summary>
    public bool Contains(string? system, string code) => _coded.Contains((system ?? "", code));

    /// <summary>As <see cref="Contains"/>, abstract codes included.</summary>
    internal bool Has(string system, string code) => Contains(system, code) || (All.Count > Codes.Count && (_abstract ??= [.. All.Where(c => c.IsAbstract).Select(c => (c.System, c.Code))]).Contains((system, code)));

    /// <summary>Whether any system of the set has the code; for elements of type code.</summary>
    public bool ContainsCode(string code) => _codes.Contains(code);

    /// <summary>The system of a code that only one system of the set has; null otherwise.</summary>
    internal string? SystemOf(string code) => (_systems ??= ReadSystems()).GetValueOrDefault(code);

    private Dictionary<string, string?> ReadSystems()
    {
        var systems = new Dictionary<string, string?>(Codes.Count, StringComparer.Ordinal);
        foreach (var coded in Codes)
        {
            systems[coded.Code] = systems.TryGetValue(coded.Code, out var other) && other != coded.System ? null : coded.System;
        }

        return systems;
    }

    internal bool ContainsCode(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > 128)
        {
            return false;
        }

        Span<char> text = stackalloc char[128];
        return _lookup.Contains(text[..Encoding.UTF8.GetChars(utf8, text)]);
    }

    private static ValueSetDefinition Read(string name, string block)
    {
        var lines = block.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var codes = new List<CodedValue>();
        var system = "";
        foreach (var line in lines.Skip(1))
        {
            if (line[0] == '@')
            {
                system = line[1..];
                continue;
            }

            var cells = line.Split('\t');
            codes.Add(new CodedValue(system, DefinitionTable.Unescape(cells[0]), cells[1].Length == 0 ? null : DefinitionTable.Unescape(cells[1])));
        }

        return new ValueSetDefinition(name, lines[0].EndsWith("\topen", StringComparison.Ordinal), codes);
    }
}
