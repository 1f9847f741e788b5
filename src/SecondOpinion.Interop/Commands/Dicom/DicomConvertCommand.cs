using System.CommandLine;
using SecondOpinion.Dicom.Imaging;

namespace SecondOpinion.Interop.Commands.Dicom;

/// <summary><c>dicom convert FILE OUT --syntax UID</c>.</summary>
internal static class DicomConvertCommand
{
    public static Command Create()
    {
        var input = new Argument<string>("FILE");
        var output = new Argument<string>("OUT");
        var syntax = new Option<string>("--syntax") { Description = "UID of the transfer syntax to write.", Required = true };
        var command = new Command("convert", "Writes a file in another transfer syntax.") { input, output, syntax };
        command.SetAction(result => DicomCommand.One(result.GetValue(input)!, () =>
        {
            // Whole before the output is touched: a refusal leaves no half file, and OUT may be FILE.
            var converted = PixelTranscoder.Transcode(DicomCommand.Read(result.GetValue(input)!), result.GetValue(syntax)!).ToArray();
            File.WriteAllBytes(result.GetValue(output)!, converted);
        }));
        return command;
    }
}
