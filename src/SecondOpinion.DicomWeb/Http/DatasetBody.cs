using System.IO.Compression;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using SecondOpinion.Dicom;

namespace SecondOpinion.DicomWeb.Http;

/// <summary>Answers of data sets: an array in the DICOM JSON model, or one part for each in the Native DICOM Model (PS3.18 8.7.3.2, Annex F; PS3.19 A.1).</summary>
internal static class DatasetBody
{
    private static readonly string[] s_available = [MediaTypes.DicomJson, MediaTypes.Json, "multipart/related; type=\"application/dicom+xml\""];

    /// <summary>The type that the client prefers: one of the two JSON types, or that of XML parts; null when it takes none of them.</summary>
    public static string? Negotiate(DicomWebRequest request)
    {
        foreach (var range in request.Accepted)
        {
            // JSON is never multipart.
            if (!range.IsMultipart && range.Covers(MediaTypes.DicomJson))
            {
                return MediaTypes.DicomJson;
            }

            if (!range.IsMultipart && range.Covers(MediaTypes.Json))
            {
                return MediaTypes.Json;
            }

            // XML always is; a client that forgets to say so means it all the same.
            if (range.Covers(MediaTypes.DicomXml))
            {
                return MediaTypes.DicomXml;
            }
        }

        return null;
    }

    public static DicomProblem NotAcceptable() => DicomProblem.NotAcceptable("This resource is sent as JSON or as XML parts.", s_available);

    /// <summary>One data set.</summary>
    public static Task WriteAsync(DicomWebRequest request, DicomDataset dataset) =>
        Negotiate(request) == MediaTypes.DicomXml ? WriteXmlAsync(request, [dataset]) : WriteJsonAsync(request, json => DicomJson.Write(json, dataset));

    /// <summary>An array of data sets.</summary>
    public static Task WriteAsync(DicomWebRequest request, IReadOnlyList<DicomDataset> datasets) =>
        Negotiate(request) == MediaTypes.DicomXml
            ? WriteXmlAsync(request, datasets)
            : WriteJsonAsync(request, json =>
            {
                json.WriteStartArray();
                foreach (var dataset in datasets)
                {
                    DicomJson.Write(json, dataset);
                }

                json.WriteEndArray();
            });

    /// <summary>One part for each data set; an empty list is a body without parts.</summary>
    public static async Task WriteXmlAsync(DicomWebRequest request, IEnumerable<DicomDataset> datasets)
    {
        request.Response.Headers.Append("Vary", "Accept");
        var writer = new MultipartWriter(request.Response, MediaTypes.DicomXml);
        foreach (var dataset in datasets)
        {
            await WritePartAsync(request, writer, dataset);
        }

        await writer.EndAsync(request.Aborted);
    }

    public static async Task WritePartAsync(DicomWebRequest request, MultipartWriter writer, DicomDataset dataset)
    {
        var document = DicomXml.ToArray(dataset);
        writer.BeginPart(MediaTypes.DicomXml, null, document.Length);
        await request.Response.BodyWriter.WriteAsync(document, request.Aborted);
    }

    private static async Task WriteJsonAsync(DicomWebRequest request, Action<Utf8JsonWriter> write)
    {
        using var buffer = DicomWebMemory.Streams.GetStream();
        await using (var json = new Utf8JsonWriter((System.Buffers.IBufferWriter<byte>)buffer, DicomJson.WriterOptions))
        {
            write(json);
        }

        buffer.Position = 0;
        await using var body = Open(request, Negotiate(request) ?? MediaTypes.DicomJson, buffer.Length);
        await buffer.CopyToAsync(body, request.Aborted);
    }

    /// <summary>The response body, compressed when the client takes gzip and it pays.</summary>
    public static Stream Open(DicomWebRequest request, string contentType, long? length)
    {
        var response = request.Response;
        response.ContentType = contentType;
        response.Headers.Append("Vary", "Accept, Accept-Encoding");
        if ((length is null or > 2048) && TakesGzip(request.Request))
        {
            response.Headers.ContentEncoding = "gzip";
            return new GZipStream(response.Body, CompressionLevel.Fastest, leaveOpen: true);
        }

        response.ContentLength = length;
        return new Unclosed(response.Body);
    }

    private static bool TakesGzip(HttpRequest request)
    {
        foreach (var value in request.Headers.AcceptEncoding)
        {
            foreach (var coding in (value ?? "").Split(','))
            {
                var parts = coding.Split(';', StringSplitOptions.TrimEntries);
                if (parts[0].Trim().Equals("gzip", StringComparison.OrdinalIgnoreCase) && !Array.Exists(parts, p => p is "q=0" or "q=0.0" or "q=0.00" or "q=0.000"))
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>Lets both cases be disposed alike: the response's own stream is not ours to close.</summary>
    private sealed class Unclosed(Stream inner) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Flush() => inner.Flush();

        public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => inner.Write(buffer, offset, count);

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => inner.WriteAsync(buffer, offset, count, cancellationToken);

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => inner.WriteAsync(buffer, cancellationToken);
    }
}

/// <summary>Buffers of answers that are built before they are sent, without large objects.</summary>
internal static class DicomWebMemory
{
    public static Microsoft.IO.RecyclableMemoryStreamManager Streams { get; } = new();
}
