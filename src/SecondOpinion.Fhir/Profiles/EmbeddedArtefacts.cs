using System.Collections.Concurrent;

namespace SecondOpinion.Fhir.Conformance;

/// <summary>The compiled artefacts of profiles/generated, by type and id; each is parsed when first asked for.</summary>
internal static class EmbeddedArtefacts
{
    public const string Base = "https://secondopinion.example/fhir/";

    private const string Prefix = "profiles/";
    private static readonly ConcurrentDictionary<string, FhirResource> Loaded = new(StringComparer.Ordinal);

    private static readonly Lazy<HashSet<string>> Names = new(() => typeof(EmbeddedArtefacts).Assembly.GetManifestResourceNames()
        .Where(n => n.StartsWith(Prefix, StringComparison.Ordinal))
        .Select(n => n[Prefix.Length..^".json".Length])
        .ToHashSet(StringComparer.Ordinal));

    /// <summary>Canonical URLs of all artefacts of a type, sorted.</summary>
    public static IEnumerable<string> Urls(string type) =>
        Names.Value.Where(n => n.StartsWith(type + "-", StringComparison.Ordinal)).Order(StringComparer.Ordinal).Select(n => Base + type + "/" + n[(type.Length + 1)..]);

    /// <summary>An artefact by type and canonical URL (no version); null when there is none.</summary>
    public static FhirResource? Find(string type, string url)
    {
        if (!url.StartsWith(Base, StringComparison.Ordinal) || !url.AsSpan(Base.Length).StartsWith(type) || url.Length <= Base.Length + type.Length + 1 || url[Base.Length + type.Length] != '/')
        {
            return null;
        }

        var name = type + "-" + url[(Base.Length + type.Length + 1)..];
        if (!Names.Value.Contains(name))
        {
            return null;
        }

        return Loaded.GetOrAdd(name, static n =>
        {
            using var stream = typeof(EmbeddedArtefacts).Assembly.GetManifestResourceStream(Prefix + n + ".json")!;
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return FhirResource.Parse(bytes);
        });
    }
}
