using System.Text.Json.Nodes;
using System.Threading.Channels;

namespace SecondOpinion.Interop.Demo;

/// <summary>The practice's end of a rest-hook Subscription: a small HTTP server on this machine.</summary>
internal sealed class DemoSubscriber : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Channel<JsonNode?> _received = Channel.CreateUnbounded<JsonNode?>();

    private DemoSubscriber()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.MapFallback(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            var body = await reader.ReadToEndAsync(context.RequestAborted);
            _received.Writer.TryWrite(body.Length == 0 ? null : JsonNode.Parse(body));
            context.Response.StatusCode = StatusCodes.Status204NoContent;
        });
    }

    public string Endpoint => _app.Urls.First() + "/results";

    public static async Task<DemoSubscriber> StartAsync(CancellationToken cancellation)
    {
        var subscriber = new DemoSubscriber();
        await subscriber._app.StartAsync(cancellation);
        return subscriber;
    }

    /// <summary>The next notification.</summary>
    public async Task<JsonNode?> NextAsync(TimeSpan patience, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(patience);
        try
        {
            return await _received.Reader.ReadAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new DemoException($"no notification within {patience.TotalSeconds:0} s");
        }
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}
