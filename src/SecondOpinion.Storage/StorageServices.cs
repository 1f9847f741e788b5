using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SecondOpinion.Cases;
using SecondOpinion.Storage.Audit;
using SecondOpinion.Storage.Blobs;
using SecondOpinion.Storage.Cases;
using SecondOpinion.Storage.Dicom;
using SecondOpinion.Storage.Outbox;
using SecondOpinion.Storage.Recovery;
using SecondOpinion.Storage.Tenants;

namespace SecondOpinion.Storage;

/// <summary>Wiring of this project.</summary>
public static class StorageServices
{
    /// <summary>Adds the store, blobs and all that works on them, as singletons. The host binds <see cref="StorageOptions"/> to its configuration.</summary>
    public static IServiceCollection AddInteropStorage(this IServiceCollection services, Action<StorageOptions>? configure = null)
    {
        var options = services.AddOptions<StorageOptions>().ValidateOnStart();
        if (configure is not null)
        {
            options.Configure(configure);
        }

        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<StorageOptions>, StorageOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(s => new ContextSource(s.GetRequiredService<IOptions<StorageOptions>>().Value));
        services.TryAddSingleton<SchemaMigrator>();
        services.TryAddSingleton(Blobs);
        services.TryAddSingleton<InstanceStaging>();
        services.AddOptions<CaseOptions>().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<CaseOptions>, CaseOptionsCheck>());
        services.TryAddSingleton(s => new CaseEngine(s.GetRequiredService<IOptions<CaseOptions>>().Value, s.GetRequiredService<InstanceStaging>()));
        services.TryAddSingleton<SubscriptionMatcher>();
        services.TryAddSingleton<AuditTrail>();
        services.TryAddSingleton(Store);
        services.TryAddSingleton<TenantStore>();
        services.TryAddSingleton<Leases>();
        services.TryAddSingleton<StorageRecovery>();
        services.TryAddSingleton<StorageCheck>();
        return services;
    }

    private static InteropStore Store(IServiceProvider services)
    {
        var engine = services.GetRequiredService<CaseEngine>();
        var subscriptions = services.GetRequiredService<SubscriptionMatcher>();
        return new InteropStore(
            services.GetRequiredService<ContextSource>(),
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILogger<InteropStore>>(),
            [
                engine.SettleAsync,
                async (transaction, cancellation) =>
                {
                    await subscriptions.MatchAsync(transaction, cancellation);
                    return null;
                },
            ]);
    }

    private static IBlobStore Blobs(IServiceProvider services)
    {
        var options = services.GetRequiredService<IOptions<StorageOptions>>().Value;
        return options.Blobs.Kind == BlobKind.S3
            ? new S3BlobStore(options.Blobs, options.StagingFolder)
            : new FolderBlobStore(options.BlobFolder);
    }
}
