using Microsoft.AspNetCore.Server.Kestrel.Core;
using SecondOpinion.Cases;
using SecondOpinion.DicomWeb;
using SecondOpinion.FhirRest;
using SecondOpinion.Interop.Access;
using SecondOpinion.Interop.Health;
using SecondOpinion.Interop.Landing;
using SecondOpinion.Interop.OpenApi;
using SecondOpinion.Interop.Telemetry;
using SecondOpinion.Storage;

namespace SecondOpinion.Interop.Hosting;

/// <summary>Puts the parts together: configuration, storage, access, the two protocol surfaces and what surrounds them.</summary>
public static class InteropApplication
{
    /// <summary>Builds the program from command line arguments of the form <c>--Section:Option value</c>, the environment and appsettings.json.</summary>
    /// <exception cref="StartRefusedException">The configuration is not one to run with.</exception>
    public static WebApplication Build(string[] arguments)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            Args = arguments,
            ContentRootPath = AppContext.BaseDirectory,
            EnvironmentName = EnvironmentName(),
        });
        var options = InteropOptions.Read(builder.Configuration, builder.Environment.IsDevelopment());
        ConfigureServer(builder, options);
        AddServices(builder, options);
        var app = builder.Build();
        Map(app, options);
        return app;
    }

    /// <summary>As <see cref="Build"/> for commands that print something else: warnings only, and those to standard error.</summary>
    public static WebApplication BuildQuiet(IReadOnlyList<string> arguments, string? dataFolder) =>
        Build([.. arguments, .. dataFolder is null ? Array.Empty<string>() : ["--Data", dataFolder], "--Quiet", "true"]);

    /// <summary>The environment variable, else Development in a developer's build folder (appsettings.Development.json is never published), else Production.</summary>
    private static string EnvironmentName() =>
        Environment.GetEnvironmentVariable("ASPNETCORE_ENVIRONMENT")
        ?? Environment.GetEnvironmentVariable("DOTNET_ENVIRONMENT")
        ?? (File.Exists(Path.Combine(AppContext.BaseDirectory, "appsettings.Development.json")) ? Environments.Development : Environments.Production);

    private static void ConfigureServer(WebApplicationBuilder builder, InteropOptions options)
    {
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;

            // Each surface has a body limit of its own; this one is for everything else (tokens).
            kestrel.Limits.MaxRequestBodySize = 1024 * 1024;
            kestrel.Limits.MaxRequestHeadersTotalSize = 64 * 1024;
            kestrel.Limits.MaxRequestLineSize = 16 * 1024;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);

            // Uploads over slow practice lines are normal; a stalled one is not.
            kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(30));
        });
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Logging.ClearProviders();
        if (options.IsQuiet)
        {
            builder.Logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace).SetMinimumLevel(LogLevel.Warning);
            builder.Logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Warning).AddFilter("SecondOpinion", LogLevel.Warning);
        }
        else if (options.JsonLogs)
        {
            builder.Logging.AddJsonConsole();
        }
        else
        {
            builder.Logging.AddSimpleConsole(console => console.SingleLine = true);
        }
    }

    private static void AddServices(WebApplicationBuilder builder, InteropOptions options)
    {
        var services = builder.Services;
        services.AddSingleton(options);
        services.AddHttpClient();
        services.AddInteropStorage(storage =>
        {
            builder.Configuration.GetSection(StorageOptions.Section).Bind(storage);
            storage.DataFolder = options.DataFolder;
        });
        services.Configure<CaseOptions>(cases =>
        {
            cases.DicomWebBase = options.Origin + "/dicomweb";
            builder.Configuration.GetSection("Cases").Bind(cases);
        });
        services.AddInteropAuthentication(options.Auth);
        services.AddHostedService<Startup>();
        services.AddHostedService<RecoveryWorker>();
        services.AddFhirRest(fhir =>
        {
            fhir.PublicBaseUrl = options.PublicUrl is null ? null : options.PublicUrl + "/fhir";
            fhir.SoftwareVersion = LandingPage.Version;
            fhir.TokenUrl = options.Auth.BuiltIn ? options.Origin + "/auth/token" : null;
            fhir.Subscriptions.AllowLoopback = options.IsDevelopment;
            builder.Configuration.GetSection("FhirRest").Bind(fhir);
        });
        services.AddDicomWeb(dicom =>
        {
            dicom.PublicBaseUrl = options.PublicUrl is null ? "" : options.PublicUrl + "/dicomweb";
            builder.Configuration.GetSection(DicomWebOptions.Section).Bind(dicom);
        });
        services.AddInteropHealth();
        services.AddInteropTelemetry(builder.Configuration);
        services.AddInteropOpenApi();
        services.AddCors(cors => cors.AddDefaultPolicy(policy => options.ApplyCors(policy)));
    }

    private static void Map(WebApplication app, InteropOptions options)
    {
        if (options.TrustedProxies.Count > 0)
        {
            app.UseForwardedHeaders(options.ForwardedHeaders());
        }

        app.UseMiddleware<RequestIdentity>();
        app.UseMiddleware<RequestSpans>();
        app.UseCors();
        app.UseAuthentication();
        app.UseTokenRefusal();
        app.MapLanding();
        app.MapInteropHealth();
        app.MapAccess();
        app.MapInteropOpenApi();
        app.MapFhir();
        app.MapDicomWeb();
    }
}
