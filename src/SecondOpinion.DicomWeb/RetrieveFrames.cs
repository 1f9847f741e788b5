using System.Globalization;
using Microsoft.AspNetCore.Http;
using SecondOpinion.Dicom;
using SecondOpinion.Dicom.Imaging;
using SecondOpinion.DicomWeb.Http;
using SecondOpinion.Storage;
using SecondOpinion.Storage.Model;

namespace SecondOpinion.DicomWeb;

/// <summary>Retrieve Frames (PS3.18 10.4.1.1.6): one part per frame, read by range from the stored file; decompressed when the client asks for raw pixels.</summary>
internal sealed class RetrieveFrames(InteropStore store, InstanceFiles files, Conversion conversion)
{
    public async Task<DicomProblem?> HandleAsync(DicomWebRequest request)
    {
        var row = await store.ReadAsync(reader => StoredInstances.FindOneAsync(reader, request), request.Aborted);
        if (row is null)
        {
            return DicomProblem.NotFound("instance");
        }

        return ParseFrames(request, row, out var frames) ?? await SendAsync(request, row, frames, null);
    }

    /// <summary>Frame numbers of the path, from 1. 0 and what is no number are 400, numbers beyond the last frame 404 (PS3.18 10.4.3).</summary>
    public static DicomProblem? ParseFrames(DicomWebRequest request, InstanceRow row, out List<int> frames)
    {
        frames = [];
        if (row.PixelOffset is null && row.Rows is null)
        {
            return DicomProblem.NotFound("frame: the instance has no pixel data");
        }

        foreach (var text in ((string?)request.Request.RouteValues["frames"] ?? "").Split(','))
        {
            if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < 1)
            {
                return DicomProblem.BadRequest("Frames are a list of numbers from 1, separated by commas.");
            }

            if (number > InstanceFiles.FrameCount(row))
            {
                return DicomProblem.NotFound("frame");
            }

            frames.Add(number - 1);
            if (frames.Count > request.Options.MaxFramesPerRequest)
            {
                return DicomProblem.TooLarge($"A request may name {request.Options.MaxFramesPerRequest} frames (MaxFramesPerRequest).");
            }
        }

        return null;
    }

    /// <param name="location">Content-Location of the frames; null: /frames/n.</param>
    public async Task<DicomProblem?> SendAsync(DicomWebRequest request, InstanceRow row, List<int> frames, string? location)
    {
        if (Choose(request, row, frames) is not { } offer)
        {
            return DicomProblem.NotAcceptable("The frames cannot be sent in an accepted media type and transfer syntax.", Available(row));
        }

        try
        {
            // The first one is fetched before the header goes out: what cannot be decoded is still a refusal then.
            var first = await FrameAsync(request, row, frames[0], offer);
            if (offer.IsSingle)
            {
                request.Response.ContentType = offer.ContentType;
                request.Response.ContentLength = first.Length;
                request.Response.Headers["Content-Location"] = Location(request, frames[0], location);
                await WriteAsync(request, row, first);
                return null;
            }

            var writer = new MultipartWriter(request.Response, offer.MediaType);
            for (var i = 0; i < frames.Count; i++)
            {
                var frame = i == 0 ? first : await FrameAsync(request, row, frames[i], offer);
                writer.BeginPart(offer.ContentType, Location(request, frames[i], location), frame.Length);
                await WriteAsync(request, row, frame);
            }

            await writer.EndAsync(request.Aborted);
            return null;
        }
        catch (Exception e) when (e is ImagingException or DicomException && !request.Response.HasStarted)
        {
            request.Response.ContentLength = null;
            return DicomProblem.NotAcceptable($"The frame cannot be decoded: {e.Message}", Available(row));
        }
    }

    private static Offer? Choose(DicomWebRequest request, InstanceRow row, List<int> frames)
    {
        var compressed = MediaTypes.OfCompressed(row.TransferSyntaxUid);
        foreach (var range in request.Accepted)
        {
            var isSingle = !range.IsMultipart && !range.IsAny;
            if (isSingle && frames.Count > 1)
            {
                continue;
            }

            var asked = range.TransferSyntax;
            if (compressed is not null)
            {
                var isAsStored = asked is null or "*" || asked == row.TransferSyntaxUid;
                if (compressed != MediaTypes.OctetStream && isAsStored && range.Covers(compressed))
                {
                    return new Offer(compressed, row.TransferSyntaxUid, false, isSingle);
                }

                if (range.Covers(MediaTypes.OctetStream) && asked is not null && isAsStored && request.Options.CompressedOctetStream)
                {
                    return new Offer(MediaTypes.OctetStream, row.TransferSyntaxUid, false, isSingle);
                }

                if (range.Covers(MediaTypes.OctetStream) && asked is null or "*" or DicomUids.ExplicitVRLittleEndian && DicomImage.CanDecode(row.TransferSyntaxUid))
                {
                    return new Offer(MediaTypes.OctetStream, DicomUids.ExplicitVRLittleEndian, true, isSingle);
                }
            }
            else if (range.Covers(MediaTypes.OctetStream) && asked is null or "*" or DicomUids.ExplicitVRLittleEndian)
            {
                return new Offer(MediaTypes.OctetStream, DicomUids.ExplicitVRLittleEndian, false, isSingle);
            }

            // Another compression than the stored one is made on the way, when there is an encoder.
            var target = asked is null or "*" ? MediaTypes.DefaultSyntaxOf(range.Inner) : asked;
            if (target is not null && MediaTypes.OfCompressed(target) is { } type && range.Inner == type && DicomImage.CanDecode(row.TransferSyntaxUid) && PixelTranscoder.CanWrite(target))
            {
                return new Offer(type, target, true, isSingle);
            }
        }

        return null;
    }

    private static IReadOnlyList<string> Available(InstanceRow row) =>
        MediaTypes.OfCompressed(row.TransferSyntaxUid) is { } compressed
            ? [$"multipart/related; type=\"{compressed}\"; transfer-syntax={row.TransferSyntaxUid}", "multipart/related; type=\"application/octet-stream\""]
            : ["multipart/related; type=\"application/octet-stream\"", MediaTypes.OctetStream];

    private async Task<FrameBytes> FrameAsync(DicomWebRequest request, InstanceRow row, int frame, Offer offer)
    {
        if (!offer.IsConverted && row.PixelOffset is not null && InstanceFiles.Ranges(row, frame) is { } ranges)
        {
            return new FrameBytes(ranges.Sum(r => r.Length), ranges, default);
        }

        var source = await files.FrameAsync(row, frame, request.Options.MaxTranscodeBytes, isRented: false, request.Aborted);
        var bytes = await conversion.RunAsync(() => offer.IsConverted ? Converted(source, offer.TransferSyntax, request.Aborted) : DicomImage.Open(source.File).FrameBytes(source.Frame), request.Aborted);
        return new FrameBytes(bytes.Length, null, bytes);
    }

    /// <summary>The pixels as a converted instance would have them, so that frames and instances agree.</summary>
    private static ReadOnlyMemory<byte> Converted(FrameFile source, string syntax, CancellationToken cancellation)
    {
        var converted = PixelTranscoder.Transcode(source.File, syntax, null, cancellation);
        return DicomImage.Open(converted).FrameBytes(source.Frame);
    }

    private async Task WriteAsync(DicomWebRequest request, InstanceRow row, FrameBytes frame)
    {
        if (frame.Ranges is null)
        {
            await request.Response.BodyWriter.WriteAsync(frame.Bytes, request.Aborted);
            return;
        }

        foreach (var (offset, length) in frame.Ranges)
        {
            await using var part = await files.OpenAsync(row, offset, length, request.Aborted);
            await BodyCopy.CopyAsync(request.Response.BodyWriter, part, length, request.Aborted);
        }
    }

    private static string Location(DicomWebRequest request, int frame, string? location) =>
        location ?? $"{request.BaseUrl}/studies/{request.StudyUid}/series/{request.SeriesUid}/instances/{request.InstanceUid}/frames/{frame + 1}";

    private sealed record Offer(string MediaType, string TransferSyntax, bool IsConverted, bool IsSingle)
    {
        public string ContentType => $"{MediaType}; transfer-syntax={TransferSyntax}";
    }

    private sealed record FrameBytes(long Length, IReadOnlyList<(long Offset, long Length)>? Ranges, ReadOnlyMemory<byte> Bytes);
}
