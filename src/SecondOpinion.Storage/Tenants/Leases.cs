using Microsoft.EntityFrameworkCore;
using SecondOpinion.Cases;
using SecondOpinion.Storage.Model;

namespace SecondOpinion.Storage.Tenants;

/// <summary>
/// Which process does a background job now. A holder that dies loses the lease when it ends; one that works on renews it well before. Clocks of the
/// processes may differ by less than the duration.
/// </summary>
public sealed class Leases(InteropStore store)
{
    private static readonly Actor Server = Actor.Server("");

    /// <summary>Takes or renews a lease.</summary>
    /// <param name="owner">Names the process, for example machine and process id.</param>
    /// <returns>False when another owner has it, or the database is too busy to say.</returns>
    public async Task<bool> TryTakeAsync(string name, string owner, TimeSpan duration, CancellationToken cancellation = default)
    {
        var outcome = await store.WriteAsync<bool>(Server, async t =>
        {
            var lease = await t.Db.Leases.AsTracking().FirstOrDefaultAsync(l => l.Name == name);
            if (lease is null)
            {
                t.Db.Leases.Add(new LeaseRow { Name = name, Owner = owner, Until = (t.Now + duration).UtcTicks });
                return true;
            }

            if (lease.Owner != owner && lease.Until > t.Now.UtcTicks)
            {
                return false;
            }

            lease.Owner = owner;
            lease.Until = (t.Now + duration).UtcTicks;
            return true;
        }, cancellation);
        return !outcome.IsRefused && outcome.Value;
    }

    /// <summary>Gives a lease back; nothing happens when another owner has it.</summary>
    public async Task ReleaseAsync(string name, string owner, CancellationToken cancellation = default) =>
        await store.WriteAsync<bool>(Server, async t => await t.Db.Leases.Where(l => l.Name == name && l.Owner == owner).ExecuteDeleteAsync() > 0, cancellation);
}
