using System.ComponentModel.DataAnnotations;

namespace SecondOpinion.Interop.Hosting;

/// <summary>An organization that is registered at start (configuration list <c>Tenants</c>).</summary>
public sealed class TenantOptions
{
    /// <summary>Logical id of its Organization.</summary>
    [Required, RegularExpression("[A-Za-z0-9\\-.]{1,64}")]
    public string Id { get; set; } = "";

    [Required]
    public string Name { get; set; } = "";

    /// <summary>Whether orders may be routed to it.</summary>
    public bool IsReader { get; set; }

    public List<ClientOptions> Clients { get; } = [];
}

/// <summary>Software of a tenant that may ask for tokens (SMART Backend Services).</summary>
public sealed class ClientOptions
{
    [Required]
    public string ClientId { get; set; } = "";

    /// <summary>JSON Web Key Set, inline.</summary>
    public string? Jwks { get; set; }

    /// <summary>Where its JSON Web Key Set is.</summary>
    public string? JwksUrl { get; set; }

    [Required]
    public string Scopes { get; set; } = "system/*.cruds";

    /// <summary>The person it speaks for, for example <c>Practitioner/123</c>.</summary>
    public string? FhirUser { get; set; }
}
