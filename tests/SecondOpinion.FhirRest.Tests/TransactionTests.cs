using System.Text.Json.Nodes;
using SecondOpinion.TestKit;
using Xunit;

namespace SecondOpinion.FhirRest.Tests;

/// <summary>FHIR R4 http.html#transaction.</summary>
public sealed class TransactionTests
{
    private static async Task<FhirClient> ClientAsync() => (await FhirHost.SharedAsync()).AsNew();

    private static string Bundle(string type, params string[] entries) => $$$"""{"resourceType":"Bundle","type":"{{{type}}}","entry":[{{{string.Join(',', entries)}}}]}""";

    private static string Post(string fullUrl, string resource, string? ifNoneExist = null) =>
        $$$"""{"fullUrl":"{{{fullUrl}}}","resource":{{{resource}}},"request":{"method":"POST","url":"{{{(string)JsonNode.Parse(resource)!["resourceType"]!}}}"{{{(ifNoneExist is null ? "" : $",\"ifNoneExist\":\"{ifNoneExist}\"")}}}}}""";

    private static string Put(string url, string resource) => $$$"""{"resource":{{{resource}}},"request":{"method":"PUT","url":"{{{url}}}"}}""";

    private static string Request(string method, string url) => $$$"""{"request":{"method":"{{{method}}}","url":"{{{url}}}"}}""";

    private static string Observation(string subject, string extra = "") =>
        $$$"""{"resourceType":"Observation","status":"final","code":{"text":"x"},"subject":{"reference":"{{{subject}}}"}{{{extra}}}}""";

    private static string Patient(string mrn) => $$$"""{"resourceType":"Patient","identifier":[{"system":"urn:mrn","value":"{{{mrn}}}"}]}""";

    [Fact]
    public async Task The_order_example_passes_as_it_stands_and_links_its_parts()
    {
        var client = await ClientAsync();
        var bundle = await File.ReadAllTextAsync(Requires.Shared("examples/order-bundle.json"));
        var answer = (await client.PostAsync("", bundle)).Is(200);
        Assert.Equal("transaction-response", answer.Text("type"));
        Assert.Equal(5, answer.Count("entry"));
        Assert.All(answer.Node("entry")!.AsArray(), e => Assert.Equal("201 Created", (string)e!["response"]!["status"]!));
        string[] locations = [.. answer.Node("entry")!.AsArray().Select(e => (string)e!["response"]!["location"]!)];
        Assert.Equal(["Patient", "Practitioner", "DocumentReference", "DocumentReference", "ServiceRequest"], locations.Select(l => l.Split('/')[0]));
        var order = (await client.GetAsync(locations[4].Split("/_history")[0])).Is(200);
        Assert.Equal(locations[0].Split("/_history")[0], order.Text("subject.reference"));
        Assert.Equal(locations[2].Split("/_history")[0], order.Text("supportingInfo.0.reference"));

        // Sent again, the patient and the practitioner are found, the rest is made anew.
        var again = (await client.PostAsync("", bundle)).Is(200);
        Assert.Equal(["200 OK", "200 OK", "201 Created", "201 Created", "201 Created"], again.Node("entry")!.AsArray().Select(e => (string)e!["response"]!["status"]!));
        Assert.Equal(locations[0], again.Text("entry.0.response.location"));
    }

    [Fact]
    public async Task Links_are_rewritten_everywhere_narrative_versions_and_fragments_included()
    {
        var client = await ClientAsync();
        var extra = ""","text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\"><a href=\"urn:uuid:11111111-1111-4111-8111-111111111111\">p</a></div>"},"focus":[{"reference":"urn:uuid:11111111-1111-4111-8111-111111111111/_history/1"}],"extension":[{"url":"http://x/e","valueUri":"urn:uuid:11111111-1111-4111-8111-111111111111"}]""";
        var answer = (await client.PostAsync("", Bundle(
            "transaction",
            Post("urn:uuid:22222222-2222-4222-8222-222222222222", Observation("urn:uuid:11111111-1111-4111-8111-111111111111", extra)),
            Post("urn:uuid:11111111-1111-4111-8111-111111111111", Patient("links"))), ("Prefer", "return=representation"))).Is(200);
        var patient = answer.Text("entry.1.response.location")!.Split("/_history")[0];
        Assert.Equal(patient, answer.Text("entry.0.resource.subject.reference"));
        Assert.Equal(patient + "/_history/1", answer.Text("entry.0.resource.focus.0.reference"));
        Assert.Equal(patient, answer.Text("entry.0.resource.extension.0.valueUri"));
        Assert.Contains($"href=\"{patient}\"", answer.Text("entry.0.resource.text.div"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Relative_references_to_a_neighbours_full_url_are_resolved()
    {
        var client = await ClientAsync();
        var answer = (await client.PostAsync("", Bundle(
            "transaction",
            Post("http://source.example/fhir/Patient/7", Patient("relative")),
            Post("http://source.example/fhir/Observation/8", Observation("Patient/7"))), ("Prefer", "return=representation"))).Is(200);
        Assert.Equal(answer.Text("entry.0.response.location")!.Split("/_history")[0], answer.Text("entry.1.resource.subject.reference"));
    }

    [Fact]
    public async Task Conditional_references_match_exactly_one_also_of_the_same_transaction()
    {
        var client = await ClientAsync();
        var answer = (await client.PostAsync("", Bundle(
            "transaction",
            Post("urn:uuid:33333333-3333-4333-8333-333333333333", Observation("Patient?identifier=urn:mrn|c1")),
            Post("urn:uuid:44444444-4444-4444-8444-444444444444", Patient("c1"))), ("Prefer", "return=representation"))).Is(200);
        Assert.Equal(answer.Text("entry.1.response.location")!.Split("/_history")[0], answer.Text("entry.0.resource.subject.reference"));

        var none = (await client.PostAsync("", Bundle("transaction", Post("urn:uuid:1", Observation("Patient?identifier=urn:mrn|nobody"))))).Is(412);
        Assert.Equal("Bundle.entry[0].resource.subject.reference", none.Text("issue.0.expression.0"));
        await client.CreateAsync(Patient("c1"));
        (await client.PostAsync("", Bundle("transaction", Post("urn:uuid:1", Observation("Patient?identifier=urn:mrn|c1"))))).Is(412);
    }

    [Fact]
    public async Task A_failure_undoes_everything_and_names_the_entry()
    {
        var client = await ClientAsync();
        var refused = (await client.PostAsync("", Bundle(
            "transaction",
            Post("urn:uuid:1", Patient("undone")),
            Post("urn:uuid:2", """{"resourceType":"Patient","gender":"blue"}""")))).Is(422);
        Assert.Equal("Bundle.entry[1].resource.gender", refused.Text("issue.0.expression.0"));
        refused = (await client.PostAsync("", Bundle(
            "transaction",
            Post("urn:uuid:1", Patient("undone")),
            Request("GET", "Patient/nobody")))).Is(404);
        Assert.Equal("Bundle.entry[1]", refused.Text("issue.0.expression.0"));
        Assert.Equal(0, (await client.GetAsync("Patient/_history")).Count("entry"));
    }

    [Fact]
    public async Task Entries_run_in_the_order_of_the_standard_and_answer_in_the_order_sent()
    {
        var client = await ClientAsync();
        var old = await client.CreateAsync(Patient("old"));
        var kept = await client.CreateAsync(Patient("kept"));
        var answer = (await client.PostAsync("", Bundle(
            "transaction",
            Request("GET", $"Patient/{kept}"),
            Request("GET", "Patient?identifier=urn:mrn|new"),
            Put($"Patient/{kept}", $$$"""{"resourceType":"Patient","id":"{{{kept}}}","active":false}"""),
            Post("urn:uuid:9", Patient("new")),
            Request("DELETE", $"Patient/{old}")))).Is(200);
        Assert.Equal(["200 OK", "200 OK", "200 OK", "201 Created", "204 No Content"], answer.Node("entry")!.AsArray().Select(e => (string)e!["response"]!["status"]!));
        Assert.Equal("false", answer.Text("entry.0.resource.active"));
        Assert.Equal("searchset", answer.Text("entry.1.resource.type"));
        Assert.Equal(1, answer.Count("entry.1.resource.entry"));
        Assert.Equal("W/\"2\"", answer.Text("entry.2.response.etag"));
        (await client.GetAsync($"Patient/{old}")).Is(410);
    }

    [Theory]
    [InlineData("""{"resource":{"resourceType":"Patient","id":"twice"},"request":{"method":"PUT","url":"Patient/twice"}},{"resource":{"resourceType":"Patient","id":"twice"},"request":{"method":"PUT","url":"Patient/twice"}}""")]
    [InlineData("""{"resource":{"resourceType":"Patient","id":"twice"},"request":{"method":"PUT","url":"Patient/twice"}},{"request":{"method":"DELETE","url":"Patient/twice"}}""")]
    [InlineData("""{"fullUrl":"urn:uuid:1","resource":{"resourceType":"Patient"},"request":{"method":"POST","url":"Patient"}},{"fullUrl":"urn:uuid:1","resource":{"resourceType":"Patient"},"request":{"method":"POST","url":"Patient"}}""")]
    [InlineData("""{"resource":{"resourceType":"Patient"}}""")]
    [InlineData("""{"resource":{"resourceType":"Patient"},"request":{"method":"POST","url":"Observation"}}""")]
    [InlineData("""{"request":{"method":"POST","url":"Patient"}}""")]
    [InlineData("""{"request":{"method":"GET","url":"../secrets/of/the/house"}}""")]
    public async Task Malformed_transactions_are_refused_whole(string entries)
    {
        var client = await ClientAsync();
        var refused = await client.PostAsync("", Bundle("transaction", entries));
        Assert.InRange((int)refused.Status, 400, 404);
        Assert.StartsWith("Bundle.entry[", refused.Text("issue.0.expression.0"), StringComparison.Ordinal);
        Assert.Equal(0, (await client.GetAsync("Patient/_history")).Count("entry"));
    }

    [Fact]
    public async Task Two_conditional_creates_of_the_same_thing_make_one_thing()
    {
        var client = await ClientAsync();
        var answer = (await client.PostAsync("", Bundle(
            "transaction",
            Post("urn:uuid:1", Patient("same"), "identifier=urn:mrn|same"),
            Post("urn:uuid:2", Patient("same"), "identifier=urn:mrn|same"),
            Post("urn:uuid:3", Observation("urn:uuid:2"))), ("Prefer", "return=representation"))).Is(200);
        Assert.Equal("201 Created", answer.Text("entry.0.response.status"));
        Assert.Equal("200 OK", answer.Text("entry.1.response.status"));
        Assert.Equal(answer.Text("entry.0.response.location"), answer.Text("entry.1.response.location"));
        Assert.Equal(answer.Text("entry.0.response.location")!.Split("/_history")[0], answer.Text("entry.2.resource.subject.reference"));
    }

    [Fact]
    public async Task Conditional_update_and_patch_work_as_entries()
    {
        var client = await ClientAsync();
        var id = await client.CreateAsync(Patient("cu"));
        var patch = Convert.ToBase64String("""[{"op":"add","path":"/active","value":true}]"""u8);
        var answer = (await client.PostAsync("", Bundle(
            "transaction",
            $$$"""{"fullUrl":"urn:uuid:5","resource":{{{Patient("cu2")}}},"request":{"method":"PUT","url":"Patient?identifier=urn:mrn|cu2"}}""",
            Post("urn:uuid:6", Observation("urn:uuid:5")),
            $$$"""{"resource":{"resourceType":"Binary","contentType":"application/json-patch+json","data":"{{{patch}}}"},"request":{"method":"PATCH","url":"Patient/{{{id}}}"}}"""),
            ("Prefer", "return=representation"))).Is(200);
        Assert.Equal("201 Created", answer.Text("entry.0.response.status"));
        Assert.Equal("Patient/" + answer.Text("entry.0.resource.id"), answer.Text("entry.1.resource.subject.reference"));
        Assert.Equal("true", answer.Text("entry.2.resource.active"));
        Assert.Equal("cu2", (await client.GetAsync("Patient/" + answer.Text("entry.0.resource.id"))).Is(200).Text("identifier.0.value"));
    }

    [Fact]
    public async Task A_batch_answers_each_entry_by_itself()
    {
        var client = await ClientAsync();
        var answer = (await client.PostAsync("", Bundle(
            "batch",
            Post("urn:uuid:1", Patient("b")),
            Post("urn:uuid:2", """{"resourceType":"Patient","gender":"blue"}"""),
            Request("GET", "Patient/nobody"),
            Request("GET", "Patient?identifier=urn:mrn|b"),
            Request("GET", "Wombat/1")))).Is(200);
        Assert.Equal("batch-response", answer.Text("type"));
        Assert.Equal(["201 Created", "422 Unprocessable Entity", "404 Not Found", "200 OK", "404 Not Found"], answer.Node("entry")!.AsArray().Select(e => (string)e!["response"]!["status"]!));
        Assert.Equal("OperationOutcome", answer.Text("entry.1.response.outcome.resourceType"));
        Assert.Equal(1, answer.Count("entry.3.resource.entry"));
    }

    [Fact]
    public async Task Every_entry_is_checked_against_the_scopes()
    {
        var host = await FhirHost.SharedAsync();
        var client = host.AsNew("system/Patient.c system/Patient.rs");
        var refused = (await client.PostAsync("", Bundle("transaction", Post("urn:uuid:1", Patient("s")), Post("urn:uuid:2", Observation("urn:uuid:1"))))).Is(403);
        Assert.Equal("Bundle.entry[1]", refused.Text("issue.0.expression.0"));
        var batch = (await client.PostAsync("", Bundle("batch", Post("urn:uuid:1", Patient("s")), Post("urn:uuid:2", Observation("Patient/1")), Request("DELETE", "Patient/1")))).Is(200);
        Assert.Equal(["201 Created", "403 Forbidden", "403 Forbidden"], batch.Node("entry")!.AsArray().Select(e => (string)e!["response"]!["status"]!));
    }

    [Fact]
    public async Task Other_bundles_and_too_many_entries_are_refused_at_the_base()
    {
        var client = await ClientAsync();
        (await client.PostAsync("", Bundle("collection"))).Is(400);
        (await client.PostAsync("", Patient("x"))).Is(400);
        var entries = Enumerable.Range(0, 1001).Select(i => Request("GET", "Patient/" + i)).ToArray();
        Assert.Contains("MaxBundleEntries", (await client.PostAsync("", Bundle("batch", entries))).Is(413).Text("issue.0.diagnostics"), StringComparison.Ordinal);
    }
}
