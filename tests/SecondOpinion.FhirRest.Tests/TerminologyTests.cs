using System.Text.Json.Nodes;
using SecondOpinion.Fhir;
using Xunit;

namespace SecondOpinion.FhirRest.Tests;

/// <summary>The operations of FHIR R4 terminology-service.html.</summary>
public sealed class TerminologyTests
{
    private const string Gender = "http://hl7.org/fhir/ValueSet/administrative-gender";
    private const string Own = "https://secondopinion.example/fhir/";

    private static async Task<FhirClient> ClientAsync(string scope = "system/*.cruds") => (await FhirHost.SharedAsync()).AsNew(scope);

    private static string Part(Answer answer, string name, string value) =>
        answer.Json["parameter"]!.AsArray().FirstOrDefault(p => (string)p!["name"]! == name)?[value]?.ToString() ?? "";

    private static string Parameters(params string[] parameters) => "{\"resourceType\":\"Parameters\",\"parameter\":[" + string.Join(',', parameters) + "]}";

    private static IEnumerable<string> Codes(Answer answer) => answer.Node("expansion.contains")?.AsArray().Select(c => (string)c!["code"]!) ?? [];

    private static void IsValid(Answer answer) => Assert.DoesNotContain(FhirValidator.Validate(FhirResource.Parse(answer.Bytes)), i => i.IsError);

    [Fact]
    public async Task Expand_lists_a_value_set_by_get_and_by_post()
    {
        var client = await ClientAsync();
        var get = (await client.GetAsync($"ValueSet/$expand?url={Gender}&filter=ale&count=1&offset=1")).Is(200);

        Assert.Equal(["female"], Codes(get));
        Assert.Equal("2", get.Text("expansion.total"));
        IsValid(get);
        var post = (await client.PostAsync("ValueSet/$expand", Parameters("{\"name\":\"url\",\"valueUri\":\"" + Gender + "\"}", """{"name":"count","valueInteger":2}"""))).Is(200);
        Assert.Equal(["male", "female"], Codes(post));
        Assert.Contains(post.Node("expansion.parameter")!.AsArray(), p => (string)p!["name"]! == "version" && (string)p["valueUri"]! == "http://hl7.org/fhir/administrative-gender|4.0.1");
        Assert.Equal(4, Codes((await client.GetAsync($"ValueSet/$expand?url={Gender}|4.0.1")).Is(200)).Count());
    }

    [Fact]
    public async Task Expand_works_on_a_value_set_of_the_request_on_a_stored_one_and_on_ours()
    {
        var client = await ClientAsync();
        (await client.PostAsync("CodeSystem", """{"resourceType":"CodeSystem","url":"http://mine/cs","status":"active","content":"complete","concept":[{"code":"x","display":"X","concept":[{"code":"y","display":"Y"}]},{"code":"z"}]}""")).Is(201);
        const string Set = """{"resourceType":"ValueSet","url":"http://mine/vs","status":"active","compose":{"include":[{"system":"http://mine/cs","filter":[{"property":"concept","op":"is-a","value":"x"}]}]}}""";

        Assert.Equal(["x", "y"], Codes((await client.PostAsync("ValueSet/$expand", Parameters("{\"name\":\"valueSet\",\"resource\":" + Set + "}"))).Is(200)));
        (await client.GetAsync("ValueSet/$expand?url=http://mine/vs")).Is(404);
        var id = await client.CreateAsync(Set);
        Assert.Equal(["x", "y"], Codes((await client.GetAsync("ValueSet/$expand?url=http://mine/vs")).Is(200)));
        Assert.Equal(["x", "y"], Codes((await client.GetAsync($"ValueSet/{id}/$expand")).Is(200)));
        await client.CreateAsync("""{"resourceType":"ValueSet","url":"http://mine/outer","status":"active","compose":{"include":[{"valueSet":["http://mine/vs"]}]}}""");
        Assert.Equal(["x", "y"], Codes((await client.PostAsync("ValueSet/$expand", Parameters("""{"name":"url","valueUri":"http://mine/outer"}"""))).Is(200)));
        Assert.Contains("revised", Codes((await client.GetAsync("ValueSet/agreement/$expand")).Is(200)));
    }

    [Theory]
    [InlineData("ValueSet/$expand", 400, "required")]
    [InlineData("ValueSet/$expand?url=http://nowhere/vs", 404, "not-found")]
    [InlineData("ValueSet/nothing/$expand", 404, "not-found")]
    [InlineData("ValueSet/$expand?url=http://hl7.org/fhir/ValueSet/ucum-units", 422, "not-supported")]
    [InlineData("ValueSet/$expand?url=http://hl7.org/fhir/ValueSet/administrative-gender|5.0.0", 404, "not-found")]
    [InlineData("ValueSet/$expand?url=http://hl7.org/fhir/ValueSet/administrative-gender&count=many", 400, "value")]
    [InlineData("ValueSet/$expand?url=http://hl7.org/fhir/ValueSet/administrative-gender&activeOnly=1", 400, "value")]
    [InlineData("ValueSet/$expand?url=http://hl7.org/fhir/ValueSet/administrative-gender&context=http://x", 400, "not-supported")]
    [InlineData("ValueSet/$validate-code?url=http://hl7.org/fhir/ValueSet/administrative-gender", 400, "required")]
    [InlineData("ValueSet/$validate-code?url=http://nowhere/vs&code=a&system=http://s", 404, "not-found")]
    [InlineData("ValueSet/$validate-code?url=http://hl7.org/fhir/ValueSet/ucum-units&code=mm&system=http://unitsofmeasure.org", 422, "not-supported")]
    [InlineData("CodeSystem/$validate-code?url=http://nowhere/cs&code=a", 404, "not-found")]
    [InlineData("CodeSystem/$validate-code?url=http://snomed.info/sct&code=1", 422, "not-supported")]
    [InlineData("CodeSystem/$validate-code?code=1", 400, "required")]
    [InlineData("CodeSystem/$lookup?code=male", 400, "required")]
    [InlineData("CodeSystem/$lookup?system=http://hl7.org/fhir/administrative-gender&code=man", 404, "not-found")]
    [InlineData("CodeSystem/$lookup?system=http://nowhere/cs&code=man", 404, "not-found")]
    [InlineData("CodeSystem/$subsumes?system=http://hl7.org/fhir/administrative-gender&codeA=male", 400, "required")]
    [InlineData("CodeSystem/$subsumes?system=http://snomed.info/sct&codeA=410593006&codeB=410592001", 422, "not-supported")]
    [InlineData("ConceptMap/$translate?code=a", 400, "required")]
    [InlineData("ConceptMap/$translate?url=http://nowhere/cm&system=http://s&code=a", 404, "not-found")]
    public async Task Refusals_say_what_is_wrong(string url, int status, string code) =>
        Assert.Equal(code, (await (await ClientAsync()).GetAsync(url)).Is(status).Text("issue.0.code"));

    [Fact]
    public async Task Too_large_an_expansion_is_422_too_costly()
    {
        var concepts = string.Join(',', Enumerable.Range(0, 10_001).Select(i => $"{{\"code\":\"c{i}\"}}"));
        var answer = await (await ClientAsync()).PostAsync("ValueSet/$expand", Parameters("{\"name\":\"valueSet\",\"resource\":{\"resourceType\":\"ValueSet\",\"status\":\"active\",\"compose\":{\"include\":[{\"system\":\"http://s\",\"concept\":[" + concepts + "]}]}}}"));

        Assert.Equal("too-costly", answer.Is(422).Text("issue.0.code"));
    }

    [Theory]
    [InlineData("ValueSet/$validate-code?url=http://hl7.org/fhir/ValueSet/administrative-gender&system=http://hl7.org/fhir/administrative-gender&code=male", "true", "", "Male")]
    [InlineData("ValueSet/$validate-code?url=http://hl7.org/fhir/ValueSet/administrative-gender&code=male&display=male", "true", "", "Male")]
    [InlineData("ValueSet/$validate-code?url=http://hl7.org/fhir/ValueSet/administrative-gender&system=http://hl7.org/fhir/administrative-gender&code=male&display=Man", "false", "The display of male is 'Male', not 'Man'", "Male")]
    [InlineData("ValueSet/$validate-code?url=http://hl7.org/fhir/ValueSet/administrative-gender&system=http://x&code=male", "false", "http://x|male is not in http://hl7.org/fhir/ValueSet/administrative-gender", "")]
    [InlineData("ValueSet/agreement/$validate-code?system=https://secondopinion.example/fhir/CodeSystem/agreement&code=revised", "true", "", "Revised")]
    [InlineData("ValueSet/$validate-code?url=http://hl7.org/fhir/ValueSet/account-type&system=http://terminology.hl7.org/CodeSystem/v3-ActCode&code=_ActAccountCode&abstract=true", "true", "", "ActAccountCode")]
    [InlineData("CodeSystem/$validate-code?url=http://hl7.org/fhir/administrative-gender&code=male", "true", "", "Male")]
    [InlineData("CodeSystem/$validate-code?url=http://hl7.org/fhir/administrative-gender&code=man", "false", "man is not a code of http://hl7.org/fhir/administrative-gender", "")]
    [InlineData("CodeSystem/agreement/$validate-code?code=revised", "true", "", "Revised")]
    public async Task Validate_code_says_yes_or_no_and_why(string url, string result, string message, string display)
    {
        var answer = (await (await ClientAsync()).GetAsync(url)).Is(200);

        IsValid(answer);
        Assert.Equal((result, message, display), (Part(answer, "result", "valueBoolean"), Part(answer, "message", "valueString"), Part(answer, "display", "valueString")));
    }

    [Fact]
    public async Task Validate_code_takes_a_coding_and_a_concept()
    {
        var client = await ClientAsync();
        const string Url = "{\"name\":\"url\",\"valueUri\":\"" + Gender + "\"}";
        const string Wrong = """{"system":"http://x","code":"male"}""", Right = """{"system":"http://hl7.org/fhir/administrative-gender","code":"male"}""";
        async Task<string> Ask(string type, params string[] parameters) => Part((await client.PostAsync(type + "/$validate-code", Parameters(parameters))).Is(200), "result", "valueBoolean");

        Assert.Equal("false", await Ask("ValueSet", Url, "{\"name\":\"coding\",\"valueCoding\":" + Wrong + "}"));
        Assert.Equal("true", await Ask("ValueSet", Url, "{\"name\":\"codeableConcept\",\"valueCodeableConcept\":{\"coding\":[" + Wrong + "," + Right + "]}}"));
        Assert.Equal("true", await Ask("CodeSystem", "{\"name\":\"coding\",\"valueCoding\":" + Right + "}"));
        (await client.PostAsync("ValueSet/$validate-code", Parameters(Url, """{"name":"code","valueCode":"male"}""", "{\"name\":\"coding\",\"valueCoding\":" + Wrong + "}"))).Is(400);
        (await client.PostAsync("CodeSystem/$validate-code", Parameters("""{"name":"url","valueUri":"http://y"}""", "{\"name\":\"coding\",\"valueCoding\":" + Wrong + "}"))).Is(400);
    }

    [Fact]
    public async Task Lookup_tells_what_a_code_is()
    {
        // The example of codesystem-operation-lookup.html asks LOINC; the same with a code system on board.
        var client = await ClientAsync();
        var answer = (await client.GetAsync("CodeSystem/$lookup?system=http://terminology.hl7.org/CodeSystem/v2-0131&code=BP&displayLanguage=de")).Is(200);

        IsValid(answer);
        Assert.Equal(("v2.0131", "2.9", "Kontaktperson für Abrechnung"), (Part(answer, "name", "valueString"), Part(answer, "version", "valueString"), Part(answer, "display", "valueString")));
        var parts = answer.Json["parameter"]!.AsArray().Where(p => (string)p!["name"]! == "property").Select(p => p!["part"]!.ToJsonString()).ToList();
        Assert.Contains("""[{"name":"code","valueCode":"status"},{"name":"value","valueCode":"deprecated"}]""", parts);
        Assert.Contains(answer.Json["parameter"]!.AsArray(), p => (string)p!["name"]! == "designation" && p["part"]!.ToJsonString() == """[{"name":"language","valueCode":"nl"},{"name":"value","valueString":"Facturatie contactpersoon"}]""");
        var post = (await client.PostAsync("CodeSystem/$lookup", Parameters("""{"name":"coding","valueCoding":{"system":"http://terminology.hl7.org/CodeSystem/v3-RoleCode","code":"NMTH"}}""", """{"name":"property","valueCode":"parent"}"""))).Is(200);
        Assert.Equal(
            ["""[{"name":"code","valueCode":"parent"},{"name":"value","valueCode":"MTH"}]""", """[{"name":"code","valueCode":"parent"},{"name":"value","valueCode":"NPRN"}]"""],
            post.Json["parameter"]!.AsArray().Where(p => (string)p!["name"]! == "property").Select(p => p!["part"]!.ToJsonString()));
    }

    [Theory]
    [InlineData("CodeSystem/$subsumes?system=http://terminology.hl7.org/CodeSystem/v3-RoleCode&codeA=FAMMEMB&codeB=NMTH", "subsumes")]
    [InlineData("CodeSystem/$subsumes?system=http://terminology.hl7.org/CodeSystem/v3-RoleCode&codeA=NMTH&codeB=FAMMEMB", "subsumed-by")]
    [InlineData("CodeSystem/agreement/$subsumes?codeA=revised&codeB=revised", "equivalent")]
    public async Task Subsumes_tells_how_two_codes_relate(string url, string outcome) =>
        Assert.Equal(outcome, Part((await (await ClientAsync()).GetAsync(url)).Is(200), "outcome", "valueCode"));

    [Fact]
    public async Task Subsumes_takes_codings_of_one_system()
    {
        static string Coding(string name, string system, string code) => $"{{\"name\":\"{name}\",\"valueCoding\":{{\"system\":\"http://terminology.hl7.org/CodeSystem/{system}\",\"code\":\"{code}\"}}}}";
        var client = await ClientAsync();

        Assert.Equal("subsumes", Part((await client.PostAsync("CodeSystem/$subsumes", Parameters(Coding("codingA", "v3-RoleCode", "PRN"), Coding("codingB", "v3-RoleCode", "NMTH")))).Is(200), "outcome", "valueCode"));
        (await client.PostAsync("CodeSystem/$subsumes", Parameters(Coding("codingA", "v3-RoleCode", "PRN"), Coding("codingB", "v3-ActCode", "NMTH")))).Is(400);
    }

    [Fact]
    public async Task Translate_follows_our_maps_R4s_and_stored_ones()
    {
        var client = await ClientAsync();
        var tooth = (await client.GetAsync("ConceptMap/$translate?system=urn:iso:std:iso:3950&code=36&targetsystem=http://terminology.hl7.org/CodeSystem/ADAUniversalToothDesignationSystem")).Is(200);

        IsValid(tooth);
        Assert.Equal("true", Part(tooth, "result", "valueBoolean"));
        Assert.Contains("\"code\":\"19\"", tooth.Body, StringComparison.Ordinal);

        // The example of conceptmap-operation-translate.html.
        var address = (await client.GetAsync("ConceptMap/$translate?system=http://hl7.org/fhir/composition-status&code=preliminary&source=http://hl7.org/fhir/ValueSet/composition-status&target=http://terminology.hl7.org/ValueSet/v3-ActStatus")).Is(200);
        Assert.Contains("""{"name":"concept","valueCoding":{"system":"http://terminology.hl7.org/CodeSystem/v3-ActStatus","code":"active","display":"active"}}""", address.Body, StringComparison.Ordinal);

        Assert.Equal("false", Part((await client.GetAsync("ConceptMap/$translate?system=http://mine/a&code=1")).Is(200), "result", "valueBoolean"));
        var id = await client.CreateAsync("""{"resourceType":"ConceptMap","url":"http://mine/map","status":"active","group":[{"source":"http://mine/a","target":"http://mine/b","element":[{"code":"1","target":[{"code":"2","equivalence":"wider"}]},{"code":"3","target":[{"equivalence":"unmatched"}]}]}]}""");
        foreach (var url in new[] { "ConceptMap/$translate?system=http://mine/a&code=1", "ConceptMap/$translate?url=http://mine/map&system=http://mine/a&code=1", $"ConceptMap/{id}/$translate?system=http://mine/a&code=1", "ConceptMap/$translate?url=http://mine/map&system=http://mine/b&code=2&reverse=true" })
        {
            Assert.Equal("true", Part((await client.GetAsync(url)).Is(200), "result", "valueBoolean"));
        }

        Assert.Equal("false", Part((await client.GetAsync("ConceptMap/$translate?url=http://mine/map&system=http://mine/a&code=3")).Is(200), "result", "valueBoolean"));
    }

    [Fact]
    public async Task Scopes_hold_for_operations()
    {
        var client = await ClientAsync("system/Patient.rs");

        (await client.GetAsync($"ValueSet/$expand?url={Gender}")).Is(403);
        (await client.GetAsync("CodeSystem/$lookup?system=http://hl7.org/fhir/administrative-gender&code=male")).Is(403);
        (await client.GetAsync("ConceptMap/$translate?system=urn:iso:std:iso:3950&code=36")).Is(403);
        (await client.GetAsync("StructureDefinition/second-opinion-order")).Is(403);
        await client.Host.Audit.FlushAsync();
        var events = (await client.Host.As(client.Tenant).GetAsync("AuditEvent?_count=10")).Is(200).Node("entry")!.AsArray().Select(e => (string)e!["resource"]!["subtype"]![0]!["code"]!).Order();
        Assert.Equal(["operation", "operation", "operation", "read"], events);
    }

    [Fact]
    public async Task Stored_value_set_beyond_the_scopes_filter_is_not_known()
    {
        var owner = await ClientAsync();
        await owner.CreateAsync("""{"resourceType":"ValueSet","url":"http://mine/draft","status":"draft","compose":{"include":[{"system":"http://s","concept":[{"code":"a"}]}]}}""");
        var limited = owner.Host.As(owner.Tenant, "system/ValueSet.rs?status=active");

        (await owner.GetAsync("ValueSet/$expand?url=http://mine/draft")).Is(200);
        (await limited.GetAsync("ValueSet/$expand?url=http://mine/draft")).Is(404);
    }

    [Fact]
    public async Task Our_definitions_are_read_and_found_by_everybody_and_changed_by_nobody()
    {
        var client = await ClientAsync();
        var profile = (await client.GetAsync("StructureDefinition/second-opinion-order")).Is(200);
        Assert.Equal(Own + "StructureDefinition/second-opinion-order", profile.Text("url"));
        (await client.GetAsync("StructureDefinition/second-opinion-order", ("If-None-Match", profile.Header("ETag")!))).Is(304);
        var found = (await client.GetAsync($"StructureDefinition?url={Own}StructureDefinition/second-opinion-order")).Is(200);
        Assert.Equal(("1", "second-opinion-order", "match"), (found.Text("total") ?? "1", found.Text("entry.0.resource.id"), found.Text("entry.0.search.mode")));
        Assert.Equal(client.Host.BaseUrl + "/StructureDefinition/second-opinion-order", found.Text("entry.0.fullUrl"));
        Assert.Equal("0", (await client.GetAsync("StructureDefinition?url=http://none&_total=accurate")).Is(200).Text("total"));
        Assert.Equal("incomplete", (await client.GetAsync("ValueSet?_count=2")).Is(200).Node("entry")!.AsArray().Single(e => (string)e!["search"]!["mode"]! == "outcome")!["resource"]!["issue"]![0]!["code"]!.ToString());
        foreach (var reference in Profiles.Artefacts.Select(a => $"{a.ResourceType}/{a.Id}"))
        {
            (await client.GetAsync(reference)).Is(200);
        }

        (await client.PutAsync("StructureDefinition/second-opinion-order", profile.Body)).Is(405);
        (await client.DeleteAsync("StructureDefinition/second-opinion-order")).Is(405);
        (await client.PatchAsync("StructureDefinition/second-opinion-order", "[]")).Is(405);
        (await client.PostAsync("", """{"resourceType":"Bundle","type":"transaction","entry":[{"request":{"method":"DELETE","url":"ValueSet/agreement"}}]}""")).Is(405);
    }

    [Fact]
    public async Task Terminology_capabilities_are_a_valid_resource_and_the_capability_statement_lists_the_operations()
    {
        var client = await ClientAsync();
        var answer = (await client.GetAsync("metadata?mode=terminology")).Is(200);

        IsValid(answer);
        Assert.Equal("TerminologyCapabilities", answer.Text("resourceType"));
        Assert.Contains(answer.Node("codeSystem")!.AsArray(), s => (string)s!["uri"]! == "http://terminology.hl7.org/CodeSystem/FDI-surface" && (bool)s["subsumption"]!);
        var resources = (await client.GetAsync("metadata")).Is(200).Node("rest.0.resource")!.AsArray();
        string Operations(string type) => string.Join(' ', resources.Single(r => (string)r!["type"]! == type)!["operation"]!.AsArray().Select(o => (string)o!["name"]!));
        Assert.Equal(("validate expand validate-code", "validate validate-code lookup subsumes", "validate translate", "validate"), (Operations("ValueSet"), Operations("CodeSystem"), Operations("ConceptMap"), Operations("Patient")));
    }

    [Fact]
    public async Task Token_search_goes_up_and_down_a_hierarchy()
    {
        var client = await ClientAsync();
        async Task<string> Create(string code) => await client.CreateAsync("""{"resourceType":"RelatedPerson","patient":{"reference":"Patient/x"},"relationship":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v3-RoleCode","code":"CODE"}]}]}""".Replace("CODE", code, StringComparison.Ordinal));
        var (member, parent, mother) = (await Create("FAMMEMB"), await Create("PRN"), await Create("NMTH"));
        async Task<IEnumerable<string>> Find(string query) => ((await client.GetAsync("RelatedPerson?" + query)).Is(200).Node("entry")?.AsArray() ?? []).Select(e => (string)e!["resource"]!["id"]!).Order();
        const string System = "http://terminology.hl7.org/CodeSystem/v3-RoleCode|";

        Assert.Equal(new[] { parent, mother }.Order(), await Find("relationship:below=" + System + "PRN"));
        Assert.Equal(new[] { parent, member }.Order(), await Find("relationship:above=" + System + "PRN"));
        Assert.Equal(new[] { parent, mother }.Order(), await Find("relationship:in=http://hl7.org/fhir/ValueSet/parent-relationship-codes"));
        Assert.Equal([member], await Find("relationship:not-in=http://hl7.org/fhir/ValueSet/parent-relationship-codes"));
        (await client.GetAsync("RelatedPerson?relationship:below=NMTH")).Is(400);
        (await client.GetAsync("RelatedPerson?relationship:below=http://snomed.info/sct|1")).Is(400);
    }

    [Fact]
    public async Task Token_search_goes_by_value_sets_and_code_systems_that_the_organization_has_stored()
    {
        var client = await ClientAsync();
        async Task<string> Create(string code) => await client.CreateAsync("{\"resourceType\":\"Observation\",\"status\":\"final\",\"subject\":{\"reference\":\"Patient/p\"},\"code\":{\"coding\":[{\"system\":\"http://own/cs\",\"code\":\"" + code + "\"}]}}");
        await client.CreateAsync("""{"resourceType":"CodeSystem","url":"http://own/cs","status":"active","content":"complete","concept":[{"code":"x","concept":[{"code":"y"}]},{"code":"z"}]}""");
        await client.CreateAsync("""{"resourceType":"ValueSet","url":"http://own/vs","version":"2","status":"active","compose":{"include":[{"system":"http://own/cs","filter":[{"property":"concept","op":"is-a","value":"x"}]}]}}""");
        (await client.PutAsync("Patient/p", """{"resourceType":"Patient","id":"p"}""")).Is(201);
        var (x, y, z) = (await Create("x"), await Create("y"), await Create("z"));
        async Task<IEnumerable<string>> Find(string query) => ((await client.GetAsync(query)).Is(200).Node("entry")?.AsArray() ?? []).Select(e => (string)e!["resource"]!["id"]!).Order();

        Assert.Equal(new[] { x, y }.Order(), await Find("Observation?code:in=http://own/vs"));
        Assert.Equal(new[] { x, y }.Order(), await Find("Observation?code:in=http://own/vs|2"));
        Assert.Equal([z], await Find("Observation?code:not-in=http://own/vs"));
        Assert.Equal(new[] { x, y }.Order(), await Find("Observation?code:below=http://own/cs|x"));
        Assert.Equal(new[] { x, y }.Order(), await Find("Observation?code:above=http://own/cs|y"));
        Assert.Equal(["p"], await Find("Patient?_has:Observation:patient:code:in=http://own/vs"));
        Assert.Equal("2", (await client.PostAsync("", """{"resourceType":"Bundle","type":"transaction","entry":[{"request":{"method":"GET","url":"Observation?code:in=http://own/vs"}}]}""")).Is(200).Text("entry.0.resource.total"));
        (await client.GetAsync("Observation?code:in=http://own/vs|3")).Is(400);

        // What the caller may not read says nothing through a search either.
        Assert.Equal("not-supported", (await client.Host.As(client.Tenant, "system/Observation.rs").GetAsync("Observation?code:in=http://own/vs")).Is(400).Text("issue.0.code"));
        (await client.Host.AsNew().GetAsync("Observation?code:in=http://own/vs")).Is(400);

        // Criteria that outlive the request, or run in a write, go by what is on board.
        (await client.PostAsync("Observation", """{"resourceType":"Observation","status":"final","code":{"text":"c"}}""", ("If-None-Exist", "code:in=http://own/vs"))).Is(400);
    }

    [Fact]
    public async Task Stored_value_set_of_more_codes_than_a_search_takes_is_400_too_costly()
    {
        var client = await ClientAsync();
        var concepts = string.Join(',', Enumerable.Range(0, 1_001).Select(i => $"{{\"code\":\"c{i}\"}}"));
        await client.CreateAsync("{\"resourceType\":\"ValueSet\",\"url\":\"http://own/large\",\"status\":\"active\",\"compose\":{\"include\":[{\"system\":\"http://s\",\"concept\":[" + concepts + "]}]}}");

        Assert.Equal("too-costly", (await client.GetAsync("Observation?code:in=http://own/large")).Is(400).Text("issue.0.code"));
    }

    [Fact]
    public async Task Our_definitions_have_one_version_to_read_and_in_their_history()
    {
        var client = await ClientAsync();
        var now = (await client.GetAsync("ValueSet/agreement")).Is(200);
        var version = now.Header("ETag")!.Trim('W', '/', '"');
        Assert.Equal(now.Body, (await client.GetAsync($"ValueSet/agreement/_history/{version}")).Is(200).Body);
        (await client.GetAsync("ValueSet/agreement/_history/1")).Is(404);

        var history = (await client.GetAsync("ValueSet/agreement/_history")).Is(200);
        IsValid(history);
        Assert.Equal(("1", "agreement", now.Header("ETag")), (history.Text("total"), history.Text("entry.0.resource.id"), history.Text("entry.0.response.etag")));
        Assert.Equal("0", (await client.GetAsync("ValueSet/agreement/_history?_since=2999-01-01")).Is(200).Text("total"));
        Assert.Equal("0", (await client.GetAsync("ValueSet/agreement/_history?_at=1960-01-01")).Is(200).Text("total"));
        Assert.Equal(0, (await client.GetAsync("ValueSet/agreement/_history?_count=0")).Is(200).Count("entry"));
        (await client.Host.As(client.Tenant, "system/Patient.rs").GetAsync("ValueSet/agreement/_history")).Is(403);
    }

    [Fact]
    public async Task Validate_takes_profiles_and_modes()
    {
        var client = await ClientAsync();
        const string Order = """{"resourceType":"ServiceRequest","id":"a","status":"active","intent":"order","subject":{"reference":"Patient/1"}}""";
        const string Profile = Own + "StructureDefinition/second-opinion-order";
        static bool IsRefused(Answer answer) => answer.Is(200).Node("issue")!.AsArray().Any(i => (string)i!["severity"]! == "error");

        Assert.False(IsRefused(await client.PostAsync("ServiceRequest/$validate", Order)));
        Assert.True(IsRefused(await client.PostAsync("ServiceRequest/$validate?profile=" + Profile, Order)));
        Assert.True(IsRefused(await client.PostAsync("ServiceRequest/$validate", Parameters("{\"name\":\"resource\",\"resource\":" + Order + "}", """{"name":"mode","valueCode":"profile"}""", "{\"name\":\"profile\",\"valueUri\":\"" + Profile + "\"}"))));
        Assert.False(IsRefused(await client.PostAsync("ServiceRequest/$validate?profile=http://hl7.org/fhir/StructureDefinition/ServiceRequest", Order)));
        Assert.True(IsRefused(await client.PostAsync("ServiceRequest/$validate?profile=http://hl7.org/fhir/StructureDefinition/Patient", Order)));
        (await client.PostAsync("ServiceRequest/$validate?profile=http://nowhere/profile", Order)).Is(404);
        (await client.PostAsync("ServiceRequest/$validate?mode=profile", Order)).Is(400);
        (await client.PostAsync("ServiceRequest/$validate?mode=wombat", Order)).Is(400);
        Assert.True(IsRefused(await client.PostAsync("ServiceRequest/b/$validate?mode=update", Order)));

        var id = await client.CreateAsync("""{"resourceType":"ServiceRequest","status":"active","intent":"order","subject":{"reference":"Patient/1"}}""");
        Assert.True(IsRefused(await client.GetAsync($"ServiceRequest/{id}/$validate?profile={Profile}")));
        Assert.False(IsRefused(await client.PostAsync($"ServiceRequest/{id}/$validate", Parameters("""{"name":"mode","valueCode":"delete"}"""))));
        Assert.False(IsRefused(await client.SendAsync("POST", $"ServiceRequest/{id}/$validate?mode=delete", null)));
        Assert.Contains("needs a resource", (await client.SendAsync("POST", $"ServiceRequest/{id}/$validate?mode=update", null)).Is(400).Body, StringComparison.Ordinal);
        Assert.True(IsRefused(await client.PostAsync("ServiceRequest/none/$validate", Parameters("""{"name":"mode","valueCode":"delete"}"""))));
    }
}
