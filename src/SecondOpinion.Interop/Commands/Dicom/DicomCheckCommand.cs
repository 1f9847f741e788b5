using System.CommandLine;
using SecondOpinion.Dicom;
using SecondOpinion.Dicom.Imaging;

namespace SecondOpinion.Interop.Commands.Dicom;

/// <summary><c>dicom check FOLDER</c>: reads every file; irregularities on stdout, what cannot be read on stderr.</summary>
internal static class DicomCheckCommand
{
    public static Command Create()
    {
        var files = FileArguments.Files();
        var pixels = new Option<bool>("--pixels") { Description = "Decode every frame too." };
        var command = new Command("check", "Reads every file and says what is irregular. Exit code 1 when a file cannot be read.") { files, pixels };
        command.SetAction(result =>
        {
            var failed = 0;
            var all = FileArguments.Expand(result.GetValue(files)!).ToList();
            for (var i = 0; i < all.Count; i++)
            {
                failed += DicomCommand.One(all[i].Path, () => Check(all[i].Path, result.GetValue(pixels)));
                FileArguments.Progress(i + 1, all.Count);
            }

            FileArguments.Finish(all.Count, failed);
            return failed == 0 ? 0 : 1;
        });
        return command;
    }

    private static void Check(string path, bool pixels)
    {
        var file = DicomCommand.Read(path);
        foreach (var fault in file.Faults)
        {
            Console.WriteLine($"{path}: {fault}");
        }

        if (!pixels || !file.Dataset.Contains(DicomTags.PixelData))
        {
            return;
        }

        var image = DicomImage.Open(file);
        for (var frame = 0; frame < image.FrameCount; frame++)
        {
            image.Decode(frame);
        }
    }
}
