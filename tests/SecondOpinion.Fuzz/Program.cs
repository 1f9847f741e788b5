using System.Diagnostics;
using System.Globalization;
using SecondOpinion.Dicom;
using SecondOpinion.Fuzz;
using SecondOpinion.Fuzz.Targets;

// dotnet run --project tests/SecondOpinion.Fuzz -- dicom|dicom-json|dicom-xml|image|foreign|fhir-json|fhir-xml|fhir-validate|fhir-search|fhir-query|fhir-patch|fhirpath [CASES] [SEED] [--corpus FOLDER]
// dotnet run --project tests/SecondOpinion.Fuzz -- TARGET FILE                     runs one saved input
// Exit code 1 after a failure; its input is saved in the temporary folder and named.
const int MaxInput = 96 << 10;

Action<byte[]>? target = args.FirstOrDefault() switch
{
    "dicom" => DicomTarget.Run,
    "dicom-json" => DicomTarget.Json,
    "dicom-xml" => DicomTarget.Xml,
    "image" => ImageTarget.Run,
    "foreign" => ImageTarget.Foreign,
    var name => FhirTargets.Find(name),
};
if (target is null)
{
    Console.Error.WriteLine("Usage: dicom|dicom-json|dicom-xml|image|foreign|fhir-json|fhir-xml|fhir-validate|fhir-search|fhir-query|fhir-patch|fhirpath [CASES] [SEED] [--corpus FOLDER], or TARGET FILE");
    return 2;
}

if (args.Length > 1 && File.Exists(args[1]))
{
    target(File.ReadAllBytes(args[1]));
    return 0;
}

var cases = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 10_000;
var seed = args.Length > 2 && args[2] != "--corpus" ? int.Parse(args[2], CultureInfo.InvariantCulture) : 1;
var at = Array.IndexOf(args, "--corpus");
var corpus = at >= 0 ? Folder(args[at + 1], _ => true) : Corpus(args[0]);
if (corpus.Count == 0)
{
    Console.Error.WriteLine("The corpus is empty: name a folder with --corpus.");
    return 2;
}

var next = FhirMutator.For(args[0], corpus, seed) ?? new Mutator(corpus, seed).Next;
var watch = Stopwatch.StartNew();
var slowest = TimeSpan.Zero;
var failures = new Dictionary<string, int>();
for (var number = 0; number < cases; number++)
{
    var input = next();
    var start = watch.Elapsed;
    try
    {
        target(input);
    }
    catch (Exception e)
    {
        Report(e, input, number);
    }

    var took = watch.Elapsed - start;
    if (took > slowest)
    {
        slowest = took;
        Save(input, "slowest");
    }
}

Console.WriteLine($"{cases} cases of {args[0]} from {corpus.Count} inputs in {watch.Elapsed.TotalSeconds:F0} s, slowest {slowest.TotalMilliseconds:F0} ms, {failures.Values.Sum()} failures of {failures.Count} kinds");
return failures.Count == 0 ? 0 : 1;

void Report(Exception e, byte[] input, int number)
{
    var kind = e.GetType().Name + " " + (e is FuzzFailureException ? e.Message[..Math.Min(30, e.Message.Length)] : (e.StackTrace ?? "").Split('\n')[0].Trim());
    failures[kind] = failures.GetValueOrDefault(kind) + 1;
    if (failures[kind] == 1)
    {
        Console.WriteLine($"case {number}: {kind}\n  {e.Message}\n  {Save(input, number.ToString(CultureInfo.InvariantCulture))}");
    }
}

string Save(byte[] input, string name)
{
    var path = Path.Combine(Path.GetTempPath(), $"fuzz-{args[0]}-{seed}-{name}.bin");
    File.WriteAllBytes(path, input);
    return path;
}

static List<byte[]> Corpus(string target)
{
    var root = new DirectoryInfo(AppContext.BaseDirectory);
    while (root is not null && !File.Exists(Path.Combine(root.FullName, "SecondOpinion.Interop.sln")))
    {
        root = root.Parent;
    }

    var repository = root?.FullName ?? ".";
    var samples = Path.Combine(repository, "..", "shared", "samples", "dicom");
    return target switch
    {
        "image" => Folder(samples, bytes => bytes.AsSpan().IndexOf("1.2.840.10008.1.2.4.9"u8) < 0),
        "dicom-json" => [.. DataSets(samples).Select(d => DicomJson.ToArray(d, DicomTarget.WithReferences))],
        "dicom-xml" => [.. DataSets(samples).Select(d => DicomXml.ToArray(d, DicomTarget.WithReferences))],
        "foreign" => Folder(Path.Combine(repository, "docs"), _ => true),
        "dicom" => Folder(samples, _ => true),
        _ => FhirCorpus.Of(target, repository),
    };
}

static IEnumerable<DicomDataset> DataSets(string folder)
{
    const int maxFile = 8 << 10;
    foreach (var bytes in Folder(folder, b => b.Length < maxFile))
    {
        DicomDataset? dataset = null;
        try
        {
            dataset = DicomFile.Read(bytes).Dataset;
        }
        catch (DicomException)
        {
            // Not every file of the folder is DICOM.
        }

        if (dataset is not null)
        {
            yield return dataset;
        }
    }
}

static List<byte[]> Folder(string folder, Func<byte[], bool> condition) =>
    !Directory.Exists(folder)
        ? []
        : [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Where(f => new FileInfo(f).Length is > 0 and < MaxInput).Select(File.ReadAllBytes).Where(condition)];
