using SecondOpinion.TestKit;
using Xunit;

namespace SecondOpinion.Fhir.Tests.Validation;

public sealed class NarrativeTests
{
    private const string Open = """<div xmlns="http://www.w3.org/1999/xhtml"><p><b>""";

    [Fact]
    public void Finding_tells_what_is_in_it() => Assert.Equal(
        Open + "Observation</b></p><table><tbody><tr><td>Observation</td><td>Caries</td></tr><tr><td>Status</td><td>final</td></tr><tr><td>Patient</td><td>Patient/1</td></tr><tr><td>Value</td><td>&lt;5 mm</td></tr>"
        + "<tr><td>Details</td><td>Confidence: 85 %<br/>finding-class: Definitive</td></tr><tr><td>Notes</td><td>one<br/>two</td></tr></tbody></table></div>",
        Narrative.Div(FhirResource.Parse("""
            {"resourceType":"Observation","status":"final","code":{"coding":[{"code":"caries"}],"text":"Caries"},"subject":{"reference":"Patient/1"},"valueQuantity":{"comparator":"<","value":5,"unit":"mm"},"note":[{"text":"one"},{"text":"two"}],
            "component":[{"code":{"text":"Confidence"},"valueQuantity":{"value":85,"code":"%"}},{"code":{"coding":[{"code":"finding-class"}]},"valueCodeableConcept":{"coding":[{"display":"Definitive"}]}}]}
            """)));

    [Theory]
    [InlineData("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;")]
    [InlineData("a & b \\\"c\\\" 'd'", "a &amp; b &quot;c&quot; &#39;d&#39;")]
    [InlineData("</td></div><iframe src=x>", "&lt;/td&gt;&lt;/div&gt;&lt;iframe src=x&gt;")]
    [InlineData("one\\ntwo\\u0000\\u0008\\u001b", "one<br/>two")]
    [InlineData("tooth \\ud83e\\uddb7", "tooth \ud83e\uddb7")]
    public void Text_never_becomes_markup(string text, string shown)
    {
        var narrated = Narrative.Add(FhirResource.Parse($$"""{"resourceType":"DiagnosticReport","status":"final","code":{"text":"x"},"conclusion":"{{text}}"}"""));

        Assert.Contains($"<td>{shown}</td>", narrated.Root.At("text", "div").Value, StringComparison.Ordinal);
        Assert.DoesNotContain(FhirValidator.Validate(narrated), i => i.IsError && i.Expression!.StartsWith("DiagnosticReport.text", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("order-bundle.json")]
    [InlineData("result-bundle.json")]
    public void Resources_of_the_examples_stay_valid_with_narrative(string file)
    {
        var bundle = FhirResource.Parse(File.ReadAllBytes(Path.Combine(Repository.Root, "docs/examples", file)));
        foreach (var entry in bundle.Root.All("entry"))
        {
            var resource = entry["resource"].ToResource();
            var narrated = Narrative.Add(resource);

            Assert.Equal(resource.ResourceType != "Practitioner", narrated.Root["text"].Exists);
            Assert.DoesNotContain(FhirValidator.Validate(narrated), i => i.IsError);
            Assert.Equal(resource.Root.Children().Count() + (narrated.Root["text"].Exists ? 1 : 0), narrated.Root.Children().Count());
        }
    }

    [Fact]
    public void Narrative_of_the_author_is_kept()
    {
        var resource = FhirResource.Parse("""{"resourceType":"Patient","text":{"status":"additional","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">mine</div>"}}""");

        Assert.Same(resource, Narrative.Add(resource));
        Assert.Null(Narrative.Div(FhirResource.Parse("""{"resourceType":"Account","status":"active"}""")));
    }

    [Fact]
    public void Long_lists_and_texts_are_cut()
    {
        var names = string.Join(',', Enumerable.Repeat($$"""{"text":"{{new string('x', 5000)}}"}""", 500));

        Assert.InRange(Narrative.Div(FhirResource.Parse($$"""{"resourceType":"Patient","name":[{{names}}]}"""))!.Length, 1, 110_000);
    }

    [Fact]
    public void Every_example_of_a_case_type_gets_a_valid_narrative()
    {
        foreach (var json in Examples.All.Values)
        {
            var resource = FhirResource.Parse(json);
            if (Narrative.Div(resource) is not null)
            {
                var narrated = Narrative.Add(resource.With(o => o.Remove("text")));
                Assert.DoesNotContain(FhirValidator.Validate(narrated, new ValidationOptions { Invariants = false }), i => i.IsError && i.Message.Contains(".text", StringComparison.Ordinal));
                Assert.NotEmpty(FhirXml.ToXml(narrated));
            }
        }
    }
}
