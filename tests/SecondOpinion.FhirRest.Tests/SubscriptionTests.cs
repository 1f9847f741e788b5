using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.EntityFrameworkCore;
using SecondOpinion.Fhir;
using SecondOpinion.FhirRest.Subscriptions;
using SecondOpinion.Storage.Tenants;
using Xunit;

namespace SecondOpinion.FhirRest.Tests;

/// <summary>R4 Subscriptions with a rest-hook (FHIR R4 subscription.html) against a real endpoint and a clock that the test moves.</summary>
public sealed class SubscriptionTests : IAsyncLifetime
{
    private readonly ConcurrentQueue<(string Body, Dictionary<string, string> Headers)> _received = new();
    private readonly MovableTime _time = new();
    private WebApplication _endpoint = null!;
    private FhirHost _host = null!;
    private int _status = 200;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _endpoint = builder.Build();
        _endpoint.MapPost("/hook", async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            var body = await reader.ReadToEndAsync();
            if (_status == 200)
            {
                _received.Enqueue((body, context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase)));
            }

            context.Response.StatusCode = _status;
        });
        await _endpoint.StartAsync();
        _host = await FhirHost.StartAsync(time: _time);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _endpoint.DisposeAsync();
    }

    private string Subscription(string criteria, string? payload = "application/fhir+json", string? endpoint = null, string? header = null) =>
        SubscriptionRuleTests.Subscription(criteria, payload, endpoint ?? _endpoint.Urls.First() + "/hook", "rest-hook", header);

    private static string Observation(string status, string text) => $$$"""{"resourceType":"Observation","status":"{{{status}}}","code":{"text":"{{{text}}}"}}""";

    private Task<int> OwedAsync() => _host.Store.ReadAsync(r => r.Db.Deliveries.CountAsync(), CancellationToken.None);

    private async Task DeliverAsync()
    {
        while (await _host.Worker.RunOnceAsync(CancellationToken.None) > 0)
        {
        }
    }

    [Fact]
    public async Task A_requested_subscription_becomes_active_and_gets_what_matches()
    {
        var client = _host.AsNew();
        var created = (await client.PostAsync("Subscription", Subscription("Observation?status=final", header: "Authorization: Bearer abc"))).Is(201);
        Assert.Equal("active", created.Text("status"));
        var id = await client.CreateAsync(Observation("final", "a"));
        await client.CreateAsync(Observation("preliminary", "b"));
        await client.CreateAsync("""{"resourceType":"Patient"}""");
        Assert.Equal(1, await OwedAsync());
        await DeliverAsync();
        var (body, headers) = Assert.Single(_received);
        Assert.Equal(id, (string)JsonNode.Parse(body)!["id"]!);
        Assert.Equal("application/fhir+json; charset=utf-8", headers["Content-Type"]);
        Assert.Equal("Bearer abc", headers["Authorization"]);
        Assert.Equal(0, await OwedAsync());
    }

    [Theory]
    [InlineData("relationship:in=http://hl7.org/fhir/ValueSet/parent-relationship-codes")]
    [InlineData("relationship:below=http://terminology.hl7.org/CodeSystem/v3-RoleCode|PRN")]
    public async Task Criteria_go_by_the_terminology_on_board(string criteria)
    {
        var client = _host.AsNew();
        static string Related(string code) => "{\"resourceType\":\"RelatedPerson\",\"patient\":{\"reference\":\"Patient/x\"},\"relationship\":[{\"coding\":[{\"system\":\"http://terminology.hl7.org/CodeSystem/v3-RoleCode\",\"code\":\"" + code + "\"}]}]}";
        (await client.PostAsync("Subscription", Subscription("RelatedPerson?" + criteria))).Is(201);
        await client.CreateAsync(Related("FAMMEMB"));
        var mother = await client.CreateAsync(Related("NMTH"));
        await DeliverAsync();

        Assert.Equal(mother, (string)JsonNode.Parse(Assert.Single(_received).Body)!["id"]!);
    }

    [Fact]
    public async Task Without_a_payload_the_endpoint_is_only_told_and_xml_may_be_asked_for()
    {
        var client = _host.AsNew();
        (await client.PostAsync("Subscription", Subscription("Observation", payload: null))).Is(201);
        (await client.PostAsync("Subscription", Subscription("Observation?", payload: "application/fhir+xml"))).Is(201);
        await client.CreateAsync(Observation("final", "a"));
        await DeliverAsync();
        Assert.Equal(2, _received.Count);
        Assert.Contains(_received, r => r.Body.Length == 0);
        Assert.Equal("Observation", FhirXml.Parse(Encoding.UTF8.GetBytes(_received.Single(r => r.Body.Length > 0).Body)).ResourceType);
    }

    [Fact]
    public async Task An_endpoint_that_is_away_for_an_hour_loses_nothing_and_gets_it_in_order()
    {
        var client = _host.AsNew();
        var id = (await client.PostAsync("Subscription", Subscription("Observation?status=final"))).Is(201).Text("id");
        _status = 503;
        for (var minute = 0; minute < 60; minute++)
        {
            if (minute % 10 == 0)
            {
                await client.CreateAsync(Observation("final", "n" + minute));
            }

            await DeliverAsync();
            _time.Now += TimeSpan.FromMinutes(1);
        }

        Assert.Equal(6, await OwedAsync());
        var broken = (await client.GetAsync("Subscription/" + id)).Is(200);
        Assert.Equal("error", broken.Text("status"));
        Assert.Contains("503", broken.Text("error"), StringComparison.Ordinal);

        _status = 200;
        _time.Now += TimeSpan.FromMinutes(16);
        await DeliverAsync();
        Assert.Equal(["n0", "n10", "n20", "n30", "n40", "n50"], _received.Select(r => (string)JsonNode.Parse(r.Body)!["code"]!["text"]!));
        var healed = (await client.GetAsync("Subscription/" + id)).Is(200);
        Assert.Equal("active", healed.Text("status"));
        Assert.Null(healed.Node("error"));
        Assert.Equal(0, await OwedAsync());
    }

    [Fact]
    public async Task Retries_wait_longer_and_longer_and_end_after_days()
    {
        var client = _host.AsNew();
        (await client.PostAsync("Subscription", Subscription("Observation"))).Is(201);
        await client.CreateAsync(Observation("final", "a"));
        _status = 500;
        await DeliverAsync();
        var first = await _host.Store.ReadAsync(r => r.Db.Deliveries.SingleAsync(), CancellationToken.None);
        Assert.Equal(1, first.Attempts);
        Assert.InRange(new TimeSpan(first.NextAttempt - _time.Now.UtcTicks).TotalSeconds, 3.7, 5.1);
        await DeliverAsync();
        Assert.Equal(1, (await _host.Store.ReadAsync(r => r.Db.Deliveries.SingleAsync(), CancellationToken.None)).Attempts);
        for (var i = 0; i < 12; i++)
        {
            _time.Now += TimeSpan.FromMinutes(16);
            await DeliverAsync();
        }

        var late = await _host.Store.ReadAsync(r => r.Db.Deliveries.SingleAsync(), CancellationToken.None);
        Assert.InRange(new TimeSpan(late.NextAttempt - _time.Now.UtcTicks).TotalSeconds, 600, 901);
        _time.Now += TimeSpan.FromHours(73);
        await DeliverAsync();
        Assert.Equal(0, await OwedAsync());
    }

    [Fact]
    public async Task Off_and_deleted_subscriptions_are_owed_nothing_more()
    {
        var client = _host.AsNew();
        var created = (await client.PostAsync("Subscription", Subscription("Observation"))).Is(201);
        await client.CreateAsync(Observation("final", "a"));
        var off = created.Json;
        off["status"] = "off";
        Assert.Equal("off", (await client.PutAsync("Subscription/" + created.Text("id"), off.ToJsonString())).Is(200).Text("status"));
        await client.CreateAsync(Observation("final", "b"));
        await DeliverAsync();
        Assert.Empty(_received);
        Assert.Equal(0, await OwedAsync());
        off["status"] = "requested";
        Assert.Equal("active", (await client.PutAsync("Subscription/" + created.Text("id"), off.ToJsonString())).Is(200).Text("status"));
        await client.CreateAsync(Observation("final", "c"));
        (await client.DeleteAsync("Subscription/" + created.Text("id"))).Is(204);
        await DeliverAsync();
        Assert.Empty(_received);
    }

    [Fact]
    public async Task Other_tenants_are_not_told_unless_the_resource_is_shared_with_them()
    {
        var (owner, reader, stranger) = (_host.AsNew(), _host.AsNew(), _host.AsNew());
        foreach (var client in (FhirClient[])[owner, reader, stranger])
        {
            (await client.PostAsync("Subscription", Subscription("Observation", header: "X-Tenant: " + client.Tenant))).Is(201);
        }

        var id = await owner.CreateAsync(Observation("final", "a"));
        await TenantIsolationTests.ShareAsync(_host, owner.Tenant, reader.Tenant, "Observation", id, canWrite: false);
        (await owner.PutAsync("Observation/" + id, Observation("amended", "a").Replace("{\"res", $"{{\"id\":\"{id}\",\"res", StringComparison.Ordinal))).Is(200);
        await DeliverAsync();
        Assert.Equal(1, _received.Count(r => r.Headers["X-Tenant"] == reader.Tenant));
        Assert.DoesNotContain(stranger.Tenant, _received.Select(r => r.Headers["X-Tenant"]));
        Assert.Contains(reader.Tenant, _received.Select(r => r.Headers["X-Tenant"]));
        Assert.Equal(2, _received.Count(r => r.Headers["X-Tenant"] == owner.Tenant));
    }

    [Fact]
    public async Task The_right_to_see_is_checked_again_when_a_notification_is_sent()
    {
        var (owner, reader) = (_host.AsNew(), _host.AsNew());
        (await reader.PostAsync("Subscription", Subscription("Observation"))).Is(201);
        var id = await owner.CreateAsync(Observation("final", "a"));
        await TenantIsolationTests.ShareAsync(_host, owner.Tenant, reader.Tenant, "Observation", id, canWrite: false);
        (await owner.PutAsync("Observation/" + id, Observation("amended", "a").Replace("{\"res", $"{{\"id\":\"{id}\",\"res", StringComparison.Ordinal))).Is(200);
        Assert.True(await OwedAsync() > 0);
        await _host.Store.WriteAsync<bool>(
            SecondOpinion.Cases.Actor.Server(owner.Tenant),
            async t =>
            {
                await t.Writes.UnshareAsync(reader.Tenant, "case-1");
                return true;
            },
            CancellationToken.None);
        await DeliverAsync();
        Assert.Empty(_received);
        Assert.Equal(0, await OwedAsync());
    }

    [Fact]
    public async Task The_worker_of_the_host_delivers_on_its_own()
    {
        await using var host = await FhirHost.StartAsync(deliver: true);
        var client = host.AsNew();
        (await client.PostAsync("Subscription", Subscription("Observation"))).Is(201);
        await client.CreateAsync(Observation("final", "a"));
        for (var i = 0; i < 500 && _received.IsEmpty; i++)
        {
            await Task.Delay(20);
        }

        Assert.Single(_received);
    }

    [Fact]
    public async Task Only_one_process_delivers_until_its_lease_ends()
    {
        var client = _host.AsNew();
        (await client.PostAsync("Subscription", Subscription("Observation"))).Is(201);
        await client.CreateAsync(Observation("final", "a"));
        _status = 503;
        await DeliverAsync();
        _status = 200;
        _time.Now += TimeSpan.FromSeconds(30);
        using var other = new DeliveryWorker(
            _host.Store,
            _host.Services.GetRequiredService<Leases>(),
            _host.Services.GetRequiredService<Notifier>(),
            _host.Services.GetRequiredService<FhirRestOptions>(),
            _time,
            NullLogger<DeliveryWorker>.Instance);
        Assert.Equal(0, await other.RunOnceAsync(CancellationToken.None));
        Assert.Empty(_received);
        _time.Now += TimeSpan.FromSeconds(61);
        Assert.Equal(1, await other.RunOnceAsync(CancellationToken.None));
        Assert.Single(_received);
    }

    [Fact]
    public async Task Redirects_are_not_followed()
    {
        _endpoint.MapPost("/moved", context =>
        {
            context.Response.Redirect("/hook", permanent: false, preserveMethod: true);
            return Task.CompletedTask;
        });
        var client = _host.AsNew();
        (await client.PostAsync("Subscription", Subscription("Observation", endpoint: _endpoint.Urls.First() + "/moved"))).Is(201);
        await client.CreateAsync(Observation("final", "a"));
        await DeliverAsync();
        Assert.Empty(_received);
        Assert.Equal(1, await OwedAsync());
    }

    private sealed class MovableTime : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
