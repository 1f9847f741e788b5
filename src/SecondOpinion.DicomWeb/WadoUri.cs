using System.Globalization;
using Microsoft.AspNetCore.Http;
using SecondOpinion.Dicom;
using SecondOpinion.Dicom.Imaging;
using SecondOpinion.DicomWeb.Http;
using SecondOpinion.Storage;
using SecondOpinion.Storage.Dicom;
using SecondOpinion.Storage.Model;

namespace SecondOpinion.DicomWeb;

/// <summary>URI service (PS3.18 9): one instance by query parameters, as DICOM or rendered.</summary>
internal sealed class WadoUri(InteropStore store, InstanceFiles files, RetrieveInstance instances, RetrieveRendered rendered, Conversion conversion)
{
    private const int AnySide = 65_535;

    public async Task<DicomProblem?> HandleAsync(DicomWebRequest request)
    {
        var query = request.Request.Query;
        if (query["requestType"] != "WADO")
        {
            return DicomProblem.BadRequest("requestType must be WADO.");
        }

        foreach (var (name, value) in new[] { ("studyUID", "study"), ("seriesUID", "series"), ("objectUID", "instance") })
        {
            if (query[name] is not [{ } uid] || !StudyReads.IsUid(uid))
            {
                return DicomProblem.BadRequest($"{name} is missing or no UID.");
            }

            request.Request.RouteValues[value] = uid;
        }

        if (query.TryGetValue("anonymize", out _))
        {
            return DicomProblem.BadRequest("anonymize is not supported.");
        }

        var row = await store.ReadAsync(reader => StoredInstances.FindOneAsync(reader, request), request.Aborted);
        if (row is null)
        {
            return DicomProblem.NotFound("instance");
        }

        // PS3.18 9.1.2.2.1: contentType ranks before Accept. Without either: JPEG of a single-frame image, the file of anything else.
        request.UseAccepted(query["contentType"]);
        var isImage = row.PixelOffset is not null && row.Rows is not null;
        var wantsDicom = request.Accepted.FirstOrDefault(r => !r.IsAny && (r.Covers(MediaTypes.Dicom) || r.Covers(MediaTypes.Jpeg) || r.Covers(MediaTypes.Png) || r.Covers(MediaTypes.Gif))) is { } first
            ? first.Covers(MediaTypes.Dicom)
            : !isImage || (InstanceFiles.FrameCount(row) > 1 && !query.ContainsKey("frameNumber"));
        if (!wantsDicom)
        {
            return await RenderedAsync(request, row, query);
        }

        var asked = query["transferSyntax"].ToString();
        return conversion.Choose(row, asked.Length == 0 ? null : asked) is { } syntax
            ? await instances.SingleAsync(request, row, syntax, asked.Length == 0)
            : DicomProblem.NotAcceptable($"The instance cannot be sent in transfer syntax {(asked.Length > 64 ? "asked for" : asked)}.", "transferSyntax=" + row.TransferSyntaxUid);
    }

    private async Task<DicomProblem?> RenderedAsync(DicomWebRequest request, InstanceRow row, IQueryCollection query)
    {
        var frame = 1;
        if (query.TryGetValue("frameNumber", out var text) && (!int.TryParse(text.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out frame) || frame < 1))
        {
            return DicomProblem.BadRequest("frameNumber is a number from 1.");
        }

        if (frame > InstanceFiles.FrameCount(row) || (row.PixelOffset is null && row.Rows is null))
        {
            return DicomProblem.NotFound("frame");
        }

        if (Options(request, row, query, out var options) is { } refusal)
        {
            return refusal;
        }

        if (query.ContainsKey("presentationUID") || query.ContainsKey("presentationSeriesUID"))
        {
            var (problem, state) = await PresentationStateAsync(request, query);
            if (problem is not null)
            {
                return problem;
            }

            options = options with { PresentationState = state };
        }

        return await rendered.SendAsync(request, row, [frame - 1], options);
    }

    /// <summary>presentationSeriesUID and presentationUID (PS3.18 9.1.2.2): a Grayscale Softcopy Presentation State of the same study.</summary>
    private async Task<(DicomProblem? Problem, DicomDataset? State)> PresentationStateAsync(DicomWebRequest request, IQueryCollection query)
    {
        if (query["presentationSeriesUID"] is not [{ } series] || query["presentationUID"] is not [{ } uid] || !StudyReads.IsUid(series) || !StudyReads.IsUid(uid))
        {
            return (DicomProblem.BadRequest("presentationSeriesUID and presentationUID go together and are UIDs."), null);
        }

        if (query.ContainsKey("windowCenter") || query.ContainsKey("region"))
        {
            return (DicomProblem.BadRequest("A presentation state has its own window and area."), null);
        }

        var values = request.Request.RouteValues;
        var (imageSeries, image) = (values["series"], values["instance"]);
        (values["series"], values["instance"]) = (series, uid);
        var row = await store.ReadAsync(reader => StoredInstances.FindOneAsync(reader, request), request.Aborted);
        (values["series"], values["instance"]) = (imageSeries, image);
        return row is null ? (DicomProblem.NotFound("presentation state"), null)
            : row.SopClassUid != DicomUids.GrayscaleSoftcopyPresentationStateStorage || row.Size > request.Options.MaxTranscodeBytes
                ? (DicomProblem.BadRequest("presentationUID is no Grayscale Softcopy Presentation State."), null)
                : (null, (await files.WholeAsync(row, request.Aborted)).Dataset);
    }

    private static DicomProblem? Options(DicomWebRequest request, InstanceRow row, IQueryCollection query, out RenderOptions options)
    {
        options = RenderOptions.Default with { MaxPixels = request.Options.MaxRenderPixels };
        if (query.TryGetValue("imageQuality", out var quality))
        {
            if (Whole(quality.ToString(), 100) is not { } number)
            {
                return DicomProblem.BadRequest("imageQuality is a number from 1 to 100.");
            }

            options = options with { Quality = number };
        }

        if (query.ContainsKey("windowCenter") != query.ContainsKey("windowWidth"))
        {
            return DicomProblem.BadRequest("windowCenter and windowWidth go together.");
        }

        if (query.ContainsKey("windowCenter"))
        {
            if (RenderParameters.ParseWindow($"{query["windowCenter"]},{query["windowWidth"]},linear") is not { } window)
            {
                return DicomProblem.BadRequest("windowCenter and windowWidth are numbers, the width at least 1.");
            }

            options = options with { Window = window };
        }

        var annotation = query["annotation"].ToString();
        options = options with
        {
            AnnotatePatient = annotation.Contains("patient", StringComparison.Ordinal),
            AnnotateTechnique = annotation.Contains("technique", StringComparison.Ordinal),
        };
        return Viewport(row, query, ref options);
    }

    private static DicomProblem? Viewport(InstanceRow row, IQueryCollection query, ref RenderOptions options)
    {
        var (rows, columns) = (Whole(query["rows"].ToString(), AnySide), Whole(query["columns"].ToString(), AnySide));
        if ((query.ContainsKey("rows") && rows is null) || (query.ContainsKey("columns") && columns is null))
        {
            return DicomProblem.BadRequest("rows and columns are numbers from 1 to 65535.");
        }

        if (!query.TryGetValue("region", out var region))
        {
            options = rows is null && columns is null ? options : options with { Viewport = new Viewport(columns ?? AnySide, rows ?? AnySide) };
            return null;
        }

        // xmin,ymin,xmax,ymax as fractions of the image (PS3.18 9.1.2.2.7)
        var parts = region.ToString().Split(',');
        var corners = parts.Select(p => double.TryParse(p, NumberStyles.Float, CultureInfo.InvariantCulture, out var n) && n is >= 0 and <= 1 ? n : double.NaN).ToArray();
        if (corners.Length != 4 || corners.Any(double.IsNaN) || corners[2] <= corners[0] || corners[3] <= corners[1])
        {
            return DicomProblem.BadRequest("region is xmin,ymin,xmax,ymax, fractions from 0 to 1.");
        }

        var (width, height) = ((corners[2] - corners[0]) * (row.Columns ?? 1), (corners[3] - corners[1]) * (row.Rows ?? 1));
        var isUnscaled = rows is null && columns is null;
        options = options with
        {
            Viewport = new Viewport(
                isUnscaled ? Math.Max(1, (int)width) : columns ?? AnySide, isUnscaled ? Math.Max(1, (int)height) : rows ?? AnySide,
                corners[0] * (row.Columns ?? 1), corners[1] * (row.Rows ?? 1), Math.Max(1, width), Math.Max(1, height)),
        };
        return null;
    }

    private static int? Whole(string text, int max) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= max ? number : null;
}
