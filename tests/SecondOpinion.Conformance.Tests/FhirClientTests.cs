using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using SecondOpinion.Fhir;
using SecondOpinion.TestKit;
using Xunit;

namespace SecondOpinion.Conformance.Tests;

/// <summary>What FHIR client software sends, to the real program.</summary>
public sealed class FhirClientTests(FhirClientTests.Server server) : IClassFixture<FhirClientTests.Server>
{
    private const string RecordedId = "id-of-the-created-patient";

    public sealed class Server : IAsyncLifetime
    {
        public ServerProcess Process { get; private set; } = null!;

        public HttpClient Practice { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Process = await ServerProcess.StartAsync();
            Practice = Process.Client(Process.Token("demo-practice"));
        }

        public ValueTask DisposeAsync()
        {
            Practice.Dispose();
            return Process.DisposeAsync();
        }
    }

    /// <summary>Data/fhir-kit-client.mjs records them.</summary>
    [Fact]
    public async Task Requests_of_fhir_kit_client_are_answered_as_it_expects()
    {
        var id = RecordedId;
        var lines = await File.ReadAllLinesAsync(Path.Combine(Repository.Root, "tests", "SecondOpinion.Conformance.Tests", "Data", "fhir-kit-client.jsonl"));
        foreach (var line in lines)
        {
            var recorded = JsonNode.Parse(line.Replace(RecordedId, id, StringComparison.Ordinal))!;
            using var request = new HttpRequestMessage(new HttpMethod((string)recorded["method"]!), (string)recorded["path"]!);
            var headers = recorded["headers"]!.AsObject().ToDictionary(h => h.Key, h => (string)h.Value!);
            if (headers.Remove("content-type", out var type))
            {
                request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes((string?)recorded["body"] ?? ""));
                request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
            }

            foreach (var (name, value) in headers)
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }

            using var response = await server.Practice.SendAsync(request);
            var body = await response.Content.ReadAsByteArrayAsync();
            Assert.True((int)recorded["status"]! == (int)response.StatusCode, $"{line}: {(int)response.StatusCode} {Encoding.UTF8.GetString(body)}");
            if (body.Length == 0)
            {
                continue;
            }

            var resource = FhirResource.Parse(body);
            Assert.DoesNotContain(FhirValidator.Validate(resource), i => i.IsError);
            id = response.StatusCode == System.Net.HttpStatusCode.Created ? resource.Id! : id;
        }

        Assert.NotEqual(RecordedId, id);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Image_of_some_megabytes_goes_inside_a_resource(bool hasLength)
    {
        var json = "{\"resourceType\":\"Binary\",\"contentType\":\"image/png\",\"data\":\"" + Convert.ToBase64String(new byte[3 << 20]) + "\"}";
        using var request = new HttpRequestMessage(HttpMethod.Post, "fhir/Binary") { Content = new StringContent(json, Encoding.UTF8, "application/fhir+json") };
        request.Headers.TransferEncodingChunked = !hasLength;

        Assert.Equal(201, (int)(await server.Practice.SendAsync(request)).StatusCode);
    }
}
