using System.IO.Compression;
using System.Text;
using SecondOpinion.Fhir;

namespace SecondOpinion.Benchmarks.Fhir;

/// <summary>The example instances of FHIR R4, or the resources of a folder given with <c>--examples</c>, of at most 20 kB; and the examples of our own profiles.</summary>
internal static class ExampleFiles
{
    private const int MaxFile = 20_000;

    /// <summary>Null for the instances packed with the tests.</summary>
    public static string? Folder { get; set; }

    public static IReadOnlyList<byte[]> All() => [.. (Folder is null ? Packed() : Samples.Files(Folder, MaxFile).Where(f => f.Path.EndsWith(".json", StringComparison.Ordinal)).Select(f => f.Bytes))
        .Where(bytes => bytes.Length <= MaxFile && FhirResource.TryParse(bytes).Resource is not null)];

    public static IReadOnlyList<byte[]> OfOurProfiles() => [.. Samples.Files(Path.Combine(Samples.Repository, "profiles", "generated"), MaxFile)
        .Select(f => f.Bytes)
        .Where(bytes => FhirResource.TryParse(bytes).Resource?.Root["meta"]["profile"].Exists == true)];

    private static IEnumerable<byte[]> Packed()
    {
        using var file = File.OpenRead(Path.Combine(Samples.Repository, "tests", "SecondOpinion.Fhir.Tests", "Data", "r4-examples.txt.gz"));
        using var reader = new StreamReader(new GZipStream(file, CompressionMode.Decompress), Encoding.UTF8);
        while (reader.ReadLine() is { } line)
        {
            yield return Encoding.UTF8.GetBytes(line[(line.IndexOf('\t', StringComparison.Ordinal) + 1)..]);
        }
    }
}
