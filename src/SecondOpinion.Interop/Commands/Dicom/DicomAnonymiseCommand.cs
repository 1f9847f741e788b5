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
        var command = new Command("anonymise", "Writes files without identity (PS3.15 E.1, basic profile). Pixels are not touched: burned-in names stay.") { files, folder, key, dates, keepUids, keepPatient };
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
                });
                return FileArguments.Each(result.GetValue(files)!, result.GetValue(folder), "", path => new(anonymiser.Anonymise(DicomCommand.Read(path)).ToArray()), DicomCommand.IsRefusal);
            }
            catch (ArgumentException e)
            {
                Console.Error.WriteLine(e.Message);
                return 1;
            }
        });
        return command;
    }
}
