using System.Numerics;
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

        Normalize(frame.Data.AsSpan(), frame.BytesPerSample, shift, bits, frame.IsSigned);
        return new DecodedFrame(frame.Rows, frame.Columns, frame.SamplesPerPixel, frame.BytesPerSample, bits, frame.IsSigned, frame.PhotometricInterpretation, frame.Data) { Reduction = frame.Reduction };
    }

    /// <summary>In place.</summary>
    public static void Normalize(Span<byte> data, int bytesPerSample, int shift, int bits, bool signed)
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
            case 1 when signed:
                Shift(MemoryMarshal.Cast<byte, sbyte>(data), up, down);
                break;
            case 1:
                Shift(data, up, down);
                break;
            case 2 when signed:
                Shift(MemoryMarshal.Cast<byte, short>(data), up, down);
                break;
            case 2:
                Shift(MemoryMarshal.Cast<byte, ushort>(data), up, down);
                break;
            case 4 when signed:
                Shift(MemoryMarshal.Cast<byte, int>(data), up, down);
                break;
            default:
                Shift(MemoryMarshal.Cast<byte, uint>(data), up, down);
                break;
        }
    }

    /// <summary>To the left, then back to the right with the sign that the type has.</summary>
    private static void Shift<T>(Span<T> values, int up, int down)
        where T : unmanaged, IBinaryInteger<T>
    {
        var vectors = MemoryMarshal.Cast<T, Vector<T>>(values);
        foreach (ref var vector in vectors)
        {
            vector = (vector << up) >> down;
        }

        foreach (ref var value in values[(vectors.Length * Vector<T>.Count)..])
        {
            value = T.CreateTruncating(value << up) >> down;
        }
    }
}
