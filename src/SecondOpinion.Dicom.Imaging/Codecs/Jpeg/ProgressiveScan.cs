using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace SecondOpinion.Dicom.Imaging.Codecs.Jpeg;

/// <summary>Decodes a scan of a progressive DCT frame (ITU-T T.81 Annex G) into coefficients.</summary>
/// <param name="Start">Ss: first coefficient in zig-zag order.</param>
/// <param name="End">Se: last one.</param>
/// <param name="High">Ah: 0 in a first scan of these coefficients, otherwise the bit position before.</param>
/// <param name="Low">Al: bit position of this scan.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ProgressiveScan(int Start, int End, int High, int Low)
{
    /// <param name="coefficients">Per component of the frame, 64 per block in natural order.</param>
    /// <returns>Where the scan ends.</returns>
    public int Decode(ReadOnlySpan<byte> data, int position, JpegFrame frame, JpegComponent[] scan, int restartInterval, short[][] coefficients)
    {
        if (Start > End || End > 63 || Low > 13 || (Start == 0 ? End != 0 : scan.Length != 1) || (High != 0 && High != Low + 1))
        {
            throw CodecError.Invalid("JPEG progression parameters"); // T.81 G.1.1.1
        }

        Advance(scan);
        var reader = new JpegBitReader(data, position);
        var walk = new McuWalk(frame, scan, restartInterval);
        var run = 0; // EOBRUN
        var band = Band();
        while (walk.Next(ref reader))
        {
            if (walk.Restarted)
            {
                run = 0;
            }

            foreach (var c in scan)
            {
                for (var v = 0; v < walk.BlocksDown(c); v++)
                {
                    for (var h = 0; h < walk.BlocksAcross(c); h++)
                    {
                        var at = (((walk.Row(c) + v) * c.BlocksWide) + walk.Column(c) + h) * 64;
                        var block = coefficients[c.Index].AsSpan(at, 64);
                        if (Start == 0)
                        {
                            DecodeDc(ref reader, c, block);
                        }
                        else if (High == 0)
                        {
                            DecodeAcFirst(ref reader, c.Ac!, block, ref run);
                        }
                        else if (run > 0 && (NonZero(block) & band) == 0)
                        {
                            run--; // nothing to correct: most blocks of a run, which may be all of a large image in two bytes
                        }
                        else
                        {
                            RefineAc(ref reader, c.Ac!, block, ref run);
                        }
                    }
                }
            }
        }

        return reader.Position;
    }

    /// <summary>Each bit of a coefficient is sent once, from the top (T.81 G.1.1.1.1): scans of a few bytes cannot go over all blocks again and again.</summary>
    private void Advance(JpegComponent[] scan)
    {
        var before = High == 0 ? JpegComponent.Unsent : (byte)High;
        foreach (var c in scan)
        {
            var reached = c.Reached.AsSpan(Start..(End + 1));
            if (reached.ContainsAnyExcept(before))
            {
                throw CodecError.Invalid("JPEG scan that repeats or leaves out bits");
            }

            reached.Fill((byte)Low);
        }
    }

    /// <summary>The coefficients of this scan, a bit each in natural order.</summary>
    private ulong Band()
    {
        var band = 0UL;
        for (var k = Start; k <= End; k++)
        {
            band |= 1UL << InverseDct.NaturalOrder[k];
        }

        return band;
    }

    private static ulong NonZero(ReadOnlySpan<short> block)
    {
        var mask = 0UL;
        for (var i = 0; i < 64; i += Vector256<short>.Count)
        {
            mask |= (ulong)(ushort)~Vector256.Equals(Vector256.Create(block[i..]), Vector256<short>.Zero).ExtractMostSignificantBits() << i;
        }

        return mask;
    }

    /// <summary>T.81 G.1.2.1.</summary>
    private void DecodeDc(ref JpegBitReader reader, JpegComponent c, Span<short> block)
    {
        reader.Ensure32();
        if (High != 0)
        {
            block[0] |= (short)(reader.Read(1) << Low);
            return;
        }

        var category = c.Dc!.Decode(ref reader);
        if (category > 15)
        {
            throw CodecError.Invalid("JPEG DC category out of range");
        }

        c.Prediction += category == 0 ? 0 : reader.ReadExtended(category);
        block[0] = (short)(c.Prediction << Low);
    }

    /// <summary>T.81 G.1.2.2.</summary>
    private void DecodeAcFirst(ref JpegBitReader reader, HuffmanTable table, Span<short> block, ref int run)
    {
        if (run > 0)
        {
            run--;
            return;
        }

        var order = InverseDct.NaturalOrder;
        for (var k = Start; k <= End; k++)
        {
            reader.Ensure32();
            var symbol = table.Decode(ref reader);
            var zeros = symbol >> 4;
            var size = symbol & 15;
            if (size != 0)
            {
                k += zeros;
                block[order[k]] = (short)(reader.ReadExtended(size) << Low);
            }
            else if (zeros == 15)
            {
                k += 15;
            }
            else
            {
                run = (1 << zeros) - 1;
                if (zeros > 0)
                {
                    run += reader.Read(zeros);
                }

                break;
            }
        }
    }

    /// <summary>T.81 G.1.2.3.</summary>
    private void RefineAc(ref JpegBitReader reader, HuffmanTable table, Span<short> block, ref int run)
    {
        var order = InverseDct.NaturalOrder;
        var k = Start;
        if (run == 0)
        {
            for (; k <= End; k++)
            {
                reader.Ensure32();
                var symbol = table.Decode(ref reader);
                var zeros = symbol >> 4;
                short value = 0;
                if ((symbol & 15) != 0)
                {
                    // A new coefficient: its size is always 1.
                    value = (short)(reader.Read(1) != 0 ? 1 << Low : -1 << Low);
                }
                else if (zeros != 15)
                {
                    run = 1 << zeros;
                    if (zeros > 0)
                    {
                        run += reader.Read(zeros);
                    }

                    break;
                }

                // Correction bits for coefficients that have a history, while the run of zeros is counted.
                for (; k <= End; k++)
                {
                    ref var coefficient = ref block[order[k]];
                    if (coefficient != 0)
                    {
                        Correct(ref reader, ref coefficient);
                    }
                    else if (--zeros < 0)
                    {
                        break;
                    }
                }

                if (value != 0 && k <= End)
                {
                    block[order[k]] = value;
                }
            }
        }

        if (run > 0)
        {
            for (; k <= End; k++)
            {
                ref var coefficient = ref block[order[k]];
                if (coefficient != 0)
                {
                    Correct(ref reader, ref coefficient);
                }
            }

            run--;
        }
    }

    private void Correct(ref JpegBitReader reader, ref short coefficient)
    {
        if (reader.ReadBit() != 0 && (coefficient & (1 << Low)) == 0)
        {
            coefficient += (short)(coefficient >= 0 ? 1 << Low : -1 << Low);
        }
    }
}
