using System.Net.Http.Headers;
using System.Security.Claims;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SecondOpinion.FhirRest.Subscriptions;
using SecondOpinion.Security;
using SecondOpinion.Storage;
using SecondOpinion.Storage.Audit;
using SecondOpinion.Storage.Outbox;

namespace SecondOpinion.FhirRest.Tests;

/// <summary>The FHIR interface over real HTTP (Kestrel) and a SQLite database of its own; the case rules are left out unless a test asks for them.</summary>
public sealed class FhirHost : IAsyncDisposable
{
    private static readonly Lazy<Task<FhirHost>> One = new(() => StartAsync());

    private readonly string _folder;
    private readonly WebApplication _app;

    private FhirHost(WebApplication app, string folder)
    {
        _app = app;
        _folder = folder;
        Address = app.Urls.First();
        Client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(Address + "/fhir/") };
    }

    /// <summary>One host for all tests that need no settings of their own; each uses tenants of its own.</summary>
    public static Task<FhirHost> SharedAsync() => One.Value;

    public string Address { get; }

    public string BaseUrl => Address + "/fhir";

    public HttpClient Client { get; }

    public IServiceProvider Services => _app.Services;

    public InteropStore Store => Services.GetRequiredService<InteropStore>();

    public AuditTrail Audit => Services.GetRequiredService<AuditTrail>();

    internal DeliveryWorker Worker => Services.GetRequiredService<DeliveryWorker>();

    public IReadOnlyList<RouteEndpoint> Endpoints => [.. ((IEndpointRouteBuilder)_app).DataSources.SelectMany(d => d.Endpoints).OfType<RouteEndpoint>()];

    /// <param name="deliver">Whether the worker runs on its own; else a test runs it.</param>
    public static async Task<FhirHost> StartAsync(Action<FhirRestOptions>? configure = null, TimeProvider? time = null, bool deliver = false, bool cases = false)
    {
        var folder = Directory.CreateTempSubdirectory("fhir-rest-").FullName;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(k => k.Limits.MaxRequestBodySize = 1 << 20);
        if (time is not null)
        {
            builder.Services.AddSingleton(time);
        }

        builder.Services.AddInteropStorage(o => o.DataFolder = folder);
        if (!cases)
        {
            builder.Services.AddSingleton(WithoutCases);
        }


        builder.Services.AddFhirRest(o =>
        {
            o.Subscriptions.AllowLoopback = true;
            o.Subscriptions.PollMilliseconds = 20;
            configure?.Invoke(o);
        });
        if (!deliver)
        {
            builder.Services.Remove(builder.Services.Single(d => d.ServiceType == typeof(IHostedService) && d.ImplementationFactory?.Method.DeclaringType?.FullName?.Contains("FhirRest", StringComparison.Ordinal) == true));
        }

        builder.Services.AddAuthentication("Test").AddScheme<AuthenticationSchemeOptions, TestTokens>("Test", null);
        var app = builder.Build();
        await app.Services.GetRequiredService<SchemaMigrator>().MigrateAsync();
        app.UseRouting();
        app.UseAuthentication();
        app.MapFhir();
        await app.StartAsync();
        return new FhirHost(app, folder);
    }

    private static InteropStore WithoutCases(IServiceProvider s) => new(
        s.GetRequiredService<ContextSource>(),
        s.GetRequiredService<TimeProvider>(),
        s.GetRequiredService<ILogger<InteropStore>>(),
        [
            async (transaction, cancellation) =>
            {
                await s.GetRequiredService<SubscriptionMatcher>().MatchAsync(transaction, cancellation);
                return null;
            },
        ]);

    /// <summary>A client of a tenant with everything allowed.</summary>
    public FhirClient As(string tenant, string scope = "system/*.cruds", string? fhirUser = null, string? patient = null) => new(this, tenant, scope, fhirUser, patient);

    /// <summary>A client of a tenant that no other test uses.</summary>
    public FhirClient AsNew(string scope = "system/*.cruds") => As("t-" + Guid.NewGuid().ToString("N")[..12], scope);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Tokens that say what a test wants: fields separated by '|', in base64.</summary>
    private sealed class TestTokens(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync()
        {
            if (!AuthenticationHeaderValue.TryParse(Request.Headers.Authorization, out var header) || header.Scheme != "Test")
            {
                return Task.FromResult(AuthenticateResult.NoResult());
            }

            var fields = Encoding.UTF8.GetString(Convert.FromBase64String(header.Parameter!)).Split('|');
            string[] names = [Caller.TenantClaim, Caller.ClientClaim, Caller.ScopeClaim, Caller.FhirUserClaim, Caller.PatientClaim];
            var claims = names.Zip(fields).Where(f => f.Second.Length > 0).Select(f => new Claim(f.First, f.Second));
            return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(new ClaimsIdentity(claims, "Test")), "Test")));
        }
    }
}
