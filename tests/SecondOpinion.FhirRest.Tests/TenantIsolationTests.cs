using System.Net;
using Microsoft.AspNetCore.Routing;
using SecondOpinion.Cases;
using SecondOpinion.Fhir;
using Xunit;

namespace SecondOpinion.FhirRest.Tests;

/// <summary>What belongs to another tenant does not exist, on any route; what a case shares may be read.</summary>
public sealed class TenantIsolationTests
{
    private const string Secret = "Geheimnis";

    private static string Patient(string? id = null) =>
        $$$"""{"resourceType":"Patient"{{{(id is null ? "" : $",\"id\":\"{id}\"")}}},"identifier":[{"system":"urn:mrn","value":"secret"}],"name":[{"family":"{{{Secret}}}"}]}""";

    /// <summary>How each route is asked for a resource that another tenant owns; a route that is missing here fails the test below.</summary>
    private static readonly Dictionary<string, Func<FhirClient, string, Task<Answer>>> Probes = new()
    {
        ["GET metadata"] = (c, _) => c.GetAsync("metadata"),
        ["POST "] = (c, id) => c.PostAsync("", $$$"""{"resourceType":"Bundle","type":"batch","entry":[{"request":{"method":"GET","url":"Patient/{{{id}}}"}},{"request":{"method":"GET","url":"Patient?_id={{{id}}}"}},{"request":{"method":"GET","url":"Patient/{{{id}}}/_history/1"}},{"request":{"method":"DELETE","url":"Patient/{{{id}}}"}}]}"""),
        ["GET "] = (c, _) => c.GetAsync("?_type=Patient,Observation"),
        ["POST _search"] = (c, _) => c.PostAsync("_search", "_type=Patient", ("Content-Type", "application/x-www-form-urlencoded")),
        ["GET _history"] = (c, _) => c.GetAsync("_history"),
        ["GET {type}"] = (c, _) => c.GetAsync("Patient?identifier=urn:mrn|secret&_revinclude=Observation:subject&_total=accurate"),
        ["POST {type}/_search"] = (c, _) => c.PostAsync("Patient/_search", "identifier=urn:mrn|secret", ("Content-Type", "application/x-www-form-urlencoded")),
        ["GET {type}/_history"] = (c, _) => c.GetAsync("Patient/_history"),
        ["POST {type}"] = (c, _) => c.PostAsync("Patient", """{"resourceType":"Patient","active":true}""", ("If-None-Exist", "identifier=urn:mrn|secret")),
        ["PUT {type}"] = (c, _) => c.PutAsync("Patient?identifier=urn:mrn|secret", """{"resourceType":"Patient","active":true}"""),
        ["PATCH {type}"] = (c, _) => c.PatchAsync("Patient?identifier=urn:mrn|secret", """[{"op":"add","path":"/active","value":true}]"""),
        ["DELETE {type}"] = (c, _) => c.DeleteAsync("Patient?identifier=urn:mrn|secret"),
        ["GET ValueSet/$expand"] = (c, id) => c.GetAsync("ValueSet/$expand?url=http://secret/vs/" + id),
        ["POST ValueSet/$expand"] = (c, id) => c.PostAsync("ValueSet/$expand", Asked("url", "http://secret/vs/" + id)),
        ["GET ValueSet/{id}/$expand"] = (c, id) => c.GetAsync($"ValueSet/vs-{id}/$expand"),
        ["POST ValueSet/{id}/$expand"] = (c, id) => c.PostAsync($"ValueSet/vs-{id}/$expand", Asked()),
        ["GET ValueSet/$validate-code"] = (c, id) => c.GetAsync($"ValueSet/$validate-code?url=http://secret/vs/{id}&system=http://secret/cs/{id}&code=a"),
        ["POST ValueSet/$validate-code"] = (c, id) => c.PostAsync("ValueSet/$validate-code", Asked("url", "http://secret/vs/" + id, "system", "http://secret/cs/" + id, "code", "a")),
        ["GET ValueSet/{id}/$validate-code"] = (c, id) => c.GetAsync($"ValueSet/vs-{id}/$validate-code?system=http://secret/cs/{id}&code=a"),
        ["POST ValueSet/{id}/$validate-code"] = (c, id) => c.PostAsync($"ValueSet/vs-{id}/$validate-code", Asked("system", "http://secret/cs/" + id, "code", "a")),
        ["GET CodeSystem/$validate-code"] = (c, id) => c.GetAsync($"CodeSystem/$validate-code?url=http://secret/cs/{id}&code=a"),
        ["POST CodeSystem/$validate-code"] = (c, id) => c.PostAsync("CodeSystem/$validate-code", Asked("url", "http://secret/cs/" + id, "code", "a")),
        ["GET CodeSystem/{id}/$validate-code"] = (c, id) => c.GetAsync($"CodeSystem/cs-{id}/$validate-code?code=a"),
        ["POST CodeSystem/{id}/$validate-code"] = (c, id) => c.PostAsync($"CodeSystem/cs-{id}/$validate-code", Asked("code", "a")),
        ["GET CodeSystem/$lookup"] = (c, id) => c.GetAsync($"CodeSystem/$lookup?system=http://secret/cs/{id}&code=a"),
        ["POST CodeSystem/$lookup"] = (c, id) => c.PostAsync("CodeSystem/$lookup", Asked("system", "http://secret/cs/" + id, "code", "a")),
        ["GET CodeSystem/$subsumes"] = (c, id) => c.GetAsync($"CodeSystem/$subsumes?system=http://secret/cs/{id}&codeA=a&codeB=a"),
        ["POST CodeSystem/$subsumes"] = (c, id) => c.PostAsync("CodeSystem/$subsumes", Asked("system", "http://secret/cs/" + id, "codeA", "a", "codeB", "a")),
        ["GET CodeSystem/{id}/$subsumes"] = (c, id) => c.GetAsync($"CodeSystem/cs-{id}/$subsumes?codeA=a&codeB=a"),
        ["POST CodeSystem/{id}/$subsumes"] = (c, id) => c.PostAsync($"CodeSystem/cs-{id}/$subsumes", Asked("codeA", "a", "codeB", "a")),
        ["GET ConceptMap/$translate"] = (c, id) => c.GetAsync($"ConceptMap/$translate?url=http://secret/cm/{id}&system=http://secret/cs/{id}&code=a"),
        ["POST ConceptMap/$translate"] = (c, id) => c.PostAsync("ConceptMap/$translate", Asked("url", "http://secret/cm/" + id, "system", "http://secret/cs/" + id, "code", "a")),
        ["GET ConceptMap/{id}/$translate"] = (c, id) => c.GetAsync($"ConceptMap/cm-{id}/$translate?system=http://secret/cs/{id}&code=a"),
        ["POST ConceptMap/{id}/$translate"] = (c, id) => c.PostAsync($"ConceptMap/cm-{id}/$translate", Asked("system", "http://secret/cs/" + id, "code", "a")),
        ["POST {type}/$validate"] = (c, _) => c.PostAsync("Patient/$validate", """{"resourceType":"Patient"}"""),
        ["GET {type}/{id}"] = (c, id) => c.GetAsync("Patient/" + id),
        ["PUT {type}/{id}"] = (c, id) => c.PutAsync("Patient/" + id, $$$"""{"resourceType":"Patient","id":"{{{id}}}"}"""),
        ["PATCH {type}/{id}"] = (c, id) => c.PatchAsync("Patient/" + id, """[{"op":"test","path":"/name/0/family","value":"Geheimnis"}]"""),
        ["DELETE {type}/{id}"] = (c, id) => c.DeleteAsync("Patient/" + id),
        ["GET {type}/{id}/$validate"] = (c, id) => c.GetAsync($"Patient/{id}/$validate"),
        ["POST {type}/{id}/$validate"] = (c, id) => c.PostAsync($"Patient/{id}/$validate", """{"resourceType":"Patient"}"""),
        ["GET {type}/{id}/_history"] = (c, id) => c.GetAsync($"Patient/{id}/_history"),
        ["GET {type}/{id}/_history/{version}"] = (c, id) => c.GetAsync($"Patient/{id}/_history/1"),
        ["GET {type}/{id}/{member}"] = (c, id) => c.GetAsync($"Patient/{id}/Observation"),
        ["POST {type}/{id}/{member}/_search"] = (c, id) => c.PostAsync($"Patient/{id}/Observation/_search", "", ("Content-Type", "application/x-www-form-urlencoded")),
    };

    // Routes that name the resource itself must say 404; the others must only not show it.
    private static readonly HashSet<string> Named =
    [
        "GET {type}/{id}", "PUT {type}/{id}", "PATCH {type}/{id}", "DELETE {type}/{id}", "GET {type}/{id}/$validate", "GET {type}/{id}/_history", "GET {type}/{id}/_history/{version}",
        "GET {type}/{id}/{member}", "POST {type}/{id}/{member}/_search",
        .. FhirRoutes.Table.Where(r => !r.Pattern.StartsWith('{') && r.Pattern.Contains("/$", StringComparison.Ordinal)).Select(r => r.Method + " " + r.Pattern),
    ];

    private static string Asked(params string[] namesAndValues) => "{\"resourceType\":\"Parameters\"" + (namesAndValues.Length == 0 ? "}" : ",\"parameter\":["
        + string.Join(',', namesAndValues.Chunk(2).Select(p => $"{{\"name\":\"{p[0]}\",\"valueString\":\"{p[1]}\"}}")) + "]}");

    /// <summary>Definitions that only their owner knows.</summary>
    private static async Task DefineAsync(FhirClient owner, string id)
    {
        (await owner.PutAsync("CodeSystem/cs-" + id, $$$"""{"resourceType":"CodeSystem","id":"cs-{{{id}}}","url":"http://secret/cs/{{{id}}}","status":"active","content":"complete","concept":[{"code":"a","display":"{{{Secret}}}"}]}""")).Is(201);
        (await owner.PutAsync("ValueSet/vs-" + id, $$$"""{"resourceType":"ValueSet","id":"vs-{{{id}}}","url":"http://secret/vs/{{{id}}}","status":"active","compose":{"include":[{"system":"http://secret/cs/{{{id}}}"}]}}""")).Is(201);
        (await owner.PutAsync("ConceptMap/cm-" + id, $$$"""{"resourceType":"ConceptMap","id":"cm-{{{id}}}","url":"http://secret/cm/{{{id}}}","status":"active","group":[{"source":"http://secret/cs/{{{id}}}","target":"http://b","element":[{"code":"a","target":[{"code":"{{{Secret}}}","equivalence":"equal"}]}]}]}""")).Is(201);
    }

    public static TheoryData<string> Routes => [.. FhirRoutes.Table.Select(r => r.Method + " " + r.Pattern)];

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Another_tenants_resource_does_not_exist_on(string route)
    {
        var host = await FhirHost.SharedAsync();
        var owner = host.AsNew();
        var id = await owner.CreateAsync(Patient());
        await owner.CreateAsync($$$"""{"resourceType":"Observation","status":"final","code":{"text":"{{{Secret}}}"},"subject":{"reference":"Patient/{{{id}}}"}}""");
        if (route.Contains("/$", StringComparison.Ordinal))
        {
            await DefineAsync(owner, id);
            Assert.True((int)(await Probes[route](owner, id)).Status == 200, "the probe must find it for the owner");
        }

        var stranger = host.AsNew();
        var answer = await Probes[route](stranger, id);
        Assert.DoesNotContain(Secret, answer.Body, StringComparison.Ordinal);
        Assert.True((int)answer.Status < 500);
        if (Named.Contains(route))
        {
            answer.Is(HttpStatusCode.NotFound);
        }

        var kept = (await owner.GetAsync("Patient/" + id)).Is(200);
        Assert.Equal("1", kept.Text("meta.versionId"));
        Assert.Null(kept.Node("active"));
        Assert.Equal("0", route == "GET {type}" ? answer.Text("total") : "0");
    }

    [Fact]
    public async Task Every_mapped_route_is_in_the_table_that_the_tests_go_through()
    {
        var host = await FhirHost.SharedAsync();
        var mapped = host.Endpoints.Where(e => e.Metadata.GetMetadata<FhirRoute>() is not null).Select(e => e.Metadata.GetMetadata<FhirRoute>()!).ToHashSet();
        Assert.Equal(FhirRoutes.Table.ToHashSet(), mapped);
        Assert.Equal(FhirRoutes.Table.Select(r => r.Method + " " + r.Pattern).Order(), Probes.Keys.Order());

        // All other endpoints of the group answer 404 or 405 only.
        Assert.All(
            host.Endpoints.Where(e => e.Metadata.GetMetadata<FhirRoute>() is null),
            e => Assert.Contains(e.DisplayName!.Split(' ')[1], (string[])["404", "405"]));
    }

    [Fact]
    public async Task A_shared_resource_is_read_and_found_but_not_written()
    {
        var host = await FhirHost.SharedAsync();
        var (owner, reader) = (host.AsNew(), host.AsNew());
        var id = await owner.CreateAsync(Patient());
        await ShareAsync(host, owner.Tenant, reader.Tenant, "Patient", id, canWrite: false);
        (await reader.GetAsync("Patient/" + id)).Is(200);
        Assert.Equal(1, (await reader.GetAsync("Patient?identifier=urn:mrn|secret")).Count("entry"));
        (await reader.PutAsync("Patient/" + id, Patient(id))).Is(403);
        (await reader.PatchAsync("Patient/" + id, """[{"op":"add","path":"/active","value":true}]""")).Is(403);
        (await reader.DeleteAsync("Patient/" + id)).Is(403);
        Assert.Equal("1", (await owner.GetAsync("Patient/" + id)).Text("meta.versionId"));
    }

    [Fact]
    public async Task A_share_may_allow_writing_and_the_owner_stays_the_owner()
    {
        var host = await FhirHost.SharedAsync();
        var (owner, reader) = (host.AsNew(), host.AsNew());
        var id = await owner.CreateAsync(Patient());
        await ShareAsync(host, owner.Tenant, reader.Tenant, "Patient", id, canWrite: true);
        (await reader.PutAsync("Patient/" + id, Patient(id))).Is(200);
        (await reader.DeleteAsync("Patient/" + id)).Is(403);
        Assert.Equal("2", (await owner.GetAsync("Patient/" + id)).Is(200).Text("meta.versionId"));
    }

    internal static async Task ShareAsync(FhirHost host, string owner, string reader, string type, string id, bool canWrite)
    {
        var outcome = await host.Store.WriteAsync<bool>(
            Actor.Server(owner),
            async transaction =>
            {
                var found = await transaction.Resources.FindAsync(owner, type, id);
                await transaction.Writes.ShareAsync(found!.Key, reader, "case-1", canWrite);
                return true;
            },
            CancellationToken.None);
        Assert.False(outcome.IsRefused);
    }
}
