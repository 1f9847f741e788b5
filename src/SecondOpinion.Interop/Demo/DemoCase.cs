using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using SecondOpinion.Interop.Access;
using SecondOpinion.Storage;
using SecondOpinion.Storage.Tenants;

namespace SecondOpinion.Interop.Demo;

/// <summary>The whole case as both parties' software would run it, over HTTP: order, images, worklist, review, signed result.</summary>
internal sealed class DemoCase : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly DemoClient _practice;
    private readonly DemoClient _reader;
    private readonly DemoSubscriber _subscriber;
    private readonly string _outFolder;
    private readonly TextWriter _print;
    private readonly DateTimeOffset _now;
    private readonly string _run;
    private int _step;

    private DemoCase(DemoClient practice, DemoClient reader, DemoSubscriber subscriber, string outFolder, TextWriter print, DateTimeOffset now)
    {
        (_practice, _reader, _subscriber, _outFolder, _print, _now) = (practice, reader, subscriber, outFolder, print, now);
        _run = now.ToString("yyMMddHHmmss", CultureInfo.InvariantCulture);
    }

    public static async Task<DemoCase> CreateAsync(IServiceProvider services, Uri server, string outFolder, TextWriter print, CancellationToken cancellation)
    {
        var practice = new DemoClient(server, "practice", await TokenAsync(services, "demo-practice", cancellation), print);
        var reader = new DemoClient(server, "reader", await TokenAsync(services, "demo-reader", cancellation), print);
        return new DemoCase(practice, reader, await DemoSubscriber.StartAsync(cancellation), outFolder, print, services.GetRequiredService<TimeProvider>().GetUtcNow());
    }

    public async Task RunAsync(CancellationToken cancellation)
    {
        Step("The practice subscribes to results");
        var subscription = await _practice.PostAsync("fhir/Subscription", DemoContent.Subscription(_subscriber.Endpoint), cancellation);

        Step("The practice orders a second opinion: patient, original interpretation, treatment plan, question");
        var ordered = await _practice.PostAsync("fhir", DemoContent.Order(_run, _now), cancellation);
        var order = Located(ordered, "ServiceRequest");
        var patient = Located(ordered, "Patient");
        var task = await TaskAsync(_practice, order, cancellation);
        Tell($"order {order}; task {Id(task)} is {State(task)}");

        Step("It sends the radiographs: a bitewing and a periapical image");
        var images = DemoContent.Radiographs(_run, _now);
        await _practice.JsonAsync(DemoContent.Store(images), cancellation);
        task = await TaskAsync(_practice, order, cancellation);
        Tell($"task is {State(task)}, due {task["restriction"]?["period"]?["end"]}");

        Step("The reader finds the case on the worklist, in FHIR and in DICOM");
        await _reader.GetAsync("fhir/Task?status=received&owner=Organization/reading-demo&_include=Task:focus&_sort=-_lastUpdated&_count=10", cancellation);
        await _reader.JsonAsync(Accepting("dicomweb/workitems?ProcedureStepState=SCHEDULED&limit=10", "application/dicom+json"), cancellation);

        Step("It looks at the images");
        var study = images[0].StudyInstanceUid;
        await _reader.JsonAsync(Accepting($"dicomweb/studies?StudyInstanceUID={study}", "application/dicom+json"), cancellation);
        await _reader.JsonAsync(Accepting($"dicomweb/studies/{study}/metadata", "application/dicom+json"), cancellation);
        foreach (var image in images)
        {
            var picture = await _reader.BytesAsync(Accepting($"dicomweb/studies/{study}/series/{image.SeriesInstanceUid}/instances/{image.SopInstanceUid}/rendered?viewport=1200,900", "image/png"), cancellation);
            await File.WriteAllBytesAsync(Path.Combine(_outFolder, image.Name + ".png"), picture, cancellation);
        }

        Step("It claims the case");
        task = await TaskAsync(_reader, order, cancellation);
        task["status"] = "in-progress";
        task["owner"] = new JsonObject { ["reference"] = "Practitioner/reader-demo" };
        await _reader.PutAsync("fhir/Task/" + Id(task), task, Version(task), cancellation);

        Step("It signs the review: findings, assessment, conclusion");
        var imagingStudy = Entry(await _reader.GetAsync($"fhir/ImagingStudy?identifier=urn:dicom:uid|urn:oid:{study}", cancellation));
        var reviewed = await _reader.PostAsync("fhir", DemoContent.Review(Id(patient), Id(order), Id(imagingStudy), _now), cancellation);
        var report = Located(reviewed, "DiagnosticReport");

        Step("The practice is told, and files the answer");
        var told = await _subscriber.NextAsync(Patience, cancellation) ?? throw new DemoException("the notification has no body");
        Tell($"notification: {told["resourceType"]}/{told["id"]}, status {told["status"]}");
        task = await TaskAsync(_practice, order, cancellation);
        Tell($"task is {State(task)}");
        var result = await _practice.GetAsync("fhir/" + report, cancellation);
        var pdf = Convert.FromBase64String(result["presentedForm"]?.AsArray().FirstOrDefault(f => f?["contentType"]?.ToString() == "application/pdf")?["data"]?.ToString()
            ?? throw new DemoException("the report has no PDF"));
        await File.WriteAllBytesAsync(Path.Combine(_outFolder, "second-opinion.pdf"), pdf, cancellation);
        await _practice.GetAsync($"fhir/DiagnosticReport?based-on={order}&_include=DiagnosticReport:result", cancellation);
        await _practice.GetAsync($"fhir/Provenance?target={report}", cancellation);

        Step("The image archive has it too: a document in the study");
        await _practice.JsonAsync(Accepting($"dicomweb/studies/{study}/series?Modality=DOC", "application/dicom+json"), cancellation);

        subscription = await _practice.GetAsync("fhir/Subscription/" + Id(subscription), cancellation);
        subscription["status"] = "off";
        await _practice.PutAsync("fhir/Subscription/" + Id(subscription), subscription, Version(subscription), cancellation);
        await _print.WriteLineAsync();
        await _print.WriteLineAsync($"Answer: {result["conclusion"]}");
        await _print.WriteLineAsync($"The PDF and the pictures are in {_outFolder}");
    }

    public async ValueTask DisposeAsync()
    {
        _practice.Dispose();
        _reader.Dispose();
        await _subscriber.DisposeAsync();
    }

    private static async Task<string> TokenAsync(IServiceProvider services, string client, CancellationToken cancellation)
    {
        var row = await services.GetRequiredService<TenantStore>().FindClientAsync(client, cancellation) ?? throw new DemoException($"client '{client}' is not registered");
        return await services.GetRequiredService<TokenIssuer>().IssueAsync(row, row.Scopes, TimeSpan.FromHours(1), cancellation);
    }

    private static async Task<JsonNode> TaskAsync(DemoClient client, string order, CancellationToken cancellation) => Entry(await client.GetAsync($"fhir/Task?focus={order}", cancellation));

    private static JsonNode Entry(JsonNode bundle) => bundle["entry"]?[0]?["resource"]?.DeepClone() ?? throw new DemoException("the search found nothing");

    /// <summary>Reference of the created resource of a type in a transaction response.</summary>
    private static string Located(JsonNode response, string type)
    {
        foreach (var entry in response["entry"]!.AsArray())
        {
            var parts = entry?["response"]?["location"]?.ToString().Split('/') ?? [];
            var at = Array.IndexOf(parts, type);
            if (at >= 0 && at + 1 < parts.Length)
            {
                return type + "/" + parts[at + 1];
            }
        }

        throw new DemoException($"the answer names no {type}");
    }

    private static HttpRequestMessage Accepting(string path, string accept)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(accept));
        return request;
    }

    private static string Id(JsonNode resource) => resource["id"]!.ToString();

    private static string Id(string reference) => reference[(reference.IndexOf('/', StringComparison.Ordinal) + 1)..];

    private static int Version(JsonNode resource) => int.Parse(resource["meta"]!["versionId"]!.ToString(), CultureInfo.InvariantCulture);

    private static string State(JsonNode task)
    {
        var business = task["businessStatus"]?["coding"]?[0]?["code"] ?? task["businessStatus"]?["text"];
        return business is null ? $"{task["status"]}" : $"{task["status"]}, {business}";
    }

    private void Step(string title)
    {
        _print.WriteLine();
        _print.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{++_step}. {title}"));
    }

    private void Tell(string text) => _print.WriteLine("   -> " + text);
}
