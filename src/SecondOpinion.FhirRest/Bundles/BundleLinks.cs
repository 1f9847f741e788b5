using System.Globalization;
using SecondOpinion.FhirRest.Edge;

namespace SecondOpinion.FhirRest.Bundles;

/// <summary>
/// What the fullUrls of a transaction become (FHIR R4 http.html#trules): temporary urns, absolute URLs, and references relative to them, with or without a version
/// or a fragment.
/// </summary>
internal sealed class BundleLinks
{
    private readonly Dictionary<string, (string Reference, int Version)> _map = new(StringComparer.Ordinal);

    public bool IsEmpty => _map.Count == 0;

    /// <summary>Says that an entry became <paramref name="reference"/> (<c>Type/id</c>). False when the fullUrl stands for something else already.</summary>
    public bool TryAdd(string? fullUrl, string reference, int version)
    {
        if (string.IsNullOrEmpty(fullUrl))
        {
            return true;
        }

        if (!_map.TryAdd(fullUrl, (reference, version)))
        {
            return _map[fullUrl].Reference == reference;
        }

        // A RESTful fullUrl is what relative references in its neighbours mean: http://x/Patient/7 and Patient/7.
        if (!fullUrl.StartsWith("urn:", StringComparison.Ordinal) && Relative(fullUrl) is { } relative && relative != fullUrl)
        {
            _map.TryAdd(relative, (reference, version));
        }

        return true;
    }

    /// <summary>The link as it must be stored; null when it is none of the Bundle's.</summary>
    public string? Map(string link)
    {
        if (link.Length == 0 || link[0] == '#')
        {
            return null;
        }

        var hash = link.IndexOf('#', StringComparison.Ordinal);
        var fragment = hash < 0 ? "" : link[hash..];
        var target = hash < 0 ? link : link[..hash];
        if (_map.TryGetValue(target, out var found))
        {
            return found.Reference + fragment;
        }

        var history = target.LastIndexOf("/_history/", StringComparison.Ordinal);
        return history > 0 && _map.TryGetValue(target[..history], out found)
            ? string.Create(CultureInfo.InvariantCulture, $"{found.Reference}/_history/{found.Version}{fragment}")
            : null;
    }

    private static string? Relative(string url)
    {
        var parts = url.Split('/');
        return parts.Length >= 2 && Types.IsSupported(parts[^2]) ? parts[^2] + "/" + parts[^1] : null;
    }
}
