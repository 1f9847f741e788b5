using Microsoft.EntityFrameworkCore;
using SecondOpinion.Cases;
using SecondOpinion.Cases.Projection;
using SecondOpinion.Fhir;
using SecondOpinion.Storage.Dicom;

namespace SecondOpinion.Storage.Cases;

/// <summary>Stores the images and PDF files that come in DocumentReferences as DICOM objects of the case. Sending a document twice stores it once.</summary>
internal sealed class AttachmentImages(CaseScope scope, InstanceStaging staging)
{
    /// <summary>Stores what a document of a case holds; 422 when an image cannot be read.</summary>
    public async Task<Refusal?> TakeAsync(CaseRow row, StoredResource stored)
    {
        var document = stored.Parse();
        var index = 0;
        foreach (var content in document.Root.All("content"))
        {
            if (AttachmentDicom.Takes(AttachmentDicom.MediaType(content["attachment"])) && await BytesAsync(row, content["attachment"]) is { Length: > 0 } bytes
                && await StoreAsync(row, document, index, bytes) is { } refusal)
            {
                return refusal;
            }

            index++;
        }

        return null;
    }

    private async Task<Refusal?> StoreAsync(CaseRow row, FhirResource document, int index, byte[] bytes)
    {
        var tenant = row.TenantId;
        var uid = AttachmentDicom.InstanceUid(tenant, row.OrderId, document.Id!, bytes);
        if (!await scope.Db.Instances.AsNoTracking().AnyAsync(i => i.TenantId == tenant && i.SopInstanceUid == uid))
        {
            var made = AttachmentDicom.Make(tenant, (await scope.OrderAsync(row)).Parse(), await scope.ReadAsync(row.Patient), document, index, bytes, scope.Now);
            if (made.IsRefused)
            {
                return made.Refusal;
            }

            await scope.AddAsync(tenant, await staging.StageAsync(made.Value, CancellationToken.None));
        }

        var studyUid = AttachmentDicom.StudyUid(tenant, row.OrderId);
        var studyKey = await scope.Db.Studies.AsNoTracking().Where(s => s.TenantId == tenant && s.StudyInstanceUid == studyUid).Select(s => s.Key).FirstAsync();
        if (!await scope.Db.CaseStudies.AnyAsync(s => s.OrderKey == row.OrderKey && s.StudyKey == studyKey))
        {
            scope.Db.CaseStudies.Add(new CaseStudyRow { OrderKey = row.OrderKey, StudyKey = studyKey });
            await scope.FlushAsync();
        }

        scope.ChangedStudies.Add(studyKey);
        return null;
    }

    /// <summary>Inline data, or a Binary of the orderer.</summary>
    private async Task<byte[]?> BytesAsync(CaseRow row, FhirNode attachment)
    {
        var data = attachment.Text("data");
        if (data is null && ReferenceText.Local(attachment.Text("url")) is { } reference && reference.StartsWith("Binary/", StringComparison.Ordinal)
            && await scope.FindAsync(reference) is { IsDeleted: false } binary && binary.TenantId == row.TenantId)
        {
            data = binary.Parse().Root.Text("data");
        }

        if (data is null)
        {
            return null;
        }

        var bytes = new byte[(data.Length / 4 * 3) + 3];
        return Convert.TryFromBase64String(data, bytes, out var length) ? bytes[..length] : null;
    }
}
