using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace SecondOpinion.Conformance.Tests;

/// <summary>A real HTTP endpoint that a Subscription calls; it can be told to fail.</summary>
public sealed class Subscriber : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Subscriber(string url)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(url);
        _app = builder.Build();
        _app.MapFallback(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            var body = await reader.ReadToEndAsync();
            if (Fails)
            {
                Refused++;
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                return;
            }

            Received.Enqueue((context.Request.Method, context.Request.Path, context.Request.Headers["X-Practice-Key"].ToString(), body));
        });
    }

    public bool Fails { get; set; }

    public int Refused { get; private set; }

    public ConcurrentQueue<(string Method, string Path, string Key, string Body)> Received { get; } = new();

    public string Endpoint => _app.Urls.First() + "/hook";

    public static async Task<Subscriber> StartAsync(string url = "http://127.0.0.1:0")
    {
        var subscriber = new Subscriber(url);
        await subscriber._app.StartAsync();
        return subscriber;
    }

    /// <summary>Waits until a notification meets the condition.</summary>
    public async Task<string> WaitAsync(Func<string, bool> condition, int seconds = 30)
    {
        for (var end = DateTime.UtcNow.AddSeconds(seconds); DateTime.UtcNow < end; await Task.Delay(50))
        {
            foreach (var (_, _, _, body) in Received)
            {
                if (condition(body))
                {
                    return body;
                }
            }
        }

        throw new TimeoutException($"no such notification within {seconds} s; {Received.Count} others");
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}
