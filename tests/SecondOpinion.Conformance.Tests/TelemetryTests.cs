using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Xunit;

namespace SecondOpinion.Conformance.Tests;

/// <summary>Traces reach a collector, and neither they nor the log carry what a search was for.</summary>
public sealed class TelemetryTests
{
    [Fact]
    public async Task Traces_reach_the_collector_without_patient_data()
    {
        var received = new ConcurrentQueue<(string Path, string Body)>();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var collector = builder.Build();
        collector.MapFallback(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            received.Enqueue((context.Request.Path, Encoding.Latin1.GetString(body.ToArray())));

        });
        await collector.StartAsync();

        await using var server = await ServerProcess.StartAsync(null, "--Telemetry:OtlpEndpoint", collector.Urls.First(), "--Telemetry:OtlpProtocol", "http/protobuf");
        using var http = server.Client(server.Token("demo-practice"));
        await http.JsonAsync("fhir/Patient?name=Findelkind");
        await http.JsonAsync("dicomweb/studies?PatientName=Findelkind*");
        for (var i = 0; i < 200 && !received.Any(r => r.Path == "/v1/traces" && r.Body.Contains("fhir/{type}", StringComparison.Ordinal)); i++)
        {
            await Task.Delay(100);
        }

        Assert.Contains(received, r => r.Path == "/v1/traces" && r.Body.Contains("fhir/{type}", StringComparison.Ordinal));
        Assert.DoesNotContain(received, r => r.Body.Contains("Findelkind", StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain("Findelkind", server.Output, StringComparison.OrdinalIgnoreCase);
    }
}
