using System.Collections.Concurrent;
using Microsoft.IdentityModel.Tokens;
using SecondOpinion.Storage.Model;

namespace SecondOpinion.Interop.Access;

/// <summary>Public keys of clients, inline or fetched from their JWKS URL, which is registered by the operator and therefore trusted; fetched sets are kept for five minutes.</summary>
public sealed class ClientKeys(IHttpClientFactory http, TimeProvider time)
{
    private const int MaxBytes = 256 * 1024;
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(5);
    private readonly ConcurrentDictionary<string, (DateTimeOffset At, IList<SecurityKey> Keys)> _fetched = new(StringComparer.Ordinal);

    public async Task<IList<SecurityKey>> OfAsync(ClientRow client, CancellationToken cancellation)
    {
        if (client.Jwks.Length > 0)
        {
            return new JsonWebKeySet(client.Jwks).GetSigningKeys();
        }

        if (client.JwksUrl.Length == 0)
        {
            return [];
        }

        if (_fetched.TryGetValue(client.JwksUrl, out var known) && time.GetUtcNow() - known.At < Life)
        {
            return known.Keys;
        }

        using var fetcher = http.CreateClient(nameof(ClientKeys));
        fetcher.MaxResponseContentBufferSize = MaxBytes;
        fetcher.Timeout = TimeSpan.FromSeconds(5);
        try
        {
            var keys = new JsonWebKeySet(await fetcher.GetStringAsync(new Uri(client.JwksUrl), cancellation)).GetSigningKeys();
            _fetched[client.JwksUrl] = (time.GetUtcNow(), keys);
            return keys;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException or ArgumentException && !cancellation.IsCancellationRequested)
        {
            // Without keys the assertion is refused as unverifiable; the client reads that as invalid_client.
            return [];
        }
    }
}
