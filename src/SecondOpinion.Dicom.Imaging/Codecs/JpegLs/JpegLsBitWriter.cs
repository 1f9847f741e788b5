using SecondOpinion.Dicom.Imaging.Codecs.Jpeg;

namespace SecondOpinion.Dicom.Imaging.Codecs.JpegLs;

/// <summary>Bits of a JPEG-LS scan: a zero bit is stuffed after a byte FF (ITU-T T.87 A.1).</summary>
internal sealed class JpegLsBitWriter(int capacity)
{
    private byte[] _bytes = new byte[Math.Max(256, capacity)];
    private ulong _bits;
    private int _count;
    private bool _afterFf;

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    /// <summary>0 to 31 bits, the value in the low ones.</summary>
    public void Bits(int value, int count)
    {
        _bits = (_bits << count) | (uint)value;
        _count += count;
        if (_count > 32)
        {
            Grow();
            if (!_afterFf && EntropyBytes.TryWrite(_bytes.AsSpan(Length), (uint)(_bits >> (_count - 32))))
            {
                Length += 4;
                _count -= 32;
            }
            else
            {
                Drain(8);
            }
        }
    }

    /// <summary>A limited-length Golomb code (T.87 A.5.3).</summary>
    public void Golomb(int value, int k, int limit, int errorBits)
    {
        var high = value >> k;
        if (high + k < 31 && high < limit - errorBits - 1)
        {
            Bits((1 << k) | (value & ((1 << k) - 1)), high + 1 + k);
        }
        else if (high < limit - errorBits - 1)
        {
            Unary(high);
            Bits(value & ((1 << k) - 1), k);
        }
        else
        {
            Unary(limit - errorBits - 1);
            Bits((value - 1) & ((1 << errorBits) - 1), errorBits);
        }
    }

    /// <summary>Fills the last byte with zeros.</summary>
    public void Flush()
    {
        Drain(8);
        if (_count > 0)
        {
            Bits(0, (_afterFf ? 7 : 8) - _count);
            Drain(1);
        }

        if (_afterFf)
        {
            // FF before a marker would be taken for a marker's first byte.
            Put(0);
        }
    }

    private void Unary(int zeros)
    {
        while (zeros > 30)
        {
            Bits(0, 30);
            zeros -= 30;
        }

        Bits(1, zeros + 1);
    }

    /// <summary>Writes bytes while as many bits as given are there.</summary>
    private void Drain(int least)
    {
        while (_count >= Math.Max(least, _afterFf ? 7 : 8) || (least == 1 && _count > 0))
        {
            var size = _afterFf ? 7 : 8;
            _count -= size;
            Put((byte)((_bits >> _count) & ((1u << size) - 1)));
        }
    }

    private void Grow()
    {
        if (Length + 4 > _bytes.Length)
        {
            Array.Resize(ref _bytes, _bytes.Length * 2);
        }
    }

    private void Put(byte value)
    {
        Grow();
        _bytes[Length++] = value;
        _afterFf = value == 0xFF;
    }
}
