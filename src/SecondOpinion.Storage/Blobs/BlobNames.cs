using System.Buffers;

namespace SecondOpinion.Storage.Blobs;

/// <summary>
/// Names of blobs: 32 lower-case hexadecimal digits made by the server, of which the first twelve are the time in milliseconds (RFC 9562 5.7). The folders
/// are slices of time, 4.7 hours and 66 seconds: what arrives together lies together, and one flush of a folder serves all of it.
/// </summary>
internal static class BlobNames
{
    private const int Length = 32;
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789abcdef");

    public static string New() => Guid.CreateVersion7().ToString("N");

    public static bool IsValid(string blobId) => blobId.Length == Length && !blobId.AsSpan().ContainsAnyExcept(Digits);

    /// <summary>Relative path or key. A name from a damaged database leads nowhere else.</summary>
    /// <exception cref="FileNotFoundException">The name is none that a store gives.</exception>
    public static string Key(string blobId) => IsValid(blobId)
        ? $"{blobId.AsSpan(0, 6)}/{blobId.AsSpan(6, 2)}/{blobId}"
        : throw new FileNotFoundException("No blob has such a name");
}
