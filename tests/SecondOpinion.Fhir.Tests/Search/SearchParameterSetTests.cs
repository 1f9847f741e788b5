using SecondOpinion.Fhir.Search;
using Xunit;

namespace SecondOpinion.Fhir.Tests.Search;

/// <summary>SearchParameter resources as parameters (FHIR R4 searchparameter.html).</summary>
public sealed class SearchParameterSetTests
{
    private static readonly FhirResource Patient = FhirResource.Parse("""
        {"resourceType":"Patient","id":"p","birthDate":"1980-05-06",
         "extension":[{"url":"http://example.org/eye","valueCodeableConcept":{"coding":[{"system":"http://example.org/c","code":"blue"}]}},
                      {"url":"http://example.org/weight","valueQuantity":{"value":70.5,"unit":"kg","system":"http://unitsofmeasure.org","code":"kg"}}],
         "contact":[{"name":{"family":"Miller"},"gender":"male","relationship":[{"coding":[{"code":"N"}]}]},{"gender":"female"}]}
        """);

    [Fact]
    public void An_added_token_of_an_extension_is_extracted_beside_those_of_R4()
    {
        var set = SearchParameters.With([Definition("eye", "token", "Patient", "Patient.extension('http://example.org/eye').value.ofType(CodeableConcept)")]);

        var values = SearchIndexer.Extract(Patient, set);

        Assert.Equal("blue", Assert.Single(values, v => v.Parameter.Code == "eye").Code);
        Assert.Contains(values, v => v.Parameter.Code == "birthdate");
        Assert.Equal(SearchIndexer.Extract(Patient).Count + 1, values.Count);
        Assert.Equal(["Patient.eye"], set.Added.Select(p => p.ToString()));
        Assert.Null(SearchParameters.Find("Patient", "eye"));
    }

    [Fact]
    public void An_added_quantity_is_found_in_base_units()
    {
        var set = SearchParameters.With([Definition("weight", "quantity", "Patient", "Patient.extension('http://example.org/weight').value.as(Quantity)")]);

        Assert.Equal(70_500, Assert.Single(SearchIndexer.Extract(Patient, set.Find("Patient", "weight")!)).CanonicalNumber);
    }

    [Fact]
    public void A_definition_for_several_types_keeps_to_each_its_own_alternative()
    {
        var set = SearchParameters.With([Definition("nick", "string", "Patient,Practitioner", "Patient.name.where(use = 'nickname') | Practitioner.name.text")]);

        Assert.Equal("Patient.name.where(use = 'nickname')", set.Find("Patient", "nick")!.Expression);
        Assert.Equal("Practitioner.name.text", set.Find("Practitioner", "nick")!.Expression);
    }

    [Theory]
    [InlineData("(Patient.name | Practitioner.name).family")]
    [InlineData("name.family")]
    [InlineData("Resource.name.family")]
    [InlineData("iif(true, name.family, 'a|b')")]
    [InlineData("%resource.name.family")]
    public void One_expression_may_hold_for_several_types(string expression)
    {
        var set = SearchParameters.With([Definition("kin", "string", "Patient,Practitioner", expression)]);

        Assert.All(new[] { "Patient", "Practitioner" }, t => Assert.Equal(expression, set.Find(t, "kin")!.Expression));
    }

    [Theory]
    [InlineData("|")]
    [InlineData("((")]
    [InlineData("Patient.name | | ")]
    [InlineData("'")]
    [InlineData(")|(")]
    public void What_is_no_expression_is_refused(string expression) => Assert.Throws<FhirException>(() => SearchParameters.With([Definition("kin", "string", "Patient", expression)]));

    [Fact]
    public void A_definition_for_all_resources_holds_for_each_type()
    {
        var set = SearchParameters.With([Definition("_implicit", "uri", "Resource", "Resource.implicitRules")]);

        Assert.All(Definitions.ResourceTypes, t => Assert.NotNull(set.Find(t, "_implicit")));
        Assert.Contains(set.For("Bundle"), p => p.Code == "_implicit");
    }

    [Fact]
    public void A_composite_takes_its_parts_from_the_same_element()
    {
        var set = SearchParameters.With([
            Definition("contact-who", "composite", "Patient", "Patient.contact", """
                ,"component":[{"definition":"http://example.org/contact-family","expression":"name.family"},{"definition":"http://hl7.org/fhir/SearchParameter/individual-gender","expression":"gender"}]
                """),
            Definition("contact-family", "string", "Patient", "Patient.contact.name.family"),
        ]);

        var values = SearchIndexer.Extract(Patient, set.Find("Patient", "contact-who")!);

        Assert.Equal([(1, "Miller"), (1, "male")], values.Select(v => (v.CompositeGroup, v.Code!)));
    }

    [Fact]
    public void Searches_are_read_with_the_added_parameters()
    {
        var set = SearchParameters.With([
            Definition("eye", "token", "Patient", "Patient.extension('http://example.org/eye').value.ofType(CodeableConcept)", ",\"multipleOr\":false,\"multipleAnd\":false"),
            Definition("writer", "reference", "Task", "Task.requester", ",\"target\":[\"Patient\"]"),
        ]);
        var options = new SearchOptions { Parameters = set };

        Assert.Empty(Parse("Patient", "eye=blue", options).Value.Warnings);
        Assert.IsType<ChainCriterion>(Assert.Single(Parse("Task", "writer.eye=blue", options).Value.Criteria));
        Assert.Equal("eye", Assert.Single(Parse("Patient", "_sort=eye", options).Value.Sorts).Parameter.Code);
        Assert.Equal("writer", Assert.Single(Parse("Task", "_include=Task:writer", options).Value.Includes).Parameter!.Code);
        Assert.True(Parse("Patient", "eye=blue,green", options).IsRefused);
        Assert.True(Parse("Patient", "eye=blue&eye=green", options).IsRefused);
        Assert.True(Parse("Patient", "eye=blue", SearchOptions.Default).IsRefused);
    }

    [Theory]
    [InlineData("eye", "token", "Pattient", "Patient.gender", "", "search-parameter-base")]
    [InlineData("eye", "token", "Patient", "Patient.gender.where(", "", "search-parameter-expression")]
    [InlineData("eye", "token", "Patient", "Patient.gendre", "", "search-parameter-expression")]
    [InlineData("eye", "token", "Patient", "Observation.code", "", "search-parameter-expression")]
    [InlineData("eye", "token", "Patient", "", "", "search-parameter-expression")]
    [InlineData("eye", "quantity", "Patient", "Patient.gender", "", "search-parameter-type")]
    [InlineData("eye", "date", "Patient", "Patient.name.family | Patient.address", "", "search-parameter-type")]
    [InlineData("eye", "number", "Patient", "Patient.active", "", "search-parameter-type")]
    [InlineData("eye", "reference", "Patient", "Patient.birthDate", "", "search-parameter-type")]
    [InlineData("eye", "special", "Patient", "Patient.gender", "", "search-parameter-type")]
    [InlineData("eye", "colour", "Patient", "Patient.gender", "", "search-parameter-type")]
    [InlineData("gender", "token", "Patient", "Patient.gender", "", "search-parameter-code")]
    [InlineData("_count", "token", "Patient", "Patient.gender", "", "search-parameter-code")]
    [InlineData("a:b", "token", "Patient", "Patient.gender", "", "search-parameter-code")]
    [InlineData("eye", "reference", "Patient", "Patient.generalPractitioner", ",\"target\":[\"Doctor\"]", "search-parameter-target")]
    [InlineData("eye", "token", "Patient", "Patient.gender", ",\"target\":[\"Practitioner\"]", "search-parameter-target")]
    [InlineData("eye", "composite", "Patient", "Patient", "", "search-parameter-component")]
    [InlineData("eye", "composite", "Patient", "Patient", ",\"component\":[{\"definition\":\"http://example.org/none\",\"expression\":\"gender\"}]", "search-parameter-component")]
    [InlineData("eye", "composite", "Observation", "Observation", ",\"component\":[{\"definition\":\"http://hl7.org/fhir/SearchParameter/Observation-code-value-date\",\"expression\":\"code\"}]", "search-parameter-component")]
    [InlineData("eye", "composite", "Patient", "Patient", ",\"component\":[{\"definition\":\"http://hl7.org/fhir/SearchParameter/individual-gender\",\"expression\":\"birthDate\"}]", "search-parameter-type")]
    [InlineData("eye", "token", "Patient", "Patient.gender", ",\"component\":[{\"definition\":\"http://hl7.org/fhir/SearchParameter/individual-gender\",\"expression\":\"gender\"}]", "search-parameter-component")]
    public void What_cannot_be_used_is_refused_with_the_reason(string code, string type, string bases, string expression, string more, string key)
    {
        var problem = Assert.Throws<FhirException>(() => SearchParameters.With([Definition(code, type, bases, expression, more)]));

        Assert.Equal(key, Assert.Single(problem.Issues).Key);
    }

    [Fact]
    public void Hostile_definitions_are_refused_in_time()
    {
        var chain = "Patient.name" + string.Concat(Enumerable.Repeat(".iif(true, $this, $this)", 150)) + ".family";
        var components = string.Join(',', Enumerable.Repeat("{\"definition\":\"http://hl7.org/fhir/SearchParameter/individual-gender\",\"expression\":\"gender\"}", 1000));
        var bases = string.Join(',', Enumerable.Range(0, 5000).Select(i => "Type" + i));

        Assert.NotNull(SearchParameters.With([Definition("deep", "string", "Patient", chain)]).Find("Patient", "deep"));
        Assert.Throws<FhirException>(() => SearchParameters.With([Definition("wide", "composite", "Patient", "Patient", $",\"component\":[{components}]")]));
        Assert.Equal(100, Assert.Throws<FhirException>(() => SearchParameters.With([Definition("many", "token", bases, "Patient.gender")])).Issues.Count);
    }

    [Fact]
    public void Codes_and_urls_are_taken_once()
    {
        var eye = Definition("eye", "token", "Patient", "Patient.gender");

        Assert.Equal(["search-parameter-url"], Assert.Throws<FhirException>(() => SearchParameters.With([eye, eye])).Issues.Select(i => i.Key!));
        Assert.Throws<FhirException>(() => SearchParameters.With([eye]).With([eye]));
        Assert.Throws<FhirException>(() => SearchParameters.With([FhirResource.Parse("""{"resourceType":"Patient"}""")]));
        Assert.Equal("search-parameter-required", Assert.Throws<FhirException>(() => SearchParameters.With([FhirResource.Parse("""{"resourceType":"SearchParameter","code":"x"}""")])).Issues[0].Key);
    }

    [Fact]
    public void Every_parameter_of_R4_could_be_added_under_another_name()
    {
        var definitions = new List<FhirResource>();
        foreach (var parameter in Definitions.ResourceTypes.SelectMany(SearchParameters.For).Where(p => p.Type != SearchParameterType.Special))
        {
            var components = string.Join(',', parameter.Components.Select(c => $$"""{"definition":"{{c.Url}}","expression":{{Json(c.Expression)}}}"""));
            var code = "x-" + parameter.ResourceType + parameter.Code;
            definitions.Add(Definition(code, parameter.Type.ToString().ToLowerInvariant(), parameter.ResourceType, parameter.Expression, components.Length == 0 ? "" : $",\"component\":[{components}]"));
        }

        Assert.Equal(definitions.Count, SearchParameters.With(definitions).Added.Count());
    }

    private static string Json(string text) => System.Text.Json.JsonSerializer.Serialize(text);

    private static Outcome<SearchRequest> Parse(string type, string query, SearchOptions options) => SearchRequest.ParseQuery(type, query, strict: true, options);

    private static FhirResource Definition(string code, string type, string bases, string expression, string more = "") => FhirResource.Parse(
        $$"""{"resourceType":"SearchParameter","url":"http://example.org/{{code}}","name":"{{code}}","status":"active","description":"-","code":"{{code}}","base":["{{bases.Replace(",", "\",\"")}}"],"type":"{{type}}","xpath":"ignored"{{(expression.Length == 0 ? "" : $",\"expression\":{Json(expression)}")}}{{more}}}""");
}
