using SecondOpinion.Benchmarks;
using SecondOpinion.Benchmarks.Dicom;
using SecondOpinion.Benchmarks.Fhir;
using SecondOpinion.Benchmarks.Imaging;

if (args is ["codec-worker"])
{
    using var input = Console.OpenStandardInput();
    using var output = Console.OpenStandardOutput();
    return SecondOpinion.Dicom.Imaging.CodecWorker.Run(input, output);
}

// dotnet run -c Release --project tests/SecondOpinion.Benchmarks -- [SECTION...] [--samples FOLDER] [--examples FOLDER] [--npm FOLDER]
// Prints Markdown tables for docs/performance.md. Peers that are not installed show as "-".
var sections = new Dictionary<string, Action>(StringComparer.Ordinal)
{
    ["dicom"] = DataSetBenchmarks.Run,
    ["imaging"] = CodecBenchmarks.Run,
    ["rendering"] = RenderBenchmarks.Run,
    ["fhir"] = ResourceBenchmarks.Run,
    ["fhir-package"] = PackageCheck.Run,
};

Samples.Dicom = Option("--samples") ?? Samples.Dicom;
ExampleFiles.Folder = Option("--examples");
NodePeer.Folder = Option("--npm");

var chosen = args.Where((a, i) => !a.StartsWith("--", StringComparison.Ordinal) && (i == 0 || !args[i - 1].StartsWith("--", StringComparison.Ordinal))).ToList();
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

string? Option(string name) => Array.IndexOf(args, name) is var at and >= 0 ? args[at + 1] : null;
