using SecondOpinion.Fuzz;
using SecondOpinion.Fuzz.Targets;
using Xunit;

namespace SecondOpinion.Dicom.Tests.Hostile;

/// <summary>A short, repeatable run of the JSON and XML targets of tests/SecondOpinion.Fuzz.</summary>
public sealed class FuzzModelTests
{
    private const int Cases = 1000;
    private const int MaxInput = 8 << 10;

    [Fact]
    public void Damaged_JSON_is_refused_or_survives_every_round_trip() => Run(d => DicomJson.ToArray(d), DicomTarget.Json);

    [Fact]
    public void Damaged_XML_is_refused_or_survives_every_round_trip() => Run(d => DicomXml.ToArray(d), DicomTarget.Xml);

    private static void Run(Func<DicomDataset, byte[]> write, Action<byte[]> target)
    {
        var lenient = new DicomReadOptions { AllowTruncated = true };
        var corpus = SampleFiles.All().Select(File.ReadAllBytes).Where(b => b.Length < MaxInput && b.AsSpan().IndexOf("DICM"u8) == 128)
            .Select(b => write(DicomFile.Read(b, lenient).Dataset)).ToList();
        var mutator = new Mutator(corpus, seed: 20252);
        for (var number = 0; number < Cases; number++)
        {
            var input = mutator.Next();
            var failure = Record.Exception(() => FuzzCase.Run(target, input));
            Assert.True(failure is null, $"case {number}: {failure}");
        }
    }
}
