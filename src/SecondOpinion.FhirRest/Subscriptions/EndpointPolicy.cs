using System.Net;
using System.Net.Sockets;
using SecondOpinion.Fhir;

namespace SecondOpinion.FhirRest.Subscriptions;

/// <summary>
/// Which URLs of clients the server calls: https beyond its own networks, unless options allow more. The address is checked when the connection is made, so that a
/// name which changes its address, or a redirect, leads nowhere else.
/// </summary>
internal static class EndpointPolicy
{
    /// <summary>What is wrong with a URL as such; null when it may be tried.</summary>
    public static string? Check(string url, SubscriptionOptions options)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme is not ("https" or "http") || uri.Host.Length == 0)
        {
            return "it is not an absolute https URL";
        }

        if (uri.UserInfo.Length > 0 || uri.Fragment.Length > 0)
        {
            return "it must not contain credentials or a fragment";
        }

        var loopback = uri.IsLoopback;
        if (uri.Scheme == "http" && !options.AllowHttp && !(loopback && options.AllowLoopback))
        {
            return "only https is allowed";
        }

        if (loopback && !options.AllowLoopback)
        {
            return "it is on this machine";
        }

        return IPAddress.TryParse(uri.Host.Trim('[', ']'), out var address) && !IsAllowed(address, options) ? "its address is in a network that is not called" : null;
    }

    /// <summary>Whether an address may be connected to.</summary>
    public static bool IsAllowed(IPAddress address, SubscriptionOptions options)
    {
        address = Inner(address);
        if (IPAddress.IsLoopback(address))
        {
            return options.AllowLoopback;
        }

        var bytes = address.GetAddressBytes();
        if (address.AddressFamily == AddressFamily.InterNetworkV6)
        {
            return (bytes[0], bytes[1]) switch
            {
                // fc00::/7 unique local
                (0xfc or 0xfd, _) => options.AllowPrivateNetworks,

                // 2000::/3 global unicast, without documentation (2001:db8::/32) and Teredo (2001::/32)
                (0x20, 0x01) => !((bytes[2] == 0x0d && bytes[3] == 0xb8) || (bytes[2] == 0 && bytes[3] == 0)),
                ( >= 0x20 and <= 0x3f, _) => true,
                _ => false,
            };
        }

        return (bytes[0], bytes[1], bytes[2]) switch
        {
            (10, _, _) or (172, >= 16 and <= 31, _) or (192, 168, _) or (100, >= 64 and <= 127, _) => options.AllowPrivateNetworks,

            // this network, link-local (cloud metadata), protocol assignments, documentation, benchmarks, multicast, reserved
            (0 or >= 224, _, _) or (169, 254, _) or (192, 0, 0 or 2) or (198, 18 or 19, _) or (198, 51, 100) or (203, 0, 113) => false,
            _ => true,
        };
    }

    /// <summary>A client that connects only where the policy allows and follows no redirects.</summary>
    public static HttpClient CreateClient(SubscriptionOptions options)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            MaxConnectionsPerServer = 4,
            ConnectCallback = (context, cancellation) => ConnectAsync(context.DnsEndPoint, options, cancellation),
        };
        return new HttpClient(handler) { Timeout = TimeSpan.FromSeconds(options.TimeoutSeconds), MaxResponseContentBufferSize = 64 << 10 };
    }

    private static async ValueTask<Stream> ConnectAsync(DnsEndPoint target, SubscriptionOptions options, CancellationToken cancellation)
    {
        var addresses = await Dns.GetHostAddressesAsync(target.Host, cancellation);
        var allowed = Array.FindAll(addresses, a => IsAllowed(a, options));
        if (allowed.Length == 0)
        {
            throw new HttpRequestException("The endpoint's address is in a network that is not called");
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, target.Port, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>The IPv4 address inside mapped, NAT64 (64:ff9b::/96) and 6to4 (2002::/16) addresses; else the address itself.</summary>
    private static IPAddress Inner(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return address;
        }

        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4();
        }

        var bytes = address.GetAddressBytes();
        if (bytes.AsSpan(0, 12).SequenceEqual((ReadOnlySpan<byte>)[0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0]))
        {
            return new IPAddress(bytes.AsSpan(12, 4));
        }

        return bytes[0] == 0x20 && bytes[1] == 0x02 ? new IPAddress(bytes.AsSpan(2, 4)) : address;
    }
}
