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

        Assert.Equal(files.Select(r => r.Root.Text("url")).Order(StringComparer.Ordinal), SecondOpinion.Fhir.Profiles.Artefacts.Where(a => a.Root["url"].Exists).Select(r => r.Root.Text("url")).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Output_belongs_to_the_sources()
    {
        Requires.Tool("sha256sum");
        var result = Shell.Run("bash", Path.Combine(Repository.Root, "tools/profiles/check.sh"));

        Assert.True(result.ExitCode == 0, result.Error);
    }

    [Theory]
    [InlineData("second-opinion-order", "ServiceRequest")]
    [InlineData("second-opinion-task", "Task")]
    [InlineData("second-opinion-report", "DiagnosticReport")]
    [InlineData("second-opinion-finding", "Observation")]
    [InlineData("second-opinion-assessment", "Observation")]
    public void Profile_is_on_board(string id, string type)
    {
        Assert.Equal(type, SecondOpinion.Fhir.Profiles.Default.Definition(Base + id)?.Root.Text("type"));
        Assert.Contains(Base + id, SecondOpinion.Fhir.Profiles.Default.Urls);
    }

    /// <summary>Sample, path of the edit, JSON put there (null removes), rule, place.</summary>
    [Theory]
    // order
    [InlineData("order", "category", null, "so-order-category", "ServiceRequest")]
    [InlineData("order", "category/0/coding/0/code", "\"first-opinion\"", "so-order-category", "ServiceRequest")]
    [InlineData("order", "category/0/coding/0/system", "\"http://terminology.hl7.org/CodeSystem/v2-0336\"", "so-order-category", "ServiceRequest")]
    [InlineData("order", "reasonCode", null, "so-order-question", "ServiceRequest")]
    [InlineData("order", "reasonCode/0", """{"coding":[{"system":"http://snomed.info/sct","code":"1"}]}""", "so-order-question", "ServiceRequest")]
    [InlineData("order", "reasonCode/0", """{"extension":[{"url":"http://x","valueString":"why"}]}""", "so-order-question", "ServiceRequest")]
    [InlineData("order", "requester", null, "so-order-requester", "ServiceRequest")]
    [InlineData("order", "requester", """{"display":"Dr. Lindqvist"}""", "so-order-requester", "ServiceRequest")]
    [InlineData("order", "requester", """{"type":"Practitioner"}""", "so-order-requester", "ServiceRequest")]
    [InlineData("order", "identifier", null, "so-order-placer", "ServiceRequest")]
    [InlineData("order", "identifier/0/type/coding/0/code", "\"FILL\"", "so-order-placer", "ServiceRequest")]
    [InlineData("order", "identifier/0/type/coding/0/system", "\"http://x\"", "so-order-placer", "ServiceRequest")]
    [InlineData("order", "subject/reference", "\"Group/1\"", "profile-target", "ServiceRequest.subject")]
    [InlineData("order", "subject/reference", "\"Device/1\"", "profile-target", "ServiceRequest.subject")]
    [InlineData("order", "subject", """{"type":"Location","display":"x"}""", "profile-target", "ServiceRequest.subject")]
    [InlineData("order", "extension", """[{"url":"https://secondopinion.example/fhir/StructureDefinition/may-contact-clinician","valueString":"yes"}]""", "profile-type", "ServiceRequest.extension[0].value")]
    [InlineData("order", "extension", """[{"url":"https://secondopinion.example/fhir/StructureDefinition/may-contact-clinician","valueBoolean":true},{"url":"https://secondopinion.example/fhir/StructureDefinition/may-contact-clinician","valueBoolean":false}]""", "profile-max", "ServiceRequest")]
    // work
    [InlineData("task", "basedOn", null, "profile-min", "Task")]
    [InlineData("task", "basedOn/0/reference", "\"CarePlan/1\"", "profile-target", "Task.basedOn[0]")]
    [InlineData("task", "intent", "\"plan\"", "profile-pattern", "Task.intent")]
    [InlineData("task", "code/coding/0/code", "\"abort\"", "profile-pattern", "Task.code")]
    [InlineData("task", "code/coding/0/system", "\"http://x\"", "profile-pattern", "Task.code")]
    [InlineData("task", "code", null, "profile-min", "Task")]
    [InlineData("task", "for/reference", "\"Group/1\"", "profile-target", "Task.for")]
    [InlineData("task", "businessStatus", """{"coding":[{"system":"https://secondopinion.example/fhir/CodeSystem/business-status","code":"done"}]}""", "profile-binding", "Task.businessStatus")]
    [InlineData("task", "businessStatus", """{"coding":[{"system":"http://x","code":"ready"}]}""", "profile-binding", "Task.businessStatus")]
    [InlineData("task", "businessStatus", """{"text":"ready"}""", "profile-binding", "Task.businessStatus")]
    [InlineData("task", "output/0/valueReference/reference", "\"Observation/1\"", "profile-target", "Task.output[0].value")]
    [InlineData("task", "output/1", """{"type":{"coding":[{"system":"https://secondopinion.example/fhir/CodeSystem/task-output","code":"report"}]},"valueReference":{"reference":"DiagnosticReport/2"}}""", "profile-max", "Task")]
    [InlineData("task", "note", """[{"text":"x","extension":[{"url":"https://secondopinion.example/fhir/StructureDefinition/intake-rule","valueBoolean":true}]}]""", "profile-type", "Task.note[0].extension[0].value")]
    // report
    [InlineData("report", "conclusion", null, "so-report-conclusion", "DiagnosticReport")]
    [InlineData("report", "result", null, "so-report-results", "DiagnosticReport")]
    [InlineData("report", "resultsInterpreter", null, "so-report-signer", "DiagnosticReport")]
    [InlineData("report", "performer", null, "so-report-signer", "DiagnosticReport")]
    [InlineData("report", "imagingStudy", null, "so-report-images", "DiagnosticReport")]
    [InlineData("report", "basedOn", null, "profile-min", "DiagnosticReport")]
    [InlineData("report", "basedOn/0/reference", "\"CarePlan/1\"", "profile-target", "DiagnosticReport.basedOn[0]")]
    [InlineData("report", "subject", null, "profile-min", "DiagnosticReport")]
    [InlineData("report", "subject/reference", "\"Location/1\"", "profile-target", "DiagnosticReport.subject")]
    // finding
    [InlineData("finding", "basedOn", null, "profile-min", "Observation")]
    [InlineData("finding", "subject", null, "profile-min", "Observation")]
    [InlineData("finding", "subject/reference", "\"Device/1\"", "profile-target", "Observation.subject")]
    [InlineData("finding", "component/0/valueCodeableConcept/coding/0/code", "\"sure\"", "profile-binding", "Observation.component[0].value")]
    [InlineData("finding", "component/0/valueCodeableConcept/coding/0/system", "\"http://x\"", "profile-binding", "Observation.component[0].value")]
    [InlineData("finding", "component/0/valueCodeableConcept", """{"text":"definitive"}""", "profile-binding", "Observation.component[0].value")]
    [InlineData("finding", "component/0/valueCodeableConcept", null, "profile-min", "Observation.component[0]")]
    [InlineData("finding", "component/1/valueQuantity/code", "\"1\"", "profile-pattern", "Observation.component[1].value")]
    [InlineData("finding", "component/1/valueQuantity/system", "\"http://x\"", "profile-pattern", "Observation.component[1].value")]
    [InlineData("finding", "component/1/valueQuantity/value", "101", "so-finding-confidence", "Observation.component[1]")]
    [InlineData("finding", "component/1/valueQuantity/value", "-1", "so-finding-confidence", "Observation.component[1]")]
    [InlineData("finding", "component/1/valueQuantity/value", "100.5", "so-finding-confidence", "Observation.component[1]")]
    [InlineData("finding", "component/2/valueCodeableConcept/coding/0/code", "\"agreed\"", "profile-binding", "Observation.component[2].value")]
    [InlineData("finding", "component/4/valueCodeableConcept/coding/0/code", "\"same\"", "profile-binding", "Observation.component[4].value")]
    [InlineData("finding", "component/5", """{"code":{"coding":[{"system":"https://secondopinion.example/fhir/CodeSystem/finding-attribute","code":"confidence"}]},"valueQuantity":{"value":1,"system":"http://unitsofmeasure.org","code":"%"}}""", "profile-max", "Observation")]
    [InlineData("finding", "derivedFrom/0/extension", """[{"url":"https://secondopinion.example/fhir/StructureDefinition/image-evidence","extension":[{"url":"frame","valueString":"1"}]}]""", "profile-type", "Observation.derivedFrom[0].extension[0].extension[0].value")]
    [InlineData("finding", "derivedFrom/0/extension", """[{"url":"https://secondopinion.example/fhir/StructureDefinition/image-evidence","extension":[{"url":"frame","valuePositiveInt":1},{"url":"frame","valuePositiveInt":2}]}]""", "profile-max", "Observation.derivedFrom[0].extension[0]")]
    // assessment
    [InlineData("assessment", "code/coding/0/code", "\"overall\"", "profile-pattern", "Observation.code")]
    [InlineData("assessment", "code/coding/0/system", "\"http://x\"", "profile-pattern", "Observation.code")]
    [InlineData("assessment", "code", """{"text":"Second opinion assessment"}""", "profile-pattern", "Observation.code")]
    [InlineData("assessment", "valueCodeableConcept", null, "profile-min", "Observation")]
    [InlineData("assessment", "valueCodeableConcept/coding/0/code", "\"disagree\"", "profile-binding", "Observation.value")]
    [InlineData("assessment", "component/1/valueCodeableConcept/coding/0/code", "\"maybe\"", "profile-binding", "Observation.component[1].value")]
    public void Near_miss_is_refused_for_its_reason(string sample, string path, string? json, string key, string expression)
    {
        var errors = Errors(Edit(sample, path, json));

        var issue = Assert.Single(errors);
        Assert.Equal((key, expression), (issue.Key, issue.Expression));
        Assert.StartsWith(expression, issue.Message);
        Assert.Contains("profile ", issue.Message, StringComparison.Ordinal);
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
