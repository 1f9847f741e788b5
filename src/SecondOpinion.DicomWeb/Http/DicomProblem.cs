using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace SecondOpinion.DicomWeb.Http;

/// <summary>Why a request is refused, and how that is said: application/problem+json (RFC 9457), the detail repeated as Warning 299 (PS3.18 8.5).</summary>
/// <param name="Available">Of a 406: the media types that can be had (RFC 9110 15.5.7).</param>
internal sealed record DicomProblem(int Status, string Title, string Detail, IReadOnlyList<string>? Available = null)
{
    public static DicomProblem BadRequest(string detail) => new(StatusCodes.Status400BadRequest, "Bad request", detail);

    public static DicomProblem NotFound(string what) => new(StatusCodes.Status404NotFound, "Not found", $"There is no such {what}.");

    public static DicomProblem NotAcceptable(string detail, params IReadOnlyList<string> available) =>
        new(StatusCodes.Status406NotAcceptable, "Not acceptable", detail, available);

    public static DicomProblem TooLarge(string detail) => new(StatusCodes.Status413PayloadTooLarge, "Too large", detail);

    public static DicomProblem UnsupportedMediaType(string detail) => new(StatusCodes.Status415UnsupportedMediaType, "Unsupported media type", detail);

    public async Task WriteAsync(HttpContext http, string service, string requestId)
    {
        var response = http.Response;
        response.Headers.ContentLength = null;
        response.Headers.ContentEncoding = default;
        response.Headers.ETag = default;
        response.StatusCode = Status;
        response.ContentType = "application/problem+json";
        Warn(response, service, Detail);
        if (HttpMethods.IsHead(http.Request.Method))
        {
            return;
        }

        using var buffer = new MemoryStream();
        await using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("type", "about:blank");
            json.WriteString("title", Title);
            json.WriteNumber("status", Status);
            json.WriteString("detail", Detail);
            json.WriteString("requestId", requestId);
            if (Available is { Count: > 0 })
            {
                json.WriteStartArray("available");
                foreach (var type in Available)
                {
                    json.WriteStringValue(type);
                }

                json.WriteEndArray();
            }

            json.WriteEndObject();
        }

        response.ContentLength = buffer.Length;
        await response.Body.WriteAsync(buffer.GetBuffer().AsMemory(0, (int)buffer.Length), http.RequestAborted);
    }

    /// <summary>Adds <c>Warning: 299 service: text</c> (PS3.18 8.4.3); characters that no header may hold are replaced.</summary>
    public static void Warn(HttpResponse response, string service, string text)
    {
        var clean = string.Create(Math.Min(text.Length, 1024), text, static (span, source) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                span[i] = source[i] is >= ' ' and <= '~' ? source[i] : '?';
            }
        });
        response.Headers.Append("Warning", $"299 {service}: {clean}");
    }
}
