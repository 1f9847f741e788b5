namespace SecondOpinion.Dicom.Imaging.Codecs.Jpeg;

/// <summary>A Huffman table (ITU-T T.81 Annex C, F.2.2.3): codes up to nine bits are one look-up, longer ones a walk.</summary>
internal sealed class HuffmanTable
{
    public const int LookAhead = 9;

    /// <summary>Bits that <see cref="Values"/> looks up.</summary>
    public const int ValueBits = 10;

    // Per nine bits: length of the code in the high byte, its value in the low one; 0 when the code is longer.
    private readonly ushort[] _look = new ushort[1 << LookAhead];
    // Per length: the greatest code, left-aligned in 16 bits and exclusive, so that one comparison finds the length.
    private readonly int[] _limit = new int[18];
    private readonly int[] _offset = new int[17];
    private readonly byte[] _values;
    private readonly int[] _decoded = new int[1 << ValueBits];

    /// <param name="counts">BITS: codes of each length 1 to 16.</param>
    /// <param name="values">HUFFVAL: symbols in the order of their codes.</param>
    /// <param name="isAc">Symbols have zeros and a size (T.81 F.1.2.2); otherwise a size alone, up to 15 or, in lossless images, 16.</param>
    public HuffmanTable(ReadOnlySpan<byte> counts, ReadOnlySpan<byte> values, bool isAc)
    {
        _values = values.ToArray();
        var code = 0;
        var index = 0;
        for (var length = 1; length <= 16; length++)
        {
            _offset[length] = index - code;
            for (var i = 0; i < counts[length - 1]; i++, index++, code++)
            {
                if (code >= 1 << length)
                {
                    throw CodecError.Invalid("JPEG Huffman table has more codes than bits allow"); // T.81 C.2
                }

                if (length <= LookAhead)
                {
                    _look.AsSpan(code << (LookAhead - length), 1 << (LookAhead - length)).Fill((ushort)((length << 8) | _values[index]));
                }
            }

            _limit[length] = code << (16 - length);
            code <<= 1;
        }

        _limit[17] = int.MaxValue;
        FillDecoded(isAc);
    }

    /// <summary>
    /// Per ten bits: the value that a code and its own bits give (T.81 F.2.2.1) in the upper half, the zeros before it from bit 8 on, and the bits of both
    /// in the lowest six; 0 when they are more. A value of 0 comes with 15 zeros (ZRL) or with none (EOB, or no difference).
    /// </summary>
    public ReadOnlySpan<int> Values => _decoded;

    /// <summary>The next symbol. The reader must hold at least 16 bits (<see cref="JpegBitReader.Ensure32()"/>).</summary>
    public int Decode(ref JpegBitReader reader)
    {
        var entry = _look[reader.Peek(LookAhead)];
        if (entry != 0)
        {
            reader.Skip(entry >> 8);
            return entry & 0xFF;
        }

        return DecodeLong(ref reader);
    }

    private void FillDecoded(bool isAc)
    {
        for (var bits = 0; bits < _decoded.Length; bits++)
        {
            var entry = _look[bits >> (ValueBits - LookAhead)];
            var (length, zeros, size) = (entry >> 8, (entry >> 4) & 15, entry & 15);
            var isValue = isAc ? size != 0 || zeros is 0 or 15 : zeros == 0;
            if (entry == 0 || length + size > ValueBits || !isValue)
            {
                continue; // codes of nine bits and less suffice: longer ones are rare
            }

            var value = (bits >> (ValueBits - length - size)) & ((1 << size) - 1);
            if (size != 0 && value < 1 << (size - 1))
            {
                value += 1 - (1 << size);
            }

            _decoded[bits] = (value << 16) | (zeros << 8) | (length + size);
        }
    }

    private int DecodeLong(ref JpegBitReader reader)
    {
        var bits = reader.Peek(16);
        var length = LookAhead + 1;
        while (bits >= _limit[length])
        {
            length++;
        }

        if (length > 16)
        {
            throw CodecError.Invalid("JPEG data hold a code that is not in the Huffman table");
        }

        // Bits below the limit of a shorter length would have been found by the look-up, unless that length has no codes at all.
        var index = (bits >> (16 - length)) + _offset[length];
        if ((uint)index >= (uint)_values.Length)
        {
            throw CodecError.Invalid("JPEG data hold a code that is not in the Huffman table");
        }

        reader.Skip(length);
        return _values[index];
    }
}
