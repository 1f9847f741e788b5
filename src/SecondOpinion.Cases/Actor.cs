namespace SecondOpinion.Cases;

/// <summary>Who acts on a case: the organization a request speaks for and, when a person is behind it, that person.</summary>
/// <param name="TenantId">Logical id of the organization the access token names.</param>
/// <param name="ClientId">The software that sent the request; null for the server itself.</param>
/// <param name="FhirUser">Reference of the person, for example <c>Practitioner/reader-demo</c>; null for a system client.</param>
public sealed record Actor(string TenantId, string? ClientId, string? FhirUser)
{
    /// <summary>The server itself, acting for a tenant: projections, routing, timers.</summary>
    public static Actor Server(string tenantId) => new(tenantId, null, null);

    /// <summary>Whether the server itself acts, not a client.</summary>
    public bool IsServer => ClientId is null;
}
