using SecondOpinion.Fhir.Search;
using Xunit;

namespace SecondOpinion.Fhir.Tests.Search;

public sealed class SearchRequestTests
{
    private static Outcome<SearchRequest> Parse(string search, bool strict = true, SearchOptions? options = null)
    {
        var question = search.IndexOf('?', StringComparison.Ordinal);
        return SearchRequest.ParseQuery(search[..question], search[(question + 1)..], strict, options ?? SearchOptions.Default);
    }

    private static ParameterCriterion One(string search) => Assert.IsType<ParameterCriterion>(Assert.Single(Parse(search).Value.Criteria));

    [Theory]
    [InlineData("abc", null, "abc")]
    [InlineData("sys|abc", "sys", "abc")]
    [InlineData("|abc", "", "abc")]
    [InlineData("sys|", "sys", null)]
    [InlineData("a\\|b", null, "a|b")]
    [InlineData("s\\,t|a\\$b", "s,t", "a$b")]
    [InlineData("a\\\\b", null, "a\\b")]
    [InlineData("a\\b", null, "a\\b")]
    public void A_token_has_system_and_code(string value, string? system, string? code) =>
        Assert.Equal(new TokenOperand(system, code), One("Patient?identifier=" + value).AnyOf.Single());

    [Fact]
    public void Commas_are_or_and_repetition_is_and()
    {
        var request = Parse("Patient?gender=male,female&gender=other&name=a\\,b").Value;
        Assert.Equal(3, request.Criteria.Count);
        Assert.Equal(2, ((ParameterCriterion)request.Criteria[0]).AnyOf.Count);
        Assert.Equal(new StringOperand("a,b"), ((ParameterCriterion)request.Criteria[2]).AnyOf.Single());
    }

    [Theory]
    [InlineData("2026", SearchPrefix.Eq, "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z")]
    [InlineData("2026-02", SearchPrefix.Eq, "2026-02-01T00:00:00Z", "2026-03-01T00:00:00Z")]
    [InlineData("ge2026-02-28", SearchPrefix.Ge, "2026-02-28T00:00:00Z", "2026-03-01T00:00:00Z")]
    [InlineData("lt2026-02-28T10:30", SearchPrefix.Lt, "2026-02-28T10:30:00Z", "2026-02-28T10:31:00Z")]
    [InlineData("sa2026-02-28T10:30:05Z", SearchPrefix.Sa, "2026-02-28T10:30:05Z", "2026-02-28T10:30:06Z")]
    [InlineData("2026-02-28T10:30:05.123%2B02:00", SearchPrefix.Eq, "2026-02-28T08:30:05.123Z", "2026-02-28T08:30:05.124Z")]
    [InlineData("2026-02-28T00:30+02:00", SearchPrefix.Eq, "2026-02-27T22:30:00Z", "2026-02-27T22:31:00Z")]
    [InlineData("eb2026-02-28T10:30-05:00", SearchPrefix.Eb, "2026-02-28T15:30:00Z", "2026-02-28T15:31:00Z")]
    [InlineData("9999", SearchPrefix.Eq, "9999-01-01T00:00:00Z", "9999-12-31T23:59:59.9999999Z")]
    public void A_date_is_the_time_its_precision_says(string value, SearchPrefix prefix, string from, string to)
    {
        var date = Assert.IsType<DateOperand>(One("Patient?birthdate=" + value).AnyOf.Single());
        Assert.Equal((prefix, DateTimeOffset.Parse(from), DateTimeOffset.Parse(to)), (date.Prefix, date.From, date.To));
    }

    [Fact]
    public void Approximately_widens_a_date_by_a_tenth_of_its_distance()
    {
        var options = new SearchOptions { Clock = new FixedClock() };
        var date = Assert.IsType<DateOperand>(Assert.IsType<ParameterCriterion>(Parse("Patient?birthdate=ap2026-01-01", true, options).Value.Criteria.Single()).AnyOf.Single());
        Assert.Equal(DateTimeOffset.Parse("2025-12-31T00:00:00Z"), date.From);
        Assert.Equal(DateTimeOffset.Parse("2026-01-03T00:00:00Z"), date.To);
    }

    [Theory]
    [InlineData("100", SearchPrefix.Eq, "99.5", "100.5")]
    [InlineData("100.00", SearchPrefix.Eq, "99.995", "100.005")]
    [InlineData("1e2", SearchPrefix.Eq, "95", "105")]
    [InlineData("ne5.40e-3", SearchPrefix.Ne, "0.005395", "0.005405")]
    [InlineData("ap10", SearchPrefix.Ap, "9", "11")]
    [InlineData("-1", SearchPrefix.Eq, "-1.5", "-0.5")]
    public void A_number_is_the_range_its_digits_say(string value, SearchPrefix prefix, string low, string high)
    {
        var number = Assert.IsType<NumberOperand>(One("RiskAssessment?probability=" + value).AnyOf.Single());
        Assert.Equal((prefix, decimal.Parse(low), decimal.Parse(high)), (number.Prefix, number.Low, number.High));
    }

    [Theory]
    [InlineData("5.4", null, null)]
    [InlineData("5.4|http://unitsofmeasure.org|mg", "http://unitsofmeasure.org", "mg")]
    [InlineData("gt5.4||mg", null, "mg")]
    [InlineData("5.4|http://unitsofmeasure.org|", "http://unitsofmeasure.org", null)]
    public void A_quantity_has_a_number_and_perhaps_a_unit(string value, string? system, string? code)
    {
        var quantity = Assert.IsType<QuantityOperand>(One("Observation?value-quantity=" + value).AnyOf.Single());
        Assert.Equal((5.4m, system, code), (quantity.Number.Value, quantity.System, quantity.Code));
    }

    [Theory]
    [InlineData("subject=23", null, "23", null, null)]
    [InlineData("subject=Patient/23", "Patient", "23", null, null)]
    [InlineData("subject=Patient/23/_history/2", "Patient", "23", "2", null)]
    [InlineData("subject:Patient=23", "Patient", "23", null, null)]
    [InlineData("subject=https://here.example/fhir/Patient/23", "Patient", "23", null, null)]
    [InlineData("subject=https://elsewhere.example/fhir/Patient/23", null, null, null, "https://elsewhere.example/fhir/Patient/23")]
    [InlineData("subject=urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", null, null, null, "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0")]
    public void A_reference_is_local_or_absolute(string query, string? type, string? id, string? version, string? url)
    {
        var request = Parse("Observation?" + query, true, new SearchOptions { BaseUrl = "https://here.example/fhir/" }).Value;
        Assert.Equal(new ReferenceOperand(type, id, version, url), Assert.IsType<ParameterCriterion>(request.Criteria.Single()).AnyOf.Single());
    }

    [Fact]
    public void Composites_have_typed_parts()
    {
        var value = Assert.IsType<CompositeOperand>(One("Observation?code-value-quantity=http://loinc.org|8867-4$gt60").AnyOf.Single());
        Assert.Equal(new TokenOperand("http://loinc.org", "8867-4"), value.Parts[0]);
        Assert.Equal(SearchPrefix.Gt, Assert.IsType<QuantityOperand>(value.Parts[1]).Number.Prefix);
    }

    [Fact]
    public void Chains_and_has_nest()
    {
        var chain = Assert.IsType<ChainCriterion>(Parse("DiagnosticReport?based-on:ServiceRequest.patient.name:exact=X").Value.Criteria.Single());
        Assert.Equal(("based-on", "ServiceRequest"), (chain.Reference.Code, chain.TargetType));
        var patient = Assert.IsType<ChainCriterion>(chain.Inner);
        Assert.Equal("Patient", patient.TargetType);
        Assert.Equal(SearchModifier.Exact, Assert.IsType<ParameterCriterion>(patient.Inner).Modifier);

        var has = Assert.IsType<HasCriterion>(Parse("Patient?_has:Observation:patient:_has:DiagnosticReport:result:status=final").Value.Criteria.Single());
        Assert.Equal(("Observation", "patient"), (has.SourceType, has.Reference.Code));
        Assert.Equal("DiagnosticReport", Assert.IsType<HasCriterion>(has.Inner).SourceType);
    }

    [Theory]
    [InlineData("Observation?subject.name=x", "search-chain-invalid", "Patient")]
    [InlineData("Observation?subject:Practitioner.name=x", "search-chain-invalid", "Patient")]
    [InlineData("Observation?code.name=x", "search-chain-invalid", "reference")]
    [InlineData("Observation?subject.nothing=x", "search-chain-invalid", "Types allowed")]
    [InlineData("Observation?patient.name:bad=x", "search-modifier-unsupported", "bad")]
    [InlineData("Observation?patient._has:Nothing:a:b=x", "search-has-invalid", "Nothing")]
    [InlineData("Patient?_has:Observation:patient=x", "search-has-invalid", "_has")]
    [InlineData("Patient?_has:Observation:code:status=x", "search-has-invalid", "code")]
    [InlineData("Patient?_has:Task:encounter:status=x", "search-has-invalid", "Encounter")]
    [InlineData("Patient?name:above=x", "search-modifier-unsupported", "above")]
    [InlineData("Patient?gender:above=x", "search-value-invalid", "system|code")]
    [InlineData("Patient?gender:below=http://snomed.info/sct|1", "search-code-system-unknown", "http://snomed.info/sct")]
    [InlineData("Patient?gender:below=x", "search-value-invalid", "system|code")]
    [InlineData("Patient?gender:in=http://acme.example/unknown", "search-value-set-unknown", "unknown")]
    [InlineData("Patient?gender:missing=perhaps", "search-value-invalid", "true or false")]
    [InlineData("Patient?birthdate:exact=2020", "search-modifier-unsupported", "exact")]
    [InlineData("Patient?birthdate=2020-13-01", "search-value-invalid", "yyyy")]
    [InlineData("Patient?birthdate=xx2020", "search-value-invalid", "yyyy")]
    [InlineData("Patient?birthdate=2020-01-01T", "search-value-invalid", "yyyy")]
    [InlineData("Patient?birthdate=2020-01-01T10", "search-value-invalid", "yyyy")]
    [InlineData("Patient?birthdate=2020-01-01T10:00%2B99:00", "search-value-invalid", "yyyy")]
    [InlineData("Patient?birthdate=0000", "search-value-invalid", "yyyy")]
    [InlineData("Patient?gender=male,", "search-value-invalid", "comma")]
    [InlineData("Patient?identifier=a|b|c", "search-value-invalid", "system|code")]
    [InlineData("Patient?identifier=|", "search-value-invalid", "system|code")]
    [InlineData("RiskAssessment?probability=abc", "search-value-invalid", "number")]
    [InlineData("RiskAssessment?probability=1e999", "search-value-invalid", "number")]
    [InlineData("RiskAssessment?probability=79228162514264337593543950335", "search-value-invalid", "number")]
    [InlineData("Observation?value-quantity=5|mg", "search-value-invalid", "number|system|code")]
    [InlineData("Observation?subject=Nothing/1", "search-value-invalid", "Type/id")]
    [InlineData("Observation?subject=Practitioner/1", "search-value-invalid", "Patient")]
    [InlineData("Observation?subject:Patient=Group/1", "search-value-invalid", "Patient")]
    [InlineData("Observation?subject:Practitioner=1", "search-modifier-invalid", "Patient")]
    [InlineData("Observation?code-value-quantity=a", "search-value-invalid", "$")]
    [InlineData("Observation?code-value-quantity=a$b$c", "search-value-invalid", "$")]
    [InlineData("Patient?_count=x", "search-value-invalid", "number")]
    [InlineData("Patient?_count=-1", "search-value-invalid", "number")]
    [InlineData("Patient?_count=1&_count=2", "search-parameter-repeated", "once")]
    [InlineData("Patient?_sort=nothing", "search-value-invalid", "search parameters")]
    [InlineData("Observation?_sort=subject.name", "search-value-invalid", "search parameters")]
    [InlineData("Observation?_sort=code-value-quantity", "search-value-invalid", "search parameters")]
    [InlineData("Patient?_total=some", "search-value-invalid", "accurate")]
    [InlineData("Patient?_summary=some", "search-value-invalid", "count")]
    [InlineData("Patient?_contained=true", "search-contained-unsupported", "false")]
    [InlineData("Patient?_include=Nothing:x", "search-value-invalid", "Type:parameter")]
    [InlineData("Patient?_include=Patient:gender", "search-value-invalid", "reference")]
    [InlineData("Patient?_include=Patient:organization:Practitioner", "search-value-invalid", "Organization")]
    [InlineData("Patient?_include=a:b:c:d", "search-value-invalid", "Type:parameter")]
    [InlineData("Patient?-compartment=x", "search-value-invalid", "Type/id")]
    [InlineData("Patient?name=%00", "search-value-invalid", "no text")]
    [InlineData("Patient?_text=x", "search-parameter-unknown", "_text")]
    [InlineData("Patient?nothing=x", "search-parameter-unknown", "nothing")]
    [InlineData("Location?near=1|2", "search-parameter-unknown", "near")]
    public void What_is_wrong_is_refused_with_its_reason(string search, string key, string says)
    {
        var refusal = Parse(search).Refusal;
        Assert.NotNull(refusal);
        Assert.Equal(RefusalKind.Invalid, refusal.Kind);
        var issue = Assert.Single(refusal.Issues);
        Assert.Equal(key, issue.Key);
        Assert.Contains(says, issue.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_search_within_limits_only()
    {
        var small = new SearchOptions { MaxParameters = 2, MaxValues = 2, MaxChainDepth = 1, MaxIncludes = 1, MaxSorts = 1, MaxValueLength = 5, MaxQueryLength = 200, MaxCount = 10 };
        Assert.False(Parse("Patient?name=a&gender=x", true, small).IsRefused);
        Assert.Equal("search-too-many-parameters", Parse("Patient?name=a&name=b&name=c", true, small).Refusal!.Issues[0].Key);
        Assert.Equal("search-too-many-values", Parse("Patient?name=a,b,c", true, small).Refusal!.Issues[0].Key);
        Assert.Equal("search-too-many-values", Parse("Patient?name=a,b&gender=c", true, small with { MaxParameters = 5 }).Refusal!.Issues[0].Key);
        Assert.Equal("search-chain-too-deep", Parse("DiagnosticReport?based-on:ServiceRequest.patient.name=a", true, small).Refusal!.Issues[0].Key);
        Assert.Equal("search-too-many-includes", Parse("Patient?_include=*&_include=Patient:link", true, small).Refusal!.Issues[0].Key);
        Assert.Equal("search-too-many-sorts", Parse("Patient?_sort=name,gender", true, small).Refusal!.Issues[0].Key);
        Assert.Equal("search-value-length", Parse("Patient?name=abcdef", true, small).Refusal!.Issues[0].Key);
        Assert.Equal("search-query-length", Parse("Patient?name=" + new string('a', 200), true, small).Refusal!.Issues[0].Key);
        var chain = string.Concat(Enumerable.Repeat("link:Patient.", 10));
        Assert.Equal("search-chain-too-deep", Parse($"Patient?{chain}name=x").Refusal!.Issues[0].Key);
        Assert.Equal(10, Parse("Patient?_count=99999999999999999999", true, small).Value.Count);
    }

    [Fact]
    public void Lenient_leaves_unknown_parameters_out_and_says_so()
    {
        var request = Parse("Patient?nothing=1&gender=male&_text=x&also.unknown=2&empty=&_count=5000", strict: false).Value;
        Assert.Equal(4, request.Warnings.Count);
        Assert.All(request.Warnings, w => Assert.Equal((IssueSeverity.Warning, "search-parameter-unknown"), (w.Severity, w.Key)));
        Assert.Equal("gender=male&_count=1000", request.ToQuery());
        // Bad values are not unknown parameters.
        Assert.True(Parse("Patient?birthdate=never", strict: false).IsRefused);
    }

    [Fact]
    public void The_self_link_has_what_was_used_and_reads_back_the_same()
    {
        const string Query = "name:contains=M%C3%BCl%20ler%26%2B&identifier=http://a.example/x%7C1,2&_has:Observation:patient:code=a%5C,b&_include:iterate=Patient:link&_sort=-birthdate&_summary=text&_elements=name,link";
        var request = Parse("Patient?_format=json&" + Query + "&_pretty=true&_page=abc").Value;
        Assert.Equal(Query, request.ToQuery());
        Assert.Equal(Query + "&_page=a%2Bb", request.ToQuery("a+b"));
        Assert.Equal("abc", request.Page);
        var again = Parse("Patient?" + request.ToQuery()).Value;
        Assert.Equal(Query, again.ToQuery());
        Assert.Equal(SummaryMode.Text, again.Summary);
        Assert.Equal(["name", "link"], again.Elements);
    }

    [Fact]
    public void Half_a_surrogate_pair_is_no_text() => Assert.Equal("search-value-invalid", Assert.Single(Parse("Patient?name=" + (char)0xD800).Refusal!.Issues).Key);

    [Fact]
    public void A_replacement_character_is_text_like_any_other() => Assert.False(Parse("Patient?name=\uFFFD").IsRefused);

    [Fact]
    public void Count_zero_and_summary_count_ask_for_the_number_only()
    {
        Assert.True(Parse("Patient?_count=0").Value.IsCountOnly);
        Assert.True(Parse("Patient?_summary=count").Value.IsCountOnly);
        Assert.False(Parse("Patient?_count=1").Value.IsCountOnly);
    }

    [Fact]
    public void Includes_have_type_parameter_target_and_iteration()
    {
        var includes = Parse("Task?_include=Task:focus&_include:iterate=ServiceRequest:subject:Patient&_revinclude=Provenance:target&_include=Task:*&_include=*").Value.Includes;
        Assert.Equal(["focus", "subject", "target", null, null], includes.Select(i => i.Parameter?.Code));
        Assert.Equal([null, "Patient", null, null, null], includes.Select(i => i.TargetType));
        Assert.Equal([false, true, false, false, false], includes.Select(i => i.Iterate));
        Assert.Equal([false, false, true, false, false], includes.Select(i => i.IsReverse));
        Assert.Equal(["Task", "ServiceRequest", "Provenance", "Task", null], includes.Select(i => i.SourceType));
    }

    [Fact]
    public void A_system_search_knows_common_parameters_only_unless_one_type_is_named()
    {
        Assert.True(System("gender=male").IsRefused);
        Assert.True(System("_type=Patient,Group&gender=male").IsRefused);
        Assert.True(System("_type=Nothing").IsRefused);
        Assert.False(System("gender=male&_type=Patient").IsRefused);
        Assert.Equal(["Patient", "Group"], System("_type=Patient,Group&_tag=x&_lastUpdated=gt2020").Value.Types);
        Assert.True(Parse("Patient?_type=Group").IsRefused);
        Assert.Equal(RefusalKind.NotFound, Parse("Nothing?_id=1").Refusal!.Kind);

        static Outcome<SearchRequest> System(string query) =>
            SearchRequest.Parse(null, query.Split('&').Select(p => p.Split('=')).Select(p => new KeyValuePair<string, string>(p[0], p[1])), strict: true);
    }

    [Fact]
    public void Every_parameter_of_every_type_reads_a_good_value()
    {
        foreach (var type in Definitions.ResourceTypes)
        {
            foreach (var parameter in SearchParameters.For(type).Where(p => p.Type != SearchParameterType.Special))
            {
                var value = Value(parameter);
                var outcome = SearchRequest.ParseQuery(type, $"{parameter.Code}={value}&{parameter.Code}:missing=true");
                Assert.False(outcome.IsRefused, $"{parameter}={value}: {outcome.Refusal}");
            }
        }

        static string Value(SearchParameter parameter) => parameter.Type switch
        {
            SearchParameterType.Composite => string.Join('$', parameter.Components.Select(Value)),
            SearchParameterType.Date => "2026-01-01",
            SearchParameterType.Number or SearchParameterType.Quantity => "1",
            _ => "x",
        };
    }

    [Fact]
    public void Hostile_text_is_refused_or_read_and_never_throws()
    {
        var random = new Random(7);
        string[] pieces = ["_has:", "Patient", ":", ".", "name", "subject", "=", "&", ",", "|", "$", "\\", "%", "%00", "%ff", "ge", "1e", "9", "T", "-", "+", "_sort", "_include", "*", "_count", "\uD800", "\u0301", "Observation?", "_page", "~"];
        for (var i = 0; i < 20_000; i++)
        {
            var query = string.Concat(Enumerable.Range(0, random.Next(1, 14)).Select(_ => pieces[random.Next(pieces.Length)]));
            var outcome = SearchRequest.ParseQuery(i % 2 == 0 ? "Observation" : "Patient", query, strict: i % 3 == 0);
            Assert.True(outcome.IsRefused || outcome.Value.ToQuery() is not null);
        }
    }

    private sealed class FixedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2026, 1, 12, 0, 0, 0, TimeSpan.Zero);
    }
}
