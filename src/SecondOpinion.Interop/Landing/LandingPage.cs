using System.Reflection;
using System.Text.Encodings.Web;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using SecondOpinion.Interop.Hosting;

namespace SecondOpinion.Interop.Landing;

/// <summary><c>/</c>: what this is, whether it is well, and where to start. One page without scripts or anything from elsewhere.</summary>
internal static class LandingPage
{
    public static void MapLanding(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/", PageAsync).ExcludeFromDescription();
        routes.MapGet("/readme", () => Results.Stream(typeof(LandingPage).Assembly.GetManifestResourceStream("README.md")!, "text/plain; charset=utf-8")).ExcludeFromDescription();
    }

    private static async Task<IResult> PageAsync(HttpContext context, InteropOptions options, HealthCheckService health)
    {
        var origin = HtmlEncoder.Default.Encode(options.PublicUrl ?? $"{context.Request.Scheme}://{context.Request.Host}");
        context.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'";
        var status = (await health.CheckHealthAsync(context.RequestAborted)).Status == HealthStatus.Healthy ? "ready" : "not ready";
        return Results.Content(Page(origin, status, options.IsDevelopment), "text/html; charset=utf-8");
    }

    public static string Version { get; } = typeof(LandingPage).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "";

    private static string Page(string origin, string status, bool isDevelopment) => $$"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>SecondOpinion.Interop</title>
        <style>
          :root { color-scheme: light dark; --line: #8884; --soft: #8881; --link: #0b6bcb; }
          @media (prefers-color-scheme: dark) { :root { --link: #6db3ff; } }
          body { font: 16px/1.55 system-ui, sans-serif; max-width: 46rem; margin: 0 auto; padding: 2.5rem 1.25rem 4rem; }
          h1 { font-size: 1.7rem; margin: 0 0 .25rem; }
          h2 { font-size: 1.05rem; margin: 2rem 0 .5rem; }
          p { margin: .5rem 0; }
          a { color: var(--link); }
          table { border-collapse: collapse; width: 100%; }
          td { border-top: 1px solid var(--line); padding: .45rem .75rem .45rem 0; vertical-align: top; }
          td:first-child { white-space: nowrap; }
          code, pre { font: .9em ui-monospace, monospace; background: var(--soft); border-radius: 4px; }
          code { padding: .1em .3em; }
          pre { padding: .8rem 1rem; overflow-x: auto; }
          .muted { opacity: .7; }
        </style>
        </head>
        <body>
        <h1>SecondOpinion.Interop</h1>
        <p>Practice software orders a second opinion on dental X-rays and radiology studies here, sends the images, and receives
        the signed review back into the chart: over FHIR R4 and DICOMweb.</p>
        <p class="muted">Version {{Version}} &middot; <a href="/health/ready">{{status}}</a>{{(isDevelopment ? " &middot; Development: not for patients' data" : "")}}</p>
        <h2>Where things are</h2>
        <table>
        <tr><td><a href="/fhir/metadata"><code>/fhir</code></a></td><td>Orders, tasks, reports: FHIR R4 (the link is its CapabilityStatement)</td></tr>
        <tr><td><code>/dicomweb</code></td><td>Images and worklist: STOW-RS, QIDO-RS, WADO-RS, UPS-RS (<code>OPTIONS</code> tells what it can)</td></tr>
        <tr><td><a href="/fhir/.well-known/smart-configuration"><code>/auth/token</code></a></td><td>Access tokens: SMART Backend Services</td></tr>
        <tr><td><a href="/.well-known/jwks.json"><code>/.well-known/jwks.json</code></a></td><td>Public keys: anyone can check a signed report</td></tr>
        <tr><td><a href="/swagger"><code>/swagger</code></a></td><td>The contract of the routes outside FHIR (<a href="/openapi/v1.json">OpenAPI</a>)</td></tr>
        </table>
        <h2>How to start</h2>
        <p>Every route but this page, the metadata and the health checks wants a token:</p>
        <pre>TOKEN=$({{(isDevelopment ? "./run.sh token --client demo-practice" : "your issuer, or POST /auth/token")}})
        curl -H "Authorization: Bearer $TOKEN" {{origin}}/fhir/Task</pre>
        <p>The <a href="/readme">README</a> shows an order from the first request to the signed PDF; <code>./run.sh demo</code> runs it.</p>
        </body>
        </html>
        """;
}
