using System.Net.Http.Headers;
using SecondOpinion.Cases;
using SecondOpinion.Fhir;
using SecondOpinion.FhirRest.Edge;
using SecondOpinion.Storage;
using SecondOpinion.Storage.Audit;

namespace SecondOpinion.FhirRest.Subscriptions;

/// <summary>Sends one notification (FHIR R4 subscription.html#2.46.7.1): a POST to the endpoint, with the resource as its body or with none.</summary>
internal sealed class Notifier(FhirRestOptions options, AuditTrail audit, TimeProvider time) : IDisposable
{
    private readonly HttpClient _client = EndpointPolicy.CreateClient(options.Subscriptions);

    /// <summary>Null when the endpoint took it; else what went wrong, in words that may be shown to the subscriber.</summary>
    public async Task<string?> SendAsync(StoredResource subscription, StoredResource resource, CancellationToken cancellation)
    {
        var channel = subscription.Parse().Root["channel"];
        var endpoint = channel.Text("endpoint") ?? "";
        if (EndpointPolicy.Check(endpoint, options.Subscriptions) is { } wrong)
        {
            return "The endpoint is not called: " + wrong;
        }

        var requestId = Guid.NewGuid().ToString("N");
        using var message = new HttpRequestMessage(HttpMethod.Post, endpoint);
        message.Headers.TryAddWithoutValidation("X-Request-Id", requestId);
        foreach (var header in channel.All("header"))
        {
            if (SubscriptionRules.SplitHeader(header.Value) is var (name, value))
            {
                message.Headers.TryAddWithoutValidation(name, value);
            }
        }

        var format = MediaTypes.OfBody(channel.Text("payload"));
        message.Content = format switch
        {
            WireFormat.Json => Body(resource.Json, MediaTypes.FhirJson),
            WireFormat.Xml => Body(FhirXml.ToXml(resource.Parse()), MediaTypes.FhirXml),
            _ => new ByteArrayContent([]),
        };
        if (await TrySendAsync(message, cancellation) is { } error)
        {
            return error;
        }

        if (format is not null)
        {
            // Data left the server for the subscriber: an access like a read.
            await audit.RecordAsync(Entry(subscription, resource, requestId), cancellation);
        }

        return null;
    }

    public void Dispose() => _client.Dispose();

    private async Task<string?> TrySendAsync(HttpRequestMessage message, CancellationToken cancellation)
    {
        try
        {
            using var response = await _client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellation);
            return response.IsSuccessStatusCode ? null : $"The endpoint answered {(int)response.StatusCode}";
        }
        catch (HttpRequestException e)
        {
            return e.HttpRequestError switch
            {
                HttpRequestError.NameResolutionError => "The endpoint's name is not known",
                HttpRequestError.SecureConnectionError => "No secure connection to the endpoint could be made",
                _ => "The endpoint could not be reached",
            };
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return $"The endpoint did not answer within {options.Subscriptions.TimeoutSeconds} seconds";
        }
    }

    private AuditEntry Entry(StoredResource subscription, StoredResource resource, string requestId) => new(
        new Actor(subscription.TenantId, subscription.Reference, null),
        AuditAction.Read,
        "read",
        [resource.Reference],
        (resource.Type == "Patient" ? resource.Reference : PatientReference.Find(resource.Json.Span)) is { } patient ? [patient] : [],
        null,
        true,
        requestId,
        null,
        time.GetUtcNow(),
        resource.TenantId == subscription.TenantId ? null : [resource.TenantId]);

    private static ReadOnlyMemoryContent Body(ReadOnlyMemory<byte> bytes, string type)
    {
        var content = new ReadOnlyMemoryContent(bytes);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        return content;
    }
}
