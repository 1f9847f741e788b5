using SecondOpinion.Fuzz;
using SecondOpinion.Fuzz.Targets;
using SecondOpinion.TestKit;
using Xunit;

namespace SecondOpinion.Fhir.Tests.Hostile;

/// <summary>A short, repeatable run of tests/SecondOpinion.Fuzz.</summary>
public sealed class FuzzTests
{
    private const int Cases = 200;

    public static TheoryData<string> Targets => [.. FhirTargets.Names];

    [Theory]
    [MemberData(nameof(Targets))]
    public void Damaged_input_gives_a_result_or_a_refusal(string target)
    {
        // Without the limit on CPU time, which other tests of this process use too.
        var run = FhirTargets.Find(target, limited: false)!;
        var next = FhirMutator.For(target, FhirCorpus.Of(target, Repository.Root), seed: 20251)!;
        for (var number = 0; number < Cases; number++)
        {
            var input = next();
            var failure = Record.Exception(() => run(input));
            Assert.True(failure is null, $"case {number}: {failure}");
        }
    }
}
