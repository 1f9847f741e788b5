using SecondOpinion.Fhir;
using SecondOpinion.Storage.Model;

namespace SecondOpinion.Storage;

/// <summary>A version of a resource as it is stored.</summary>
/// <param name="TenantId">The owner.</param>
/// <param name="Json">Canonical UTF-8 JSON with id and meta; empty for a deletion.</param>
/// <param name="Method">POST, PUT, PATCH or DELETE.</param>
/// <param name="CanWrite">Whether the tenant that asked may write it: it owns it, or a case lets it.</param>
public sealed record StoredResource(
    long Key,
    string TenantId,
    string Type,
    string Id,
    int Version,
    DateTimeOffset LastUpdated,
    bool IsDeleted,
    string Method,
    ReadOnlyMemory<byte> Json,
    bool CanWrite)
{
    private static readonly FhirParseOptions Unlimited = new() { MaxLength = int.MaxValue, MaxDepth = 500, MaxNodes = int.MaxValue };

    public string Reference => Type + "/" + Id;

    /// <summary>The tree; parses the stored bytes.</summary>
    public FhirResource Parse() => Parse(Json);

    /// <summary>Of bytes that the server wrote: they were held to the limits of their sender, and id and meta made them a little larger.</summary>
    /// <exception cref="FhirException">They are damaged.</exception>
    internal static FhirResource Parse(ReadOnlyMemory<byte> json)
    {
        var result = FhirResource.TryParse(json, Unlimited);
        return result.Resource ?? throw new FhirException(result.Issues);
    }

    /// <summary>Of a row.</summary>
    public static StoredResource From(ResourceRow row, bool canWrite) =>
        new(row.Key, row.TenantId, row.Type, row.Id, row.Version, new DateTimeOffset(row.LastUpdated, TimeSpan.Zero), row.IsDeleted, row.Method, row.Json, canWrite);

    /// <inheritdoc cref="From(ResourceRow, bool)"/>
    public static StoredResource From(ResourceVersionRow row, bool canWrite) =>
        new(row.ResourceKey, row.TenantId, row.Type, row.Id, row.Version, new DateTimeOffset(row.LastUpdated, TimeSpan.Zero), row.IsDeleted, row.Method, row.Json, canWrite);
}

/// <summary>One write in a transaction: what was there before (null for a create) and what is there now.</summary>
public sealed record ResourceChange(StoredResource? Before, StoredResource After, FhirResource? Resource);
