using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace SecondOpinion.Storage.Tests;

/// <summary>As much of the S3 API as the blob store speaks, over real HTTP: one bucket in memory, path style, checksums checked, pages of two when listing.</summary>
internal sealed class FakeBucket : IAsyncDisposable
{
    private const int PageSize = 2;
    private static readonly XNamespace Xml = "http://s3.amazonaws.com/doc/2006-03-01/";
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, SortedDictionary<int, byte[]>> _uploads = new(StringComparer.Ordinal);

    private FakeBucket()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(k => k.Limits.MaxRequestBodySize = 1 << 30);
        _app = builder.Build();
        _app.Run(HandleAsync);
    }

    public ConcurrentDictionary<string, byte[]> Objects { get; } = new(StringComparer.Ordinal);

    /// <summary>Uploads of parts that neither ended nor were given up.</summary>
    public int OpenUploads => _uploads.Count;

    /// <summary>The part that is refused; 0 none.</summary>
    public int BrokenPart { get; set; }

    public int CheckedSums { get; private set; }

    public string Url => _app.Urls.Single();

    public static async Task<FakeBucket> StartAsync()
    {
        var bucket = new FakeBucket();
        await bucket._app.StartAsync();
        return bucket;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task HandleAsync(HttpContext http)
    {
        var parts = http.Request.Path.Value!.TrimStart('/').Split('/', 2);
        var key = parts.Length > 1 ? parts[1] : "";
        var query = http.Request.Query;
        if (parts[0] != "bucket" || !http.Request.Headers.Authorization.ToString().StartsWith("AWS4-HMAC-SHA256 Credential=key/", StringComparison.Ordinal))
        {
            await ErrorAsync(http, 403, "AccessDenied");
            return;
        }

        await (http.Request.Method switch
        {
            "GET" when key.Length == 0 => ListAsync(http),
            "GET" or "HEAD" => GetAsync(http, key),
            "PUT" when query.ContainsKey("uploadId") => PartAsync(http),
            "PUT" => PutAsync(http, key),
            "POST" when query.ContainsKey("uploads") => BeginAsync(http, key),
            "POST" => CompleteAsync(http, key),
            "DELETE" => DeleteAsync(http, key),
            _ => ErrorAsync(http, 405, "MethodNotAllowed"),
        });
    }

    private async Task PutAsync(HttpContext http, string key)
    {
        if (await BodyAsync(http) is { } body)
        {
            Objects[key] = body;
            http.Response.Headers.ETag = "\"e\"";
        }
    }

    private async Task PartAsync(HttpContext http)
    {
        var number = int.Parse(http.Request.Query["partNumber"]!, CultureInfo.InvariantCulture);
        if (number == BrokenPart)
        {
            await ErrorAsync(http, 403, "AccessDenied");
        }
        else if (await BodyAsync(http) is { } body)
        {
            _uploads[http.Request.Query["uploadId"]!][number] = body;
            http.Response.Headers.ETag = $"\"{number}\"";
            http.Response.Headers["x-amz-checksum-sha256"] = Convert.ToBase64String(SHA256.HashData(body));
        }
    }

    private Task BeginAsync(HttpContext http, string key)
    {
        var id = Guid.NewGuid().ToString("N");
        _uploads[id] = [];
        return XmlAsync(http, new XElement(Xml + "InitiateMultipartUploadResult", new XElement(Xml + "Bucket", "bucket"), new XElement(Xml + "Key", key), new XElement(Xml + "UploadId", id)));
    }

    private async Task CompleteAsync(HttpContext http, string key)
    {
        var body = XDocument.Parse(await new StreamReader(http.Request.Body).ReadToEndAsync());
        _uploads.TryRemove(http.Request.Query["uploadId"]!, out var parts);
        var numbers = body.Descendants().Where(e => e.Name.LocalName == "PartNumber").Select(e => int.Parse(e.Value, CultureInfo.InvariantCulture));
        Objects[key] = [.. numbers.SelectMany(n => parts![n])];
        await XmlAsync(http, new XElement(Xml + "CompleteMultipartUploadResult", new XElement(Xml + "Key", key), new XElement(Xml + "ETag", "\"m\"")));
    }

    private Task DeleteAsync(HttpContext http, string key)
    {
        if (http.Request.Query["uploadId"].ToString() is { Length: > 0 } upload)
        {
            _uploads.TryRemove(upload, out _);
        }
        else
        {
            Objects.TryRemove(key, out _);
        }

        http.Response.StatusCode = 204;
        return Task.CompletedTask;
    }

    private async Task GetAsync(HttpContext http, string key)
    {
        if (!Objects.TryGetValue(key, out var bytes))
        {
            await ErrorAsync(http, 404, "NoSuchKey");
            return;
        }

        var range = http.Request.GetTypedHeaders().Range?.Ranges.Single();
        var from = (int)(range?.From ?? 0);
        var to = (int)Math.Min(range?.To ?? bytes.Length - 1, bytes.Length - 1);
        http.Response.StatusCode = range is null ? 200 : 206;
        http.Response.Headers.LastModified = DateTimeOffset.UnixEpoch.AddDays(1).ToString("r", CultureInfo.InvariantCulture);
        http.Response.Headers.ETag = "\"e\"";
        http.Response.ContentLength = to - from + 1;
        if (http.Request.Method == "GET")
        {
            await http.Response.Body.WriteAsync(bytes.AsMemory(from, to - from + 1));
        }
    }

    private Task ListAsync(HttpContext http)
    {
        var after = http.Request.Query["continuation-token"].ToString();
        var prefix = http.Request.Query["prefix"].ToString();
        var keys = Objects.Keys.Where(k => k.StartsWith(prefix, StringComparison.Ordinal) && string.CompareOrdinal(k, after) > 0).Order(StringComparer.Ordinal).Take(PageSize + 1).ToList();
        var result = new XElement(Xml + "ListBucketResult", new XElement(Xml + "IsTruncated", keys.Count > PageSize ? "true" : "false"));
        if (keys.Count > PageSize)
        {
            result.Add(new XElement(Xml + "NextContinuationToken", keys[PageSize - 1]));
        }

        result.Add(keys.Take(PageSize).Select(k => new XElement(Xml + "Contents", new XElement(Xml + "Key", k), new XElement(Xml + "LastModified", "1970-01-02T00:00:00.000Z"), new XElement(Xml + "Size", Objects[k].Length))));
        return XmlAsync(http, result);
    }

    /// <summary>The body without its aws-chunked frame; null when it is not what its checksum says.</summary>
    private async Task<byte[]?> BodyAsync(HttpContext http)
    {
        using var memory = new MemoryStream();
        await http.Request.Body.CopyToAsync(memory);
        var body = memory.ToArray();
        var sum = http.Request.Headers["x-amz-checksum-sha256"].ToString();
        if (http.Request.Headers.ContentEncoding.ToString().Contains("aws-chunked", StringComparison.Ordinal))
        {
            (body, var trailer) = Unframe(body);
            sum = trailer.GetValueOrDefault("x-amz-checksum-sha256", sum);
        }

        if (sum != Convert.ToBase64String(SHA256.HashData(body)))
        {
            await ErrorAsync(http, 400, "BadDigest");
            return null;
        }

        CheckedSums++;
        return body;
    }

    private static (byte[] Body, Dictionary<string, string> Trailer) Unframe(byte[] framed)
    {
        var body = new MemoryStream();
        var at = 0;
        string Line()
        {
            var end = framed.AsSpan(at).IndexOf("\r\n"u8);
            var line = Encoding.ASCII.GetString(framed, at, end);
            at += end + 2;
            return line;
        }

        while (int.Parse(Line().Split(';')[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture) is > 0 and var size)
        {
            body.Write(framed, at, size);
            at += size + 2;
        }

        var trailer = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        while (at < framed.Length && Line() is { Length: > 0 } line)
        {
            var colon = line.IndexOf(':');
            trailer[line[..colon]] = line[(colon + 1)..];
        }

        return (body.ToArray(), trailer);
    }

    private static Task XmlAsync(HttpContext http, XElement element)
    {
        http.Response.ContentType = "application/xml";
        return http.Response.WriteAsync(element.ToString());
    }

    private static Task ErrorAsync(HttpContext http, int status, string code)
    {
        http.Response.StatusCode = status;
        return http.Request.Method == "HEAD" ? Task.CompletedTask : XmlAsync(http, new XElement("Error", new XElement("Code", code), new XElement("Message", ((HttpStatusCode)status).ToString())));
    }
}
