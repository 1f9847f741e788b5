using System.CommandLine;
using SecondOpinion.Interop.Hosting;

namespace SecondOpinion.Interop.Commands;

/// <summary><c>migrate</c>: brings the database to the schema of this version, registers the configured tenants, and ends.</summary>
internal static class MigrateCommand
{
    public static Command Create()
    {
        var data = CommandLine.Data();
        var command = new Command("migrate", "Brings the database to the schema of this version.") { data };
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction(async (result, cancellation) =>
        {
            try
            {
                await using var app = InteropApplication.BuildQuiet(result.UnmatchedTokens, result.GetValue(data));
                await Startup.PrepareAsync(app.Services, cancellation);
                Console.WriteLine("The schema is up to date.");
                return 0;
            }
            catch (StartRefusedException refusal)
            {
                await Console.Error.WriteLineAsync(refusal.Message);
                return 1;
            }
        });
        return command;
    }
}
