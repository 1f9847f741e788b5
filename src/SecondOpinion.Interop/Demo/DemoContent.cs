using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace SecondOpinion.Interop.Demo;

/// <summary>A generated radiograph as a Part 10 file.</summary>
internal sealed record DemoImage(string Name, string StudyInstanceUid, string SeriesInstanceUid, string SopInstanceUid, byte[] File);

/// <summary>What the parties of the demo send. The documents are those of docs/examples, made unique for each run.</summary>
internal static class DemoContent
{
    private const string Mrn = "MRN-4711";

    public static JsonNode Subscription(string endpoint) => new JsonObject
    {
        ["resourceType"] = "Subscription",
        ["status"] = "requested",
        ["reason"] = "Results of second opinions, for the chart",
        ["criteria"] = "DiagnosticReport?status=final,amended,corrected",
        ["channel"] = new JsonObject { ["type"] = "rest-hook", ["endpoint"] = endpoint, ["payload"] = "application/fhir+json" },
    };

    /// <summary>The order of docs/examples with identifiers of this run, so that the demo can be repeated.</summary>
    public static JsonNode Order(string run, DateTimeOffset now) => Parse("order-bundle.json", text => text
        .Replace("SO-2026-000123", "SO-" + run, StringComparison.Ordinal)
        .Replace("ACC-88421", Accession(run), StringComparison.Ordinal)
        .Replace("2026-11-20T14:05:00Z", Instant(now), StringComparison.Ordinal)
        .Replace("2026-11-10T09:30:00Z", Instant(now.AddDays(-10)), StringComparison.Ordinal));

    /// <summary>The review of docs/examples for this patient, order and study.</summary>
    public static JsonNode Review(string patient, string order, string imagingStudy, DateTimeOffset now) => Parse("result-bundle.json", text => text
        .Replace("{patient}", patient, StringComparison.Ordinal)
        .Replace("{order}", order, StringComparison.Ordinal)
        .Replace("{imagingStudy}", imagingStudy, StringComparison.Ordinal)
        .Replace("2026-11-21T08:00:00Z", Instant(now), StringComparison.Ordinal)
        .Replace("2026-11-21T08:05:00Z", Instant(now), StringComparison.Ordinal));

    /// <summary>STOW-RS of all images in one request (PS3.18 10.5).</summary>
    public static HttpRequestMessage Store(IEnumerable<DemoImage> images)
    {
        var content = new MultipartContent("related", "demo-" + Guid.NewGuid().ToString("N"));
        content.Headers.ContentType!.Parameters.Add(new NameValueHeaderValue("type", "\"application/dicom\""));
        foreach (var image in images)
        {
            var part = new ByteArrayContent(image.File);
            part.Headers.ContentType = new MediaTypeHeaderValue("application/dicom");
            content.Add(part);
        }

        var request = new HttpRequestMessage(HttpMethod.Post, "dicomweb/studies") { Content = content };
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/dicom+json"));
        return request;
    }

    public static IReadOnlyList<DemoImage> Radiographs(string run, DateTimeOffset now) => DemoRadiographs.Make(Mrn, Accession(run), now);

    private static string Accession(string run) => "ACC-" + run;

    private static string Instant(DateTimeOffset at) => at.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static JsonNode Parse(string name, Func<string, string> edit)
    {
        using var stream = typeof(DemoContent).Assembly.GetManifestResourceStream(name) ?? throw new DemoException($"{name} is not in the program");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return JsonNode.Parse(edit(reader.ReadToEnd()))!;
    }
}
