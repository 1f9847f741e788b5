using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using SecondOpinion.Dicom;
using SecondOpinion.DicomWeb.Http;
using SecondOpinion.Storage;
using SecondOpinion.Storage.Model;

namespace SecondOpinion.DicomWeb;

/// <summary>Retrieve Metadata (PS3.18 10.4.1.1.2): the JSON written at ingest, streamed as one array, or as XML parts, with absolute BulkDataURIs.</summary>
internal sealed class RetrieveMetadata(InteropStore store)
{
    private const int Batch = 64;

    private static ReadOnlySpan<byte> BulkDataUri => "\"BulkDataURI\":\""u8;

    public async Task<DicomProblem?> HandleAsync(DicomWebRequest request)
    {
        if (DatasetBody.Negotiate(request) is not { } contentType)
        {
            return DatasetBody.NotAcceptable();
        }

        var instances = await store.ReadAsync(reader => StoredInstances.FindAsync(reader, request), request.Aborted);
        if (instances.Count == 0)
        {
            return DicomProblem.NotFound(StoredInstances.What(request));
        }

        var response = request.Response;
        var tag = Tag(instances, contentType + request.BaseUrl);
        response.Headers.ETag = tag;
        response.Headers.CacheControl = "private, no-cache";
        if (IsKnown(request.Request, tag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return null;
        }

        await (contentType == MediaTypes.DicomXml ? XmlAsync(request, instances) : JsonAsync(request, contentType, instances));
        return null;
    }

    private async Task JsonAsync(DicomWebRequest request, string contentType, IReadOnlyList<InstanceRow> instances)
    {
        await using var body = DatasetBody.Open(request, contentType, null);
        var buffer = new ArrayBufferWriter<byte>(64 << 10);
        for (var start = 0; start < instances.Count; start += Batch)
        {
            buffer.ResetWrittenCount();
            foreach (var document in await BatchAsync(request, instances, start))
            {
                buffer.Write(start == 0 && buffer.WrittenCount == 0 ? "["u8 : ","u8);
                WriteAbsolute(buffer, document, request.BaseUrl);
            }

            if (start + Batch >= instances.Count)
            {
                buffer.Write("]"u8);
            }

            await body.WriteAsync(buffer.WrittenMemory, request.Aborted);
        }
    }

    private async Task XmlAsync(DicomWebRequest request, IReadOnlyList<InstanceRow> instances)
    {
        request.Response.Headers.Vary = "Accept";
        var writer = new MultipartWriter(request.Response, MediaTypes.DicomXml);
        var buffer = new ArrayBufferWriter<byte>(16 << 10);
        for (var start = 0; start < instances.Count; start += Batch)
        {
            foreach (var document in await BatchAsync(request, instances, start))
            {
                buffer.ResetWrittenCount();
                WriteAbsolute(buffer, document, request.BaseUrl);
                await DatasetBody.WritePartAsync(request, writer, DicomJson.Read(buffer.WrittenSpan));
            }
        }

        await writer.EndAsync(request.Aborted);
    }

    /// <summary>Batches: a slow client holds neither all the documents nor a database snapshot. Instances never change, so batches agree.</summary>
    private Task<IReadOnlyList<byte[]>> BatchAsync(DicomWebRequest request, IReadOnlyList<InstanceRow> instances, int start)
    {
        var keys = instances.Skip(start).Take(Batch).Select(i => i.Key).ToArray();
        return store.ReadAsync(reader => reader.Studies.MetadataAsync(keys, request.Aborted), request.Aborted);
    }

    /// <summary>Puts the base before each relative URI. Inside a JSON string a quote is escaped, so the name with its quotes stands nowhere else.</summary>
    internal static void WriteAbsolute(IBufferWriter<byte> output, ReadOnlySpan<byte> json, string baseUrl)
    {
        var prefix = Encoding.UTF8.GetBytes(baseUrl + "/");
        while (true)
        {
            var at = json.IndexOf(BulkDataUri);
            if (at < 0)
            {
                output.Write(json);
                return;
            }

            at += BulkDataUri.Length;
            output.Write(json[..at]);
            output.Write(prefix);
            json = json[at..];
        }
    }

    private static string Tag(IReadOnlyList<InstanceRow> instances, string form)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(form));
        Span<byte> key = stackalloc byte[8];
        foreach (var instance in instances)
        {
            BinaryPrimitives.WriteInt64LittleEndian(key, instance.Key);
            hash.AppendData(key);
        }

        return $"W/\"{Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 12))}\"";
    }

    internal static bool IsKnown(HttpRequest request, string tag) =>
        request.Headers.IfNoneMatch.Any(v => v is not null && v.Split(',', StringSplitOptions.TrimEntries).Any(t => t == "*" || Opaque(t) == Opaque(tag)));

    // RFC 9110 8.8.3.2: weak comparison
    private static ReadOnlySpan<char> OpaqueSpan(string tag) => tag.StartsWith("W/", StringComparison.Ordinal) ? tag.AsSpan(2) : tag;

    private static string Opaque(string tag) => OpaqueSpan(tag).ToString();
}
