namespace SecondOpinion.Dicom.Imaging;

/// <summary>LZW as TIFF 6.0 section 13 has it: codes from the high bit down, widths that change one code early.</summary>
internal static class TiffLzw
{
    private const int Clear = 256;
    private const int End = 257;

    /// <summary>Fills the data; what follows is not read.</summary>
    public static void Decode(ReadOnlySpan<byte> source, Span<byte> data)
    {
        // Each code is a range of what was written before: the string of its prefix and the byte after it.
        Span<int> starts = new int[4096];
        Span<int> lengths = new int[4096];
        var (next, width) = (End + 1, 9);
        var (bits, count, from, to) = (0u, 0, 0, 0);
        var (previousStart, previousLength) = (0, 0);
        while (to < data.Length)
        {
            while (count < width)
            {
                if (from >= source.Length)
                {
                    throw TiffReader.Damaged("has a strip or tile that is too short");
                }

                bits = (bits << 8) | source[from++];
                count += 8;
            }

            var code = (int)(bits >> (count - width)) & ((1 << width) - 1);
            count -= width;
            if (code == Clear)
            {
                (next, width, previousLength) = (End + 1, 9, 0);
                continue;
            }

            if (code == End)
            {
                throw TiffReader.Damaged("has a strip or tile that is too short");
            }

            var start = to;
            if (code < Clear)
            {
                data[to++] = (byte)code;
            }
            else if (code < next || (code == next && previousLength > 0))
            {
                var (copyFrom, length) = code < next ? (starts[code], lengths[code]) : (previousStart, previousLength + 1);
                length = Math.Min(length, data.Length - to);
                for (var i = 0; i < length; i++)
                {
                    data[to++] = data[copyFrom + i]; // The ranges may overlap, as they must for code == next.
                }
            }
            else
            {
                throw TiffReader.Damaged("has an LZW code that was never made");
            }

            if (previousLength > 0 && next < 4096)
            {
                starts[next] = previousStart;
                lengths[next] = previousLength + 1;
                next++;
                if (next == (1 << width) - 1 && width < 12)
                {
                    width++;
                }
            }

            (previousStart, previousLength) = (start, to - start);
        }
    }
}
