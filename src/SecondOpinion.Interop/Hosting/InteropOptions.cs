using System.ComponentModel.DataAnnotations;
using System.Net;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.HttpOverrides;
using SecondOpinion.Interop.Access;

namespace SecondOpinion.Interop.Hosting;

/// <summary>What the host itself is told: where data is, whom to trust, who may call from a browser. Validated before anything starts.</summary>
public sealed class InteropOptions
{
    /// <summary>Configuration key <c>Data</c>: folder of the database and the images; default <c>data</c> in the current folder.</summary>
    public required string DataFolder { get; init; }

    public required bool IsDevelopment { get; init; }

    /// <summary>Configuration key <c>PublicUrl</c>: how clients reach this server, for links in answers; null: taken from each request.</summary>
    public string? PublicUrl { get; init; }

    /// <summary>Configuration key <c>AllowPlainHttp</c>: listen without TLS beyond loopback, for a server behind a TLS proxy.</summary>
    public bool AllowPlainHttp { get; init; }

    /// <summary>Configuration key <c>JsonLogs</c>: one JSON object a line; default outside Development.</summary>
    public bool JsonLogs { get; init; }

    /// <summary>Configuration key <c>Quiet</c>: warnings only, to standard error; set by the commands that print something else.</summary>
    public bool IsQuiet { get; init; }

    /// <summary>Configuration list <c>Cors:Origins</c>: web viewers that may call from a browser; Development: any on loopback.</summary>
    public IReadOnlyList<string> CorsOrigins { get; init; } = [];

    /// <summary>Configuration list <c>TrustedProxies</c>: addresses whose X-Forwarded-For, -Host and -Proto are believed.</summary>
    public IReadOnlyList<string> TrustedProxies { get; init; } = [];

    public required AuthOptions Auth { get; init; }

    /// <summary>Configuration list <c>Tenants</c>.</summary>
    public IReadOnlyList<TenantOptions> Tenants { get; init; } = [];

    /// <summary>Configuration key <c>Urls</c>.</summary>
    public IReadOnlyList<string> Urls { get; init; } = [];

    /// <summary>Where stored links (Endpoint.address) and descriptions point: <see cref="PublicUrl"/>, else the first address that is listened on.</summary>
    public string Origin => PublicUrl ?? (Urls.Count > 0 && Uri.TryCreate(Urls[0], UriKind.Absolute, out var first) ? first.GetLeftPart(UriPartial.Authority) : "http://127.0.0.1:8080");

    /// <exception cref="StartRefusedException">Something is missing, wrong or unsafe.</exception>
    public static InteropOptions Read(IConfiguration configuration, bool isDevelopment)
    {
        var options = new InteropOptions
        {
            DataFolder = Path.GetFullPath(configuration["Data"] ?? "data"),
            IsDevelopment = isDevelopment,
            PublicUrl = configuration["PublicUrl"]?.TrimEnd('/'),
            AllowPlainHttp = configuration.GetValue("AllowPlainHttp", false),
            JsonLogs = configuration.GetValue("JsonLogs", !isDevelopment),
            IsQuiet = configuration.GetValue("Quiet", false),
            CorsOrigins = configuration.GetSection("Cors:Origins").Get<string[]>() ?? [],
            TrustedProxies = configuration.GetSection("TrustedProxies").Get<string[]>() ?? [],
            Auth = configuration.GetSection(AuthOptions.Section).Get<AuthOptions>() ?? new AuthOptions(),
            Tenants = configuration.GetSection("Tenants").Get<TenantOptions[]>() ?? [],
            Urls = (configuration["Urls"] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
        };
        options.Validate();
        return options;
    }

    public void ApplyCors(CorsPolicyBuilder policy)
    {
        if (IsDevelopment && CorsOrigins.Count == 0)
        {
            policy.SetIsOriginAllowed(origin => Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.IsLoopback);
        }
        else
        {
            policy.WithOrigins([.. CorsOrigins]);
        }

        policy.AllowAnyMethod().AllowAnyHeader()
            .WithExposedHeaders("Content-Location", "Content-Range", "ETag", "Last-Modified", "Location", "Warning", "WWW-Authenticate", "X-Request-Id")
            .SetPreflightMaxAge(TimeSpan.FromHours(1));
    }

    public ForwardedHeadersOptions ForwardedHeaders()
    {
        var forwarded = new ForwardedHeadersOptions
        {
            ForwardedHeaders = Microsoft.AspNetCore.HttpOverrides.ForwardedHeaders.XForwardedFor
                | Microsoft.AspNetCore.HttpOverrides.ForwardedHeaders.XForwardedHost
                | Microsoft.AspNetCore.HttpOverrides.ForwardedHeaders.XForwardedProto,
        };
        forwarded.KnownIPNetworks.Clear();
        forwarded.KnownProxies.Clear();
        foreach (var proxy in TrustedProxies)
        {
            forwarded.KnownProxies.Add(IPAddress.Parse(proxy));
        }

        return forwarded;
    }

    private void Validate()
    {
        Check(Auth, "Auth");
        foreach (var issuer in Auth.Issuers)
        {
            Check(issuer, "Auth:Issuers");
        }

        foreach (var tenant in Tenants)
        {
            Check(tenant, "Tenants");
            tenant.Clients.ForEach(client => Check(client, "Tenants:Clients"));
        }

        if (!IsDevelopment && Auth.Issuers.Count == 0 && !Auth.BuiltIn)
        {
            throw new StartRefusedException("no issuer of access tokens is configured. Set Auth:Issuers:0:Authority to an OpenID issuer, or Auth:BuiltIn to true to use the built-in SMART Backend Services endpoint with the registered clients.");
        }

        foreach (var issuer in Auth.Issuers)
        {
            if (!Uri.TryCreate(issuer.Authority, UriKind.Absolute, out var uri) || (uri.Scheme != Uri.UriSchemeHttps && !uri.IsLoopback))
            {
                throw new StartRefusedException($"Auth:Issuers: '{issuer.Authority}' is no https URL.");
            }
        }

        foreach (var proxy in TrustedProxies)
        {
            if (!IPAddress.TryParse(proxy, out _))
            {
                throw new StartRefusedException($"TrustedProxies: '{proxy}' is no IP address.");
            }
        }

        foreach (var url in Urls)
        {
            if (url.StartsWith("http://", StringComparison.OrdinalIgnoreCase) && !AllowPlainHttp && !IsLoopback(url))
            {
                throw new StartRefusedException($"'{url}' would carry patient data in plain HTTP beyond this machine. Use https, or set AllowPlainHttp to true when a TLS proxy stands in front.");
            }
        }
    }

    private static bool IsLoopback(string url)
    {
        // Kestrel allows wildcards (http://*:80, http://+:80) that Uri does not.
        return Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.IsLoopback;
    }

    private static void Check(object options, string section)
    {
        var problems = new List<ValidationResult>();
        if (!Validator.TryValidateObject(options, new ValidationContext(options), problems, validateAllProperties: true))
        {
            throw new StartRefusedException($"{section}: {string.Join("; ", problems.Select(p => p.ErrorMessage))}");
        }
    }
}
