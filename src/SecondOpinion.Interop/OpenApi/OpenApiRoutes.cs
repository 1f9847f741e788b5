using Microsoft.OpenApi;

namespace SecondOpinion.Interop.OpenApi;

/// <summary>The contract of the routes outside FHIR: <c>/openapi/v1.json</c> and <c>/swagger</c>. FHIR describes itself in its CapabilityStatement.</summary>
internal static class OpenApiRoutes
{
    public static void AddInteropOpenApi(this IServiceCollection services)
    {
        services.AddEndpointsApiExplorer();
        services.AddSwaggerGen(swagger =>
        {
            swagger.SwaggerDoc("v1", new OpenApiInfo
            {
                Title = "SecondOpinion.Interop",
                Version = "v1",
                Description = "DICOMweb (PS3.18), access tokens and health. The FHIR surface under /fhir describes itself: GET /fhir/metadata.",
            });
            swagger.DocInclusionPredicate((_, api) => api.RelativePath is { } path && (!path.StartsWith("fhir/", StringComparison.Ordinal) || path.StartsWith("fhir/.well-known", StringComparison.Ordinal)));
            swagger.DocumentFilter<RoutedDocument>();
            swagger.AddSecurityDefinition("bearer", new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", BearerFormat = "JWT" });
            swagger.AddSecurityRequirement(document => new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference("bearer", document)] = [] });
        });
    }

    public static void MapInteropOpenApi(this IEndpointRouteBuilder routes)
    {
        routes.MapSwagger("/openapi/{documentName}.json");
        ((IApplicationBuilder)routes).UseSwaggerUI(ui =>
        {
            ui.RoutePrefix = "swagger";
            ui.SwaggerEndpoint("/openapi/v1.json", "SecondOpinion.Interop v1");
        });
    }
}
