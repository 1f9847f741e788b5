using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using SecondOpinion.DicomWeb.Http;
using SecondOpinion.Security;
using SecondOpinion.Storage.Audit;
using SecondOpinion.Storage.Dicom;

namespace SecondOpinion.DicomWeb;

/// <summary>All routes of the DICOMweb services, one line each (PS3.18 9, 10, 11).</summary>
public static class DicomWebRoutes
{
    public const string Prefix = "/dicomweb";

    private const string Study = "/studies/{study}";
    private const string Series = Study + "/series/{series}";
    private const string Instance = Series + "/instances/{instance}";
    private const string Frames = Instance + "/frames/{frames}";

    private static readonly string[] s_json = ["application/dicom+json", "application/json", "multipart/related; type=\"application/dicom+xml\""];
    private static readonly string[] s_dicom = ["multipart/related; type=\"application/dicom\"", "application/dicom"];
    private static readonly string[] s_pixels = ["multipart/related; type=\"application/octet-stream\"", "multipart/related; type=\"image/*\"", "application/octet-stream"];
    private static readonly string[] s_bulk = ["application/octet-stream", "multipart/related; type=\"application/octet-stream\"", "application/pdf"];
    private static readonly string[] s_images = ["image/jpeg", "image/png", "image/gif", "application/pdf"];

    /// <summary>Maps everything under <see cref="Prefix"/>. Authentication has to run before; the access decision is made here.</summary>
    public static IEndpointConventionBuilder MapDicomWeb(this IEndpointRouteBuilder endpoints)
    {
        var services = endpoints.ServiceProvider;
        var edge = services.GetRequiredService<DicomWebEdge>();
        var capabilities = services.GetRequiredService<Capabilities>();
        var routes = Table(services);
        var group = endpoints.MapGroup(Prefix);
        foreach (var route in routes)
        {
            group.MapMethods(route.Template, [route.Method], http => edge.RunAsync(http, route))
                .WithDisplayName($"DICOMweb {route.Name} {route.Template}")
                .WithSummary(route.Summary)
                .WithMetadata(new Produced(route.Produces));
        }

        group.MapMethods("/", ["OPTIONS"], http => capabilities.RunAsync(http, routes))
            .WithDisplayName("DICOMweb capabilities")
            .WithSummary("What this service can do (PS3.18 8.9)")
            .WithMetadata(new Produced(["application/vnd.sun.wadl+xml", "application/json"]));
        return group;
    }

    private static List<DicomWebRoute> Table(IServiceProvider services)
    {
        var store = services.GetRequiredService<StoreInstances>();
        var search = services.GetRequiredService<SearchStudies>();
        var instances = services.GetRequiredService<RetrieveInstance>();
        var metadata = services.GetRequiredService<RetrieveMetadata>();
        var frames = services.GetRequiredService<RetrieveFrames>();
        var bulk = services.GetRequiredService<RetrieveBulkData>();
        var rendered = services.GetRequiredService<RetrieveRendered>();
        var uri = services.GetRequiredService<WadoUri>();
        var workitems = services.GetRequiredService<SearchWorkitems>();
        var workitem = services.GetRequiredService<RetrieveWorkitem>();
        Interaction studies = r => search.HandleAsync(r, QueryLevel.Study), series = r => search.HandleAsync(r, QueryLevel.Series), sops = r => search.HandleAsync(r, QueryLevel.Instance);
        Interaction image = r => rendered.HandleAsync(r, isThumbnail: false), thumbnail = r => rendered.HandleAsync(r, isThumbnail: true);
        return
        [
            Stow("/studies", store.HandleAsync, "Store instances"),
            Stow(Study, store.HandleAsync, "Store instances of one study"),
            Qido("/studies", studies, "Search for studies"),
            Qido("/series", series, "Search for series"),
            Qido("/instances", sops, "Search for instances"),
            Qido(Study + "/series", series, "Search for series of a study"),
            Qido(Study + "/instances", sops, "Search for instances of a study"),
            Qido(Series + "/instances", sops, "Search for instances of a series"),
            Wado(Study, instances.HandleAsync, "Retrieve a study", s_dicom),
            Wado(Series, instances.HandleAsync, "Retrieve a series", s_dicom),
            Wado(Instance, instances.HandleAsync, "Retrieve an instance", s_dicom),
            Wado(Study + "/metadata", metadata.HandleAsync, "Metadata of a study", s_json),
            Wado(Series + "/metadata", metadata.HandleAsync, "Metadata of a series", s_json),
            Wado(Instance + "/metadata", metadata.HandleAsync, "Metadata of an instance", s_json),
            Wado(Frames, frames.HandleAsync, "Frames of an instance", s_pixels),
            Wado(Instance + "/bulkdata/{**path}", bulk.HandleAsync, "A bulk value of an instance", s_bulk),
            Wado(Study + "/rendered", image, "A rendered image of a study", s_images),
            Wado(Series + "/rendered", image, "A rendered image of a series", s_images),
            Wado(Instance + "/rendered", image, "A rendered instance", s_images),
            Wado(Frames + "/rendered", image, "Rendered frames", s_images),
            Wado(Study + "/thumbnail", thumbnail, "A thumbnail of a study", s_images),
            Wado(Series + "/thumbnail", thumbnail, "A thumbnail of a series", s_images),
            Wado(Instance + "/thumbnail", thumbnail, "A thumbnail of an instance", s_images),
            Wado(Frames + "/thumbnail", thumbnail, "A thumbnail of a frame", s_images),
            new("GET", "/wado", "wado-uri", "ImagingStudy", Permissions.Read, AuditAction.Read, uri.HandleAsync, "URI service", ["application/dicom", .. s_images]),
            new("GET", "/workitems", "ups-rs", "Task", Permissions.Search, AuditAction.Query, workitems.HandleAsync, "Search for work items", s_json),
            new("GET", "/workitems/{workitem}", "ups-rs", "Task", Permissions.Read, AuditAction.Read, workitem.HandleAsync, "Retrieve a work item", s_json),
        ];
    }

    private static DicomWebRoute Stow(string template, Interaction interaction, string summary) =>
        new("POST", template, "stow-rs", "ImagingStudy", Permissions.Create, AuditAction.Create, interaction, summary, s_json);

    private static DicomWebRoute Qido(string template, Interaction interaction, string summary) =>
        new("GET", template, "qido-rs", "ImagingStudy", Permissions.Search, AuditAction.Query, interaction, summary, s_json);

    private static DicomWebRoute Wado(string template, Interaction interaction, string summary, IReadOnlyList<string> produces) =>
        new("GET", template, "wado-rs", "ImagingStudy", Permissions.Read, AuditAction.Read, interaction, summary, produces);

    /// <summary>What a route answers with, for the published contract; media types of DICOMweb have wildcards that the framework's own metadata refuses.</summary>
    private sealed class Produced(IReadOnlyList<string> mediaTypes) : IProducesResponseTypeMetadata
    {
        public Type? Type => null;

        public int StatusCode => StatusCodes.Status200OK;

        public IEnumerable<string> ContentTypes => mediaTypes;
    }
}
