using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace SecondOpinion.Interop.OpenApi;

/// <summary>
/// Describes what is routed without a delegate that an API explorer could read (DICOMweb, health), from the routes themselves, so that the contract cannot
/// differ from the program.
/// </summary>
internal sealed class RoutedDocument(EndpointDataSource endpoints) : IDocumentFilter
{
    private static readonly string[] Prefixes = ["/dicomweb", "/health"];

    public void Apply(OpenApiDocument swaggerDoc, DocumentFilterContext context)
    {
        var routed = endpoints.Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.RoutePattern.RawText is { } text && Prefixes.Any(p => text.StartsWith(p, StringComparison.Ordinal)))
            .OrderBy(e => e.RoutePattern.RawText, StringComparer.Ordinal);
        foreach (var endpoint in routed)
        {
            var path = "/" + string.Join('/', endpoint.RoutePattern.PathSegments.Select(s => string.Concat(s.Parts.Select(Text))));
            if (!swaggerDoc.Paths.TryGetValue(path, out var item))
            {
                swaggerDoc.Paths.Add(path, item = new OpenApiPathItem());
            }

            foreach (var method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET"])
            {
                ((OpenApiPathItem)item).AddOperation(HttpMethod.Parse(method), Operation(endpoint));
            }
        }
    }

    private static OpenApiOperation Operation(RouteEndpoint endpoint)
    {
        var isPublic = endpoint.RoutePattern.RawText!.StartsWith("/health", StringComparison.Ordinal);
        var operation = new OpenApiOperation
        {
            Summary = endpoint.Metadata.GetMetadata<IEndpointSummaryMetadata>()?.Summary,
            Tags = new HashSet<OpenApiTagReference> { new(isPublic ? "health" : "dicomweb") },
            Parameters = [.. endpoint.RoutePattern.Parameters.Select(p => new OpenApiParameter
            {
                Name = p.Name,
                In = ParameterLocation.Path,
                Required = true,
                Schema = new OpenApiSchema { Type = JsonSchemaType.String },
            })],
            Responses = new OpenApiResponses(),
        };
        var content = new Dictionary<string, IOpenApiMediaType>(StringComparer.Ordinal);
        foreach (var mediaType in endpoint.Metadata.GetOrderedMetadata<IProducesResponseTypeMetadata>().SelectMany(p => p.ContentTypes))
        {
            content[mediaType] = new OpenApiMediaType();
        }

        operation.Responses["200"] = new OpenApiResponse { Description = "Success", Content = content };
        if (isPublic)
        {
            operation.Security = [];
        }
        else
        {
            var problem = new Dictionary<string, IOpenApiMediaType>(StringComparer.Ordinal) { ["application/problem+json"] = new OpenApiMediaType() };
            foreach (var (status, text) in new[] { ("400", "The request is wrong"), ("401", "No valid access token"), ("403", "The token's scopes do not cover this"), ("404", "Nothing that this organization may see"), ("406", "No acceptable media type") })
            {
                operation.Responses[status] = new OpenApiResponse { Description = text, Content = problem };
            }
        }

        return operation;
    }

    private static string Text(Microsoft.AspNetCore.Routing.Patterns.RoutePatternPart part) => part switch
    {
        Microsoft.AspNetCore.Routing.Patterns.RoutePatternLiteralPart literal => literal.Content,
        Microsoft.AspNetCore.Routing.Patterns.RoutePatternParameterPart parameter => "{" + parameter.Name + "}",
        Microsoft.AspNetCore.Routing.Patterns.RoutePatternSeparatorPart separator => separator.Content,
        _ => "",
    };
}
