using System.Numerics;
using System.Runtime.CompilerServices;
using SecondOpinion.Dicom.Imaging.Codecs.Jpeg;

namespace SecondOpinion.Dicom.Imaging.Codecs.JpegLs;

/// <summary>Bits of a JPEG-LS scan: after a byte FF the next one carries seven bits, and FF before a byte of 80 or more is a marker (ITU-T T.87 A.1).</summary>
internal ref struct JpegLsBitReader
{
    private readonly ReadOnlySpan<byte> _data;
    private ulong _bits; // left-aligned
    private int _count;
    private int _padding;
    private bool _afterFf;

    public JpegLsBitReader(ReadOnlySpan<byte> data, int position)
    {
        _data = data;
        Position = position;
    }

    public int Position { get; private set; }

    /// <summary>More bits were used than the scan has.</summary>
    public readonly bool Overrun => _count < _padding;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool ReadBit()
    {
        if (_count == 0)
        {
            Fill();
        }

        var bit = (long)_bits < 0;
        _bits <<= 1;
        _count--;
        return bit;
    }

    /// <summary>0 to 24 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Read(int count)
    {
        if (count == 0)
        {
            return 0;
        }

        if (_count < count)
        {
            Fill();
        }

        var value = (int)(_bits >> (64 - count));
        _bits <<= count;
        _count -= count;
        return value;
    }

    /// <summary>The bits at hand, for loops that keep them in locals (in registers, that is) until they <see cref="Put"/> them back.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Take(out ulong bits, out int count) => (bits, count) = (_bits, _count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Put(ulong bits, int count) => (_bits, _count) = (bits, count);

    /// <summary>A limited-length Golomb code (T.87 A.5.3) of bits that were taken.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int ReadGolomb(ref ulong bits, ref int count, int k, int limit, int errorBits)
    {
        // Nearly every code is short: its zeros, its one and its rest are in the buffer.
        var zeros = BitOperations.LeadingZeroCount(bits);
        var length = zeros + 1 + k;
        if (length <= count && zeros < limit - errorBits - 1)
        {
            bits = bits << zeros << 1;
            var value = (zeros << k) | (int)(bits >> 1 >> (63 - k));
            bits <<= k;
            count -= length;
            return value;
        }

        Put(bits, count);
        var read = ReadGolomb(k, limit, errorBits);
        Take(out bits, out count);
        return read;
    }

    public int ReadGolomb(int k, int limit, int errorBits)
    {
        var unary = ReadZeros(limit);
        return unary < limit - errorBits - 1 ? (unary << k) + Read(k) : Read(errorBits) + 1;
    }

    /// <summary>Zeros before a one, which is read too.</summary>
    private int ReadZeros(int limit)
    {
        var zeros = 0;
        while (true)
        {
            if (_count <= 32)
            {
                Fill();
            }

            var run = Math.Min(BitOperations.LeadingZeroCount(_bits), _count);
            zeros += run;
            if (run < _count)
            {
                _bits <<= run;
                _bits <<= 1;
                _count -= run + 1;
                return zeros;
            }

            _bits = 0;
            _count = 0;
            if (zeros > limit)
            {
                throw CodecError.Invalid("JPEG-LS code longer than its limit");
            }
        }
    }

    private void Fill()
    {
        if (!_afterFf && EntropyBytes.TryRead(_data, Position, out var word))
        {
            var bytes = (64 - _count) >> 3;
            // Whole bytes only: zeros are counted up to the end of the bits.
            _bits |= word >> (64 - (8 * bytes)) << (64 - (8 * bytes) - _count);
            Position += bytes;
            _count += 8 * bytes;
            return;
        }

        while (_count <= 48)
        {
            var bits = _afterFf ? 7 : 8;
            ulong next = 0;
            if (Position < _data.Length && !(_data[Position] == 0xFF && (Position + 1 >= _data.Length || _data[Position + 1] >= 0x80)))
            {
                next = _data[Position++];
                _afterFf = next == 0xFF;
            }
            else
            {
                _padding += bits;
                _afterFf = false;
            }

            _bits |= next << (64 - bits - _count);
            _count += bits;
        }
    }

    /// <summary>Goes past a restart marker and forgets the bits before it.</summary>
    public void Restart()
    {
        if (Overrun)
        {
            throw CodecError.Truncated("JPEG-LS restart interval");
        }

        (_bits, _count, _padding, _afterFf) = (0, 0, 0, false);
        for (; Position + 1 < _data.Length; Position++)
        {
            if (_data[Position] == 0xFF && _data[Position + 1] is >= 0x80 and not 0xFF)
            {
                if (_data[Position + 1] is < JpegMarker.RST0 or > JpegMarker.RST7)
                {
                    break;
                }

                Position += 2;
                return;
            }
        }

        throw CodecError.Truncated("JPEG-LS restart marker");
    }
}
