using System.CommandLine;
using SecondOpinion.Dicom.Imaging;

namespace SecondOpinion.Interop.Commands;

/// <summary><c>codec-worker</c>: the process in which JPEG 2000 codestreams and TIFF files are decoded, so that a hostile one costs one request and never the server. Not for people.</summary>
internal static class CodecWorkerCommand
{
    public static Command Create()
    {
        var command = new Command("codec-worker", "Decodes JPEG 2000 and TIFF for the server.") { Hidden = true };
        command.SetAction(_ =>
        {
            using var input = Console.OpenStandardInput();
            using var output = Console.OpenStandardOutput();
            return CodecWorker.Run(input, output);
        });
        return command;
    }
}
