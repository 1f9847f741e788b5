using SecondOpinion.Fhir.FhirPath;
using Xunit;

namespace SecondOpinion.Fhir.Tests.Validation;

/// <summary>Rules of the definitions: each row breaks exactly one; the rules decided without the evaluator agree with it.</summary>
public sealed class InvariantTests
{
    public static TheoryData<string> Keys => [.. Definitions.Invariants.Select(i => i.Key)];

    public static TheoryData<string> Names => [.. Examples.All.Keys];

    [Theory]
    [MemberData(nameof(Keys))]
    public void Rule_compiles(string key) => FhirPathExpression.Compile(Definitions.Invariant(key)!.Expression);

    [Theory]
    [InlineData("obs-6", "Observation", """{"resourceType":"Observation","status":"final","code":{"text":"c"},"valueString":"x","dataAbsentReason":{"text":"no"}}""")]
    [InlineData("obs-7", "Observation", """{"resourceType":"Observation","status":"final","code":{"coding":[{"system":"s:a","code":"1"}]},"valueString":"x","component":[{"code":{"coding":[{"system":"s:a","code":"1"}]},"valueString":"y"}]}""")]
    [InlineData("obs-3", "Observation.referenceRange[0]", """{"resourceType":"Observation","status":"final","code":{"text":"c"},"referenceRange":[{"type":{"text":"x"}}]}""")]
    [InlineData("per-1", "Encounter.period", """{"resourceType":"Encounter","status":"finished","class":{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"AMB"},"period":{"start":"2024-02-02","end":"2024-02-01"}}""")]
    [InlineData("pat-1", "Patient.contact[0]", """{"resourceType":"Patient","contact":[{"gender":"male"}]}""")]
    [InlineData("cpt-2", "Patient.telecom[0]", """{"resourceType":"Patient","telecom":[{"value":"1"}]}""")]
    [InlineData("att-1", "Patient.photo[0]", """{"resourceType":"Patient","photo":[{"data":"AA=="}]}""")]
    [InlineData("qty-3", "Observation.value", """{"resourceType":"Observation","status":"final","code":{"text":"c"},"valueQuantity":{"value":1,"code":"mg"}}""")]
    [InlineData("rng-2", "Observation.value", """{"resourceType":"Observation","status":"final","code":{"text":"c"},"valueRange":{"low":{"value":2},"high":{"value":1}}}""")]
    [InlineData("rat-1", "Observation.value", """{"resourceType":"Observation","status":"final","code":{"text":"c"},"valueRatio":{"numerator":{"value":2}}}""")]
    [InlineData("age-1", "Condition.onset", """{"resourceType":"Condition","subject":{"reference":"Patient/1"},"onsetAge":{"value":-1,"system":"http://unitsofmeasure.org","code":"a"}}""")]
    [InlineData("con-4", "Condition", """{"resourceType":"Condition","subject":{"reference":"Patient/1"},"abatementString":"soon","clinicalStatus":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/condition-clinical","code":"active"}]}}""")]
    [InlineData("tim-4", "ServiceRequest.occurrence.repeat", """{"resourceType":"ServiceRequest","status":"active","intent":"order","subject":{"reference":"Patient/1"},"occurrenceTiming":{"repeat":{"duration":-1,"durationUnit":"h"}}}""")]
    [InlineData("tim-9", "ServiceRequest.occurrence.repeat", """{"resourceType":"ServiceRequest","status":"active","intent":"order","subject":{"reference":"Patient/1"},"occurrenceTiming":{"repeat":{"offset":5,"when":["HS","CM"]}}}""")]
    [InlineData("prr-1", "ServiceRequest", """{"resourceType":"ServiceRequest","status":"active","intent":"order","subject":{"reference":"Patient/1"},"orderDetail":[{"text":"x"}]}""")]
    [InlineData("inv-1", "Task", """{"resourceType":"Task","status":"requested","intent":"order","authoredOn":"2024-02-02","lastModified":"2024-02-01"}""")]
    [InlineData("inv-1", "Parameters.parameter[0]", """{"resourceType":"Parameters","parameter":[{"name":"a"}]}""")]
    [InlineData("inv-1", "Parameters.parameter[0].part[0]", """{"resourceType":"Parameters","parameter":[{"name":"a","part":[{"name":"b"}]}]}""")]
    [InlineData("bdl-1", "Bundle", """{"resourceType":"Bundle","type":"collection","total":1}""")]
    [InlineData("bdl-3", "Bundle.entry[0]", """{"resourceType":"Bundle","type":"transaction","entry":[{"resource":{"resourceType":"Patient"}}]}""")]
    [InlineData("bdl-7", "Bundle.entry[1].fullUrl", """{"resourceType":"Bundle","type":"collection","entry":[{"fullUrl":"urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0","resource":{"resourceType":"Patient"}},{"fullUrl":"urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0","resource":{"resourceType":"Patient"}}]}""")]
    [InlineData("bdl-8", "Bundle.entry[0]", """{"resourceType":"Bundle","type":"collection","entry":[{"fullUrl":"https://a.example/Patient/1/_history/2","resource":{"resourceType":"Patient"}}]}""")]
    [InlineData("bdl-11", "Bundle", """{"resourceType":"Bundle","type":"document","timestamp":"2024-01-01T00:00:00Z","identifier":{"system":"urn:oid:1.2","value":"x"},"entry":[{"resource":{"resourceType":"Patient"}}]}""")]
    [InlineData("que-1", "Questionnaire.item[0]", """{"resourceType":"Questionnaire","status":"draft","item":[{"linkId":"1","type":"group"}]}""")]
    [InlineData("que-1", "Questionnaire.item[0].item[0]", """{"resourceType":"Questionnaire","status":"draft","item":[{"linkId":"1","type":"group","item":[{"linkId":"2","type":"group"}]}]}""")]
    [InlineData("que-2", "Questionnaire", """{"resourceType":"Questionnaire","status":"draft","item":[{"linkId":"1","type":"string"},{"linkId":"1","type":"string"}]}""")]
    [InlineData("que-7", "Questionnaire.item[1].enableWhen[0]", """{"resourceType":"Questionnaire","status":"draft","item":[{"linkId":"1","type":"string"},{"linkId":"2","type":"string","enableWhen":[{"question":"1","operator":"exists","answerString":"x"}]}]}""")]
    [InlineData("grp-1", "Group", """{"resourceType":"Group","type":"person","actual":false,"member":[{"entity":{"reference":"Patient/1"}}]}""")]
    [InlineData("ctm-1", "CareTeam.participant[0]", """{"resourceType":"CareTeam","participant":[{"member":{"reference":"Patient/1"},"onBehalfOf":{"reference":"Organization/1"}}]}""")]
    [InlineData("ras-2", "RiskAssessment.prediction[0]", """{"resourceType":"RiskAssessment","status":"final","subject":{"reference":"Patient/1"},"prediction":[{"probabilityDecimal":101}]}""")]
    [InlineData("org-1", "Organization", """{"resourceType":"Organization","active":true}""")]
    [InlineData("obs-6", "Bundle.entry[0].resource", """{"resourceType":"Bundle","type":"collection","entry":[{"resource":{"resourceType":"Observation","status":"final","code":{"text":"c"},"valueString":"x","dataAbsentReason":{"text":"no"}}}]}""")]
    public void Broken_rule_is_the_one_error(string key, string expression, string json)
    {
        var resource = FhirResource.Parse(json);

        var error = Assert.Single(FhirValidator.Validate(resource), i => i.IsError);

        Assert.Equal((key, "invariant", expression), (error.Key, error.Code, error.Expression));
        Assert.DoesNotContain(FhirValidator.Validate(resource, new ValidationOptions { Invariants = false }), i => i.IsError);
    }

    [Theory]
    [InlineData("""{"resourceType":"Encounter","status":"finished","class":{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"AMB"},"period":{"start":"2024-02","end":"2024-02-01"}}""")]
    [InlineData("""{"resourceType":"Encounter","status":"finished","class":{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"AMB"},"period":{"start":"2024-02-01T23:00:00Z","end":"2024-02-01"}}""")]
    [InlineData("""{"resourceType":"Encounter","status":"finished","class":{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"AMB"},"period":{"start":"2024-02-01","_end":{"extension":[{"url":"https://a.example/x","valueCode":"unknown"}]}}}""")]
    [InlineData("""{"resourceType":"Task","status":"requested","intent":"order","authoredOn":"2024-02-02","lastModified":"2024-02-02T10:00:00Z"}""")]
    [InlineData("""{"resourceType":"Observation","status":"final","code":{"text":"c"},"valueRange":{"low":{"value":2,"unit":"drops"},"high":{"value":1,"unit":"bottles"}}}""")]
    [InlineData("""{"resourceType":"Observation","status":"final","code":{"text":"c"},"valueRange":{"low":{"unit":"a"},"high":{"unit":"a"}}}""")]
    [InlineData("""{"resourceType":"RiskAssessment","status":"final","subject":{"reference":"Patient/1"},"prediction":[{"outcome":{"text":"x"}}]}""")]
    [InlineData("""{"resourceType":"Questionnaire","status":"draft","item":[{"linkId":"1","type":"string"},{"linkId":"2","type":"string","enableWhen":[{"question":"1","operator":"exists","answerBoolean":true}]}]}""")]
    [InlineData("""{"resourceType":"ServiceRequest","status":"active","intent":"order","subject":{"reference":"Patient/1"},"occurrenceTiming":{"repeat":{"offset":5,"when":["ACM","PCM"]}}}""")]
    [InlineData("""{"resourceType":"ActivityDefinition","status":"draft"}""")]
    public void What_a_rule_means_to_allow_is_valid(string json) => Assert.Empty(FhirValidator.Validate(FhirResource.Parse(json)));

    [Fact]
    public void Rule_of_severity_warning_is_a_warning_and_can_be_left_out()
    {
        var resource = FhirResource.Parse("""{"resourceType":"Library","status":"draft","type":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/library-type","code":"logic-library"}]},"name":"x-y"}""");

        Assert.Equal([("lib-0", IssueSeverity.Warning)], FhirValidator.Validate(resource).Select(i => (i.Key, i.Severity)));
        Assert.Empty(FhirValidator.Validate(resource, new ValidationOptions { Warnings = false }));
    }

    [Fact]
    public void Content_that_cannot_be_evaluated_breaks_the_rule()
    {
        var resource = FhirResource.Parse("""{"resourceType":"Encounter","status":"finished","class":{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"AMB"},"period":{"start":["2024-01-01","2024-01-02"],"end":"2024-02-01"}}""");

        Assert.Contains(FhirValidator.Validate(resource), i => i.Key == "per-1" && i.IsError);
    }

    [Fact]
    public void Rules_have_a_budget()
    {
        var elements = Enumerable.Range(0, 6000).Select(i => """{"id":"Patient.#","path":"@","definition":"d","min":0,"max":"1","base":{"path":"x","min":0,"max":"1"}}""".Replace("#", i.ToString()).Replace("@", i == 0 ? "Patient" : "Patient.p" + i));
        var resource = FhirResource.Parse(
            """{"resourceType":"StructureDefinition","url":"https://a.example/x","name":"X","status":"draft","kind":"resource","abstract":false,"type":"Patient","snapshot":{"element":["""
            + string.Join(",", elements) + "]}}");

        Assert.Contains(FhirValidator.Validate(resource), i => i.Code == "too-costly");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Rules_decided_without_the_evaluator_agree_with_it(string name)
    {
        var resource = Examples.Get(name);
        var reported = FhirValidator.Validate(resource).Select(i => i.Key).ToHashSet();

        foreach (var node in resource.Root.Descendants().Prepend(resource.Root))
        {
            Agrees(node, "ele-1", !node.IsResource);
            Agrees(node, "ext-1", node.Type == "Extension");
            Agrees(node, "ref-1", node.Type == "Reference" && node.Text("reference") is not (null or "#"));
            foreach (var key in (string[])["dom-2", "dom-3", "dom-4", "dom-5"])
            {
                Agrees(node, key, node.IsResource && node.TypeDefinition!.Is("DomainResource"));
            }

            foreach (var key in (string[])["bdl-3", "bdl-4", "bdl-7"])
            {
                Agrees(node, key, node.ResourceType == "Bundle");
            }

            Agrees(node, "txt-1", node.Type == "xhtml" && !reported.Contains("txt-2"));
        }

        void Agrees(FhirNode node, string key, bool applies)
        {
            if (applies && !FhirPathExpression.Compile(Definitions.Invariant(key)!.Expression).IsTrue(node))
            {
                Assert.Fail($"{key} at {node.Path}: the evaluator says no");
            }
        }
    }

    [Theory]
    [InlineData("ext-1", """{"resourceType":"Patient","extension":[{"url":"a:b"}]}""", "extension")]
    [InlineData("ref-1", """{"resourceType":"Patient","managingOrganization":{"reference":"#x"}}""", "managingOrganization")]
    [InlineData("ele-1", """{"resourceType":"Patient","name":[{"id":"a"}]}""", "name")]
    [InlineData("dom-3", """{"resourceType":"Patient","contained":[{"resourceType":"Organization","id":"x","name":"n"}]}""", null)]
    [InlineData("dom-4", """{"resourceType":"Patient","contained":[{"resourceType":"Organization","id":"x","meta":{"versionId":"1"},"name":"n"}],"managingOrganization":{"reference":"#x"}}""", null)]
    [InlineData("dom-5", """{"resourceType":"Patient","contained":[{"resourceType":"Organization","id":"x","meta":{"security":[{"code":"R"}]},"name":"n"}],"managingOrganization":{"reference":"#x"}}""", null)]
    [InlineData("bdl-3", """{"resourceType":"Bundle","type":"collection","entry":[{"fullUrl":"urn:a:b","request":{"method":"GET","url":"Patient"},"resource":{"resourceType":"Patient"}}]}""", null)]
    [InlineData("bdl-4", """{"resourceType":"Bundle","type":"batch-response","entry":[{"resource":{"resourceType":"Patient"}}]}""", null)]
    [InlineData("bdl-4", """{"resourceType":"Bundle","type":"searchset","entry":[{"response":{"status":"200"},"resource":{"resourceType":"Patient"}}]}""", null)]
    [InlineData("bdl-7", """{"resourceType":"Bundle","type":"collection","entry":[{"fullUrl":"urn:a:b","resource":{"resourceType":"Patient"}},{"fullUrl":"urn:a:b","resource":{"resourceType":"Patient"}}]}""", null)]
    public void Rules_decided_without_the_evaluator_are_broken_for_it_too(string key, string json, string? element)
    {
        var resource = FhirResource.Parse(json);

        Assert.False(FhirPathExpression.Compile(Definitions.Invariant(key)!.Expression).IsTrue(element is null ? resource.Root : resource.Root[element]));
        Assert.Contains(FhirValidator.Validate(resource), i => i.Key == key && i.IsError);
    }
}
