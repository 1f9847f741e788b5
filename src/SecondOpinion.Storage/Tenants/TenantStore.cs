using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using SecondOpinion.Cases;
using SecondOpinion.Fhir;
using SecondOpinion.Storage.Model;

namespace SecondOpinion.Storage.Tenants;

/// <summary>Tenants, their clients, the server's own keys, and assertion ids that were used.</summary>
public sealed class TenantStore(InteropStore store, TimeProvider time)
{
    private static readonly Actor Server = Actor.Server("");
    private static readonly TimeSpan PurgeEvery = TimeSpan.FromMinutes(1);
    private long _lastPurge = time.GetTimestamp();

    /// <summary>Makes a tenant, or brings its name and role up to date.</summary>
    public Task EnsureTenantAsync(string id, string name, bool isReader, CancellationToken cancellation = default) => WriteAsync(async t =>
    {
        var row = await t.Db.Tenants.AsTracking().FirstOrDefaultAsync(x => x.Id == id);
        if (row is null)
        {
            t.Db.Tenants.Add(new TenantRow { Id = id, Name = name, IsReader = isReader, Created = t.Now.UtcTicks });
        }
        else
        {
            row.Name = name;
            row.IsReader = isReader;
        }

        return true;
    }, cancellation);

    public Task<TenantRow?> FindTenantAsync(string id, CancellationToken cancellation = default) =>
        store.ReadAsync(r => r.Db.Tenants.FirstOrDefaultAsync(t => t.Id == id), cancellation);

    /// <summary>All tenants by id.</summary>
    public Task<List<TenantRow>> TenantsAsync(CancellationToken cancellation = default) =>
        store.ReadAsync(r => r.Db.Tenants.OrderBy(t => t.Id).ToListAsync(), cancellation);

    /// <summary>Makes a client, or brings its rights and keys up to date. Its tenant must exist.</summary>
    public Task EnsureClientAsync(ClientRow client, CancellationToken cancellation = default) => WriteAsync(async t =>
    {
        var isKnown = await t.Db.Clients.AnyAsync(c => c.ClientId == client.ClientId);
        t.Db.Entry(client).State = isKnown ? EntityState.Modified : EntityState.Added;
        await t.Db.SaveChangesAsync();
        t.Db.Entry(client).State = EntityState.Detached;
        return true;
    }, cancellation);

    public Task<ClientRow?> FindClientAsync(string clientId, CancellationToken cancellation = default) =>
        store.ReadAsync(r => r.Db.Clients.FirstOrDefaultAsync(c => c.ClientId == clientId), cancellation);

    /// <summary>The newest key for a use (<c>token</c> or <c>report</c>); made when there is none. All processes get the same one.</summary>
    public async Task<SigningKeyRow> GetOrCreateSigningKeyAsync(string use, CancellationToken cancellation = default) =>
        await store.ReadAsync(r => Newest(r, use), cancellation) ?? await WriteAsync(async t => await Newest(t, use) ?? Add(t, use), cancellation);

    /// <summary>Makes a new key that signs from now on; the old ones stay valid for verification.</summary>
    public Task<SigningKeyRow> RotateSigningKeyAsync(string use, CancellationToken cancellation = default) => WriteAsync(t => Task.FromResult(Add(t, use)), cancellation);

    /// <summary>All keys of a use, newest first: what the key set publishes.</summary>
    public Task<List<SigningKeyRow>> SigningKeysAsync(string use, CancellationToken cancellation = default) =>
        store.ReadAsync(r => r.Db.SigningKeys.Where(k => k.Use == use).OrderByDescending(k => k.Created).ThenBy(k => k.KeyId).ToListAsync(), cancellation);

    /// <summary>Takes note of an assertion's id.</summary>
    /// <returns>False when the client has used it before (RFC 7523 3, item 7).</returns>
    public Task<bool> TryUseAssertionAsync(string clientId, string jti, DateTimeOffset expires, CancellationToken cancellation = default)
    {
        // The id is the client's text of any length; its digest fits a key.
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(jti)));
        return WriteAsync(async t =>
        {
            await PurgeAsync(t);
            if (await t.Db.SeenAssertions.AnyAsync(a => a.ClientId == clientId && a.Jti == digest))
            {
                return false;
            }

            t.Db.SeenAssertions.Add(new SeenAssertionRow { ClientId = clientId, Jti = digest, Expires = expires.UtcTicks });
            return true;
        }, cancellation);
    }

    private async Task PurgeAsync(StoreTransaction transaction)
    {
        var last = Interlocked.Read(ref _lastPurge);
        if (time.GetElapsedTime(last) >= PurgeEvery && Interlocked.CompareExchange(ref _lastPurge, time.GetTimestamp(), last) == last)
        {
            var now = transaction.Now.UtcTicks;
            await transaction.Db.SeenAssertions.Where(a => a.Expires < now).ExecuteDeleteAsync();
        }
    }

    private static Task<SigningKeyRow?> Newest(StoreReader reader, string use) =>
        reader.Db.SigningKeys.Where(k => k.Use == use).OrderByDescending(k => k.Created).ThenBy(k => k.KeyId).FirstOrDefaultAsync();

    private static SigningKeyRow Add(StoreTransaction transaction, string use)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        var row = new SigningKeyRow
        {
            KeyId = Convert.ToHexStringLower(SHA256.HashData(key.ExportSubjectPublicKeyInfo()))[..32],
            Use = use,
            PrivateKey = key.ExportPkcs8PrivateKey(),
            Created = transaction.Now.UtcTicks,
        };
        transaction.Db.SigningKeys.Add(row);
        return row;
    }

    private async Task<T> WriteAsync<T>(Func<StoreTransaction, Task<T>> work, CancellationToken cancellation)
    {
        var outcome = await store.WriteAsync<T>(Server, async t => await work(t), cancellation);
        // Nothing here refuses but a busy database.
        return outcome.Refusal is { } refusal ? throw new TimeoutException(refusal.ToString()) : outcome.Value;
    }
}
