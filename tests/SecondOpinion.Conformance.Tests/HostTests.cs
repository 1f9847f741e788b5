using System.Net;
using System.Text.Json.Nodes;
using SecondOpinion.TestKit;
using Xunit;

namespace SecondOpinion.Conformance.Tests;

/// <summary>What surrounds the two surfaces: landing page, health, access, the published contract, safe starts.</summary>
public sealed class HostTests(HostTests.Server server) : IClassFixture<HostTests.Server>
{
    public sealed class Server : IAsyncLifetime
    {
        public ServerProcess Process { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Process = await ServerProcess.StartAsync();

        public ValueTask DisposeAsync() => Process.DisposeAsync();
    }

    [Theory]
    [InlineData("")]
    [InlineData("readme")]
    [InlineData("health/live")]
    [InlineData("health/ready")]
    [InlineData("fhir/metadata")]
    [InlineData("fhir/.well-known/smart-configuration")]
    [InlineData(".well-known/jwks.json")]
    [InlineData("openapi/v1.json")]
    [InlineData("swagger/index.html")]
    public async Task Public_pages_need_no_token(string path)
    {
        using var anyone = server.Process.Client();
        using var response = await anyone.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.True(response.Headers.Contains("X-Request-Id"));
    }

    [Theory]
    [InlineData("fhir/Patient", "application/fhir+json")]
    [InlineData("dicomweb/studies", "application/problem+json")]
    public async Task Without_a_token_the_answer_is_401_in_the_surface_s_own_format(string path, string mediaType)
    {
        using var anyone = server.Process.Client();
        using var response = await anyone.GetAsync(path);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("Bearer", response.Headers.WwwAuthenticate.Single().Scheme);
        Assert.Equal(mediaType, response.Content.Headers.ContentType!.MediaType);
    }

    [Theory]
    [InlineData("eyJhbGciOiJub25lIn0.eyJpc3MiOiJ1cm46c2Vjb25kb3BpbmlvbjppbnRlcm5hbCJ9.")]
    [InlineData("not-a-token")]
    public async Task A_forged_token_is_401(string token)
    {
        using var forger = server.Process.Client(token);
        using var response = await forger.GetAsync("fhir/Patient");
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Contains("invalid_token", response.Headers.WwwAuthenticate.ToString());
    }

    [Fact]
    public async Task A_token_with_a_changed_payload_is_401()
    {
        var parts = server.Process.Token("demo-practice").Split('.');
        var payload = System.Text.Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(parts[1])).Replace("practice-demo", "reading-demo", StringComparison.Ordinal);
        using var forger = server.Process.Client($"{parts[0]}.{System.Buffers.Text.Base64Url.EncodeToString(System.Text.Encoding.UTF8.GetBytes(payload))}.{parts[2]}");
        Assert.Equal(HttpStatusCode.Unauthorized, (await forger.GetAsync("fhir/Patient")).StatusCode);
    }

    [Fact]
    public void Token_prints_one_token_and_nothing_else()
    {
        var result = ServerProcess.Run("token", "--client", "demo-practice", "--data", server.Process.DataFolder);
        Assert.Equal(0, result.ExitCode);
        Assert.Matches(@"^[\w-]+\.[\w-]+\.[\w-]+\n$", result.Output);
        Assert.Equal("", result.Error);
    }

    [Fact]
    public async Task A_narrower_token_does_only_what_it_says()
    {
        using var narrow = server.Process.Client(server.Process.Token("demo-practice", "--scope", "system/Patient.rs"));
        await narrow.JsonAsync("fhir/Patient");
        await narrow.JsonAsync("fhir/Task", 403);
        Assert.Equal(HttpStatusCode.Forbidden, (await narrow.GetAsync("dicomweb/studies")).StatusCode);
    }

    [Fact]
    public async Task The_contract_that_is_published_is_the_program_s()
    {
        var published = Path.Combine(Repository.Root, "openapi", "v1.json");
        using var anyone = server.Process.Client();
        var running = await anyone.GetStringAsync("openapi/v1.json");
        if (Environment.GetEnvironmentVariable("WRITE_OPENAPI") == "1")
        {
            File.WriteAllText(published, running.ReplaceLineEndings("\n").TrimEnd() + "\n");
        }

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(File.ReadAllText(published)), JsonNode.Parse(running)), "openapi/v1.json differs from the program: run this test with WRITE_OPENAPI=1 and review the difference");
    }

    [Theory]
    [InlineData("no issuer", "--Urls", "http://127.0.0.1:0")]
    [InlineData("plain HTTP", "--Urls", "http://0.0.0.0:0", "--Auth:BuiltIn", "true")]
    [InlineData("is no https URL", "--Auth:Issuers:0:Authority", "http://login.example.org")]
    public void Production_refuses_to_start_unsafely(string reason, params string[] arguments)
    {
        var start = ServerProcess.Command(["serve", "--data", ServerProcess.NewFolder(), .. arguments]);
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        using var process = System.Diagnostics.Process.Start(start)!;
        var error = process.StandardError.ReadToEnd();
        Assert.True(process.WaitForExit(30_000));
        Assert.Equal(1, process.ExitCode);
        Assert.Contains(reason, error);
    }

    [Fact]
    public async Task Production_starts_with_no_tenants()
    {
        var data = ServerProcess.NewFolder();
        var start = ServerProcess.Command(["migrate", "--data", data, "--Auth:BuiltIn", "true"]);
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        using var process = System.Diagnostics.Process.Start(start)!;
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
        var rows = Shell.Run("python3", "-c", "import sqlite3,sys,glob; c=sqlite3.connect(glob.glob(sys.argv[1]+'/*.db')[0]); print([r[0] for r in c.execute(\"select name from sqlite_master where type='table'\") if c.execute('select count(*) from \"'+r[0]+'\"').fetchone()[0] and 'enant' in r[0]])", data);
        Assert.Equal("[]", rows.Output.Trim());
    }
}
