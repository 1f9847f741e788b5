using Microsoft.AspNetCore.Http;
using SecondOpinion.Dicom;
using SecondOpinion.DicomWeb.Http;

namespace SecondOpinion.DicomWeb;

/// <summary>The answer to a store request: a status, and what became of each instance (PS3.18 10.5.3, Annex I.2).</summary>
internal sealed class StoreResponse(DicomWebRequest request, IReadOnlyList<StorePart> parts)
{
    public async Task WriteAsync()
    {
        var stored = parts.Where(p => p.Failure is null).ToList();
        var failed = parts.Where(p => p.Failure is not null).ToList();
        var studies = stored.Select(p => p.Staged!.StudyInstanceUid).Distinct().ToList();
        var response = request.Response;
        response.StatusCode = Status(stored, failed);
        foreach (var text in failed.Select(p => p.Message!).Distinct().Take(8))
        {
            request.Warn(text);
        }

        if (stored.Count > 0)
        {
            // RFC 9110 10.2.2: where what was created is; several studies have no one place.
            response.Headers.Location = stored.Count == 1 ? UrlOf(stored[0]) : studies.Count == 1 ? StudyUrl(studies[0]) : $"{request.BaseUrl}/studies";
        }

        request.AuditEntities.AddRange(studies.Select(s => "urn:oid:" + s));
        await DatasetBody.WriteAsync(request, DatasetOf(stored, failed, studies));
    }

    // PS3.18 table 10.5.3-1; warnings alone are 202.
    private static int Status(List<StorePart> stored, List<StorePart> failed)
    {
        if (stored.Count > 0)
        {
            return failed.Count > 0 || stored.Any(HasWarning) ? StatusCodes.Status202Accepted : StatusCodes.Status200OK;
        }

        return failed.TrueForAll(p => p.Failure == StoreReason.CannotUnderstand) ? StatusCodes.Status400BadRequest
            : failed.TrueForAll(p => p.Failure == StoreReason.OutOfResources) ? StatusCodes.Status413PayloadTooLarge
            : StatusCodes.Status409Conflict;
    }

    private DicomDataset DatasetOf(List<StorePart> stored, List<StorePart> failed, List<string> studies)
    {
        DicomDataset dataset = [];
        if (studies.Count == 1)
        {
            dataset.Set(DicomTags.RetrieveURL, StudyUrl(studies[0]));
        }
        else
        {
            dataset.SetEmpty(DicomTags.RetrieveURL); // type 2
        }

        // Type 1C: absent, never empty.
        SetItems(dataset, DicomTags.ReferencedSOPSequence, stored.Select(StoredItem));
        SetItems(dataset, DicomTags.FailedSOPSequence, failed.Where(p => p.SopInstanceUid is not null).Select(FailedItem));
        SetItems(dataset, DicomTags.OtherFailuresSequence, failed.Where(p => p.SopInstanceUid is null).Select(p => new DicomDataset().Set(DicomTags.FailureReason, (int)p.Failure!)));
        return dataset;
    }

    private DicomDataset StoredItem(StorePart part)
    {
        var item = Reference(part).Set(DicomTags.RetrieveURL, UrlOf(part));
        if (HasWarning(part))
        {
            item.Set(DicomTags.WarningReason, (int)StoreReason.WarningDoesNotMatchSopClass);
            item.SetItems(DicomTags.FailedAttributesSequence, [.. part.Staged!.InvalidAttributes.Select(tag =>
                new DicomDataset().Set(DicomTags.ErrorComment, DicomVr.LO, $"{tag} {tag.Keyword}: not a {DicomDictionary.VrOf(tag)} value"))]);
        }

        return item;
    }

    private static DicomDataset FailedItem(StorePart part) => Reference(part).Set(DicomTags.FailureReason, (int)part.Failure!);

    private static DicomDataset Reference(StorePart part)
    {
        var item = new DicomDataset().Set(DicomTags.ReferencedSOPInstanceUID, part.SopInstanceUid!);
        return part.SopClassUid is null ? item.SetEmpty(DicomTags.ReferencedSOPClassUID) : item.Set(DicomTags.ReferencedSOPClassUID, part.SopClassUid);
    }

    private static void SetItems(DicomDataset dataset, DicomTag tag, IEnumerable<DicomDataset> items)
    {
        DicomDataset[] all = [.. items];
        if (all.Length > 0)
        {
            dataset.SetItems(tag, all);
        }
    }

    private static bool HasWarning(StorePart part) => part.Staged!.InvalidAttributes.Count > 0;

    private string StudyUrl(string study) => $"{request.BaseUrl}/studies/{study}";

    private string UrlOf(StorePart part) => $"{StudyUrl(part.Staged!.StudyInstanceUid)}/series/{part.Staged.SeriesInstanceUid}/instances/{part.Staged.SopInstanceUid}";
}
