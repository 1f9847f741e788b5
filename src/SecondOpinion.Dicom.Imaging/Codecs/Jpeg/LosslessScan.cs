using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

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
        var current = new ushort[width * scan.Length];
        var above = new ushort[width * scan.Length];
        var linesPerInterval = restartInterval / width;
        var initial = 1 << (frame.Precision - PointTransform - 1);
        var fromLeft = Predictor == 1 && scan.All(c => c.Dc == scan[0].Dc);
        for (var y = 0; y < frame.Height; y++)
        {
            var first = linesPerInterval == 0 ? y == 0 : y % linesPerInterval == 0;
            if (first && y > 0)
            {
                reader.Restart();
            }

            if (fromLeft && !first)
            {
                DecodeFromLeft(ref reader, scan[0].Dc!, above.AsSpan(0, scan.Length), current);
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

    /// <summary>A line with selection value 1, which DICOM's most common lossless syntax prescribes (PS3.5 A.4.1, 10.2), and one Huffman table.</summary>
    /// <param name="starts">The first samples of the line above, one per component.</param>
    private static void DecodeFromLeft(ref JpegBitReader reader, HuffmanTable table, ReadOnlySpan<ushort> starts, Span<ushort> line)
    {
        var n = starts.Length;
        reader.Take(out var bits, out var count);
        for (var at = 0; at < line.Length; at++)
        {
            int left = at < n ? starts[at] : line[at - n];
            line[at] = (ushort)(left + Difference(ref reader, ref bits, ref count, table));
        }

        reader.Put(bits, count);
    }

    /// <param name="initial">The prediction at the start of the image or of a restart interval, otherwise null.</param>
    private void DecodeLine(ref JpegBitReader reader, JpegComponent[] scan, int? initial, ReadOnlySpan<ushort> above, Span<ushort> line)
    {
        var n = scan.Length;
        reader.Take(out var bits, out var count);
        for (var at = 0; at < line.Length; at++)
        {
            int prediction;
            if (at < n)
            {
                prediction = initial ?? above[at]; // T.81 H.1.2.1: the first column is predicted from above
            }
            else
            {
                int left = line[at - n];
                prediction = initial is not null ? left : Predict(left, above[at], above[at - n]);
            }

            line[at] = (ushort)(prediction + Difference(ref reader, ref bits, ref count, scan[n == 1 ? 0 : at % n].Dc!));
        }

        reader.Put(bits, count);
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
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Difference(ref JpegBitReader reader, ref ulong bits, ref int count, HuffmanTable table)
    {
        reader.Ensure32(ref bits, ref count);
        var entry = table.Values[(int)(bits >> (64 - HuffmanTable.ValueBits))];
        if (entry != 0)
        {
            bits <<= entry; // by its lowest six bits
            count -= entry & 63;
            return entry >> 16;
        }

        reader.Put(bits, count);
        var difference = LongDifference(ref reader, table);
        reader.Take(out bits, out count);
        return difference;
    }

    private static int LongDifference(ref JpegBitReader reader, HuffmanTable table)
    {
        var category = table.Decode(ref reader);
        if (category >= 16)
        {
            return category == 16 ? 32768 : throw CodecError.Invalid("JPEG difference category out of range"); // T.81 Table H.2
        }

        return category == 0 ? 0 : reader.ReadExtended(category);
    }

    private void Store(JpegFrame frame, JpegComponent[] scan, ReadOnlySpan<ushort> line, int y, byte[] samples)
    {
        var all = frame.Components.Length;
        var size = CodecImage.BytesFor(frame.Precision);
        var target = samples.AsSpan(y * frame.Width * all * size, frame.Width * all * size);
        var inOrder = scan.Length == all && Enumerable.SequenceEqual(scan, frame.Components);
        if (inOrder && PointTransform == 0)
        {
            StoreAll(line, target);
            return;
        }

        for (var i = 0; i < scan.Length; i++)
        {
            var to = scan[i].Index * size;
            for (var at = i; at < line.Length; at += scan.Length, to += all * size)
            {
                var value = line[at] << PointTransform;
                target[to] = (byte)value;
                if (size == 2)
                {
                    target[to + 1] = (byte)(value >> 8);
                }
            }
        }
    }

    /// <summary>A line whose samples lie as the image's do, as bytes or as words.</summary>
    private static void StoreAll(ReadOnlySpan<ushort> line, Span<byte> target)
    {
        if (target.Length > line.Length)
        {
            MemoryMarshal.AsBytes(line).CopyTo(target);
            return;
        }

        var x = 0;
        for (; x + 16 <= line.Length; x += 16)
        {
            Vector128.Narrow(Vector128.Create(line[x..]), Vector128.Create(line[(x + 8)..])).CopyTo(target[x..]);
        }

        for (; x < line.Length; x++)
        {
            target[x] = (byte)line[x];
        }
    }
}
