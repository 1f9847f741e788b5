using SecondOpinion.Benchmarks;
using SecondOpinion.Benchmarks.Dicom;
using SecondOpinion.Benchmarks.Imaging;

if (args is ["codec-worker"])
{
    using var input = Console.OpenStandardInput();
    using var output = Console.OpenStandardOutput();
    return SecondOpinion.Dicom.Imaging.Jpeg2000Worker.Run(input, output);
}

// dotnet run -c Release --project tests/SecondOpinion.Benchmarks -- [SECTION...] [--samples FOLDER]
// Prints Markdown tables for docs/performance.md. Peers that are not installed show as "-".
var sections = new Dictionary<string, Action>(StringComparer.Ordinal)
{
    ["dicom"] = DataSetBenchmarks.Run,
    ["imaging"] = CodecBenchmarks.Run,
    ["rendering"] = RenderBenchmarks.Run,
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
