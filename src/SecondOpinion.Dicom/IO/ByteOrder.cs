using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace SecondOpinion.Dicom;

/// <summary>Swapping of numbers between byte orders (PS3.5 7.3).</summary>
internal static class ByteOrder
{
    internal static byte[] Swapped(ReadOnlySpan<byte> source, int unit)
    {
        var copy = new byte[source.Length];
        Swap(source, copy, unit);
        return copy;
    }

    /// <summary>Reverses each whole unit; what is left over at the end is copied as it is.</summary>
    internal static void Swap(ReadOnlySpan<byte> source, Span<byte> target, int unit)
    {
        var whole = source.Length / unit * unit;
        switch (unit)
        {
            case 2:
                BinaryPrimitives.ReverseEndianness(MemoryMarshal.Cast<byte, ushort>(source[..whole]), MemoryMarshal.Cast<byte, ushort>(target[..whole]));
                break;
            case 4:
                BinaryPrimitives.ReverseEndianness(MemoryMarshal.Cast<byte, uint>(source[..whole]), MemoryMarshal.Cast<byte, uint>(target[..whole]));
                break;
            case 8:
                BinaryPrimitives.ReverseEndianness(MemoryMarshal.Cast<byte, ulong>(source[..whole]), MemoryMarshal.Cast<byte, ulong>(target[..whole]));
                break;
            default:
                whole = 0;
                break;
        }

        source[whole..].CopyTo(target[whole..]);
    }
}
