using System.CommandLine;
using SecondOpinion.Dicom.Imaging;

namespace SecondOpinion.Interop.Commands.Dicom;

/// <summary><c>dicom render FILE OUT</c>: a frame as the server draws it.</summary>
internal static class DicomRenderCommand
{
    public static Command Create()
    {
        var input = new Argument<string>("FILE");
        var output = new Argument<string>("OUT") { Description = "Ends in .png, .jpg, .gif or .tif." };
        var frame = new Option<int>("--frame") { Description = "From 1.", DefaultValueFactory = _ => 1 };
        var window = new Option<string?>("--window") { Description = "CENTER,WIDTH" };
        var size = new Option<string?>("--size") { Description = "WIDTHxHEIGHT the image is fitted into." };
        var quality = new Option<int>("--quality") { Description = "Of a JPEG, 1 to 100.", DefaultValueFactory = _ => RenderOptions.Default.Quality };
        var overlays = new Option<bool>("--overlays") { Description = "Draw the overlays of groups 60xx." };
        var state = new Option<string?>("--presentation-state") { Description = "A Grayscale Softcopy Presentation State that is applied." };
        var command = new Command("render", "Draws a frame as a picture.") { input, output, frame, window, size, quality, overlays, state };
        command.SetAction(result => DicomCommand.One(result.GetValue(input)!, () =>
        {
            var target = result.GetValue(output)!;
            if (result.GetValue(quality) is < 1 or > 100)
            {
                throw new FormatException("--quality is 1 to 100");
            }

            var options = new RenderOptions
            {
                Format = FormatOf(target),
                Quality = result.GetValue(quality),
                Overlays = result.GetValue(overlays),
                Window = DicomCommand.Pair(result.GetValue(window), ',') is { } w ? (w.First, w.Second, VoiFunction.Linear) : null,
                Viewport = SizeOf(result.GetValue(size)),
                PresentationState = result.GetValue(state) is { } file ? DicomCommand.Read(file).Dataset : null,
            };
            var image = DicomImage.Open(DicomCommand.Read(result.GetValue(input)!));
            if (result.GetValue(frame) < 1 || result.GetValue(frame) > image.FrameCount)
            {
                throw new FormatException($"there is no frame {result.GetValue(frame)}: the file has {image.FrameCount}, counted from 1");
            }

            File.WriteAllBytes(target, DicomRenderer.RenderToArray(image, result.GetValue(frame) - 1, options));
        }));
        return command;
    }

    private static Viewport? SizeOf(string? text) => DicomCommand.Pair(text, 'x') switch
    {
        null => null,
        ( >= 1 and <= int.MaxValue, >= 1 and <= int.MaxValue) size => new Viewport((int)size.First, (int)size.Second),
        _ => throw new FormatException($"'{text}' is no size: use WIDTHxHEIGHT of at least 1x1"),
    };

    private static RenderFormat FormatOf(string path) => Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".png" => RenderFormat.Png,
        ".jpg" or ".jpeg" => RenderFormat.Jpeg,
        ".gif" => RenderFormat.Gif,
        ".tif" or ".tiff" => RenderFormat.Tiff,
        var other => throw new FormatException($"'{other}' is no picture format: use .png, .jpg, .gif or .tif"),
    };
}
