using Microsoft.EntityFrameworkCore;
using SecondOpinion.Fhir;
using SecondOpinion.Storage.Model;
using SecondOpinion.Storage.Search;

namespace SecondOpinion.Storage.Resources;

/// <summary>
/// Writes of FHIR resources in a transaction: rows, versions, index rows. Checks no rights and no rules; the interactions do. Each write saves all that
/// the context tracks and then tracks nothing.
/// </summary>
public sealed class ResourceWrites(StoreTransaction transaction)
{
    private readonly InteropDbContext _db = transaction.Db;

    /// <summary>Stores a new resource. Sets id, meta.versionId and meta.lastUpdated.</summary>
    /// <param name="id">Null: a new one is made.</param>
    /// <returns>The stored version; a Conflict refusal when the id is taken by any tenant.</returns>
    public async Task<Outcome<StoredResource>> CreateAsync(string ownerTenant, FhirResource resource, string? id = null, string method = "POST")
    {
        var type = resource.ResourceType;
        if (id is null)
        {
            // Ids that grow with time keep index pages together.
            id = Guid.CreateVersion7(transaction.Now).ToString();
        }
        else if (!IsId(id))
        {
            return Refusal.Of(RefusalKind.Invalid, "value", "A logical id has 1 to 64 characters of A-Z, a-z, 0-9, '-' and '.' (FHIR R4 datatypes.html#id)", "id-format");
        }
        else if (await ResourceStatements.ExistsAsync(_db, type, id))
        {
            return Refusal.Of(RefusalKind.Conflict, "duplicate", $"The id {type}/{id} is taken", "id-taken");
        }

        var row = new ResourceRow
        {
            TenantId = ownerTenant,
            Type = type,
            Id = id,
            Version = 1,
            LastUpdated = transaction.Now.UtcTicks,
            Method = method,
            Json = ResourceStamp.Apply(resource.Json.Span, type, id, 1, transaction.Now),
        };
        await SaveAsync();
        await ResourceStatements.InsertAsync(_db, row);
        return await FinishAsync(null, row, StoredResource.Parse(row.Json), canWrite: true);
    }

    /// <summary>Stores a new version of a resource, also of a deleted one.</summary>
    /// <param name="keepPast">False: the current version is replaced and not kept, for projections that grow with each instance of a study.</param>
    /// <exception cref="DbUpdateConcurrencyException">It is no longer the current version; the store turns this into a Conflict refusal of the whole write.</exception>
    public Task<StoredResource> UpdateAsync(StoredResource current, FhirResource resource, string method = "PUT", bool keepPast = true)
    {
        if (resource.ResourceType != current.Type)
        {
            throw new ArgumentException($"A {resource.ResourceType} cannot become a version of {current.Reference}", nameof(resource));
        }

        return UpdateAsync(current, resource.Json, method, keepPast);
    }

    /// <summary>As <see cref="UpdateAsync(StoredResource, FhirResource, string, bool)"/>, for canonical JSON that the server made: parsed once, as it is stored.</summary>
    internal Task<StoredResource> UpdateAsync(StoredResource current, ReadOnlyMemory<byte> canonical, string method = "PUT", bool keepPast = true)
    {
        var now = Later(current);
        var json = ResourceStamp.Apply(canonical.Span, current.Type, current.Id, current.Version + 1, now);
        return ReplaceAsync(current, json, now, method, StoredResource.Parse(json), keepPast);
    }

    /// <summary>Marks a resource as deleted; its versions stay. Deleting what is deleted changes nothing.</summary>
    public Task<StoredResource> DeleteAsync(StoredResource current) =>
        current.IsDeleted ? Task.FromResult(current) : ReplaceAsync(current, [], Later(current), "DELETE", null);

    /// <summary>
    /// Replaces what this transaction wrote as the current version, without making another one: for what the server adds to a client's write. The change
    /// in <see cref="StoreTransaction.Changes"/> is replaced too.
    /// </summary>
    /// <exception cref="InvalidOperationException">The version was not written in this transaction.</exception>
    public Task<StoredResource> RewriteAsync(StoredResource current, FhirResource resource) => RewriteAsync(current, resource.Json);

    /// <inheritdoc cref="RewriteAsync(StoredResource, FhirResource)"/>
    internal async Task<StoredResource> RewriteAsync(StoredResource current, ReadOnlyMemory<byte> canonical)
    {
        var at = transaction.Changes.FindLastIndex(c => c.After.Key == current.Key);
        if (at < 0 || transaction.Changes[at].After.Version != current.Version)
        {
            throw new InvalidOperationException($"{current.Reference} was not written in this transaction");
        }

        var row = new ResourceRow
        {
            Key = current.Key,
            TenantId = current.TenantId,
            Type = current.Type,
            Id = current.Id,
            Version = current.Version,
            LastUpdated = current.LastUpdated.UtcTicks,
            Method = current.Method,
        };
        var entry = _db.Resources.Attach(row);
        row.Json = ResourceStamp.Apply(canonical.Span, current.Type, current.Id, current.Version, current.LastUpdated);
        entry.Property(r => r.Json).IsModified = true;
        var stored = StoredResource.Parse(row.Json);
        await SearchIndexWriter.ReplaceAsync(_db, row, stored, isRewrite: true);
        await SaveAsync();
        var after = StoredResource.From(row, current.CanWrite);
        transaction.Changes[at] = transaction.Changes[at] with { After = after, Resource = stored };
        return after;
    }

    /// <summary>Lets a tenant see a resource for a case; repeating it is harmless, and takes no right back.</summary>
    /// <param name="fromVersion">The first version it may see.</param>
    public async Task ShareAsync(long resourceKey, string tenant, string caseId, bool canWrite = false, int fromVersion = 1)
    {
        var share = await _db.Shares.FirstOrDefaultAsync(s => s.TenantId == tenant && s.ResourceKey == resourceKey && s.CaseId == caseId);
        if (share is null)
        {
            _db.Shares.Add(new ShareRow { ResourceKey = resourceKey, TenantId = tenant, CaseId = caseId, CanWrite = canWrite, FromVersion = fromVersion });
            transaction.Shared.Add((resourceKey, tenant));
        }
        else if (canWrite && !share.CanWrite)
        {
            share.CanWrite = true;
            _db.Shares.Update(share);
        }
        else
        {
            return;
        }

        await SaveAsync();
    }

    /// <summary>Lets a tenant see a study for a case.</summary>
    public async Task ShareStudyAsync(long studyKey, string tenant, string caseId)
    {
        if (!await _db.StudyShares.AnyAsync(s => s.TenantId == tenant && s.StudyKey == studyKey && s.CaseId == caseId))
        {
            _db.StudyShares.Add(new StudyShareRow { StudyKey = studyKey, TenantId = tenant, CaseId = caseId });
            await SaveAsync();
        }
    }

    /// <summary>Takes back all that a case shared with a tenant.</summary>
    public async Task UnshareAsync(string tenant, string caseId)
    {
        await SaveAsync();
        await _db.Shares.Where(s => s.TenantId == tenant && s.CaseId == caseId).ExecuteDeleteAsync();
        await _db.StudyShares.Where(s => s.TenantId == tenant && s.CaseId == caseId).ExecuteDeleteAsync();
    }

    private static bool IsId(string id) => id.Length is >= 1 and <= 64 && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.');

    /// <summary>A version is never older than the one before it, whatever the clocks of several machines say.</summary>
    private DateTimeOffset Later(StoredResource current) => transaction.Now > current.LastUpdated ? transaction.Now : current.LastUpdated;

    private async Task<StoredResource> ReplaceAsync(StoredResource current, byte[] json, DateTimeOffset now, string method, FhirResource? resource, bool keepPast = true)
    {
        var row = new ResourceRow
        {
            Key = current.Key,
            TenantId = current.TenantId,
            Type = current.Type,
            Id = current.Id,
            Version = current.Version + 1,
            LastUpdated = now.UtcTicks,
            IsDeleted = resource is null,
            Method = method,
            Json = json,
        };
        await SaveAsync();
        await ResourceStatements.ReplaceAsync(_db, row, keepPast);
        return await FinishAsync(current, row, resource, current.CanWrite);
    }

    private async Task<StoredResource> FinishAsync(StoredResource? before, ResourceRow row, FhirResource? resource, bool canWrite)
    {
        await SearchIndexWriter.ReplaceAsync(_db, row, resource);
        await SaveAsync();
        var after = StoredResource.From(row, canWrite);
        transaction.Changes.Add(new ResourceChange(before, after, resource));
        return after;
    }

    // A context that tracks thousands of rows compares them all at each save.
    private async ValueTask SaveAsync()
    {
        if (_db.ChangeTracker.HasChanges())
        {
            await _db.SaveChangesAsync();
        }

        _db.ChangeTracker.Clear();
    }
}
