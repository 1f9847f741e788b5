using System.Security.Cryptography;
using SecondOpinion.Storage.Model;
using SecondOpinion.Storage.Tenants;
using Xunit;

namespace SecondOpinion.Storage.Tests.Contracts;

/// <summary>Tenants, clients, keys, assertions, leases.</summary>
public abstract class TenantContractTests
{
    protected abstract Task<TestStore> OpenAsync(params IReadOnlyList<WriteHook> hooks);

    [Fact]
    public async Task A_tenant_is_made_once_and_brought_up_to_date()
    {
        await using var store = await OpenAsync();
        var tenants = new TenantStore(store.Store, store.Time);
        await tenants.EnsureTenantAsync("t1", "Practice", isReader: false);
        await tenants.EnsureTenantAsync("t1", "Reading", isReader: true);
        var tenant = Assert.Single(await tenants.TenantsAsync());
        Assert.Equal(("Reading", true, store.Time.Now.UtcTicks), (tenant.Name, tenant.IsReader, tenant.Created));
        Assert.Null(await tenants.FindTenantAsync("T1"));
    }

    [Fact]
    public async Task A_client_is_made_once_and_brought_up_to_date()
    {
        await using var store = await OpenAsync();
        var tenants = new TenantStore(store.Store, store.Time);
        await tenants.EnsureTenantAsync("t1", "Practice", isReader: false);
        await tenants.EnsureClientAsync(new ClientRow { ClientId = "c1", TenantId = "t1", Scopes = "system/*.r" });
        await tenants.EnsureClientAsync(new ClientRow { ClientId = "c1", TenantId = "t1", Scopes = "system/*.rs", FhirUser = "Practitioner/p" });
        var client = await tenants.FindClientAsync("c1");
        Assert.Equal(("t1", "system/*.rs", "Practitioner/p"), (client!.TenantId, client.Scopes, client.FhirUser));
        Assert.Null(await tenants.FindClientAsync("c2"));
    }

    [Fact]
    public async Task All_processes_get_one_signing_key_per_use()
    {
        await using var store = await OpenAsync();
        var keys = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => new TenantStore(store.Store, store.Time).GetOrCreateSigningKeyAsync("token"))));
        Assert.Single(keys.Select(k => k.KeyId).Distinct());
        var tenants = new TenantStore(store.Store, store.Time);
        var report = await tenants.GetOrCreateSigningKeyAsync("report");
        Assert.NotEqual(keys[0].KeyId, report.KeyId);
        using var ec = ECDsa.Create();
        ec.ImportPkcs8PrivateKey(report.PrivateKey, out _);
        Assert.Equal(384, ec.KeySize);
    }

    [Fact]
    public async Task A_rotated_key_signs_and_the_old_one_stays_published()
    {
        await using var store = await OpenAsync();
        var tenants = new TenantStore(store.Store, store.Time);
        var old = await tenants.GetOrCreateSigningKeyAsync("token");
        store.Time.Now += TimeSpan.FromDays(1);
        var rotated = await tenants.RotateSigningKeyAsync("token");
        Assert.Equal(rotated.KeyId, (await tenants.GetOrCreateSigningKeyAsync("token")).KeyId);
        Assert.Equal([rotated.KeyId, old.KeyId], (await tenants.SigningKeysAsync("token")).Select(k => k.KeyId));
    }

    [Fact]
    public async Task An_assertion_is_used_once_by_its_client()
    {
        await using var store = await OpenAsync();
        var tenants = new TenantStore(store.Store, store.Time);
        var expires = store.Time.Now.AddMinutes(5);
        var long1 = new string('x', 5000) + "1";
        Assert.True(await tenants.TryUseAssertionAsync("c1", "j1", expires));
        Assert.False(await tenants.TryUseAssertionAsync("c1", "j1", expires));
        Assert.True(await tenants.TryUseAssertionAsync("c2", "j1", expires));
        Assert.True(await tenants.TryUseAssertionAsync("c1", long1, expires));
        Assert.True(await tenants.TryUseAssertionAsync("c1", long1 + "2", expires));
        Assert.False(await tenants.TryUseAssertionAsync("c1", long1, expires));
    }

    [Fact]
    public async Task An_assertion_used_by_many_at_once_is_good_for_one()
    {
        await using var store = await OpenAsync();
        var tenants = new TenantStore(store.Store, store.Time);
        var used = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => tenants.TryUseAssertionAsync("c1", "j1", store.Time.Now.AddMinutes(5)))));
        Assert.Single(used, u => u);
    }

    [Fact]
    public async Task A_lease_has_one_owner_until_it_ends_or_is_given_back()
    {
        await using var store = await OpenAsync();
        var leases = new Leases(store.Store);
        var minute = TimeSpan.FromMinutes(1);
        Assert.True(await leases.TryTakeAsync("job", "one", minute));
        Assert.False(await leases.TryTakeAsync("job", "two", minute));
        Assert.True(await leases.TryTakeAsync("other job", "two", minute));
        store.Time.Now += TimeSpan.FromSeconds(50);
        Assert.True(await leases.TryTakeAsync("job", "one", minute));
        store.Time.Now += TimeSpan.FromSeconds(50);
        Assert.False(await leases.TryTakeAsync("job", "two", minute));
        store.Time.Now += TimeSpan.FromSeconds(11);
        Assert.True(await leases.TryTakeAsync("job", "two", minute));
        await leases.ReleaseAsync("job", "one");
        Assert.False(await leases.TryTakeAsync("job", "one", minute));
        await leases.ReleaseAsync("job", "two");
        Assert.True(await leases.TryTakeAsync("job", "one", minute));
    }

    [Fact]
    public async Task A_lease_wanted_by_many_at_once_goes_to_one()
    {
        await using var store = await OpenAsync();
        var leases = new Leases(store.Store);
        var taken = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() => leases.TryTakeAsync("job", "owner" + i, TimeSpan.FromMinutes(1)))));
        Assert.Single(taken, t => t);
    }
}
