using System.Globalization;
using Microsoft.Extensions.Primitives;
using SecondOpinion.Fhir;
using SecondOpinion.Storage;

namespace SecondOpinion.FhirRest.Edge;

/// <summary>The conditions a request or a bundle entry sets on versions (FHIR R4 http.html#concurrency, http.html#cond-read).</summary>
internal sealed record Conditions(string? IfMatch = null, string? IfNoneMatch = null, DateTimeOffset? IfModifiedSince = null, string? IfNoneExist = null)
{
    public static Conditions None { get; } = new();

    public static string ETag(int version) => string.Create(CultureInfo.InvariantCulture, $"W/\"{version}\"");

    /// <summary>412 unless the current version is one that If-Match names; null when it is, or nothing is asked.</summary>
    public Refusal? CheckMatch(StoredResource? current)
    {
        if (IfMatch is null)
        {
            return null;
        }

        if (current is null || current.IsDeleted || !Names(IfMatch, current.Version))
        {
            var found = current is null || current.IsDeleted ? "there is no current version" : $"the current version is {ETag(current.Version)}";
            return Refusal.Of(RefusalKind.PreconditionFailed, "conflict", $"If-Match {IfMatch} does not hold: {found}", "if-match");
        }

        return null;
    }

    /// <summary>412 when If-None-Match on a write names what exists.</summary>
    public Refusal? CheckNoneMatch(StoredResource? current) =>
        IfNoneMatch is not null && current is { IsDeleted: false } && Names(IfNoneMatch, current.Version)
            ? Refusal.Of(RefusalKind.PreconditionFailed, "conflict", $"If-None-Match {IfNoneMatch} does not hold: the current version is {ETag(current.Version)}", "if-none-match")
            : null;

    /// <summary>Whether a read may be answered by 304. If-None-Match goes before If-Modified-Since (RFC 9110 13.2.2).</summary>
    public bool IsNotModified(StoredResource current)
    {
        if (IfNoneMatch is not null)
        {
            return Names(IfNoneMatch, current.Version);
        }

        // HTTP dates have whole seconds.
        return IfModifiedSince is { } since && current.LastUpdated.ToUnixTimeSeconds() <= since.ToUnixTimeSeconds();
    }

    /// <summary>Whether a list of entity tags names a version; weak comparison, quotes may be missing.</summary>
    private static bool Names(string tags, int version)
    {
        foreach (var part in tags.Split(','))
        {
            var tag = part.AsSpan().Trim();
            if (tag is "*")
            {
                return true;
            }

            if (tag.StartsWith("W/", StringComparison.OrdinalIgnoreCase))
            {
                tag = tag[2..];
            }

            if (int.TryParse(tag.Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var named) && named == version)
            {
                return true;
            }
        }

        return false;
    }

    public static string? Header(StringValues values) => values.Count == 0 || string.IsNullOrWhiteSpace(values.ToString()) ? null : values.ToString().Trim();
}
