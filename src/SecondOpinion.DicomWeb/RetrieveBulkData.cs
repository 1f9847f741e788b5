using System.Text;
using Microsoft.AspNetCore.Http;
using SecondOpinion.Dicom;
using SecondOpinion.DicomWeb.Http;
using SecondOpinion.Storage;
using SecondOpinion.Storage.Model;

namespace SecondOpinion.DicomWeb;

/// <summary>Retrieve Bulkdata (PS3.18 10.4.1.1.5): the value at a path that metadata named. Pixel data go by range or by frame, documents in their own media type.</summary>
internal sealed class RetrieveBulkData(InteropStore store, InstanceFiles files, RetrieveFrames frames)
{
    public async Task<DicomProblem?> HandleAsync(DicomWebRequest request)
    {
        var row = await store.ReadAsync(reader => StoredInstances.FindOneAsync(reader, request), request.Aborted);
        if (row is null)
        {
            return DicomProblem.NotFound("instance");
        }

        var path = ((string?)request.Request.RouteValues["path"] ?? "").ToUpperInvariant();
        var location = $"{request.BaseUrl}/studies/{request.StudyUid}/series/{request.SeriesUid}/instances/{request.InstanceUid}/bulkdata/{path}";
        if (row.PixelOffset is not null && (row.IsFloatPixels ? path is "7FE00008" or "7FE00009" : path is "7FE00010"))
        {
            return await PixelsAsync(request, row, location);
        }

        return await ValueAsync(request, row, path, location);
    }

    private async Task<DicomProblem?> PixelsAsync(DicomWebRequest request, InstanceRow row, string location)
    {
        if (row.Fragments.Length > 0)
        {
            return await frames.SendAsync(request, row, [.. Enumerable.Range(0, InstanceFiles.FrameCount(row))], location);
        }

        var syntax = DicomTransferSyntax.Of(row.TransferSyntaxUid);
        if (syntax.IsBigEndian || row.TransferSyntaxUid == DicomTransferSyntax.GePrivateImplicit)
        {
            return await ValueAsync(request, row, "7FE00010", location);
        }

        if (Choose(request, MediaTypes.OctetStream) is not { } offer)
        {
            return NotAcceptable(MediaTypes.OctetStream);
        }

        await using var content = await files.OpenAsync(row, row.PixelOffset!.Value, row.PixelLength, request.Aborted);
        await SendAsync(request, offer, location, row.PixelLength!.Value, content);
        return null;
    }

    private async Task<DicomProblem?> ValueAsync(DicomWebRequest request, InstanceRow row, string path, string location)
    {
        var isPixels = path == "7FE00010";
        if (isPixels && row.Size > request.Options.MaxTranscodeBytes)
        {
            return DicomProblem.NotAcceptable("The pixel data have to be converted and are larger than MaxTranscodeBytes.");
        }

        var file = isPixels ? await files.WholeAsync(row, request.Aborted) : await files.HeaderAsync(row, request.Aborted);
        if (!DicomPath.TryResolve(file.Dataset, path, out var holder, out var element) || element.IsEmpty || element.Vr == DicomVr.SQ)
        {
            return DicomProblem.NotFound("bulk data");
        }

        // Metadata are UTF-8, so bulk text is too.
        var bytes = element.Vr.IsText() ? Encoding.UTF8.GetBytes(holder.GetText(element.Tag) ?? "") : element.LittleEndianBytes();
        var type = MediaTypes.OctetStream;
        if (element.Tag == DicomTags.EncapsulatedDocument)
        {
            (type, bytes) = (DocumentType(holder), DocumentBytes(holder, bytes));
        }

        if ((Choose(request, type) ?? (type == MediaTypes.OctetStream ? null : Choose(request, MediaTypes.OctetStream))) is not { } offer)
        {
            return NotAcceptable(type);
        }

        using var content = new MemoryStream(bytes.ToArray(), writable: false);
        await SendAsync(request, offer, location, bytes.Length, content);
        return null;
    }

    /// <summary>MIME Type of Encapsulated Document (0042,0012), when it can stand in a header.</summary>
    internal static string DocumentType(DicomDataset dataset) =>
        MediaRange.ContentType(dataset.GetString(DicomTags.MIMETypeOfEncapsulatedDocument)) is { IsMultipart: false } type && type.Type.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '+' or '-' or '.' or '_')
            ? type.Type
            : MediaTypes.OctetStream;

    /// <summary>Without the padding byte, where the data set says how long the document is (0042,0015).</summary>
    internal static ReadOnlyMemory<byte> DocumentBytes(DicomDataset dataset, ReadOnlyMemory<byte> value) =>
        dataset.GetInt64(DicomTags.EncapsulatedDocumentLength) is { } length && length > 0 && length < value.Length ? value[..(int)length] : value;

    private static Offer? Choose(DicomWebRequest request, string type)
    {
        foreach (var range in request.Accepted)
        {
            if (range.Covers(type) && range.TransferSyntax is null or "*" or DicomUids.ExplicitVRLittleEndian)
            {
                return new Offer(type, range.IsMultipart);
            }
        }

        return null;
    }

    private static DicomProblem NotAcceptable(string type) => DicomProblem.NotAcceptable("The value cannot be sent in an accepted media type.", type, $"multipart/related; type=\"{type}\"");

    private static async Task SendAsync(DicomWebRequest request, Offer offer, string location, long length, Stream content)
    {
        var response = request.Response;
        if (!offer.IsMultipart)
        {
            response.ContentType = offer.Type;
            response.ContentLength = length;
            response.Headers["Content-Location"] = location;
            await BodyCopy.CopyAsync(response.BodyWriter, content, length, request.Aborted);
            return;
        }

        var writer = new MultipartWriter(response, offer.Type);
        writer.BeginPart(offer.Type == MediaTypes.OctetStream ? $"{offer.Type}; transfer-syntax={DicomUids.ExplicitVRLittleEndian}" : offer.Type, location, length);
        await BodyCopy.CopyAsync(response.BodyWriter, content, length, request.Aborted);
        await writer.EndAsync(request.Aborted);
    }

    private sealed record Offer(string Type, bool IsMultipart);
}
