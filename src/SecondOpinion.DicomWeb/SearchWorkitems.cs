using System.Buffers;
using Microsoft.AspNetCore.Http;
using SecondOpinion.Dicom;
using SecondOpinion.DicomWeb.Http;
using SecondOpinion.Storage;
using SecondOpinion.Storage.Dicom;
using SecondOpinion.Storage.Model;

namespace SecondOpinion.DicomWeb;

/// <summary>Search for work items (PS3.18 11.9). Each result is the whole data set, which holds every return attribute and every key.</summary>
internal sealed class SearchWorkitems(InteropStore store)
{
    public async Task<DicomProblem?> HandleAsync(DicomWebRequest request)
    {
        if (DatasetBody.Negotiate(request) is not { } contentType)
        {
            return DatasetBody.NotAcceptable();
        }

        if (SearchParameters.Parse(request, request.Options.MaxResults, out var parameters) is { } problem)
        {
            return problem;
        }

        foreach (var path in parameters.Matches.Keys.Where(k => parameters.Matches[k].Length == 0 || !WorkitemReads.CanMatch(k)).ToList())
        {
            if (parameters.Matches[path].Length > 0)
            {
                request.Warn($"Matching on {path} is not supported for work items. The key was not used for matching.");
            }

            parameters.Matches.Remove(path);
        }

        var (page, remaining) = await store.ReadAsync(
            reader => new WorkitemReads(reader.Db).SearchAsync(request.Tenant, parameters.Matches, parameters.Offset, parameters.Limit, request.Aborted), request.Aborted);
        if (remaining > 0)
        {
            request.Warn($"There are {(remaining < StudyQueryPage.MaxCounted ? $"{remaining}" : $"{StudyQueryPage.MaxCounted} or more")} additional results that can be requested");
        }

        if (page.Count == 0 && request.Options.EmptyResultIsNoContent)
        {
            request.Response.StatusCode = StatusCodes.Status204NoContent;
            return null;
        }

        request.AuditOwners.UnionWith(page.Select(w => w.TenantId));
        request.AuditEntities.AddRange(page.Select(w => "urn:oid:" + w.WorkitemUid));
        request.Response.Headers.CacheControl = "no-cache";
        await WriteAsync(request, contentType, page);
        return null;
    }

    internal static async Task WriteAsync(DicomWebRequest request, string contentType, IReadOnlyList<WorkitemRow> rows)
    {
        if (contentType == MediaTypes.DicomXml)
        {
            await DatasetBody.WriteXmlAsync(request, rows.Select(r => DicomJson.Read(WithoutTransaction(r.Json))));
            return;
        }

        var buffer = new ArrayBufferWriter<byte>(4096);
        for (var i = 0; i < rows.Count; i++)
        {
            buffer.Write(i == 0 ? "["u8 : ","u8);
            buffer.Write(WithoutTransaction(rows[i].Json));
        }

        buffer.Write(rows.Count == 0 ? "[]"u8 : "]"u8);
        await using var body = DatasetBody.Open(request, contentType, buffer.WrittenCount);
        await body.WriteAsync(buffer.WrittenMemory, request.Aborted);
    }

    /// <summary>Transaction UID (0008,1195) is the performer's secret (PS3.18 11.5): it is not stored here, and would not go out if it were.</summary>
    private static byte[] WithoutTransaction(byte[] json)
    {
        if (json.AsSpan().IndexOf("\"00081195\""u8) < 0)
        {
            return json;
        }

        var dataset = DicomJson.Read(json);
        dataset.Remove(DicomTags.TransactionUID);
        return DicomJson.ToArray(dataset);
    }
}
