using System.Text.Json.Nodes;
using SecondOpinion.TestKit;
using Xunit;

namespace SecondOpinion.Fhir.Tests.Profiles;

public sealed class CaseProfileTests
{
    private const string Base = "https://secondopinion.example/fhir/StructureDefinition/";

    private static readonly string Generated = Path.Combine(Repository.Root, "profiles/generated");

    private static readonly Dictionary<string, JsonObject> Samples = new()
    {
        ["order"] = Entry("order-bundle.json", 4),
        ["finding"] = Entry("result-bundle.json", 0),
        ["assessment"] = Entry("result-bundle.json", 1),
        ["report"] = Entry("result-bundle.json", 2),
        ["task"] = Read("Task-dental-task").ToJsonObject(),
    };

    private static JsonObject Entry(string file, int index) =>
        JsonNode.Parse(File.ReadAllBytes(Path.Combine(Repository.Root, "docs/examples", file)))!["entry"]![index]!["resource"]!.AsObject();

    private static FhirResource Read(string name) => FhirResource.Parse(File.ReadAllBytes(Path.Combine(Generated, name + ".json")));

    [Theory]
    [InlineData("order-bundle.json")]
    [InlineData("result-bundle.json")]
    public void Example_bundle_is_valid(string file)
    {
        var bundle = FhirResource.Parse(File.ReadAllBytes(Path.Combine(Repository.Root, "docs/examples", file)));

        Assert.DoesNotContain(FhirValidator.Validate(bundle), i => i.Key != "binding-extensible");
        Assert.Contains(bundle.Root.All("entry"), e => e["resource"]["meta"]["profile"].Exists);
    }

    public static TheoryData<string> Artefacts => [.. Directory.GetFiles(Generated, "*.json").Select(f => Path.GetFileNameWithoutExtension(f)!).Order()];

    [Theory]
    [MemberData(nameof(Artefacts))]
    public void Artefact_is_valid(string name)
    {
        var resource = Read(name);

        Assert.DoesNotContain(FhirValidator.Validate(resource), i => i.IsError);
        Assert.Equal(name, $"{resource.ResourceType}-{resource.Id}");
    }

    [Fact]
    public void Every_artefact_with_a_canonical_url_is_on_board()
    {
        var files = Directory.GetFiles(Generated, "*.json").Select(f => FhirResource.Parse(File.ReadAllBytes(f))).Where(r => r.Root["url"].Exists);

        Assert.Equal(files.Select(r => r.Root.Text("url")).Order(StringComparer.Ordinal), SecondOpinion.Fhir.Profiles.Artefacts.Select(r => r.Root.Text("url")).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Output_belongs_to_the_sources()
    {
        Requires.Tool("sha256sum");
        var result = Shell.Run("bash", Path.Combine(Repository.Root, "tools/profiles/check.sh"));

        Assert.True(result.ExitCode == 0, result.Error);
    }

    [Fact]
    public void Guide_lists_everything_else_and_what_a_profile_each_example_has()
    {
        var guide = Read("ImplementationGuide-secondopinion.interop").Root["definition"].All("resource").ToList();

        Assert.Equal(Directory.GetFiles(Generated, "*.json").Select(f => Path.GetFileNameWithoutExtension(f)!).Where(n => !n.StartsWith("ImplementationGuide", StringComparison.Ordinal)).Order(), guide.Select(r => r["reference"].Text("reference")!.Replace('/', '-')).Order());
        var examples = guide.Where(r => r.Text("example") is { } example && example != "false" && example != "true").ToList();
        Assert.All(examples, r => Assert.Contains(r.Text("example")!, Read(r["reference"].Text("reference")!.Replace('/', '-')).Root["meta"].All("profile").Select(p => p.Value)));
        foreach (var profile in SecondOpinion.Fhir.Profiles.Default.For(null))
        {
            Assert.True(examples.Count(r => r.Text("example") == profile) >= 2, profile);
        }
    }

    [Fact]
    public void Capability_statement_asks_for_profiles_and_parameters_that_are()
    {
        foreach (var resource in Read("CapabilityStatement-second-opinion-server").Root["rest"].All("resource"))
        {
            var type = resource.Text("type")!;
            Assert.All(resource.All("supportedProfile"), p => Assert.Contains(p.Value, SecondOpinion.Fhir.Profiles.Default.For(type)));
            Assert.All(resource.All("searchParam"), p => Assert.Contains(SecondOpinion.Fhir.Search.SearchParameters.For(type), s => (s.Code, s.Url) == (p.Text("name"), p.Text("definition"))));
        }

        Assert.Equal([Base + "second-opinion-assessment", Base + "second-opinion-finding"], SecondOpinion.Fhir.Profiles.Default.For("Observation"));
        Assert.Empty(SecondOpinion.Fhir.Profiles.Default.For("Extension"));
    }

    [Theory]
    [InlineData("second-opinion-order", "ServiceRequest")]
    [InlineData("second-opinion-task", "Task")]
    [InlineData("second-opinion-report", "DiagnosticReport")]
    [InlineData("second-opinion-finding", "Observation")]
    [InlineData("second-opinion-assessment", "Observation")]
    [InlineData("second-opinion-site", "BodyStructure")]
    [InlineData("second-opinion-imaging-study", "ImagingStudy")]
    [InlineData("second-opinion-document", "DocumentReference")]
    public void Profile_is_on_board(string id, string type)
    {
        Assert.Equal(type, SecondOpinion.Fhir.Profiles.Default.Definition(Base + id)?.Root.Text("type"));
        Assert.Contains(Base + id, SecondOpinion.Fhir.Profiles.Default.Urls);
    }

    [Theory]
    [InlineData("assessment", "component/0", """{"code":{"coding":[{"system":"https://secondopinion.example/fhir/CodeSystem/assessment","code":"diagnosis-changed"}]},"valueString":"yes"}""", "profile-type", "allowed: boolean")]
    [InlineData("finding", "component/1", """{"code":{"coding":[{"system":"https://secondopinion.example/fhir/CodeSystem/finding-attribute","code":"confidence"}]},"valueInteger":85}""", "profile-type", "has type integer; allowed: Quantity")]
    [InlineData("assessment", "component/1", """{"code":{"coding":[{"system":"https://secondopinion.example/fhir/CodeSystem/assessment","code":"treatment-plan-supported"}]},"valueBoolean":true}""", "profile-type", "allowed: CodeableConcept")]
    [InlineData("finding", "component/2/valueCodeableConcept/coding/0/code", "\"agreed\"", "profile-binding", "confirmed, refined, revised, new")]
    [InlineData("order", "subject/reference", "\"Group/1\"", "profile-target", "'Group/1' is a reference to Group; allowed: Patient")]
    public void Message_names_what_was_found_and_what_is_allowed(string sample, string path, string json, string key, string words)
    {
        var issue = Assert.Single(Errors(Edit(sample, path, json)), i => i.Key == key);

        Assert.Contains(words, issue.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("order", "performer", """[{"reference":"Organization/x"}]""")]
    [InlineData("order", "code", """{"text":"Please have a look"}""")]
    [InlineData("order", "code", """{"coding":[{"system":"http://local","code":"X17"}]}""")]
    [InlineData("order", "bodySite", """[{"text":"lower left"}]""")]
    [InlineData("order", "category", """[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v2-0336","code":"S"}]}]""")]
    [InlineData("order", "category", """[{"text":"x"},{"coding":[{"system":"https://secondopinion.example/fhir/CodeSystem/order-category","code":"second-opinion"}]}]""")]
    [InlineData("order", "requester", """{"identifier":{"system":"http://x","value":"1"}}""")]
    [InlineData("order", "reasonCode", """[{"coding":[{"system":"http://snomed.info/sct","code":"1","display":"Pain"}]}]""")]
    [InlineData("order", "subject", """{"reference":"urn:uuid:7f0c0b52-6f0e-4d3c-9a51-1f7f3f0f0001"}""")]
    [InlineData("order", "identifier/1", """{"type":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v2-0203","code":"PLAC"}]},"value":"second"}""")]
    [InlineData("order", "extension", """[{"url":"http://elsewhere","valueString":"x"}]""")]
    [InlineData("finding", "component/5", """{"code":{"text":"size"},"valueQuantity":{"value":6,"unit":"mm"}}""")]
    [InlineData("finding", "component/3/valueCodeableConcept", """{"text":"a shadow of the tongue"}""")]
    [InlineData("finding", "bodySite", null)]
    [InlineData("finding", "note", null)]
    [InlineData("report", "status", "\"preliminary\"")]
    public void What_the_design_does_not_ask_for_is_allowed(string sample, string path, string? json) => Assert.Empty(Errors(Edit(sample, path, json)));

    [Fact]
    public void Draft_order_may_lack_what_an_order_needs()
    {
        var draft = Edit("order", "status", "\"draft\"").With(o =>
        {
            foreach (var name in new[] { "category", "reasonCode", "requester", "identifier" })
            {
                o.Remove(name);
            }
        });

        Assert.Empty(Errors(draft));
    }

    [Fact]
    public void Unregistered_report_needs_no_result_yet()
    {
        var report = Edit("report", "status", "\"registered\"").With(o =>
        {
            foreach (var name in new[] { "conclusion", "result", "resultsInterpreter", "imagingStudy" })
            {
                o.Remove(name);
            }
        });

        Assert.Empty(Errors(report));
    }

    [Fact]
    public void Certainty_outside_the_value_set_is_a_warning()
    {
        var issue = Assert.Single(FhirValidator.Validate(Edit("finding", "valueCodeableConcept/coding/0/code", "\"1\"")), i => i.Key == "profile-binding");

        Assert.Equal(IssueSeverity.Warning, issue.Severity);
    }

    [Fact]
    public void Unknown_profile_is_a_warning_and_the_wrong_base_type_an_error()
    {
        var issues = FhirValidator.Validate(FhirResource.Parse("""{"resourceType":"Patient","meta":{"profile":["http://x/unknown","http://hl7.org/fhir/StructureDefinition/Patient|4.0.1","http://hl7.org/fhir/StructureDefinition/Device","https://secondopinion.example/fhir/StructureDefinition/second-opinion-order"]}}"""));

        Assert.Equal(
            [("profile-unknown", IssueSeverity.Warning, "Patient.meta.profile[0]"), ("profile-type", IssueSeverity.Error, "Patient.meta.profile[2]"), ("profile-type", IssueSeverity.Error, "Patient")],
            issues.Select(i => (i.Key, i.Severity, i.Expression)));
    }

    [Fact]
    public void Profile_is_checked_on_request_and_not_at_all_when_switched_off()
    {
        var unclaimed = Edit("order", "reasonCode", null).With(o => o.Remove("meta"));
        var claimed = Edit("order", "reasonCode", null);

        Assert.Empty(Errors(unclaimed));
        Assert.Single(FhirValidator.Validate(unclaimed, new ValidationOptions { AlsoProfiles = [Base + "second-opinion-order"] }), i => i.Key == "so-order-question");
        Assert.DoesNotContain(FhirValidator.Validate(claimed, new ValidationOptions { Profiles = null }), i => i.IsError);
        Assert.False(SecondOpinion.Fhir.Profiles.Default.Conforms(claimed.Root, Base + "second-opinion-order"));
        Assert.Null(SecondOpinion.Fhir.Profiles.Default.Conforms(claimed.Root, "http://x/unknown"));
    }

    [Fact]
    public void Target_in_the_same_bundle_tells_its_type()
    {
        var order = Samples["order"].DeepClone().AsObject();
        var bundle = FhirResource.From(new JsonObject
        {
            ["resourceType"] = "Bundle",
            ["type"] = "collection",
            ["entry"] = new JsonArray(
                new JsonObject { ["fullUrl"] = "urn:uuid:7f0c0b52-6f0e-4d3c-9a51-1f7f3f0f0001", ["resource"] = new JsonObject { ["resourceType"] = "Group", ["type"] = "person", ["actual"] = true } },
                new JsonObject { ["fullUrl"] = "urn:uuid:7f0c0b52-6f0e-4d3c-9a51-1f7f3f0f0009", ["resource"] = order }),
        });

        Assert.Equal("profile-target", Assert.Single(Errors(bundle)).Key);
    }

    private static List<FhirIssue> Errors(FhirResource resource) => [.. FhirValidator.Validate(resource).Where(i => i.IsError)];

    private static FhirResource Edit(string sample, string path, string? json)
    {
        var copy = Samples[sample].DeepClone().AsObject();
        if (sample == "task")
        {
            copy["meta"] = new JsonObject { ["profile"] = new JsonArray(Base + "second-opinion-task") };
        }

        JsonNode at = copy;
        var steps = path.Split('/');
        foreach (var step in steps[..^1])
        {
            at = (at is JsonArray array ? array[int.Parse(step)] : at[step])!;
        }

        switch (at)
        {
            case JsonArray array when int.Parse(steps[^1]) is var index && index < array.Count:
                array[index] = JsonNode.Parse(json!);
                break;
            case JsonArray array:
                array.Add(JsonNode.Parse(json!));
                break;
            case JsonObject o when json is null:
                Assert.True(o.Remove(steps[^1]));
                break;
            case JsonObject o:
                o[steps[^1]] = JsonNode.Parse(json);
                break;
        }

        return FhirResource.From(copy);
    }
}
