using System.CommandLine;
using System.Text;
using System.Text.Json;
using SecondOpinion.Fhir;
using SecondOpinion.Fhir.FhirPath;
using SecondOpinion.Fhir.Search;

namespace SecondOpinion.Interop.Commands;

/// <summary><c>fhir validate|json|xml|path|index</c>: what the server makes of a resource, for people and for checks from outside.</summary>
internal static class FhirCommand
{
    private const int MaxFileBytes = 64 << 20;

    public static Command Create() => new("fhir", "Looks into FHIR files: JSON or XML.")
    {
        Validate(),
        Convert("json", "The resource as canonical JSON.", ".json", resource => resource.Json.ToArray()),
        Convert("xml", "The resource as XML.", ".xml", FhirXml.ToXml),
        PathCommand(),
        Convert("index", "The search index values of the resource, as JSON.", ".json", Index),
    };

    private static Command Validate()
    {
        var files = FileArguments.Files();
        var outcome = new Option<bool>("--outcome") { Description = "Print OperationOutcomes instead of one line an issue." };
        var profile = new Option<string[]>("--profile") { Description = "URL of a profile that every file must meet.", DefaultValueFactory = _ => [] };
        var command = new Command("validate", "Checks files against FHIR R4 and the profiles they claim. Exit code 1 when something is wrong.") { files, outcome, profile };
        command.SetAction(result =>
        {
            var wrong = 0;
            var options = new ValidationOptions { AlsoProfiles = result.GetValue(profile)! };
            var all = FileArguments.Expand(result.GetValue(files)!).ToList();
            foreach (var (path, _) in all)
            {
                var issues = IssuesOf(path, options);
                wrong += issues.Any(i => i.IsError) ? 1 : 0;
                if (result.GetValue(outcome))
                {
                    Console.WriteLine(Encoding.UTF8.GetString(OperationOutcome.ToJson(issues)));
                    continue;
                }

                foreach (var issue in issues)
                {
                    Console.WriteLine($"{path}:{issue.Line}:{issue.Column}: {issue.Severity.ToString().ToLowerInvariant()} {issue.Code} [{issue.Key}] {issue.Message}");
                }
            }

            FileArguments.Finish(all.Count, wrong);
            return wrong == 0 ? 0 : 1;
        });
        return command;
    }

    private static List<FhirIssue> IssuesOf(string path, ValidationOptions options)
    {
        try
        {
            var parsed = TryRead(path);
            return parsed.Resource is null ? [.. parsed.Issues] : [.. parsed.Issues, .. FhirValidator.Validate(parsed.Resource, options)];
        }
        catch (IOException e)
        {
            return [new FhirIssue(IssueSeverity.Fatal, "not-found", e.Message, Key: "file")];
        }
    }

    private static Command PathCommand()
    {
        var expression = new Argument<string>("EXPRESSION");
        var file = new Argument<string>("FILE");
        var command = new Command("path", "Evaluates a FHIRPath expression; one line a value.") { expression, file };
        command.SetAction(result =>
        {
            try
            {
                foreach (var value in FhirPathExpression.Compile(result.GetValue(expression)!).Evaluate(Read(result.GetValue(file)!).Root))
                {
                    Console.WriteLine(value.ToString());
                }

                return 0;
            }
            catch (Exception e) when (e is FhirException or IOException)
            {
                Console.Error.WriteLine(e.Message);
                return 1;
            }
        });
        return command;
    }

    private static Command Convert(string name, string description, string extension, Func<FhirResource, byte[]> convert)
    {
        var files = FileArguments.Files();
        var folder = FileArguments.Out();
        var command = new Command(name, description) { files, folder };
        command.SetAction(result => FileArguments.Each(result.GetValue(files)!, result.GetValue(folder), extension, path => convert(Read(path)), e => e is FhirException));
        return command;
    }

    private static byte[] Index(FhirResource resource)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
        {
            writer.WriteStartArray();
            foreach (var value in SearchIndexer.Extract(resource))
            {
                writer.WriteStartObject();
                writer.WriteString("parameter", value.Parameter.Code);
                writer.WriteString("value", value.ToString());
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        return buffer.ToArray();
    }

    private static FhirResource Read(string path)
    {
        var parsed = TryRead(path);
        return parsed.Resource ?? throw new FhirException(parsed.Issues);
    }

    private static FhirParseResult TryRead(string path)
    {
        if (new FileInfo(path).Length > MaxFileBytes)
        {
            throw new IOException($"{path} is larger than {MaxFileBytes} bytes");
        }

        var bytes = File.ReadAllBytes(path);
        var text = bytes.AsSpan().TrimStart(" \t\r\n\uFEFF"u8);
        return text.Length > 0 && text[0] == (byte)'<' ? FhirXml.TryParse(bytes) : FhirResource.TryParse(bytes);
    }
}
