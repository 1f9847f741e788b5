using System.Globalization;

namespace SecondOpinion.Fhir.Tables;

/// <summary>Builds a type from its block of elements.tsv.</summary>
internal static class TypeReader
{
    public static TypeDefinition Read(string block)
    {
        var lines = block.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var head = lines[0][1..].Split('\t');
        var kind = head[1] switch { "resource" => TypeKind.Resource, "primitive-type" => TypeKind.Primitive, _ => TypeKind.Complex };
        var baseType = head[3].Length == 0 ? null : Definitions.Type(head[3]);
        var rows = lines.Skip(1).Select(l => l.Split('\t')).ToList();
        return Build(head[0], head[0], kind, head[2].Length > 0, baseType, Keys(head[4]), rows, "");
    }

    private static TypeDefinition Build(
        string name, string path, TypeKind kind, bool isAbstract, TypeDefinition? baseType, IReadOnlyList<string> invariants, List<string[]> rows, string prefix)
    {
        var elements = new List<ElementDefinition>(baseType?.Elements ?? []);
        foreach (var row in rows)
        {
            if (!row[0].StartsWith(prefix, StringComparison.Ordinal) || row[0].AsSpan(prefix.Length).Contains('.'))
            {
                continue;
            }

            var element = ReadElement(row, path, prefix);
            var below = row[0] + ".";
            if (rows.Exists(r => r[0].StartsWith(below, StringComparison.Ordinal)))
            {
                var type = element.Types[0].Code;
                element.Backbone = Build(type, $"{path}.{element.Name}", TypeKind.Backbone, false, Definitions.Type(type), [], rows, below);
            }

            var inherited = elements.FindIndex(e => e.Name == element.Name);
            if (inherited >= 0)
            {
                elements[inherited] = element;
            }
            else
            {
                elements.Add(element);
            }
        }

        return new TypeDefinition(name, path, kind, isAbstract, baseType, invariants, elements);
    }

    private static ElementDefinition ReadElement(string[] row, string parentPath, string prefix)
    {
        var name = row[0][prefix.Length..];
        var isChoice = name.EndsWith("[x]", StringComparison.Ordinal);
        var dots = row[1].IndexOf("..", StringComparison.Ordinal);
        var binding = row[4].Split(' ');
        return new ElementDefinition(isChoice ? name[..^3] : name, $"{parentPath}.{name}")
        {
            Min = int.Parse(row[1].AsSpan(0, dots), CultureInfo.InvariantCulture),
            Max = row[1].EndsWith('*') ? int.MaxValue : int.Parse(row[1].AsSpan(dots + 2), CultureInfo.InvariantCulture),
            IsChoice = isChoice,
            ContentReference = row[2].StartsWith('@') ? row[2][1..] : null,
            Types = row[2].StartsWith('@') ? [] : [.. row[2].Split(',').Select(ReadType)],
            IsSummary = row[3].Contains('S', StringComparison.Ordinal),
            IsModifier = row[3].Contains('M', StringComparison.Ordinal),
            IsXmlAttribute = row[3].Contains('A', StringComparison.Ordinal),
            Binding = binding[0].Length == 0 ? BindingStrength.None : Enum.Parse<BindingStrength>(binding[0], ignoreCase: true),
            ValueSet = binding.Length > 1 ? binding[1] : null,
            MaxValueSet = binding.Length > 3 ? binding[3] : null,
            Invariants = Keys(row[5]),
        };
    }

    private static ElementType ReadType(string text)
    {
        string? profile = null;
        var brace = text.IndexOf('{', StringComparison.Ordinal);
        if (brace >= 0)
        {
            profile = text[(brace + 1)..^1];
            text = text[..brace];
        }

        var parenthesis = text.IndexOf('(', StringComparison.Ordinal);
        return parenthesis < 0
            ? new ElementType(text, [], profile)
            : new ElementType(text[..parenthesis], text[(parenthesis + 1)..^1].Split('|'), profile);
    }

    private static string[] Keys(string cell) => cell.Length == 0 ? [] : cell.Split(',');
}
