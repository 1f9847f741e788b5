using SecondOpinion.Dicom;
using SecondOpinion.Dicom.Imaging;

namespace SecondOpinion.Fuzz.Targets;

/// <summary>Pictures of small images whose attributes are damaged. A presentation state stands in an item of Referenced Series Sequence; the input's bytes choose the options.</summary>
internal static class RenderTarget
{
    private const long MaxPixels = 1 << 20;

    private static readonly int[] s_sides = [1, 2, 7, 20, 64, 300, 1023, 65535];

    internal static void Run(byte[] input)
    {
        try
        {
            var image = DicomImage.Open(DicomFile.Read(input), MaxPixels);
            var options = Options(input, image.Dataset);
            var frame = image.Description.PixelsPerFrame;
            // Both are limited: 24 bytes a pixel are decoded, coloured, scaled, turned and written samples of 16 bits.
            var pixels = Math.Min(frame, input.Length * 8L) + (options.Viewport is null ? 20 * Math.Min(frame, MaxPixels) : MaxPixels);
            FuzzCase.Within("a picture", (4L << 20) + (16L * input.Length) + (24 * Math.Min(pixels, 2 * MaxPixels)), () =>
                DicomRenderer.RenderToArray(image, (int)(Sum(input) % (uint)Math.Min(3, image.FrameCount)), options));
        }
        catch (Exception e) when (e is DicomException or ImagingException)
        {
            // A refusal.
        }
    }

    private static RenderOptions Options(byte[] input, DicomDataset dataset)
    {
        var choice = Sum(input);
        int Next(int below)
        {
            choice = (choice * 1664525) + 1013904223;
            return (int)((choice >> 8) % (uint)below);
        }

        return new RenderOptions
        {
            Format = (RenderFormat)Next(4),
            MaxPixels = MaxPixels,
            Overlays = Next(2) == 0,
            AnnotatePatient = Next(4) == 0,
            AnnotateTechnique = Next(4) == 0,
            Png16 = Next(2) == 0,
            PresentationState = Next(2) == 0 ? dataset.GetItem(DicomTags.ReferencedSeriesSequence) : null,
            Window = Next(4) == 0 ? (Next(5000) - 2500, Next(4000) / 10.0, (VoiFunction)Next(3)) : null,
            Viewport = Next(2) == 0 ? null : Next(2) == 0
                ? new Viewport(s_sides[Next(8)], s_sides[Next(8)])
                : new Viewport(s_sides[Next(8)], s_sides[Next(8)], Next(9), Next(9), (Next(3) - 1) * s_sides[Next(5)], (Next(3) - 1) * s_sides[Next(5)]),
        };
    }

    private static uint Sum(byte[] input)
    {
        var sum = 17u;
        foreach (var b in input)
        {
            sum = (sum * 31) + b;
        }

        return sum;
    }
}
