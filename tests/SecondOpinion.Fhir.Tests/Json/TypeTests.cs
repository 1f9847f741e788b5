using System.Text;
using Xunit;

namespace SecondOpinion.Fhir.Tests.Json;

public sealed class TypeTests
{
    private const string Observation = """
        {
          "resourceType": "Observation", "id": "o", "status": "final",
          "code": { "text": "x" },
          "valueQuantity": { "value": 3 },
          "component": [{ "code": { "text": "y" }, "valueBoolean": true }],
          "contained": [{ "id": "p", "resourceType": "Patient", "birthDate": "2000" }],
          "unknown": { "a": 1 }
        }
        """;

    private static FhirNode Root => FhirResource.Parse(Observation).Root;

    [Theory]
    [InlineData("Observation", new string[0])]
    [InlineData("code", new[] { "status" })]
    [InlineData("id", new[] { "id" })]
    [InlineData("Quantity", new[] { "value" })]
    [InlineData("Quantity", new[] { "valueQuantity" })]
    [InlineData("decimal", new[] { "value", "value" })]
    [InlineData("BackboneElement", new[] { "component" })]
    [InlineData("boolean", new[] { "component", "value" })]
    [InlineData("Patient", new[] { "contained" })]
    [InlineData("date", new[] { "contained", "birthDate" })]
    [InlineData("", new[] { "unknown" })]
    [InlineData("", new[] { "unknown", "a" })]
    public void Type_is_that_of_the_definitions(string type, string[] path) => Assert.Equal(type, Root.At(path).Type);

    [Fact]
    public void Choice_has_the_name_without_its_type()
    {
        var value = Root["value"];

        Assert.Equal("value", value.Name);
        Assert.Equal("valueQuantity", value.JsonName);
        Assert.Equal("Observation.component[0].value", Root.At("component", "value").Path);
    }

    [Fact]
    public void Content_reference_has_the_children_of_its_target()
    {
        var item = FhirResource.Parse("""{"resourceType":"Questionnaire","item":[{"item":[{"item":[{"linkId":"1"}]}]}]}""").Root.At("item", "item", "item");

        Assert.Equal("string", item["linkId"].Type);
        Assert.Equal("BackboneElement", item.Type);
    }

    [Fact]
    public void Every_type_loads_and_every_slot_has_a_type()
    {
        Assert.Equal(146, Definitions.ResourceTypes.Count);
        foreach (var type in Definitions.ResourceTypes.Select(t => Definitions.Type(t)!))
        {
            Assert.True(type.Is("Resource"));
            Assert.All(type.Slots, s => Assert.NotNull(s.Type));
        }

        Assert.Equal(1375, Definitions.SearchParameters.Count);
        Assert.Contains("subject", Definitions.Compartment("Patient", "ServiceRequest"));
        Assert.NotNull(Definitions.Invariant("dom-3"));
    }

    [Theory]
    [InlineData("""{"resourceType":"Patient","id":"a","id":"b"}""")]
    [InlineData("""{"resourceType":"Patient","id":"a","i\u0064":"b"}""")]
    [InlineData("""{"resourceType":"Patient","name":[{"family":"a","text":"x","family":"b"}]}""")]
    [InlineData("""{"resourceType":"Patient","_id":{"id":"1"},"id":"a","_id":{"id":"b"}}""")]
    [InlineData("""{"resourceType":"Patient","zzz":"a","zzz":"b"}""")]
    [InlineData("""{"resourceType":"Patient","contained":[{"resourceType":"Device"}],"contained":[{"resourceType":"Patient"}]}""")]
    public void Property_written_twice_is_refused(string json)
    {
        var result = FhirResource.TryParse(Encoding.UTF8.GetBytes(json));

        Assert.Null(result.Resource);
        Assert.Single(result.Issues, i => i.Key == "duplicate-property");
    }

    [Fact]
    public void Unknown_resource_type_is_refused()
    {
        var result = FhirResource.TryParse("""{"resourceType":"Patience"}"""u8.ToArray());

        Assert.Equal("resource-type", Assert.Single(result.Issues).Key);
    }

    [Fact]
    public void Links_are_rewritten_in_references_uris_and_narrative_only()
    {
        var resource = FhirResource.Parse("""
            {"resourceType":"Task","text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\"><a href=\"urn:uuid:1\">urn:uuid:1</a></div>"},
             "focus":{"reference":"urn:uuid:1","display":"urn:uuid:1"},"instantiatesUri":"urn:uuid:1","priority":"routine"}
            """);

        var rewritten = resource.RewriteReferences(link => link == "urn:uuid:1" ? "ServiceRequest/7" : null).Root;

        Assert.Equal("ServiceRequest/7", rewritten.At("focus", "reference").Value);
        Assert.Equal("urn:uuid:1", rewritten.At("focus", "display").Value);
        Assert.Equal("ServiceRequest/7", rewritten["instantiatesUri"].Value);
        Assert.Equal("<div xmlns=\"http://www.w3.org/1999/xhtml\"><a href=\"ServiceRequest/7\">urn:uuid:1</a></div>", rewritten.At("text", "div").Value);
    }
}
