using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SecondOpinion.Dicom.Imaging.Codecs.Jpeg;

/// <summary>YCbCr to RGB by pixel (ITU-T T.871 7), in 16-bit fixed point.</summary>
internal static class YccToRgb
{
    private const int Half = 1 << 15;
    private const int RedOfCr = 91881; // 1.40200
    private const int GreenOfCb = -22554; // -0.34414
    private const int GreenOfCr = -46802; // -0.71414
    private const int BlueOfCb = 116130; // 1.77200

    /// <param name="luma">At least as many samples as the line has pixels; so the others.</param>
    public static void Convert<T>(ReadOnlySpan<T> luma, ReadOnlySpan<T> blue, ReadOnlySpan<T> red, int precision, Span<T> line)
        where T : unmanaged, IBinaryInteger<T>
    {
        var max = (1 << precision) - 1;
        var center = 1 << (precision - 1);
        var width = line.Length / 3;
        luma = luma[..width];
        blue = blue[..width];
        red = red[..width];
        var done = typeof(T) == typeof(byte) && Avx2.IsSupported
            ? ConvertGroups(MemoryMarshal.AsBytes(luma), MemoryMarshal.AsBytes(blue), MemoryMarshal.AsBytes(red), MemoryMarshal.AsBytes(line))
            : 0;
        for (int x = done, to = done * 3; x < luma.Length; x++, to += 3)
        {
            var y = int.CreateTruncating(luma[x]);
            var cb = int.CreateTruncating(blue[x]) - center;
            var cr = int.CreateTruncating(red[x]) - center;
            var pixel = line.Slice(to, 3);
            pixel[0] = T.CreateTruncating(Math.Clamp(y + (((RedOfCr * cr) + Half) >> 16), 0, max));
            pixel[1] = T.CreateTruncating(Math.Clamp(y + (((GreenOfCb * cb) + (GreenOfCr * cr) + Half) >> 16), 0, max));
            pixel[2] = T.CreateTruncating(Math.Clamp(y + (((BlueOfCb * cb) + Half) >> 16), 0, max));
        }
    }

    /// <summary>Sixteen pixels at a time, in 16 bits and with the same roundings; returns how many were done.</summary>
    private static int ConvertGroups(ReadOnlySpan<byte> luma, ReadOnlySpan<byte> blue, ReadOnlySpan<byte> red, Span<byte> line)
    {
        var center = Vector256.Create((short)128);
        // The factors' whole parts are added apart, so that the rest fits 16 bits: 1.402 = 1 + 0.402, 1.772 = 2 - 0.228, -0.714 = -1 + 0.286.
        var redOfCr = Vector256.Create((short)(RedOfCr - 65536));
        var blueOfCb = Vector256.Create((short)(BlueOfCb - 131072));
        var green = Vector256.Create((GreenOfCb & 0xFFFF) | ((GreenOfCr + 65536) << 16)).AsInt16();
        var half = Vector256.Create(Half);
        var x = 0;
        for (; x + 16 <= luma.Length; x += 16)
        {
            var y = Widened(luma, x);
            var cb = Widened(blue, x) - center;
            var cr = Widened(red, x) - center;
            var r = y + cr + Scaled(cr, redOfCr);
            var b = y + cb + cb + Scaled(cb, blueOfCb);
            var low = (Avx2.MultiplyAddAdjacent(Avx2.UnpackLow(cb, cr), green) + half) >> 16;
            var high = (Avx2.MultiplyAddAdjacent(Avx2.UnpackHigh(cb, cr), green) + half) >> 16;
            var g = y - cr + Avx2.PackSignedSaturate(low, high);
            Store(Bytes(r), Bytes(g), Bytes(b), line.Slice(x * 3, 48));
        }

        return x;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<short> Widened(ReadOnlySpan<byte> source, int at) => Avx2.ConvertToVector256Int16(Vector128.Create(source.Slice(at, 16)));

    /// <summary>(value * factor + 2^15) >> 16: the upper half of the doubled product, rounded when it is halved.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<short> Scaled(Vector256<short> value, Vector256<short> factor) =>
        (Avx2.MultiplyHigh(value + value, factor) + Vector256<short>.One) >> 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Bytes(Vector256<short> values) => Sse2.PackUnsignedSaturate(values.GetLower(), values.GetUpper());

    /// <summary>Three times sixteen bytes, one of each in turn.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector128<byte> r, Vector128<byte> g, Vector128<byte> b, Span<byte> to)
    {
        const byte N = 0x80; // gives zero
        (Vector128.Shuffle(r, Vector128.Create(0, N, N, 1, N, N, 2, N, N, 3, N, N, 4, N, N, 5))
            | Vector128.Shuffle(g, Vector128.Create(N, 0, N, N, 1, N, N, 2, N, N, 3, N, N, 4, N, N))
            | Vector128.Shuffle(b, Vector128.Create(N, N, 0, N, N, 1, N, N, 2, N, N, 3, N, N, 4, N))).CopyTo(to);
        (Vector128.Shuffle(r, Vector128.Create(N, N, 6, N, N, 7, N, N, 8, N, N, 9, N, N, 10, N))
            | Vector128.Shuffle(g, Vector128.Create(5, N, N, 6, N, N, 7, N, N, 8, N, N, 9, N, N, 10))
            | Vector128.Shuffle(b, Vector128.Create(N, 5, N, N, 6, N, N, 7, N, N, 8, N, N, 9, N, N))).CopyTo(to[16..]);
        (Vector128.Shuffle(r, Vector128.Create(N, 11, N, N, 12, N, N, 13, N, N, 14, N, N, 15, N, N))
            | Vector128.Shuffle(g, Vector128.Create(N, N, 11, N, N, 12, N, N, 13, N, N, 14, N, N, 15, N))
            | Vector128.Shuffle(b, Vector128.Create(10, N, N, 11, N, N, 12, N, N, 13, N, N, 14, N, N, 15))).CopyTo(to[32..]);
    }
}
