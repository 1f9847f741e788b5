using SecondOpinion.TestKit;

namespace SecondOpinion.Dicom.Tests;

/// <summary>Real files that stand beside the repository.</summary>
public static class SampleFiles
{
    public static string Folder => Requires.Shared("samples/dicom");

    /// <summary>Every file that is DICOM by its first bytes or its name.</summary>
    public static IEnumerable<string> All() =>
        Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories).Where(IsDicom).Order(StringComparer.Ordinal);

    private static bool IsDicom(string path)
    {
        if (Path.GetFileName(path).EndsWith(".dcm", StringComparison.Ordinal))
        {
            return true;
        }

        using var stream = File.OpenRead(path);
        var head = new byte[132];
        return stream.ReadAtLeast(head, 132, throwOnEndOfStream: false) == 132 && head.AsSpan(128).SequenceEqual("DICM"u8);
    }
}
