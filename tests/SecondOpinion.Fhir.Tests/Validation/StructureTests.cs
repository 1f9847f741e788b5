using Xunit;

namespace SecondOpinion.Fhir.Tests.Validation;

public sealed class StructureTests
{
    private static IReadOnlyList<FhirIssue> Issues(string json) => FhirValidator.Validate(FhirResource.Parse(json));

    [Theory]
    [InlineData("""{"resourceType":"Patient","gendr":"male"}""", "unknown-element", "Patient.gendr")]
    [InlineData("""{"resourceType":"Patient","name":[{"famly":"x","text":"y"}]}""", "unknown-element", "Patient.name[0].famly")]
    [InlineData("""{"resourceType":"Observation","status":"final","code":{"text":"x"},"value":7}""", "unknown-element", "Observation.value")]
    [InlineData("""{"resourceType":"Patient","_name":[{"id":"a"}]}""", "unknown-element", "Patient.name[0]")]
    [InlineData("""{"resourceType":"Patient","fhir_comments":["x"]}""", "unknown-element", "Patient.fhir_comments[0]")]
    [InlineData("""{"resourceType":"Patient","name":{"family":"x"}}""", "array", "Patient.name")]
    [InlineData("""{"resourceType":"Patient","gender":["male"]}""", "array", "Patient.gender[0]")]
    [InlineData("""{"resourceType":"Patient","name":[]}""", "empty-array", "Patient.name")]
    [InlineData("""{"resourceType":"Patient","maritalStatus":{}}""", "empty-object", "Patient.maritalStatus")]
    [InlineData("""{"resourceType":"Patient","maritalStatus":{"id":"a"}}""", "ele-1", "Patient.maritalStatus")]
    [InlineData("""{"resourceType":"Patient","birthDate":null}""", "null", "Patient.birthDate")]
    [InlineData("""{"resourceType":"Patient","name":[{"given":[null]}]}""", "null", "Patient.name[0].given[0]")]
    [InlineData("""{"resourceType":"Patient","active":"true"}""", "json-type", "Patient.active")]
    [InlineData("""{"resourceType":"Patient","birthDate":1970}""", "json-type", "Patient.birthDate")]
    [InlineData("""{"resourceType":"Patient","name":["x"]}""", "json-type", "Patient.name[0]")]
    [InlineData("""{"resourceType":"Patient","birthDate":{"id":"x"}}""", "json-type", "Patient.birthDate")]
    [InlineData("""{"resourceType":"Patient","contained":["x"]}""", "json-type", "Patient.contained[0]")]
    [InlineData("""{"resourceType":"Observation","code":{"text":"x"}}""", "min", "Observation")]
    [InlineData("""{"resourceType":"Observation","status":"final","code":{"text":"x"},"component":[{"valueInteger":1}]}""", "min", "Observation.component[0]")]
    [InlineData("""{"resourceType":"Observation","status":"final","code":{"text":"x"},"valueInteger":1,"valueBoolean":true}""", "max", "Observation")]
    [InlineData("""{"resourceType":"Patient","extension":[{"url":"http://x"}]}""", "ext-1", "Patient.extension[0]")]
    [InlineData("""{"resourceType":"Patient","extension":[{"url":"http://x","valueString":"a","extension":[{"url":"y","valueString":"b"}]}]}""", "ext-1", "Patient.extension[0]")]
    [InlineData("""{"resourceType":"Patient","extension":[{"valueString":"a"}]}""", "min", "Patient.extension[0]")]
    [InlineData("""{"resourceType":"Patient","gender":"man"}""", "binding-required", "Patient.gender")]
    [InlineData("""{"resourceType":"Patient","generalPractitioner":[{"reference":"Patient/1"}]}""", "reference-target", "Patient.generalPractitioner[0]")]
    [InlineData("""{"resourceType":"Patient","generalPractitioner":[{"reference":"Practitioner/1","type":"Organization"}]}""", "reference-type", "Patient.generalPractitioner[0]")]
    [InlineData("""{"resourceType":"Patient","managingOrganization":{"reference":"#x"}}""", "ref-1", "Patient.managingOrganization")]
    [InlineData("""{"resourceType":"Patient","contained":[{"resourceType":"Organization","id":"x","name":"y"}]}""", "dom-3", "Patient.contained[0]")]
    [InlineData("""{"resourceType":"Patient","managingOrganization":{"reference":"#x"},"contained":[{"resourceType":"Organization","id":"x","meta":{"versionId":"1"},"name":"y"}]}""", "dom-4", "Patient.contained[0]")]
    [InlineData("""{"resourceType":"Bundle","type":"collection","entry":[{"resource":{"resourceType":"Patient","gender":"man"}}]}""", "binding-required", "Bundle.entry[0].resource.gender")]
    [InlineData("""{"resourceType":"Bundle","type":"collection","entry":[{"fullUrl":"https://a.example/Patient/2","resource":{"resourceType":"Patient","id":"1"}}]}""", "fullurl-id", "Bundle.entry[0].fullUrl")]
    [InlineData("""{"resourceType":"Bundle","type":"collection","entry":[{"fullUrl":"urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0","resource":{"resourceType":"Patient"}},{"fullUrl":"urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e1","resource":{"resourceType":"Patient","managingOrganization":{"reference":"urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}}}]}""", "reference-target", "Bundle.entry[1].resource.managingOrganization")]
    [InlineData("""{"resourceType":"Patient","managingOrganization":{"reference":"Organisation/1"}}""", "reference-format", "Patient.managingOrganization")]
    [InlineData("""{"resourceType":"Patient","managingOrganization":{"reference":"the clinic"}}""", "reference-format", "Patient.managingOrganization")]
    [InlineData("""{"resourceType":"Patient","managingOrganization":{"type":"Practitioner","display":"x"}}""", "reference-target", "Patient.managingOrganization")]
    [InlineData("""{"resourceType":"Patient","managingOrganization":{"reference":"#x"},"contained":[{"resourceType":"Organization","id":"x","name":"y"},{"resourceType":"Organization","id":"x","name":"z"}]}""", "contained-id", "Patient.contained[1].id")]
    [InlineData("""{"resourceType":"Patient","extension":[{"url":"x","valueString":"a"}]}""", "extension-url", "Patient.extension[0].url")]
    [InlineData("""{"resourceType":"Patient","language":"english please"}""", "binding-required", "Patient.language")]
    [InlineData("""{"resourceType":"Binary","contentType":"an image"}""", "binding-required", "Binary.contentType")]
    [InlineData("""{"resourceType":"Observation","status":"final","code":{"text":"x"},"referenceRange":[{"low":{"value":1,"comparator":"<"}}]}""", "sqty-1", "Observation.referenceRange[0].low.comparator")]
    [InlineData("""{"resourceType":"Condition","subject":{"reference":"Patient/1"},"verificationStatus":{"text":"surely"}}""", "binding-required", "Condition.verificationStatus")]
    [InlineData("""{"resourceType":"Observation","status":"final","code":{"text":"x"},"valueAddress":{"city":"x"}}""", "unknown-element", "Observation.valueAddress")]
    [InlineData("""{"resourceType":"Patient","extension":[{"url":"http://hl7.org/fhir/StructureDefinition/observation-bodyPosition","valueCodeableConcept":{"text":"x"}}]}""", "extension-context", "Patient.extension[0]")]
    [InlineData("""{"resourceType":"Patient","extension":[{"url":"http://hl7.org/fhir/StructureDefinition/patient-birthPlace","valueString":"x"}]}""", "profile-type", "Patient.extension[0].value")]
    [InlineData("""{"resourceType":"Observation","meta":{"profile":["http://hl7.org/fhir/StructureDefinition/bodyweight"]},"status":"final","category":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/observation-category","code":"vital-signs"}]}],"code":{"coding":[{"system":"http://loinc.org","code":"29463-7"}]},"subject":{"reference":"Patient/1"},"effectiveDateTime":"2024-05-01","valueQuantity":{"value":80,"unit":"kg","system":"http://unitsofmeasure.org","code":"mm"}}""", "profile-binding", "Observation.value.code")]
    public void Broken_rule_is_reported_once_at_its_place(string json, string key, string expression)
    {
        var issue = Assert.Single(Issues(json), i => i.IsError);

        Assert.Equal(key, issue.Key);
        Assert.Equal(expression, issue.Expression);
        Assert.NotNull(issue.Line);
        Assert.StartsWith(expression, issue.Message);
    }

    [Theory]
    [InlineData("""{"resourceType":"Patient","_birthDate":{"extension":[{"url":"http://x","valueCode":"unknown"}]}}""")]
    [InlineData("""{"resourceType":"Patient","name":[{"given":["a",null],"_given":[null,{"extension":[{"url":"http://x","valueCode":"u"}]}]}]}""")]
    [InlineData("""{"resourceType":"Patient","birthDate":"2000","_birthDate":{"id":"a"}}""")]
    [InlineData("""{"resourceType":"Patient","managingOrganization":{"reference":"#x"},"contained":[{"resourceType":"Organization","id":"x","name":"y"}]}""")]
    [InlineData("""{"resourceType":"Patient","managingOrganization":{"reference":"https://other.example/fhir/Organization/1/_history/2"}}""")]
    [InlineData("""{"resourceType":"Patient","managingOrganization":{"reference":"urn:uuid:7f0c0b52-6f0e-4d3c-9a51-1f7f3f0f0001"}}""")]
    [InlineData("""{"resourceType":"Questionnaire","status":"draft","item":[{"linkId":"1","type":"group","item":[{"linkId":"1.1","type":"string"}]}]}""")]
    [InlineData("""{"resourceType":"Parameters","parameter":[{"name":"a","resource":{"resourceType":"Patient"}},{"name":"b","part":[{"name":"c","valueString":"d"}]}]}""")]
    [InlineData("""{"resourceType":"Patient","language":"zh-Hant-TW","extension":[{"url":"http://x","extension":[{"url":"part","valueString":"a"}]}]}""")]
    [InlineData("""{"resourceType":"Binary","contentType":"text/html; charset=UTF-8"}""")]
    [InlineData("""{"resourceType":"Patient","managingOrganization":{"reference":"Organization?identifier=https://a.example|7"}}""")]
    [InlineData("""{"resourceType":"Observation","status":"final","code":{"text":"x"},"valueQuantity":{"value":1,"system":"http://unitsofmeasure.org","code":"mL/min/{1.73_m2}"}}""")]
    [InlineData("""{"resourceType":"Bundle","type":"collection","entry":[{"fullUrl":"urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0","resource":{"resourceType":"Patient","id":"1"}}]}""")]
    public void Valid_resource_has_no_issue(string json) => Assert.Empty(Issues(json));

    [Fact]
    public void All_issues_come_in_one_answer_with_what_is_allowed()
    {
        var issues = Issues("""
            {"resourceType":"Patient","gender":"man",
             "birthDate":"1970-02-30","contact":[{}]}
            """);

        Assert.Equal(["binding-required", "format-date", "empty-object", "pat-1"], issues.Select(i => i.Key));
        Assert.Contains("male, female, other, unknown", issues[0].Message);
        Assert.Equal((2, 2), (issues[1].Line, issues[1].Column));
    }

    [Theory]
    [InlineData("""{"resourceType":"Observation","status":"final","code":{"text":"x"},"valueQuantity":{"value":1,"system":"http://unitsofmeasure.org","code":"mcg"}}""", "ucum", "Observation.value.code")]
    [InlineData("""{"resourceType":"Patient","modifierExtension":[{"url":"https://a.example/negates","valueBoolean":true}]}""", "extension-modifier-unknown", "Patient.modifierExtension[0]")]
    [InlineData("""{"resourceType":"Observation","meta":{"profile":["https://secondopinion.example/fhir/StructureDefinition/second-opinion-site|99"]},"status":"final","code":{"text":"x"}}""", "profile-version", "Observation.meta.profile[0]")]
    public void What_may_be_wrong_is_a_warning(string json, string key, string expression)
    {
        var warning = Assert.Single(Issues(json), i => !i.IsError);

        Assert.Equal((key, expression), (warning.Key, warning.Expression));
    }

    [Fact]
    public void Broken_rule_shows_what_broke_it() =>
        Assert.EndsWith("""(per-1); found {"start":"2020","end":"2019"}""", Assert.Single(Issues("""{"resourceType":"Patient","name":[{"family":"x","period":{ "start": "2020", "end": "2019" }}]}""")).Message);

    [Fact]
    public void Extensible_binding_is_a_warning() =>
        Assert.Equal(IssueSeverity.Warning, Assert.Single(Issues("""{"resourceType":"Patient","maritalStatus":{"coding":[{"system":"http://x","code":"y"}]}}""")).Severity);

    [Fact]
    public void Errors_are_limited_and_the_answer_says_so()
    {
        var json = $$"""{"resourceType":"Patient","name":[{{string.Join(',', Enumerable.Repeat("{}", 1000))}}]}""";

        var issues = FhirValidator.Validate(FhirResource.Parse(json), new ValidationOptions { MaxIssues = 50 });

        Assert.Equal(51, issues.Count);
        Assert.Equal("too-many-issues", issues[^1].Key);
    }
}
