namespace SecondOpinion.Storage.Blobs;

/// <summary>Where blobs in the making are written: one folder, emptied at start.</summary>
internal static class TemporaryFile
{
    private const string Suffix = ".tmp";

    // An array of 85,000 bytes or more would be of the large object heap: one for each instance stored.
    private const int BufferSize = 64 << 10;

    public static FileStream Create(string folder, string blobId) => new(
        PathOf(folder, blobId),
        new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.Read | FileShare.Delete, BufferSize = BufferSize, Options = FileOptions.None });

    public static string PathOf(string folder, string blobId) => Path.Combine(folder, blobId + Suffix);

    /// <summary>Removes what a process that died left; only files last written before a time, since another process may be at work.</summary>
    public static int Sweep(string folder, DateTimeOffset before)
    {
        if (!Directory.Exists(folder))
        {
            return 0;
        }

        var old = Directory.EnumerateFiles(folder, "*" + Suffix).Where(f => File.GetLastWriteTimeUtc(f) < before.UtcDateTime).ToList();
        foreach (var file in old)
        {
            File.Delete(file);
        }

        return old.Count;
    }
}
