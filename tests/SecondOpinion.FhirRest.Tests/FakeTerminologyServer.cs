using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace SecondOpinion.FhirRest.Tests;

/// <summary>A terminology server on loopback that answers what a test wants.</summary>
public sealed class FakeTerminologyServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private FakeTerminologyServer(WebApplication app) => _app = app;

    public string Url => _app.Urls.First() + "/tx";

    /// <summary>Path with query, decoded, of each request.</summary>
    public ConcurrentQueue<string> Asked { get; } = [];

    public ConcurrentQueue<string> Credentials { get; } = [];

    /// <summary>Yes, whatever it is asked.</summary>
    public static Task Good(HttpContext http) => SayAsync(http, """{"resourceType":"Parameters","parameter":[{"name":"result","valueBoolean":true},{"name":"display","valueString":"Right"}]}""");

    public Func<HttpContext, Task> Answer { get; set; } = Good;

    public static async Task<FakeTerminologyServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var server = new FakeTerminologyServer(app);
        app.Run(async http =>
        {
            server.Asked.Enqueue(http.Request.Path + Uri.UnescapeDataString(http.Request.QueryString.Value ?? ""));
            server.Credentials.Enqueue(http.Request.Headers.Authorization.ToString());
            await server.Answer(http);
        });
        await app.StartAsync();
        return server;
    }

    public static Task SayAsync(HttpContext http, string json, int status = 200)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/fhir+json";
        return http.Response.WriteAsync(json);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
