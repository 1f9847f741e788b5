using System.Numerics;

namespace SecondOpinion.Dicom.Imaging.Codecs.Jpeg;

/// <summary>Encodes lossless JPEG with selection value 1 (ITU-T T.81 Annex H; PS3.5 10.2): two passes, the first one for the Huffman table.</summary>
internal static class JpegLosslessEncoder
{
    /// <param name="samples">By pixel, little endian, one byte each up to 8 bits, otherwise two.</param>
    /// <param name="precision">Bits of a sample that count, 2 to 16; bits above are dropped.</param>
    public static byte[] Encode(ReadOnlySpan<byte> samples, int width, int height, int components, int precision)
    {
        if (precision is < 2 or > 16 || components is < 1 or > 4)
        {
            throw CodecError.Unsupported($"lossless JPEG of {components} components of {precision} bits");
        }

        var differences = new short[width * components];
        var lines = new PredictedLines(width, components, precision);
        var frequencies = new int[17];
        for (var y = 0; y < height; y++)
        {
            lines.Next(samples, y, differences);
            foreach (var difference in differences)
            {
                frequencies[CategoryOf(difference)]++;
            }
        }

        var code = new HuffmanOptimizer(frequencies);
        var output = new JpegBitWriter(samples.Length / 2);
        WriteHeaders(output, code, width, height, components, precision);
        lines = new PredictedLines(width, components, precision);
        for (var y = 0; y < height; y++)
        {
            lines.Next(samples, y, differences);
            foreach (var difference in differences)
            {
                var category = CategoryOf(difference);
                var extra = category & 15; // T.81 H.1.2.2: category 16 has no further bits
                var bits = (uint)(difference + (difference >> 15)) & ((1u << extra) - 1);
                output.Bits((code.CodeOf(category) << extra) | bits, code.LengthOf(category) + extra);
            }
        }

        output.Flush();
        output.Marker(JpegMarker.EOI);
        return output.ToArray();
    }

    private static int CategoryOf(short difference) => 32 - BitOperations.LeadingZeroCount((uint)Math.Abs((int)difference));

    private static void WriteHeaders(JpegBitWriter output, HuffmanOptimizer code, int width, int height, int components, int precision)
    {
        output.Marker(JpegMarker.SOI);
        var frame = new List<byte> { (byte)precision, (byte)(height >> 8), (byte)height, (byte)(width >> 8), (byte)width, (byte)components };
        var scan = new List<byte> { (byte)components };
        for (var i = 1; i <= components; i++)
        {
            frame.AddRange([(byte)i, 0x11, 0]);
            scan.AddRange([(byte)i, 0]);
        }

        scan.AddRange([1, 0, 0]); // selection value 1, no point transform
        output.Segment(JpegMarker.SOF3, [.. frame]);
        output.Segment(JpegMarker.DHT, [0, .. code.Counts, .. code.Values]);
        output.Segment(JpegMarker.SOS, [.. scan]);
    }

    /// <summary>Differences to the sample on the left; at the start of a line to the one above (T.81 H.1.2.1).</summary>
    private sealed class PredictedLines(int width, int components, int precision)
    {
        private readonly int[] _starts = Enumerable.Repeat(1 << (precision - 1), components).ToArray();
        private readonly int _mask = (1 << precision) - 1;

        public void Next(ReadOnlySpan<byte> samples, int y, Span<short> differences)
        {
            for (var i = 0; i < components; i++)
            {
                var left = _starts[i];
                var at = (y * width * components) + i;
                for (var x = i; x < differences.Length; x += components, at += components)
                {
                    var value = (precision <= 8 ? samples[at] : samples[2 * at] | (samples[(2 * at) + 1] << 8)) & _mask;
                    differences[x] = (short)(value - left);
                    left = value;
                    _starts[i] = x == i ? value : _starts[i];
                }
            }
        }
    }
}
