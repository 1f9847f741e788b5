using System.Net.Http.Headers;
using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using SecondOpinion.Security;
using SecondOpinion.Storage;
using SecondOpinion.Storage.Blobs;
using Xunit;

namespace SecondOpinion.DicomWeb.Tests;

/// <summary>The services behind a real Kestrel on a free port, over a SQLite store of its own. Tenants keep tests apart.</summary>
public sealed class DicomWebHost : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("dicomweb-test-").FullName;
    private WebApplication? _app;

    public Uri Base { get; private set; } = null!;

    public InteropStore Store => _app!.Services.GetRequiredService<InteropStore>();

    public IBlobStore Blobs => _app!.Services.GetRequiredService<IBlobStore>();

    public DicomWebOptions Options => _app!.Services.GetRequiredService<IOptions<DicomWebOptions>>().Value;

    public IReadOnlyList<RouteEndpoint> Endpoints => [.. ((IEndpointRouteBuilder)_app!).DataSources.SelectMany(s => s.Endpoints).OfType<RouteEndpoint>()];

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddInteropStorage(o => o.DataFolder = _folder);
        // The case engine has tests of its own; here a write is the index and nothing else.
        builder.Services.AddSingleton(s => new InteropStore(s.GetRequiredService<ContextSource>(), TimeProvider.System, NullLogger<InteropStore>.Instance, []));
        builder.Services.AddDicomWeb(Configure);
        builder.Services.AddAuthentication("Test").AddScheme<AuthenticationSchemeOptions, TestAuthentication>("Test", null);
        _app = builder.Build();
        _app.UseAuthentication();
        _app.MapDicomWeb();
        await _app.Services.GetRequiredService<SchemaMigrator>().MigrateAsync();
        await _app.StartAsync();
        Base = new Uri(_app.Urls.First());
    }

    private static void Configure(DicomWebOptions options)
    {
        options.MaxPartBytes = 8 << 20;
        options.MaxRequestBytes = 64 << 20;
        options.MaxResults = 50;
    }

    /// <summary>A client of a tenant of its own; every other one is a stranger to it.</summary>
    public DicomWebClient NewTenant(string scopes = "system/*.cruds") => Client("t" + Guid.NewGuid().ToString("N")[..12], scopes);

    public DicomWebClient Client(string tenant, string scopes = "system/*.cruds")
    {
        var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = Base };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Test", $"{tenant} {scopes}");
        return new DicomWebClient(http, tenant);
    }

    public HttpClient Anonymous() => new() { BaseAddress = Base };

    /// <summary>Files in the blob folder, temporary ones included.</summary>
    public int BlobFiles() => Directory.EnumerateFiles(Path.Combine(_folder, "blobs"), "*", SearchOption.AllDirectories).Count();

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Takes "Test TENANT SCOPES" for a valid token.</summary>
    private sealed class TestAuthentication(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync()
        {
            var parts = Request.Headers.Authorization.ToString().Split(' ', 3);
            if (parts.Length != 3 || parts[0] != "Test")
            {
                return Task.FromResult(AuthenticateResult.NoResult());
            }

            var identity = new ClaimsIdentity(
                [new Claim(Caller.TenantClaim, parts[1]), new Claim(Caller.ClientClaim, "test"), new Claim(Caller.ScopeClaim, parts[2])], "Test");
            return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), "Test")));
        }
    }
}
