using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using SecondOpinion.Dicom;
using SecondOpinion.Dicom.Imaging;
using SecondOpinion.DicomWeb.Http;
using SecondOpinion.Storage;
using SecondOpinion.Storage.Model;

namespace SecondOpinion.DicomWeb;

/// <summary>
/// Retrieve Rendered and Thumbnail (PS3.18 10.4.1.1.3, 10.4.1.1.4): an image as a person shall see it. Of a series or study the instance in the middle stands
/// for all; an encapsulated PDF is sent as it is, a structured report as HTML or plain text.
/// </summary>
internal sealed class RetrieveRendered(InteropStore store, InstanceFiles files, Conversion conversion)
{
    private const string StructuredReports = "1.2.840.10008.5.1.4.1.1.88."; // PS3.6 table A-1: all SR storage classes

    private static readonly string[] s_available = [MediaTypes.Jpeg, MediaTypes.Png, MediaTypes.Gif];

    public async Task<DicomProblem?> HandleAsync(DicomWebRequest request, bool isThumbnail)
    {
        var instances = await store.ReadAsync(reader => StoredInstances.FindAsync(reader, request), request.Aborted);
        if (instances.Count == 0)
        {
            return DicomProblem.NotFound(StoredInstances.What(request));
        }

        if (RenderParameters.Parse(request, isThumbnail, out var options) is { } problem)
        {
            return problem;
        }

        var row = Representative(instances);
        if (!isThumbnail && row.SopClassUid == DicomUids.EncapsulatedPDFStorage)
        {
            return await DocumentAsync(request, row);
        }

        if (!isThumbnail && row.SopClassUid.StartsWith(StructuredReports, StringComparison.Ordinal))
        {
            return await ReportAsync(request, row);
        }

        if (row.PixelOffset is null && row.Rows is null)
        {
            return DicomProblem.NotAcceptable("There is no image to render.", "multipart/related; type=\"application/dicom\"");
        }

        List<int> frames = [0];
        if (request.Request.RouteValues.ContainsKey("frames") && RetrieveFrames.ParseFrames(request, row, out frames) is { } refused)
        {
            return refused;
        }

        if (isThumbnail && frames.Count > 1)
        {
            return DicomProblem.BadRequest("A thumbnail is of one frame.");
        }

        // Frame tables are read for one instance only.
        row = request.InstanceUid is not null ? row : await store.ReadAsync(r => r.Studies.WithFramesAsync(row, request.Aborted), request.Aborted) ?? row;
        return await SendAsync(request, row, frames, options);
    }

    /// <summary>Renders frames of one instance and sends them in the best accepted format.</summary>
    public async Task<DicomProblem?> SendAsync(DicomWebRequest request, InstanceRow row, List<int> frames, RenderOptions options)
    {
        if (Format(request) is not { } format)
        {
            return DicomProblem.NotAcceptable("Rendered images are sent as JPEG, PNG or GIF.", s_available);
        }

        options = options with { Format = format };
        var response = request.Response;
        var tag = Tag(request, row, format);
        response.Headers.ETag = tag;
        response.Headers.CacheControl = "private, no-cache";
        response.Headers.Vary = "Accept";
        if (RetrieveMetadata.IsKnown(request.Request, tag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return null;
        }

        var type = DicomRenderer.MediaType(format);
        try
        {
            var first = await RenderAsync(request, row, frames[0], options);
            if (frames.Count == 1)
            {
                response.ContentType = type;
                response.ContentLength = first.Length;
                await response.BodyWriter.WriteAsync(first, request.Aborted);
                return null;
            }

            var writer = new MultipartWriter(response, type);
            for (var i = 0; i < frames.Count; i++)
            {
                var image = i == 0 ? first : await RenderAsync(request, row, frames[i], options);
                writer.BeginPart(type, $"{request.BaseUrl}/studies/{request.StudyUid}/series/{request.SeriesUid}/instances/{request.InstanceUid}/frames/{frames[i] + 1}/rendered", image.Length);
                await response.BodyWriter.WriteAsync(image, request.Aborted);
            }

            await writer.EndAsync(request.Aborted);
            return null;
        }
        catch (Exception e) when (e is ImagingException or DicomException && !response.HasStarted)
        {
            return e is ImagingException { Code: ImagingError.InvalidOption } ? DicomProblem.BadRequest(e.Message)
                : e is ImagingException { Code: ImagingError.TooLarge } ? DicomProblem.TooLarge(e.Message + " (MaxRenderPixels, MaxTranscodeBytes)")
                : DicomProblem.NotAcceptable($"The image cannot be rendered: {e.Message}", "multipart/related; type=\"application/dicom\"; transfer-syntax=*");
        }
    }

    private async Task<byte[]> RenderAsync(DicomWebRequest request, InstanceRow row, int frame, RenderOptions options)
    {
        using var source = await files.FrameAsync(row, frame, request.Options.MaxTranscodeBytes, isRented: true, request.Aborted);
        return await conversion.RunAsync(() => DicomRenderer.RenderToArray(DicomImage.Open(source.File, options.MaxPixels), source.Frame, options), request.Aborted);
    }

    private async Task<DicomProblem?> DocumentAsync(DicomWebRequest request, InstanceRow row)
    {
        if (!request.Accepted.Any(r => !r.IsMultipart && r.Covers(MediaTypes.Pdf)))
        {
            return DicomProblem.NotAcceptable("The document is a PDF.", MediaTypes.Pdf);
        }

        var dataset = (await files.HeaderAsync(row, request.Aborted)).Dataset;
        var document = RetrieveBulkData.DocumentBytes(dataset, dataset.GetBytes(DicomTags.EncapsulatedDocument));
        if (document.IsEmpty)
        {
            return DicomProblem.NotAcceptable("The instance holds no document.", "multipart/related; type=\"application/dicom\"");
        }

        request.Response.ContentType = MediaTypes.Pdf;
        request.Response.ContentLength = document.Length;
        await request.Response.BodyWriter.WriteAsync(document, request.Aborted);
        return null;
    }

    /// <summary>PS3.18 8.7.4: text/html is the default of the text category.</summary>
    private async Task<DicomProblem?> ReportAsync(DicomWebRequest request, InstanceRow row)
    {
        var accepted = request.Accepted.Where(r => !r.IsMultipart).ToList();
        var type = accepted.FirstOrDefault(r => r.Covers(MediaTypes.Html) || r.Covers(MediaTypes.Text)) is not { } best ? null
            : best.Covers(MediaTypes.Html) ? MediaTypes.Html
            : MediaTypes.Text;
        if (type is null)
        {
            return DicomProblem.NotAcceptable("The structured report is sent as HTML or text.", MediaTypes.Html, MediaTypes.Text);
        }

        SrDocument report;
        try
        {
            report = SrDocument.Read((await files.HeaderAsync(row, request.Aborted)).Dataset);
        }
        catch (DicomException e)
        {
            return DicomProblem.NotAcceptable("The structured report cannot be shown: " + e.Message, "multipart/related; type=\"application/dicom\"");
        }

        var body = Encoding.UTF8.GetBytes(type == MediaTypes.Html ? report.ToHtml() : report.ToText());
        request.Response.ContentType = type + "; charset=utf-8";
        request.Response.ContentLength = body.Length;
        request.Response.Headers.ContentSecurityPolicy = "default-src 'none'; sandbox"; // the text came from outside; it is escaped, and this is the second lock
        await request.Response.BodyWriter.WriteAsync(body, request.Aborted);
        return null;
    }

    private static InstanceRow Representative(IReadOnlyList<InstanceRow> instances)
    {
        var images = instances.Where(i => i.PixelOffset is not null && i.Rows is not null && !i.IsFloatPixels).ToList();
        return images.Count > 0 ? images[images.Count / 2] : instances[0];
    }

    private static RenderFormat? Format(DicomWebRequest request)
    {
        foreach (var range in request.Accepted)
        {
            if (range.Covers(MediaTypes.Jpeg))
            {
                return RenderFormat.Jpeg;
            }

            if (range.Covers(MediaTypes.Png))
            {
                return RenderFormat.Png;
            }

            if (range.Covers(MediaTypes.Gif))
            {
                return RenderFormat.Gif;
            }
        }

        return null;
    }

    /// <summary>Instances never change, so an image is known by its instance and how it was asked for.</summary>
    private static string Tag(DicomWebRequest request, InstanceRow row, RenderFormat format)
    {
        var text = $"{row.Key} {format} {request.Request.Path} {request.Request.QueryString}";
        return $"W/\"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 12))}\"";
    }
}
