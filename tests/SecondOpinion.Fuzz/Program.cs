using System.Diagnostics;
using System.Globalization;
using SecondOpinion.Dicom.Imaging;
using SecondOpinion.Fuzz;

// dotnet run -c Release --project tests/SecondOpinion.Fuzz -- TARGET [CASES] [SEED] [--corpus FOLDER]
// dotnet run -c Release --project tests/SecondOpinion.Fuzz -- TARGET FILE           runs one saved input
// Exit code 1 after a failure; its input is saved in the temporary folder and named.
if (args is ["codec-worker", ..])
{
    using var input = Console.OpenStandardInput();
    using var output = Console.OpenStandardOutput();
    return CodecWorker.Run(input, output);
}

if (FuzzTarget.All.FirstOrDefault(t => t.Name == args.FirstOrDefault()) is not { } target)
{
    Console.Error.WriteLine($"Usage: {string.Join('|', FuzzTarget.All.Select(t => t.Name))} [CASES] [SEED] [--corpus FOLDER], or TARGET FILE");
    return 2;
}

CodecWorkerPool.Configure(new CodecWorkerOptions { MaxWorkers = 1, MemoryLimit = 1L << 29 });
if (args.Length > 1 && File.Exists(args[1]))
{
    Console.WriteLine($"{FuzzCase.Run(target.Run, File.ReadAllBytes(args[1])).TotalMilliseconds:F0} ms of CPU");
    return 0;
}

var cases = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 10_000;
var seed = args.Length > 2 && args[2] != "--corpus" ? int.Parse(args[2], CultureInfo.InvariantCulture) : 1;
var at = Array.IndexOf(args, "--corpus");
var corpus = at >= 0 ? FuzzTarget.Folder(args[at + 1]) : target.Corpus(Repository());
if (corpus.Count == 0)
{
    Console.Error.WriteLine("The corpus is empty: name a folder with --corpus.");
    return 2;
}

foreach (var good in corpus)
{
    target.Run(good); // also compiles the code, so that no case pays for it
}

var next = FhirMutator.For(target.Name, corpus, seed) ?? new Mutator(corpus, seed).Next;
var watch = Stopwatch.StartNew();
var slowest = TimeSpan.Zero;
var failures = new Dictionary<string, int>();
for (var number = 0; number < cases; number++)
{
    var input = next();
    try
    {
        var took = FuzzCase.Run(target.Run, input);
        if (took > slowest)
        {
            slowest = took;
            Save(input, "slowest");
        }
    }
    catch (Exception e)
    {
        Report(e, input, number);
    }
}

Console.WriteLine($"{cases} cases of {target.Name} (seed {seed}) from {corpus.Count} inputs in {watch.Elapsed.TotalSeconds:F0} s, slowest {slowest.TotalMilliseconds:F0} ms of CPU, {failures.Values.Sum()} failures of {failures.Count} kinds");
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
    var path = Path.Combine(Path.GetTempPath(), $"fuzz-{target.Name}-{seed}-{name}.bin");
    File.WriteAllBytes(path, input);
    return path;
}

static string Repository()
{
    var root = new DirectoryInfo(AppContext.BaseDirectory);
    while (root is not null && !File.Exists(Path.Combine(root.FullName, "SecondOpinion.Interop.sln")))
    {
        root = root.Parent;
    }

    return root?.FullName ?? ".";
}
