using SecondOpinion.Dicom;
using SecondOpinion.Dicom.Imaging;

namespace SecondOpinion.Fuzz.Targets;

/// <summary>Frames of damaged files, whatever their transfer syntax, and pictures that are not DICOM.</summary>
internal static class ImageTarget
{
    private const long MaxPixels = 1 << 22;

    internal static void Run(byte[] input)
    {
        try
        {
            var image = DicomImage.Open(DicomFile.Read(input), MaxPixels);
            image.Decode(image.FrameCount > 1 ? input[^1] % image.FrameCount : 0);
        }
        catch (Exception e) when (e is DicomException or ImagingException)
        {
            // A refusal.
        }
    }

    internal static void Foreign(byte[] input)
    {
        ImageFile.Identify(input);
        try
        {
            ImageFile.ReadPng(input, MaxPixels);
        }
        catch (ImagingException)
        {
            // A refusal.
        }

        try
        {
            ImageFile.ReadTiff(input, maxPixels: MaxPixels);
        }
        catch (ImagingException)
        {
            // A refusal.
        }
    }
}
