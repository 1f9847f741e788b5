using SecondOpinion.Fuzz;
using SecondOpinion.Fuzz.Targets;
using Xunit;

namespace SecondOpinion.Dicom.Tests.Hostile;

/// <summary>A short, repeatable run of tests/SecondOpinion.Fuzz.</summary>
public sealed class FuzzTests
{
    private const int Cases = 800;
    private const int MaxInput = 40 << 10;

    [Fact]
    public void Damaged_files_are_refused_or_survive_every_round_trip()
    {
        var corpus = SampleFiles.All().Select(File.ReadAllBytes).Where(b => b.Length < MaxInput).ToList();
        var mutator = new Mutator(corpus, seed: 20251);
        for (var number = 0; number < Cases; number++)
        {
            var input = mutator.Next();
            var failure = Record.Exception(() => FuzzCase.Run(DicomTarget.Run, input));
            Assert.True(failure is null, $"case {number}: {failure}");
        }
    }
}
