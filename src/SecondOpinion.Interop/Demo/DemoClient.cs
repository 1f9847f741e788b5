using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace SecondOpinion.Interop.Demo;

/// <summary>One party of the demo: sends requests with its token and prints each with status and time.</summary>
internal sealed class DemoClient : IDisposable
{
    private readonly HttpClient _http;
    private readonly string _party;
    private readonly TextWriter _print;

    public DemoClient(Uri server, string party, string token, TextWriter print)
    {
        _http = new HttpClient { BaseAddress = server };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        _party = party;
        _print = print;
    }

    public Task<JsonNode> GetAsync(string path, CancellationToken cancellation) => JsonAsync(new HttpRequestMessage(HttpMethod.Get, path), cancellation);

    public Task<JsonNode> PostAsync(string path, JsonNode body, CancellationToken cancellation) => JsonAsync(new HttpRequestMessage(HttpMethod.Post, path) { Content = Fhir(body) }, cancellation);

    public Task<JsonNode> PutAsync(string path, JsonNode body, int version, CancellationToken cancellation)
    {
        var request = new HttpRequestMessage(HttpMethod.Put, path) { Content = Fhir(body) };
        request.Headers.IfMatch.Add(new EntityTagHeaderValue(string.Create(CultureInfo.InvariantCulture, $"\"{version}\""), isWeak: true));
        return JsonAsync(request, cancellation);
    }

    public async Task<JsonNode> JsonAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        var bytes = await BytesAsync(request, cancellation);
        return JsonNode.Parse(bytes) ?? throw new DemoException($"{request.Method} {request.RequestUri} answered nothing");
    }

    public async Task<byte[]> BytesAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        using var response = await _http.SendAsync(request, cancellation);
        var body = await response.Content.ReadAsByteArrayAsync(cancellation);
        var line = string.Create(CultureInfo.InvariantCulture, $"   {_party,-8} {request.Method} {Shorten(PathOf(request.RequestUri!))}");
        await _print.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{line,-88} {(int)response.StatusCode}  {watch.Elapsed.TotalMilliseconds,6:0.0} ms  {body.Length,8} bytes"));
        request.Dispose();
        return response.IsSuccessStatusCode ? body : throw new DemoException($"{line.Trim()} answered {(int)response.StatusCode}: {Encoding.UTF8.GetString(body)}");
    }

    public void Dispose() => _http.Dispose();

    private static StringContent Fhir(JsonNode body) => new(body.ToJsonString(), Encoding.UTF8, "application/fhir+json");

    private static string PathOf(Uri uri) => uri.IsAbsoluteUri ? Uri.UnescapeDataString(uri.PathAndQuery) : "/" + uri;

    private static string Shorten(string url) => url.Length <= 72 ? url : url[..69] + "...";
}
