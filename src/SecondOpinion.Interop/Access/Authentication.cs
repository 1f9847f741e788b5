using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using SecondOpinion.Fhir;
using SecondOpinion.Security;
using SecondOpinion.Storage;
using SecondOpinion.Storage.Tenants;

namespace SecondOpinion.Interop.Access;

/// <summary>Bearer tokens of all trusted issuers become one kind of principal: tenant, client, scopes, person.</summary>
internal static class Authentication
{
    public const string BuiltInScheme = "BuiltIn";

    public static void AddInteropAuthentication(this IServiceCollection services, AuthOptions options)
    {
        services.AddSingleton(options).AddSingleton<SigningKeys>().AddSingleton<TokenIssuer>().AddSingleton<TokenEndpoint>().AddSingleton<ClientKeys>().AddSingleton<TokenCache>();
        var builder = services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme)
            .AddPolicyScheme(JwtBearerDefaults.AuthenticationScheme, null, policy => policy.ForwardDefaultSelector = context => SchemeOf(context, options));
        builder.AddJwtBearer(BuiltInScheme, bearer => Configure(bearer, options, null));
        services.AddOptions<JwtBearerOptions>(BuiltInScheme).Configure<SigningKeys>((bearer, keys) => bearer.ConfigurationManager = keys);
        foreach (var issuer in options.Issuers)
        {
            builder.AddJwtBearer(issuer.Authority, bearer => Configure(bearer, options, issuer));
        }

        // Nothing here is protected by it; without this the framework would write key files into the home folder.
        services.AddDataProtection().UseEphemeralDataProtectionProvider();
    }

    /// <summary>
    /// A token that was sent but is not good is refused here with its reason, whatever the route; without a token the surfaces answer themselves. The
    /// public descriptions of the server stay readable.
    /// </summary>
    public static void UseTokenRefusal(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        var path = context.Request.Path;
        if (context.User.Identity?.IsAuthenticated != true
            && TokenOf(context.Request) is not null
            && (path.StartsWithSegments("/fhir", StringComparison.Ordinal) || path.StartsWithSegments("/dicomweb", StringComparison.Ordinal))
            && !path.StartsWithSegments("/fhir/metadata", StringComparison.Ordinal)
            && !path.StartsWithSegments("/fhir/.well-known", StringComparison.Ordinal))
        {
            await context.ChallengeAsync(SchemeOf(context, context.RequestServices.GetRequiredService<AuthOptions>()));
            return;
        }

        await next(context);
    });

    /// <summary>The scheme of the token's issuer; its claims are not believed yet.</summary>
    private static string SchemeOf(HttpContext context, AuthOptions options)
    {
        var token = TokenOf(context.Request);
        if (token is { Length: < 16 * 1024 } && options.Issuers.Count > 0)
        {
            try
            {
                var issuer = new JsonWebToken(token).Issuer;
                if (options.Issuers.Find(i => i.Authority.TrimEnd('/') == issuer.TrimEnd('/')) is { } known)
                {
                    return known.Authority;
                }
            }
            catch (Exception e) when (e is ArgumentException or SecurityTokenException)
            {
                // Not a JWT: the built-in scheme refuses it with the right challenge.
                return BuiltInScheme;
            }
        }

        return BuiltInScheme;
    }

    private static string? TokenOf(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        return header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? header[7..].Trim() : null;
    }

    private static void Configure(JwtBearerOptions bearer, AuthOptions options, IssuerOptions? issuer)
    {
        bearer.MapInboundClaims = false;
        bearer.RequireHttpsMetadata = issuer is not null && !new Uri(issuer.Authority).IsLoopback;
        bearer.Authority = issuer?.Authority;
        bearer.TokenValidationParameters = new TokenValidationParameters
        {
            ValidIssuer = issuer is null ? options.BuiltInIssuer : null,
            ValidAudience = issuer?.Audience ?? options.Audience,
            ClockSkew = options.ClockSkew,
            ValidAlgorithms = ["ES256", "ES384", "RS256", "RS384", "PS256", "PS384"],
            NameClaimType = Caller.ClientClaim,
        };
        bearer.Events = new JwtBearerEvents
        {
            OnMessageReceived = FromCache,
            OnTokenValidated = context => Accept(context, issuer),
            OnChallenge = Challenge,
        };
    }

    private static Task FromCache(MessageReceivedContext context)
    {
        if (TokenOf(context.Request) is { } token && context.HttpContext.RequestServices.GetRequiredService<TokenCache>().Find(token) is { } principal)
        {
            context.Principal = principal;
            context.Success();
        }

        return Task.CompletedTask;
    }

    /// <summary>Maps the issuer's claims to ours and checks that the tenant is registered.</summary>
    private static async Task Accept(TokenValidatedContext context, IssuerOptions? issuer)
    {
        var from = context.Principal!;
        var tenant = issuer?.Tenant ?? from.FindFirst(issuer?.TenantClaim ?? Caller.TenantClaim)?.Value;
        var client = from.FindFirst(Caller.ClientClaim)?.Value ?? from.FindFirst("azp")?.Value ?? from.FindFirst("sub")?.Value;
        if (tenant is null || client is null
            || (issuer is { Tenants.Count: > 0 } && !issuer.Tenants.Contains(tenant))
            || await context.HttpContext.RequestServices.GetRequiredService<TenantStore>().FindTenantAsync(tenant, context.HttpContext.RequestAborted) is null)
        {
            context.Fail("the token names no registered organization");
            return;
        }

        var claims = new List<Claim> { new(Caller.TenantClaim, tenant), new(Caller.ClientClaim, client) };
        foreach (var claim in from.FindAll(Caller.ScopeClaim).Concat(from.FindAll("scp")))
        {
            claims.Add(new Claim(Caller.ScopeClaim, claim.Value));
        }

        foreach (var name in new[] { Caller.FhirUserClaim, Caller.PatientClaim })
        {
            if (from.FindFirst(name) is { } claim)
            {
                claims.Add(new Claim(name, claim.Value));
            }
        }

        context.Principal = new ClaimsPrincipal(new ClaimsIdentity(claims, "Bearer", Caller.ClientClaim, null));
        if (TokenOf(context.Request) is { } token)
        {
            context.HttpContext.RequestServices.GetRequiredService<TokenCache>()
                .Add(token, context.Principal, new DateTimeOffset(context.SecurityToken.ValidTo, TimeSpan.Zero));
        }
    }

    /// <summary>401 with the reason in the surface's own error format (RFC 6750 3, PS3.18 8.5.2).</summary>
    private static async Task Challenge(JwtBearerChallengeContext context)
    {
        context.HandleResponse();
        var response = context.Response;
        var reason = context.AuthenticateFailure switch
        {
            null when TokenOf(context.Request) is null => "an access token is required: Authorization: Bearer",
            SecurityTokenExpiredException => "the access token has expired",
            SecurityTokenInvalidAudienceException => "the access token is for another server",
            SecurityTokenInvalidIssuerException => "the access token is from an unknown issuer",
            SecurityTokenException or null => "the access token is not valid",
            { Message: "the token names no registered organization" } known => known.Message,
            _ => "the access token is not valid",
        };
        response.StatusCode = StatusCodes.Status401Unauthorized;
        response.Headers.WWWAuthenticate = TokenOf(context.Request) is null ? "Bearer" : $"Bearer error=\"invalid_token\", error_description=\"{reason}\"";
        if (context.Request.Path.StartsWithSegments("/fhir", StringComparison.Ordinal))
        {
            response.ContentType = "application/fhir+json; charset=utf-8";
            await response.Body.WriteAsync(OperationOutcome.ToJson([new FhirIssue(IssueSeverity.Error, "login", reason, Key: "token-invalid")]));
        }
        else
        {
            response.ContentType = "application/problem+json";
            await response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(new { type = "about:blank", title = "Unauthorized", status = 401, detail = reason }));
        }
    }
}
