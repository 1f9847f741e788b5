using System.CommandLine;
using Microsoft.Extensions.Options;
using SecondOpinion.Interop.Hosting;

namespace SecondOpinion.Interop.Commands;

/// <summary><c>serve [--urls URL] [--data DIR] [--Section:Option value]</c>.</summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        var data = CommandLine.Data();
        var urls = new Option<string?>("--urls") { Description = "Where to listen; default http://127.0.0.1:8080." };
        var command = new Command("serve", "Serves FHIR under /fhir and DICOMweb under /dicomweb. Any option of docs/configuration.md may follow as --Section:Option value.")
        {
            data,
            urls,
        };
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction(async (result, cancellation) =>
        {
            var arguments = new List<string>(result.UnmatchedTokens);
            Add(arguments, "Data", result.GetValue(data));
            Add(arguments, "Urls", result.GetValue(urls));
            try
            {
                await using var app = InteropApplication.Build([.. arguments]);
                await app.RunAsync(cancellation);
                return 0;
            }
            catch (Exception refusal) when (refusal is StartRefusedException or OptionsValidationException)
            {
                await Console.Error.WriteLineAsync("Not started: " + refusal.Message);
                return 1;
            }
        });
        return command;
    }

    private static void Add(List<string> arguments, string name, string? value)
    {
        if (value is not null)
        {
            arguments.Add("--" + name);
            arguments.Add(value);
        }
    }
}
