using SecondOpinion.Fhir.FhirPath;
using SecondOpinion.Fhir.Search;
using Xunit;

namespace SecondOpinion.Fhir.Tests.Search;

/// <summary>FHIR R4 search.html: what each type of parameter takes from each type of element.</summary>
public sealed class SearchIndexerTests
{
    public static TheoryData<string> ResourceTypes => [.. Definitions.ResourceTypes];

    public static TheoryData<string> Names => [.. Examples.All.Keys];

    [Theory]
    [MemberData(nameof(ResourceTypes))]
    public void Every_parameter_of_a_type_compiles(string resourceType)
    {
        var parameters = SearchParameters.For(resourceType);

        Assert.True(parameters.Count >= 6);
        Assert.Equal(parameters.Select(p => p.Code).Order(StringComparer.Ordinal), parameters.Select(p => p.Code));
        foreach (var parameter in parameters.Concat(parameters.SelectMany(p => p.Components)))
        {
            Assert.NotEmpty(parameter.Expression);
            FhirPathExpression.Compile(parameter.Expression);
            Assert.Equal(resourceType, parameter.ResourceType);
        }

        Assert.All(parameters, p => Assert.Same(p, SearchParameters.Find(resourceType, p.Code)));
    }

    [Fact]
    public void All_rows_with_an_expression_are_parameters_of_their_types()
    {
        var rows = Definitions.SearchParameters.Where(r => r.Expression.Length > 0).ToList();

        Assert.Equal(1372, rows.Count);
        Assert.All(rows, r => Assert.All(r.Base.Where(Definitions.IsResource), t => Assert.NotNull(SearchParameters.Find(t, r.Code))));
    }

    [Fact]
    public void Every_resource_has_the_common_parameters_and_nothing_else_has_any()
    {
        Assert.All(["_id", "_lastUpdated", "_tag", "_profile", "_security", "_source"], c => Assert.NotNull(SearchParameters.Find("Binary", c)));
        Assert.Empty(SearchParameters.For("Nonsense"));
        Assert.Null(SearchParameters.Find("HumanName", "_id"));
        Assert.Null(SearchParameters.Find("Patient", "nonsense"));
        Assert.Null(SearchParameters.Find("Patient", "_text"));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Example_is_indexed(string name)
    {
        var resource = Examples.Get(name);

        var values = SearchIndexer.Extract(resource);

        Assert.Contains(values, v => v.Parameter.Code == "_id" && v.Code == resource.Id);
        foreach (var value in values)
        {
            Assert.NotEqual(SearchParameterType.Composite, value.Kind);
            Assert.Equal(value.Parameter.Code.Contains('$'), value.CompositeGroup > 0);
            Assert.True(value.Kind switch
            {
                SearchParameterType.Date => value.From < value.To,
                SearchParameterType.Number or SearchParameterType.Quantity => value.Low <= value.High && value.CanonicalLow is null == value.CanonicalUnit is null,
                SearchParameterType.Reference => value.TargetId is not null || value.TargetUrl is not null || value.Code is not null || value.System is not null,
                SearchParameterType.String => value.Code is not null && value.Text is not null,
                SearchParameterType.Token => value.Code is not null || value.Text is not null || value.System is not null,
                SearchParameterType.Uri => value.Code is not null,
                _ => true,
            });
        }
    }

    [Fact]
    public void Tokens_of_a_concept_are_its_codings_and_its_text()
    {
        var values = Of("""{"resourceType":"Condition","subject":{"reference":"Patient/1"},"code":{"coding":[{"system":"http://snomed.info/sct","code":"1","display":"Karies  DENTALIS"},{"code":"x"}],"text":"Zahnkaries"}}""", "code");

        Assert.Equal(3, values.Count);
        Assert.Equal(("http://snomed.info/sct", "1", "karies dentalis"), (values[0].System, values[0].Code, values[0].Text));
        Assert.Equal((null, "x", null), (values[1].System, values[1].Code, values[1].Text));
        Assert.Equal((null, null, "zahnkaries"), (values[2].System, values[2].Code, values[2].Text));
    }

    [Fact]
    public void Code_element_has_the_system_of_its_binding()
    {
        var value = Assert.Single(Of("""{"resourceType":"Patient","gender":"male"}""", "gender"));

        Assert.Equal(("http://hl7.org/fhir/administrative-gender", "male", true), (value.System, value.Code, value.SystemIsImplied));
    }

    [Fact]
    public void Identifier_has_its_type_beside_system_and_value()
    {
        var values = Of("""{"resourceType":"Patient","identifier":[{"system":"urn:oid:1.2","value":"7","type":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v2-0203","code":"MR"}],"text":"Akte"}},{"value":"8"}]}""", "identifier");

        Assert.Equal([("urn:oid:1.2", "7", "MR", "akte"), (null, "8", null, null)], values.Select(v => (v.System, v.Code, v.IdentifierTypeCode, v.Text)));
    }

    [Theory]
    [InlineData("""{"resourceType":"Patient","deceasedBoolean":false}""", "false")]
    [InlineData("""{"resourceType":"Patient","deceasedBoolean":true}""", "true")]
    [InlineData("""{"resourceType":"Patient","deceasedDateTime":"2020"}""", "true")]
    [InlineData("""{"resourceType":"Patient"}""", "false")]
    public void Deceased_is_computed(string json, string expected) => Assert.Equal(expected, Assert.Single(Of(json, "deceased")).Code);

    [Fact]
    public void Names_are_found_by_each_part_without_case_and_accents()
    {
        var values = Of("""{"resourceType":"Patient","name":[{"family":"Øster  Müller-Ångström","given":["José","Łukasz"],"prefix":["Dr."]}]}""", "name");

        Assert.Equal(["oster muller-angstrom", "jose", "lukasz", "dr."], values.Select(v => v.Text));
        Assert.Equal("Øster  Müller-Ångström", values[0].Code);
    }

    [Fact]
    public void Compared_text_of_every_letter_is_its_own_compared_text() =>
        Assert.All(
            Enumerable.Range(' ', 0xD7FF - ' ').Concat(Enumerable.Range(0xE000, 0x1FFE)).Select(c => SearchText.Normalize("a" + (char)c + "a")),
            text => Assert.Equal(text, SearchText.Normalize(text)));

    [Theory]
    [InlineData("Straße", "strasse")]
    [InlineData("  a \t b\n", "a b")]
    [InlineData("ﬁne ²", "fine 2")]
    [InlineData("ÆØÅ", "aeoa")]
    [InlineData("Jose\u0301 Mu\u0308ller", "jose muller")]
    [InlineData("Nguy\u1EC5n Th\u1ECB \u0110\u00E0o", "nguyen thi dao")]
    [InlineData("\u1112\u1161\u11AB\u1100\u1173\u11AF", "\uD55C\uAE00")]
    [InlineData("\u0399\u03CE\u03B1\u03BD\u03BD\u03B7\u03C2 \uFF21", "\u03B9\u03C9\u03B1\u03BD\u03BD\u03B7\u03C2 a")]
    [InlineData("", "")]
    [InlineData("plain text", "plain text")]
    [InlineData("Ёлка", "елка")]
    public void Text_is_normalised(string text, string expected) => Assert.Equal(expected, SearchText.Normalize(text));

    [Theory]
    [InlineData("2024", "2024-01-01T00:00:00Z", "2025-01-01T00:00:00Z")]
    [InlineData("2024-02", "2024-02-01T00:00:00Z", "2024-03-01T00:00:00Z")]
    [InlineData("2024-02-29", "2024-02-29T00:00:00Z", "2024-03-01T00:00:00Z")]
    [InlineData("2024-02-29T23:30:00+02:00", "2024-02-29T21:30:00Z", "2024-02-29T21:30:01Z")]
    [InlineData("2024-02-29T23:30:00.25Z", "2024-02-29T23:30:00.25Z", "2024-02-29T23:30:00.26Z")]
    [InlineData("0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z")]
    public void Date_is_an_interval_in_utc(string text, string from, string to)
    {
        var value = Assert.Single(Of($$"""{"resourceType":"Observation","effectiveDateTime":"{{text}}"}""", "date"));

        Assert.Equal((DateTimeOffset.Parse(from), DateTimeOffset.Parse(to)), (value.From, value.To));
    }

    [Fact]
    public void Last_day_of_the_calendar_is_open() => Assert.Equal(DateTimeOffset.MaxValue, Assert.Single(Of("""{"resourceType":"Patient","birthDate":"9999-12-31"}""", "birthdate")).To);

    [Fact]
    public void Period_without_an_end_is_open()
    {
        var value = Assert.Single(Of("""{"resourceType":"Encounter","period":{"start":"2024-01-01T10:00:00Z"}}""", "date"));

        Assert.Equal((new DateTimeOffset(2024, 1, 1, 10, 0, 0, default), DateTimeOffset.MaxValue), (value.From, value.To));
    }

    [Fact]
    public void Timing_spans_its_events_and_bounds()
    {
        var value = Assert.Single(Of("""{"resourceType":"ServiceRequest","occurrenceTiming":{"event":["2024-03-01","2024-02-01"],"repeat":{"boundsPeriod":{"start":"2024-02-10","end":"2024-04-01"}}}}""", "occurrence"));

        Assert.Equal((new DateTimeOffset(2024, 2, 1, 0, 0, 0, default), new DateTimeOffset(2024, 4, 2, 0, 0, 0, default)), (value.From, value.To));
    }

    [Fact]
    public void Quantity_has_its_precision_and_its_base_units()
    {
        var value = Assert.Single(Of("""{"resourceType":"Observation","valueQuantity":{"value":1.50,"unit":"milligram","system":"http://unitsofmeasure.org","code":"mg"}}""", "value-quantity"));

        Assert.Equal((1.495, 1.505), (value.Low, value.High));
        Assert.Equal(("http://unitsofmeasure.org", "mg", "milligram", "g"), (value.System, value.Code, value.Text, value.CanonicalUnit));
        Assert.Equal(0.001495, value.CanonicalLow!.Value, 9);
    }

    [Fact]
    public void Comparator_opens_the_range()
    {
        var value = Assert.Single(Of("""{"resourceType":"Observation","valueQuantity":{"value":5,"comparator":"<"}}""", "value-quantity"));

        Assert.Equal((double.MinValue, 5.5), (value.Low, value.High));
    }

    [Theory]
    [InlineData("1e308", "Ym99")]
    [InlineData("-1.7e308", "Ym12")]
    [InlineData("1e-308", "ym12")]
    [InlineData("1.79e308", "g")]
    public void Numbers_at_the_end_of_the_scale_stay_finite(string number, string unit)
    {
        var value = Assert.Single(Of("""{"resourceType":"Observation","valueQuantity":{"value":#,"system":"http://unitsofmeasure.org","code":"@"}}""".Replace("#", number).Replace("@", unit), "value-quantity"));

        Assert.All([value.Low, value.High, value.CanonicalLow ?? 0, value.CanonicalHigh ?? 0], n => Assert.True(double.IsFinite(n)));
    }

    [Fact]
    public void Samples_are_their_range()
    {
        var value = Assert.Single(Of("""{"resourceType":"Observation","valueSampledData":{"origin":{"value":10},"factor":2,"period":1,"dimensions":1,"data":"1 E -3 5 U"}}""", "value-quantity"));

        Assert.Equal((4, 20), (value.Low, value.High));
    }

    [Theory]
    [InlineData("100", 0.5)]
    [InlineData("100.00", 0.005)]
    [InlineData("1e2", 5)]
    [InlineData("1.0e2", 5)]
    [InlineData("1e-400000000000", 0.05)]
    [InlineData("1e999", 0)]
    public void Precision_is_half_of_the_last_digit(string number, double half) => Assert.Equal(half, SearchPrecision.HalfOfLastDigit(number), 9);

    [Fact]
    public void References_are_local_absolute_or_by_identifier()
    {
        var values = Of(
            """
            {"resourceType":"Observation","performer":[
             {"reference":"Practitioner/1/_history/4"},
             {"reference":"https://other.example/fhir/Organization/2"},
             {"reference":"urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0","type":"Practitioner"},
             {"reference":"#c"},
             {"type":"Organization","identifier":{"system":"urn:oid:1","value":"9"}}]}
            """,
            "performer");

        Assert.Equal(4, values.Count);
        Assert.Equal(("Practitioner", "1", 4), (values[0].TargetType, values[0].TargetId, values[0].TargetVersion));
        Assert.Equal(("Organization", null, "https://other.example/fhir/Organization/2"), (values[1].TargetType, values[1].TargetId, values[1].TargetUrl));
        Assert.Equal(("Practitioner", "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"), (values[2].TargetType, values[2].TargetUrl));
        Assert.Equal(("Organization", "urn:oid:1", "9"), (values[3].TargetType, values[3].System, values[3].Code));
    }

    [Fact]
    public void Patient_is_the_subject_only_when_it_is_one()
    {
        Assert.Single(Of("""{"resourceType":"Observation","subject":{"reference":"Patient/1"}}""", "patient"));
        Assert.Single(Of("""{"resourceType":"Observation","subject":{"reference":"https://other.example/Patient/1"}}""", "patient"));
        Assert.Empty(Of("""{"resourceType":"Observation","subject":{"reference":"Group/1"}}""", "patient"));
    }

    [Fact]
    public void Canonical_is_apart_from_its_version()
    {
        var value = Assert.Single(Of("""{"resourceType":"QuestionnaireResponse","questionnaire":"https://a.example/Questionnaire/q|2.0"}""", "questionnaire"));

        Assert.Equal(("https://a.example/Questionnaire/q", "2.0"), (value.TargetUrl, value.CanonicalVersion));
    }

    [Fact]
    public void Composite_groups_belong_to_one_element_and_are_whole()
    {
        var values = Of("""{"resourceType":"Observation","code":{"text":"panel"},"component":[{"code":{"coding":[{"code":"a"}]},"valueQuantity":{"value":1}},{"code":{"coding":[{"code":"b"}]}},{"code":{"coding":[{"code":"c"}]},"valueQuantity":{"value":3}}]}""", "combo-code-value-quantity");

        Assert.Equal([(1, "combo-code-value-quantity$0", "a"), (1, "combo-code-value-quantity$1", null), (2, "combo-code-value-quantity$0", "c"), (2, "combo-code-value-quantity$1", null)], values.Select(v => (v.CompositeGroup, v.Parameter.Code, v.Code)));
        Assert.Equal([0.5, 2.5], values.Where(v => v.Kind == SearchParameterType.Quantity).Select(v => v.Low));
    }

    [Fact]
    public void Relationship_of_documents_has_the_reference_first()
    {
        var values = Of("""{"resourceType":"DocumentReference","relatesTo":[{"code":"replaces","target":{"reference":"DocumentReference/1"}}]}""", "relationship");

        Assert.Equal([(SearchParameterType.Reference, "1", null), (SearchParameterType.Token, null, "replaces")], values.Select(v => (v.Kind, v.TargetId, v.Code)));
    }

    [Fact]
    public void Observation_date_composite_takes_fhir_dates() =>
        Assert.Equal(2, Of("""{"resourceType":"Observation","code":{"coding":[{"code":"a"}]},"valueDateTime":"2024"}""", "code-value-date").Count);

    [Fact]
    public void Position_is_latitude_and_longitude()
    {
        var value = Assert.Single(Of("""{"resourceType":"Location","position":{"latitude":51.5,"longitude":-0.1}}""", "near"));

        Assert.Equal((SearchParameterType.Special, 51.5, -0.1), (value.Kind, value.Low, value.High));
    }

    [Fact]
    public void Wrong_content_gives_no_values_and_no_error()
    {
        var resource = FhirResource.Parse("""{"resourceType":"Observation","effectiveDateTime":"soon","valueQuantity":{"value":1e400},"code":{"coding":[{}]},"subject":{"reference":""},"performer":[{"reference":"//"},{"reference":"Patient/"}],"component":[{"valueSampledData":{"data":"x"}}]}""");

        Assert.Equal(["//", "Patient/"], SearchIndexer.Extract(resource).Select(v => v.TargetUrl ?? v.TargetId));
    }

    private static IReadOnlyList<SearchValue> Of(string json, string code)
    {
        var resource = FhirResource.Parse(json);
        return SearchIndexer.Extract(resource, SearchParameters.Find(resource.ResourceType, code)!);
    }
}
