using Xunit;

namespace SecondOpinion.FhirRest.Tests;

/// <summary>What a search answers over HTTP; the conditions themselves are tested where they are compiled.</summary>
public sealed class SearchTests
{
    private static readonly (string, string) Form = ("Content-Type", "application/x-www-form-urlencoded");

    private static async Task<FhirClient> ClientAsync() => (await FhirHost.SharedAsync()).AsNew();

    private static string Patient(string family) => $$$"""{"resourceType":"Patient","name":[{"family":"{{{family}}}"}],"maritalStatus":{"text":"m"}}""";

    [Fact]
    public async Task A_searchset_has_total_self_link_and_modes()
    {
        var client = await ClientAsync();
        var id = await client.CreateAsync(Patient("Okafor"));
        await client.CreateAsync($$$"""{"resourceType":"Observation","status":"final","code":{"text":"x"},"subject":{"reference":"Patient/{{{id}}}"}}""");
        var bundle = (await client.GetAsync("Observation?subject=Patient/" + id + "&_include=Observation:subject&_total=accurate")).Is(200);
        Assert.Equal("searchset", bundle.Text("type"));
        Assert.Equal("1", bundle.Text("total"));
        Assert.Equal(["match", "include"], bundle.Node("entry")!.AsArray().Select(e => (string)e!["search"]!["mode"]!));
        Assert.Equal($"{client.Host.BaseUrl}/Patient/{id}", bundle.Text("entry.1.fullUrl"));
        Assert.StartsWith(client.Host.BaseUrl + "/Observation?", bundle.Text("link.0.url"), StringComparison.Ordinal);
        Assert.Contains("subject=Patient/" + id, bundle.Text("link.0.url"), StringComparison.Ordinal);
        var empty = (await client.GetAsync("Patient?name=nobody")).Is(200);
        Assert.Equal(0, empty.Count("entry"));
    }

    [Fact]
    public async Task Unknown_parameters_are_told_when_lenient_and_refused_when_strict()
    {
        var client = await ClientAsync();
        await client.CreateAsync(Patient("Okafor"));
        var lenient = (await client.GetAsync("Patient?wombat=1")).Is(200);
        Assert.Equal(["match", "outcome"], lenient.Node("entry")!.AsArray().Select(e => (string)e!["search"]!["mode"]!));
        Assert.DoesNotContain("wombat", lenient.Text("link.0.url"), StringComparison.Ordinal);
        (await client.GetAsync("Patient?wombat=1", ("Prefer", "handling=strict"))).Is(400);
        (await client.GetAsync("Patient?birthdate=yesterday")).Is(400);
    }

    [Fact]
    public async Task Pages_are_followed_by_next_links_and_count_may_stand_alone()
    {
        var client = await ClientAsync();
        for (var i = 0; i < 5; i++)
        {
            await client.CreateAsync(Patient("Page"));
        }

        var seen = new HashSet<string>();
        var url = "Patient?name=Page&_count=2&_format=json";
        for (var page = 0; url.Length > 0 && page < 10; page++)
        {
            var bundle = (await client.GetAsync(url)).Is(200);
            Assert.All(bundle.Node("entry")!.AsArray(), e => Assert.True(seen.Add((string)e!["fullUrl"]!)));
            url = (string?)bundle.Node("link")!.AsArray().FirstOrDefault(l => (string)l!["relation"]! == "next")?["url"] ?? "";
            Assert.True(url.Length == 0 || url.Contains("_format=json", StringComparison.Ordinal));
        }

        Assert.Equal(5, seen.Count);
        var count = (await client.GetAsync("Patient?name=Page&_summary=count")).Is(200);
        Assert.Equal("5", count.Text("total"));
        Assert.Equal(0, count.Count("entry"));
    }

    [Fact]
    public async Task Post_search_takes_parameters_from_body_and_address()
    {
        var client = await ClientAsync();
        await client.CreateAsync(Patient("Okafor"));
        await client.CreateAsync(Patient("Ngozi"));
        Assert.Equal(1, (await client.PostAsync("Patient/_search", "name=Okafor", Form)).Is(200).Count("entry"));
        Assert.Equal(1, (await client.PostAsync("Patient/_search?name=Ngozi", "_count=10", Form)).Is(200).Count("entry"));
        Assert.Equal(2, (await client.PostAsync("_search", "_type=Patient", Form)).Is(200).Count("entry"));
        (await client.PostAsync("Patient/_search", "{}")).Is(415);
        var elements = (await client.PostAsync("Patient/_search", "name=Okafor&_elements=name", Form)).Is(200);
        Assert.Null(elements.Node("entry.0.resource.maritalStatus"));
        Assert.Equal("SUBSETTED", elements.Text("entry.0.resource.meta.tag.0.code"));
    }

    [Fact]
    public async Task Compartments_hold_what_points_to_their_patient()
    {
        var client = await ClientAsync();
        var id = await client.CreateAsync(Patient("Okafor"));
        var other = await client.CreateAsync(Patient("Ngozi"));
        foreach (var patient in (string[])[id, other])
        {
            await client.CreateAsync($$$"""{"resourceType":"Observation","status":"final","code":{"text":"x"},"subject":{"reference":"Patient/{{{patient}}}"}}""");
        }

        var bundle = (await client.GetAsync($"Patient/{id}/Observation")).Is(200);
        Assert.Equal(1, bundle.Count("entry"));
        Assert.Equal("Patient/" + id, bundle.Text("entry.0.resource.subject.reference"));
        Assert.Equal(0, (await client.GetAsync($"Patient/{id}/Observation?status=amended")).Is(200).Count("entry"));
        (await client.GetAsync("Patient/nobody/Observation")).Is(404);
        (await client.GetAsync($"Patient/{id}/Organization")).Is(404);
        (await client.GetAsync($"Organization/{id}/Observation")).Is(404);
    }
}
