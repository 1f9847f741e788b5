using System.CommandLine;
using System.Globalization;
using SecondOpinion.Dicom;
using SecondOpinion.Dicom.Imaging;

namespace SecondOpinion.Interop.Commands.Dicom;

/// <summary><c>dicom json|xml|dump|render|convert|anonymise|check</c>: what the server makes of a file, for people and for checks from outside.</summary>
internal static class DicomCommand
{
    /// <summary>Compressed pixels cannot stand inline in either model: where they are in the file stands for them.</summary>
    private static readonly DicomJsonOptions s_modelOptions = new() { BulkDataThreshold = int.MaxValue, BulkDataUri = path => "#" + path };

    public static Command Create() => new("dicom", "Looks into DICOM files.")
    {
        Convert("json", "The data set in the DICOM JSON model (PS3.18 F).", ".json", path => new(DicomJson.ToArray(Read(path).Dataset, s_modelOptions))),
        Convert("xml", "The data set in the Native DICOM Model (PS3.19 A.1).", ".xml", path => new(DicomXml.ToArray(Read(path).Dataset, s_modelOptions))),
        Convert("dump", "One line an element; of a file that ends too early what is there.", ".txt", DicomDump.OfFile),
        DicomRenderCommand.Create(),
        DicomConvertCommand.Create(),
        DicomAnonymiseCommand.Create(),
        DicomCheckCommand.Create(),
    };

    public static DicomFile Read(string path) => DicomFile.Read(File.ReadAllBytes(path));

    /// <summary>What a file or an argument may be at fault for; anything else is ours.</summary>
    public static bool IsRefusal(Exception e) => e is DicomException or ImagingException or IOException or UnauthorizedAccessException or FormatException;

    /// <summary>Runs a command over one file: a refusal is a line on stderr that names the file, and exit code 1.</summary>
    public static int One(string path, Action work)
    {
        try
        {
            work();
            return 0;
        }
        catch (Exception e) when (IsRefusal(e))
        {
            Console.Error.WriteLine($"{path}: {e.Message}");
            return 1;
        }
    }

    /// <summary>Two numbers of an option, <c>40,400</c> or <c>512x512</c>.</summary>
    /// <exception cref="FormatException">Something else.</exception>
    public static (double First, double Second)? Pair(string? text, char separator)
    {
        if (text is null)
        {
            return null;
        }

        var parts = text.Split(separator);
        return parts.Length == 2
            && double.TryParse(parts[0], NumberStyles.Float, CultureInfo.InvariantCulture, out var first)
            && double.TryParse(parts[1], NumberStyles.Float, CultureInfo.InvariantCulture, out var second)
            ? (first, second)
            : throw new FormatException($"'{text}' is not two numbers separated by '{separator}'");
    }

    private static Command Convert(string name, string description, string extension, Func<string, FileOutput> convert)
    {
        var files = FileArguments.Files();
        var folder = FileArguments.Out();
        var command = new Command(name, description) { files, folder };
        command.SetAction(result => FileArguments.Each(result.GetValue(files)!, result.GetValue(folder), extension, convert, IsRefusal));
        return command;
    }
}
