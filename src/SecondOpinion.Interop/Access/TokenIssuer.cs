using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using SecondOpinion.Security;
using SecondOpinion.Storage.Model;

namespace SecondOpinion.Interop.Access;

/// <summary>Makes access tokens of the built-in issuer.</summary>
public sealed class TokenIssuer(SigningKeys keys, AuthOptions options, TimeProvider time)
{
    private readonly JsonWebTokenHandler _handler = new() { SetDefaultTimesOnTokenCreation = false };

    /// <summary>A signed JWT for a client with the given scopes.</summary>
    public async Task<string> IssueAsync(ClientRow client, string scopes, TimeSpan? lifetime, CancellationToken cancellation)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var claims = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            [JwtRegisteredClaimNames.Sub] = client.ClientId,
            [JwtRegisteredClaimNames.Jti] = Guid.NewGuid().ToString("N"),
            [Caller.ClientClaim] = client.ClientId,
            [Caller.TenantClaim] = client.TenantId,
            [Caller.ScopeClaim] = scopes,
        };
        if (client.FhirUser.Length > 0)
        {
            claims[Caller.FhirUserClaim] = client.FhirUser;
        }

        return _handler.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = options.BuiltInIssuer,
            Audience = options.Audience,
            IssuedAt = now,
            NotBefore = now,
            Expires = now + (lifetime ?? options.TokenLifetime),
            Claims = claims,
            SigningCredentials = await keys.TokenCredentialsAsync(cancellation),
        });
    }
}
