using System.Text;
using SecondOpinion.Fhir.Tables;

namespace SecondOpinion.Fhir.Conformance;

/// <summary>The profiles and extensions that R4 itself defines, as differentials; each is parsed when first asked for.</summary>
internal static class R4Artefacts
{
    private static readonly Lazy<Dictionary<string, Lazy<FhirResource>>> Known = new(() => DefinitionTable.Rows("profiles.tsv").ToDictionary(
        row => row[0],
        row => new Lazy<FhirResource>(() => FhirResource.Parse(Encoding.UTF8.GetBytes(row[1]))),
        StringComparer.Ordinal));

    /// <summary>A definition by its URL (no version); null when R4 has none of that URL.</summary>
    public static FhirResource? Find(string url) =>
        url.StartsWith("http://hl7.org/fhir/", StringComparison.Ordinal) && Known.Value.TryGetValue(url, out var definition) ? definition.Value : null;
}
