using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using SecondOpinion.Fhir;
using Xunit;

namespace SecondOpinion.FhirRest.Tests;

/// <summary>The terminology server that is asked for what is not on board.</summary>
public sealed class RemoteTerminologyTests
{
    private const string Sct = "http://snomed.info/sct";

    private static readonly string Huge = "{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":\"result\",\"valueBoolean\":true},{\"name\":\"message\",\"valueString\":\"" + new string('x', 3 << 20) + "\"}]}";

    private static readonly Lazy<Task<(FakeTerminologyServer Server, FhirHost Host)>> Shared = new(async () =>
    {
        var server = await FakeTerminologyServer.StartAsync();
        return (server, await FhirHost.StartAsync(o =>
        {
            o.Terminology.Url = server.Url;
            o.Terminology.Token = "secret-token";
            o.Terminology.PauseSeconds = 1;
        }));
    });

    /// <summary>Over REST, on one host with one terminology server; the tests of a class run one after the other, each asks codes of its own.</summary>
    private static async Task OverRestAsync(Func<FakeTerminologyServer, FhirClient, Task> test)
    {
        var (server, host) = await Shared.Value;
        server.Asked.Clear();
        server.Credentials.Clear();
        server.Answer = FakeTerminologyServer.Good;
        await test(server, host.AsNew());
    }

    private static async Task WithAsync(Func<FakeTerminologyServer, RemoteTerminology, Task> test, params string[] only)
    {
        await using var server = await FakeTerminologyServer.StartAsync();
        using var remote = new RemoteTerminology(new RemoteTerminologyOptions { BaseUrl = new Uri(server.Url), Timeout = TimeSpan.FromMilliseconds(800), MaxAnswerBytes = 1 << 20, Only = only });
        await test(server, remote);
    }

    [Fact]
    public Task Unknown_codes_are_asked_once_and_only_codes_are_sent() => OverRestAsync(async (server, client) =>
    {
        const string Url = "CodeSystem/$validate-code?url=" + Sct + "&code=80146009&display=Text%20about%20somebody";
        var answer = (await client.GetAsync(Url)).Is(200);

        // The display is compared here, not there.
        Assert.Contains("\"valueBoolean\":false", answer.Body, StringComparison.Ordinal);
        Assert.Contains("The display of 80146009 is 'Right'", answer.Body, StringComparison.Ordinal);
        (await client.GetAsync(Url)).Is(200);
        Assert.Equal(["/tx/CodeSystem/$validate-code?url=http://snomed.info/sct&code=80146009"], server.Asked);
        Assert.Equal(["Bearer secret-token"], server.Credentials);
    });

    [Fact]
    public Task What_is_on_board_is_not_asked() => OverRestAsync(async (server, client) =>
    {
        (await client.GetAsync("CodeSystem/$validate-code?url=http://hl7.org/fhir/administrative-gender&code=man")).Is(200);
        (await client.GetAsync("CodeSystem/$lookup?system=http://hl7.org/fhir/administrative-gender&code=man")).Is(404);
        (await client.GetAsync("ValueSet/$expand?url=http://hl7.org/fhir/ValueSet/administrative-gender")).Is(200);
        (await client.GetAsync("ConceptMap/$translate?system=urn:iso:std:iso:3950&code=36")).Is(200);
        Assert.Empty(server.Asked);
    });

    [Fact]
    public Task All_operations_pass_on_what_it_answers() => OverRestAsync(async (server, client) =>
    {
        server.Answer = http => FakeTerminologyServer.SayAsync(http, http.Request.Path.Value!.EndsWith("$expand", StringComparison.Ordinal)
            ? """{"resourceType":"ValueSet","status":"active","expansion":{"timestamp":"2026-01-01","contains":[{"system":"http://x","code":"far"}]}}"""
            : """{"resourceType":"Parameters","parameter":[{"name":"result","valueBoolean":true},{"name":"far","valueString":"far"}]}""");
        foreach (var url in new[]
        {
            "ValueSet/$expand?url=http://far/vs&filter=f&count=5", "ValueSet/$expand?url=http://hl7.org/fhir/ValueSet/ucum-units", $"CodeSystem/$lookup?system={Sct}&code=1", $"CodeSystem/$subsumes?system={Sct}&codeA=1&codeB=2",
            $"ConceptMap/$translate?system={Sct}&code=1&targetsystem=http://x",
        })
        {
            Assert.Contains("far", (await client.GetAsync(url)).Is(200).Body, StringComparison.Ordinal);
        }

        (await client.GetAsync($"ValueSet/$validate-code?url=http://far/vs&system={Sct}&code=1")).Is(200);
        Assert.Equal("/tx/ValueSet/$expand?url=http://far/vs&filter=f&count=5", server.Asked.First());
    });

    [Theory]
    [InlineData("slow")]
    [InlineData("500")]
    [InlineData("401")]
    [InlineData("redirect")]
    [InlineData("html")]
    [InlineData("patient")]
    [InlineData("huge")]
    [InlineData("endless")]
    [InlineData("cut")]
    [InlineData("no result")]
    public Task Bad_answer_leaves_the_code_undecided(string kind) => WithAsync(async (server, remote) =>
    {
        server.Answer = async http =>
        {
            switch (kind)
            {
                case "slow":
                    await Task.Delay(TimeSpan.FromSeconds(20), http.RequestAborted);
                    break;
                case "500" or "401":
                    http.Response.StatusCode = int.Parse(kind);
                    break;
                case "redirect":
                    http.Response.Redirect("http://127.0.0.1:1/elsewhere");
                    break;
                case "html":
                    await FakeTerminologyServer.SayAsync(http, "<html>");
                    break;
                case "patient":
                    await FakeTerminologyServer.SayAsync(http, """{"resourceType":"Patient"}""");
                    break;
                case "huge":
                    await FakeTerminologyServer.SayAsync(http, Huge);
                    break;
                case "endless":
                    while (!http.RequestAborted.IsCancellationRequested)
                    {
                        await http.Response.WriteAsync(new string(' ', 100_000), http.RequestAborted);
                    }

                    break;
                case "cut":
                    http.Response.ContentLength = 1000;
                    await http.Response.WriteAsync("{");
                    http.Abort();
                    break;
                default:
                    await FakeTerminologyServer.SayAsync(http, """{"resourceType":"Parameters"}""");
                    break;
            }
        };
        var clock = Stopwatch.StartNew();
        Assert.Null(await remote.ValidateCodeAsync(null, Sct, "80146002"));
        Assert.Null(await remote.ValidateCodeAsync(null, Sct, "80146003"));
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(10));

        // After a failure it is left alone; an answer that says nothing is none.
        Assert.Equal(kind == "no result" ? 2 : 1, server.Asked.Count);
    });

    [Fact]
    public async Task Failure_is_told_once_a_pause_and_then_it_is_asked_again()
    {
        await using var server = await FakeTerminologyServer.StartAsync();
        var reasons = new List<string>();
        using var remote = new RemoteTerminology(new RemoteTerminologyOptions { BaseUrl = new Uri(server.Url), Pause = TimeSpan.FromMilliseconds(300) }, onFailure: reasons.Add);
        server.Answer = http => FakeTerminologyServer.SayAsync(http, "", 503);
        Assert.Null(await remote.ValidateCodeAsync(null, Sct, "1"));
        Assert.Null(await remote.ValidateCodeAsync(null, Sct, "2"));
        Assert.Equal(["status 503"], reasons);

        server.Answer = FakeTerminologyServer.Good;
        await Task.Delay(400);
        Assert.Equal(new CodeCheck(true, null, "Right"), await remote.ValidateCodeAsync(null, Sct, "2"));
        Assert.Equal(2, server.Asked.Count);
    }

    [Theory]
    [InlineData(404)]
    [InlineData(422)]
    public Task Server_that_does_not_know_is_not_asked_again_at_once(int status) => WithAsync(async (server, remote) =>
    {
        server.Answer = http => FakeTerminologyServer.SayAsync(http, """{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"not-found"}]}""", status);
        Assert.Null(await remote.ExpandAsync("http://far/vs", new ExpandOptions()));
        Assert.Null(await remote.ExpandAsync("http://far/vs", new ExpandOptions()));
        Assert.Null(await remote.ExpandAsync("http://far/other", new ExpandOptions()));
        Assert.Equal(2, server.Asked.Count);
    });

    [Fact]
    public Task Only_the_systems_that_are_allowed_are_asked() => WithAsync(
        async (server, remote) =>
        {
            Assert.Null(await remote.ValidateCodeAsync(null, Sct, "1"));
            Assert.NotNull(await remote.ValidateCodeAsync(null, "http://loinc.org", "1-8"));
            Assert.Single(server.Asked);
        },
        "http://loinc.org");

    [Fact]
    public Task What_can_be_no_code_is_not_sent() => OverRestAsync(async (server, client) =>
    {
        (await client.GetAsync($"CodeSystem/$validate-code?url={Sct}&code=" + new string('9', 300))).Is(422);
        (await client.GetAsync($"CodeSystem/$validate-code?url={Sct}&code=a%0Ab")).Is(422);
        Assert.Empty(server.Asked);
    });

    [Fact]
    public Task Write_is_refused_for_a_code_that_it_knows_to_be_wrong_and_never_for_want_of_an_answer() => OverRestAsync(
        async (server, client) =>
        {
            static string Sequence(string code) => "{\"resourceType\":\"MolecularSequence\",\"coordinateSystem\":0,\"structureVariant\":[{\"variantType\":{\"coding\":[{\"system\":\"http://loinc.org\",\"code\":\"" + code + "\"}]}}]}";
            server.Answer = http => FakeTerminologyServer.SayAsync(http, $"{{\"resourceType\":\"Parameters\",\"parameter\":[{{\"name\":\"result\",\"valueBoolean\":{(http.Request.Query["code"] == "good" ? "true" : "false")}}}]}}");
            (await client.PostAsync("MolecularSequence", Sequence("good"))).Is(201);
            var wrong = (await client.PostAsync("MolecularSequence", Sequence("bad"))).Is(422);
            Assert.Equal("code-invalid", wrong.Text("issue.0.code"));
            var bundle = (await client.PostAsync("", "{\"resourceType\":\"Bundle\",\"type\":\"transaction\",\"entry\":[{\"resource\":" + Sequence("also-bad") + ",\"request\":{\"method\":\"POST\",\"url\":\"MolecularSequence\"}}]}")).Is(422);
            Assert.Contains("also-bad", bundle.Body, StringComparison.Ordinal);
            Assert.Contains("/tx/ValueSet/$validate-code?url=http://loinc.org/vs/LL379-9&system=http://loinc.org&code=also-bad", server.Asked);

            server.Answer = http => FakeTerminologyServer.SayAsync(http, "", 500);
            (await client.PostAsync("MolecularSequence", Sequence("unheard-of"))).Is(201);
            var validated = (await client.PostAsync("MolecularSequence/$validate", Sequence("unheard-of"))).Is(200);
            Assert.Contains("\"severity\":\"warning\",\"code\":\"incomplete\"", validated.Body, StringComparison.Ordinal);
            await Task.Delay(1100);
        });

    [Fact]
    public Task Patch_asks_before_its_transaction_as_other_writes_do() => OverRestAsync(async (server, client) =>
    {
        static string Patch(string code) => "[{\"op\":\"add\",\"path\":\"/structureVariant\",\"value\":[{\"variantType\":{\"coding\":[{\"system\":\"http://loinc.org\",\"code\":\"" + code + "\"}]}}]}]";
        static string Entry(string url, string code) => "{\"resource\":{\"resourceType\":\"Binary\",\"contentType\":\"application/json-patch+json\",\"data\":\"" + Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(Patch(code))) + "\"},\"request\":{\"method\":\"PATCH\",\"url\":\"" + url + "\"}}";
        static string Bundle(string type, string entry) => "{\"resourceType\":\"Bundle\",\"type\":\"" + type + "\",\"entry\":[" + entry + "]}";
        server.Answer = http => FakeTerminologyServer.SayAsync(http, $"{{\"resourceType\":\"Parameters\",\"parameter\":[{{\"name\":\"result\",\"valueBoolean\":{(http.Request.Query["code"] == "patch-good" ? "true" : "false")}}}]}}");
        var id = await client.CreateAsync("""{"resourceType":"MolecularSequence","coordinateSystem":0,"identifier":[{"system":"urn:s","value":"1"}]}""");

        Assert.Equal("code-invalid", (await client.PatchAsync($"MolecularSequence/{id}", Patch("patch-a"))).Is(422).Text("issue.0.code"));
        (await client.PatchAsync("MolecularSequence?identifier=urn:s|1", Patch("patch-b"))).Is(422);
        (await client.PostAsync("", Bundle("transaction", Entry($"MolecularSequence/{id}", "patch-c")))).Is(422);
        Assert.Equal("422 Unprocessable Entity", (await client.PostAsync("", Bundle("batch", Entry("MolecularSequence?identifier=urn:s|1", "patch-d")))).Is(200).Text("entry.0.response.status"));
        (await client.PatchAsync($"MolecularSequence/{id}", Patch("patch-good"))).Is(200);

        // What the caller may not write is not told to anybody.
        (await client.Host.AsNew().PatchAsync($"MolecularSequence/{id}", Patch("patch-e"))).Is(404);
        (await client.Host.As(client.Tenant, "system/MolecularSequence.cruds?identifier=urn:s|2").PatchAsync($"MolecularSequence/{id}", Patch("patch-f"))).Is(404);
        Assert.Equal(5, server.Asked.Count);
    });

    [Fact]
    public Task Operation_in_a_batch_asks_and_one_in_a_transaction_does_not() => OverRestAsync(async (server, client) =>
    {
        static string Bundle(string type, string code) => "{\"resourceType\":\"Bundle\",\"type\":\"" + type + "\",\"entry\":[{\"request\":{\"method\":\"GET\",\"url\":\"CodeSystem/$validate-code?url=" + Sct + "&code=" + code + "\"}}]}";
        Assert.Equal("200 OK", (await client.PostAsync("", Bundle("batch", "777001"))).Is(200).Text("entry.0.response.status"));
        Assert.Single(server.Asked);
        (await client.PostAsync("", Bundle("transaction", "777002"))).Is(422);
        Assert.Single(server.Asked);
    });

    [Fact]
    public async Task Cache_is_bounded()
    {
        await using var server = await FakeTerminologyServer.StartAsync();
        using var remote = new RemoteTerminology(new RemoteTerminologyOptions { BaseUrl = new Uri(server.Url), CacheBytes = 5_000 });
        for (var i = 0; i < 20; i++)
        {
            await remote.ValidateCodeAsync("http://vs", Sct, i.ToString());
        }

        Assert.Null(remote.Known("http://vs", Sct, "0"));
        Assert.Equal((bool?)true, remote.Known("http://vs", Sct, "19"));
    }

    [Theory]
    [InlineData("http://tx.example/r4", null, null, null)]
    [InlineData("ftp://tx.example", null, null, null)]
    [InlineData("no url", null, null, null)]
    [InlineData("https://user:pw@tx.example/", null, null, null)]
    [InlineData("https://tx.example/?a=b", null, null, null)]
    [InlineData("https://tx.example", "t", "u", "p")]
    [InlineData("https://tx.example", null, "u", null)]
    [InlineData("https://tx.example", "a\nb", null, null)]
    [InlineData(null, "t", null, null)]
    public void Wrong_settings_are_refused(string? url, string? token, string? user, string? password) =>
        Assert.NotEmpty(new FhirRestOptions { Terminology = { Url = url, Token = token, User = user, Password = password } }.Validate());

    [Fact]
    public void Right_settings_are_taken() => Assert.Empty(new FhirRestOptions { Terminology = { Url = "https://tx.example/r4", User = "u", Password = "p" } }.Validate());
}
