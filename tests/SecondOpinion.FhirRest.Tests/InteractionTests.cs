using System.Globalization;
using System.Text.Json.Nodes;
using Xunit;

namespace SecondOpinion.FhirRest.Tests;

/// <summary>The status rules of FHIR R4 http.html for single resources.</summary>
public sealed class InteractionTests
{
    private const string Patient = """{"resourceType":"Patient","active":true,"name":[{"family":"Okafor"}]}""";

    private static async Task<FhirClient> ClientAsync() => (await FhirHost.SharedAsync()).AsNew();

    private static string PatientWith(string id, string family) => $$$"""{"resourceType":"Patient","id":"{{{id}}}","name":[{"family":"{{{family}}}"}]}""";

    [Fact]
    public async Task Create_answers_201_with_location_etag_and_last_modified()
    {
        var client = await ClientAsync();
        var created = (await client.PostAsync("Patient", """{"resourceType":"Patient","id":"ignored","name":[{"family":"Okafor"}]}""")).Is(201);
        var id = created.Text("id");
        Assert.NotEqual("ignored", id);
        Assert.Equal($"{client.Host.BaseUrl}/Patient/{id}/_history/1", created.Header("Location"));
        Assert.Equal("W/\"1\"", created.Header("ETag"));
        Assert.Equal("1", created.Text("meta.versionId"));
        var stamp = DateTimeOffset.Parse(created.Text("meta.lastUpdated")!, CultureInfo.InvariantCulture);
        Assert.Equal(stamp.ToString("R", CultureInfo.InvariantCulture), created.Header("Last-Modified"));
    }

    [Fact]
    public async Task Read_returns_the_stored_bytes_with_their_digits()
    {
        var client = await ClientAsync();
        var id = await client.CreateAsync("""{"resourceType":"Observation","status":"final","code":{"text":"x"},"valueQuantity":{"value":1.50,"unit":"mm"}}""");
        var read = (await client.GetAsync("Observation/" + id)).Is(200);
        Assert.Contains("\"value\":1.50", read.Body, StringComparison.Ordinal);
        Assert.Equal("application/fhir+json; charset=utf-8", read.Header("Content-Type"));
        Assert.Equal("W/\"1\"", read.Header("ETag"));
    }

    [Fact]
    public async Task Read_of_what_never_was_is_404()
    {
        var client = await ClientAsync();
        Assert.Equal("not-found", (await client.GetAsync("Patient/nobody")).Is(404).Text("issue.0.code"));
        (await client.GetAsync("Patient/not_an_id")).Is(404);
    }

    [Fact]
    public async Task Read_of_a_deleted_resource_is_410_and_its_versions_stay()
    {
        var client = await ClientAsync();
        var id = await client.CreateAsync(Patient);
        (await client.DeleteAsync("Patient/" + id)).Is(204);
        Assert.Equal("deleted", (await client.GetAsync("Patient/" + id)).Is(410).Text("issue.0.code"));
        (await client.GetAsync($"Patient/{id}/_history/1")).Is(200);
        (await client.GetAsync($"Patient/{id}/_history/2")).Is(410);
        (await client.GetAsync($"Patient/{id}/_history/3")).Is(404);
        (await client.GetAsync($"Patient/{id}/_history/x")).Is(404);
    }

    [Fact]
    public async Task Delete_is_idempotent_and_an_update_brings_the_resource_back()
    {
        var client = await ClientAsync();
        var id = await client.CreateAsync(Patient);
        (await client.DeleteAsync("Patient/" + id)).Is(204);
        (await client.DeleteAsync("Patient/" + id)).Is(204);
        (await client.DeleteAsync("Patient/never-was-" + id)).Is(204);
        var back = (await client.PutAsync("Patient/" + id, PatientWith(id, "Again"))).Is(201);
        Assert.Equal("3", back.Text("meta.versionId"));
    }

    [Fact]
    public async Task Update_makes_a_new_version_and_creates_with_the_clients_id()
    {
        var client = await ClientAsync();
        var id = "own-" + Guid.NewGuid().ToString("N");
        var created = (await client.PutAsync("Patient/" + id, PatientWith(id, "A"))).Is(201);
        Assert.EndsWith($"/Patient/{id}/_history/1", created.Header("Location"), StringComparison.Ordinal);
        var updated = (await client.PutAsync("Patient/" + id, PatientWith(id, "B"))).Is(200);
        Assert.Equal("W/\"2\"", updated.Header("ETag"));
        Assert.Equal("A", (await client.GetAsync($"Patient/{id}/_history/1")).Is(200).Text("name.0.family"));
    }

    [Theory]
    [InlineData("""{"resourceType":"Patient"}""")]
    [InlineData("""{"resourceType":"Patient","id":"other"}""")]
    [InlineData("""{"resourceType":"Observation","id":"p1","status":"final","code":{"text":"x"}}""")]
    public async Task Update_with_a_body_of_another_id_or_type_is_400(string body)
    {
        var client = await ClientAsync();
        (await client.PutAsync("Patient/p1", body)).Is(400);
    }

    [Fact]
    public async Task Update_to_an_address_that_is_no_id_is_400()
    {
        var client = await ClientAsync();
        (await client.PutAsync("Patient/not_an_id", """{"resourceType":"Patient","id":"not_an_id"}""")).Is(400);
    }

    [Theory]
    [InlineData("W/\"1\"", 200)]
    [InlineData("\"1\"", 200)]
    [InlineData("W/\"7\"", 412)]
    [InlineData("nonsense", 412)]
    public async Task If_Match_decides_whether_an_update_happens(string tag, int status)
    {
        var client = await ClientAsync();
        var id = await client.CreateAsync(Patient);
        (await client.PutAsync("Patient/" + id, PatientWith(id, "B"), ("If-Match", tag))).Is(status);
        Assert.Equal(status == 200 ? "2" : "1", (await client.GetAsync("Patient/" + id)).Text("meta.versionId"));
    }

    [Fact]
    public async Task If_Match_holds_for_delete_and_patch_too()
    {
        var client = await ClientAsync();
        var id = await client.CreateAsync(Patient);
        (await client.DeleteAsync("Patient/" + id, ("If-Match", "W/\"2\""))).Is(412);
        (await client.PatchAsync("Patient/" + id, """[{"op":"remove","path":"/active"}]""", ("If-Match", "W/\"2\""))).Is(412);
        (await client.DeleteAsync("Patient/" + id, ("If-Match", "W/\"1\""))).Is(204);
    }

    [Fact]
    public async Task Conditional_read_answers_304_without_a_body()
    {
        var client = await ClientAsync();
        var id = await client.CreateAsync(Patient);
        var same = (await client.GetAsync("Patient/" + id, ("If-None-Match", "W/\"1\""))).Is(304);
        Assert.Empty(same.Bytes);
        Assert.Equal("W/\"1\"", same.Header("ETag"));
        (await client.GetAsync("Patient/" + id, ("If-None-Match", "W/\"2\""))).Is(200);
        (await client.GetAsync("Patient/" + id, ("If-Modified-Since", "2001-01-01T00:00:00Z"))).Is(200);
        (await client.GetAsync("Patient/" + id, ("If-Modified-Since", "2101-01-01T00:00:00Z"))).Is(304);
    }

    [Theory]
    [InlineData("return=minimal")]
    [InlineData("return=representation")]
    [InlineData("return=OperationOutcome")]
    public async Task Prefer_return_decides_the_body_of_a_write(string prefer)
    {
        var client = await ClientAsync();
        var created = (await client.PostAsync("Patient", Patient, ("Prefer", prefer))).Is(201);
        Assert.NotNull(created.Header("Location"));
        switch (prefer)
        {
            case "return=minimal":
                Assert.Empty(created.Bytes);
                break;
            case "return=representation":
                Assert.Equal("Patient", created.Text("resourceType"));
                break;
            default:
                Assert.Equal("information", created.Text("issue.0.severity"));
                break;
        }
    }

    [Fact]
    public async Task A_body_that_breaks_rules_is_422_with_all_issues_at_once()
    {
        var client = await ClientAsync();
        var refused = (await client.PostAsync("Patient", """{"resourceType":"Patient","gender":"blue","birthDate":"1984-13-40","unknown":1}""")).Is(422);
        Assert.True(refused.Count("issue") >= 3, refused.Body);
        Assert.Contains(refused.Node("issue")!.AsArray(), i => (string?)i!["expression"]?[0] == "Patient.gender");
    }

    [Theory]
    [InlineData("{")]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("""{"resourceType":"Nothing"}""")]
    [InlineData("""{"resourceType":"Observation","status":"final","code":{"text":"x"}}""")]
    public async Task A_body_that_is_no_resource_of_the_type_is_400(string body)
    {
        var client = await ClientAsync();
        (await client.PostAsync("Patient", body)).Is(400);
    }

    [Fact]
    public async Task Unknown_types_are_404_and_unknown_methods_405_with_allow()
    {
        var client = await ClientAsync();
        Assert.Equal("not-supported", (await client.GetAsync("Wombat/1")).Is(404).Text("issue.0.code"));
        (await client.PostAsync("Parameters", """{"resourceType":"Parameters"}""")).Is(404);
        var refused = (await client.PostAsync("Patient/1", Patient)).Is(405);
        Assert.Equal("GET, HEAD, PUT, PATCH, DELETE", refused.Header("Allow"));
        (await client.DeleteAsync("metadata")).Is(405);
        (await client.GetAsync("Patient/1/_history/1/more/and/more")).Is(404);
    }

    [Fact]
    public async Task Head_answers_like_get_without_a_body()
    {
        var client = await ClientAsync();
        var id = await client.CreateAsync(Patient);
        var get = (await client.GetAsync("Patient/" + id)).Is(200);
        var head = (await client.SendAsync("HEAD", "Patient/" + id, null)).Is(200);
        Assert.Empty(head.Bytes);
        Assert.Equal(get.Header("Content-Length"), head.Header("Content-Length"));
        Assert.Equal(get.Header("ETag"), head.Header("ETag"));
    }

    [Fact]
    public async Task Patch_changes_what_it_names_and_keeps_the_rest()
    {
        var client = await ClientAsync();
        var id = await client.CreateAsync(Patient);
        var patched = (await client.PatchAsync("Patient/" + id, """[{"op":"replace","path":"/name/0/family","value":"Ngozi"},{"op":"test","path":"/active","value":true}]""")).Is(200);
        Assert.Equal("Ngozi", patched.Text("name.0.family"));
        Assert.Equal("2", patched.Text("meta.versionId"));
        (await client.PatchAsync("Patient/" + id, """[{"op":"test","path":"/active","value":false}]""")).Is(422);
        (await client.PatchAsync("Patient/" + id, """[{"op":"add","path":"/gender","value":"blue"}]""")).Is(422);
        (await client.PatchAsync("Patient/" + id, """[{"op":"replace","path":"/id","value":"x"}]""")).Is(422);
        (await client.PatchAsync("Patient/" + id, "{}")).Is(400);
        (await client.PatchAsync("Patient/nobody", "[]")).Is(404);
        (await client.PatchAsync("Patient/" + id, "[]", ("Content-Type", "text/plain"))).Is(415);
        Assert.Equal("2", (await client.GetAsync("Patient/" + id)).Text("meta.versionId"));
    }

    [Fact]
    public async Task History_of_an_instance_is_newest_first_with_requests_and_responses()
    {
        var client = await ClientAsync();
        var id = await client.CreateAsync(Patient);
        await client.PutAsync("Patient/" + id, PatientWith(id, "B"));
        await client.DeleteAsync("Patient/" + id);
        var history = (await client.GetAsync($"Patient/{id}/_history")).Is(200);
        Assert.Equal("history", history.Text("type"));
        Assert.Equal("3", history.Text("total"));
        Assert.Equal(["DELETE", "PUT", "POST"], history.Node("entry")!.AsArray().Select(e => (string)e!["request"]!["method"]!));
        Assert.Equal(["204 No Content", "200 OK", "201 Created"], history.Node("entry")!.AsArray().Select(e => (string)e!["response"]!["status"]!));
        Assert.Null(history.Node("entry.0.resource"));
        Assert.Equal("B", history.Text("entry.1.resource.name.0.family"));
        (await client.GetAsync("Patient/nobody/_history")).Is(404);
    }

    [Fact]
    public async Task History_pages_by_its_next_link_and_reads_since()
    {
        var client = await ClientAsync();
        for (var i = 0; i < 5; i++)
        {
            await client.CreateAsync(Patient);
        }

        var seen = new List<string>();
        var url = "Patient/_history?_count=2";
        for (var page = 0; url.Length > 0 && page < 10; page++)
        {
            var bundle = (await client.GetAsync(url)).Is(200);
            seen.AddRange(bundle.Node("entry")!.AsArray().Select(e => (string)e!["fullUrl"]!));
            url = (string?)bundle.Node("link")!.AsArray().FirstOrDefault(l => (string)l!["relation"]! == "next")?["url"] ?? "";
        }

        Assert.Equal(5, seen.Distinct().Count());
        Assert.Equal(5, seen.Count);
        Assert.Equal(5, (await client.GetAsync("_history?_count=1000")).Is(200).Node("entry")!.AsArray().Count(e => ((string)e!["fullUrl"]!).Contains("/Patient/", StringComparison.Ordinal)));
        Assert.Equal(0, (await client.GetAsync("_history?_since=2101-01-01T00:00:00Z")).Is(200).Count("entry"));
        (await client.GetAsync("_history?_since=yesterday")).Is(400);
        (await client.GetAsync("_history?_count=-1")).Is(400);
        (await client.GetAsync("Patient/_history?wombat=1", ("Prefer", "handling=strict"))).Is(400);
    }

    [Fact]
    public async Task Validate_says_what_is_wrong_and_stores_nothing()
    {
        var client = await ClientAsync();
        var bad = (await client.PostAsync("Patient/$validate", """{"resourceType":"Patient","gender":"blue"}""")).Is(200);
        Assert.Contains(bad.Node("issue")!.AsArray(), i => (string)i!["severity"]! == "error");
        var good = (await client.PostAsync("Patient/$validate", $$$"""{"resourceType":"Parameters","parameter":[{"name":"resource","resource":{{{Patient}}}}]}""")).Is(200);
        Assert.DoesNotContain(good.Node("issue")!.AsArray(), i => (string)i!["severity"]! is "error" or "fatal");
        Assert.Equal(0, (await client.GetAsync("Patient/_history")).Count("entry"));
        var id = await client.CreateAsync(Patient);
        (await client.GetAsync($"Patient/{id}/$validate")).Is(200);
        (await client.PostAsync("Patient/$validate", """{"resourceType":"Observation","status":"final","code":{"text":"x"}}""")).Is(400);
    }

    [Fact]
    public async Task Requests_without_a_token_are_401_but_for_the_capability_statement()
    {
        var host = await FhirHost.SharedAsync();
        using var response = await host.Client.GetAsync("Patient/1");
        Assert.Equal(401, (int)response.StatusCode);
        Assert.Equal("Bearer", response.Headers.WwwAuthenticate.ToString());
        Assert.Equal("login", (string?)JsonNode.Parse(await response.Content.ReadAsStringAsync())!["issue"]![0]!["code"]);
        using var metadata = await host.Client.GetAsync("metadata");
        Assert.Equal(200, (int)metadata.StatusCode);
    }

    [Fact]
    public async Task The_request_id_is_echoed_when_it_is_harmless()
    {
        var client = await ClientAsync();
        Assert.Equal("abc-123", (await client.GetAsync("Patient/1", ("X-Request-Id", "abc-123"))).Header("X-Request-Id"));
        Assert.Equal(32, (await client.GetAsync("Patient/1", ("X-Request-Id", "<script>"))).Header("X-Request-Id")!.Length);
    }

    [Fact]
    public async Task A_patch_may_be_xml_or_fhirpath()
    {
        var client = (await FhirHost.SharedAsync()).AsNew();
        var id = await client.CreateAsync("""{"resourceType":"Patient","gender":"male"}""");
        (await client.PatchAsync(
            "Patient/" + id,
            "<diff xmlns:f=\"http://hl7.org/fhir\"><replace sel=\"f:Patient/f:gender/@value\">female</replace></diff>",
            ("Content-Type", "application/xml-patch+xml"))).Is(200);
        Assert.Equal("female", (string?)(await client.GetAsync("Patient/" + id)).Json["gender"]);
        (await client.PatchAsync(
            "Patient/" + id,
            """{"resourceType":"Parameters","parameter":[{"name":"operation","part":[{"name":"type","valueCode":"replace"},{"name":"path","valueString":"Patient.gender"},{"name":"value","valueCode":"other"}]}]}""",
            ("Content-Type", "application/fhir+json"))).Is(200);
        Assert.Equal("other", (string?)(await client.GetAsync("Patient/" + id)).Json["gender"]);
    }

    [Theory]
    [InlineData("application/json-patch+json")]
    [InlineData("application/xml-patch+xml")]
    [InlineData("application/fhir+json")]
    public async Task Patch_without_a_body_is_400_and_says_so(string contentType)
    {
        // What fhir-kit-client sends when its patch is called with a wrong argument name.
        var client = (await FhirHost.SharedAsync()).AsNew();
        var id = await client.CreateAsync("""{"resourceType":"Patient"}""");

        Assert.Equal("The request has no body", (await client.PatchAsync($"Patient/{id}", "", ("Content-Type", contentType))).Is(400).Text("issue.0.details.text"));
    }
}
