using SecondOpinion.Fuzz;
using SecondOpinion.Fuzz.Targets;
using Xunit;

namespace SecondOpinion.Dicom.Tests.Hostile;

/// <summary>A short, repeatable run of the JSON and XML targets of tests/SecondOpinion.Fuzz.</summary>
public sealed class FuzzModelTests
{
    private const int Cases = 600;
    private const int MaxInput = 8 << 10;

    [Fact]
    public void Damaged_JSON_is_refused_or_survives_every_round_trip() => Run(d => DicomJson.ToArray(d, DicomTarget.WithReferences), DicomTarget.Json);

    [Fact]
    public void Damaged_XML_is_refused_or_survives_every_round_trip() => Run(d => DicomXml.ToArray(d, DicomTarget.WithReferences), DicomTarget.Xml);

    /// <summary>Found by the fuzzer: the fourth group moved into the third, and half of it was lost on the next reading.</summary>
    [Theory]
    [InlineData("Doe^Jane=i=p=x=")]
    [InlineData("Doe^Jane=i=p=^")]
    [InlineData("Doe^Jane=i=p==")]
    public void A_name_of_more_than_three_groups_has_three_in_XML(string name)
    {
        var xml = DicomXml.ToArray(new DicomDataset().Set(new DicomElement(DicomTags.PatientName, DicomVr.PN, name)));
        Assert.Equal("Doe^Jane=i=p", DicomXml.Read(xml).GetString(DicomTags.PatientName));
        Assert.Equal(xml, DicomXml.ToArray(DicomXml.Read(xml)));
    }

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
