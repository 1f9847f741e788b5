using System.Text;
using Xunit;

namespace SecondOpinion.Fhir.Tests.Json;

public sealed class SummaryTests
{
    private const string Tag = """{"system":"http://terminology.hl7.org/CodeSystem/v3-ObservationValue","code":"SUBSETTED"}""";

    private const string Patient = """
        {"resourceType":"Patient","id":"a","meta":{"versionId":"1"},"text":{"status":"generated","div":"<div>x</div>"},"active":true,
         "name":[{"family":"x"}],"maritalStatus":{"text":"m"},"_birthDate":{"id":"b"},"birthDate":"2000","link":[{"id":"l","other":{"reference":"Patient/b"},"type":"refer"}],
         "contact":[{"gender":"male"}]}
        """;

    private static string Text(FhirResource resource) => Encoding.UTF8.GetString(resource.Json.Span);

    [Fact]
    public void Summary_true_keeps_summary_elements_and_is_tagged() =>
        Assert.Equal(
            $$$"""{"resourceType":"Patient","id":"a","meta":{"tag":[{{{Tag}}}],"versionId":"1"},"active":true,"name":[{"family":"x"}],"_birthDate":{"id":"b"},"birthDate":"2000","link":[{"other":{"reference":"Patient/b"},"type":"refer"}]}""",
            Text(ResourceSummary.Apply(FhirResource.Parse(Patient), SummaryMode.True)));

    [Fact]
    public void Summary_text_keeps_text_id_and_meta() =>
        Assert.Equal(
            $$$"""{"resourceType":"Patient","id":"a","meta":{"tag":[{{{Tag}}}],"versionId":"1"},"text":{"status":"generated","div":"<div>x</div>"}}""",
            Text(ResourceSummary.Apply(FhirResource.Parse(Patient), SummaryMode.Text)));

    [Fact]
    public void Summary_data_drops_text_only()
    {
        var data = ResourceSummary.Apply(FhirResource.Parse(Patient), SummaryMode.Data).Root;

        Assert.False(data["text"].Exists);
        Assert.True(data["contact"].Exists);
        Assert.Equal("SUBSETTED", data.At("meta", "tag", "code").Value);
    }

    [Fact]
    public void Elements_keeps_the_named_and_the_mandatory() =>
        Assert.Equal(
            $$$"""{"resourceType":"Observation","meta":{"tag":[{{{Tag}}}]},"status":"final","code":{"text":"c"},"valueInteger":1}""",
            Text(ResourceSummary.Elements(
                FhirResource.Parse("""{"resourceType":"Observation","status":"final","code":{"text":"c"},"valueInteger":1,"note":[{"text":"n"}]}"""),
                ["value", "Patient.note"])));

    [Fact]
    public void Tag_joins_those_that_are_there()
    {
        var resource = FhirResource.Parse("""{"resourceType":"Basic","meta":{"tag":[{"code":"x"}]},"code":{"text":"c"}}""");

        Assert.Equal(["SUBSETTED", "x"], ResourceSummary.Apply(resource, SummaryMode.Data).Root["meta"].All("tag").Select(t => t["code"].Value));
    }

    [Fact]
    public void Summary_of_every_example_is_a_valid_resource()
    {
        // A part may break rules that the whole keeps: sdf-6 wants a snapshot, which is no summary element, and profiles want what they like.
        var structure = new ValidationOptions { Invariants = false, Profiles = null };
        foreach (var (name, _) in Examples.All)
        {
            var summary = ResourceSummary.Apply(Examples.Get(name), SummaryMode.True);
            Assert.DoesNotContain(FhirValidator.Validate(summary, structure), i => i.IsError && i.Key is not ("ref-1" or "min" or "reference-target"));
        }
    }
}
