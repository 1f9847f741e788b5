using System.ComponentModel.DataAnnotations;

namespace SecondOpinion.Interop.Access;

/// <summary>Whose access tokens are believed (configuration section <c>Auth</c>).</summary>
public sealed class AuthOptions
{
    public const string Section = "Auth";

    /// <summary>OpenID issuers of the sites that use this server.</summary>
    public List<IssuerOptions> Issuers { get; } = [];

    /// <summary>The built-in SMART Backend Services endpoint <c>/auth/token</c>. Default false; Development: true.</summary>
    public bool BuiltIn { get; set; }

    /// <summary><c>iss</c> of the tokens of the built-in endpoint.</summary>
    [Required]
    public string BuiltInIssuer { get; set; } = "urn:secondopinion:issuer";

    /// <summary><c>aud</c> that every token must have: this server.</summary>
    [Required]
    public string Audience { get; set; } = "urn:secondopinion:interop";

    /// <summary>Life of a token of the built-in endpoint; default 5 minutes (SMART Backend Services: should not exceed 5 minutes).</summary>
    [Range(typeof(TimeSpan), "00:00:30", "24:00:00")]
    public TimeSpan TokenLifetime { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Clock difference that is forgiven; default 30 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan ClockSkew { get; set; } = TimeSpan.FromSeconds(30);
}

/// <summary>An issuer that is trusted, and how its claims are named.</summary>
public sealed class IssuerOptions
{
    /// <summary><c>iss</c>, and where <c>/.well-known/openid-configuration</c> is found.</summary>
    [Required]
    public string Authority { get; set; } = "";

    /// <summary><c>aud</c> its tokens have; default <see cref="AuthOptions.Audience"/>.</summary>
    public string? Audience { get; set; }

    /// <summary>The tenant of every token of this issuer; null: the claim <see cref="TenantClaim"/> says it.</summary>
    public string? Tenant { get; set; }

    /// <summary>The claim that names the organization; default <c>tenant</c>.</summary>
    public string TenantClaim { get; set; } = "tenant";

    /// <summary>Tenants its tokens may name; empty: any registered one.</summary>
    public List<string> Tenants { get; } = [];
}
