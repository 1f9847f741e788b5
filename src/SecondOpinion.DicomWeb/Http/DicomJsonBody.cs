using System.IO.Compression;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using SecondOpinion.Dicom;

namespace SecondOpinion.DicomWeb.Http;

/// <summary>Answers in the DICOM JSON model (PS3.18 8.7.3.2, Annex F).</summary>
internal static class DicomJsonBody
{
    private static readonly string[] s_available = [MediaTypes.DicomJson, MediaTypes.Json];

    /// <summary>Which of the two JSON types the client prefers; null when it takes neither.</summary>
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
        }

        return null;
    }

    public static DicomProblem NotAcceptable() => DicomProblem.NotAcceptable("This resource is sent as JSON.", s_available);

    /// <summary>One data set.</summary>
    public static Task WriteAsync(DicomWebRequest request, DicomDataset dataset) => WriteAsync(request, json => DicomJson.Write(json, dataset));

    /// <summary>An array of data sets.</summary>
    public static Task WriteAsync(DicomWebRequest request, IReadOnlyList<DicomDataset> datasets) => WriteAsync(request, json =>
    {
        json.WriteStartArray();
        foreach (var dataset in datasets)
        {
            DicomJson.Write(json, dataset);
        }

        json.WriteEndArray();
    });

    private static async Task WriteAsync(DicomWebRequest request, Action<Utf8JsonWriter> write)
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
