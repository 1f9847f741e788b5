using System.Text;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using SecondOpinion.Fhir.Patch;
using SecondOpinion.Fhir.Xml;
using Xunit;

namespace SecondOpinion.Fhir.Tests.Patch;

public sealed class FhirPathPatchTests
{
    private static readonly Lazy<List<XElement>> Suite = new(() =>
    {
        using var stream = typeof(FhirPathPatchTests).Assembly.GetManifestResourceStream("patch/fhir-patch-tests.xml")!;
        return [.. XDocument.Load(stream).Root!.Elements("case")];
    });

    public static TheoryData<string> Cases => [.. Suite.Value.Select(c => (string)c.Attribute("name")!)];

    private static FhirResource Read(XElement holder) => FhirXml.Parse(Encoding.UTF8.GetBytes(holder.Elements().Single().ToString(SaveOptions.DisableFormatting)));

    [Theory]
    [MemberData(nameof(Cases))]
    public void Official_case(string name)
    {
        var test = Suite.Value.Single(c => (string)c.Attribute("name")! == name);

        var outcome = FhirPathPatch.Apply(Read(test.Element("input")!), Read(test.Element("diff")!));

        if (test.Element("error") is not null)
        {
            Assert.Equal(RefusalKind.Unprocessable, outcome.Refusal?.Kind);
        }
        else
        {
            Assert.True(JsonNode.DeepEquals(Plain(Read(test.Element("output")!)), Plain(outcome.Value)), Encoding.UTF8.GetString(outcome.Value.Json.Span));
        }
    }

    /// <summary>White space in narrative is the suite's own layout.</summary>
    private static JsonObject Plain(FhirResource resource)
    {
        var json = resource.ToJsonObject();
        if (json["text"] is JsonObject text)
        {
            text["div"] = string.Concat(((string)text["div"]!).Where(c => !char.IsWhiteSpace(c)));
        }

        return json;
    }

    private static string Part(string name, string value) => $$"""{"name":"{{name}}",{{value}}}""";

    private static string Operation(string type, string path, params string[] parts) => $$"""{"name":"operation","part":[{"name":"type","valueCode":"{{type}}"},{"name":"path","valueString":"{{path}}"}{{string.Concat(parts.Select(p => "," + p))}}]}""";

    private static Outcome<FhirResource> Apply(string resource, params string[] operations) =>
        FhirPathPatch.Apply(FhirResource.Parse(resource), FhirResource.Parse($$"""{"resourceType":"Parameters","parameter":[{{string.Join(',', operations)}}]}"""));

    private static void Becomes(string expected, Outcome<FhirResource> outcome) => Assert.Equal(expected, Encoding.UTF8.GetString(outcome.Value.Json.Span));

    [Fact]
    public void Choice_changes_its_type() => Becomes(
        """{"resourceType":"Observation","valueBoolean":true}""",
        Apply("""{"resourceType":"Observation","valueString":"x","_valueString":{"id":"a"}}""", Operation("replace", "Observation.value", Part("value", "\"valueBoolean\":true"))));

    [Fact]
    public void Choice_is_added_by_its_own_name() => Becomes(
        """{"resourceType":"Observation","valueQuantity":{"value":1.50}}""",
        Apply("""{"resourceType":"Observation"}""", Operation("add", "Observation", Part("name", "\"valueString\":\"value\""), Part("value", "\"valueQuantity\":{\"value\":1.50}"))));

    [Fact]
    public void Primitive_list_keeps_its_extensions_in_step()
    {
        const string Patient = """{"resourceType":"Patient","name":[{"given":["a","b","c"],"_given":[null,{"id":"of-b"},null]}]}""";

        Becomes("""{"resourceType":"Patient","name":[{"given":["x","a","b","c"],"_given":[null,null,{"id":"of-b"},null]}]}""", Apply(Patient, Operation("insert", "Patient.name.given", Part("index", "\"valueInteger\":0"), Part("value", "\"valueString\":\"x\""))));
        Becomes("""{"resourceType":"Patient","name":[{"given":["a","c"]}]}""", Apply(Patient, Operation("delete", "Patient.name.given[1]")));
        Becomes("""{"resourceType":"Patient","name":[{"given":["b","a","c"],"_given":[{"id":"of-b"},null,null]}]}""", Apply(Patient, Operation("move", "Patient.name.given", Part("source", "\"valueInteger\":1"), Part("destination", "\"valueInteger\":0"))));
        Becomes("""{"resourceType":"Patient","name":[{"given":["a","b","y"],"_given":[null,{"id":"of-b"},{"id":"of-y"}]}]}""", Apply(Patient, Operation("replace", "Patient.name.given[2]", Part("value", "\"valueString\":\"y\",\"_valueString\":{\"id\":\"of-y\"}"))));
    }

    [Fact]
    public void Extension_is_added_to_a_primitive()
    {
        var add = new[] { Part("name", "\"valueString\":\"extension\""), Part("value", "\"part\":[{\"name\":\"url\",\"valueUri\":\"http://x\"},{\"name\":\"value\",\"valueCode\":\"y\"}]") };

        Becomes("""{"resourceType":"Patient","birthDate":"1970","_birthDate":{"extension":[{"url":"http://x","valueCode":"y"}]}}""", Apply("""{"resourceType":"Patient","birthDate":"1970"}""", Operation("add", "Patient.birthDate", add)));
        Becomes("""{"resourceType":"Patient","name":[{"given":["a","b"],"_given":[null,{"extension":[{"url":"http://x","valueCode":"y"}]}]}]}""", Apply("""{"resourceType":"Patient","name":[{"given":["a","b"]}]}""", Operation("add", "Patient.name.given[1]", add)));
    }

    [Fact]
    public void Each_operation_sees_the_one_before() => Becomes(
        """{"resourceType":"Patient","name":[{"family":"b"}]}""",
        Apply(
            """{"resourceType":"Patient"}""",
            Operation("add", "Patient", Part("name", "\"valueString\":\"name\""), Part("value", "\"valueHumanName\":{\"family\":\"a\"}")),
            Operation("replace", "Patient.name.where(family = 'a').family", Part("value", "\"valueString\":\"b\""))));

    [Fact]
    public void Deleting_what_is_not_there_changes_nothing() => Becomes("""{"resourceType":"Patient","id":"a"}""", Apply("""{"resourceType":"Patient","id":"a"}""", Operation("delete", "Patient.birthDate")));

    [Theory]
    [InlineData("jump", "Patient", "", RefusalKind.Invalid)]
    [InlineData("delete", "Patient.(", "", RefusalKind.Invalid)]
    [InlineData("add", "Patient", "", RefusalKind.Invalid)]
    [InlineData("replace", "Patient.gender", "", RefusalKind.Invalid)]
    [InlineData("insert", "Patient.name", "index:\"valueString\":\"x\"", RefusalKind.Invalid)]
    [InlineData("delete", "Patient.name", "", RefusalKind.Unprocessable)]
    [InlineData("delete", "Patient", "", RefusalKind.Unprocessable)]
    [InlineData("replace", "Patient", "", RefusalKind.Unprocessable)]
    [InlineData("replace", "Patient.birthDate", "value:\"valueDate\":\"1970\"", RefusalKind.Unprocessable)]
    [InlineData("replace", "Patient.id", "value:\"valueId\":\"b\"", RefusalKind.Unprocessable)]
    [InlineData("delete", "Patient.name.count()", "", RefusalKind.Unprocessable)]
    [InlineData("delete", "1 + 1", "", RefusalKind.Unprocessable)]
    [InlineData("delete", "%resource.ofType(Patient)", "", RefusalKind.Unprocessable)]
    [InlineData("add", "Patient", "name:\"valueString\":\"gendr\",value:\"valueCode\":\"male\"", RefusalKind.Unprocessable)]
    [InlineData("add", "Patient", "name:\"valueString\":\"gender\",value:\"valueCode\":\"male\"", RefusalKind.Unprocessable)]
    [InlineData("add", "Patient", "name:\"valueString\":\"deceased\",value:\"valueString\":\"yes\"", RefusalKind.Unprocessable)]
    [InlineData("add", "Patient.birthDate", "name:\"valueString\":\"x\",value:\"valueString\":\"yes\"", RefusalKind.Unprocessable)]
    [InlineData("replace", "Patient.name[0]", "value:\"valueString\":\"x\"", RefusalKind.Unprocessable)]
    [InlineData("replace", "Patient.gender", "value:\"valueHumanName\":{\"text\":\"x\"}", RefusalKind.Unprocessable)]
    [InlineData("add", "Patient", "name:\"valueString\":\"contact\",value:\"valueHumanName\":{\"text\":\"x\"}", RefusalKind.Unprocessable)]
    [InlineData("add", "Patient", "name:\"valueString\":\"contact\",value:\"resource\":{\"resourceType\":\"Patient\"}", RefusalKind.Invalid)]
    [InlineData("insert", "Patient.name[0]", "index:\"valueInteger\":0,value:\"valueHumanName\":{\"text\":\"x\"}", RefusalKind.Unprocessable)]
    [InlineData("insert", "Patient.gender", "index:\"valueInteger\":0,value:\"valueCode\":\"male\"", RefusalKind.Unprocessable)]
    [InlineData("insert", "Patient.name", "index:\"valueInteger\":3,value:\"valueHumanName\":{\"text\":\"x\"}", RefusalKind.Unprocessable)]
    [InlineData("move", "Patient.name", "source:\"valueInteger\":0,destination:\"valueInteger\":2", RefusalKind.Unprocessable)]
    public void Patch_that_cannot_be_applied_is_refused(string type, string path, string parts, RefusalKind kind)
    {
        var given = parts.Length == 0 ? [] : System.Text.RegularExpressions.Regex.Split(parts, ",(?=[a-z]+:)").Select(p => Part(p[..p.IndexOf(':', StringComparison.Ordinal)], p[(p.IndexOf(':', StringComparison.Ordinal) + 1)..])).ToArray();
        var outcome = Apply("""{"resourceType":"Patient","id":"a","gender":"female","name":[{"family":"x"},{"family":"y"}]}""", Operation(type, path, given));

        Assert.Equal(kind, outcome.Refusal?.Kind);
        Assert.All(outcome.Refusal!.Issues, i => Assert.Equal("patch", i.Key));
    }

    [Fact]
    public void Anything_but_operations_is_refused()
    {
        Assert.Equal(RefusalKind.Invalid, FhirPathPatch.Apply(FhirResource.Parse("""{"resourceType":"Patient"}"""), FhirResource.Parse("""{"resourceType":"Patient"}""")).Refusal?.Kind);
        Assert.Equal(RefusalKind.Invalid, Apply("""{"resourceType":"Patient"}""", """{"name":"x"}""").Refusal?.Kind);
        Assert.Equal(RefusalKind.Invalid, Apply("""{"resourceType":"Patient"}""", [.. Enumerable.Repeat(Operation("delete", "Patient.photo"), FhirPathPatch.MaxOperations + 1)]).Refusal?.Kind);
    }

    [Fact]
    public void Costly_path_is_stopped()
    {
        var outcome = Apply("""{"resourceType":"Patient","id":"a"}""", Operation("delete", "repeat(descendants() | %resource).where((1|2|3|4|5|6|7|8).select($this.toString() * 1).exists()).repeat(%resource)"));

        Assert.True(outcome.IsRefused);
    }
}
