using SecondOpinion.Dicom;
using SecondOpinion.Dicom.Imaging;

namespace SecondOpinion.Fuzz.Targets;

/// <summary>Decoding of the managed codecs. JPEG 2000 runs in a process of its own and is not fuzzed here.</summary>
internal static class ImageTarget
{
    private const long MaxPixels = 1 << 22;

    internal static void Run(byte[] input)
    {
        try
        {
            var file = DicomFile.Read(input);
            if (IsManaged(file.TransferSyntaxUid))
            {
                DicomImage.Open(file, MaxPixels).Decode(0);
            }
        }
        catch (Exception e) when (e is DicomException or ImagingException)
        {
            // A refusal.
        }
    }

    internal static void Foreign(byte[] input)
    {
        try
        {
            ImageFile.Identify(input);
        }
        catch (ImagingException)
        {
            // A refusal.
        }
    }

    internal static bool IsManaged(string syntax) =>
        DicomUids.NameOf(syntax) is { } name && !name.Contains("2000", StringComparison.Ordinal) && !name.Contains("JPIP", StringComparison.Ordinal);
}
