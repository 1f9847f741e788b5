using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Xunit;

namespace SecondOpinion.Conformance.Tests;

/// <summary>Short forms of what the parties' software sends.</summary>
internal static class Http
{
    public static async Task<JsonNode> JsonAsync(this HttpClient http, string path, int status = 200)
    {
        using var response = await http.GetAsync(path);
        return await ReadAsync(response, status);
    }

    public static async Task<JsonNode> SendAsync(this HttpClient http, HttpMethod method, string path, JsonNode body, int status, string? ifMatch = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/fhir+json") };
        if (ifMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        }

        using var response = await http.SendAsync(request);
        return await ReadAsync(response, status);
    }

    /// <summary>STOW-RS of files.</summary>
    public static async Task<(int Status, JsonNode? Body)> StowAsync(this HttpClient http, IEnumerable<string> files, string path = "dicomweb/studies")
    {
        var content = new MultipartContent("related", "b-" + Guid.NewGuid().ToString("N"));
        content.Headers.ContentType!.Parameters.Add(new NameValueHeaderValue("type", "\"application/dicom\""));
        foreach (var file in files)
        {
            var part = new StreamContent(File.OpenRead(file));
            part.Headers.ContentType = new MediaTypeHeaderValue("application/dicom");
            content.Add(part);
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
        request.Headers.Accept.ParseAdd("application/dicom+json");
        using var response = await http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return ((int)response.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text));
    }

    public static JsonNode First(this JsonNode bundle) => bundle["entry"]![0]!["resource"]!.DeepClone();

    /// <summary>The logical id of the first created resource of a type in a transaction response.</summary>
    public static string Id(this JsonNode response, string type)
    {
        foreach (var entry in response["entry"]!.AsArray())
        {
            var parts = entry!["response"]!["location"]?.ToString().Split('/') ?? [];
            var at = Array.IndexOf(parts, type);
            if (at >= 0)
            {
                return parts[at + 1];
            }
        }

        throw new InvalidOperationException($"no {type} in {response.ToJsonString()}");
    }

    private static async Task<JsonNode> ReadAsync(HttpResponseMessage response, int status)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True((int)response.StatusCode == status, $"{response.RequestMessage!.Method} {response.RequestMessage.RequestUri} answered {(int)response.StatusCode}, not {status}: {text}");
        return text.Length == 0 ? new JsonObject() : JsonNode.Parse(text)!;
    }
}
