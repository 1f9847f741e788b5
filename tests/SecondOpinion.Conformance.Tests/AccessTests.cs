using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Xunit;

namespace SecondOpinion.Conformance.Tests;

/// <summary>Tokens of a site's own OpenID provider, and SMART Backend Services with a client's own key.</summary>
public sealed class AccessTests(AccessTests.Setup setup) : IClassFixture<AccessTests.Setup>
{
    public sealed class Setup : IAsyncLifetime
    {
        public OpenIdIssuer Issuer { get; private set; } = null!;

        public ServerProcess Server { get; private set; } = null!;

        public ECDsaSecurityKey ClientKey { get; } = new(ECDsa.Create(ECCurve.NamedCurves.nistP384)) { KeyId = "c1" };

        public async ValueTask InitializeAsync()
        {
            Issuer = await OpenIdIssuer.StartAsync();
            Server = await ServerProcess.StartAsync(
                null,
                "--Auth:Issuers:0:Authority", Issuer.Authority,
                "--Auth:Issuers:0:TenantClaim", "org",
                "--Tenants:0:Id", "harbour",
                "--Tenants:0:Name", "Harbour Clinic",
                "--Tenants:0:Clients:0:ClientId", "harbour-pms",
                "--Tenants:0:Clients:0:Scopes", "system/Patient.cruds system/Task.rs",
                "--Tenants:0:Clients:0:Jwks", JsonSerializer.Serialize(new { keys = new[] { OpenIdIssuer.Jwk(ClientKey) } }));
        }

        public async ValueTask DisposeAsync()
        {
            await Server.DisposeAsync();
            await Issuer.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_token_of_the_site_s_provider_opens_its_own_tenant()
    {
        using var http = setup.Server.Client(setup.Issuer.Token("harbour", "system/*.cruds"));
        var id = (await http.SendAsync(HttpMethod.Post, "fhir/Patient", JsonNode.Parse("""{"resourceType":"Patient","active":true}""")!, 201))["id"]!;
        await http.JsonAsync($"fhir/Patient/{id}");
        Assert.Equal("Harbour Clinic", (await http.JsonAsync("fhir/Organization/harbour"))["name"]!.ToString());
        using var other = setup.Server.Client(setup.Issuer.Token("practice-demo", "system/*.cruds"));
        await other.JsonAsync($"fhir/Patient/{id}", 404);
    }

    [Theory]
    [InlineData("unknown-organization", "urn:secondopinion:interop", 5)]
    [InlineData("harbour", "urn:another:server", 5)]
    [InlineData("harbour", "urn:secondopinion:interop", -10)]
    public async Task A_token_for_elsewhere_or_of_yesterday_is_401(string tenant, string audience, int minutes)
    {
        using var http = setup.Server.Client(setup.Issuer.Token(tenant, "system/*.cruds", audience, minutes));
        Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync("fhir/Patient")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync("dicomweb/studies")).StatusCode);
    }

    [Fact]
    public async Task A_token_of_an_issuer_that_is_not_trusted_is_401()
    {
        await using var stranger = await OpenIdIssuer.StartAsync();
        using var http = setup.Server.Client(stranger.Token("harbour", "system/*.cruds"));
        Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync("fhir/Patient")).StatusCode);
    }

    [Fact]
    public async Task A_backend_service_gets_the_scopes_that_are_registered_and_no_others()
    {
        var (status, answer) = await AskAsync(Assertion(), "system/Patient.rs system/Observation.rs user/Patient.rs");
        Assert.Equal(200, status);
        Assert.Equal("system/Patient.rs", answer["scope"]!.ToString());
        Assert.Equal("bearer", answer["token_type"]!.ToString());
        Assert.InRange((int)answer["expires_in"]!, 1, 300);
        using var http = setup.Server.Client(answer["access_token"]!.ToString());
        await http.JsonAsync("fhir/Patient");
        await http.JsonAsync("fhir/Task", 403);
        await http.SendAsync(HttpMethod.Post, "fhir/Patient", JsonNode.Parse("""{"resourceType":"Patient"}""")!, 403);
    }

    [Fact]
    public async Task An_assertion_is_good_once()
    {
        var assertion = Assertion();
        Assert.Equal(200, (await AskAsync(assertion, "system/Patient.rs")).Status);
        var (status, answer) = await AskAsync(assertion, "system/Patient.rs");
        Assert.Equal((401, "invalid_client"), (status, answer["error"]!.ToString()));
    }

    [Fact]
    public async Task Assertions_that_are_wrong_in_one_way_are_refused()
    {
        using var stranger = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        foreach (var assertion in new[]
        {
            Assertion(audience: "https://elsewhere.example/token"),
            Assertion(minutes: 30),
            Assertion(minutes: -5),
            Assertion(client: "nobody"),
            Assertion(jti: ""),
            Assertion(key: new ECDsaSecurityKey(stranger) { KeyId = "c1" }),
            "not-a-jwt",
            "",
        })
        {
            var (status, answer) = await AskAsync(assertion, "system/Patient.rs");
            Assert.Equal((401, "invalid_client"), (status, answer["error"]!.ToString()));
        }

        Assert.Equal("invalid_scope", (await AskAsync(Assertion(), "system/Observation.rs")).Answer["error"]!.ToString());
        Assert.Equal("unsupported_grant_type", (await AskAsync(Assertion(), "system/Patient.rs", "password")).Answer["error"]!.ToString());
    }

    private string Assertion(string client = "harbour-pms", string? audience = null, int minutes = 4, string? jti = null, ECDsaSecurityKey? key = null) =>
        new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = client,
            Audience = audience ?? new Uri(setup.Server.Address, "auth/token").ToString(),
            Expires = DateTime.UtcNow.AddMinutes(minutes),
            Claims = new Dictionary<string, object>(StringComparer.Ordinal) { ["sub"] = client, ["jti"] = jti ?? Guid.NewGuid().ToString("N") },
            SigningCredentials = new SigningCredentials(key ?? setup.ClientKey, SecurityAlgorithms.EcdsaSha384),
        });

    private async Task<(int Status, JsonNode Answer)> AskAsync(string assertion, string scope, string grant = "client_credentials")
    {
        using var http = setup.Server.Client();
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["grant_type"] = grant,
            ["client_assertion_type"] = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            ["client_assertion"] = assertion,
            ["scope"] = scope,
        });
        using var response = await http.PostAsync("auth/token", form);
        return ((int)response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync())!);
    }
}
