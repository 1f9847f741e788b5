using System.Text;
using System.Text.Json.Nodes;
using System.Xml;
using Xunit;

namespace SecondOpinion.Fhir.Tests.Xml;

public sealed class XmlTests
{
    public static TheoryData<string> Names => [.. Examples.All.Keys];

    private static FhirParseResult Read(string xml) => FhirXml.TryParse(Encoding.UTF8.GetBytes(xml));

    [Theory]
    [MemberData(nameof(Names))]
    public void Json_to_xml_to_json_is_the_identity(string name)
    {
        var resource = Examples.Get(name);

        var xml = FhirXml.ToXml(resource);
        new XmlDocument().LoadXml(Encoding.UTF8.GetString(xml));
        var back = FhirXml.Parse(xml);

        Assert.True(
            JsonNode.DeepEquals(Normal(resource.ToJsonObject()), Normal(back.ToJsonObject())),
            $"{Encoding.UTF8.GetString(resource.Json.Span)}\n{Encoding.UTF8.GetString(back.Json.Span)}");
        Assert.Equal(xml, FhirXml.ToXml(back));
    }

    [Fact]
    public void Exact_digits_and_white_space_survive()
    {
        const string Json = """{"resourceType":"Observation","status":"final","code":{"text":" a\n\tb\r & \"<c>\" \u00e9 "},"valueQuantity":{"value":1.50e-22}}""";

        var back = FhirXml.Parse(FhirXml.ToXml(FhirResource.Parse(Json)));

        Assert.Equal(" a\n\tb\r & \"<c>\" \u00e9 ", back.Root.At("code", "text").Value);
        Assert.Equal("1.50e-22", back.Root.At("value", "value").Value);
    }

    [Fact]
    public void Elements_are_written_in_the_order_of_the_definitions()
    {
        var xml = Encoding.UTF8.GetString(FhirXml.ToXml(FhirResource.Parse("""{"birthDate":"2000","_birthDate":{"id":"b"},"name":[{"given":["x"],"family":"y"}],"id":"a","resourceType":"Patient"}""")));

        Assert.Equal("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Patient xmlns=\"http://hl7.org/fhir\"><id value=\"a\"/><name><family value=\"y\"/><given value=\"x\"/></name><birthDate id=\"b\" value=\"2000\"/></Patient>", xml);
    }

    [Fact]
    public void Prefix_comments_and_processing_instructions_are_read()
    {
        var result = Read("""
            <?xml version="1.0"?><!-- a -->
            <f:Patient xmlns:f="http://hl7.org/fhir"><!-- b --><?x y?><f:gender value='male'/></f:Patient>
            <!-- c -->
            """);

        Assert.Equal("male", result.Resource!.Root["gender"].Value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("<Patient/>")]
    [InlineData("<Patient xmlns=\"http://other\"/>")]
    [InlineData("<Patient xmlns=\"http://hl7.org/fhir\">")]
    [InlineData("<Patient xmlns=\"http://hl7.org/fhir\"></Patients>")]
    [InlineData("<Patient xmlns=\"http://hl7.org/fhir\"/><Patient xmlns=\"http://hl7.org/fhir\"/>")]
    [InlineData("<Patient xmlns=\"http://hl7.org/fhir\">text</Patient>")]
    [InlineData("<Patient xmlns=\"http://hl7.org/fhir\"><gender>male</gender></Patient>")]
    [InlineData("<Patient xmlns=\"http://hl7.org/fhir\"><gendr value=\"male\"/></Patient>")]
    [InlineData("<Patient xmlns=\"http://hl7.org/fhir\"><gender value=\"male\"/><gender value=\"male\"/></Patient>")]
    [InlineData("<Patient xmlns=\"http://hl7.org/fhir\"><gender value=\"male\" value=\"male\"/></Patient>")]
    [InlineData("<Patient xmlns=\"http://hl7.org/fhir\"><gender value=\"&x;\"/></Patient>")]
    [InlineData("<Patient xmlns=\"http://hl7.org/fhir\"><gender value=\"&#0;\"/></Patient>")]
    [InlineData("<Patient xmlns=\"http://hl7.org/fhir\"><gender value=\"<\"/></Patient>")]
    [InlineData("<Patient xmlns=\"http://hl7.org/fhir\"><gender code=\"male\"/></Patient>")]
    [InlineData("<Patient xmlns=\"http://hl7.org/fhir\"><![CDATA[x]]></Patient>")]
    [InlineData("<!DOCTYPE Patient [<!ENTITY a \"b\">]><Patient xmlns=\"http://hl7.org/fhir\"/>")]
    [InlineData("<Patience xmlns=\"http://hl7.org/fhir\"/>")]
    [InlineData("<Patient xmlns=\"http://hl7.org/fhir\"><contained><Nothing/></contained></Patient>")]
    [InlineData("<Patient xmlns=\"http://hl7.org/fhir\"><contained/></Patient>")]
    public void What_is_not_fhir_xml_is_refused(string xml)
    {
        var result = Read(xml);

        Assert.Null(result.Resource);
        Assert.NotEmpty(result.Issues);
        Assert.All(result.Issues, i => Assert.True(i.IsError));
    }

    [Fact]
    public void Deep_nesting_is_refused()
    {
        var open = string.Concat(Enumerable.Repeat("<extension url=\"a\">", 5000));

        Assert.Null(Read($"<Patient xmlns=\"http://hl7.org/fhir\">{open}").Resource);
        Assert.Null(Read($"<Patient xmlns=\"http://hl7.org/fhir\"><text><div>{string.Concat(Enumerable.Repeat("<p>", 5000))}").Resource);
    }

    /// <summary>What no XML can keep: order of properties, escapes, white space around the div, and names of entities instead of their characters.</summary>
    private static JsonNode? Normal(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject o:
                foreach (var (name, value) in o.ToList())
                {
                    if (name == "div" && value is JsonValue)
                    {
                        o[name] = System.Net.WebUtility.HtmlDecode(value.GetValue<string>().Trim()).Replace("\r\n", "\n");
                    }
                    else
                    {
                        Normal(value);
                    }
                }

                break;
            case JsonArray a:
                foreach (var item in a)
                {
                    Normal(item);
                }

                break;
        }

        return node;
    }
}
