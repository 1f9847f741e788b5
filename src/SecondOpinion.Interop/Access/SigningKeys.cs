using System.Security.Cryptography;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;
using SecondOpinion.Storage;
using SecondOpinion.Storage.Tenants;
using SecondOpinion.Storage.Model;

namespace SecondOpinion.Interop.Access;

/// <summary>The server's own keys as the token library wants them: the built-in issuer's configuration, read from the database and refreshed when an unknown key id appears.</summary>
public sealed class SigningKeys(TenantStore tenants, AuthOptions options, TimeProvider time) : IConfigurationManager<OpenIdConnectConfiguration>
{
    /// <summary><see cref="SigningKeyRow.Use"/> of access tokens.</summary>
    public const string TokenUse = "token";

    /// <summary><see cref="SigningKeyRow.Use"/> of signed reports.</summary>
    public const string ReportUse = "report";

    private static readonly TimeSpan RefreshInterval = TimeSpan.FromSeconds(5);

    private OpenIdConnectConfiguration? _cached;
    private DateTimeOffset _loaded;

    public async Task<OpenIdConnectConfiguration> GetConfigurationAsync(CancellationToken cancel)
    {
        if (_cached is { } cached)
        {
            return cached;
        }

        var configuration = new OpenIdConnectConfiguration { Issuer = options.BuiltInIssuer };
        foreach (var row in await tenants.SigningKeysAsync(TokenUse, cancel))
        {
            configuration.SigningKeys.Add(ToKey(row));
        }

        _loaded = time.GetUtcNow();
        return _cached = configuration;
    }

    /// <summary>Another process may have made a key; at most one look every few seconds, so that forged key ids cost nothing.</summary>
    public void RequestRefresh()
    {
        if (time.GetUtcNow() - _loaded > RefreshInterval)
        {
            _cached = null;
        }
    }

    /// <summary>The newest key that signs access tokens, made when there is none.</summary>
    public async Task<SigningCredentials> TokenCredentialsAsync(CancellationToken cancellation) =>
        new(ToKey(await tenants.GetOrCreateSigningKeyAsync(TokenUse, cancellation)), SecurityAlgorithms.EcdsaSha384);

    /// <summary>The public halves of all keys, those of reports too, as a JSON Web Key Set (RFC 7517).</summary>
    public async Task<object> JwksAsync(CancellationToken cancellation)
    {
        var keys = new List<object>();
        foreach (var use in new[] { TokenUse, ReportUse })
        {
            foreach (var row in await tenants.SigningKeysAsync(use, cancellation))
            {
                using var key = Import(row);
                var point = key.ExportParameters(includePrivateParameters: false).Q;
                keys.Add(new { kty = "EC", crv = "P-384", alg = "ES384", use = "sig", kid = row.KeyId, x = Base64UrlEncoder.Encode(point.X), y = Base64UrlEncoder.Encode(point.Y) });
            }
        }

        return new { keys };
    }

    private static ECDsaSecurityKey ToKey(SigningKeyRow row) => new(Import(row)) { KeyId = row.KeyId };

    private static ECDsa Import(SigningKeyRow row)
    {
        var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(row.PrivateKey, out _);
        return key;
    }
}
