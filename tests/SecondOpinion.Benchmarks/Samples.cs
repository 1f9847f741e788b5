namespace SecondOpinion.Benchmarks;

/// <summary>Where the data lie: the sample files beside the repository, or a folder given with <c>--samples</c>.</summary>
internal static class Samples
{
    public static string Repository { get; } = FindRepository();

    public static string Dicom { get; set; } = Path.Combine(Repository, "..", "shared", "samples", "dicom");

    /// <summary>The files of a folder tree in ordinal order of their paths, at most so large.</summary>
    public static IReadOnlyList<(string Path, byte[] Bytes)> Files(string folder, long maxBytes) =>
        [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(f => new FileInfo(f).Length <= maxBytes)
            .Order(StringComparer.Ordinal)
            .Select(f => (f, File.ReadAllBytes(f)))];

    private static string FindRepository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "SecondOpinion.Interop.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("Run the benchmarks from a build inside the repository.");
    }
}
