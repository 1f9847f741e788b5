using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using SecondOpinion.Dicom;
using SecondOpinion.TestKit;
using Xunit;

namespace SecondOpinion.Conformance.Tests;

/// <summary>What goes wrong outside: hostile bodies, the wrong party, a subscriber that is down, a full disk.</summary>
public sealed class FaultTests(FaultTests.Server server) : IClassFixture<FaultTests.Server>
{
    public sealed class Server : IAsyncLifetime
    {
        public ServerProcess Process { get; private set; } = null!;

        public HttpClient Practice { get; private set; } = null!;

        public HttpClient Reader { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Process = await ServerProcess.StartAsync(null, "--FhirRest:Subscriptions:FirstRetrySeconds", "1");
            Practice = Process.Client(Process.Token("demo-practice"));
            Reader = Process.Client(Process.Token("demo-reader"));
        }

        public ValueTask DisposeAsync()
        {
            Practice.Dispose();
            Reader.Dispose();
            return Process.DisposeAsync();
        }
    }

    [Theory]
    [InlineData("fhir/Patient", "application/fhir+json", "{\"resourceType\":\"Patient\"", 400)]
    [InlineData("fhir/Patient", "application/fhir+json", "", 400)]
    [InlineData("fhir/Patient", "application/fhir+json", "{\"resourceType\":\"Patient\",\"colour\":\"red\"}", 400, 422)]
    [InlineData("fhir/Patient", "application/fhir+json", "{\"resourceType\":\"Observation\"}", 400, 422)]
    [InlineData("fhir/Spaceship", "application/fhir+json", "{\"resourceType\":\"Spaceship\"}", 404)]
    [InlineData("fhir/Patient", "text/csv", "a,b", 415)]
    [InlineData("fhir", "application/fhir+json", "{\"resourceType\":\"Bundle\",\"type\":\"transaction\",\"entry\":[{\"resource\":{\"resourceType\":\"Patient\"}}]}", 400, 422)]
    [InlineData("dicomweb/studies", "multipart/related; type=\"application/dicom\"", "nothing", 400)]
    [InlineData("dicomweb/studies", "multipart/related; type=\"application/dicom\"; boundary=x", "--y\r\n\r\nabc\r\n--y--", 400)]
    [InlineData("dicomweb/studies", "multipart/related; type=\"application/dicom\"; boundary=x", "--x\r\nContent-Type: application/dicom\r\n\r\n\r\n--x--\r\n", 400, 409)]
    [InlineData("dicomweb/studies", "application/dicom", "this is not DICOM", 400, 409)]
    [InlineData("dicomweb/studies", "text/plain", "hello", 415)]
    public async Task Broken_bodies_are_refused_with_a_reason(string path, string mediaType, string body, params int[] allowed)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.TryAddWithoutValidation("Content-Type", mediaType);
        using var response = await server.Practice.PostAsync(path, content);
        Assert.Contains((int)response.StatusCode, allowed);
        Assert.NotEmpty(await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_truncated_file_among_good_ones_is_one_failure()
    {
        var (study, series) = (DicomUid.New(), DicomUid.New());
        var folder = ServerProcess.NewFolder();
        var good = MadeInstance.Create(study, series, DicomUid.New());
        File.WriteAllBytes(Path.Combine(folder, "1.dcm"), good);
        File.WriteAllBytes(Path.Combine(folder, "2.dcm"), MadeInstance.Create(study, series, DicomUid.New())[..^900]);
        File.WriteAllBytes(Path.Combine(folder, "3.dcm"), []);
        var (status, body) = await server.Practice.StowAsync(Directory.GetFiles(folder).Order(StringComparer.Ordinal));
        Assert.Equal(202, status);
        Assert.Single(body!["00081199"]!["Value"]!.AsArray());
        Assert.Equal(2, (body["00081198"]?["Value"]?.AsArray().Count ?? 0) + (body["0008119A"]?["Value"]?.AsArray().Count ?? 0));
        Assert.Single((await server.Practice.JsonAsync("dicomweb/instances?StudyInstanceUID=" + study)).AsArray());
    }

    [Fact]
    public async Task Another_tenant_s_data_does_not_exist()
    {
        var patient = await server.Practice.SendAsync(HttpMethod.Post, "fhir/Patient", JsonNode.Parse("""{"resourceType":"Patient","name":[{"family":"Secret"}]}""")!, 201);
        var id = patient["id"]!.ToString();
        var (study, series, sop) = (DicomUid.New(), DicomUid.New(), DicomUid.New());
        var file = Path.Combine(ServerProcess.NewFolder(), "1.dcm");
        await File.WriteAllBytesAsync(file, MadeInstance.Create(study, series, sop));
        Assert.Equal(200, (await server.Practice.StowAsync([file])).Status);
        foreach (var path in new[]
        {
            $"fhir/Patient/{id}", $"fhir/Patient/{id}/_history/1", $"fhir/Patient/{id}/_history", $"dicomweb/studies/{study}", $"dicomweb/studies/{study}/metadata",
            $"dicomweb/studies/{study}/series/{series}", $"dicomweb/studies/{study}/series/{series}/metadata", $"dicomweb/studies/{study}/series/{series}/instances/{sop}",
            $"dicomweb/studies/{study}/series/{series}/instances/{sop}/frames/1", $"dicomweb/studies/{study}/series/{series}/instances/{sop}/rendered",
            $"dicomweb/studies/{study}/rendered", $"dicomweb/studies/{study}/thumbnail",
        })
        {
            using var response = await server.Reader.GetAsync(path);
            Assert.True(response.StatusCode == HttpStatusCode.NotFound, $"{path}: {(int)response.StatusCode}");
        }

        foreach (var path in new[] { "fhir/Patient?name=Secret", "fhir/Patient?_id=" + id, "fhir/Patient?_summary=count&family=Secret", "fhir/Observation?subject:Patient.name=Secret" })
        {
            Assert.Equal(0, (int)(await server.Reader.JsonAsync(path))["total"]!);
        }

        Assert.Empty((await server.Reader.JsonAsync("dicomweb/studies?StudyInstanceUID=" + study)).AsArray());
        Assert.Empty((await server.Reader.JsonAsync("dicomweb/instances?SOPInstanceUID=" + sop)).AsArray());
        await server.Reader.SendAsync(HttpMethod.Put, "fhir/Patient/" + id, JsonNode.Parse($$"""{"resourceType":"Patient","id":"{{id}}"}""")!, 404);
        Assert.Equal("Secret", (await server.Practice.JsonAsync("fhir/Patient/" + id))["name"]![0]!["family"]!.ToString());
    }

    [Fact]
    public async Task Two_orders_for_one_accession_are_a_conflict()
    {
        await server.Practice.SendAsync(HttpMethod.Post, "fhir", Orders.Create("A-1", "ACC-A"), 200);
        var refused = await server.Practice.SendAsync(HttpMethod.Post, "fhir", Orders.Create("A-2", "ACC-A"), 409);
        Assert.Equal("OperationOutcome", refused["resourceType"]!.ToString());
        Assert.Equal(1, (int)(await server.Practice.JsonAsync("fhir/ServiceRequest?identifier=ACC-A"))["total"]!);
    }

    [Fact]
    public async Task Images_that_came_before_their_order_are_found()
    {
        var study = DicomUid.New();
        Assert.Equal(200, (await server.Practice.StowAsync(RadiographFiles.Make(study, "ACC-B", "MRN-B"))).Status);
        var ordered = await server.Practice.SendAsync(HttpMethod.Post, "fhir", Orders.Create("B-1", "ACC-B", "MRN-B"), 200);
        var task = (await server.Practice.JsonAsync("fhir/Task?focus=ServiceRequest/" + ordered.Id("ServiceRequest"))).First();
        Assert.Equal("received", task["status"]!.ToString());
        Assert.Single((await server.Reader.JsonAsync("dicomweb/studies?StudyInstanceUID=" + study)).AsArray());
    }

    [Fact]
    public async Task Images_of_another_patient_never_reach_the_reader()
    {
        var ordered = await server.Practice.SendAsync(HttpMethod.Post, "fhir", Orders.Create("C-1", "ACC-C", "MRN-C"), 200);
        var study = DicomUid.New();
        Assert.Equal(200, (await server.Practice.StowAsync(RadiographFiles.Make(study, "ACC-C", "MRN-OTHER", name: "Else^Someone"))).Status);
        var task = (await server.Practice.JsonAsync("fhir/Task?focus=ServiceRequest/" + ordered.Id("ServiceRequest"))).First();
        Assert.Equal("requested", task["status"]!.ToString());
        Assert.Empty((await server.Reader.JsonAsync("dicomweb/studies?StudyInstanceUID=" + study)).AsArray());
    }

    [Fact]
    public async Task A_review_of_somebody_else_s_order_is_refused_and_stores_nothing()
    {
        var ordered = await server.Practice.SendAsync(HttpMethod.Post, "fhir", Orders.Create("D-1", "ACC-D", "MRN-D"), 200);
        var review = JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Root, "docs", "examples", "result-bundle.json"))
            .Replace("{patient}", ordered.Id("Patient"), StringComparison.Ordinal)
            .Replace("{order}", ordered.Id("ServiceRequest"), StringComparison.Ordinal)
            .Replace("{imagingStudy}", "unknown", StringComparison.Ordinal))!;
        using var content = new StringContent(review.ToJsonString(), Encoding.UTF8, "application/fhir+json");
        using var response = await server.Reader.PostAsync("fhir", content);
        Assert.InRange((int)response.StatusCode, 403, 422);
        Assert.Equal(0, (int)(await server.Practice.JsonAsync("fhir/DiagnosticReport?based-on=ServiceRequest/" + ordered.Id("ServiceRequest")))["total"]!);
        Assert.Equal(0, (int)(await server.Reader.JsonAsync("fhir/Observation?based-on=ServiceRequest/" + ordered.Id("ServiceRequest")))["total"]!);
    }

    [Fact]
    public async Task A_subscriber_that_was_down_gets_everything_when_it_is_back()
    {
        await using var subscriber = await Subscriber.StartAsync();
        subscriber.Fails = true;
        await server.Practice.SendAsync(HttpMethod.Post, "fhir/Subscription", JsonNode.Parse($$"""
            {"resourceType":"Subscription","status":"requested","reason":"t","criteria":"Basic?code=down","channel":{"type":"rest-hook","endpoint":"{{subscriber.Endpoint}}","payload":"application/fhir+json"} }
            """)!, 201);
        await Task.Delay(1000);
        var ids = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            ids.Add((await server.Practice.SendAsync(HttpMethod.Post, "fhir/Basic", JsonNode.Parse("""{"resourceType":"Basic","code":{"coding":[{"code":"down"}]}}""")!, 201))["id"]!.ToString());
        }

        for (var i = 0; i < 100 && subscriber.Refused == 0; i++)
        {
            await Task.Delay(100);
        }

        Assert.True(subscriber.Refused > 0);
        subscriber.Fails = false;
        foreach (var id in ids)
        {
            await subscriber.WaitAsync(body => body.Contains(id, StringComparison.Ordinal), 60);
        }
    }

    [Fact]
    public async Task A_full_disk_refuses_and_keeps_what_it_has()
    {
        // A small file system of its own; needs root.
        var data = ServerProcess.NewFolder();
        if (Shell.Run("mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", data).ExitCode != 0)
        {
            Requires.Missing("mounting a small file system needs root");
        }

        try
        {
            await using var small = await ServerProcess.StartAsync(data);
            using var http = small.Client(small.Token("demo-practice"));
            var (study, series) = (DicomUid.New(), DicomUid.New());
            var stored = new List<string>();
            var refused = 0;
            for (var i = 0; i < 40 && refused < 3; i++)
            {
                var sop = DicomUid.New();
                using var content = new ByteArrayContent(MadeInstance.Create(study, series, sop, 1000, 1000));
                content.Headers.ContentType = new MediaTypeHeaderValue("application/dicom");
                using var response = await http.PostAsync("dicomweb/studies", content);
                if (response.StatusCode == HttpStatusCode.OK)
                {
                    stored.Add(sop);
                }
                else
                {
                    Assert.True((int)response.StatusCode is 409 or 503 or 507, $"{(int)response.StatusCode}: {await response.Content.ReadAsStringAsync()}");
                    refused++;
                }
            }

            Assert.True(refused > 0 && stored.Count > 3, $"{stored.Count} stored, {refused} refused");
            Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("health/live")).StatusCode);
            foreach (var sop in stored)
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, $"dicomweb/studies/{study}/series/{series}/instances/{sop}");
                request.Headers.TryAddWithoutValidation("Accept", "application/dicom; transfer-syntax=*");
                using var response = await http.SendAsync(request);
                Assert.Equal(HttpStatusCode.OK, response.StatusCode);
                DicomFile.Read(await response.Content.ReadAsByteArrayAsync());
            }
        }
        finally
        {
            Shell.Run("umount", "-l", data);
        }
    }
}
