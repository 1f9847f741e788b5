using SecondOpinion.TestKit;
using Xunit;

namespace SecondOpinion.Fhir.Tests.Patch;

/// <summary>Rows of an official suite that stands beside the repository; one empty row, which skips or fails, when it is missing.</summary>
internal static class Suite
{
    public static TheoryData<string> Names(string relative, Func<string, IEnumerable<string>> read)
    {
        var path = Path.Combine(Repository.Root, "..", "shared", relative);
        return File.Exists(path) ? [.. read(path)] : [""];
    }

    public static string Open(string relative) => Requires.Shared(relative);
}
