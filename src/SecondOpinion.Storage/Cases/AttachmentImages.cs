using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using SecondOpinion.Cases;
using SecondOpinion.Cases.Projection;
using SecondOpinion.Dicom;
using SecondOpinion.Dicom.Imaging;
using SecondOpinion.Fhir;
using SecondOpinion.Storage.Dicom;

namespace SecondOpinion.Storage.Cases;

/// <summary>
/// Makes DICOM objects of images and PDF files that come in DocumentReferences, in one study of the case. UIDs follow from document and content, so that
/// sending a document twice stores it once.
/// </summary>
internal sealed class AttachmentImages(CaseScope scope, InstanceStaging staging)
{
    private static readonly string[] Images = ["image/jpeg", "image/jpg", "image/png", "image/tiff"];
    private const string Pdf = "application/pdf";

    /// <summary>Content types of a document that are neither text nor taken in.</summary>
    public static IEnumerable<string> UnusableFormats(FhirResource document)
    {
        foreach (var content in document.Root.All("content"))
        {
            var type = MediaType(content["attachment"]);
            if (type.Length > 0 && type != Pdf && !Images.Contains(type) && !type.StartsWith("text/", StringComparison.Ordinal)
                && type is not ("application/xml" or "application/json" or "application/fhir+json" or "application/fhir+xml" or "application/rtf"))
            {
                yield return type;
            }
        }
    }

    /// <summary>Stores what a document of a case holds; 422 when an image cannot be read.</summary>
    public async Task<Refusal?> TakeAsync(CaseRow row, StoredResource document)
    {
        var root = document.Parse().Root;
        var index = 0;
        foreach (var content in root.All("content"))
        {
            var attachment = content["attachment"];
            var type = MediaType(attachment);
            if ((type == Pdf || Images.Contains(type)) && await BytesAsync(row, attachment) is { Length: > 0 } bytes)
            {
                if (await StoreAsync(row, document, root, attachment, type, bytes, index) is { } refusal)
                {
                    return refusal;
                }
            }

            index++;
        }

        return null;
    }

    private async Task<Refusal?> StoreAsync(CaseRow row, StoredResource document, FhirNode root, FhirNode attachment, string type, byte[] bytes, int index)
    {
        var digest = Convert.ToHexStringLower(SHA256.HashData(bytes));
        var uid = StableUid.Of("attachment", row.TenantId, row.OrderId, document.Id, digest);
        var tenant = row.TenantId;
        var known = await scope.Db.Instances.AsNoTracking().FirstOrDefaultAsync(i => i.TenantId == tenant && i.SopInstanceUid == uid);
        if (known is null)
        {
            StagedInstance staged;
            try
            {
                var input = await InputAsync(row, document, root, attachment, uid, index);
                staged = await staging.StageAsync(type == Pdf ? MakeDicom.FromPdf(bytes, input) : MakeDicom.FromImage(bytes, input), CancellationToken.None);
            }
            catch (Exception exception) when (exception is ImagingException or DicomException)
            {
                return Refusal.Of(
                    RefusalKind.Unprocessable, "value", $"Attachment {index + 1} of {document.Reference} is no {type} that can be read: {exception.Message}",
                    "image-unreadable", $"DocumentReference.content[{index}].attachment");
            }

            await scope.AddAsync(tenant, staged);
        }

        var studyUid = StudyUidOf(row);
        var studyKey = await scope.Db.Studies.AsNoTracking().Where(s => s.TenantId == tenant && s.StudyInstanceUid == studyUid).Select(s => s.Key).FirstAsync();
        if (!await scope.Db.CaseStudies.AnyAsync(s => s.OrderKey == row.OrderKey && s.StudyKey == studyKey))
        {
            scope.Db.CaseStudies.Add(new CaseStudyRow { OrderKey = row.OrderKey, StudyKey = studyKey });
            await scope.FlushAsync();
        }

        scope.ChangedStudies.Add(studyKey);
        return null;
    }

    private async Task<MakeDicomInput> InputAsync(CaseRow row, StoredResource document, FhirNode root, FhirNode attachment, string uid, int index)
    {
        var patient = PatientText.Of(await scope.ReadAsync(row.Patient));
        var order = SecondOpinion.Cases.Intake.Order.From((await scope.OrderAsync(row)).Parse());
        var title = attachment.Text("title") ?? root.Text("description") ?? root["type"].Display() ?? "Document";
        var acquired = DateTimeOffset.TryParse(attachment.Text("creation"), System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AssumeUniversal, out var at) ? at.UtcDateTime : (DateTime?)null;
        var taken = acquired ?? (DateTimeOffset.TryParse(root.Text("date"), System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AssumeUniversal, out var date) ? date.UtcDateTime : null);
        var isPhotograph = title.Contains("photo", StringComparison.OrdinalIgnoreCase)
            || root.All("category").Append(root["type"]).Any(c => c.Display()?.Contains("photo", StringComparison.OrdinalIgnoreCase) == true);
        return new MakeDicomInput
        {
            Patient = new DicomPatient(
                patient.Id, patient.Issuer, patient.Name,
                DateOnly.TryParseExact(patient.BirthDate, "yyyyMMdd", System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.None, out var born) ? born : null, patient.Sex),
            Study = new DicomStudy
            {
                Uid = StudyUidOf(row),
                Date = taken is null ? null : DateOnly.FromDateTime(taken.Value),
                Time = taken is null ? null : TimeOnly.FromDateTime(taken.Value),
                AccessionNumber = order.Accessions.Count > 0 ? order.Accessions[0].Value : null,
                AccessionIssuer = order.Accessions.Count > 0 ? Identifier.Plain(order.Accessions[0].System) : null,
                Description = "Images sent with the order",
            },
            Series = new DicomSeries { Uid = StableUid.Of("attachment-series", row.TenantId, row.OrderId, document.Id), Description = title },
            InstanceUid = uid,
            InstanceNumber = index + 1,
            Kind = isPhotograph ? DicomImageKind.Photograph : DicomImageKind.SecondaryCapture,
            Now = scope.Now,
            Acquired = acquired,
            Title = title,
        };
    }

    /// <summary>The study of what came in documents of an order.</summary>
    private static string StudyUidOf(CaseRow row) => StableUid.Of("attachments", row.TenantId, row.OrderId);

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

    private static string MediaType(FhirNode attachment) => (attachment.Text("contentType") ?? "").Split(';')[0].Trim().ToLowerInvariant();
}
