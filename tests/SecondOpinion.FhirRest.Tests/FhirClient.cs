using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Xunit;

namespace SecondOpinion.FhirRest.Tests;

/// <summary>Sends requests of one tenant.</summary>
public sealed class FhirClient(FhirHost host, string tenant, string scope, string? fhirUser, string? patient)
{
    public string Tenant { get; } = tenant;

    public FhirHost Host { get; } = host;

    public Task<Answer> GetAsync(string url, params (string, string)[] headers) => SendAsync("GET", url, null, headers);

    public Task<Answer> PostAsync(string url, string body, params (string, string)[] headers) => SendAsync("POST", url, body, headers);

    public Task<Answer> PutAsync(string url, string body, params (string, string)[] headers) => SendAsync("PUT", url, body, headers);

    public Task<Answer> DeleteAsync(string url, params (string, string)[] headers) => SendAsync("DELETE", url, null, headers);

    public Task<Answer> PatchAsync(string url, string body, params (string, string)[] headers) =>
        SendAsync("PATCH", url, body, [("Content-Type", "application/json-patch+json"), .. headers]);

    /// <summary>Creates a resource and returns its id.</summary>
    public async Task<string> CreateAsync(string json)
    {
        var answer = await PostAsync((string)JsonNode.Parse(json)!["resourceType"]!, json);
        answer.Is(HttpStatusCode.Created);
        return answer.Text("id")!;
    }

    public async Task<Answer> SendAsync(string method, string url, string? body, params (string Name, string Value)[] headers) =>
        await SendBytesAsync(method, url, body is null ? null : Encoding.UTF8.GetBytes(body), headers);

    public async Task<Answer> SendBytesAsync(string method, string url, byte[]? body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), url);
        var token = string.Join('|', Tenant, "client-of-" + Tenant, scope, fhirUser ?? "", patient ?? "");
        request.Headers.Authorization = new AuthenticationHeaderValue("Test", Convert.ToBase64String(Encoding.UTF8.GetBytes(token)));
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/fhir+json");
        }

        foreach (var (name, value) in headers)
        {
            if (name == "Content-Type")
            {
                request.Content!.Headers.ContentType = MediaTypeHeaderValue.Parse(value);
            }
            else if (name == "If-Modified-Since")
            {
                request.Headers.IfModifiedSince = DateTimeOffset.Parse(value);
            }
            else
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }
        }

        using var response = await Host.Client.SendAsync(request);
        return new Answer(response, await response.Content.ReadAsByteArrayAsync());
    }
}

/// <summary>A response, read.</summary>
public sealed class Answer
{
    private readonly Dictionary<string, string> _headers = new(StringComparer.OrdinalIgnoreCase);

    public Answer(HttpResponseMessage response, byte[] body)
    {
        Status = response.StatusCode;
        Bytes = body;
        foreach (var (name, values) in response.Headers.Concat(response.Content.Headers))
        {
            _headers[name] = string.Join(", ", values);
        }
    }

    public HttpStatusCode Status { get; }

    public byte[] Bytes { get; }

    public string Body => Encoding.UTF8.GetString(Bytes);

    public JsonNode Json => JsonNode.Parse(Body)!;

    public string? Header(string name) => _headers.GetValueOrDefault(name);

    /// <summary>A text by path: <c>meta.versionId</c>, <c>entry.0.response.status</c>.</summary>
    public string? Text(string path) => Node(path)?.ToString();

    public JsonNode? Node(string path)
    {
        JsonNode? node = Json;
        foreach (var step in path.Split('.'))
        {
            node = node switch
            {
                JsonArray array => int.Parse(step) < array.Count ? array[int.Parse(step)] : null,
                JsonObject o => o[step],
                _ => null,
            };
        }

        return node;
    }

    public int Count(string path) => Node(path) is JsonArray array ? array.Count : 0;

    /// <summary>Asserts the status; every refusal must be an OperationOutcome.</summary>
    public Answer Is(HttpStatusCode status)
    {
        Assert.True(Status == status, $"Expected {(int)status}, got {(int)Status}: {Body}");
        if ((int)status >= 400 && Bytes.Length > 0)
        {
            Assert.StartsWith("application/fhir+", Header("Content-Type"), StringComparison.Ordinal);
            if (Header("Content-Type")!.Contains("json", StringComparison.Ordinal))
            {
                Assert.Equal("OperationOutcome", Text("resourceType"));
            }
        }

        return this;
    }

    public Answer Is(int status) => Is((HttpStatusCode)status);
}
