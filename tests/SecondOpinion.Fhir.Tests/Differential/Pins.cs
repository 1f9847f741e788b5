using Xunit;

namespace SecondOpinion.Fhir.Tests.Differential;

/// <summary>
/// What other programs answered (Data/differential, made by tools/differential), and the answers in which this library differs from them on purpose
/// (disagreements.tsv, written by hand: kind, what, our answer, why ours).
/// </summary>
internal static class Pins
{
    private static readonly Lazy<List<string[]>> Disagreements = new(() => [.. Rows("disagreements.tsv")]);

    /// <summary>The rows of a table, cells split at tabs.</summary>
    public static IEnumerable<string[]> Rows(string table)
    {
        using var stream = typeof(Pins).Assembly.GetManifestResourceStream("differential/" + table)!;
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            if (line.Length > 0 && !line.StartsWith('#'))
            {
                yield return line.Split('\t');
            }
        }
    }

    /// <summary>
    /// Fails on every answer that is neither the other program's nor a listed disagreement, and on every listed disagreement that is none any more.
    /// </summary>
    public static void Compare(string kind, IEnumerable<(string What, string Theirs, string Ours)> answers)
    {
        var listed = Disagreements.Value.Where(r => r[0] == kind).ToDictionary(r => r[1], r => r[2], StringComparer.Ordinal);
        var problems = new List<string>();
        var count = 0;
        foreach (var (what, theirs, ours) in answers)
        {
            count++;
            if (listed.Remove(what, out var known))
            {
                if (known == theirs)
                {
                    problems.Add($"{what}: is listed as a disagreement, but the other program says {theirs} too");
                }
                else if (ours != known)
                {
                    problems.Add($"{what}: {ours}, listed is {known}, the other program says {theirs}");
                }
            }
            else if (ours != theirs)
            {
                problems.Add($"{kind}\t{what}\t{ours}\t<- {theirs}");
            }
        }

        problems.AddRange(listed.Keys.Select(k => $"{k}: is listed as a disagreement, but nobody asks"));
        Assert.True(count > 0, "nothing was compared");
        Assert.True(problems.Count == 0, $"{problems.Count} of {count}:\n" + string.Join('\n', problems.Take(400)));
    }

    /// <summary>All hand-written disagreements.</summary>
    public static IReadOnlyList<string[]> Listed => Disagreements.Value;
}
