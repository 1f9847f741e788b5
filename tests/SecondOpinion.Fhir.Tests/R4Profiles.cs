using System.IO.Compression;
using System.Text;

namespace SecondOpinion.Fhir.Tests;

/// <summary>The profiles and extensions of the FHIR R4 package, packed by tools/fhir-definitions/profiles.mjs; by URL.</summary>
public static class R4Profiles
{
    private static readonly Lazy<IReadOnlyDictionary<string, FhirResource>> Loaded = new(() =>
    {
        using var packed = typeof(R4Profiles).Assembly.GetManifestResourceStream("r4-profiles.txt.gz")!;
        using var reader = new StreamReader(new GZipStream(packed, CompressionMode.Decompress), Encoding.UTF8);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(FhirResource.Parse).ToDictionary(r => r.Root.Text("url")!, StringComparer.Ordinal);
    });

    public static IReadOnlyDictionary<string, FhirResource> All => Loaded.Value;
}
