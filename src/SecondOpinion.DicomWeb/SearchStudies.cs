using Microsoft.AspNetCore.Http;
using SecondOpinion.Dicom;
using SecondOpinion.DicomWeb.Http;
using SecondOpinion.Storage;
using SecondOpinion.Storage.Dicom;

namespace SecondOpinion.DicomWeb;

/// <summary>Search transaction (PS3.18 10.6) on studies, series and instances, nested or not.</summary>
internal sealed class SearchStudies(InteropStore store)
{
    public async Task<DicomProblem?> HandleAsync(DicomWebRequest request, QueryLevel level)
    {
        if (DatasetBody.Negotiate(request) is null)
        {
            return DatasetBody.NotAcceptable();
        }

        var max = level == QueryLevel.Instance ? request.Options.MaxInstanceResults : request.Options.MaxResults;
        if (SearchParameters.Parse(request, max, out var parameters) is { } problem)
        {
            return problem;
        }

        var matches = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (path, value) in parameters.Matches)
        {
            if (value.Length == 0)
            {
                continue; // universal matching (PS3.4 C.2.2.2.3)
            }

            if (StudyQuery.CanMatch(level, path))
            {
                matches.Add(path, value);
            }
            else
            {
                // An optional key that is not supported for matching acts as a return key (PS3.4 C.2.2.1.3).
                request.Warn($"Matching on {Name(path)} is not supported for this resource. The key was not used for matching.");
            }
        }

        var query = new StudyQuery(level, request.StudyUid, request.SeriesUid, matches, parameters.Offset, parameters.Limit);
        var result = new SearchResult(parameters, query, request.BaseUrl);
        var (page, metadata) = await store.ReadAsync(async reader =>
        {
            var found = await new StudySearch(reader.Db).RunAsync(request.Tenant, query, request.Aborted);
            return (found, result.NeedsMetadata ? await MetadataAsync(reader, level, found.Results, request.Aborted) : null);
        }, request.Aborted);
        if (page.Remaining > 0)
        {
            // PS3.18 8.3.4.4
            var remaining = page.Remaining < StudyQueryPage.MaxCounted ? $"{page.Remaining}" : $"{StudyQueryPage.MaxCounted} or more";
            request.Warn($"There are {remaining} additional results that can be requested");
        }

        if (page.Results.Count == 0 && request.Options.EmptyResultIsNoContent)
        {
            request.Response.StatusCode = StatusCodes.Status204NoContent;
            return null;
        }

        request.AuditOwners.UnionWith(page.Results.Select(r => r.Study.TenantId));
        request.AuditEntities.AddRange(page.Results.Select(r => "urn:oid:" + r.Study.StudyInstanceUid).Distinct());
        request.Response.Headers.CacheControl = "no-cache";
        await DatasetBody.WriteAsync(request, page.Results.Select((r, i) => result.Of(r, metadata?[i])).ToList());
        return null;
    }

    /// <summary>For each result the metadata of its instance, or of its first one.</summary>
    private static async Task<List<DicomDataset?>> MetadataAsync(StoreReader reader, QueryLevel level, IReadOnlyList<StudyQueryResult> results, CancellationToken cancellation)
    {
        var datasets = new List<DicomDataset?>(results.Count);
        foreach (var result in results)
        {
            var json = level switch
            {
                QueryLevel.Study => await reader.Studies.FirstMetadataAsync(result.Study.Key, null, cancellation),
                QueryLevel.Series => await reader.Studies.FirstMetadataAsync(result.Study.Key, result.Series!.Key, cancellation),
                _ => await reader.Studies.MetadataAsync([result.Instance!.Key], cancellation) is [var one, ..] ? one : null,
            };
            datasets.Add(json is null ? null : DicomJson.Read(json));
        }

        return datasets;
    }

    private static string Name(string path) => string.Join('.', path.Split('.').Select(p => DicomTag.TryParse(p, out var tag) && tag.Keyword.Length > 0 ? tag.Keyword : p));
}
