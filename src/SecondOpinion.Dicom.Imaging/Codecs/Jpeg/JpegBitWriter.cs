namespace SecondOpinion.Dicom.Imaging.Codecs.Jpeg;

/// <summary>A growing codestream: markers, segments, and entropy-coded bits with a zero byte stuffed after FF (ITU-T T.81 B.1.1.5).</summary>
internal sealed class JpegBitWriter(int capacity)
{
    private byte[] _bytes = new byte[Math.Max(256, capacity)];
    private int _length;
    private ulong _bits;
    private int _count;

    public void Marker(byte marker)
    {
        Grow(2);
        _bytes[_length++] = 0xFF;
        _bytes[_length++] = marker;
    }

    public void Segment(byte marker, ReadOnlySpan<byte> payload)
    {
        Marker(marker);
        Grow(2 + payload.Length);
        _bytes[_length++] = (byte)((payload.Length + 2) >> 8);
        _bytes[_length++] = (byte)(payload.Length + 2);
        payload.CopyTo(_bytes.AsSpan(_length));
        _length += payload.Length;
    }

    /// <summary>Up to 32 bits, the value in the low ones.</summary>
    public void Bits(uint value, int count)
    {
        _bits = (_bits << count) | value;
        _count += count;
        if (_count >= 32)
        {
            Drain();
        }
    }

    /// <summary>Fills the last byte with ones (T.81 F.1.2.3).</summary>
    public void Flush()
    {
        var fill = -_count & 7;
        Bits((1u << fill) - 1, fill);
        Drain();
    }

    public byte[] ToArray() => _bytes.AsSpan(0, _length).ToArray();

    private void Drain()
    {
        Grow(16);
        if (_count >= 32 && EntropyBytes.TryWrite(_bytes.AsSpan(_length), (uint)(_bits >> (_count - 32))))
        {
            _length += 4;
            _count -= 32;
            return;
        }

        while (_count >= 8)
        {
            _count -= 8;
            var next = (byte)(_bits >> _count);
            _bytes[_length++] = next;
            if (next == 0xFF)
            {
                _bytes[_length++] = 0;
            }
        }
    }

    private void Grow(int count)
    {
        if (_length + count > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + count));
        }
    }
}
