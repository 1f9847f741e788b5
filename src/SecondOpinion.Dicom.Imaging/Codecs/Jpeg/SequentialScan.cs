using System.Numerics;
using System.Runtime.InteropServices;

namespace SecondOpinion.Dicom.Imaging.Codecs.Jpeg;

/// <summary>Decodes a scan of a sequential DCT frame (ITU-T T.81 F.2) into planes of samples.</summary>
internal static class SequentialScan
{
    /// <param name="scan">The scan's components, tables assigned.</param>
    /// <param name="planes">Per component of the frame.</param>
    /// <param name="output">Takes the lines as they are decoded; null when other scans bring more components.</param>
    /// <param name="position">The first byte of the entropy-coded data.</param>
    /// <returns>Where the scan ends.</returns>
    public static int Decode<T>(
        ReadOnlySpan<byte> data, int position, JpegFrame frame, JpegComponent[] scan, int restartInterval, JpegPlane<T>[] planes, JpegOutput<T>? output)
        where T : unmanaged, IBinaryInteger<T>
    {
        var reader = new JpegBitReader(data, position);
        var walk = new McuWalk(frame, scan, restartInterval);
        Span<short> block = stackalloc short[64];
        while (walk.Next(ref reader))
        {
            foreach (var c in scan)
            {
                var plane = planes[c.Index];
                for (var v = 0; v < walk.BlocksDown(c); v++)
                {
                    for (var h = 0; h < walk.BlocksAcross(c); h++)
                    {
                        var target = plane.Block(walk.Row(c) + v, walk.Column(c) + h);
                        block.Clear();
                        var any = DecodeBlock(ref reader, c, block);
                        if (c.Reduced is { } reduced)
                        {
                            reduced.Transform(block, !any, walk.Row(c) + v, walk.Column(c) + h, MemoryMarshal.AsBytes(target));
                        }
                        else if (any)
                        {
                            InverseDct.Transform(block, c.Steps, frame.Precision, target, c.Stride);
                        }
                        else
                        {
                            InverseDct.Flat(block[0] * c.Steps![0], frame.Precision, target, c.Stride);
                        }
                    }
                }
            }

            if (walk.EndsRow)
            {
                output?.WriteTo(walk.LinesDone);
            }
        }

        return reader.Position;
    }

    /// <summary>T.81 F.2.2.1 and F.2.2.2. False when the block has no coefficient but the first.</summary>
    private static bool DecodeBlock(ref JpegBitReader reader, JpegComponent c, scoped Span<short> block)
    {
        reader.Take(out var bits, out var count);
        reader.Ensure32(ref bits, ref count);
        var entry = c.Dc!.Values[(int)(bits >> (64 - HuffmanTable.ValueBits))];
        if (entry != 0)
        {
            bits <<= entry; // by its lowest six bits
            count -= entry & 63;
            c.Prediction += entry >> 16;
        }
        else
        {
            reader.Put(bits, count);
            var category = c.Dc.Decode(ref reader);
            if (category > 15)
            {
                throw CodecError.Invalid("JPEG DC category out of range");
            }

            c.Prediction += category == 0 ? 0 : reader.ReadExtended(category);
            reader.Take(out bits, out count);
        }

        block[0] = (short)c.Prediction;
        var order = InverseDct.NaturalOrder;
        var table = c.Ac!;
        var values = table.Values;
        var any = false;
        for (var k = 1; k < 64; k++)
        {
            reader.Ensure32(ref bits, ref count);
            entry = values[(int)(bits >> (64 - HuffmanTable.ValueBits))];
            int zeros;
            int value;
            if (entry != 0)
            {
                bits <<= entry;
                count -= entry & 63;
                zeros = (entry >> 8) & 15;
                value = entry >> 16;
            }
            else
            {
                reader.Put(bits, count);
                var symbol = table.Decode(ref reader);
                zeros = symbol >> 4;
                value = (symbol & 15) == 0 ? 0 : reader.ReadExtended(symbol & 15);
                reader.Take(out bits, out count);
            }

            if (value != 0)
            {
                k += zeros;
                block[order[k]] = (short)value;
                any = true;
            }
            else if (zeros == 15)
            {
                k += 15;
            }
            else
            {
                break; // EOB
            }
        }

        reader.Put(bits, count);
        return any;
    }
}

/// <summary>
/// Walks the MCUs of a scan in order (T.81 A.2): whole MCUs when several components are interleaved, the component's own blocks when there is one.
/// Handles restart intervals and ends the scan when bits run out.
/// </summary>
internal struct McuWalk
{
    private readonly JpegComponent[] _scan;
    private readonly bool _interleaved;
    private readonly int _wide;
    private readonly int _count;
    private readonly int _lines;
    private readonly int _interval;
    private int _index;
    private int _left;

    public McuWalk(JpegFrame frame, JpegComponent[] scan, int restartInterval)
    {
        _scan = scan;
        _interleaved = scan.Length > 1;
        // T.81 A.2.2: without interleaving only blocks that hold samples of the image are coded.
        _wide = _interleaved ? frame.McusWide : JpegFrame.Divide(scan[0].Width, 8);
        _count = _wide * (_interleaved ? frame.McusHigh : JpegFrame.Divide(scan[0].Height, 8));
        _lines = _interleaved ? 8 * frame.MaxVertical : 8;
        _interval = restartInterval;
        _left = restartInterval;
        _index = -1;
        Reset();
    }

    /// <summary>A restart happened before this MCU, or it is the first.</summary>
    public bool Restarted { get; private set; }

    /// <summary>The MCU is the last of its row.</summary>
    public readonly bool EndsRow => X == _wide - 1;

    /// <summary>Lines of the scan's most finely sampled component down to the end of the MCU's row.</summary>
    public readonly int LinesDone => (Y + 1) * _lines;

    private int X { get; set; }

    private int Y { get; set; }

    public readonly int BlocksAcross(JpegComponent c) => _interleaved ? c.Horizontal : 1;

    public readonly int BlocksDown(JpegComponent c) => _interleaved ? c.Vertical : 1;

    public readonly int Column(JpegComponent c) => _interleaved ? X * c.Horizontal : X;

    public readonly int Row(JpegComponent c) => _interleaved ? Y * c.Vertical : Y;

    /// <summary>Moves to the next MCU; false after the last.</summary>
    public bool Next(ref JpegBitReader reader)
    {
        Restarted = ++_index == 0;
        if (++X >= _wide || _index == 0)
        {
            if (reader.Overrun)
            {
                throw CodecError.Truncated("JPEG scan");
            }

            X = 0;
            Y += _index == 0 ? 0 : 1;
        }

        if (_index == _count)
        {
            return false;
        }

        if (_interval != 0 && _left-- == 0)
        {
            reader.Restart();
            Reset();
            _left = _interval - 1;
            Restarted = true;
        }

        return true;
    }

    private readonly void Reset()
    {
        foreach (var c in _scan)
        {
            c.Prediction = 0;
        }
    }
}
