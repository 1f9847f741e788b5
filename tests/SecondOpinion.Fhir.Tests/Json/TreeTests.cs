using System.Text;
using Xunit;

namespace SecondOpinion.Fhir.Tests.Json;

public sealed class TreeTests
{
    private const string Patient = """
        {
          "resourceType": "Patient",
          "id": "p1",
          "_birthDate": { "extension": [{ "url": "http://example.org/t", "valueDateTime": "1970-01-01T08:00:00Z" }] },
          "birthDate": "1970-01-01",
          "name": [
            { "given": ["Ann", null, "C\u00e9"], "_given": [null, { "id": "g2" }, null], "family": "O\"Neil" }
          ],
          "_gender": { "id": "x" },
          "contained": [{ "resourceType": "Organization", "id": "o" }]
        }
        """;

    [Fact]
    public void Primitive_and_its_underscore_sibling_are_one_node()
    {
        var root = FhirResource.Parse(Patient).Root;

        Assert.Equal("1970-01-01", root["birthDate"].Value);
        Assert.Equal("http://example.org/t", root.At("birthDate", "extension", "url").Value);
        Assert.Equal("birthDate", root.At("birthDate", "extension").Parent.Name);
        Assert.Single(root.Children(), c => c.JsonName == "birthDate");
    }

    [Fact]
    public void Null_placeholder_stands_for_the_item_that_has_only_an_id()
    {
        var given = FhirResource.Parse(Patient).Root["name"].All("given").ToList();

        Assert.Equal(["Ann", null, "C\u00e9"], given.Select(g => g.Value));
        Assert.Equal("g2", given[1].Text("id"));
        Assert.False(given[1].HasValue);
        Assert.Equal("Patient.name[0].given[1]", given[1].Path);
    }

    [Fact]
    public void Underscore_sibling_without_a_value_is_the_node()
    {
        var gender = FhirResource.Parse(Patient).Root["gender"];

        Assert.True(gender.Exists);
        Assert.True(gender.IsPrimitive);
        Assert.Null(gender.Value);
        Assert.Equal("x", gender.Text("id"));
    }

    [Fact]
    public void Decimal_text_survives_an_edit_elsewhere()
    {
        var resource = FhirResource.Parse("""{"resourceType":"Observation","valueQuantity":{"value":1.50e+3},"status":"final"}""");

        var edited = resource.With(o => o["status"] = "amended");

        Assert.Equal("""{"resourceType":"Observation","valueQuantity":{"value":1.50e+3},"status":"amended"}""", Encoding.UTF8.GetString(edited.Json.Span));
    }

    [Fact]
    public void Canonical_form_drops_white_space_between_tokens_only()
    {
        var resource = FhirResource.Parse("{ \"resourceType\" : \"Basic\",\r\n\t\"id\" : \"a  \\\" b\" }");

        Assert.Equal("{\"resourceType\":\"Basic\",\"id\":\"a  \\\" b\"}", Encoding.UTF8.GetString(resource.Json.Span));
    }

    [Fact]
    public void Contained_resource_knows_its_container()
    {
        var contained = FhirResource.Parse(Patient).Root["contained"];

        Assert.Equal("Organization", contained.ResourceType);
        Assert.Equal("Organization", contained["id"].ContainingResource.ResourceType);
        Assert.Equal("Organization", contained.ToResource().ResourceType);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"resourceType\":\"Patient\"")]
    [InlineData("{\"resourceType\":\"Patient\",}")]
    [InlineData("{\"resourceType\":\"Patient\"} x")]
    [InlineData("{\"id\":\"a\"}")]
    [InlineData("{\"resourceType\":7}")]
    [InlineData("{\"resourceType\":\"Patient\",\"name\":[[1]]}")]
    [InlineData("{\"resourceType\":\"Patient\",\"id\":\"\\ud800\"}")]
    [InlineData("{\"resourceType\":\"Patient\",\"id\":\"\\ud800\\u0041\"}")]
    public void Malformed_json_is_refused_with_an_issue(string json)
    {
        var result = FhirResource.TryParse(Encoding.UTF8.GetBytes(json));

        Assert.Null(result.Resource);
        Assert.NotEmpty(result.Issues);
        Assert.All(result.Issues, i => Assert.True(i.IsError));
    }

    [Fact]
    public void Depth_beyond_the_limit_is_refused()
    {
        var json = "{\"resourceType\":\"Patient\",\"a\":" + string.Concat(Enumerable.Repeat("{\"a\":", 200)) + "1" + new string('}', 201);

        Assert.Null(FhirResource.TryParse(Encoding.UTF8.GetBytes(json)).Resource);
    }

    [Fact]
    public void Syntax_error_says_line_and_column()
    {
        var issue = Assert.Single(FhirResource.TryParse("{\n  \"resourceType\": tru }"u8.ToArray()).Issues);

        Assert.Equal(2, issue.Line);
        Assert.NotNull(issue.Column);
    }
}
