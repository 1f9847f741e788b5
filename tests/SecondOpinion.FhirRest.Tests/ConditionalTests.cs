using Xunit;

namespace SecondOpinion.FhirRest.Tests;

/// <summary>Conditional interactions (FHIR R4 http.html#ccreate, #cond-update).</summary>
public sealed class ConditionalTests
{
    private static async Task<FhirClient> ClientAsync() => (await FhirHost.SharedAsync()).AsNew();

    private static string Patient(string mrn, string? id = null) =>
        $$$"""{"resourceType":"Patient"{{{(id is null ? "" : $",\"id\":\"{id}\"")}}},"identifier":[{"system":"urn:mrn","value":"{{{mrn}}}"}]}""";

    [Fact]
    public async Task If_None_Exist_creates_finds_or_refuses()
    {
        var client = await ClientAsync();
        var created = (await client.PostAsync("Patient", Patient("1"), ("If-None-Exist", "identifier=urn:mrn|1"))).Is(201);
        var found = (await client.PostAsync("Patient", Patient("1"), ("If-None-Exist", "identifier=urn:mrn|1"))).Is(200);
        Assert.Equal(created.Header("Location"), found.Header("Location"));
        Assert.Equal("W/\"1\"", found.Header("ETag"));
        await client.CreateAsync(Patient("1"));
        Assert.Equal("multiple-matches", (await client.PostAsync("Patient", Patient("1"), ("If-None-Exist", "identifier=urn:mrn|1"))).Is(412).Text("issue.0.code"));
        (await client.PostAsync("Patient", Patient("1"), ("If-None-Exist", "wombat=1"))).Is(400);
        (await client.PostAsync("Patient", Patient("1"), ("If-None-Exist", "?identifier=urn:mrn|new"))).Is(201);
    }

    [Fact]
    public async Task Conditional_creates_at_the_same_time_make_one_resource()
    {
        var client = await ClientAsync();
        for (var round = 0; round < 5; round++)
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => client.PostAsync("Patient", Patient("r" + round), ("If-None-Exist", "identifier=urn:mrn|r" + round))));
            Assert.Equal([200, 200, 200, 201], answers.Select(a => (int)a.Status).Order());
            Assert.Single(answers.Select(a => a.Header("Location")).Distinct());
        }
    }

    [Fact]
    public async Task Conditional_update_follows_the_table_of_matches()
    {
        var client = await ClientAsync();
        const string Criteria = "Patient?identifier=urn:mrn|u";
        var created = (await client.PutAsync(Criteria, Patient("u"))).Is(201);
        var id = created.Text("id")!;
        Assert.Equal("2", (await client.PutAsync(Criteria, Patient("u"))).Is(200).Text("meta.versionId"));
        Assert.Equal("3", (await client.PutAsync(Criteria, Patient("u", id))).Is(200).Text("meta.versionId"));
        (await client.PutAsync(Criteria, Patient("u", "another"))).Is(400);
        var own = "own-" + Guid.NewGuid().ToString("N");
        Assert.Equal(own, (await client.PutAsync("Patient?identifier=urn:mrn|with-id", Patient("with-id", own))).Is(201).Text("id"));
        await client.CreateAsync(Patient("u"));
        (await client.PutAsync(Criteria, Patient("u"))).Is(412);
        (await client.PutAsync("Patient", Patient("u"))).Is(412);
    }

    [Fact]
    public async Task Conditional_patch_and_delete_need_exactly_one_match()
    {
        var client = await ClientAsync();
        const string Criteria = "Patient?identifier=urn:mrn|d";
        const string Body = """[{"op":"add","path":"/active","value":true}]""";
        (await client.PatchAsync(Criteria, Body)).Is(404);
        (await client.DeleteAsync(Criteria)).Is(204);
        var id = await client.CreateAsync(Patient("d"));
        Assert.Equal("true", (await client.PatchAsync(Criteria, Body)).Is(200).Text("active"));
        var second = await client.CreateAsync(Patient("d"));
        (await client.PatchAsync(Criteria, Body)).Is(412);
        (await client.DeleteAsync(Criteria)).Is(412);
        (await client.DeleteAsync("Patient")).Is(412);
        (await client.DeleteAsync("Patient/" + second)).Is(204);
        (await client.DeleteAsync(Criteria)).Is(204);
        (await client.GetAsync("Patient/" + id)).Is(410);
    }
}
