using System.Runtime.InteropServices;

namespace SecondOpinion.Dicom.Imaging.Codecs.Jpeg;

/// <summary>Decodes a scan of a lossless frame (ITU-T T.81 Annex H).</summary>
/// <param name="Predictor">Ss: selection value 1 to 7.</param>
/// <param name="PointTransform">Al: bits that were shifted out.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct LosslessScan(int Predictor, int PointTransform)
{
    /// <param name="samples">The whole image by pixel, one or two bytes per sample.</param>
    /// <returns>Where the scan ends.</returns>
    public int Decode(ReadOnlySpan<byte> data, int position, JpegFrame frame, JpegComponent[] scan, int restartInterval, byte[] samples)
    {
        var width = frame.Width;
        if (Predictor is < 1 or > 7 || PointTransform >= frame.Precision)
        {
            throw CodecError.Invalid("JPEG predictor or point transform"); // T.81 Table B.3
        }

        if (restartInterval % width != 0)
        {
            throw CodecError.Invalid("lossless JPEG restart interval that is not whole lines"); // T.81 H.1.1
        }

        var reader = new JpegBitReader(data, position);
        var current = new int[width * scan.Length];
        var above = new int[width * scan.Length];
        var linesPerInterval = restartInterval / width;
        var initial = 1 << (frame.Precision - PointTransform - 1);
        for (var y = 0; y < frame.Height; y++)
        {
            var first = linesPerInterval == 0 ? y == 0 : y % linesPerInterval == 0;
            if (first && y > 0)
            {
                reader.Restart();
            }

            if (scan.Length == 1 && !first && Predictor == 1)
            {
                DecodeFromLeft(ref reader, scan[0].Dc!, above[0], current);
            }
            else
            {
                DecodeLine(ref reader, scan, first ? initial : null, above, current);
            }

            if (reader.Overrun)
            {
                throw CodecError.Truncated("JPEG scan");
            }

            Store(frame, scan, current, y, samples);
            (current, above) = (above, current);
        }

        return reader.Position;
    }

    /// <summary>A line of one component with selection value 1, which DICOM's most common lossless syntax prescribes (PS3.5 A.4.1, 10.2).</summary>
    private static void DecodeFromLeft(ref JpegBitReader reader, HuffmanTable table, int start, Span<int> line)
    {
        var value = start;
        for (var x = 0; x < line.Length; x++)
        {
            value = (value + Difference(ref reader, table)) & 0xFFFF;
            line[x] = value;
        }
    }

    /// <param name="initial">The prediction at the start of the image or of a restart interval, otherwise null.</param>
    private void DecodeLine(ref JpegBitReader reader, JpegComponent[] scan, int? initial, Span<int> above, Span<int> line)
    {
        var n = scan.Length;
        for (var at = 0; at < line.Length; at++)
        {
            int prediction;
            if (at < n)
            {
                prediction = initial ?? above[at]; // T.81 H.1.2.1: the first column is predicted from above
            }
            else
            {
                var left = line[at - n];
                prediction = initial is not null ? left : Predict(left, above[at], above[at - n]);
            }

            line[at] = (prediction + Difference(ref reader, scan[n == 1 ? 0 : at % n].Dc!)) & 0xFFFF;
        }
    }

    /// <summary>T.81 Table H.1.</summary>
    private int Predict(int a, int b, int c) => Predictor switch
    {
        1 => a,
        2 => b,
        3 => c,
        4 => a + b - c,
        5 => a + ((b - c) >> 1),
        6 => b + ((a - c) >> 1),
        _ => (a + b) >> 1,
    };

    /// <summary>T.81 H.2, modulo 2^16.</summary>
    private static int Difference(ref JpegBitReader reader, HuffmanTable table)
    {
        reader.Ensure32();
        var category = table.Decode(ref reader);
        if (category >= 16)
        {
            return category == 16 ? 32768 : throw CodecError.Invalid("JPEG difference category out of range"); // T.81 Table H.2
        }

        return category == 0 ? 0 : reader.ReadExtended(category);
    }

    private void Store(JpegFrame frame, JpegComponent[] scan, ReadOnlySpan<int> line, int y, byte[] samples)
    {
        var n = scan.Length;
        var all = frame.Components.Length;
        var wide = frame.Precision > 8;
        for (var i = 0; i < n; i++)
        {
            var to = (y * frame.Width * all) + scan[i].Index;
            for (var at = i; at < line.Length; at += n, to += all)
            {
                var value = line[at] << PointTransform;
                if (wide)
                {
                    samples[2 * to] = (byte)value;
                    samples[(2 * to) + 1] = (byte)(value >> 8);
                }
                else
                {
                    samples[to] = (byte)value;
                }
            }
        }
    }
}
