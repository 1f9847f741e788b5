using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using SecondOpinion.FhirRest.Subscriptions;
using SecondOpinion.Storage;
using SecondOpinion.Storage.Tenants;

namespace SecondOpinion.FhirRest;

/// <summary>Wiring of the FHIR interface. The store and the audit trail are registered by the storage project.</summary>
public static class FhirRestServices
{
    /// <summary>Adds the interface and the delivery of notifications; options are checked when the host starts.</summary>
    public static IServiceCollection AddFhirRest(this IServiceCollection services, Action<FhirRestOptions>? configure = null)
    {
        services.AddOptions<FhirRestOptions>().Configure(o => configure?.Invoke(o)).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<FhirRestOptions>, OptionsCheck>());
        services.TryAddSingleton(s => s.GetRequiredService<IOptions<FhirRestOptions>>().Value);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(s => new Leases(s.GetRequiredService<InteropStore>()));
        services.TryAddSingleton<FhirServer>();
        services.TryAddSingleton<Notifier>();
        services.TryAddSingleton<DeliveryWorker>();
        services.AddSingleton<IHostedService>(s => s.GetRequiredService<DeliveryWorker>());
        return services;
    }

    private sealed class OptionsCheck : IValidateOptions<FhirRestOptions>
    {
        public ValidateOptionsResult Validate(string? name, FhirRestOptions options)
        {
            var errors = options.Validate();
            return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
        }
    }
}
