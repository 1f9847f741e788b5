using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using SecondOpinion.TestKit;
using Xunit;

namespace SecondOpinion.Conformance.Tests;

/// <summary>The whole case over real HTTP, as the software of both parties runs it: order, images, worklist, review, signed result.</summary>
public abstract class JourneyTests
{
    protected abstract Task<ServerProcess> StartAsync();

    [Fact]
    public async Task Order_images_review_and_result_reach_both_parties()
    {
        await using var server = await StartAsync();
        using var practice = server.Client(server.Token("demo-practice"));
        using var reader = server.Client(server.Token("demo-reader"));
        await using var subscriber = await Subscriber.StartAsync();
        await SubscribeAsync(practice, subscriber);

        // The order.
        var ordered = await practice.SendAsync(HttpMethod.Post, "fhir", Document("order-bundle.json"), 200);
        var (order, patient) = (ordered.Id("ServiceRequest"), ordered.Id("Patient"));
        var task = (await practice.JsonAsync($"fhir/Task?focus=ServiceRequest/{order}")).First();
        Assert.Equal(("requested", "awaiting-images"), State(task));
        Assert.Equal(0, (int)(await reader.JsonAsync("fhir/Task"))["total"]!);
        await reader.JsonAsync($"fhir/ServiceRequest/{order}", 404);

        // The images.
        var study = "2.25." + new System.Numerics.BigInteger(Guid.NewGuid().ToByteArray(), isUnsigned: true);
        var files = RadiographFiles.Make(study, "ACC-88421", "MRN-4711", count: 2);
        var (status, stored) = await practice.StowAsync(files);
        Assert.True(status == 200, stored?.ToJsonString());
        task = (await practice.JsonAsync($"fhir/Task?focus=ServiceRequest/{order}")).First();
        Assert.Equal(("received", "assigned"), State(task));
        var due = DateTimeOffset.Parse(task["restriction"]!["period"]!["end"]!.ToString());
        Assert.InRange(due, DateTimeOffset.UtcNow.AddHours(22), DateTimeOffset.UtcNow.AddHours(26));

        // The reader's worklist, the order and the images.
        var worklist = await reader.JsonAsync("fhir/Task?status=received&owner=Organization/reading-demo&_include=Task:focus");
        Assert.Equal(1, (int)worklist["total"]!);
        Assert.Contains(worklist["entry"]!.AsArray(), e => e!["resource"]!["resourceType"]!.ToString() == "ServiceRequest" && e["search"]!["mode"]!.ToString() == "include");
        var workitem = Assert.Single((await reader.JsonAsync("dicomweb/workitems?ProcedureStepState=SCHEDULED")).AsArray());
        Assert.Equal("Okafor^Adaeze", workitem!["00100010"]!["Value"]![0]!["Alphabetic"]!.ToString());
        Assert.Contains(study, (await reader.JsonAsync("dicomweb/workitems/" + workitem["00080018"]!["Value"]![0])).ToJsonString());
        await reader.JsonAsync("fhir/Patient/" + patient);
        var found = Assert.Single((await reader.JsonAsync("dicomweb/studies?AccessionNumber=ACC-88421")).AsArray());
        Assert.Equal(2, (int)found!["00201208"]!["Value"]![0]!);
        var metadata = (await reader.JsonAsync($"dicomweb/studies/{study}/metadata")).AsArray();
        Assert.Equal(2, metadata.Count);
        await ImageBytesAreKept(reader, study, metadata[0]!, files);
        await RenderedImageIsAPicture(reader, study, metadata[0]!);
        var imagingStudy = (await practice.JsonAsync($"fhir/ImagingStudy?identifier=urn:dicom:uid|urn:oid:{study}&_include=ImagingStudy:endpoint")).First();
        Assert.Equal(2, (int)imagingStudy["numberOfInstances"]!);
        Assert.Equal($"Patient/{patient}", imagingStudy["subject"]!["reference"]!.ToString());

        // Claim and review.
        task = (await reader.JsonAsync($"fhir/Task?focus=ServiceRequest/{order}")).First();
        task["status"] = "in-progress";
        task["owner"] = new JsonObject { ["reference"] = "Practitioner/reader-demo" };
        await reader.SendAsync(HttpMethod.Put, "fhir/Task/" + task["id"], task, 200, $"W/\"{task["meta"]!["versionId"]}\"");
        var review = Document("result-bundle.json", ("{patient}", patient), ("{order}", order), ("{imagingStudy}", imagingStudy["id"]!.ToString()));
        var reviewed = await reader.SendAsync(HttpMethod.Post, "fhir", review, 200);
        var report = reviewed.Id("DiagnosticReport");

        // The result, through every door.
        var told = JsonNode.Parse(await subscriber.WaitAsync(body => body.Contains(report, StringComparison.Ordinal)))!;
        Assert.Equal("final", told["status"]!.ToString());
        Assert.All(subscriber.Received, r => Assert.Equal("k-1", r.Key));
        Assert.Equal(("completed", "final"), State((await practice.JsonAsync($"fhir/Task?focus=ServiceRequest/{order}")).First(), anyBusiness: true));
        Assert.Equal("completed", (await practice.JsonAsync("fhir/ServiceRequest/" + order))["status"]!.ToString());
        var bySearch = await practice.JsonAsync($"fhir/DiagnosticReport?based-on=ServiceRequest/{order}&_include=DiagnosticReport:result");
        Assert.Equal(1, (int)bySearch["total"]!);
        Assert.Equal(3, bySearch["entry"]!.AsArray().Count);
        var pdf = await PdfSaysWhatMatters(practice, report);
        await SignatureVerifies(practice, report);
        await DocumentIsInTheStudy(practice, study, pdf);
        await PracticeSeesWhoLooked(practice, study);
        await ClaimsAndMeets(practice, $"fhir/Task?focus=ServiceRequest/{order}", "second-opinion-task");
        await ClaimsAndMeets(practice, $"fhir/ImagingStudy?identifier=urn:dicom:uid|urn:oid:{study}", "second-opinion-imaging-study");
        await ClaimsAndMeets(practice, $"fhir/DiagnosticReport?_id={report}", "second-opinion-report");
        Assert.Equal(report, (await practice.JsonAsync($"fhir/Task?focus=ServiceRequest/{order}")).First()["output"]![0]!["valueReference"]!["reference"]!.ToString().Split('/')[1]);
    }

    /// <summary>What the server made, or finished, says which profile it has, and has it.</summary>
    private static async Task ClaimsAndMeets(HttpClient practice, string search, string profile)
    {
        var resource = (await practice.JsonAsync(search)).First();
        Assert.Contains("https://secondopinion.example/fhir/StructureDefinition/" + profile, resource["meta"]!["profile"]!.AsArray().Select(p => p!.ToString()));
        var outcome = await practice.SendAsync(HttpMethod.Post, $"fhir/{resource["resourceType"]}/$validate", resource, 200);
        Assert.DoesNotContain(outcome["issue"]!.AsArray(), i => i!["severity"]!.ToString() is "error" or "fatal");
    }

    /// <summary>The owner of data sees in its audit trail that the other party's software read it, over both protocols.</summary>
    private static async Task PracticeSeesWhoLooked(HttpClient practice, string study)
    {
        for (var i = 0; i < 100; i++)
        {
            var trail = (await practice.JsonAsync("fhir/AuditEvent?_count=200&_sort=-date"))["entry"]!.AsArray().Select(e => e!["resource"]!.ToJsonString())
                .Where(e => e.Contains("demo-reader", StringComparison.Ordinal)).ToList();
            if (trail.Any(e => e.Contains("urn:oid:" + study, StringComparison.Ordinal) && e.Contains("wado-rs", StringComparison.Ordinal))
                && trail.Any(e => e.Contains("Patient/", StringComparison.Ordinal) && e.Contains("\"read\"", StringComparison.Ordinal)))
            {
                return;
            }

            await Task.Delay(100);
        }

        Assert.Fail("the practice's audit trail does not show the reader's accesses");
    }

    private static async Task SubscribeAsync(HttpClient practice, Subscriber subscriber)
    {
        var subscription = await practice.SendAsync(HttpMethod.Post, "fhir/Subscription", JsonNode.Parse($$"""
            {"resourceType":"Subscription","status":"requested","reason":"results","criteria":"DiagnosticReport?status=final,amended",
             "channel":{"type":"rest-hook","endpoint":"{{subscriber.Endpoint}}","payload":"application/fhir+json","header":["X-Practice-Key: k-1"]} }
            """)!, 201);
        for (var i = 0; i < 100 && (await practice.JsonAsync("fhir/Subscription/" + subscription["id"]))["status"]!.ToString() != "active"; i++)
        {
            await Task.Delay(50);
        }
    }

    /// <summary>WADO-RS as stored gives back the very bytes that were sent.</summary>
    private static async Task ImageBytesAreKept(HttpClient reader, string study, JsonNode instance, string[] files)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Instance(study, instance));
        request.Headers.TryAddWithoutValidation("Accept", "application/dicom; transfer-syntax=*");
        using var response = await reader.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var bytes = await response.Content.ReadAsByteArrayAsync();
        Assert.Contains(files, f => File.ReadAllBytes(f).AsSpan().SequenceEqual(bytes));
    }

    private static async Task RenderedImageIsAPicture(HttpClient reader, string study, JsonNode instance)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Instance(study, instance) + "/rendered");
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("image/png"));
        using var response = await reader.SendAsync(request);
        Assert.Equal("image/png", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], (await response.Content.ReadAsByteArrayAsync())[..4]);
    }

    private static async Task<byte[]> PdfSaysWhatMatters(HttpClient practice, string report)
    {
        var resource = await practice.JsonAsync("fhir/DiagnosticReport/" + report);
        var form = Assert.Single(resource["presentedForm"]!.AsArray(), f => f!["contentType"]!.ToString() == "application/pdf")!;
        var pdf = Convert.FromBase64String(form["data"]!.ToString());
        var path = Path.Combine(ServerProcess.NewFolder(), "report.pdf");
        await File.WriteAllBytesAsync(path, pdf);
        var text = Shell.Run(Requires.Tool("pdftotext"), "-layout", path, "-").Output;
        foreach (var expected in new[]
        {
            "Okafor", "MRN-4711", "Is the dark area at the root tip of tooth 19 an infection?", "most likely the mental foramen", "85", "Castellanos", "Page 1 of",
            "SO-2026-000123",
        })
        {
            Assert.Contains(Squeeze(expected), Squeeze(text), StringComparison.OrdinalIgnoreCase);
        }

        return pdf;
    }

    private static async Task SignatureVerifies(HttpClient practice, string report)
    {
        var provenance = (await practice.JsonAsync($"fhir/Provenance?target=DiagnosticReport/{report}")).First();
        var jws = Encoding.ASCII.GetString(Convert.FromBase64String(provenance["signature"]![0]!["data"]!.ToString())).Split('.');
        var header = JsonNode.Parse(FromBase64Url(jws[0]))!;
        using var anyone = new HttpClient { BaseAddress = practice.BaseAddress };
        var keys = (await anyone.JsonAsync(".well-known/jwks.json"))["keys"]!.AsArray();
        var key = keys.Single(k => k!["kid"]!.ToString() == header["kid"]!.ToString())!;
        using var ecdsa = System.Security.Cryptography.ECDsa.Create(new System.Security.Cryptography.ECParameters
        {
            Curve = System.Security.Cryptography.ECCurve.NamedCurves.nistP384,
            Q = new() { X = FromBase64Url(key["x"]!.ToString()), Y = FromBase64Url(key["y"]!.ToString()) },
        });
        Assert.True(ecdsa.VerifyData(Encoding.ASCII.GetBytes(jws[0] + "." + jws[1]), FromBase64Url(jws[2]), System.Security.Cryptography.HashAlgorithmName.SHA384));
        Assert.Contains("mental foramen", Encoding.UTF8.GetString(FromBase64Url(jws[1])));
    }

    private static async Task DocumentIsInTheStudy(HttpClient practice, string study, byte[] pdf)
    {
        var instance = Assert.Single((await practice.JsonAsync($"dicomweb/studies/{study}/instances?SOPClassUID=1.2.840.10008.5.1.4.1.1.104.1")).AsArray())!;
        using var request = new HttpRequestMessage(HttpMethod.Get, Instance(study, instance));
        request.Headers.TryAddWithoutValidation("Accept", "application/dicom; transfer-syntax=*");
        using var response = await practice.SendAsync(request);
        var path = Path.Combine(ServerProcess.NewFolder(), "document.dcm");
        await File.WriteAllBytesAsync(path, await response.Content.ReadAsByteArrayAsync());
        var extracted = Path.ChangeExtension(path, ".pdf");
        var result = Shell.Run(Requires.Tool("dcm2pdf"), path, extracted);
        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Equal(pdf, File.ReadAllBytes(extracted).AsSpan(0, pdf.Length).ToArray());
        var check = Shell.Run(Requires.Tool("dciodvfy"), path);
        Assert.DoesNotContain(check.Error.Split('\n'), l => l.StartsWith("Error", StringComparison.Ordinal));
    }

    private static string Instance(string study, JsonNode instance) => $"dicomweb/studies/{study}/series/{instance["0020000E"]!["Value"]![0]}/instances/{instance["00080018"]!["Value"]![0]}";

    private static byte[] FromBase64Url(string text) => System.Buffers.Text.Base64Url.DecodeFromChars(text);

    private static (string, string) State(JsonNode task, bool anyBusiness = false) =>
        (task["status"]!.ToString(), anyBusiness ? "final" : task["businessStatus"]?["coding"]?[0]?["code"]?.ToString() ?? "");

    private static string Squeeze(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static JsonNode Document(string name, params (string From, string To)[] replacements) => JsonNode.Parse(replacements.Aggregate(
        File.ReadAllText(Path.Combine(Repository.Root, "docs", "examples", name)),
        (text, r) => text.Replace(r.From, r.To, StringComparison.Ordinal)))!;
}

public sealed class SqliteJourneyTests : JourneyTests
{
    protected override Task<ServerProcess> StartAsync() => ServerProcess.StartAsync();
}

public sealed class PostgresJourneyTests(PostgresCluster cluster) : JourneyTests, IClassFixture<PostgresCluster>
{
    protected override Task<ServerProcess> StartAsync() =>
        ServerProcess.StartAsync(null, "--Storage:Provider", "Postgres", "--Storage:ConnectionString", cluster.NewDatabase());
}

/// <summary>A practice without DICOM sends what it has.</summary>
public sealed class PictureJourneyTests
{
    [Theory]
    [InlineData("image/png", "png")]
    [InlineData("image/jpeg", "jpg")]
    public async Task An_order_may_carry_its_image_as_a_picture(string mediaType, string extension)
    {
        await using var server = await ServerProcess.StartAsync();
        using var practice = server.Client(server.Token("demo-practice"));
        using var reader = server.Client(server.Token("demo-reader"));
        var picture = Path.Combine(ServerProcess.NewFolder(), "bitewing." + extension);
        Assert.Equal(0, ServerProcess.Run("dicom", "render", Path.Combine(Repository.Root, "docs", "examples", "bitewing.dcm"), picture).ExitCode);
        var order = Orders.Create("P-1", "ACC-P", "MRN-P");
        var attachment = order["entry"]![3]!["resource"]!["content"]![0]!["attachment"]!;
        attachment["contentType"] = mediaType;
        attachment["data"] = Convert.ToBase64String(await File.ReadAllBytesAsync(picture));
        var ordered = await practice.SendAsync(HttpMethod.Post, "fhir", order, 200);
        var task = (await practice.JsonAsync("fhir/Task?focus=ServiceRequest/" + ordered.Id("ServiceRequest"))).First();
        Assert.Equal("received", task["status"]!.ToString());
        var study = Assert.Single((await reader.JsonAsync("dicomweb/studies?PatientID=MRN-P")).AsArray())!["0020000D"]!["Value"]![0]!;
        using var request = new HttpRequestMessage(HttpMethod.Get, $"dicomweb/studies/{study}/rendered");
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("image/png"));
        using var response = await reader.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var drawn = Path.ChangeExtension(picture, ".out.png");
        await File.WriteAllBytesAsync(drawn, await response.Content.ReadAsByteArrayAsync());
        Assert.True(new FileInfo(drawn).Length > 50_000);
    }
}
