using System.Text;
using System.Text.Json.Nodes;
using SecondOpinion.Fhir.Patch;
using Xunit;

namespace SecondOpinion.Fhir.Tests.Patch;

public sealed class JsonPatchTests
{
    private const string SuiteFile = "conformance/patch/json-patch-tests.json";

    public static TheoryData<string> Cases => Suite.Names(SuiteFile, p => Read(p).Select((c, i) => $"{i} {c["comment"]}"));

    private static IEnumerable<JsonObject> Read(string path) => JsonNode.Parse(File.ReadAllText(path))!.AsArray().Select(c => c!.AsObject());

    [Theory]
    [MemberData(nameof(Cases))]
    public void Official_json_patch_case(string name)
    {
        var test = Read(Suite.Open(SuiteFile)).ElementAt(int.Parse(name.Split(' ')[0]));

        var outcome = JsonPatch.Apply(test["doc"]!.DeepClone(), test["patch"]!.DeepClone());

        if (test["error"] is not null)
        {
            Assert.True(outcome.IsRefused);
        }
        else
        {
            Assert.True(JsonNode.DeepEquals(test["expected"], outcome.Value), outcome.Value?.ToJsonString());
        }
    }

    private static Outcome<FhirResource> Patch(string resource, string patch) => JsonPatch.Apply(FhirResource.Parse(resource), Encoding.UTF8.GetBytes(patch));

    [Fact]
    public void Array_that_a_removal_leaves_empty_goes_too()
    {
        var patched = Patch("""{"resourceType":"Patient","id":"a","name":[{"family":"x"}]}""", """[{"op":"remove","path":"/name/0/family"}]""").Value;

        Assert.Equal("""{"resourceType":"Patient","id":"a"}""", Encoding.UTF8.GetString(patched.Json.Span));
    }

    [Theory]
    [InlineData("x", RefusalKind.Invalid)]
    [InlineData("{}", RefusalKind.Invalid)]
    [InlineData("""[{"op":"jump","path":"/id"}]""", RefusalKind.Invalid)]
    [InlineData("""[{"op":"add","path":"/gender"}]""", RefusalKind.Invalid)]
    [InlineData("""[{"op":"add","path":"gender","value":"male"}]""", RefusalKind.Invalid)]
    [InlineData("""[{"op":"add","op":"remove","path":"/id"}]""", RefusalKind.Invalid)]
    [InlineData("""[{"op":"remove","path":"/gender"}]""", RefusalKind.Unprocessable)]
    [InlineData("""[{"op":"replace","path":"/name/1","value":{}}]""", RefusalKind.Unprocessable)]
    [InlineData("""[{"op":"test","path":"/id","value":"b"}]""", RefusalKind.Unprocessable)]
    [InlineData("""[{"op":"replace","path":"/id","value":"b"}]""", RefusalKind.Unprocessable)]
    [InlineData("""[{"op":"replace","path":"","value":7}]""", RefusalKind.Unprocessable)]
    [InlineData("""[{"op":"move","from":"/name","path":"/name/0/x"}]""", RefusalKind.Unprocessable)]
    [InlineData("""[{"op":"add","path":"/name/01","value":{}}]""", RefusalKind.Unprocessable)]
    public void Patch_that_cannot_be_applied_is_refused(string patch, RefusalKind kind) =>
        Assert.Equal(kind, Patch("""{"resourceType":"Patient","id":"a","name":[{"family":"x"}]}""", patch).Refusal?.Kind);

    [Fact]
    public void Copies_of_copies_are_stopped()
    {
        var operations = string.Join(',', Enumerable.Range(0, 40).Select(_ => """{"op":"copy","from":"/name","path":"/name/-"}"""));

        Assert.Equal(RefusalKind.TooLarge, Patch("""{"resourceType":"Patient","id":"a","name":[{"family":"x"}]}""", $"[{operations}]").Refusal?.Kind);
    }
}
