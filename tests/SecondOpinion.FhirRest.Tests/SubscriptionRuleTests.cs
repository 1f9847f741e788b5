using System.Net;
using System.Text.Json.Nodes;
using SecondOpinion.FhirRest.Subscriptions;
using Xunit;

namespace SecondOpinion.FhirRest.Tests;

/// <summary>Which Subscriptions are taken, and which endpoints are called.</summary>
public sealed class SubscriptionRuleTests
{
    internal static string Subscription(string criteria, string? payload = "application/fhir+json", string endpoint = "https://example.com/hook", string type = "rest-hook", string? header = null)
    {
        var channel = new JsonObject { ["type"] = type, ["endpoint"] = endpoint };
        if (payload is not null)
        {
            channel["payload"] = payload;
        }

        if (header is not null)
        {
            channel["header"] = new JsonArray(header);
        }

        return new JsonObject { ["resourceType"] = "Subscription", ["status"] = "requested", ["reason"] = "test", ["criteria"] = criteria, ["channel"] = channel }.ToJsonString();
    }

    [Theory]
    [InlineData("Observation?wombat=1", null, null, 422)]
    [InlineData("Wombat", null, null, 422)]
    [InlineData("AuditEvent", null, null, 422)]
    [InlineData("Observation?code:in=http://nowhere/vs", null, null, 422)]
    [InlineData("Observation?code:below=http://snomed.info/sct|1", null, null, 422)]
    [InlineData("Observation?code:above=http://nowhere/cs|1", null, null, 422)]
    [InlineData("RelatedPerson?relationship:below=http://terminology.hl7.org/CodeSystem/v3-RoleCode|PRN", null, null, 201)]
    [InlineData("Observation", "http://10.0.0.1/hook", null, 422)]
    [InlineData("Observation", "https://10.0.0.1/hook", null, 422)]
    [InlineData("Observation", "https://169.254.169.254/latest", null, 422)]
    [InlineData("Observation", "https://[fd00::1]/hook", null, 422)]
    [InlineData("Observation", "https://user:password@example.com/hook", null, 422)]
    [InlineData("Observation", "ftp://example.com/hook", null, 422)]
    [InlineData("Observation", "not a url", null, 422)]
    [InlineData("Observation", "https://example.com/hook", "Host: evil", 422)]
    [InlineData("Observation", "https://example.com/hook", "no colon", 422)]
    [InlineData("Observation", "https://example.com/hook", "X-Key: ok", 201)]
    public async Task What_cannot_be_delivered_is_refused(string criteria, string? endpoint, string? header, int status)
    {
        (await (await FhirHost.SharedAsync()).AsNew().PostAsync("Subscription", Subscription(criteria, endpoint: endpoint ?? "https://example.com/hook", header: header))).Is(status);
    }

    [Fact]
    public async Task Other_channels_payloads_and_scopes_are_refused()
    {
        (await (await FhirHost.SharedAsync()).AsNew().PostAsync("Subscription", Subscription("Observation", type: "email"))).Is(422);
        (await (await FhirHost.SharedAsync()).AsNew().PostAsync("Subscription", Subscription("Observation", payload: "text/plain"))).Is(422);
        (await (await FhirHost.SharedAsync()).AsNew("system/Subscription.cruds").PostAsync("Subscription", Subscription("Observation"))).Is(403);
        (await (await FhirHost.SharedAsync()).AsNew("system/Subscription.cruds system/Observation.rs?status=final").PostAsync("Subscription", Subscription("Observation"))).Is(403);
    }

    [Theory]
    [InlineData("127.0.0.1", false)]
    [InlineData("10.1.2.3", false)]
    [InlineData("172.16.0.1", false)]
    [InlineData("172.32.0.1", true)]
    [InlineData("192.168.1.1", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("0.0.0.0", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("93.184.216.34", true)]
    [InlineData("::1", false)]
    [InlineData("::", false)]
    [InlineData("fe80::1", false)]
    [InlineData("fc00::1", false)]
    [InlineData("ff02::1", false)]
    [InlineData("::ffff:10.0.0.1", false)]
    [InlineData("64:ff9b::a00:1", false)]
    [InlineData("2002:a00:1::", false)]
    [InlineData("2001:db8::1", false)]
    [InlineData("2606:2800:220:1:248:1893:25c8:1946", true)]
    public void Only_public_addresses_are_connected_to(string address, bool allowed) =>
        Assert.Equal(allowed, EndpointPolicy.IsAllowed(IPAddress.Parse(address), new SubscriptionOptions()));

    [Fact]
    public async Task A_name_that_leads_into_a_private_network_is_not_connected_to()
    {
        using var client = EndpointPolicy.CreateClient(new SubscriptionOptions());
        var error = await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync("http://localhost:1/"));
        Assert.Contains("network that is not called", error.Message + error.InnerException?.Message, StringComparison.Ordinal);
    }
}
