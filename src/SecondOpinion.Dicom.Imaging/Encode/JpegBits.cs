using System.Numerics;
using System.Runtime.CompilerServices;
using SecondOpinion.Dicom.Imaging.Codecs.Jpeg;

namespace SecondOpinion.Dicom.Imaging;

/// <summary>Markers and entropy-coded bits of a JPEG stream, buffered.</summary>
internal sealed class JpegBits(Stream stream)
{
    // 64 coefficients of at most 16 + 11 bits, each byte perhaps followed by a zero.
    private const int MostOfBlock = 512;

    private readonly byte[] _buffer = new byte[32768];
    private int _used;
    private ulong _bits;
    private int _count; // of the bits that are not in the buffer yet, below 32

    public void Raw(ReadOnlySpan<byte> bytes)
    {
        foreach (var value in bytes)
        {
            Byte(value);
        }
    }

    public void UInt16(int value)
    {
        Byte((byte)(value >> 8));
        Byte((byte)value);
    }

    public void Byte(byte value)
    {
        if (_used == _buffer.Length)
        {
            Flush();
        }

        _buffer[_used++] = value;
    }

    /// <summary>The codes of one block (10918-1 F.1.2).</summary>
    /// <param name="values">The quantised coefficients by row.</param>
    /// <param name="present">Bit i: coefficient i in zigzag order is not zero. Bit 0 does not count.</param>
    /// <param name="difference">Of the first coefficient to that of the block before.</param>
    /// <param name="dc">Codes of the first coefficient.</param>
    /// <param name="ac">Codes of the others.</param>
    public void Block(ReadOnlySpan<int> values, ulong present, int difference, JpegTables.Codes dc, JpegTables.Codes ac)
    {
        if (_used > _buffer.Length - MostOfBlock)
        {
            Flush();
        }

        var to = new Sink(_buffer, _used, _bits, _count);
        var zigZag = JpegTables.ZigZag;
        var table = ac.Packed;
        to.Value(dc.Packed, 0, difference);
        var last = 0;
        for (var left = present & ~1UL; left != 0; left &= left - 1)
        {
            var at = BitOperations.TrailingZeroCount(left);
            var zeros = at - last - 1;
            last = at;
            for (; zeros > 15; zeros -= 16)
            {
                to.Code(table[0xF0]);
            }

            to.Value(table, zeros << 4, values[zigZag[at]]);
        }

        if (last < 63)
        {
            to.Code(table[0]);
        }

        (_used, _bits, _count) = (to.Used, to.Bits, to.Count);
    }

    /// <summary>Fills the last byte with ones, writes EOI and everything buffered.</summary>
    public void Finish()
    {
        var fill = -_count & 7;
        _bits = (_bits << fill) | ((1u << fill) - 1);
        _count += fill;
        while (_count > 0)
        {
            _count -= 8;
            var value = (byte)(_bits >> _count);
            Byte(value);
            if (value == 0xFF)
            {
                Byte(0);
            }
        }

        UInt16(0xFFD9);
        Flush();
    }

    private void Flush()
    {
        stream.Write(_buffer, 0, _used);
        _used = 0;
    }

    /// <summary>The writer's state while a block is written, where the compiler can keep it in registers.</summary>
    private ref struct Sink(Span<byte> buffer, int used, ulong bits, int count)
    {
        private readonly Span<byte> _buffer = buffer;

        public int Used = used;
        public ulong Bits = bits;
        public int Count = count;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Code(uint packed) => Put(packed >> 8, (int)(packed & 0xFF));

        /// <summary>The code of a run and size, then the value's own bits: negative ones less one (10918-1 F.1.2.1).</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Value(ReadOnlySpan<uint> table, int run, int value)
        {
            var sign = value >> 31;
            var size = 32 - BitOperations.LeadingZeroCount((uint)((value ^ sign) - sign));
            var packed = table[run | size];
            var own = (uint)(value + sign) & ((1u << size) - 1);
            Put((packed >> 8 << size) | own, (int)(packed & 0xFF) + size);
        }

        // At most 27 bits, after less than 32.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void Put(uint code, int length)
        {
            Bits = (Bits << length) | code;
            Count += length;
            if (Count < 32)
            {
                return;
            }

            Count -= 32;
            var word = (uint)(Bits >> Count);
            if (EntropyBytes.TryWrite(_buffer[Used..], word))
            {
                Used += 4;
                return;
            }

            Used += Stuffed(_buffer[Used..], word);
        }

        /// <summary>A zero byte follows each 0xFF (10918-1 F.1.2.3).</summary>
        private static int Stuffed(Span<byte> to, uint word)
        {
            var used = 0;
            for (var shift = 24; shift >= 0; shift -= 8)
            {
                var value = (byte)(word >> shift);
                to[used++] = value;
                if (value == 0xFF)
                {
                    to[used++] = 0;
                }
            }

            return used;
        }
    }
}
