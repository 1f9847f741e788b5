using System.Runtime.CompilerServices;

namespace SecondOpinion.Dicom.Imaging.Tests.Codecs;

/// <summary>Makes the test program its own JPEG 2000 worker, as the server's program is: with the argument codec-worker it runs no tests.</summary>
internal static class WorkerEntry
{
#pragma warning disable CA2255 // the test framework owns Main
    [ModuleInitializer]
    public static void RunWorker()
    {
        if (Environment.GetCommandLineArgs() is [_, "codec-worker", ..])
        {
            using var input = Console.OpenStandardInput();
            using var output = Console.OpenStandardOutput();
            Environment.Exit(CodecWorker.Run(input, output));
        }
    }
#pragma warning restore CA2255
}
