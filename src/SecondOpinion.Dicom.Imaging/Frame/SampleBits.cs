using System.Runtime.InteropServices;

namespace SecondOpinion.Dicom.Imaging;

/// <summary>Makes samples whole numbers: stored bits moved down, other bits (overlays, junk) dropped, the sign extended (PS3.5 8.1.1).</summary>
internal static class SampleBits
{
    public static DecodedFrame Normalized(DecodedFrame frame, ImageDescription description)
    {
        // A codestream as wide as the allocated bits carries the sample cell as it was (RLE, lossless JPEG of 16 bits); a narrower one carries values.
        var wholeCell = frame.BitsStored == frame.BytesPerSample * 8 && description.BitsAllocated == frame.BitsStored;
        var shift = wholeCell ? description.HighBit + 1 - description.BitsStored : 0;
        var bits = Math.Min(frame.BitsStored, description.BitsStored);
        if (!wholeCell && description.BitsStored < frame.BitsStored)
        {
            bits = frame.BitsStored;
        }

        Normalize(frame.Data, frame.BytesPerSample, shift, bits, frame.IsSigned);
        return new DecodedFrame(frame.Rows, frame.Columns, frame.SamplesPerPixel, frame.BytesPerSample, bits, frame.IsSigned, frame.PhotometricInterpretation, frame.Data);
    }

    /// <summary>In place.</summary>
    public static void Normalize(byte[] data, int bytesPerSample, int shift, int bits, bool signed)
    {
        var width = bytesPerSample * 8;
        if (bits == width && shift == 0)
        {
            return;
        }

        var up = width - bits - shift;
        var down = width - bits;
        if (up < 0)
        {
            throw new ImagingException(ImagingError.InvalidPixelData, "High Bit lies outside the sample.");
        }

        switch (bytesPerSample)
        {
            case 1:
                foreach (ref var value in data.AsSpan())
                {
                    value = signed ? (byte)((sbyte)(byte)(value << up) >> down) : (byte)((byte)(value << up) >> down);
                }

                break;
            case 2 when signed:
                foreach (ref var value in MemoryMarshal.Cast<byte, short>(data.AsSpan()))
                {
                    value = (short)((short)(value << up) >> down);
                }

                break;
            case 2:
                foreach (ref var value in MemoryMarshal.Cast<byte, ushort>(data.AsSpan()))
                {
                    value = (ushort)((ushort)(value << up) >> down);
                }

                break;
            default:
                foreach (ref var value in MemoryMarshal.Cast<byte, int>(data.AsSpan()))
                {
                    value = signed ? value << up >> down : (int)((uint)(value << up) >> down);
                }

                break;
        }
    }
}
