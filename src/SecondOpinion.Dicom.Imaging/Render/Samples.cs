using System.Numerics;
using System.Runtime.InteropServices;

namespace SecondOpinion.Dicom.Imaging;

/// <summary>A decoded frame's samples as numbers.</summary>
internal static class Samples
{
    public static ReadOnlySpan<ushort> UInt16(DecodedFrame frame) => MemoryMarshal.Cast<byte, ushort>(frame.Data.AsSpan());

    public static ReadOnlySpan<int> Int32(DecodedFrame frame) => MemoryMarshal.Cast<byte, int>(frame.Data.AsSpan());

    /// <summary>Every value that samples of 1 or 2 bytes have here: of few bits all that there may be, of many those between the least and the greatest.</summary>
    public static IEnumerable<int> Domain(DecodedFrame frame)
    {
        if (frame.BitsStored <= 12)
        {
            return Enumerable.Range(frame.IsSigned ? -(1 << (frame.BitsStored - 1)) : 0, 1 << frame.BitsStored);
        }

        var (least, most) = Range(frame, null);
        return Enumerable.Range((int)least, (int)(most - least) + 1);
    }

    /// <summary>The least and greatest value, padding left out; zeros when there is nothing but padding.</summary>
    public static (long Minimum, long Maximum) Range(DecodedFrame frame, (long Low, long High)? padding)
    {
        var count = frame.Rows * frame.Columns * frame.SamplesPerPixel;
        var (low, high) = padding ?? (1, 0);
        return (frame.BytesPerSample, frame.IsSigned) switch
        {
            (1, false) => Range<byte>(frame.Data, count, low, high),
            (1, true) => Range<sbyte>(frame.Data, count, low, high),
            (2, false) => Range<ushort>(frame.Data, count, low, high),
            (2, true) => Range<short>(frame.Data, count, low, high),
            (_, false) => Range<uint>(frame.Data, count, low, high),
            _ => Range<int>(frame.Data, count, low, high),
        };
    }

    /// <summary>The float samples of a frame, one by one.</summary>
    public static double Float(DecodedFrame frame, int at) =>
        frame.BytesPerSample == 4 ? MemoryMarshal.Cast<byte, float>(frame.Data.AsSpan())[at] : MemoryMarshal.Cast<byte, double>(frame.Data.AsSpan())[at];

    /// <summary>The least and greatest finite value of a float frame, padding left out; zeros when there is none.</summary>
    public static (double Minimum, double Maximum) FloatRange(DecodedFrame frame, (double Low, double High)? padding)
    {
        var (least, most) = (double.MaxValue, double.MinValue);
        for (var i = 0; i < frame.Rows * frame.Columns; i++)
        {
            var value = Float(frame, i);
            if (double.IsFinite(value) && !(padding is { } p && value >= p.Low && value <= p.High))
            {
                least = Math.Min(least, value);
                most = Math.Max(most, value);
            }
        }

        return least <= most ? (least, most) : (0, 0);
    }

    private static (long Minimum, long Maximum) Range<T>(byte[] data, int count, long low, long high)
        where T : unmanaged, INumber<T>, IMinMaxValue<T>
    {
        var samples = MemoryMarshal.Cast<byte, T>(data.AsSpan())[..count];
        if (low > high)
        {
            return Range<T>(samples);
        }

        var least = long.MaxValue;
        var most = long.MinValue;
        foreach (var sample in samples)
        {
            var value = long.CreateTruncating(sample);
            if (value >= low && value <= high)
            {
                continue;
            }

            least = Math.Min(least, value);
            most = Math.Max(most, value);
        }

        return least <= most ? (least, most) : (0, 0);
    }

    private static (long Minimum, long Maximum) Range<T>(ReadOnlySpan<T> samples)
        where T : unmanaged, INumber<T>, IMinMaxValue<T>
    {
        if (samples.IsEmpty)
        {
            return (0, 0);
        }

        var vectors = MemoryMarshal.Cast<T, Vector<T>>(samples);
        var lows = new Vector<T>(T.MaxValue);
        var highs = new Vector<T>(T.MinValue);
        foreach (var vector in vectors)
        {
            lows = Vector.Min(lows, vector);
            highs = Vector.Max(highs, vector);
        }

        var (least, most) = (T.MaxValue, T.MinValue);
        for (var i = 0; i < Vector<T>.Count; i++)
        {
            least = T.Min(least, lows[i]);
            most = T.Max(most, highs[i]);
        }

        foreach (var sample in samples[(vectors.Length * Vector<T>.Count)..])
        {
            least = T.Min(least, sample);
            most = T.Max(most, sample);
        }

        return (long.CreateTruncating(least), long.CreateTruncating(most));
    }
}
