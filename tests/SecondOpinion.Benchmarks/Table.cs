using System.Globalization;

namespace SecondOpinion.Benchmarks;

/// <summary>Prints a Markdown table row by row, as rows come in.</summary>
internal sealed class Table
{
    private readonly int _columns;

    public Table(string title, params string[] columns)
    {
        _columns = columns.Length;
        Console.WriteLine();
        Console.WriteLine("### " + title);
        Console.WriteLine("| " + string.Join(" | ", columns) + " |");
        Console.WriteLine("|---|" + string.Concat(Enumerable.Repeat("--:|", _columns - 1)));
    }

    public void Row(params string[] cells) => Console.WriteLine("| " + string.Join(" | ", cells) + " |");

    /// <summary>Three significant digits; "-" for what could not be measured.</summary>
    public static string Number(double? value) => value switch
    {
        null => "-",
        >= 100 => value.Value.ToString("F0", CultureInfo.InvariantCulture),
        >= 10 => value.Value.ToString("F1", CultureInfo.InvariantCulture),
        _ => value.Value.ToString("F2", CultureInfo.InvariantCulture),
    };
}
