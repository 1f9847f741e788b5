using System.IO.Compression;
using System.Text;

namespace SecondOpinion.Fhir.Tests;

/// <summary>The example instances of the FHIR R4 package, packed by tools/fhir-definitions/examples.mjs.</summary>
public static class Examples
{
    private static readonly Lazy<IReadOnlyDictionary<string, byte[]>> Loaded = new(Load);

    public static IReadOnlyDictionary<string, byte[]> All => Loaded.Value;

    public static FhirResource Get(string name) => FhirResource.Parse(All[name]);

    private static Dictionary<string, byte[]> Load()
    {
        using var packed = typeof(Examples).Assembly.GetManifestResourceStream("r4-examples.txt.gz")!;
        using var reader = new StreamReader(new GZipStream(packed, CompressionMode.Decompress), Encoding.UTF8);
        var all = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        while (reader.ReadLine() is { } line)
        {
            var tab = line.IndexOf('\t', StringComparison.Ordinal);
            all[line[..tab]] = Encoding.UTF8.GetBytes(line[(tab + 1)..]);
        }

        return all;
    }
}
