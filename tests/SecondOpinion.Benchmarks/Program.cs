using SecondOpinion.Benchmarks;
using SecondOpinion.Benchmarks.Dicom;

// dotnet run -c Release --project tests/SecondOpinion.Benchmarks -- [SECTION...] [--samples FOLDER]
// Prints Markdown tables for docs/performance.md. Peers that are not installed show as "-".
var sections = new Dictionary<string, Action>(StringComparer.Ordinal)
{
    ["dicom"] = DataSetBenchmarks.Run,
};

var at = Array.IndexOf(args, "--samples");
if (at >= 0)
{
    Samples.Dicom = args[at + 1];
}

var chosen = args.Where((a, i) => !a.StartsWith("--", StringComparison.Ordinal) && (at < 0 || i != at + 1)).ToList();
if (chosen.FirstOrDefault(c => !sections.ContainsKey(c)) is { } unknown)
{
    Console.Error.WriteLine($"'{unknown}' is none of: {string.Join(", ", sections.Keys)}");
    return 2;
}

foreach (var (name, run) in sections)
{
    if (chosen.Count == 0 || chosen.Contains(name, StringComparer.Ordinal))
    {
        run();
    }
}

return 0;
