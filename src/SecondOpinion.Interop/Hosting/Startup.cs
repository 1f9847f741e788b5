using System.Text.Json.Nodes;
using SecondOpinion.Cases;
using SecondOpinion.Fhir;
using SecondOpinion.Interop.Access;
using SecondOpinion.Storage;
using SecondOpinion.Storage.Tenants;
using SecondOpinion.Storage.Model;

namespace SecondOpinion.Interop.Hosting;

/// <summary>What happens before the first request: schema, recovery, keys, tenants.</summary>
internal sealed partial class Startup(IServiceProvider services, ILogger<Startup> logger) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await PrepareAsync(services, cancellationToken);
        var options = services.GetRequiredService<InteropOptions>();
        Log.Ready(logger, options.DataFolder, options.IsDevelopment ? "Development" : "Production");
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Brings schema, keys and tenants to what the configuration says; repeating it changes nothing.</summary>
    public static async Task PrepareAsync(IServiceProvider services, CancellationToken cancellation)
    {
        var options = services.GetRequiredService<InteropOptions>();
        var tenants = services.GetRequiredService<TenantStore>();
        await services.GetRequiredService<SchemaMigrator>().MigrateAsync(cancellation);
        await tenants.GetOrCreateSigningKeyAsync(SigningKeys.TokenUse, cancellation);
        await tenants.GetOrCreateSigningKeyAsync(SigningKeys.ReportUse, cancellation);
        foreach (var tenant in options.IsDevelopment ? [.. DemoTenants, .. options.Tenants] : options.Tenants)
        {
            await tenants.EnsureTenantAsync(tenant.Id, tenant.Name, tenant.IsReader, cancellation);
            foreach (var client in tenant.Clients)
            {
                await tenants.EnsureClientAsync(
                    new ClientRow
                    {
                        ClientId = client.ClientId,
                        TenantId = tenant.Id,
                        Scopes = client.Scopes,
                        Jwks = client.Jwks ?? "",
                        JwksUrl = client.JwksUrl ?? "",
                        FhirUser = client.FhirUser ?? "",
                    },
                    cancellation);
            }

            await EnsureAsync(services, tenant.Id, "Organization", tenant.Id, () => new JsonObject
            {
                ["resourceType"] = "Organization",
                ["active"] = true,
                ["name"] = tenant.Name,
            }, cancellation);
        }

        if (options.IsDevelopment)
        {
            await EnsureAsync(services, "reading-demo", "Practitioner", "reader-demo", DemoReader, cancellation);
        }
    }

    /// <summary>The two organizations of a first try: one orders, one reads.</summary>
    private static TenantOptions[] DemoTenants { get; } =
    [
        new()
        {
            Id = "practice-demo",
            Name = "Harbour Street Dental (demo practice)",
            Clients = { new ClientOptions { ClientId = "demo-practice", Scopes = "system/*.cruds" } },
        },
        new()
        {
            Id = "reading-demo",
            Name = "Northside Oral Radiology (demo readers)",
            IsReader = true,
            Clients = { new ClientOptions { ClientId = "demo-reader", Scopes = "user/*.cruds", FhirUser = "Practitioner/reader-demo" } },
        },
    ];

    private static JsonObject DemoReader() => new()
    {
        ["resourceType"] = "Practitioner",
        ["active"] = true,
        ["identifier"] = new JsonArray(new JsonObject { ["system"] = "http://hl7.org/fhir/sid/us-npi", ["value"] = "1093817465" }),
        ["name"] = new JsonArray(new JsonObject { ["use"] = "official", ["family"] = "Castellanos", ["given"] = new JsonArray("Inés"), ["prefix"] = new JsonArray("Dr."), ["suffix"] = new JsonArray("DDS", "MS") }),
        ["qualification"] = new JsonArray(new JsonObject
        {
            ["identifier"] = new JsonArray(new JsonObject { ["system"] = "https://secondopinion.example/fhir/NamingSystem/demo-licence", ["value"] = "OMR-20417" }),
            ["code"] = new JsonObject { ["text"] = "Diplomate, oral and maxillofacial radiology" },
            ["issuer"] = new JsonObject { ["display"] = "Demo board (not a real credential)" },
        }),
    };

    private static async Task EnsureAsync(IServiceProvider services, string tenant, string type, string id, Func<JsonObject> make, CancellationToken cancellation)
    {
        var outcome = await services.GetRequiredService<InteropStore>().WriteAsync<bool>(
            Actor.Server(tenant),
            async transaction =>
            {
                if (await transaction.Resources.FindAsync(tenant, type, id, cancellation) is not null)
                {
                    return false;
                }

                var created = await transaction.Writes.CreateAsync(tenant, FhirResource.From(make()), id);
                return created.IsRefused ? created.Refusal : true;
            },
            cancellation);
        if (outcome.IsRefused)
        {
            throw new StartRefusedException($"{type}/{id} of tenant '{tenant}' cannot be stored: {outcome.Refusal}");
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1000, LogLevel.Information, "Ready: data in {DataFolder}, environment {Environment}")]
        public static partial void Ready(ILogger logger, string dataFolder, string environment);
    }
}
