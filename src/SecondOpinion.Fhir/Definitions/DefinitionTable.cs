using System.Text;

namespace SecondOpinion.Fhir.Tables;

/// <summary>Reads the tab-separated tables that tools/fhir-definitions writes.</summary>
internal static class DefinitionTable
{
    /// <summary>The rows of a table without comments; cells are still escaped.</summary>
    public static IEnumerable<string[]> Rows(string name)
    {
        using var reader = new StreamReader(Open(name), Encoding.UTF8);
        while (reader.ReadLine() is { } line)
        {
            if (line.Length > 0 && line[0] != '#')
            {
                yield return line.Split('\t');
            }
        }
    }

    /// <summary>The table's text split at the lines that begin with "=": name behind it to the whole block, header line included.</summary>
    public static Dictionary<string, string> Blocks(string name)
    {
        using var reader = new StreamReader(Open(name), Encoding.UTF8);
        var text = reader.ReadToEnd();
        var blocks = new Dictionary<string, string>(512, StringComparer.Ordinal);
        var start = text.IndexOf("\n=", StringComparison.Ordinal) + 1;
        while (start > 0)
        {
            var next = text.IndexOf("\n=", start, StringComparison.Ordinal);
            var block = next < 0 ? text[start..] : text[start..(next + 1)];
            blocks[block[1..block.IndexOf('\t', StringComparison.Ordinal)]] = block;
            start = next < 0 ? 0 : next + 1;
        }

        return blocks;
    }

    public static string Unescape(string cell)
    {
        if (!cell.Contains('\\', StringComparison.Ordinal))
        {
            return cell;
        }

        var builder = new StringBuilder(cell.Length);
        for (var i = 0; i < cell.Length; i++)
        {
            builder.Append(cell[i] == '\\' && i + 1 < cell.Length ? cell[++i] switch { 't' => '\t', 'n' => '\n', var c => c } : cell[i]);
        }

        return builder.ToString();
    }

    private static Stream Open(string name) =>
        typeof(DefinitionTable).Assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"Embedded table {name} is missing");
}
