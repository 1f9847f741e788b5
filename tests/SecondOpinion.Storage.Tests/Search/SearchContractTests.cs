using SecondOpinion.Fhir.Search;
using SecondOpinion.Storage.Search;
using Xunit;

namespace SecondOpinion.Storage.Tests.Search;

/// <summary>What a search finds, the same on every provider.</summary>
public abstract class SearchContractTests(SearchData data) : IClassFixture<SearchData>
{
    protected static readonly SearchRestriction Open = _ => [];

    protected abstract Task<TestStore> OpenAsync(params IReadOnlyList<WriteHook> hooks);

    [Theory]
    // token
    [InlineData("Patient?gender=male", "p1")]
    [InlineData("Patient?gender=male,female", "p1 p2")]
    [InlineData("Patient?gender=http://hl7.org/fhir/administrative-gender|female", "p2")]
    [InlineData("Patient?gender:not=male", "p2 p3")]
    [InlineData("Patient?gender:missing=true", "p3")]
    [InlineData("Patient?gender:missing=false", "p1 p2")]
    [InlineData("Patient?identifier=12345", "p1")]
    [InlineData("Patient?identifier=http://acme.example/mrn|12345", "p1")]
    [InlineData("Patient?identifier=http://wrong.example|12345", "")]
    [InlineData("Patient?identifier=http://acme.example/mrn|", "p1 p2")]
    [InlineData("Patient?identifier=|no\\|system", "p1")]
    [InlineData("Patient?identifier=|12345", "")]
    [InlineData("Patient?identifier:of-type=http://terminology.hl7.org/CodeSystem/v2-0203|MR|12345", "p1")]
    [InlineData("Patient?identifier:of-type=http://terminology.hl7.org/CodeSystem/v2-0203|SS|12345", "")]
    [InlineData("Patient?identifier:text=medical", "p1")]
    [InlineData("Patient?deceased=true", "p3")]
    [InlineData("Patient?active=true", "p1")]
    [InlineData("Patient?phone=%2B49 30 123", "p1")]
    [InlineData("Observation?code=http://loinc.org|8867-4", "o1 o2")]
    [InlineData("Observation?code:text=pulse", "o1")]
    [InlineData("Observation?code:text=heart", "o1")]
    [InlineData("Observation?code:missing=true", "")]
    [InlineData("Observation?status=final&code=8867-4", "o1")]
    [InlineData("Observation?status:in=http://hl7.org/fhir/ValueSet/observation-status&code=8867-4", "o1 o2")]
    [InlineData("Patient?gender:not-in=http://hl7.org/fhir/ValueSet/administrative-gender", "p3")]
    [InlineData("Observation?combo-code=8480-6", "o3")]
    [InlineData("Observation?code=8480-6", "")]
    [InlineData("Medication?code=new", "m1")]
    [InlineData("Medication?code=old", "")]
    // string
    [InlineData("Patient?family=smith", "p2 p3")]
    [InlineData("Patient?family=muller", "p1")]
    [InlineData("Patient?family=MÜLLER-LÜ", "p1")]
    [InlineData("Patient?name=karl", "p1")]
    [InlineData("Patient?family:exact=Smith", "p2")]
    [InlineData("Patient?family:exact=smith", "")]
    [InlineData("Patient?family:contains=denscheidt", "p1")]
    [InlineData("Patient?family:contains=%25", "")]
    [InlineData("Patient?family=_mith", "")]
    [InlineData("Patient?address=berlin", "p1")]
    [InlineData("Patient?family=smith&given=ann", "p2")]
    [InlineData("Observation?value-string=gr\u00FC\u00DFe\\, a\\|b\\$c", "o5")]
    // date
    [InlineData("Patient?birthdate=1970-05-10", "p1")]
    [InlineData("Patient?birthdate=1980", "p2 p3")]
    [InlineData("Patient?birthdate=1980-06", "p3")]
    [InlineData("Patient?birthdate=ne1980", "p1")]
    [InlineData("Patient?birthdate=gt1979-12-31", "p2 p3")]
    [InlineData("Patient?birthdate=lt1980", "p1")]
    [InlineData("Patient?birthdate=ge1970-05-10&birthdate=le1970-05-10", "p1")]
    [InlineData("Patient?birthdate=sa1970-05-10", "p2 p3")]
    [InlineData("Patient?birthdate=eb1980", "p1")]
    [InlineData("Observation?date=2026-01-15", "o1")]
    [InlineData("Observation?date=2026-01", "o1 o2")]
    [InlineData("Observation?date=ge2026-01-16", "o2 o3")]
    [InlineData("Observation?date=2026-01-15T11:00:00%2B01:00", "o1")]
    [InlineData("Observation?date=ap2026-01-15T10:00", "o1 o2 o3")]
    [InlineData("ServiceRequest?authored=2026-02-01T07:00Z", "s1")]
    [InlineData("Patient?_lastUpdated=gt2020", "p1 p2 p3")]
    [InlineData("Patient?_lastUpdated=lt2020", "")]
    // number
    [InlineData("RiskAssessment?probability=0.8", "r1")]
    [InlineData("RiskAssessment?probability=gt0.8", "r2")]
    [InlineData("RiskAssessment?probability=ge0.8", "r1 r2")]
    [InlineData("RiskAssessment?probability=lt1", "r1")]
    [InlineData("RiskAssessment?probability=1e2", "r2")]
    [InlineData("RiskAssessment?probability=ne100", "r1")]
    [InlineData("RiskAssessment?probability=ap0.78", "r1")]
    // quantity
    [InlineData("Observation?value-quantity=5.4", "o1")]
    [InlineData("Observation?value-quantity=5.4|http://unitsofmeasure.org|mg", "o1")]
    [InlineData("Observation?value-quantity=0.0054|http://unitsofmeasure.org|g", "o1")]
    [InlineData("Observation?value-quantity=gt5.4|http://unitsofmeasure.org|mg", "o2")]
    [InlineData("Observation?value-quantity=ge5400|http://unitsofmeasure.org|ug", "o1 o2")]
    [InlineData("Observation?value-quantity=lt6|http://unitsofmeasure.org|mg", "o1")]
    [InlineData("Observation?value-quantity=5.4||mg", "o1")]
    [InlineData("Observation?value-quantity=5.4||g", "")]
    [InlineData("Observation?value-quantity=gt1|http://unitsofmeasure.org|m", "")]
    [InlineData("Observation?component-value-quantity=ge100", "o3")]
    // reference
    [InlineData("Observation?subject=Patient/p1", "o1 o3")]
    [InlineData("Observation?subject=p1", "o1 o3")]
    [InlineData("Observation?patient=p1", "o1 o3")]
    [InlineData("Observation?subject:Patient=p2", "o2")]
    [InlineData("Observation?subject:Group=g1", "o5")]
    [InlineData("Observation?subject=Patient/p1,Patient/p2", "o1 o2 o3")]
    [InlineData("Observation?subject:identifier=http://acme.example/mrn|external-1", "o4")]
    [InlineData("Observation?subject:missing=true", "")]
    [InlineData("Observation?subject=Patient/nobody", "")]
    [InlineData("Observation?subject=Patient/not an id!", "")]
    [InlineData("DiagnosticReport?results-interpreter=http://elsewhere.example/fhir/Practitioner/9", "d1")]
    [InlineData("DiagnosticReport?based-on=ServiceRequest/s1", "d1")]
    [InlineData("Task?owner=Organization/org1&status=requested,received", "t1")]
    // uri
    [InlineData("ValueSet?url=http://acme.example/fhir/ValueSet/teeth", "v1")]
    [InlineData("ValueSet?url:below=http://acme.example/fhir", "v1 v2")]
    [InlineData("ValueSet?url:below=http://acme.example/fhir/ValueSet/teet", "")]
    [InlineData("ValueSet?url:above=http://acme.example/fhir/ValueSet/teeth/deciduous/molars", "v1 v2")]
    [InlineData("ValueSet?url=http://acme.example", "")]
    // composite
    [InlineData("Observation?component-code-value-quantity=8480-6$gt100", "o3")]
    [InlineData("Observation?component-code-value-quantity=8480-6$lt100", "")]
    [InlineData("Observation?component-code-value-quantity=http://loinc.org|8462-4$80|http://unitsofmeasure.org|mm[Hg]", "o3")]
    [InlineData("Observation?code-value-concept=80967001$2667000", "o4")]
    [InlineData("Observation?code-value-quantity=8867-4$gt1,80967001$lt3", "o1")]
    [InlineData("Observation?code-value-quantity=http://loinc.org|8867-4$lt1||g", "o2")]
    // common
    [InlineData("Patient?_id=p1,p3", "p1 p3")]
    [InlineData("Patient?_id=with blank", "")]
    [InlineData("Patient?_tag=http://acme.example/tags|vip", "p1")]
    [InlineData("Patient?_tag:not=vip", "p2 p3")]
    [InlineData("Patient?_profile=http://acme.example/StructureDefinition/dental-patient", "p1")]
    [InlineData("Patient?_profile=http://acme.example/StructureDefinition/dental-patient|1.0", "p1")]
    [InlineData("Patient?_source=http://acme.example/import/7", "p1")]
    [InlineData("Patient?_security:missing=true&_id=p1", "p1")]
    // chains and _has
    [InlineData("Observation?subject:Patient.name=müller", "o1 o3")]
    [InlineData("Observation?patient.identifier=http://acme.example/mrn|12345", "o1 o3")]
    [InlineData("Observation?patient.family:exact=Smith", "o2")]
    [InlineData("Observation?patient.general-practitioner:Practitioner.name=house", "o1 o3")]
    [InlineData("Observation?patient.organization.name=zahnarzt", "o1 o2 o3")]
    [InlineData("Observation?status=preliminary&patient.gender=female", "o2")]
    [InlineData("Patient?_has:Observation:patient:code=8867-4", "p1 p2")]
    [InlineData("Patient?_has:Observation:patient:status=preliminary&gender=female", "p2")]
    [InlineData("Practitioner?_has:Patient:general-practitioner:_has:Observation:patient:code=85354-9", "dr1")]
    [InlineData("Patient?_has:Observation:patient:performer:Practitioner.name=house", "p1")]
    [InlineData("Observation?derived-from:Observation.patient.gender=male", "o4")]
    // system
    [InlineData("?_type=Patient,Practitioner&_id=p1,dr1,o1", "dr1 p1")]
    [InlineData("?_tag=vip", "p1")]
    [InlineData("?_type=Patient&gender=male", "p1")]
    public async Task Search_finds(string search, string expected) => Assert.Equal(expected, await IdsAsync("practice", search));

    [Theory]
    [InlineData("reader", "Patient?", "p1")]
    [InlineData("reader", "Patient?identifier=12345", "p1")]
    [InlineData("reader", "Patient?identifier=67890", "")]
    [InlineData("reader", "Task?status=requested", "t1")]
    [InlineData("reader", "Task?patient.name=müller", "t1")]
    [InlineData("reader", "Observation?", "")]
    [InlineData("reader", "Patient?general-practitioner:Practitioner.name=house", "")]
    [InlineData("reader", "Patient?_has:Observation:patient:code=8867-4", "")]
    [InlineData("other", "Patient?", "px")]
    [InlineData("other", "Patient?identifier=12345", "px")]
    [InlineData("other", "Patient?gender:missing=true", "px")]
    [InlineData("other", "Observation?patient=p1", "ox")]
    [InlineData("other", "Observation?patient.name=müller", "")]
    [InlineData("other", "Observation?patient.gender:missing=false", "")]
    [InlineData("other", "Patient?general-practitioner:Practitioner.name=house", "")]
    [InlineData("practice", "Patient?_has:Observation:patient:code=11111-1", "")]
    [InlineData("practice", "?_id=px,ox,p2", "p2")]
    [InlineData("nobody", "?", "")]
    public async Task Another_tenants_resource_is_found_by_no_route(string tenant, string search, string expected)
    {
        Assert.Equal(expected, await IdsAsync(tenant, search));
        var request = Parse(search + "&_summary=count");
        Assert.Equal(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length, (await PageAsync(tenant, request)).Total);
    }

    [Theory]
    [InlineData("practice", "Task?_include=Task:focus", "s1")]
    [InlineData("practice", "Task?_include=Task:focus:ServiceRequest", "s1")]
    [InlineData("practice", "Task?_include=Task:focus:Patient", "")]
    [InlineData("practice", "Task?_include=Task:focus&_include=Task:patient&_include=Task:owner", "org1 p1 s1")]
    [InlineData("practice", "Task?_include=*", "org1 p1 s1")]
    [InlineData("practice", "Task?_include=Task:*", "org1 p1 s1")]
    [InlineData("practice", "Task?_include=Task:focus&_include=ServiceRequest:requester", "s1")]
    [InlineData("practice", "Task?_include=Task:focus&_include:iterate=ServiceRequest:requester", "dr1 s1")]
    [InlineData("practice", "Task?_include=Task:focus&_include:iterate=ServiceRequest:subject&_include:iterate=Patient:organization", "org1 p1 s1")]
    [InlineData("practice", "ServiceRequest?_revinclude=Task:focus&_revinclude=DiagnosticReport:based-on", "d1 t1")]
    [InlineData("practice", "ServiceRequest?_revinclude=DiagnosticReport:based-on&_include:iterate=DiagnosticReport:result", "d1 o1 o4")]
    [InlineData("practice", "Patient?_id=p1&_revinclude=Provenance:target", "")]
    [InlineData("practice", "ServiceRequest?_revinclude=*", "d1 t1")]
    [InlineData("practice", "Observation?_id=o4&_include=Observation:derived-from", "o1")]
    [InlineData("practice", "Observation?_include=Observation:derived-from", "")]
    [InlineData("practice", "Patient?_include:iterate=Patient:link", "")]
    [InlineData("practice", "?_type=Task&_include=Task:focus", "s1")]
    [InlineData("reader", "Task?_include=*&_revinclude=*", "p1 s1")]
    [InlineData("reader", "Patient?_revinclude=Observation:patient&_include=Patient:general-practitioner", "")]
    [InlineData("other", "Provenance?_include=Provenance:target", "")]
    [InlineData("other", "Observation?_include=*", "")]
    public async Task Includes_are_what_is_visible_each_once(string tenant, string search, string expected)
    {
        var page = await PageAsync(tenant, Parse(search));
        Assert.Equal(expected, string.Join(' ', page.Includes.Select(r => r.Id).Order(StringComparer.Ordinal)));
        Assert.NotEmpty(page.Matches);
        Assert.Empty(page.Issues);
    }

    [Theory]
    [InlineData("Patient?_sort=birthdate", "p1 p2 p3")]
    [InlineData("Patient?_sort=-birthdate", "p2 p3 p1")]
    [InlineData("Patient?_sort=family", "p1 p2 p3")]
    [InlineData("Patient?_sort=-family", "p3 p2 p1")]
    [InlineData("Patient?_sort=gender", "p2 p1 p3")]
    [InlineData("Patient?_sort=-gender", "p1 p2 p3")]
    [InlineData("Patient?_sort=active,-family", "p1 p3 p2")]
    [InlineData("Patient?_sort=_id", "p1 p2 p3")]
    [InlineData("Patient?_sort=-_lastUpdated", "p3 p2 p1")]
    [InlineData("Patient?_sort=_lastUpdated", "p1 p2 p3")]
    [InlineData("Patient?", "p3 p2 p1")]
    [InlineData("Observation?_sort=date", "o2 o1 o3 o5 o4")]
    [InlineData("Observation?_sort=-date", "o3 o2 o1 o5 o4")]
    [InlineData("Observation?_sort=patient.family,date", "o1 o3 o2 o5 o4")]
    [InlineData("Observation?_sort=-patient.family,-date", "o2 o3 o1 o5 o4")]
    [InlineData("Observation?_sort=value-quantity", "o2 o1 o5 o4 o3")]
    [InlineData("Observation?_sort=status,code", "o4 o3 o1 o5 o2")]
    [InlineData("RiskAssessment?_sort=-probability", "r2 r1")]
    public async Task Sorted_pages_join_to_the_whole_in_order(string search, string expected)
    {
        for (var count = 1; count <= 3; count++)
        {
            var found = new List<string>();
            string? next = null;
            do
            {
                var page = await PageAsync("practice", Parse($"{search}&_count={count}" + (next is null ? "" : "&_page=" + next)));
                Assert.True(page.Matches.Count <= count);
                found.AddRange(page.Matches.Select(m => m.Id));
                next = page.Next;
            }
            while (next is not null);

            Assert.Equal(expected, string.Join(' ', found));
        }
    }

    [Fact]
    public async Task A_cursor_is_good_for_its_own_search_and_tenant_only()
    {
        var first = await PageAsync("practice", Parse("Patient?_count=1&_sort=family"));
        Assert.NotNull(first.Next);
        var flipped = (first.Next[10] == 'A' ? 'B' : 'A').ToString();
        string[] wrong =
        [
            "Patient?_count=1&_sort=family&_page=" + first.Next[..10] + flipped + first.Next[11..],
            "Patient?_count=1&_sort=-family&_page=" + first.Next,
            "Patient?_count=1&_page=" + first.Next,
            "Patient?_count=1&_sort=family&_page=x",
            "Patient?_count=1&_sort=family&_page=%20%C3%BC=",
            "Patient?_count=1&_sort=family&_page=" + new string('A', 20_000),
        ];
        foreach (var search in wrong)
        {
            var outcome = await OutcomeAsync("practice", Parse(search));
            Assert.Equal(Fhir.RefusalKind.Invalid, outcome.Refusal?.Kind);
        }

        Assert.True((await OutcomeAsync("other", Parse("Patient?_count=1&_sort=family&_page=" + first.Next))).IsRefused);
        Assert.DoesNotContain("ller", System.Text.Encoding.Latin1.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(first.Next)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Totals_count_matches_of_all_pages_and_no_includes()
    {
        Assert.Equal(3, (await PageAsync("practice", Parse("Patient?_total=accurate&_count=1&_revinclude=Observation:patient"))).Total);
        Assert.Null((await PageAsync("practice", Parse("Patient?_count=1"))).Total);
        Assert.Equal(3, (await PageAsync("practice", Parse("Patient?"))).Total);
        Assert.Null((await PageAsync("practice", Parse("Patient?_total=none"))).Total);
        var count = await PageAsync("practice", Parse("Patient?_count=0"));
        Assert.Equal((3L, 0), (count.Total, count.Matches.Count));
    }

    [Fact]
    public async Task A_restriction_holds_for_matches_counts_chains_includes_and_sorts()
    {
        // Observations: only final ones; patients: none; service requests: all.
        SearchRestriction restriction = type => type switch
        {
            "Observation" => [SearchRequest.ParseQuery("Observation", "status=preliminary").Value, SearchRequest.ParseQuery("Observation", "code=85354-9").Value],
            "Task" or "ServiceRequest" => [],
            _ => null,
        };

        Assert.Equal("o2 o3", await IdsAsync("practice", "Observation?", restriction));
        Assert.Equal("", await IdsAsync("practice", "Patient?", restriction));
        Assert.Equal("", await IdsAsync("practice", "Observation?patient.name=smith", restriction));
        Assert.Equal("", await IdsAsync("practice", "Observation?patient._has:Observation:patient:status=preliminary", restriction));
        Assert.Equal("o2 o3 s1 t1", await IdsAsync("practice", "?", restriction));
        Assert.Equal(2, (await PageAsync("practice", Parse("Observation?_summary=count"), restriction)).Total);
        var page = await PageAsync("practice", Parse("Task?_include=*"), restriction);
        Assert.Equal(["s1"], page.Includes.Select(i => i.Id));
        var sorted = await PageAsync("practice", Parse("Observation?_sort=-patient.family"), restriction);
        Assert.Equal(["o3", "o2"], sorted.Matches.Select(m => m.Id));
        Assert.Equal("o1", (await PageAsync("practice", Parse("Observation?code=8867-4&status=final"))).Matches.Single().Id);
    }

    [Fact]
    public async Task Includes_over_the_limit_are_left_out_and_said()
    {
        var request = Parse("Task?_include=*") with { MaxIncluded = 2 };
        var page = await PageAsync("practice", request);
        Assert.Equal(2, page.Includes.Count);
        Assert.Equal("search-includes-truncated", Assert.Single(page.Issues).Key);
        Assert.Empty((await PageAsync("practice", request with { MaxIncluded = 3 })).Issues);
    }

    [Theory]
    [InlineData("practice", "o1", "Observation?status=final&patient.name=müller", true)]
    [InlineData("practice", "o1", "Observation?status=preliminary", false)]
    [InlineData("practice", "o1", "Patient?", false)]
    [InlineData("practice", "p1", "Patient?_has:Observation:patient:code=8867-4", true)]
    [InlineData("practice", "p3", "Patient?_has:Observation:patient:code=8867-4", false)]
    [InlineData("practice", "o4", "Observation?code-value-concept=80967001$2667000", true)]
    [InlineData("practice", "t1", "Task?owner=Organization/org1&status:not=completed&_lastUpdated=gt2000", true)]
    [InlineData("reader", "p1", "Patient?identifier=12345", true)]
    [InlineData("reader", "p1", "Patient?general-practitioner:Practitioner.name=house", false)]
    [InlineData("other", "o1", "Observation?status=final", false)]
    public async Task One_resource_matches_or_not(string tenant, string id, string search, bool expected)
    {
        var store = await data.StoreAsync(() => OpenAsync());
        var key = await store.ReadAsync(r => Task.FromResult(r.Db.Resources.Single(x => x.Id == id).Key));
        Assert.Equal(expected, await store.ReadAsync(r => r.Search.IsMatchAsync(tenant, key, Parse(search))));
    }

    [Theory]
    [InlineData("Observation", "-compartment=Patient/p1", "o1 o3")]
    [InlineData("Patient", "-compartment=Patient/p1", "p1")]
    [InlineData("Patient", "-compartment=Patient/p2", "p2 p3")]
    [InlineData("ServiceRequest", "status=active&-compartment=Patient/p1", "s1")]
    [InlineData("ValueSet", "-compartment=Patient/p1", "")]
    public async Task A_compartment_holds_its_own(string type, string query, string expected) =>
        Assert.Equal(expected, await IdsAsync("practice", type + "?" + query));

    [Fact]
    public async Task Matches_for_interactions_are_limited_and_say_who_may_write()
    {
        var store = await data.StoreAsync(() => OpenAsync());
        var two = await store.ReadAsync(r => r.Search.MatchAsync("practice", Parse("Patient?family=smith"), 1));
        Assert.Equal(["p3"], two.Value.Select(m => m.Id));
        var shared = await store.ReadAsync(r => r.Search.MatchAsync("reader", Parse("Task?_id=t1"), 2));
        Assert.True(shared.Value.Single().CanWrite);
        shared = await store.ReadAsync(r => r.Search.MatchAsync("reader", Parse("Patient?_id=p1"), 2));
        Assert.False(shared.Value.Single().CanWrite);
    }

    [Fact]
    public async Task Writes_are_found_in_the_same_transaction()
    {
        await using var store = await OpenAsync();
        var found = await store.WriteAsync("a", async t =>
        {
            await t.Writes.CreateAsync("a", Fhir.FhirResource.Parse("""{"resourceType":"Patient","identifier":[{"system":"s","value":"v"}]}"""));
            return (await t.Search.MatchAsync("a", Parse("Patient?identifier=s|v"), 2)).Value.Count;
        });
        Assert.Equal(1, found);
    }

    [Fact]
    public async Task Pages_neither_repeat_nor_skip_while_others_write()
    {
        await using var store = await OpenAsync();
        var all = new List<string>();
        for (var i = 0; i < 30; i++)
        {
            all.Add((await store.CreateAsync("a", Numbered(i))).Id);
        }

        foreach (var sort in new[] { "", "&_sort=given", "&_sort=-given", "&_sort=birthdate", "&_sort=-_lastUpdated" })
        {
            var seen = new List<string>();
            string? next = null;
            var round = 0;
            do
            {
                var page = await store.ReadAsync(r => r.Search.PageAsync("a", Parse("Patient?_count=7" + sort + (next is null ? "" : "&_page=" + next)), Open));
                seen.AddRange(page.Value.Matches.Select(m => m.Id));
                next = page.Value.Next;
                store.Time.Now += TimeSpan.FromSeconds(1);
                await store.CreateAsync("a", Numbered(round++ * 5));
                await store.CreateAsync("b", Numbered(3));
            }
            while (next is not null);

            Assert.Equal(seen.Count, seen.Distinct().Count());
            Assert.Empty(all.Except(seen));
        }
    }

    [Fact]
    public async Task A_search_at_its_limits_is_answered()
    {
        string[] searches =
        [
            "Patient?identifier=http://acme.example/mrn|12345," + string.Join(',', Enumerable.Range(0, 199).Select(i => $"s{i}|c{i}")),
            "Patient?" + string.Join('&', Enumerable.Range(0, 100).Select(i => i % 2 == 0 ? "identifier=12345" : "family:missing=false")),
            "Patient?" + string.Join('&', Enumerable.Range(0, 40).Select(_ => "_has:Observation:patient:performer:Practitioner._has:Patient:general-practitioner:identifier=12345")),
            "Observation?" + string.Join('&', Enumerable.Range(0, 40).Select(_ => "patient.general-practitioner:Practitioner._has:Patient:general-practitioner:organization.name=zahn")),
            "Patient?name=" + string.Join(',', Enumerable.Range(0, 200).Select(i => "x" + i)),
            "Observation?date=" + string.Join(',', Enumerable.Range(0, 200).Select(i => "ne2026-01-01T00:00:00." + i)),
            "Observation?component-code-value-quantity=" + string.Join(',', Enumerable.Range(0, 100).Select(i => $"http://loinc.org|c{i}$gt{i}|http://unitsofmeasure.org|mg")),
            "Observation?_sort=patient.family,-patient.birthdate,date,-code&_count=1",
        ];
        foreach (var search in searches)
        {
            var outcome = await OutcomeAsync("practice", Parse(search));
            Assert.False(outcome.IsRefused);
            if (outcome.Value.Next is { } next)
            {
                Assert.NotEmpty((await PageAsync("practice", Parse(search + "&_page=" + next))).Matches);
            }
        }
    }

    [Fact]
    public async Task Text_that_a_database_would_not_take_is_indexed_all_the_same()
    {
        await using var store = await OpenAsync();
        var wide = string.Concat(Enumerable.Repeat("\U0001F9B7", 400));
        var json = System.Text.Json.JsonSerializer.Serialize(new { resourceType = "Patient", name = new[] { new { family = "x" + wide, text = "a\0b" } }, identifier = new[] { new { system = new string('s', 3000), value = new string('v', 3000) } } });
        await store.CreateAsync("a", Fhir.FhirResource.Parse(json), "p");
        foreach (var search in new[] { "Patient?family=x", $"Patient?identifier={new string('s', 1000)}|", "Patient?family=" + "x" + wide, "Patient?family:exact=" + "x" + wide, $"Patient?identifier={new string('v', 2000)}", "Patient?_sort=family" })
        {
            Assert.False((await store.ReadAsync(r => r.Search.PageAsync("a", Parse(search), Open))).IsRefused);
        }

        Assert.Equal(1, (await store.ReadAsync(r => r.Search.PageAsync("a", Parse("Patient?family:exact=x" + wide), Open))).Value.Total);
    }

    private static Fhir.FhirResource Numbered(int i) =>
        Fhir.FhirResource.Parse($$"""{"resourceType":"Patient","name":[{"given":["n{{i / 3}}"]}],"birthDate":"19{{50 + i % 7}}"}""");

    private static SearchRequest Parse(string search)
    {
        var question = search.IndexOf('?', StringComparison.Ordinal);
        var type = search[..question];
        if (type.Length > 0)
        {
            var outcome = SearchRequest.ParseQuery(type, search[(question + 1)..]);
            return outcome.TryGet(out var request, out var refusal) ? request : throw new InvalidOperationException(refusal.ToString());
        }

        var pairs = search[1..].Split('&', StringSplitOptions.RemoveEmptyEntries).Select(p => p.Split('=', 2)).Select(p => new KeyValuePair<string, string>(p[0], p[1]));
        return SearchRequest.Parse(null, pairs, strict: true).Value;
    }

    private async Task<string> IdsAsync(string tenant, string search, SearchRestriction? restriction = null)
    {
        var page = await PageAsync(tenant, Parse(search), restriction);
        Assert.All(page.Matches, m => Assert.False(m.IsDeleted));
        return string.Join(' ', page.Matches.Select(m => m.Id).Order(StringComparer.Ordinal));
    }

    private async Task<SearchPage> PageAsync(string tenant, SearchRequest request, SearchRestriction? restriction = null) =>
        (await OutcomeAsync(tenant, request, restriction)).Value;

    private async Task<Fhir.Outcome<SearchPage>> OutcomeAsync(string tenant, SearchRequest request, SearchRestriction? restriction = null)
    {
        var store = await data.StoreAsync(() => OpenAsync());
        return await store.ReadAsync(r => r.Search.PageAsync(tenant, request, restriction ?? Open));
    }
}
