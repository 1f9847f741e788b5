using System.CommandLine;
using System.Globalization;
using SecondOpinion.Dicom;
using SecondOpinion.Dicom.Imaging;

namespace SecondOpinion.Interop.Commands;

/// <summary><c>dicom json|xml|dump|render|convert|check</c>: what the server makes of a file, for people and for checks from outside.</summary>
internal static class DicomCommand
{
    public static Command Create() => new("dicom", "Looks into DICOM files.")
    {
        Convert("json", "The data set in the DICOM JSON model (PS3.18 F).", ".json", file => DicomJson.ToArray(file.Dataset)),
        Convert("xml", "The data set in the Native DICOM Model (PS3.19 A.1).", ".xml", file => DicomXml.ToArray(file.Dataset)),
        Convert("dump", "One line an element.", ".txt", DicomDump.ToArray),
        Render(),
        Transcode(),
        Anonymise(),
        Check(),
    };

    private static Command Convert(string name, string description, string extension, Func<DicomFile, byte[]> convert)
    {
        var files = FileArguments.Files();
        var folder = FileArguments.Out();
        var command = new Command(name, description) { files, folder };
        command.SetAction(result => FileArguments.Each(result.GetValue(files)!, result.GetValue(folder), extension, path => convert(Read(path)), e => e is DicomException));
        return command;
    }

    private static Command Render()
    {
        var input = new Argument<string>("FILE");
        var output = new Argument<string>("OUT") { Description = "Ends in .png, .jpg, .gif or .tif." };
        var frame = new Option<int>("--frame") { Description = "From 1.", DefaultValueFactory = _ => 1 };
        var window = new Option<string?>("--window") { Description = "CENTER,WIDTH" };
        var size = new Option<string?>("--size") { Description = "WIDTHxHEIGHT the image is fitted into." };
        var command = new Command("render", "Draws a frame as a picture.") { input, output, frame, window, size };
        command.SetAction(result =>
        {
            try
            {
                var target = result.GetValue(output)!;
                var options = new RenderOptions
                {
                    Format = Path.GetExtension(target).ToLowerInvariant() switch
                    {
                        ".png" => RenderFormat.Png,
                        ".jpg" or ".jpeg" => RenderFormat.Jpeg,
                        ".gif" => RenderFormat.Gif,
                        ".tif" or ".tiff" => RenderFormat.Tiff,
                        var other => throw new FormatException($"'{other}' is no picture format: use .png, .jpg, .gif or .tif"),
                    },
                    Window = Pair(result.GetValue(window), ',') is { } w ? (w.First, w.Second, VoiFunction.Linear) : null,
                    Viewport = Pair(result.GetValue(size), 'x') is { } s ? new Viewport((int)s.First, (int)s.Second) : null,
                };
                File.WriteAllBytes(target, DicomRenderer.RenderToArray(DicomImage.Open(Read(result.GetValue(input)!)), result.GetValue(frame) - 1, options));
                return 0;
            }
            catch (Exception e) when (IsRefusal(e))
            {
                Console.Error.WriteLine($"{result.GetValue(input)}: {e.Message}");
                return 1;
            }
        });
        return command;
    }

    private static Command Transcode()
    {
        var input = new Argument<string>("FILE");
        var output = new Argument<string>("OUT");
        var syntax = new Option<string>("--syntax") { Description = "UID of the transfer syntax to write.", Required = true };
        var command = new Command("convert", "Writes a file in another transfer syntax.") { input, output, syntax };
        command.SetAction(result =>
        {
            try
            {
                using var stream = File.Create(result.GetValue(output)!);
                PixelTranscoder.Transcode(Read(result.GetValue(input)!), result.GetValue(syntax)!).Write(stream);
                return 0;
            }
            catch (Exception e) when (IsRefusal(e))
            {
                Console.Error.WriteLine($"{result.GetValue(input)}: {e.Message}");
                return 1;
            }
        });
        return command;
    }

    private static Command Anonymise()
    {
        var files = FileArguments.Files();
        var folder = new Option<string>("--out") { Description = "Folder for one file per input.", Required = true };
        var key = new Option<string>("--key") { Description = "At least 16 characters; the same key maps the same UIDs to the same new ones.", Required = true };
        var dates = new Option<DicomDatePolicy>("--dates") { Description = "What becomes of dates.", DefaultValueFactory = _ => DicomDatePolicy.Remove };
        var keepUids = new Option<bool>("--keep-uids");
        var keepPatient = new Option<bool>("--keep-patient-characteristics");
        var keepDevice = new Option<bool>("--keep-device-identity");
        var keepInstitution = new Option<bool>("--keep-institution-identity");
        var cleanText = new Option<bool>("--clean-descriptors") { Description = "Free text is kept without what identifies." };
        var cleanContent = new Option<bool>("--clean-structured-content") { Description = "Reports are kept without what identifies." };
        var cleanGraphics = new Option<bool>("--clean-graphics") { Description = "Annotations of presentation states are kept without what identifies." };
        var command = new Command("anonymise", "Writes files without identity (PS3.15 E, basic profile and its options). Pixels are not touched: burned-in names stay.")
        {
            files, folder, key, dates, keepUids, keepPatient, keepDevice, keepInstitution, cleanText, cleanContent, cleanGraphics,
        };
        command.SetAction(result =>
        {
            try
            {
                var anonymiser = new DicomAnonymiser(new DicomAnonymiserOptions
                {
                    Key = System.Text.Encoding.UTF8.GetBytes(result.GetValue(key)!),
                    Dates = result.GetValue(dates),
                    KeepUids = result.GetValue(keepUids),
                    KeepPatientCharacteristics = result.GetValue(keepPatient),
                    KeepDeviceIdentity = result.GetValue(keepDevice),
                    KeepInstitutionIdentity = result.GetValue(keepInstitution),
                    CleanDescriptors = result.GetValue(cleanText),
                    CleanStructuredContent = result.GetValue(cleanContent),
                    CleanGraphics = result.GetValue(cleanGraphics),
                });
                return FileArguments.Each(result.GetValue(files)!, result.GetValue(folder), "", path => anonymiser.Anonymise(Read(path)).ToArray(), IsRefusal);
            }
            catch (ArgumentException e)
            {
                Console.Error.WriteLine(e.Message);
                return 1;
            }
        });
        return command;
    }

    private static Command Check()
    {
        var files = FileArguments.Files();
        var command = new Command("check", "Reads every file and says what is irregular. Exit code 1 when a file cannot be read.") { files };
        command.SetAction(result =>
        {
            var failed = 0;
            var all = FileArguments.Expand(result.GetValue(files)!).ToList();
            for (var i = 0; i < all.Count; i++)
            {
                try
                {
                    foreach (var fault in Read(all[i].Path).Faults)
                    {
                        Console.WriteLine($"{all[i].Path}: {fault}");
                    }
                }
                catch (Exception e) when (IsRefusal(e))
                {
                    failed++;
                    Console.Error.WriteLine($"{all[i].Path}: {e.Message}");
                }

                FileArguments.Progress(i + 1, all.Count);
            }

            FileArguments.Finish(all.Count, failed);
            return failed == 0 ? 0 : 1;
        });
        return command;
    }

    private static DicomFile Read(string path) => DicomFile.Read(File.ReadAllBytes(path));

    private static bool IsRefusal(Exception e) => e is DicomException or ImagingException or IOException or UnauthorizedAccessException or FormatException;

    private static (double First, double Second)? Pair(string? text, char separator)
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
}
