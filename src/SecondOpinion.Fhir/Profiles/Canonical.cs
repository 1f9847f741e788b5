namespace SecondOpinion.Fhir.Conformance;

/// <summary>Canonical URLs (FHIR R4 references.html#canonical).</summary>
internal static class Canonical
{
    public const string StructureDefinition = "http://hl7.org/fhir/StructureDefinition/";

    /// <summary>The URL without <c>|version</c>.</summary>
    public static string Bare(string url)
    {
        var end = url.IndexOf('|', StringComparison.Ordinal);
        return end < 0 ? url : url[..end];
    }

    /// <summary>Whether the URL, which may end in <c>|version</c>, is that of the resource; a resource without a version answers to any.</summary>
    public static bool Names(string url, FhirResource resource)
    {
        var bare = Bare(url);
        return resource.Root.Text("url") == bare && (bare.Length == url.Length || resource.Root.Text("version") is not { } version || url.AsSpan(bare.Length + 1).SequenceEqual(version));
    }

    /// <summary>The type whose base definition the URL is; null for profiles and unknown types.</summary>
    public static string? BaseType(string url)
    {
        url = Bare(url);
        return url.StartsWith(StructureDefinition, StringComparison.Ordinal) && url.Length - StructureDefinition.Length is > 0 and < 60 && Definitions.Type(url[StructureDefinition.Length..]) is { } type
            && type.Name == url[StructureDefinition.Length..] ? type.Name : null;
    }
}
