using System.Text;
using System.Text.Json.Nodes;
using SecondOpinion.Fhir;
using Xunit;

namespace SecondOpinion.FhirRest.Tests;

/// <summary>Each access leaves an AuditEvent (IHE BALP).</summary>
public sealed class AuditTests
{
    private static async Task<IReadOnlyList<JsonNode>> EventsAsync(FhirClient client, string? action = null)
    {
        await client.Host.Audit.FlushAsync();
        var bundle = (await client.GetAsync("AuditEvent?_count=200")).Is(200);
        return [.. (bundle.Node("entry")?.AsArray() ?? []).Select(e => e!["resource"]!).Where(r => action is null || (string)r["action"]! == action).OrderBy(r => (string)r["recorded"]!, StringComparer.Ordinal)];
    }

    [Fact]
    public async Task A_read_leaves_one_event_with_client_server_patient_and_request_id()
    {
        var client = (await FhirHost.SharedAsync()).AsNew();
        var patient = await client.CreateAsync("""{"resourceType":"Patient"}""");
        var id = await client.CreateAsync($$$"""{"resourceType":"Observation","status":"final","code":{"text":"x"},"subject":{"reference":"Patient/{{{patient}}}"}}""");
        (await client.GetAsync("Observation/" + id, ("X-Request-Id", "req-77"))).Is(200);
        var read = Assert.Single(await EventsAsync(client, "R"));
        Assert.DoesNotContain(FhirValidator.Validate(FhirResource.Parse(read.ToJsonString())), i => i.IsError);
        Assert.Equal("https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit.PatientRead", (string)read["meta"]!["profile"]![0]!);
        Assert.Equal("read", (string)read["subtype"]![0]!["code"]!);
        Assert.Equal("110152", (string)read["agent"]![0]!["type"]!["coding"]![0]!["code"]!);
        Assert.Equal("client-of-" + client.Tenant, (string)read["agent"]![0]!["who"]!["identifier"]!["value"]!);
        Assert.Equal("110153", (string)read["agent"]![1]!["type"]!["coding"]![0]!["code"]!);
        var entities = read["entity"]!.AsArray();
        Assert.Contains(entities, e => (string?)e!["what"]?["reference"] == "Observation/" + id);
        Assert.Contains(entities, e => (string?)e!["what"]?["reference"] == "Patient/" + patient && (string?)e["role"]?["code"] == "1");
        Assert.Contains(entities, e => (string?)e!["what"]?["identifier"]?["value"] == "req-77");
    }

    [Fact]
    public async Task A_search_leaves_one_event_per_patient_with_the_query()
    {
        var client = (await FhirHost.SharedAsync()).AsNew();
        await client.CreateAsync("""{"resourceType":"Patient","active":true}""");
        await client.CreateAsync("""{"resourceType":"Patient","active":true}""");
        (await client.GetAsync("Patient?active=true")).Is(200);
        var queries = await EventsAsync(client, "E");
        Assert.Equal(2, queries.Count);
        Assert.All(queries, q => Assert.Equal("Patient?active=true", Encoding.UTF8.GetString(Convert.FromBase64String((string)q["entity"]!.AsArray().Single(e => e!["query"] is not null)!["query"]!))));
        Assert.Equal(2, queries.SelectMany(q => q["entity"]!.AsArray()).Select(e => (string?)e!["what"]?["reference"]).Where(r => r is not null).Distinct().Count());
    }

    [Fact]
    public async Task Writes_refusals_and_persons_are_kept_and_reading_the_trail_is_kept_once()
    {
        var host = await FhirHost.SharedAsync();
        var tenant = host.AsNew().Tenant;
        var client = host.As(tenant, "user/*.cruds", "https://x.example/fhir/Practitioner/p1");
        var id = await client.CreateAsync("""{"resourceType":"Patient"}""");
        (await client.PutAsync("Patient/" + id, $$$"""{"resourceType":"Patient","id":"{{{id}}}"}""")).Is(200);
        (await client.DeleteAsync("Patient/" + id)).Is(204);
        (await client.GetAsync("Patient/" + id)).Is(410);
        (await host.As(tenant, "system/Patient.r").DeleteAsync("Patient/" + id)).Is(403);
        var events = await EventsAsync(client);
        Assert.Equal(["C", "U", "D", "R", "D"], events.Select(e => (string)e["action"]!));
        Assert.Equal(["0", "0", "0", "4", "4"], events.Select(e => (string)e["outcome"]!));
        Assert.Equal("Practitioner/p1", (string?)events[0]["agent"]!.AsArray().Single(a => (string)a!["type"]!["coding"]![0]!["code"]! == "IRCP")!["who"]!["reference"]);

        // The search above is an access of its own; the trail's writes are none.
        Assert.Equal(6, (await EventsAsync(client)).Count);
    }

    [Fact]
    public async Task Access_to_another_tenants_data_is_visible_to_its_owner()
    {
        var host = await FhirHost.SharedAsync();
        var (owner, reader) = (host.AsNew(), host.AsNew());
        var id = await owner.CreateAsync("""{"resourceType":"Patient"}""");
        await TenantIsolationTests.ShareAsync(host, owner.Tenant, reader.Tenant, "Patient", id, canWrite: false);
        (await reader.GetAsync("Patient/" + id)).Is(200);
        var seen = Assert.Single(await EventsAsync(owner, "R"));
        Assert.Equal("client-of-" + reader.Tenant, (string)seen["agent"]![0]!["who"]!["identifier"]!["value"]!);
        Assert.Single(await EventsAsync(reader, "R"));
    }

    [Fact]
    public async Task Entries_of_a_batch_are_kept_one_by_one()
    {
        var client = (await FhirHost.SharedAsync()).AsNew();
        (await client.PostAsync("", """{"resourceType":"Bundle","type":"transaction","entry":[{"resource":{"resourceType":"Patient"},"request":{"method":"POST","url":"Patient"}},{"resource":{"resourceType":"Organization","name":"x"},"request":{"method":"POST","url":"Organization"}}]}""")).Is(200);
        Assert.Equal(2, (await EventsAsync(client, "C")).Count);
    }
}
