using System.Buffers.Binary;
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

    /// <summary>Chunks get the check sums that they should have, without which nothing of a damaged PNG would be read.</summary>
    internal static void Foreign(byte[] input)
    {
        ImageFile.Identify(input);
        try
        {
            ImageFile.ReadPng(WithCheckSums(input), MaxPixels);
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

    /// <summary>A PNG with the right check sum after each chunk (ISO/IEC 15948 5.3).</summary>
    internal static byte[] WithCheckSums(byte[] png)
    {
        const int Signature = 8;
        const int Around = 12; // length, type and check sum
        var mended = (byte[])png.Clone();
        for (var at = Signature; at + Around <= mended.Length;)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(mended.AsSpan(at));
            if (length > mended.Length - at - Around)
            {
                break;
            }

            var checkedBytes = mended.AsSpan(at + 4, (int)length + 4);
            BinaryPrimitives.WriteUInt32BigEndian(mended.AsSpan(at + 8 + (int)length), CheckSum(checkedBytes));
            at += Around + (int)length;
        }

        return mended;
    }

    private static uint CheckSum(ReadOnlySpan<byte> bytes)
    {
        const uint Polynomial = 0xEDB88320;
        var sum = uint.MaxValue;
        foreach (var b in bytes)
        {
            sum ^= b;
            for (var bit = 0; bit < 8; bit++)
            {
                sum = (sum >> 1) ^ ((sum & 1) * Polynomial);
            }
        }

        return ~sum;
    }
}
