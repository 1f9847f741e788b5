using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SecondOpinion.Dicom.Imaging.Codecs.Jpeg;

/// <summary>YCbCr to RGB of eight pixels at a time, with the arithmetic of <see cref="JpegOutput"/>.</summary>
internal static class YccVector
{
    /// <summary>Converts as many whole groups as fit and returns the number of pixels done; the caller does the rest.</summary>
    public static int Convert(ReadOnlySpan<byte> luma, ReadOnlySpan<byte> blue, ReadOnlySpan<byte> red, Span<byte> line)
    {
        if (!Avx2.IsSupported)
        {
            return 0;
        }

        var center = Vector256.Create(128);
        var half = Vector256.Create(JpegOutput.Half);
        var max = Vector256.Create(255);
        var pack = Vector128.Create(0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 0x80, 0x80, 0x80, 0x80).AsByte();
        var x = 0;
        // Each half group writes 16 bytes of which four are written again by the next one: the last group leaves room for them.
        for (; x + 10 <= luma.Length; x += 8)
        {
            var y = Load(luma, x);
            var cb = Load(blue, x) - center;
            var cr = Load(red, x) - center;
            var r = Clamp(y + (((cr * JpegOutput.RedOfCr) + half) >> 16), max);
            var g = Clamp(y + (((cb * JpegOutput.GreenOfCb) + (cr * JpegOutput.GreenOfCr) + half) >> 16), max);
            var b = Clamp(y + (((cb * JpegOutput.BlueOfCb) + half) >> 16), max);
            var pixels = (r | (g << 8) | (b << 16)).AsByte();
            var to = line.Slice(x * 3, 28);
            Vector128.Shuffle(pixels.GetLower(), pack).CopyTo(to);
            Vector128.Shuffle(pixels.GetUpper(), pack).CopyTo(to[12..]);
        }

        return x;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Load(ReadOnlySpan<byte> source, int at) =>
        Avx2.ConvertToVector256Int32(Vector128.CreateScalarUnsafe(MemoryMarshal.Read<ulong>(source.Slice(at, 8))).AsByte());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Clamp(Vector256<int> value, Vector256<int> max) => Vector256.Min(Vector256.Max(value, Vector256<int>.Zero), max);
}
