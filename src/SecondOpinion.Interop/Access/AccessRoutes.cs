using Microsoft.AspNetCore.Mvc;
using SecondOpinion.Interop.Hosting;

namespace SecondOpinion.Interop.Access;

/// <summary>Routes about access: tokens, public keys, SMART configuration.</summary>
internal static class AccessRoutes
{
    public static void MapAccess(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/auth/token", ([FromServices] TokenEndpoint endpoint, HttpRequest request, CancellationToken cancellation) => endpoint.PostAsync(request, cancellation))
            .WithName("token")
            .WithTags("access")
            .WithSummary("An access token for a registered client (SMART Backend Services).")
            .WithDescription("Form fields: grant_type=client_credentials, client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer, client_assertion (a JWT signed ES384 or RS384), scope.")
            .Produces<TokenAnswer>()
            .Produces<TokenError>(StatusCodes.Status400BadRequest)
            .Produces<TokenError>(StatusCodes.Status401Unauthorized)
            .RequireFeature(BuiltIn);

        routes.MapGet("/.well-known/jwks.json", async ([FromServices] SigningKeys keys, HttpResponse response, CancellationToken cancellation) =>
        {
            response.Headers.CacheControl = "public, max-age=300";
            return Results.Json(await keys.JwksAsync(cancellation));
        })
            .WithName("jwks")
            .WithTags("access")
            .WithSummary("Public keys of this server (RFC 7517): they verify access tokens of the built-in issuer and signatures of reports.")
            .Produces<object>();

        // SMART App Launch 2 conformance: public, under the FHIR base.
        routes.MapGet("/fhir/.well-known/smart-configuration", (HttpRequest request, InteropOptions options) => Results.Json(SmartConfiguration(request, options)))
            .WithName("smart-configuration")
            .WithTags("access")
            .WithSummary("SMART configuration (SMART App Launch 2).")
            .Produces<object>();
    }

    private static bool BuiltIn(InteropOptions options) => options.Auth.BuiltIn;

    private static Dictionary<string, object> SmartConfiguration(HttpRequest request, InteropOptions options)
    {
        var origin = options.PublicUrl ?? $"{request.Scheme}://{request.Host}";
        var configuration = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["issuer"] = options.Auth.Issuers.Count > 0 ? options.Auth.Issuers[0].Authority : options.Auth.BuiltInIssuer,
            ["jwks_uri"] = origin + "/.well-known/jwks.json",
            ["grant_types_supported"] = new[] { "client_credentials" },
            ["scopes_supported"] = new[] { "system/*.cruds", "user/*.cruds", "patient/*.rs" },
            ["capabilities"] = new[] { "client-confidential-asymmetric", "permission-v1", "permission-v2", "permission-patient", "permission-user", "smart-imaging-access" },
            ["associated_endpoints"] = new[] { new { url = origin + "/dicomweb", capabilities = new[] { "smart-imaging-access" } } },
        };
        if (options.Auth.BuiltIn)
        {
            configuration["token_endpoint"] = origin + "/auth/token";
            configuration["token_endpoint_auth_methods_supported"] = new[] { "private_key_jwt" };
            configuration["token_endpoint_auth_signing_alg_values_supported"] = new[] { "ES384", "RS384" };
        }

        return configuration;
    }

    /// <summary>The route answers 404 when the option it belongs to is off.</summary>
    private static void RequireFeature(this RouteHandlerBuilder route, Func<InteropOptions, bool> isOn) => route.AddEndpointFilter(async (context, next) =>
        isOn(context.HttpContext.RequestServices.GetRequiredService<InteropOptions>()) ? await next(context) : Results.NotFound());
}
