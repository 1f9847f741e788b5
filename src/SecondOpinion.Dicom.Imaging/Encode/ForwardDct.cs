using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SecondOpinion.Dicom.Imaging;

/// <summary>The forward cosine transform of 8 x 8 samples after Arai, Agui and Nakajima; its results still carry their row and column scale.</summary>
internal static class ForwardDct
{
    /// <param name="block">64 samples by row, replaced by the coefficients.</param>
    public static void Transform(Span<float> block)
    {
        var rows = MemoryMarshal.Cast<float, Vector256<float>>(block[..64]);
        Vector256<float> v0 = rows[0], v1 = rows[1], v2 = rows[2], v3 = rows[3], v4 = rows[4], v5 = rows[5], v6 = rows[6], v7 = rows[7];

        // Eight lines at a time: a vector holds one sample of each, so rows are turned before and after.
        Transpose(ref v0, ref v1, ref v2, ref v3, ref v4, ref v5, ref v6, ref v7);
        Lines(ref v0, ref v1, ref v2, ref v3, ref v4, ref v5, ref v6, ref v7);
        Transpose(ref v0, ref v1, ref v2, ref v3, ref v4, ref v5, ref v6, ref v7);
        Lines(ref v0, ref v1, ref v2, ref v3, ref v4, ref v5, ref v6, ref v7);
        (rows[0], rows[1], rows[2], rows[3]) = (v0, v1, v2, v3);
        (rows[4], rows[5], rows[6], rows[7]) = (v4, v5, v6, v7);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Lines(
        ref Vector256<float> v0,
        ref Vector256<float> v1,
        ref Vector256<float> v2,
        ref Vector256<float> v3,
        ref Vector256<float> v4,
        ref Vector256<float> v5,
        ref Vector256<float> v6,
        ref Vector256<float> v7)
    {
        Vector256<float> s07 = v0 + v7, d07 = v0 - v7;
        Vector256<float> s16 = v1 + v6, d16 = v1 - v6;
        Vector256<float> s25 = v2 + v5, d25 = v2 - v5;
        Vector256<float> s34 = v3 + v4, d34 = v3 - v4;

        Vector256<float> a = s07 + s34, d = s07 - s34, b = s16 + s25, c = s16 - s25;
        v0 = a + b;
        v4 = a - b;
        var z1 = (c + d) * 0.707106781f;
        v2 = d + z1;
        v6 = d - z1;

        Vector256<float> o10 = d34 + d25, o11 = d25 + d16, o12 = d16 + d07;
        var z5 = (o10 - o12) * 0.382683433f;
        var z2 = (o10 * 0.541196100f) + z5;
        var z4 = (o12 * 1.306562965f) + z5;
        var z3 = o11 * 0.707106781f;
        Vector256<float> z11 = d07 + z3, z13 = d07 - z3;
        v5 = z13 + z2;
        v3 = z13 - z2;
        v1 = z11 + z4;
        v7 = z11 - z4;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose(
        ref Vector256<float> v0,
        ref Vector256<float> v1,
        ref Vector256<float> v2,
        ref Vector256<float> v3,
        ref Vector256<float> v4,
        ref Vector256<float> v5,
        ref Vector256<float> v6,
        ref Vector256<float> v7)
    {
        if (!Avx.IsSupported)
        {
            Span<Vector256<float>> rows = [v0, v1, v2, v3, v4, v5, v6, v7];
            Turn(MemoryMarshal.Cast<Vector256<float>, float>(rows));
            (v0, v1, v2, v3) = (rows[0], rows[1], rows[2], rows[3]);
            (v4, v5, v6, v7) = (rows[4], rows[5], rows[6], rows[7]);
            return;
        }

        Vector256<float> a0 = Avx.UnpackLow(v0, v1), a1 = Avx.UnpackHigh(v0, v1), a2 = Avx.UnpackLow(v2, v3), a3 = Avx.UnpackHigh(v2, v3);
        Vector256<float> a4 = Avx.UnpackLow(v4, v5), a5 = Avx.UnpackHigh(v4, v5), a6 = Avx.UnpackLow(v6, v7), a7 = Avx.UnpackHigh(v6, v7);
        Vector256<float> b0 = Avx.Shuffle(a0, a2, 0x44), b1 = Avx.Shuffle(a0, a2, 0xEE), b2 = Avx.Shuffle(a1, a3, 0x44), b3 = Avx.Shuffle(a1, a3, 0xEE);
        Vector256<float> b4 = Avx.Shuffle(a4, a6, 0x44), b5 = Avx.Shuffle(a4, a6, 0xEE), b6 = Avx.Shuffle(a5, a7, 0x44), b7 = Avx.Shuffle(a5, a7, 0xEE);
        v0 = Avx.Permute2x128(b0, b4, 0x20);
        v1 = Avx.Permute2x128(b1, b5, 0x20);
        v2 = Avx.Permute2x128(b2, b6, 0x20);
        v3 = Avx.Permute2x128(b3, b7, 0x20);
        v4 = Avx.Permute2x128(b0, b4, 0x31);
        v5 = Avx.Permute2x128(b1, b5, 0x31);
        v6 = Avx.Permute2x128(b2, b6, 0x31);
        v7 = Avx.Permute2x128(b3, b7, 0x31);
    }

    private static void Turn(Span<float> block)
    {
        for (var row = 0; row < 8; row++)
        {
            for (var column = row + 1; column < 8; column++)
            {
                (block[(row * 8) + column], block[(column * 8) + row]) = (block[(column * 8) + row], block[(row * 8) + column]);
            }
        }
    }
}
