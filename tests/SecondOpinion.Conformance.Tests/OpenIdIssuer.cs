using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace SecondOpinion.Conformance.Tests;

/// <summary>An OpenID provider of a site: discovery document, keys, and tokens as asked for.</summary>
public sealed class OpenIdIssuer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ECDsaSecurityKey _key = new(ECDsa.Create(ECCurve.NamedCurves.nistP256)) { KeyId = "k1" };

    private OpenIdIssuer()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.MapGet("/.well-known/openid-configuration", () => Results.Json(new { issuer = Authority, jwks_uri = Authority + "/keys" }));
        _app.MapGet("/keys", () => Results.Json(new { keys = new[] { Jwk(_key) } }));
    }

    public string Authority => _app.Urls.First();

    public static async Task<OpenIdIssuer> StartAsync()
    {
        var issuer = new OpenIdIssuer();
        await issuer._app.StartAsync();
        return issuer;
    }

    public static object Jwk(ECDsaSecurityKey key)
    {
        var point = key.ECDsa.ExportParameters(includePrivateParameters: false).Q;
        return new { kty = "EC", crv = point.X!.Length == 32 ? "P-256" : "P-384", use = "sig", kid = key.KeyId, x = Base64UrlEncoder.Encode(point.X), y = Base64UrlEncoder.Encode(point.Y) };
    }

    public string Token(string tenant, string scope, string audience = "urn:secondopinion:interop", int minutes = 5) => new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
    {
        Issuer = Authority,
        Audience = audience,
        Expires = DateTime.UtcNow.AddMinutes(minutes),
        NotBefore = DateTime.UtcNow.AddMinutes(Math.Min(0, minutes) - 1),
        Claims = new Dictionary<string, object>(StringComparer.Ordinal) { ["org"] = tenant, ["azp"] = "pms-1", ["scope"] = scope, ["sub"] = "u-1" },
        SigningCredentials = new SigningCredentials(_key, SecurityAlgorithms.EcdsaSha256),
    });

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}
