using System.Text;
using System.Text.Json.Nodes;
using SecondOpinion.Fhir.FhirPath;
using SecondOpinion.Fhir.Patch;
using SecondOpinion.Fhir.Search;
using SecondOpinion.Fhir.Validation;
using Xunit;

namespace SecondOpinion.Fhir.Tests.Hostile;

/// <summary>Resources made to crash, to hang, or to come out as something else than they went in.</summary>
public sealed class HostileResourceTests
{
    private const int Many = 50_000;

    [Theory]
    [InlineData("[", "]")]
    [InlineData("{\"a\":", "}")]
    [InlineData("{\"extension\":[", "]}")]
    public void Deep_json_is_refused(string open, string close) =>
        Assert.Null(FhirResource.TryParse(Encoding.UTF8.GetBytes($"{{\"resourceType\":\"Patient\",\"extension\":{Repeat(open, Many)}1{Repeat(close, Many)}}}")).Resource);

    [Theory]
    [InlineData("<extension url=\"x\">", "</extension>")]
    [InlineData("<contained><Patient>", "</Patient></contained>")]
    [InlineData("<text><div xmlns=\"http://www.w3.org/1999/xhtml\">", "</div></text>")]
    [InlineData("<nonsense>", "</nonsense>")]
    public void Deep_xml_is_refused(string open, string close) => Assert.Null(ReadXml(Repeat(open, Many) + Repeat(close, Many)).Resource);

    [Theory]
    [InlineData("1e999999999")]
    [InlineData("-1E+99999999999999999999")]
    [InlineData("1e-999999999")]
    [InlineData("0.00000000000000000000000000000000000000000000000000000000000000000001")]
    [InlineData("99999999999999999999999999999999999999999999999999")]
    public void Number_beyond_every_machine_keeps_its_digits_and_harms_nothing(string number)
    {
        var json = $$$"""{"resourceType":"Observation","status":"final","code":{"text":"x"},"valueQuantity":{"value":{{{number}}},"system":"http://unitsofmeasure.org","code":"kg"}}""";
        var observation = FhirResource.Parse(json);

        Assert.DoesNotContain(FhirValidator.Validate(observation), i => i.IsError);
        Assert.Equal(number, FhirXml.Parse(FhirXml.ToXml(observation)).Root["value"].Text("value"));
        Assert.All(SearchIndexer.Extract(observation), v => Assert.True(double.IsFinite(v.Low) && double.IsFinite(v.High)));
        Assert.InRange(FhirPathExpression.Compile("(value.value * 10 + value.value / 3).round(2) | value.value.toString().toDecimal()").Evaluate(observation.Root).Count, 0, 2);
        Assert.True(JsonPatch.Apply(observation, Encoding.UTF8.GetBytes($$"""[{"op":"test","path":"/valueQuantity/value","value":1e999999999999}]""")).IsRefused);
    }

    [Fact]
    public void Every_primitive_format_is_checked_in_linear_time()
    {
        string[] texts = ["a", "1", "1.", "0", " ", "a ", "-", "%", "é", "urn:oid:1.", "A=", "2020-", "\u0001"];
        foreach (var type in Enum.GetValues<PrimitiveType>())
        {
            foreach (var text in texts)
            {
                _ = PrimitiveFormat.Check(type, Encoding.UTF8.GetBytes(Repeat(text, 60_000)));
            }
        }

        Assert.NotNull(PrimitiveFormat.Check(PrimitiveType.Decimal, Encoding.UTF8.GetBytes(Repeat("1", 60_000))));
    }

    [Fact]
    public void Extensions_of_one_list_written_again_and_again_are_refused_in_linear_time()
    {
        var json = $$"""{"resourceType":"Patient","name":[{"given":["a"{{Repeat(",\"a\"", Many)}}]{{Repeat(",\"_given\":[null]", Many)}}}]}""";

        Assert.Contains(FhirResource.TryParse(Encoding.UTF8.GetBytes(json)).Issues, i => i.Key == "duplicate-property");
    }

    [Fact]
    public void Issues_of_a_long_line_are_located()
    {
        var json = $$"""{"resourceType":"Patient","language":"{{new string('é', 1_000_000)}}","name":[{{string.Join(",", Enumerable.Repeat("{\"zz\":1}", 300))}}]}""";

        var issues = FhirValidator.Validate(FhirResource.Parse(json)).Where(i => i.Key == "unknown-element").ToList();

        Assert.InRange(issues.Count, 190, 200);
        Assert.All(issues.Zip(issues.Skip(1)), p => Assert.Equal(p.First.Column + 9, p.Second.Column));
    }

    [Fact]
    public void Namespaces_without_end_are_refused() =>
        Assert.Null(ReadXml("<name " + string.Join(" ", Enumerable.Range(0, 60).Select(i => $"xmlns:p{i}=\"x\"")) + "><given " + string.Join(" ", Enumerable.Range(0, 60).Select(i => $"xmlns:q{i}=\"x\"")) + "><extension " + string.Join(" ", Enumerable.Range(0, 60).Select(i => $"xmlns:r{i}=\"x\"")) + "><valueRange " + string.Join(" ", Enumerable.Range(0, 60).Select(i => $"xmlns:s{i}=\"x\"")) + "/></extension></given></name>").Resource);

    [Theory]
    [InlineData("<!DOCTYPE Patient [<!ENTITY a \"b\">]><Patient xmlns=\"http://hl7.org/fhir\"/>")]
    [InlineData("<Patient xmlns=\"http://hl7.org/fhir\"><id value=\"&a;\"/></Patient>")]
    [InlineData("<Patient xmlns=\"http://hl7.org/fhir\"><id value=\"\u0001\"/></Patient>")]
    [InlineData("<Patient xmlns=\"http://hl7.org/fhir\"><id value=\"\uFFFE\"/></Patient>")]
    [InlineData("<Patient xmlns=\"http://hl7.org/fhir\"><id value=\"&#1;\"/></Patient>")]
    public void Xml_that_is_not_well_formed_or_defines_something_is_refused(string xml) => Assert.Null(FhirXml.TryParse(Encoding.UTF8.GetBytes(xml)).Resource);

    [Theory]
    [InlineData("<div>&nonsense;</div>")]
    [InlineData("<div>&#0;</div>")]
    [InlineData("<div>&#x110000;</div>")]
    [InlineData("<div>a]]&gt;b]]></div>")]
    [InlineData("<div a=\"1\" a=\"2\">a</div>")]
    [InlineData("<div xmlns=\"urn:x\">a</div>")]
    [InlineData("<div xmlns:q=\"\">a</div>")]
    [InlineData("<div><q:b>a</q:b></div>")]
    [InlineData("<div><1>a</1></div>")]
    [InlineData("<div>a<!-- b -- c --></div>")]
    [InlineData("<div><b>a</div></b>")]
    public void Narrative_that_is_not_well_formed_never_leaves_as_xml(string div)
    {
        var patient = WithNarrative(div);

        Assert.Contains(FhirValidator.Validate(patient), i => i.Key == "txt-1");
        Assert.Equal("txt-1", Assert.Throws<FhirException>(() => FhirXml.ToXml(patient)).Issues[0].Key);
        Assert.Null(ReadXml($"<text><status value=\"generated\"/>{div}</text>").Resource);
    }

    [Theory]
    [InlineData("javascript:x")]
    [InlineData("JavaScript:x")]
    [InlineData("java&#115;cript:x")]
    [InlineData("java\tscript:x")]
    [InlineData("&#9;javascript&#x3A;x")]
    [InlineData("vbscript:x")]
    public void Script_in_a_link_is_found_however_it_is_written(string link)
    {
        var patient = WithNarrative($"<div><a href=\"{link}\">a</a></div>");

        Assert.Contains(FhirValidator.Validate(patient), i => i.Key == "txt-1");
    }

    [Theory]
    [InlineData("<!-- a --><div>b</div><!-- <div>c</div> -->", "<div xmlns=\"http://www.w3.org/1999/xhtml\">b</div>")]
    [InlineData("<div title=\"a>b\">&nbsp;&eacute;&lt;&#160;</div>", "<div xmlns=\"http://www.w3.org/1999/xhtml\" title=\"a>b\">\u00A0\u00E9&lt;&#160;</div>")]
    [InlineData("<div xmlns=\"http://www.w3.org/1999/xhtml\">a<!-- & --></div>", "<div xmlns=\"http://www.w3.org/1999/xhtml\">a<!-- & --></div>")]
    public void Narrative_goes_into_xml_as_one_div_of_its_namespace(string div, string written)
    {
        var patient = WithNarrative(div);

        Assert.Contains($"<status value=\"generated\"/>{written}</text>", Encoding.UTF8.GetString(FhirXml.ToXml(patient)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"url\":\"u\",\"_url\":\"v\"")]
    [InlineData("\"url\":[\"u\",\"v\"]")]
    [InlineData("\"url\":{\"id\":\"u\"}")]
    [InlineData("\"url\":\"u\",\"_id\":{\"extension\":[{\"url\":\"v\",\"valueCode\":\"w\"}]}")]
    public void What_is_an_attribute_in_xml_is_one_value(string properties)
    {
        var patient = FhirResource.Parse("""{"resourceType":"Patient","extension":[{#,"valueCode":"x"}]}""".Replace("#", properties, StringComparison.Ordinal));

        Assert.Contains(FhirValidator.Validate(patient), i => i.IsError);
        Assert.Equal("json-type", Assert.Throws<FhirException>(() => FhirXml.ToXml(patient)).Issues[0].Key);
    }

    [Theory]
    [InlineData("[{\"op\":\"\\udc00\",\"path\":\"/active\"}]")]
    [InlineData("[{\"op\":\"test\",\"path\":\"/\\ud800\",\"value\":1}]")]
    [InlineData("[{\"op\":\"add\",\"path\":\"/active\",\"value\":\"\\ud800x\"}]")]
    public void Patch_that_is_no_unicode_is_refused(string patch) =>
        Assert.Equal(RefusalKind.Invalid, JsonPatch.Apply(FhirResource.Parse("""{"resourceType":"Patient","active":true}"""), Encoding.UTF8.GetBytes(patch)).Refusal!.Kind);

    [Theory]
    [InlineData("\"valueBoolean\":\"nonsense\"")]
    [InlineData("\"valueQuantity\":\"<div/>\"")]
    [InlineData("\"valueHumanName\":[1,2]")]
    [InlineData("\"valueNonsense\":1")]
    [InlineData("\"value\":1")]
    public void Patch_whose_value_has_the_wrong_form_is_refused_or_checked_later(string value)
    {
        var patch = FhirResource.Parse($$$"""{"resourceType":"Parameters","parameter":[{"name":"operation","part":[{"name":"type","valueCode":"add"},{"name":"path","valueString":"Patient"},{"name":"name","valueString":"active"},{"name":"value",{{{value}}}}]}]}""");

        var outcome = FhirPathPatch.Apply(FhirResource.Parse("""{"resourceType":"Patient"}"""), patch);

        Assert.True(outcome.IsRefused || FhirValidator.Validate(outcome.Value).Any(i => i.IsError));
    }

    private static FhirResource WithNarrative(string div) => FhirResource.From(new JsonObject { ["resourceType"] = "Patient", ["text"] = new JsonObject { ["status"] = "generated", ["div"] = div } });

    private static FhirParseResult ReadXml(string content) => FhirXml.TryParse(Encoding.UTF8.GetBytes($"<Patient xmlns=\"http://hl7.org/fhir\">{content}</Patient>"));

    private static string Repeat(string text, int count) => string.Concat(Enumerable.Repeat(text, count));
}
