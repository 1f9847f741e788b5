using System.CommandLine;
using SecondOpinion.Interop.Commands.Dicom;
using SecondOpinion.Interop.Commands.Fhir;

namespace SecondOpinion.Interop.Commands;

/// <summary>The commands of the program; without one it serves.</summary>
internal static class CommandLine
{
    public static Option<string?> Data() => new("--data") { Description = "Folder of the database and the images; default ./data." };

    public static async Task<int> RunAsync(string[] args)
    {
        var root = new RootCommand("Orders, images and signed second opinions over FHIR R4 and DICOMweb. Without a command it serves.")
        {
            ServeCommand.Create(),
            DemoCommand.Create(),
            TokenCommand.Create(),
            MigrateCommand.Create(),
            ImportCommand.Create(),
            VerifyCommand.Create(),
            DicomCommand.Create(),
            FhirCommand.Create(),
            CodecWorkerCommand.Create(),
        };
        if (args.Length == 0 || (args[0].StartsWith("--", StringComparison.Ordinal) && args[0] is not ("--help" or "--version")))
        {
            args = ["serve", .. args];
        }

        return await root.Parse(args).InvokeAsync();
    }
}
