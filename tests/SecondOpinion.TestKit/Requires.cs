using System.Runtime.InteropServices;
using Xunit;

namespace SecondOpinion.TestKit;

/// <summary>
/// Preconditions of a test that needs something from outside: skipped with a reason on a developer's machine, a failure in CI
/// (<c>CI=true</c>), so that a missing tool never hides a broken feature.
/// </summary>
public static class Requires
{
    public static bool InCi => string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase);

    /// <summary>The full path of a program on PATH; the test is skipped (locally) or fails (CI) when it is missing.</summary>
    public static string Tool(string name)
    {
        foreach (var folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator))
        {
            var path = Path.Combine(folder, name);
            if (folder.Length > 0 && File.Exists(path))
            {
                return path;
            }
        }

        Missing($"program '{name}' is not installed");
        return "";
    }

    /// <summary>A folder or file below the samples that stand beside the repository (<c>../shared</c>), for example <c>samples/dicom</c>.</summary>
    public static string Shared(string relative)
    {
        var path = Path.Combine(Repository.Root, "..", "shared", relative);
        if (!Path.Exists(path))
        {
            Missing($"'{relative}' is not beside the repository");
        }

        return Path.GetFullPath(path);
    }

    /// <summary>A native library; the test is skipped (locally) or fails (CI) when it cannot be loaded.</summary>
    /// <param name="files">Its file on each system.</param>
    public static void Library(string name, params ReadOnlySpan<string> files)
    {
        foreach (var file in files)
        {
            if (NativeLibrary.TryLoad(file, out _))
            {
                return;
            }
        }

        Missing($"library '{name}' is not installed");
    }

    /// <summary>Skips locally, fails in CI.</summary>
    public static void Missing(string what)
    {
        if (InCi)
        {
            Assert.Fail($"CI must not skip: {what}.");
        }

        Assert.Skip(what);
    }
}

/// <summary>Where the repository is.</summary>
public static class Repository
{
    public static string Root { get; } = Find();

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "SecondOpinion.Interop.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException("No SecondOpinion.Interop.sln above " + AppContext.BaseDirectory);
    }
}
