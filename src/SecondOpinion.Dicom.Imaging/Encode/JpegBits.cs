namespace SecondOpinion.Dicom.Imaging;

/// <summary>Markers and entropy-coded bits of a JPEG stream, buffered.</summary>
internal sealed class JpegBits(Stream stream)
{
    private readonly byte[] _buffer = new byte[32768];
    private int _used;
    private ulong _bits;
    private int _count;

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

    /// <summary>The low bits of a code, the highest first; a zero byte follows each 0xFF (10918-1 F.1.2.3).</summary>
    public void Put(uint code, int length)
    {
        _bits = (_bits << length) | code;
        _count += length;
        while (_count >= 8)
        {
            _count -= 8;
            var value = (byte)(_bits >> _count);
            if (_used > _buffer.Length - 2)
            {
                Flush();
            }

            _buffer[_used++] = value;
            if (value == 0xFF)
            {
                _buffer[_used++] = 0;
            }
        }
    }

    /// <summary>Fills the last byte with ones, writes EOI and everything buffered.</summary>
    public void Finish()
    {
        if (_count > 0)
        {
            Put((1u << (8 - _count)) - 1, 8 - _count);
        }

        UInt16(0xFFD9);
        Flush();
    }

    private void Flush()
    {
        stream.Write(_buffer, 0, _used);
        _used = 0;
    }
}
