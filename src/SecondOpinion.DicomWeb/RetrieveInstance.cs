using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using SecondOpinion.Dicom;
using SecondOpinion.Dicom.Imaging;
using SecondOpinion.DicomWeb.Http;
using SecondOpinion.Storage;
using SecondOpinion.Storage.Blobs;
using SecondOpinion.Storage.Model;

namespace SecondOpinion.DicomWeb;

/// <summary>Retrieve Instance, Series, Study (PS3.18 10.4.1.1.1): Part 10 files, multipart or a single one, as stored or converted.</summary>
internal sealed class RetrieveInstance(InteropStore store, InstanceFiles files, Conversion conversion, ILogger<RetrieveInstance> logger)
{
    private static readonly string[] s_available =
        ["multipart/related; type=\"application/dicom\"", "multipart/related; type=\"application/dicom\"; transfer-syntax=*", "application/dicom (one instance)"];

    public async Task<DicomProblem?> HandleAsync(DicomWebRequest request)
    {
        var instances = await store.ReadAsync(reader => StoredInstances.FindAsync(reader, request), request.Aborted);
        if (instances.Count == 0)
        {
            return DicomProblem.NotFound(StoredInstances.What(request));
        }

        foreach (var range in request.Accepted)
        {
            if (!range.Covers(MediaTypes.Dicom))
            {
                continue;
            }

            // A single part holds one instance; "*/*" leaves the choice to the server, which takes the transaction's default.
            var isSingle = !range.IsMultipart && range.Type == MediaTypes.Dicom;
            var syntaxes = instances.Select(i => conversion.Choose(i, range.TransferSyntax)).ToList();
            if ((isSingle && request.InstanceUid is null) || syntaxes.Contains(null))
            {
                continue;
            }

            var isDefault = range.TransferSyntax is null;
            return await (isSingle ? SingleAsync(request, instances[0], syntaxes[0]!, isDefault) : MultipartAsync(request, instances, syntaxes!, isDefault));
        }

        return NotAcceptable(instances);
    }

    private static DicomProblem NotAcceptable(IReadOnlyList<InstanceRow> instances) => DicomProblem.NotAcceptable(
        "The resource cannot be sent in an accepted media type and transfer syntax.", [.. s_available, .. instances.Select(i => "transfer-syntax=" + i.TransferSyntaxUid).Distinct()]);

    /// <summary>Sends one file by itself.</summary>
    /// <param name="isDefault">No transfer syntax was asked for: a file that turns out not to be convertible may go as stored (PS3.18 8.7.3.5.2).</param>
    public async Task<DicomProblem?> SingleAsync(DicomWebRequest request, InstanceRow row, string syntax, bool isDefault)
    {
        var response = request.Response;
        if (await ContentAsync(request, row, syntax, isDefault) is not { } opened)
        {
            return NotAcceptable([row]);
        }

        await using var content = opened;
        response.ContentType = ContentType(content.TransferSyntax);
        response.ContentLength = content.Length;
        response.Headers.ContentDisposition = $"attachment; filename=\"{row.SopInstanceUid}.dcm\"";
        await BodyCopy.CopyAsync(response.BodyWriter, content.Stream, content.Length, request.Aborted);
        return null;
    }

    private async Task<DicomProblem?> MultipartAsync(DicomWebRequest request, IReadOnlyList<InstanceRow> instances, List<string> syntaxes, bool isDefault)
    {
        var series = request.SeriesUid is null ? await store.ReadAsync(r => r.Studies.SeriesUidsAsync(instances[0].StudyKey, request.Aborted), request.Aborted) : null;
        var writer = new MultipartWriter(request.Response, MediaTypes.Dicom);
        for (var i = 0; i < instances.Count; i++)
        {
            var row = instances[i];
            if (await ContentAsync(request, row, syntaxes[i], isDefault) is not { } opened)
            {
                return i == 0 ? NotAcceptable(instances) : throw new InvalidDataException("An instance of a multipart answer cannot be converted.");
            }

            await using var content = opened;
            var location = $"{request.BaseUrl}/studies/{request.StudyUid}/series/{request.SeriesUid ?? series![row.SeriesKey]}/instances/{row.SopInstanceUid}";
            writer.BeginPart(ContentType(content.TransferSyntax), location, content.Length);
            await BodyCopy.CopyAsync(request.Response.BodyWriter, content.Stream, content.Length, request.Aborted);
        }

        await writer.EndAsync(request.Aborted);
        return null;
    }

    /// <summary>The file's bytes in a transfer syntax; null when they cannot be had in it.</summary>
    private async Task<Content?> ContentAsync(DicomWebRequest request, InstanceRow row, string syntax, bool isDefault)
    {
        if (syntax != row.TransferSyntaxUid)
        {
            try
            {
                return await ConvertedAsync(row, syntax, request.Aborted);
            }
            catch (Exception e) when (e is ImagingException or DicomException)
            {
                if (!isDefault || MediaTypes.IsForbidden(row.TransferSyntaxUid))
                {
                    return null;
                }

                logger.SentAsStored(row.SopInstanceUid, syntax, e.Message);
            }
        }

        return new Content(await files.OpenAsync(row, 0, null, request.Aborted), row.Size, row.TransferSyntaxUid, null);
    }

    private async Task<Content> ConvertedAsync(InstanceRow row, string syntax, CancellationToken cancellation)
    {
        var temporary = files.Temporary();
        try
        {
            if (Conversion.CanStream(row) && syntax == DicomUids.ExplicitVRLittleEndian)
            {
                var header = await files.HeaderAsync(row, cancellation);
                await using var pixels = await files.OpenAsync(row, row.PixelOffset!.Value, row.PixelLength, cancellation);
                var source = new DicomPixelSource(pixels, row.PixelLength, header.PixelDataVr ?? DicomVr.OW);
                await conversion.RunAsync(() => Write(header.WithTransferSyntax(syntax), temporary.Content, new DicomWriteOptions { PixelData = source }), cancellation);
            }
            else
            {
                var file = await files.WholeAsync(row, cancellation);
                await conversion.RunAsync(() => Write(PixelTranscoder.Transcode(file, syntax, null, cancellation), temporary.Content, DicomWriteOptions.Default), cancellation);
            }

            var length = temporary.Content.Length;
            temporary.Content.Position = 0;
            return new Content(temporary.Content, length, syntax, temporary);
        }
        catch
        {
            await temporary.DisposeAsync();
            throw;
        }
    }

    private static bool Write(DicomFile file, Stream stream, DicomWriteOptions options)
    {
        file.Write(stream, options);
        stream.Flush();
        return true;
    }

    private static string ContentType(string syntax) => $"{MediaTypes.Dicom}; transfer-syntax={syntax}";

    private sealed record Content(Stream Stream, long Length, string TransferSyntax, BlobWriter? Temporary) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => Temporary?.DisposeAsync() ?? Stream.DisposeAsync();
    }
}
