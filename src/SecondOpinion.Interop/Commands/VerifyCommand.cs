using System.CommandLine;
using SecondOpinion.Interop.Hosting;
using SecondOpinion.Storage;
using SecondOpinion.Storage.Recovery;

namespace SecondOpinion.Interop.Commands;

/// <summary><c>verify</c>: reads every image file and checks it against its index row. Exit code 1 when one is missing or changed.</summary>
internal static class VerifyCommand
{
    public static Command Create()
    {
        var data = CommandLine.Data();
        var command = new Command("verify", "Checks that index and image files agree.") { data };
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction(async (result, cancellation) =>
        {
            try
            {
                await using var app = InteropApplication.BuildQuiet(result.UnmatchedTokens, result.GetValue(data));
                await app.Services.GetRequiredService<SchemaMigrator>().MigrateAsync(cancellation);
                var bad = 0;
                var count = await app.Services.GetRequiredService<StorageCheck>().RunAsync(
                    withDigests: true,
                    finding =>
                    {
                        bad++;
                        Console.WriteLine($"{finding.SopInstanceUid}: {finding.Problem} (tenant {finding.TenantId}, blob {finding.BlobId})");
                    },
                    cancellation: cancellation);
                Console.WriteLine($"{count} instances, {bad} missing or changed");
                return bad == 0 ? 0 : 1;
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
