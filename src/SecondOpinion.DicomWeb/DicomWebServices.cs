using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using SecondOpinion.DicomWeb.Http;

namespace SecondOpinion.DicomWeb;

/// <summary>Wiring of this project.</summary>
public static class DicomWebServices
{
    /// <summary>Adds the DICOMweb services as singletons; they need the storage services. The host binds <see cref="DicomWebOptions"/> to its configuration.</summary>
    public static IServiceCollection AddDicomWeb(this IServiceCollection services, Action<DicomWebOptions>? configure = null)
    {
        var options = services.AddOptions<DicomWebOptions>().ValidateOnStart();
        if (configure is not null)
        {
            options.Configure(configure);
        }

        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<DicomWebOptions>, DicomWebOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<DicomWebEdge>();
        services.TryAddSingleton<Conversion>();
        services.TryAddSingleton<InstanceFiles>();
        services.TryAddSingleton<StoreInstances>();
        services.TryAddSingleton<SearchStudies>();
        services.TryAddSingleton<RetrieveInstance>();
        services.TryAddSingleton<RetrieveMetadata>();
        services.TryAddSingleton<RetrieveFrames>();
        services.TryAddSingleton<RetrieveBulkData>();
        services.TryAddSingleton<RetrieveRendered>();
        services.TryAddSingleton<WadoUri>();
        services.TryAddSingleton<SearchWorkitems>();
        services.TryAddSingleton<RetrieveWorkitem>();
        services.TryAddSingleton<Capabilities>();
        return services;
    }
}
