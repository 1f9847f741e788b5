using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace SecondOpinion.Dicom.Imaging.Codecs.Jpeg;

/// <summary>Entropy-coded bytes several at a time while none is FF, after which JPEG and JPEG-LS stuff bits, each in its way (T.81 B.1.1.5, T.87 A.1).</summary>
internal static class EntropyBytes
{
    /// <summary>The next eight bytes, the first one highest; false when there are fewer or one is FF.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryRead(ReadOnlySpan<byte> data, int position, out ulong word)
    {
        if (position + 8 > data.Length)
        {
            word = 0;
            return false;
        }

        word = BinaryPrimitives.ReadUInt64BigEndian(data[position..]);
        return ((~word - 0x0101010101010101) & word & 0x8080808080808080) == 0;
    }

    /// <summary>Writes four bytes, the highest first; writes nothing and gives false when one is FF.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryWrite(Span<byte> to, uint word)
    {
        if (((~word - 0x01010101u) & word & 0x80808080u) != 0)
        {
            return false;
        }

        BinaryPrimitives.WriteUInt32BigEndian(to, word);
        return true;
    }
}
