using SecondOpinion.Fhir;
using SecondOpinion.Fhir.Search;
using SecondOpinion.FhirRest.Edge;
using SecondOpinion.Security;

namespace SecondOpinion.FhirRest.Subscriptions;

/// <summary>What a Subscription must be before it is stored, and its activation (FHIR R4 subscription.html).</summary>
internal static class SubscriptionRules
{
    private const int MaxHeaders = 20;

    // What the server itself says about the message and the connection.
    private static readonly HashSet<string> OwnHeaders = new(StringComparer.OrdinalIgnoreCase)
    {
        "Host", "Content-Length", "Content-Type", "Content-Encoding", "Transfer-Encoding", "Connection", "Upgrade", "TE", "Trailer", "Expect", "Keep-Alive", "Proxy-Authorization",
        "Proxy-Connection", "X-Request-Id",
    };

    /// <summary>The Subscription as it is stored: active unless it is off. 422 for what this server does not deliver, 403 for criteria beyond the caller's scopes.</summary>
    public static Outcome<FhirResource> Accept(FhirResource subscription, Access access, SubscriptionOptions options, TimeProvider time)
    {
        var root = subscription.Root;
        if (CheckCriteria(root.Text("criteria") ?? "", access) is { } criteria)
        {
            return criteria;
        }

        if (CheckChannel(root["channel"], options) is { } channel)
        {
            return channel;
        }

        if (root.Text("status") == "off")
        {
            return subscription;
        }

        if (DateTimeOffset.TryParse(root.Text("end"), System.Globalization.CultureInfo.InvariantCulture, out var end) && end <= time.GetUtcNow())
        {
            return Refuse("value", "Subscription.end is in the past", "subscription-end", "Subscription.end");
        }

        // The server activates what a client requests; active and error are what a client read before it wrote.
        return subscription.With(json =>
        {
            json["status"] = "active";
            json.Remove("error");
        });
    }

    private static Refusal? CheckCriteria(string criteria, Access access)
    {
        var question = criteria.IndexOf('?', StringComparison.Ordinal);
        var type = question < 0 ? criteria : criteria[..question];
        if (!Types.IsSupported(type) || type is "AuditEvent" or "Subscription")
        {
            return Refuse("value", $"'{Types.Clip(type)}' cannot be subscribed to", "subscription-criteria", "Subscription.criteria");
        }

        if (access.Require(type, Permissions.Search) is { } forbidden)
        {
            return forbidden;
        }

        if (access.Filters(type, Permissions.Search) is not { Count: 0 })
        {
            // The scopes' conditions would have to hold at every delivery, when there is no token any more.
            return Refusal.Of(RefusalKind.Forbidden, "forbidden", $"The access token's scopes for {type} have conditions; a subscription needs a scope without", "scope-filter", "Subscription.criteria");
        }

        if (!SearchRequest.ParseQuery(type, question < 0 ? "" : criteria[(question + 1)..]).TryGet(out var request, out var refusal))
        {
            return new Refusal(RefusalKind.Unprocessable, [.. refusal.Issues.Select(i => i with { Expression = "Subscription.criteria" })]);
        }

        return request.Includes.Count > 0 || request.Page is not null
            ? Refuse("not-supported", "Criteria are conditions; includes and pages have no meaning in them", "subscription-criteria", "Subscription.criteria")
            : null;
    }

    private static Refusal? CheckChannel(FhirNode channel, SubscriptionOptions options)
    {
        if (channel.Text("type") != "rest-hook")
        {
            return Refuse("not-supported", $"The channel type '{Types.Clip(channel.Text("type") ?? "")}' is not supported; rest-hook is", "subscription-channel", "Subscription.channel.type");
        }

        if (channel.Text("payload") is { Length: > 0 } payload && MediaTypes.OfBody(payload) is null)
        {
            return Refuse("not-supported", $"The payload '{Types.Clip(payload)}' is not supported; allowed are application/fhir+json, application/fhir+xml, or none", "subscription-payload", "Subscription.channel.payload");
        }

        if (channel.Text("endpoint") is not { } endpoint)
        {
            return Refuse("required", "A rest-hook needs an endpoint", "subscription-endpoint", "Subscription.channel.endpoint");
        }

        if (EndpointPolicy.Check(endpoint, options) is { } wrong)
        {
            return Refuse("security", $"The endpoint is not called: {wrong}", "subscription-endpoint", "Subscription.channel.endpoint");
        }

        var count = 0;
        foreach (var header in channel.All("header"))
        {
            if (++count > MaxHeaders || SplitHeader(header.Value) is null)
            {
                return Refuse("value", $"Headers are 'Name: value', at most {MaxHeaders}, and none that the server sets itself", "subscription-header", "Subscription.channel.header");
            }
        }

        return null;
    }

    /// <summary>Name and value of a channel header; null when it is malformed or not the client's to set.</summary>
    public static (string Name, string Value)? SplitHeader(string? header)
    {
        var colon = header?.IndexOf(':', StringComparison.Ordinal) ?? -1;
        if (colon <= 0)
        {
            return null;
        }

        var (name, value) = (header![..colon].Trim(), header[(colon + 1)..].Trim());
        var isToken = name.All(c => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~".Contains(c, StringComparison.Ordinal));
        return isToken && name.Length > 0 && !OwnHeaders.Contains(name) && value.All(c => c is >= ' ' and < (char)127) ? (name, value) : null;
    }

    private static Refusal Refuse(string code, string message, string key, string expression) =>
        Refusal.Of(RefusalKind.Unprocessable, code, message, key, expression);
}
