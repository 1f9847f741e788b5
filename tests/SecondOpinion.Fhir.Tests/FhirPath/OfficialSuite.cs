using System.Collections.Concurrent;
using System.Xml.Linq;

namespace SecondOpinion.Fhir.Tests.FhirPath;

/// <summary>A row of the official R4 FHIRPath suite (Data/fhirpath/tests-fhir-r4.xml, from the public FHIR test cases).</summary>
public sealed record SuiteTest(string Key, string? Input, string Expression, bool Strict, bool Invalid, bool Predicate, bool Ordered, IReadOnlyList<(string? Type, string Value)> Outputs);

public static class OfficialSuite
{
    private static readonly Lazy<IReadOnlyDictionary<string, SuiteTest>> Loaded = new(Load);
    private static readonly ConcurrentDictionary<string, FhirResource> Inputs = new();

    public static IReadOnlyDictionary<string, SuiteTest> Tests => Loaded.Value;

    public static FhirResource Resource(string file) => Inputs.GetOrAdd(file, static name =>
    {
        var bytes = Read(name);
        return name.EndsWith(".xml") ? FhirXml.Parse(bytes) : FhirResource.Parse(bytes);
    });

    private static byte[] Read(string name)
    {
        using var stream = typeof(OfficialSuite).Assembly.GetManifestResourceStream("fhirpath/" + name)!;
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return memory.ToArray();
    }

    private static Dictionary<string, SuiteTest> Load()
    {
        using var stream = new MemoryStream(Read("tests-fhir-r4.xml"));
        var all = new Dictionary<string, SuiteTest>();
        foreach (var test in XDocument.Load(stream).Root!.Elements("group").Elements("test"))
        {
            var expression = test.Element("expression")!;
            var name = (string?)test.Attribute("name") ?? "unnamed";
            var key = name;
            for (var n = 2; all.ContainsKey(key); n++)
            {
                key = $"{name} ({n})";
            }

            // A row that must be refused is one for the strict mode, whether it says so or not.
            var invalid = expression.Attribute("invalid") is not null || test.Attribute("invalid") is not null;
            all[key] = new SuiteTest(
                key,
                (string?)test.Attribute("inputfile"),
                expression.Value,
                invalid || (string?)test.Attribute("mode") == "strict",
                invalid,
                (string?)test.Attribute("predicate") == "true",
                (string?)test.Attribute("ordered") != "false",
                [.. test.Elements("output").Select(o => ((string?)o.Attribute("type"), o.Value))]);
        }

        return all;
    }
}
