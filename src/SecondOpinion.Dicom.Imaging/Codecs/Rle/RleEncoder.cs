using System.Buffers.Binary;

namespace SecondOpinion.Dicom.Imaging.Codecs.Rle;

/// <summary>Encodes RLE Lossless (PS3.5 Annex G). Runs do not cross lines (PS3.5 G.3.1).</summary>
internal static class RleEncoder
{
    /// <param name="samples">By pixel, little endian.</param>
    /// <param name="bytes">Bytes of a sample.</param>
    public static byte[] Encode(ReadOnlySpan<byte> samples, int width, int height, int components, int bytes)
    {
        var planes = components * bytes;
        if (planes > 15)
        {
            throw CodecError.Unsupported("RLE of more than 15 segments"); // PS3.5 G.5
        }

        var output = new RleBuffer(64 + (samples.Length / 2));
        output.Advance(64);
        Span<byte> header = stackalloc byte[64];
        header.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(header, (uint)planes);
        var line = new byte[width];
        for (var plane = 0; plane < planes; plane++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(header[(4 + (4 * plane))..], (uint)output.Length);
            var at = (plane / bytes * bytes) + (bytes - 1 - (plane % bytes));
            for (var y = 0; y < height; y++)
            {
                for (var x = 0; x < width; x++, at += planes)
                {
                    line[x] = samples[at];
                }

                PackLine(line, output);
            }

            if ((output.Length & 1) != 0)
            {
                output.Add(0); // PS3.5 G.4: each segment is padded to even length
            }
        }

        var result = output.ToArray();
        header.CopyTo(result);
        return result;
    }

    /// <summary>PS3.5 G.3.1.</summary>
    private static void PackLine(ReadOnlySpan<byte> line, RleBuffer output)
    {
        var at = 0;
        while (at < line.Length)
        {
            var run = RunAt(line, at);
            if (run >= 2)
            {
                output.Add((byte)(257 - run));
                output.Add(line[at]);
                at += run;
                continue;
            }

            // A literal ends where a run of three starts: two alike inside a literal cost no more than a run would.
            var end = at + 1;
            while (end < line.Length && end - at < 128 && RunAt(line, end) < 3)
            {
                end++;
            }

            output.Add((byte)(end - at - 1));
            output.Add(line[at..end]);
            at = end;
        }
    }

    private static int RunAt(ReadOnlySpan<byte> line, int at)
    {
        var rest = line.Slice(at, Math.Min(128, line.Length - at));
        if (rest.Length < 2 || rest[1] != rest[0])
        {
            return 1;
        }

        var end = rest.IndexOfAnyExcept(rest[0]);
        return end < 0 ? rest.Length : end;
    }

    private sealed class RleBuffer(int capacity)
    {
        private byte[] _bytes = new byte[Math.Max(128, capacity)];

        public int Length { get; private set; }

        public void Advance(int count)
        {
            Grow(count);
            Length += count;
        }

        public void Add(byte value)
        {
            Grow(1);
            _bytes[Length++] = value;
        }

        public void Add(ReadOnlySpan<byte> values)
        {
            Grow(values.Length);
            values.CopyTo(_bytes.AsSpan(Length));
            Length += values.Length;
        }

        public byte[] ToArray() => _bytes.AsSpan(0, Length).ToArray();

        private void Grow(int count)
        {
            if (Length + count > _bytes.Length)
            {
                Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + count));
            }
        }
    }
}
