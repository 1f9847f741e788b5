using System.Text.Json;
using Xunit;

namespace SecondOpinion.Fhir.Tests.Validation;

/// <summary>Every official example is valid, but for those that break a rule of their own specification.</summary>
public sealed class ExampleTests
{
    private static readonly Dictionary<string, string> Invalid = new(StringComparer.Ordinal)
    {
        ["ActivityDefinition-blood-tubes-supply"] = "txt-2", // the div is empty
        ["ActivityDefinition-heart-valve-replacement"] = "txt-2", // the div is empty
        ["EventDefinition-example"] = "txt-2", // the div is empty
        ["Questionnaire-zika-virus-exposure-assessment"] = "txt-2", // the div is empty
        ["Bundle-10bb101f-a121-4264-a920-67be9cb82c74"] = "fullurl-id", // Patient/pat12 holds pat2
        ["Bundle-3a0707d3-549e-4467-b8b8-5a2ab3800efe"] = "fullurl-id", // the same
        ["Bundle-lri-example"] = "fullurl-id", // Observation/lri-gramstain1 holds gramstain1
        ["DeviceMetric-example"] = "reference-target", // parent is a DeviceDefinition; Device is allowed
        ["DeviceUseStatement-example"] = "reference-target", // reason is a Procedure
        ["MedicationRequest-medrx0301"] = "reference-target", // dispense performer is a Practitioner; Organization is allowed
        ["Observation-clinical-gender"] = "reference-target", // performer is an Encounter
        ["Questionnaire-qs1"] = "min", // items without linkId
    };

    public static TheoryData<string> Names => [.. Examples.All.Keys];

    [Fact]
    public void There_are_examples_of_nearly_every_resource_type()
    {
        Assert.Equal(728, Examples.All.Count);
        Assert.True(Examples.All.Keys.Select(n => n[..n.IndexOf('-', StringComparison.Ordinal)]).Distinct().Count() >= 139);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Official_example_is_valid(string name)
    {
        var errors = FhirValidator.Validate(Examples.Get(name)).Where(i => i.IsError).ToList();

        if (Invalid.TryGetValue(name, out var key))
        {
            Assert.NotEmpty(errors);
            Assert.All(errors, e => Assert.Equal(key, e.Key));
        }
        else
        {
            Assert.Empty(errors);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Canonical_json_of_an_example_has_the_same_tokens(string name)
    {
        var source = new Utf8JsonReader(Examples.All[name]);
        var canonical = new Utf8JsonReader(Examples.Get(name).Json.Span);
        var length = 0;
        while (source.Read())
        {
            Assert.True(canonical.Read());
            Assert.Equal(source.TokenType, canonical.TokenType);
            Assert.True(source.ValueSpan.SequenceEqual(canonical.ValueSpan));
            Assert.InRange(canonical.TokenStartIndex - length, 0, 1);
            length = (int)canonical.BytesConsumed;
        }

        Assert.False(canonical.Read());
    }
}
