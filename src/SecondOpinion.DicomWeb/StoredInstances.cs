using SecondOpinion.DicomWeb.Http;
using SecondOpinion.Storage;
using SecondOpinion.Storage.Model;

namespace SecondOpinion.DicomWeb;

/// <summary>Finds the instances that a URL names, among those the tenant may see.</summary>
internal static class StoredInstances
{
    /// <summary>In series and instance order, without frame tables except for a single one; none when the tenant sees nothing there.</summary>
    public static async Task<IReadOnlyList<InstanceRow>> FindAsync(StoreReader reader, DicomWebRequest request)
    {
        if (await reader.Studies.FindStudyAsync(request.Tenant, request.StudyUid!, request.Aborted) is not { } study)
        {
            return [];
        }

        request.AuditOwners.Add(study.TenantId);
        if (request.InstanceUid is { } uid)
        {
            return await reader.Studies.FindInstanceAsync(study, request.SeriesUid!, uid, request.Aborted) is { } one ? [one] : [];
        }

        return await reader.Studies.InstancesAsync(study.Key, request.SeriesUid, request.Aborted);
    }

    /// <summary>The one instance that a URL names.</summary>
    public static async Task<InstanceRow?> FindOneAsync(StoreReader reader, DicomWebRequest request) =>
        await FindAsync(reader, request) is [var one] ? one : null;

    public static string What(DicomWebRequest request) => request.InstanceUid is not null ? "instance" : request.SeriesUid is not null ? "series" : "study";
}
