using System.Globalization;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using SecondOpinion.Interop.Hosting;
using SecondOpinion.Security;
using SecondOpinion.Storage;
using SecondOpinion.Storage.Tenants;
using SecondOpinion.Storage.Model;

namespace SecondOpinion.Interop.Access;

/// <summary>SMART Backend Services token endpoint: <c>client_credentials</c> with <c>private_key_jwt</c> (SMART App Launch 2 backend-services, RFC 7523).</summary>
public sealed class TokenEndpoint(TenantStore tenants, TokenIssuer issuer, ClientKeys clientKeys, InteropOptions host, TimeProvider time)
{
    private const string AssertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    private const int MaxAssertionLength = 16 * 1024;

    // SMART Backend Services: the assertion expires at most five minutes ahead.
    private static readonly TimeSpan MaxAssertionLife = TimeSpan.FromMinutes(5);

    private readonly AuthOptions _options = host.Auth;
    private readonly JsonWebTokenHandler _handler = new() { MaximumTokenSizeInBytes = MaxAssertionLength };

    public async Task<IResult> PostAsync(HttpRequest request, CancellationToken cancellation)
    {
        request.HttpContext.Response.Headers.CacheControl = "no-store";
        request.HttpContext.Response.Headers.Pragma = "no-cache";
        if (!request.HasFormContentType)
        {
            return Error("invalid_request", "the body must be application/x-www-form-urlencoded");
        }

        var form = await request.ReadFormAsync(cancellation);
        if (form["grant_type"] != "client_credentials")
        {
            return Error("unsupported_grant_type", "grant_type must be client_credentials");
        }

        if (form["client_assertion_type"] != AssertionType)
        {
            return Error("invalid_request", "client_assertion_type must be " + AssertionType);
        }

        var (client, problem) = await AuthenticateAsync(form["client_assertion"].ToString(), TokenUrl(request), cancellation);
        if (client is null)
        {
            return Error("invalid_client", problem, StatusCodes.Status401Unauthorized);
        }

        var granted = Grant(form["scope"].ToString(), client.Scopes);
        if (granted.Length == 0)
        {
            return Error("invalid_scope", "none of the scopes asked for is registered for this client");
        }

        var token = await issuer.IssueAsync(client, granted, null, cancellation);
        return Results.Json(new TokenAnswer(token, "bearer", (int)_options.TokenLifetime.TotalSeconds, granted), TokenJson.Options);
    }

    /// <summary>The scopes that are both asked for and registered; a registered scope grants every narrower one.</summary>
    internal static string Grant(string asked, string registered)
    {
        var allowed = new List<SmartScope>();
        foreach (var text in registered.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (SmartScope.TryParse(text, out var scope))
            {
                allowed.Add(scope);
            }
        }

        var granted = new List<string>();
        foreach (var text in asked.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (SmartScope.TryParse(text, out var scope)
                && allowed.Any(a => a.Context == scope.Context
                    && (a.ResourceType == "*" || a.ResourceType == scope.ResourceType)
                    && (a.Permissions & scope.Permissions) == scope.Permissions
                    && (a.Filter is null || a.Filter == scope.Filter)))
            {
                granted.Add(text);
            }
        }

        return string.Join(' ', granted);
    }

    private async Task<(ClientRow? Client, string Problem)> AuthenticateAsync(string assertion, string tokenUrl, CancellationToken cancellation)
    {
        if (assertion.Length is 0 or > MaxAssertionLength || !_handler.CanReadToken(assertion))
        {
            return (null, "client_assertion is not a JWT");
        }

        JsonWebToken jwt;
        try
        {
            jwt = _handler.ReadJsonWebToken(assertion);
        }
        catch (Exception e) when (e is ArgumentException or SecurityTokenException)
        {
            return (null, "client_assertion is not a JWT");
        }

        if (jwt.Issuer.Length == 0 || jwt.Issuer != jwt.Subject || await tenants.FindClientAsync(jwt.Issuer, cancellation) is not { } client)
        {
            return (null, "iss and sub must both be the id of a registered client");
        }

        var result = await _handler.ValidateTokenAsync(assertion, new TokenValidationParameters
        {
            ValidIssuer = client.ClientId,
            ValidAudience = tokenUrl,
            IssuerSigningKeys = await clientKeys.OfAsync(client, cancellation),
            ValidAlgorithms = [SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.RsaSha384],
            ClockSkew = _options.ClockSkew,
            LifetimeValidator = (notBefore, expires, _, _) => Lives(notBefore, expires),
        });
        if (!result.IsValid)
        {
            return (null, "client_assertion is not valid: " + Reason(result.Exception));
        }

        if (string.IsNullOrEmpty(jwt.Id) || jwt.Id.Length > 255)
        {
            return (null, "client_assertion has no usable jti");
        }

        return await tenants.TryUseAssertionAsync(client.ClientId, jwt.Id, new DateTimeOffset(jwt.ValidTo, TimeSpan.Zero) + _options.ClockSkew, cancellation)
            ? (client, "")
            : (null, "this jti was used before");
    }

    private bool Lives(DateTime? notBefore, DateTime? expires)
    {
        var now = time.GetUtcNow().UtcDateTime;
        return expires is { } end
            && now < end + _options.ClockSkew
            && end - now <= MaxAssertionLife + _options.ClockSkew
            && (notBefore is not { } start || start <= now + _options.ClockSkew);
    }

    private static string Reason(Exception? exception) => exception switch
    {
        SecurityTokenInvalidAudienceException => "aud must be the URL of this endpoint",
        SecurityTokenInvalidLifetimeException or SecurityTokenExpiredException => "exp must be in the future and at most five minutes ahead",
        SecurityTokenInvalidAlgorithmException => "alg must be ES384 or RS384",
        SecurityTokenSignatureKeyNotFoundException => "no registered key has this kid",
        _ => "the signature does not verify",
    };

    // With a public URL only that is an audience: a Host header must not make an assertion for another server good here.
    private string TokenUrl(HttpRequest request) => host.PublicUrl is { } origin
        ? origin + request.Path
        : string.Create(CultureInfo.InvariantCulture, $"{request.Scheme}://{request.Host}{request.PathBase}{request.Path}");

    // RFC 6749 5.2
    private static IResult Error(string code, string description, int status = StatusCodes.Status400BadRequest) =>
        Results.Json(new TokenError(code, description), TokenJson.Options, statusCode: status);
}

/// <summary>RFC 6749 5.1.</summary>
public sealed record TokenAnswer(string AccessToken, string TokenType, int ExpiresIn, string Scope);

/// <summary>RFC 6749 5.2.</summary>
public sealed record TokenError(string Error, string ErrorDescription);

internal static class TokenJson
{
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web) { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };
}
