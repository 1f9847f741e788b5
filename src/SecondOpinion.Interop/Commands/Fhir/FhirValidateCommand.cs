using System.CommandLine;
using System.Text;
using SecondOpinion.Fhir;

namespace SecondOpinion.Interop.Commands.Fhir;

/// <summary><c>fhir validate FILE...</c>: one line an issue with file, line, column and expression, or OperationOutcomes.</summary>
internal static class FhirValidateCommand
{
    public static Command Create()
    {
        var files = FileArguments.Files();
        var outcome = new Option<bool>("--outcome") { Description = "Print OperationOutcomes instead of one line an issue." };
        var profile = new Option<string[]>("--profile") { Description = "URL of a profile that every file must meet.", DefaultValueFactory = _ => [] };
        var definitions = new Option<string[]>("--definitions") { Description = "Files or folders of StructureDefinitions, ValueSets and CodeSystems to know besides.", DefaultValueFactory = _ => [] };
        var command = new Command("validate", "Checks files against FHIR R4 and the profiles they claim. Exit code 1 when something is wrong.") { files, outcome, profile, definitions };
        command.SetAction(result =>
        {
            ValidationOptions options;
            try
            {
                var profiles = Profiles.Default.With(FileArguments.Expand(result.GetValue(definitions)!).Select(f => FhirCommand.Read(f.Path)));
                options = new ValidationOptions { AlsoProfiles = result.GetValue(profile)!, Profiles = profiles };
                if (options.AlsoProfiles.FirstOrDefault(p => !profiles.Knows(p)) is { } unknown)
                {
                    Console.Error.WriteLine($"The profile '{unknown}' is not known; --definitions adds more to R4's own and: {string.Join(", ", Profiles.Default.Urls)}");
                    return 1;
                }
            }
            catch (Exception e) when (e is FhirException or IOException or UnauthorizedAccessException)
            {
                Console.Error.WriteLine("--definitions: " + e.Message);
                return 1;
            }

            var wrong = 0;
            var all = FileArguments.Expand(result.GetValue(files)!).ToList();
            for (var i = 0; i < all.Count; i++)
            {
                var issues = IssuesOf(all[i].Path, options);
                wrong += issues.Any(issue => issue.IsError) ? 1 : 0;
                Print(all[i].Path, issues, result.GetValue(outcome));
                FileArguments.Progress(i + 1, all.Count);
            }

            FileArguments.Finish(all.Count, wrong);
            return wrong == 0 ? 0 : 1;
        });
        return command;
    }

    private static void Print(string path, List<FhirIssue> issues, bool outcome)
    {
        if (outcome)
        {
            Console.WriteLine(Encoding.UTF8.GetString(OperationOutcome.ToJson(issues)));
            return;
        }

        foreach (var issue in issues)
        {
            var at = issue.Line is null ? "" : $":{issue.Line}:{issue.Column}";
            Console.WriteLine($"{path}{at}: {issue.Severity.ToString().ToLowerInvariant()} {issue.Code} [{issue.Key}] {issue.Message}");
        }
    }

    private static List<FhirIssue> IssuesOf(string path, ValidationOptions options)
    {
        try
        {
            var parsed = FhirCommand.TryRead(path);
            return parsed.Resource is null ? [.. parsed.Issues] : [.. parsed.Issues, .. FhirValidator.Validate(parsed.Resource, options)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [new FhirIssue(IssueSeverity.Fatal, "not-found", e.Message, Key: "file")];
        }
    }
}
