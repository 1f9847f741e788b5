using System.Globalization;
using System.Security.Cryptography;
using SecondOpinion.Cases.Intake;
using SecondOpinion.Dicom;
using SecondOpinion.Dicom.Imaging;
using SecondOpinion.Fhir;

namespace SecondOpinion.Cases.Projection;

/// <summary>
/// DICOM objects of images and PDF files that come in DocumentReferences. They form one study of their order; UIDs follow from document and content, so
/// that making an object twice gives the same one.
/// </summary>
public static class AttachmentDicom
{
    private static readonly string[] Images = ["image/jpeg", "image/jpg", "image/png", "image/tiff"];
    private const string Pdf = "application/pdf";

    /// <summary>Whether an attachment of a media type becomes a DICOM object.</summary>
    public static bool Takes(string mediaType) => mediaType == Pdf || Images.Contains(mediaType);

    /// <summary>The media type of an attachment, without parameters; empty when it has none.</summary>
    public static string MediaType(FhirNode attachment) => (attachment.Text("contentType") ?? "").Split(';')[0].Trim().ToLowerInvariant();

    /// <summary>Media types of a document that are neither text nor taken.</summary>
    public static IEnumerable<string> UnusableFormats(FhirResource document)
    {
        foreach (var content in document.Root.All("content"))
        {
            var type = MediaType(content["attachment"]);
            if (type.Length > 0 && !Takes(type) && !type.StartsWith("text/", StringComparison.Ordinal)
                && type is not ("application/xml" or "application/json" or "application/fhir+json" or "application/fhir+xml" or "application/rtf"))
            {
                yield return type;
            }
        }
    }

    /// <summary>The study of what came in documents of an order.</summary>
    public static string StudyUid(string tenant, string orderId) => StableUid.Of("attachments", tenant, orderId);

    /// <summary>The object of one attachment.</summary>
    public static string InstanceUid(string tenant, string orderId, string documentId, ReadOnlySpan<byte> bytes) =>
        StableUid.Of("attachment", tenant, orderId, documentId, Convert.ToHexStringLower(SHA256.HashData(bytes)));

    /// <summary>Makes the object of <c>content[index]</c>; 422 when the bytes are not what they are said to be.</summary>
    public static Outcome<DicomFile> Make(string tenant, FhirResource order, FhirResource? patient, FhirResource document, int index, byte[] bytes, DateTimeOffset now)
    {
        var attachment = document.Root.All("content").ElementAt(index)["attachment"];
        var type = MediaType(attachment);
        try
        {
            var input = Input(tenant, Order.From(order), PatientText.Of(patient), document, attachment, index, bytes, now);
            return type == Pdf ? MakeDicom.FromPdf(bytes, input) : MakeDicom.FromImage(bytes, input);
        }
        catch (Exception exception) when (exception is ImagingException or DicomException)
        {
            return Refusal.Of(
                RefusalKind.Unprocessable, "value", $"Attachment {index + 1} of DocumentReference/{document.Id} is no {type} that can be read: {exception.Message}",
                "image-unreadable", $"DocumentReference.content[{index}].attachment");
        }
    }

    private static MakeDicomInput Input(string tenant, Order order, PatientText patient, FhirResource document, FhirNode attachment, int index, byte[] bytes, DateTimeOffset now)
    {
        var root = document.Root;
        var title = attachment.Text("title") ?? root.Text("description") ?? root["type"].Display() ?? "Document";
        var acquired = Time(attachment.Text("creation"));
        var taken = acquired ?? Time(root.Text("date"));
        var isPhotograph = title.Contains("photo", StringComparison.OrdinalIgnoreCase)
            || root.All("category").Append(root["type"]).Any(c => c.Display()?.Contains("photo", StringComparison.OrdinalIgnoreCase) == true);
        return new MakeDicomInput
        {
            Patient = new DicomPatient(patient.Id, patient.Issuer, patient.Name, DicomTimes.Date(patient.BirthDate), patient.Sex),
            Study = new DicomStudy
            {
                Uid = StudyUid(tenant, order.Id),
                Date = taken is null ? null : DateOnly.FromDateTime(taken.Value),
                Time = taken is null ? null : TimeOnly.FromDateTime(taken.Value),
                AccessionNumber = order.Accessions.Count > 0 ? order.Accessions[0].Value : null,
                AccessionIssuer = order.Accessions.Count > 0 ? Identifier.Plain(order.Accessions[0].System) : null,
                Description = "Images sent with the order",
            },
            Series = new DicomSeries { Uid = StableUid.Of("attachment-series", tenant, order.Id, document.Id!), Description = title },
            InstanceUid = InstanceUid(tenant, order.Id, document.Id!, bytes),
            InstanceNumber = index + 1,
            Kind = isPhotograph ? DicomImageKind.Photograph : DicomImageKind.SecondaryCapture,
            Now = now,
            Acquired = acquired,
            Title = title,
        };
    }

    private static DateTime? Time(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at.UtcDateTime : null;
}
