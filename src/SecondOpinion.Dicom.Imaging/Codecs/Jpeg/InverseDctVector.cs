using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SecondOpinion.Dicom.Imaging.Codecs.Jpeg;

/// <summary><see cref="InverseDct"/> for eight columns, then eight rows, at a time. Gives the same samples bit for bit, unless
/// a damaged stream's coefficients go beyond what an image can have: 16 bits for samples of 8, 32 bits for those of 12.</summary>
internal static class InverseDctVector
{
    public static bool IsSupported => Avx2.IsSupported;

    /// <summary>Samples of 8 bits.</summary>
    /// <param name="block">64 coefficients in natural order.</param>
    /// <param name="steps">64 quantization steps in natural order.</param>
    public static void ToBytes(ReadOnlySpan<short> block, ReadOnlySpan<ushort> steps, Span<byte> target, int stride)
    {
        const int Pass1 = 2;
        ref var b = ref MemoryMarshal.GetReference(block[..64]);
        ref var s = ref MemoryMarshal.GetReference(steps[..64]);
        var rows = new InverseDctRows(
            Product(ref b, ref s, 0), Product(ref b, ref s, 8), Product(ref b, ref s, 16), Product(ref b, ref s, 24),
            Product(ref b, ref s, 32), Product(ref b, ref s, 40), Product(ref b, ref s, 48), Product(ref b, ref s, 56));
        rows.Butterfly(InverseDct.ConstBits - Pass1);
        rows.Transpose();
        rows.Butterfly(InverseDct.ConstBits + Pass1 + 3);
        rows.Transpose();
        ref var to = ref MemoryMarshal.GetReference(target[..((7 * stride) + 8)]);
        Store(rows.R0, rows.R1, ref to, 0, stride);
        Store(rows.R2, rows.R3, ref to, 2, stride);
        Store(rows.R4, rows.R5, ref to, 4, stride);
        Store(rows.R6, rows.R7, ref to, 6, stride);
    }

    /// <summary>Samples of any precision that the scalar form takes.</summary>
    public static void ToWords(ReadOnlySpan<short> block, ReadOnlySpan<ushort> steps, int precision, Span<ushort> target, int stride)
    {
        var pass1 = precision == 8 ? 2 : 1;
        ref var b = ref MemoryMarshal.GetReference(block[..64]);
        ref var s = ref MemoryMarshal.GetReference(steps[..64]);
        var r0 = Row(ref b, ref s, 0);
        var r1 = Row(ref b, ref s, 8);
        var r2 = Row(ref b, ref s, 16);
        var r3 = Row(ref b, ref s, 24);
        var r4 = Row(ref b, ref s, 32);
        var r5 = Row(ref b, ref s, 40);
        var r6 = Row(ref b, ref s, 48);
        var r7 = Row(ref b, ref s, 56);
        Butterfly(ref r0, ref r1, ref r2, ref r3, ref r4, ref r5, ref r6, ref r7, InverseDct.ConstBits - pass1);
        Transpose(ref r0, ref r1, ref r2, ref r3, ref r4, ref r5, ref r6, ref r7);
        Butterfly(ref r0, ref r1, ref r2, ref r3, ref r4, ref r5, ref r6, ref r7, InverseDct.ConstBits + pass1 + 3);
        Transpose(ref r0, ref r1, ref r2, ref r3, ref r4, ref r5, ref r6, ref r7);

        var center = Vector256.Create(1 << (precision - 1));
        var max = Vector256.Create((1 << precision) - 1);
        ref var to = ref MemoryMarshal.GetReference(target[..((7 * stride) + 8)]);
        Store(r0, center, max, ref to, 0);
        Store(r1, center, max, ref to, stride);
        Store(r2, center, max, ref to, 2 * stride);
        Store(r3, center, max, ref to, 3 * stride);
        Store(r4, center, max, ref to, 4 * stride);
        Store(r5, center, max, ref to, 5 * stride);
        Store(r6, center, max, ref to, 6 * stride);
        Store(r7, center, max, ref to, 7 * stride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<short> Product(ref short block, ref ushort steps, nuint at) =>
        Vector128.LoadUnsafe(ref block, at) * Vector128.LoadUnsafe(ref steps, at).AsInt16();

    /// <summary>Two rows around zero as samples: clamped to a signed byte, then moved up by 128.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector128<short> one, Vector128<short> other, ref byte to, int row, int stride)
    {
        var samples = (Sse2.PackSignedSaturate(one, other).AsByte() ^ Vector128.Create((byte)0x80)).AsUInt64();
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref to, row * stride), samples.GetElement(0));
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref to, (row + 1) * stride), samples.GetElement(1));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Row(ref short block, ref ushort steps, nuint at) =>
        Avx2.ConvertToVector256Int32(Vector128.LoadUnsafe(ref block, at)) * Avx2.ConvertToVector256Int32(Vector128.LoadUnsafe(ref steps, at));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector256<int> row, Vector256<int> center, Vector256<int> max, ref ushort to, int at)
    {
        var samples = Vector256.Min(row + center, max); // packing makes those below zero zero
        Sse41.PackUnsignedSaturate(samples.GetLower(), samples.GetUpper()).StoreUnsafe(ref to, (nuint)at);
    }

    /// <summary>The same sums and products as the scalar form, in the same order of rounding.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Butterfly(
        ref Vector256<int> i0,
        ref Vector256<int> i1,
        ref Vector256<int> i2,
        ref Vector256<int> i3,
        ref Vector256<int> i4,
        ref Vector256<int> i5,
        ref Vector256<int> i6,
        ref Vector256<int> i7,
        int shift)
    {
        var z1 = (i2 + i6) * InverseDct.C0541;
        var t2 = z1 - (i6 * InverseDct.C1847);
        var t3 = z1 + (i2 * InverseDct.C0765);
        var t0 = (i0 + i4) << InverseDct.ConstBits;
        var t1 = (i0 - i4) << InverseDct.ConstBits;
        var half = Vector256.Create(1 << (shift - 1));
        var e0 = t0 + t3 + half;
        var e3 = t0 - t3 + half;
        var e1 = t1 + t2 + half;
        var e2 = t1 - t2 + half;

        z1 = (i7 + i1) * -InverseDct.C0899;
        var z2 = (i5 + i3) * -InverseDct.C2562;
        var z3 = i7 + i3;
        var z4 = i5 + i1;
        var z5 = (z3 + z4) * InverseDct.C1175;
        z3 = z5 - (z3 * InverseDct.C1961);
        z4 = z5 - (z4 * InverseDct.C0390);
        var o0 = (i7 * InverseDct.C0298) + z1 + z3;
        var o1 = (i5 * InverseDct.C2053) + z2 + z4;
        var o2 = (i3 * InverseDct.C3072) + z2 + z3;
        var o3 = (i1 * InverseDct.C1501) + z1 + z4;

        i0 = (e0 + o3) >> shift;
        i7 = (e0 - o3) >> shift;
        i1 = (e1 + o2) >> shift;
        i6 = (e1 - o2) >> shift;
        i2 = (e2 + o1) >> shift;
        i5 = (e2 - o1) >> shift;
        i3 = (e3 + o0) >> shift;
        i4 = (e3 - o0) >> shift;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose(
        ref Vector256<int> r0,
        ref Vector256<int> r1,
        ref Vector256<int> r2,
        ref Vector256<int> r3,
        ref Vector256<int> r4,
        ref Vector256<int> r5,
        ref Vector256<int> r6,
        ref Vector256<int> r7)
    {
        var (a0, a1) = Interleave(r0, r1);
        var (a2, a3) = Interleave(r2, r3);
        var (a4, a5) = Interleave(r4, r5);
        var (a6, a7) = Interleave(r6, r7);
        var (b0, b1) = InterleavePairs(a0, a2);
        var (b2, b3) = InterleavePairs(a1, a3);
        var (b4, b5) = InterleavePairs(a4, a6);
        var (b6, b7) = InterleavePairs(a5, a7);
        r0 = Avx2.Permute2x128(b0, b4, 0x20);
        r1 = Avx2.Permute2x128(b1, b5, 0x20);
        r2 = Avx2.Permute2x128(b2, b6, 0x20);
        r3 = Avx2.Permute2x128(b3, b7, 0x20);
        r4 = Avx2.Permute2x128(b0, b4, 0x31);
        r5 = Avx2.Permute2x128(b1, b5, 0x31);
        r6 = Avx2.Permute2x128(b2, b6, 0x31);
        r7 = Avx2.Permute2x128(b3, b7, 0x31);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector256<int> Low, Vector256<int> High) Interleave(Vector256<int> x, Vector256<int> y) => (Avx2.UnpackLow(x, y), Avx2.UnpackHigh(x, y));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector256<int> Low, Vector256<int> High) InterleavePairs(Vector256<int> x, Vector256<int> y) =>
        (Avx2.UnpackLow(x.AsInt64(), y.AsInt64()).AsInt32(), Avx2.UnpackHigh(x.AsInt64(), y.AsInt64()).AsInt32());
}
