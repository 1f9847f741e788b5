using System.Security.Claims;

namespace SecondOpinion.Security;

/// <summary>Who sends a request, as a validated access token says it: one tenant, one client, perhaps a person, and what they may do.</summary>
public sealed record Caller(string TenantId, string ClientId, string? FhirUser, string? PatientId, IReadOnlyList<SmartScope> Scopes)
{
    /// <summary>Claim names the host maps every issuer's token to.</summary>
    public const string TenantClaim = "tenant";
    public const string ClientClaim = "client_id";
    public const string ScopeClaim = "scope";
    public const string FhirUserClaim = "fhirUser";
    public const string PatientClaim = "patient";

    /// <summary>The caller of an authenticated request; null when the token names no tenant or client.</summary>
    public static Caller? From(ClaimsPrincipal principal)
    {
        if (principal.Identity?.IsAuthenticated != true
            || principal.FindFirst(TenantClaim)?.Value is not { Length: > 0 } tenant
            || principal.FindFirst(ClientClaim)?.Value is not { Length: > 0 } client)
        {
            return null;
        }

        var scopes = new List<SmartScope>();
        foreach (var claim in principal.FindAll(ScopeClaim))
        {
            foreach (var text in claim.Value.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                if (SmartScope.TryParse(text, out var scope))
                {
                    scopes.Add(scope);
                }
            }
        }

        return new Caller(tenant, client, Relative(principal.FindFirst(FhirUserClaim)?.Value), principal.FindFirst(PatientClaim)?.Value, scopes);
    }

    /// <summary>The person behind the request: only a <c>user/</c> or <c>patient/</c> scope makes the token speak for one.</summary>
    public string? Person => Scopes.Any(s => s.Context != ScopeContext.System) ? FhirUser : null;

    /// <summary>What the token lets this caller do with resources of a type.</summary>
    public AccessDecision Decide(string resourceType, Permissions needed)
    {
        var filters = new List<string>();
        foreach (var scope in Scopes)
        {
            if (!scope.Covers(resourceType, needed) || (scope.Context == ScopeContext.Patient && PatientId is null))
            {
                continue;
            }

            if (scope.Context != ScopeContext.Patient && scope.Filter is null)
            {
                return AccessDecision.Full;
            }

            if (scope.Context != ScopeContext.Patient)
            {
                filters.Add(scope.Filter!);
            }
            else if (PatientCompartment.Includes(resourceType))
            {
                filters.AddRange(PatientCompartment.Filters(resourceType, PatientId!, scope.Filter));
            }
            else if (PatientCompartment.IsDirectory(resourceType) && (needed & ~(Permissions.Read | Permissions.Search)) == Permissions.None)
            {
                // What the compartment's resources point to and what says nothing of any patient.
                if (scope.Filter is null)
                {
                    return AccessDecision.Full;
                }

                filters.Add(scope.Filter);
            }
        }

        return filters.Count == 0 ? AccessDecision.Denied : new AccessDecision(true, filters);
    }

    /// <summary>Whether a user scope (not only system scopes) covers the type: what signing asks for.</summary>
    public bool HasUserScope(string resourceType, Permissions needed) =>
        FhirUser is not null && Scopes.Any(s => s.Context == ScopeContext.User && s.Covers(resourceType, needed));

    // fhirUser may be an absolute URL (SMART App Launch 2 scopes-and-launch-context): its last two segments are the reference.
    private static string? Relative(string? fhirUser)
    {
        if (string.IsNullOrEmpty(fhirUser))
        {
            return null;
        }

        var parts = fhirUser.TrimEnd('/').Split('/');
        return parts.Length >= 2 ? parts[^2] + "/" + parts[^1] : null;
    }
}

/// <summary>Whether a request may touch resources of a type, and under which conditions.</summary>
/// <param name="IsAllowed">False: 403.</param>
/// <param name="AnyOf">Search filters of which a resource must match at least one; empty: no condition.</param>
public sealed record AccessDecision(bool IsAllowed, IReadOnlyList<string> AnyOf)
{
    public static AccessDecision Full { get; } = new(true, []);

    public static AccessDecision Denied { get; } = new(false, []);
}
