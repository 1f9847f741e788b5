using System.CommandLine;
using SecondOpinion.Dicom;

namespace SecondOpinion.Interop.Commands.Dicom;

/// <summary><c>dicom anonymise FILE... --out DIR --key KEY</c>.</summary>
internal static class DicomAnonymiseCommand
{
    public static Command Create()
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
        var command = new Command("anonymise", "Writes files without identity (PS3.15 E, basic profile and its options). Neither pixels nor file names are touched: names in them stay.")
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
                return FileArguments.Each(result.GetValue(files)!, result.GetValue(folder), "", path => Anonymise(anonymiser, path), DicomCommand.IsRefusal);
            }
            catch (ArgumentException e)
            {
                Console.Error.WriteLine(e.Message);
                return 1;
            }
        });
        return command;
    }

    private static FileOutput Anonymise(DicomAnonymiser anonymiser, string path)
    {
        var file = DicomCommand.Read(path);
        if (file.PixelDataTag is not null && DicomAnonymiser.MayShowIdentity(file.Dataset))
        {
            Console.Error.WriteLine($"{path}: look at the pixels, a name may be burned in");
        }

        return new(anonymiser.Anonymise(file).ToArray());
    }
}
