using Xunit;

namespace SecondOpinion.FhirRest.Tests;

/// <summary>SMART scopes at the interactions.</summary>
public sealed class ScopeTests
{
    private static string Observation(string status, string? patient = null) =>
        $$$"""{"resourceType":"Observation","status":"{{{status}}}","code":{"text":"x"}{{{(patient is null ? "" : $",\"subject\":{{\"reference\":\"Patient/{patient}\"}}")}}}}""";

    [Theory]
    [InlineData("system/Patient.rs", "GET", "Patient", 200)]
    [InlineData("system/Patient.r", "GET", "Patient", 403)]
    [InlineData("system/Patient.s", "GET", "Patient/x", 403)]
    [InlineData("system/Patient.read", "GET", "Patient/x", 404)]
    [InlineData("system/Patient.read", "DELETE", "Patient/x", 403)]
    [InlineData("system/Patient.write", "DELETE", "Patient/x", 204)]
    [InlineData("system/Observation.cruds", "GET", "Patient/x", 403)]
    [InlineData("system/*.r", "GET", "Patient/x", 404)]
    [InlineData("system/Patient.s", "GET", "Patient/_history", 200)]
    [InlineData("system/Patient.r", "GET", "Patient/_history", 403)]
    [InlineData("openid launch", "GET", "Patient/x", 403)]
    public async Task The_letters_decide(string scope, string method, string url, int status)
    {
        var host = await FhirHost.SharedAsync();
        (await host.AsNew(scope).SendAsync(method, url, null)).Is(status);
    }

    [Fact]
    public async Task A_scopes_filter_holds_for_reads_searches_counts_writes_and_includes()
    {
        var host = await FhirHost.SharedAsync();
        var all = host.AsNew();
        var (final, draft) = (await all.CreateAsync(Observation("final")), await all.CreateAsync(Observation("preliminary")));
        var some = host.As(all.Tenant, "system/Observation.cruds?status=final");
        (await some.GetAsync("Observation/" + final)).Is(200);
        (await some.GetAsync("Observation/" + draft)).Is(404);
        (await some.GetAsync($"Observation/{draft}/_history")).Is(404);
        var bundle = (await some.GetAsync("Observation?_total=accurate")).Is(200);
        Assert.Equal(1, bundle.Count("entry"));
        Assert.Equal("1", bundle.Text("total"));
        Assert.Equal(1, (await some.GetAsync("Observation/_history")).Is(200).Count("entry"));
        (await some.PostAsync("Observation", Observation("final"))).Is(201);
        (await some.PostAsync("Observation", Observation("preliminary"))).Is(403);
        (await some.DeleteAsync("Observation/" + draft)).Is(404);
        (await some.PatchAsync("Observation/" + final, """[{"op":"replace","path":"/status","value":"preliminary"}]""")).Is(403);
        Assert.Equal("final", (await all.GetAsync("Observation/" + final)).Is(200).Text("status"));
    }

    [Fact]
    public async Task A_patient_scope_reaches_one_patient_only()
    {
        var host = await FhirHost.SharedAsync();
        var all = host.AsNew();
        var mine = await all.CreateAsync("""{"resourceType":"Patient"}""");
        var other = await all.CreateAsync("""{"resourceType":"Patient"}""");
        var (seen, hidden) = (await all.CreateAsync(Observation("final", mine)), await all.CreateAsync(Observation("final", other)));
        var app = host.As(all.Tenant, "patient/*.rs", "Patient/" + mine, mine);
        (await app.GetAsync("Patient/" + mine)).Is(200);
        (await app.GetAsync("Patient/" + other)).Is(404);
        (await app.GetAsync("Observation/" + seen)).Is(200);
        (await app.GetAsync("Observation/" + hidden)).Is(404);
        Assert.Equal(1, (await app.GetAsync("Observation")).Is(200).Count("entry"));
        Assert.Equal(1, (await app.GetAsync("Patient?_revinclude=Observation:subject")).Is(200).Node("entry")!.AsArray().Count(e => (string)e!["search"]!["mode"]! == "include"));
        (await app.PostAsync("Observation", Observation("final", mine))).Is(403);
        (await app.GetAsync("Task")).Is(403);
    }

    [Fact]
    public async Task Audit_events_are_read_and_searched_but_not_written()
    {
        var host = await FhirHost.SharedAsync();
        var client = host.AsNew();
        const string Event = """{"resourceType":"AuditEvent","type":{"code":"rest"},"recorded":"2026-01-01T00:00:00Z","agent":[{"requestor":true}],"source":{"observer":{"display":"x"}}}""";
        Assert.Equal("GET, HEAD", (await client.PostAsync("AuditEvent", Event)).Is(405).Header("Allow"));
        (await client.PutAsync("AuditEvent/1", Event)).Is(405);
        (await client.DeleteAsync("AuditEvent/1")).Is(405);
        (await client.PatchAsync("AuditEvent/1", "[]")).Is(405);
        (await client.GetAsync("AuditEvent")).Is(200);
    }
}
