using System.Runtime.CompilerServices;

namespace SecondOpinion.Dicom.Imaging.Codecs.Jpeg;

/// <summary>
/// Bits of an entropy-coded segment (ITU-T T.81 F.2.2.5): removes stuffed zero bytes and stops at a marker. Beyond the end it gives zeros and
/// remembers how many, so that decoders check for an overrun once per line rather than per bit.
/// </summary>
internal ref struct JpegBitReader
{
    private readonly ReadOnlySpan<byte> _data;
    private ulong _bits; // left-aligned; below the bits that count those of the next byte may stand already
    private int _count;
    private int _padding; // bits of _bits that are not from the data

    public JpegBitReader(ReadOnlySpan<byte> data, int position)
    {
        _data = data;
        Position = position;
    }

    /// <summary>Next byte to load: never beyond the marker that ends the segment.</summary>
    public int Position { get; private set; }

    /// <summary>More bits were used than the segment has.</summary>
    public readonly bool Overrun => _count < _padding;

    /// <summary>Makes 32 bits available.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Ensure32()
    {
        if (_count < 32)
        {
            Fill();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly int Peek(int bits) => (int)(_bits >> (64 - bits));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Skip(int bits)
    {
        _bits <<= bits;
        _count -= bits;
    }

    /// <summary>Reads 1 to 16 bits; they must be available.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Read(int bits)
    {
        var value = (int)(_bits >> (64 - bits));
        Skip(bits);
        return value;
    }

    /// <summary>RECEIVE and EXTEND (T.81 F.2.2.1): a difference or coefficient of the category, 1 to 16; the bits must be available.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int ReadExtended(int category)
    {
        var value = Read(category);
        return value < 1 << (category - 1) ? value - (1 << category) + 1 : value;
    }

    public int ReadBit()
    {
        Ensure32();
        return Read(1);
    }

    /// <summary>The bits at hand, for loops that keep them in locals (in registers, that is) until they <see cref="Put"/> them back.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Take(out ulong bits, out int count) => (bits, count) = (_bits, _count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Put(ulong bits, int count) => (_bits, _count) = (bits, count);

    /// <summary><see cref="Ensure32()"/> for bits that were taken.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Ensure32(ref ulong bits, ref int count)
    {
        if (count < 32)
        {
            Put(bits, count);
            Fill();
            Take(out bits, out count);
        }
    }

    /// <summary>Called with less than 32 bits.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Fill()
    {
        if (EntropyBytes.TryRead(_data, Position, out var word))
        {
            _bits |= word >> _count;
            var bytes = (63 - _count) >> 3;
            Position += bytes;
            _count += 8 * bytes;
            return;
        }

        while (_count <= 56)
        {
            ulong next = 0;
            if (Position < _data.Length && _data[Position] != 0xFF)
            {
                next = _data[Position++];
            }
            else if (Position + 1 < _data.Length && _data[Position + 1] == 0)
            {
                next = 0xFF; // T.81 B.1.1.5: FF 00 is data
                Position += 2;
            }
            else
            {
                _padding += 8;
            }

            _bits |= next << (56 - _count);
            _count += 8;
        }
    }

    /// <summary>Goes past a restart marker and forgets the bits before it (T.81 F.2.1.3.1).</summary>
    public void Restart()
    {
        if (Overrun)
        {
            throw CodecError.Truncated("JPEG restart interval");
        }

        _bits = 0;
        _count = 0;
        _padding = 0;
        for (var at = Position; at + 1 < _data.Length; at++)
        {
            if (_data[at] == 0xFF && _data[at + 1] is not (0 or 0xFF))
            {
                if (_data[at + 1] is < JpegMarker.RST0 or > JpegMarker.RST7)
                {
                    break;
                }

                Position = at + 2;
                return;
            }
        }

        throw CodecError.Truncated("JPEG restart marker");
    }
}
