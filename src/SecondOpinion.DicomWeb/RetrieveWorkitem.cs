using SecondOpinion.DicomWeb.Http;
using SecondOpinion.Storage;
using SecondOpinion.Storage.Dicom;

namespace SecondOpinion.DicomWeb;

/// <summary>Retrieve a work item (PS3.18 11.5).</summary>
internal sealed class RetrieveWorkitem(InteropStore store)
{
    public async Task<DicomProblem?> HandleAsync(DicomWebRequest request)
    {
        if (DatasetBody.Negotiate(request) is not { } contentType)
        {
            return DatasetBody.NotAcceptable();
        }

        var uid = (string)request.Request.RouteValues["workitem"]!;
        var row = await store.ReadAsync(reader => new WorkitemReads(reader.Db).FindAsync(request.Tenant, uid, request.Aborted), request.Aborted);
        if (row is null)
        {
            return DicomProblem.NotFound("work item");
        }

        request.AuditOwners.Add(row.TenantId);
        request.AuditEntities.Add("urn:oid:" + uid);
        request.Response.Headers.CacheControl = "no-cache";
        await SearchWorkitems.WriteAsync(request, contentType, [row]);
        return null;
    }
}
