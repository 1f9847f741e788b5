using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

namespace SecondOpinion.Storage.Tests;

/// <summary>What xunit would generate, and the writer that <see cref="CrashTests"/> kills.</summary>
internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        if (args is [CrashChild.Command, var folder])
        {
            await CrashChild.RunAsync(folder);
            return 0;
        }

        return args.Any(a => a is "--server" or "--internal-msbuild-node")
            ? await TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions)
            : await ConsoleRunner.Run(args);
    }
}
