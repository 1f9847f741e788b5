using System.Text.Json.Nodes;
using SecondOpinion.Fhir;
using Xunit;

namespace SecondOpinion.FhirRest.Tests;

/// <summary>Operations as entries of a batch or transaction (FHIR R4 http.html#transaction).</summary>
public sealed class BundleOperationTests
{
    private const string Gender = "http://hl7.org/fhir/ValueSet/administrative-gender";
    private const string Set = """{"resourceType":"ValueSet","id":"SET","url":"http://mine/bundled","status":"active","compose":{"include":[{"system":"http://s","concept":[{"code":"a"}]}]}}""";

    private static async Task<FhirClient> ClientAsync(string scope = "system/*.cruds") => (await FhirHost.SharedAsync()).AsNew(scope);

    private static string Bundle(string type, params string[] entries) => $$$"""{"resourceType":"Bundle","type":"{{{type}}}","entry":[{{{string.Join(',', entries)}}}]}""";

    private static string Entry(string method, string url, string? resource = null) =>
        $$$"""{{{{(resource is null ? "" : $"\"resource\":{resource},")}}}"request":{"method":"{{{method}}}","url":"{{{url}}}"}}""";

    private static IEnumerable<string> Statuses(Answer answer) => answer.Is(200).Node("entry")!.AsArray().Select(e => ((string)e!["response"]!["status"]!)[..3]);

    [Fact]
    public async Task Operations_in_a_batch_answer_as_they_do_alone()
    {
        var client = await ClientAsync();
        var patient = await client.CreateAsync("""{"resourceType":"Patient"}""");
        (string Method, string Url, string? Body)[] all =
        [
            ("GET", "CodeSystem/$lookup?system=http://hl7.org/fhir/administrative-gender&code=male", null),
            ("GET", "ValueSet/agreement/$validate-code?system=https://secondopinion.example/fhir/CodeSystem/agreement&code=revised", null),
            ("POST", "Patient/$validate", """{"resourceType":"Patient","gender":"man"}"""),
            ("POST", "Patient/$validate", """{"resourceType":"Parameters","parameter":[{"name":"resource","resource":{"resourceType":"Patient"}},{"name":"mode","valueCode":"create"}]}"""),
            ("GET", $"Patient/{patient}/$validate", null),
            ("POST", "ConceptMap/$translate", """{"resourceType":"Parameters","parameter":[{"name":"system","valueUri":"urn:iso:std:iso:3950"},{"name":"code","valueCode":"36"}]}"""),
        ];
        var batch = await client.PostAsync("", Bundle("batch", [.. all.Select(o => Entry(o.Method, o.Url, o.Body))]));

        Assert.All(Statuses(batch), s => Assert.Equal("200", s));
        Assert.DoesNotContain(FhirValidator.Validate(FhirResource.Parse(batch.Bytes)), i => i.IsError);
        for (var i = 0; i < all.Length; i++)
        {
            var alone = (await client.SendAsync(all[i].Method, all[i].Url, all[i].Body)).Is(200);
            Assert.Equal(alone.Json.ToJsonString(), batch.Node($"entry.{i}.resource")!.ToJsonString());
        }
    }

    [Fact]
    public async Task Each_operation_of_a_batch_fails_for_itself_and_says_where()
    {
        var answer = await (await ClientAsync()).PostAsync("", Bundle(
            "batch",
            Entry("GET", "ValueSet/$expand?url=http://nowhere/vs"),
            Entry("GET", "ValueSet/$wombat"),
            Entry("GET", "Patient/$validate"),
            Entry("POST", "ValueSet/$expand", """{"resourceType":"Parameters","parameter":[{"name":"count","valueString":"1"}]}"""),
            Entry("HEAD", "ValueSet/$expand?url=" + Gender),
            Entry("GET", "ValueSet/%24expand?url=" + Gender)));

        Assert.Equal(["404", "404", "404", "400", "200", "200"], Statuses(answer));
        Assert.Equal("Bundle.entry[3].resource.parameter[0]", answer.Text("entry.3.response.outcome.issue.0.expression.0"));
        Assert.Null(answer.Node("entry.4.resource"));
        Assert.Equal("ValueSet", answer.Text("entry.5.resource.resourceType"));
    }

    [Fact]
    public async Task Operation_of_a_transaction_sees_what_the_transaction_wrote_wherever_it_stands()
    {
        var client = await ClientAsync();
        var answer = await client.PostAsync("", Bundle(
            "transaction",
            Entry("POST", "ValueSet/$expand", """{"resourceType":"Parameters","parameter":[{"name":"url","valueUri":"http://mine/bundled"}]}"""),
            Entry("POST", "ValueSet", Set)));

        Assert.Equal(["200", "201"], Statuses(answer));
        Assert.Equal("a", answer.Text("entry.0.resource.expansion.contains.0.code"));
    }

    [Fact]
    public async Task Operation_that_fails_undoes_the_transaction()
    {
        var client = await ClientAsync();
        var answer = (await client.PostAsync("", Bundle("transaction", Entry("POST", "ValueSet", Set), Entry("GET", "ValueSet/$expand?url=http://nowhere/vs")))).Is(404);

        Assert.Equal("Bundle.entry[1]", answer.Text("issue.0.expression.0"));
        Assert.Equal("0", (await client.GetAsync("ValueSet?url=http://mine/bundled&_total=accurate")).Text("total"));
    }

    [Fact]
    public async Task Histories_in_a_bundle_answer_as_they_do_alone()
    {
        var client = await ClientAsync();
        var id = await client.CreateAsync("""{"resourceType":"Patient","gender":"male","active":true}""");
        foreach (var url in new[] { $"Patient/{id}/_history?_elements=gender", "Patient/_history?_count=1", "ValueSet/agreement/_history" })
        {
            var batch = (await client.PostAsync("", Bundle("batch", Entry("GET", url)))).Is(200);
            var alone = (await client.GetAsync(url)).Is(200);
            Assert.Equal((alone.Text("total"), alone.Node("link")!.ToJsonString(), alone.Node("entry")!.ToJsonString()), (batch.Text("entry.0.resource.total"), batch.Node("entry.0.resource.link")!.ToJsonString(), batch.Node("entry.0.resource.entry")!.ToJsonString()));
        }

        var written = (await client.PostAsync("", Bundle("transaction", Entry("GET", $"Patient/{id}/_history"), Entry("PUT", $"Patient/{id}", "{\"resourceType\":\"Patient\",\"id\":\"" + id + "\"}")))).Is(200);
        Assert.Equal("2", written.Text("entry.0.resource.total"));
        Assert.Equal(["404", "400", "404", "200"], Statuses(await client.PostAsync("", Bundle("batch", Entry("GET", "Patient/nobody/_history"), Entry("GET", "Patient/_history?_since=soon"), Entry("GET", "Wombat/_history"), Entry("GET", "_history")))));
    }

    [Fact]
    public async Task Scopes_hold_for_operations_in_bundles()
    {
        var client = await ClientAsync("system/Patient.rs");
        var answer = await client.PostAsync("", Bundle("batch", Entry("GET", "ValueSet/$expand?url=" + Gender), Entry("POST", "Patient/$validate", """{"resourceType":"Patient"}"""), Entry("POST", "Observation/$validate", """{"resourceType":"Observation"}""")));

        Assert.Equal(["403", "200", "403"], Statuses(answer));
    }

    [Fact]
    public async Task Entries_that_together_answer_too_much_are_413()
    {
        await using var host = await FhirHost.StartAsync(o => o.MaxBodyBytes = 20_000);
        var expand = Entry("GET", "ValueSet/$expand?url=http://hl7.org/fhir/ValueSet/observation-status");
        var statuses = Statuses(await host.AsNew().PostAsync("", Bundle("batch", [.. Enumerable.Repeat(expand, 50)]))).ToList();

        Assert.Equal("200", statuses[0]);
        Assert.Equal("413", statuses[^1]);
        Assert.Contains("20000 bytes", (await host.AsNew().PostAsync("", Bundle("transaction", [.. Enumerable.Repeat(expand, 20)]))).Is(413).Text("issue.0.details.text"), StringComparison.Ordinal);
        Assert.Contains("at most 20", (await host.AsNew().PostAsync("", Bundle("transaction", [.. Enumerable.Repeat(expand, 21)]))).Is(413).Text("issue.0.details.text"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Operations_that_hold_a_transaction_up_are_413_and_a_batch_takes_them()
    {
        await using var host = await FhirHost.StartAsync(time: new SlowClock());
        var expand = Entry("GET", "ValueSet/$expand?url=" + Gender);

        (await host.AsNew().PostAsync("", Bundle("transaction", expand))).Is(200);
        Assert.Equal("Bundle.entry[1]", (await host.AsNew().PostAsync("", Bundle("transaction", expand, expand))).Is(413).Text("issue.0.expression.0"));
        Assert.Equal(["200", "200", "200"], Statuses(await host.AsNew().PostAsync("", Bundle("batch", expand, expand, expand))));
    }

    /// <summary>On which everything takes two seconds.</summary>
    private sealed class SlowClock : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Interlocked.Add(ref _ticks, 2);
    }

    [Fact]
    public async Task Audit_trail_keeps_what_an_entry_was_told_and_not_what_it_was_refused()
    {
        var client = await ClientAsync();
        var told = await client.CreateAsync("""{"resourceType":"Patient"}""");
        var open = await client.CreateAsync("""{"resourceType":"ValueSet","url":"http://mine/open","status":"active","compose":{"include":[{"system":"http://nowhere/cs"}]}}""");
        Assert.Equal(["200", "422"], Statuses(await client.PostAsync("", Bundle("batch", Entry("GET", $"Patient/{told}/$validate"), Entry("GET", $"ValueSet/{open}/$expand")))));
        await client.Host.Audit.FlushAsync();

        var events = (await client.GetAsync("AuditEvent?subtype=operation")).Is(200).Node("entry")!.AsArray();
        Assert.Equal($"Patient/{told}", (string)Assert.Single(events)!["resource"]!["entity"]!.AsArray().First(e => e!["what"] is not null)!["what"]!["reference"]!);
    }
}
