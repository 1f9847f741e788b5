using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace SecondOpinion.Interop.Telemetry;

/// <summary>Metrics and traces over OTLP when <c>Telemetry:OtlpEndpoint</c> or OTEL_EXPORTER_OTLP_ENDPOINT says where to; else nothing is collected.</summary>
internal static class OpenTelemetrySetup
{
    private const string ServiceName = "secondopinion-interop";

    public static void AddInteropTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        var endpoint = configuration["Telemetry:OtlpEndpoint"] ?? configuration["OTEL_EXPORTER_OTLP_ENDPOINT"];
        if (!string.IsNullOrEmpty(endpoint))
        {
            var isHttp = (configuration["Telemetry:OtlpProtocol"] ?? configuration["OTEL_EXPORTER_OTLP_PROTOCOL"] ?? "grpc").StartsWith("http", StringComparison.OrdinalIgnoreCase);
            services.AddHostedService(_ => new Exporter(new Uri(endpoint.TrimEnd('/') + "/"), isHttp));
        }
    }

    /// <summary>Holds the providers for as long as the program runs, and flushes them when it stops.</summary>
    private sealed class Exporter(Uri endpoint, bool isHttp) : IHostedService, IDisposable
    {
        private TracerProvider? _traces;
        private MeterProvider? _metrics;

        public Task StartAsync(CancellationToken cancellationToken)
        {
            var resource = ResourceBuilder.CreateDefault().AddService(ServiceName);

            // Names of the framework's own sources; URLs of requests are not recorded, since searches may name patients.
            _traces = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource)
                .AddSource("Microsoft.AspNetCore", "Npgsql", "SecondOpinion.*")
                .AddProcessor(new WithoutQueries())
                .AddOtlpExporter(otlp => Point(otlp, "v1/traces"))
                .Build();
            _metrics = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource)
                .AddMeter("Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime", "Npgsql", "SecondOpinion.*")
                .AddOtlpExporter(otlp => Point(otlp, "v1/metrics"))
                .Build();
            return Task.CompletedTask;
        }

        // OTLP over HTTP has a path for each signal; gRPC has none.
        private void Point(OtlpExporterOptions otlp, string path)
        {
            otlp.Protocol = isHttp ? OtlpExportProtocol.HttpProtobuf : OtlpExportProtocol.Grpc;
            otlp.Endpoint = isHttp ? new Uri(endpoint, path) : endpoint;
        }

        public Task StopAsync(CancellationToken cancellationToken)
        {
            _traces?.ForceFlush(3000);
            _metrics?.ForceFlush(3000);
            return Task.CompletedTask;
        }

        public void Dispose()
        {
            _traces?.Dispose();
            _metrics?.Dispose();
        }
    }

    /// <summary>Takes query strings and full paths off spans: they can hold names and identifiers of patients.</summary>
    private sealed class WithoutQueries : BaseProcessor<System.Diagnostics.Activity>
    {
        public override void OnEnd(System.Diagnostics.Activity data)
        {
            data.SetTag("url.query", null);
            data.SetTag("url.full", null);
            data.SetTag("url.path", data.GetTagItem("http.route"));
        }
    }
}
