using System.Text.Json.Nodes;
using SecondOpinion.TestKit;
using Xunit;

namespace SecondOpinion.FhirRest.Tests;

/// <summary>The interface together with the rules of the case.</summary>
public sealed class CaseTests : IAsyncLifetime
{
    private FhirHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await FhirHost.StartAsync(cases: true);

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task An_order_makes_a_task_that_the_placer_reads_in_the_same_breath()
    {
        var client = _host.AsNew();
        var answer = (await client.PostAsync("", await File.ReadAllTextAsync(Requires.Shared("examples/order-bundle.json")))).Is(200);
        var order = answer.Text("entry.4.response.location")!.Split("/_history")[0];
        var tasks = (await client.GetAsync("Task?focus=" + order)).Is(200);
        Assert.Equal(1, tasks.Count("entry"));
        Assert.Equal("requested", tasks.Text("entry.0.resource.status"));
        Assert.Equal("awaiting-images", (string?)tasks.Node("entry.0.resource.businessStatus.coding.0.code"));

        // What the response says of a version is what is read.
        var read = (await client.GetAsync(order)).Is(200);
        Assert.Equal(answer.Text("entry.4.response.etag"), read.Header("ETag"));
    }

    [Fact]
    public async Task A_refusal_of_the_rules_undoes_the_request_and_is_told()
    {
        var client = _host.AsNew();
        var bundle = JsonNode.Parse(await File.ReadAllTextAsync(Requires.Shared("examples/order-bundle.json")))!;
        bundle["entry"]![4]!["resource"]!.AsObject().Remove("reasonCode");
        var refused = (await client.PostAsync("", bundle.ToJsonString())).Is(422);
        Assert.NotNull(refused.Text("issue.0.details.coding.0.code"));
        Assert.Equal(0, (await client.GetAsync("Patient")).Is(200).Count("entry"));
    }
}
