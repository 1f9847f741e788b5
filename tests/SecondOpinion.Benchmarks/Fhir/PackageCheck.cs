using System.Globalization;
using SecondOpinion.Fhir;

namespace SecondOpinion.Benchmarks.Fhir;

/// <summary>How many resources of a whole package, named with <c>--examples</c>, are read, valid, and the same after a way through XML. All sizes.</summary>
internal static class PackageCheck
{
    private static readonly FhirParseOptions s_large = new() { MaxLength = 256 << 20, MaxNodes = 20_000_000 };

    public static void Run()
    {
        if (ExampleFiles.Folder is not { } folder)
        {
            return;
        }

        var (files, read, valid, stable) = (0, 0, 0, 0);
        var rules = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var path in Directory.EnumerateFiles(folder, "*.json").Where(p => Path.GetFileName(p) is not ("package.json" or ".index.json")).Order(StringComparer.Ordinal))
        {
            files++;
            if (FhirResource.TryParse(File.ReadAllBytes(path), s_large).Resource is not { } resource)
            {
                Console.Error.WriteLine("not read: " + path);
                continue;
            }

            read++;
            var keys = FhirValidator.Validate(resource, new ValidationOptions { MaxIssues = 10_000 }).Where(i => i.IsError).Select(i => i.Key ?? "").Distinct().ToList();
            valid += keys.Count == 0 ? 1 : 0;
            if (keys.Contains("too-costly"))
            {
                Console.Error.WriteLine("too costly: " + path);
            }

            keys.ForEach(k => rules[k] = rules.GetValueOrDefault(k) + 1);
            stable += IsStable(resource) ? 1 : 0;
        }

        var table = new Table("Package: " + files.ToString(CultureInfo.InvariantCulture) + " resources", "what", "resources");
        table.Row("read", $"{read}");
        table.Row("valid by every check", $"{valid}");
        table.Row("through XML and back with the same XML", $"{stable}");
        foreach (var (key, count) in rules)
        {
            table.Row("break " + key, $"{count}");
        }
    }

    private static bool IsStable(FhirResource resource)
    {
        try
        {
            var xml = FhirXml.ToXml(resource);
            return FhirXml.TryParse(xml, s_large).Resource is { } back && FhirXml.ToXml(back).AsSpan().SequenceEqual(xml);
        }
        catch (FhirException)
        {
            return false;
        }
    }
}
