using System.Globalization;
using System.Text.Json;
using SecondOpinion.Fhir;
using SecondOpinion.Fhir.FhirPath;
using SecondOpinion.Fhir.Search;

namespace SecondOpinion.Benchmarks.Fhir;

/// <summary>
/// Resources in memory: parse, validate, write, XML, FHIRPath and search values, a resource on average. The anchors are the published figures of the
/// Firely SDK 5.10.3 on a machine of this kind, not measured here.
/// </summary>
internal static class ResourceBenchmarks
{
    public static void Run()
    {
        DefinitionBenchmark.Run();
        var sources = ExampleFiles.All();
        var resources = sources.Select(s => FhirResource.Parse(s)).ToList();
        var xml = resources.Select(FhirXml.ToXml).ToList();
        var own = ExampleFiles.OfOurProfiles();
        var peers = NodePeer.Run(resources.Select(r => r.Json.ToArray()));

        // All of validation is more code than a round of warming compiles.
        Each(sources, s => FhirValidator.Validate(FhirResource.Parse(s)));

        var title = string.Create(CultureInfo.InvariantCulture, $"Resources: {sources.Count} examples of {sources.Average(s => s.Length) / 1000:F1} kB on average");
        var table = new Table(title, "operation", "us CPU", "KiB", "Firely SDK: us, KiB", "npm: us");
        void Row(string name, string anchor, string? peer, Cost cost) =>
            table.Row(name, Table.Number(cost.Microseconds), Table.Number(cost.AllocatedBytes / 1024), anchor, Table.Number(peer is not null && peers.TryGetValue(peer, out var us) ? us : null));

        Row("JsonDocument.Parse, the floor", "5.9, -", "floor", Each(sources, s => JsonDocument.Parse(s).Dispose()));
        var parse = Each(sources, s => FhirResource.Parse(s));
        Row("parse", "28, 73", null, parse);
        Row("parse and validate: all rules and bindings", "118, 219", "validate", Each(sources, s => FhirValidator.Validate(FhirResource.Parse(s))));
        Row("validate", "-", null, Each(resources, r => FhirValidator.Validate(r)));
        Row($"parse and validate against our profiles ({own.Count} examples)", "-", null, Each(own, s => FhirValidator.Validate(FhirResource.Parse(s))));
        Row("to JSON", "17, -", null, Less(Each(sources, s => FhirResource.Parse(s).Json), parse));
        Row("to XML", "32, -", "xml-out", Each(resources, r => FhirXml.ToXml(r)));
        Row("parse XML", "42, 76", "xml-in", Each(xml, x => FhirXml.Parse(x)));
        Row("all search values", "-", null, Each(resources, r => SearchIndexer.Extract(r)));
        Expressions(resources.Where(r => r.ResourceType == "Observation").ToList(), Row);
    }

    /// <summary>An evaluation over the Observations, results into a list that is used again.</summary>
    private static void Expressions(List<FhirResource> observations, Action<string, string, string?, Cost> row)
    {
        var items = new List<FhirPathValue>();
        Cost Evaluate(string text)
        {
            var expression = FhirPathExpression.Compile(text);
            return Each(observations, o =>
            {
                items.Clear();
                expression.Evaluate(o.Root, items);
            });
        }

        const string Heavy = "value.empty() or component.code.where(coding.intersect(%resource.code.coding).exists()).empty()";
        row("FHIRPath, simple path", "1.8, -", "path", Evaluate("code.coding.code"));
        row("FHIRPath, search expression", "1.8, -", "search", Evaluate("Observation.code | Observation.component.code"));
        row("FHIRPath, rule obs-6", "1.8, -", "invariant", Evaluate("dataAbsentReason.empty() or value.empty()"));
        row("FHIRPath, rule obs-7", "1.8, -", "heavy-invariant", Evaluate(Heavy));

        // A text never seen before, because compiled ones are kept.
        var number = 0;
        row("FHIRPath, compile obs-7", "110, -", "compile", Measure.Run(() => FhirPathExpression.Compile(string.Create(CultureInfo.InvariantCulture, $"{Heavy} or {number++} = 1"))));
    }

    private static Cost Each<T>(IReadOnlyList<T> items, Action<T> operation) => Measure.Run(() =>
    {
        foreach (var item in items)
        {
            operation(item);
        }
    }).Per(items.Count);

    private static Cost Each<T>(IReadOnlyList<T> items, Func<T, object?> operation) => Each(items, item =>
    {
        operation(item);
    });

    private static Cost Less(Cost whole, Cost part) => new(Math.Max(0, whole.Microseconds - part.Microseconds), Math.Max(0, whole.AllocatedBytes - part.AllocatedBytes));
}
