using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SecondOpinion.Dicom.Imaging.Codecs.Jpeg;

/// <summary>
/// Eight rows of 16-bit values and one pass of <see cref="InverseDct"/> over their columns. Products are summed in pairs as the processor offers it: each sum of
/// the scalar form is written out as two factors, which changes no result since nothing is rounded before the end.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal ref struct InverseDctRows(
    Vector128<short> r0,
    Vector128<short> r1,
    Vector128<short> r2,
    Vector128<short> r3,
    Vector128<short> r4,
    Vector128<short> r5,
    Vector128<short> r6,
    Vector128<short> r7)
{
    public Vector128<short> R0 = r0;
    public Vector128<short> R1 = r1;
    public Vector128<short> R2 = r2;
    public Vector128<short> R3 = r3;
    public Vector128<short> R4 = r4;
    public Vector128<short> R5 = r5;
    public Vector128<short> R6 = r6;
    public Vector128<short> R7 = r7;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Butterfly(int shift)
    {
        var half = Vector256.Create(1 << (shift - 1));
        var pair = Pairs(R2, R6);
        var t2 = Sum(pair, InverseDct.C0541, InverseDct.C0541 - InverseDct.C1847);
        var t3 = Sum(pair, InverseDct.C0541 + InverseDct.C0765, InverseDct.C0541);
        var t0 = (Avx2.ConvertToVector256Int32(R0 + R4) << InverseDct.ConstBits) + half;
        var t1 = (Avx2.ConvertToVector256Int32(R0 - R4) << InverseDct.ConstBits) + half;
        var e0 = t0 + t3;
        var e3 = t0 - t3;
        var e1 = t1 + t2;
        var e2 = t1 - t2;

        pair = Pairs(R7 + R3, R5 + R1);
        var z3 = Sum(pair, InverseDct.C1175 - InverseDct.C1961, InverseDct.C1175);
        var z4 = Sum(pair, InverseDct.C1175, InverseDct.C1175 - InverseDct.C0390);
        pair = Pairs(R7, R1);
        var o0 = Sum(pair, InverseDct.C0298 - InverseDct.C0899, -InverseDct.C0899) + z3;
        var o3 = Sum(pair, -InverseDct.C0899, InverseDct.C1501 - InverseDct.C0899) + z4;
        pair = Pairs(R5, R3);
        var o1 = Sum(pair, InverseDct.C2053 - InverseDct.C2562, -InverseDct.C2562) + z4;
        var o2 = Sum(pair, -InverseDct.C2562, InverseDct.C3072 - InverseDct.C2562) + z3;

        R0 = Narrow((e0 + o3) >> shift);
        R7 = Narrow((e0 - o3) >> shift);
        R1 = Narrow((e1 + o2) >> shift);
        R6 = Narrow((e1 - o2) >> shift);
        R2 = Narrow((e2 + o1) >> shift);
        R5 = Narrow((e2 - o1) >> shift);
        R3 = Narrow((e3 + o0) >> shift);
        R4 = Narrow((e3 - o0) >> shift);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Transpose()
    {
        Vector128<short> a0 = Sse2.UnpackLow(R0, R4), a1 = Sse2.UnpackHigh(R0, R4), a2 = Sse2.UnpackLow(R1, R5), a3 = Sse2.UnpackHigh(R1, R5);
        Vector128<short> a4 = Sse2.UnpackLow(R2, R6), a5 = Sse2.UnpackHigh(R2, R6), a6 = Sse2.UnpackLow(R3, R7), a7 = Sse2.UnpackHigh(R3, R7);
        Vector128<short> b0 = Sse2.UnpackLow(a0, a4), b1 = Sse2.UnpackHigh(a0, a4), b2 = Sse2.UnpackLow(a1, a5), b3 = Sse2.UnpackHigh(a1, a5);
        Vector128<short> b4 = Sse2.UnpackLow(a2, a6), b5 = Sse2.UnpackHigh(a2, a6), b6 = Sse2.UnpackLow(a3, a7), b7 = Sse2.UnpackHigh(a3, a7);
        (R0, R1, R2, R3) = (Sse2.UnpackLow(b0, b4), Sse2.UnpackHigh(b0, b4), Sse2.UnpackLow(b1, b5), Sse2.UnpackHigh(b1, b5));
        (R4, R5, R6, R7) = (Sse2.UnpackLow(b2, b6), Sse2.UnpackHigh(b2, b6), Sse2.UnpackLow(b3, b7), Sse2.UnpackHigh(b3, b7));
    }

    /// <summary>x and y of each column side by side.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<short> Pairs(Vector128<short> x, Vector128<short> y) => Vector256.Create(Sse2.UnpackLow(x, y), Sse2.UnpackHigh(x, y));

    /// <summary>x times one factor and y times the other.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Sum(Vector256<short> pairs, int ofX, int ofY) =>
        Avx2.MultiplyAddAdjacent(pairs, Vector256.Create((ofX & 0xFFFF) | (ofY << 16)).AsInt16());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<short> Narrow(Vector256<int> row) => Sse2.PackSignedSaturate(row.GetLower(), row.GetUpper());
}
