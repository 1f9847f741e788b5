using System.Numerics;
using System.Runtime.InteropServices;

namespace SecondOpinion.Dicom.Imaging.Codecs.Jpeg;

/// <summary>
/// The inverse DCT (ITU-T T.81 A.3.3) after Loeffler, Ligtenberg and Moschytz in 13-bit fixed point, as the Independent JPEG Group's slow integer
/// method rounds it: decoders in the field agree bit for bit.
/// </summary>
internal static class InverseDct
{
    internal const int ConstBits = 13;
    internal const int C0298 = 2446;
    internal const int C0390 = 3196;
    internal const int C0541 = 4433;
    internal const int C0765 = 6270;
    internal const int C0899 = 7373;
    internal const int C1175 = 9633;
    internal const int C1501 = 12299;
    internal const int C1847 = 15137;
    internal const int C1961 = 16069;
    internal const int C2053 = 16819;
    internal const int C2562 = 20995;
    internal const int C3072 = 25172;

    /// <summary>Natural order of zig-zag positions (T.81 Figure A.6); 16 more so that a run beyond the block stays in bounds.</summary>
    public static ReadOnlySpan<byte> NaturalOrder =>
    [
        0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
        35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
        63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63,
    ];

    /// <param name="block">64 coefficients in natural order.</param>
    /// <param name="steps">Quantization steps in natural order.</param>
    /// <param name="target">Where the block's first sample goes: bytes for 8 bits, words for more.</param>
    public static void Transform<T>(ReadOnlySpan<short> block, ReadOnlySpan<ushort> steps, int precision, Span<T> target, int stride)
        where T : unmanaged, IBinaryInteger<T>
    {
        if (!block.Slice(1, 63).ContainsAnyExcept((short)0))
        {
            Flat(block[0] * steps[0], precision, target, stride);
        }
        else if (!InverseDctVector.IsSupported)
        {
            TransformScalar(block, steps, precision, target, stride);
        }
        else if (typeof(T) == typeof(byte))
        {
            InverseDctVector.ToBytes(block, steps, MemoryMarshal.AsBytes(target), stride);
        }
        else
        {
            InverseDctVector.ToWords(block, steps, precision, MemoryMarshal.Cast<T, ushort>(target), stride);
        }
    }

    /// <summary>A block without AC coefficients.</summary>
    /// <param name="dc">Its DC coefficient times the quantization step.</param>
    public static void Flat<T>(int dc, int precision, Span<T> target, int stride)
        where T : unmanaged, IBinaryInteger<T>
    {
        var pass1 = precision == 8 ? 2 : 1;
        var value = (((dc << pass1) + (1 << (pass1 + 2))) >> (pass1 + 3)) + (1 << (precision - 1));
        var sample = T.CreateTruncating(Math.Clamp(value, 0, (1 << precision) - 1));
        for (var y = 0; y < 8; y++)
        {
            target.Slice(y * stride, 8).Fill(sample);
        }
    }

    /// <summary>The form for processors without 256-bit vectors, and what the other is checked with.</summary>
    public static void TransformScalar<T>(ReadOnlySpan<short> block, ReadOnlySpan<ushort> steps, int precision, Span<T> target, int stride)
        where T : unmanaged, IBinaryInteger<T>
    {
        var pass1 = precision == 8 ? 2 : 1;
        var max = (1 << precision) - 1;
        var center = 1 << (precision - 1);
        Span<int> work = stackalloc int[64];
        block = block[..64];
        steps = steps[..64];
        for (var x = 0; x < 8; x++)
        {
            if (((ushort)block[8 + x] | (ushort)block[16 + x] | (ushort)block[24 + x] | (ushort)block[32 + x] | (ushort)block[40 + x] | (ushort)block[48 + x] | (ushort)block[56 + x]) == 0)
            {
                var dc = (block[x] * steps[x]) << pass1;
                for (var i = x; i < 64; i += 8)
                {
                    work[i] = dc;
                }

                continue;
            }

            Butterfly(
                block[x] * steps[x], block[8 + x] * steps[8 + x], block[16 + x] * steps[16 + x], block[24 + x] * steps[24 + x],
                block[32 + x] * steps[32 + x], block[40 + x] * steps[40 + x], block[48 + x] * steps[48 + x], block[56 + x] * steps[56 + x],
                work[x..], 8, ConstBits - pass1);
        }

        Span<int> row = stackalloc int[8];
        for (var y = 0; y < 8; y++)
        {
            var w = work.Slice(y * 8, 8);
            var line = target.Slice(y * stride, 8);
            if ((w[1] | w[2] | w[3] | w[4] | w[5] | w[6] | w[7]) == 0)
            {
                line.Fill(T.CreateTruncating(Math.Clamp(((w[0] + (1 << (pass1 + 2))) >> (pass1 + 3)) + center, 0, max)));
                continue;
            }

            Butterfly(w[0], w[1], w[2], w[3], w[4], w[5], w[6], w[7], row, 1, ConstBits + pass1 + 3);
            for (var x = 0; x < 8; x++)
            {
                line[x] = T.CreateTruncating(Math.Clamp(row[x] + center, 0, max));
            }
        }
    }

    private static void Butterfly(int i0, int i1, int i2, int i3, int i4, int i5, int i6, int i7, Span<int> to, int step, int shift)
    {
        // Even part.
        var z1 = (i2 + i6) * C0541;
        var t2 = z1 - (i6 * C1847);
        var t3 = z1 + (i2 * C0765);
        var t0 = (i0 + i4) << ConstBits;
        var t1 = (i0 - i4) << ConstBits;
        var e0 = t0 + t3;
        var e3 = t0 - t3;
        var e1 = t1 + t2;
        var e2 = t1 - t2;

        // Odd part.
        z1 = -(i7 + i1) * C0899;
        var z2 = -(i5 + i3) * C2562;
        var z3 = i7 + i3;
        var z4 = i5 + i1;
        var z5 = (z3 + z4) * C1175;
        z3 = z5 - (z3 * C1961);
        z4 = z5 - (z4 * C0390);
        var o0 = (i7 * C0298) + z1 + z3;
        var o1 = (i5 * C2053) + z2 + z4;
        var o2 = (i3 * C3072) + z2 + z3;
        var o3 = (i1 * C1501) + z1 + z4;

        var half = 1 << (shift - 1);
        to[7 * step] = (e0 - o3 + half) >> shift;
        to[0] = (e0 + o3 + half) >> shift;
        to[step] = (e1 + o2 + half) >> shift;
        to[6 * step] = (e1 - o2 + half) >> shift;
        to[2 * step] = (e2 + o1 + half) >> shift;
        to[5 * step] = (e2 - o1 + half) >> shift;
        to[3 * step] = (e3 + o0 + half) >> shift;
        to[4 * step] = (e3 - o0 + half) >> shift;
    }
}
