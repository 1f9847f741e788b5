using SecondOpinion.Fhir;

namespace SecondOpinion.Storage.Resources;

/// <summary>Writes of FHIR resources in a transaction: rows, versions, index rows. Checks no rights and no rules; the interactions do.</summary>
public sealed class ResourceWrites(StoreTransaction transaction)
{
    /// <summary>Stores a new resource. Sets id, meta.versionId and meta.lastUpdated.</summary>
    /// <param name="id">Null: a new one is made.</param>
    /// <returns>The stored version; a Conflict refusal when the id is taken by any tenant.</returns>
    public Task<Outcome<StoredResource>> CreateAsync(string ownerTenant, FhirResource resource, string? id = null, string method = "POST") =>
        throw new NotSupportedException(transaction.GetType().Name);

    /// <summary>Stores a new version of a resource, also of a deleted one.</summary>
    public Task<StoredResource> UpdateAsync(StoredResource current, FhirResource resource, string method = "PUT") => throw new NotSupportedException();

    public Task<StoredResource> DeleteAsync(StoredResource current) => throw new NotSupportedException();

    /// <summary>Lets a tenant see a resource for a case; repeating it is harmless.</summary>
    public Task ShareAsync(long resourceKey, string tenant, string caseId, bool canWrite = false) => throw new NotSupportedException();

    /// <summary>Lets a tenant see a study for a case.</summary>
    public Task ShareStudyAsync(long studyKey, string tenant, string caseId) => throw new NotSupportedException();

    /// <summary>Takes back all that a case shared with a tenant.</summary>
    public Task UnshareAsync(string tenant, string caseId) => throw new NotSupportedException();
}
