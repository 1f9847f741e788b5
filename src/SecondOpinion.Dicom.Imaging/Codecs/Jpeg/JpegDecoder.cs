using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace SecondOpinion.Dicom.Imaging.Codecs.Jpeg;

/// <summary>
/// Decodes a JPEG image (ITU-T T.81): sequential DCT of 8 and 12 bits (processes 1, 2, 4), progressive (6, 8, 10, 12) and lossless (14), Huffman coded.
/// Accepts bytes before SOI and after the image, fill bytes, and a missing EOI; refuses data that end inside a scan.
/// </summary>
internal sealed class JpegDecoder
{
    /// <summary>A progressive scan of few bytes may go over all blocks of a large image: writers need some ten scans, attackers many.</summary>
    private const int MaxScans = 100;

    /// <summary>Rows of MCUs that an output needs at once: it interpolates from one to the next.</summary>
    private const int OutputRows = 2;

    private readonly JpegSegments _segments;
    private readonly ImageDescription _description;
    private readonly int _reduction;
    private readonly ushort[]?[] _quantization = new ushort[4][];
    private readonly HuffmanTable?[] _dc = new HuffmanTable[4];
    private readonly HuffmanTable?[] _ac = new HuffmanTable[4];
    private int _restartInterval;
    private int _scans;
    private JpegFrame? _frame;
    private JpegColorHints _hints;

    // One of these holds what scans give, by process and precision; the image at last, or from the first scan on when that has it all.
    private JpegPlane<byte>[]? _bytes;
    private JpegPlane<ushort>[]? _words;
    private short[][]? _coefficients;
    private byte[]? _samples;

    private JpegDecoder(ReadOnlyMemory<byte> source, ImageDescription description, int reduction)
    {
        _segments = new JpegSegments(source);
        _description = description;
        _reduction = reduction;
    }

    /// <param name="description">The data set's view of the image: its photometric interpretation helps to tell RGB from YCbCr.</param>
    /// <param name="reduction">1, 2, 4 or 8: width and height are divided by that or less, see <see cref="JpegFrame.Reduce"/>.</param>
    public static CodecImage Decode(ReadOnlyMemory<byte> codestream, ImageDescription description, int reduction = 1)
    {
        var decoder = new JpegDecoder(codestream, description, reduction);
        decoder.ReadSegments();
        return decoder.Finish();
    }

    private void ReadSegments()
    {
        _segments.FindStart();
        while (_segments.NextMarker() is { } marker)
        {
            var payload = _segments.Payload();
            switch (marker)
            {
                case JpegMarker.SOF0 or JpegMarker.SOF1 or JpegMarker.SOF2 or JpegMarker.SOF3:
                    StartFrame(marker, payload);
                    break;
                case JpegMarker.DHT:
                    ReadHuffmanTables(payload);
                    break;
                case JpegMarker.DQT:
                    ReadQuantizationTables(payload);
                    break;
                case JpegMarker.DRI:
                    _restartInterval = payload.Length >= 2 ? BinaryPrimitives.ReadUInt16BigEndian(payload) : throw CodecError.Truncated("JPEG DRI segment");
                    break;
                case JpegMarker.SOS:
                    ReadScan(payload);
                    break;
                case JpegMarker.APP0 or JpegMarker.APP14:
                    _hints = _hints.Seen(marker, payload);
                    break;
                case JpegMarker.DAC or (> JpegMarker.SOF3 and <= JpegMarker.SOF15):
                    throw CodecError.Unsupported($"JPEG process with marker FF{marker:X2} (hierarchical or arithmetic coding)");
                default:
                    break;
            }
        }
    }

    private void ReadHuffmanTables(ReadOnlySpan<byte> payload)
    {
        while (payload.Length > 0) // T.81 B.2.4.2
        {
            var values = 0;
            for (var i = 1; i <= 16 && i < payload.Length; i++)
            {
                values += payload[i];
            }

            if (payload.Length < 17 + values || values > 256 || (payload[0] & 15) > 3 || payload[0] > 0x1F)
            {
                throw CodecError.Invalid("JPEG Huffman table");
            }

            var isAc = payload[0] >> 4 != 0;
            (isAc ? _ac : _dc)[payload[0] & 15] = new HuffmanTable(payload.Slice(1, 16), payload.Slice(17, values), isAc);
            payload = payload[(17 + values)..];
        }
    }

    private void ReadQuantizationTables(ReadOnlySpan<byte> payload)
    {
        while (payload.Length > 0) // T.81 B.2.4.1
        {
            var wide = payload[0] >> 4 != 0;
            var size = wide ? 128 : 64;
            if (payload.Length < 1 + size || (payload[0] & 15) > 3)
            {
                throw CodecError.Invalid("JPEG quantization table");
            }

            var table = new ushort[64];
            for (var i = 0; i < 64; i++)
            {
                table[InverseDct.NaturalOrder[i]] = wide ? BinaryPrimitives.ReadUInt16BigEndian(payload[(1 + (2 * i))..]) : payload[1 + i];
            }

            _quantization[payload[0] & 15] = table;
            payload = payload[(1 + size)..];
        }
    }

    private void StartFrame(byte process, ReadOnlySpan<byte> payload)
    {
        if (_frame is not null)
        {
            throw CodecError.Invalid("JPEG image with two frames");
        }

        _frame = JpegFrame.Read(process, payload, _description.Rows);
        CodecImage.Expect(_description, _frame.Width, _frame.Height, _frame.Components.Length);
        var samples = CodecImage.SizeOf(_frame.Width, _frame.Height, _frame.Components.Length, CodecImage.BytesFor(_frame.Precision));
        CheckPlausible(_frame);
        _frame.Reduce(_reduction);
        if (_frame.IsLossless)
        {
            _samples = new byte[samples];
        }
        else if (_frame.IsProgressive)
        {
            _coefficients = Array.ConvertAll(_frame.Components, c => new short[c.BlocksWide * c.BlocksHigh * 64]);
        }
    }

    /// <summary>Every block, or every sample of a lossless image, costs a bit at least: memory is only taken for data that are there.</summary>
    private void CheckPlausible(JpegFrame frame)
    {
        var bits = 8L * _segments.Left;
        var units = frame.IsLossless
            ? (long)frame.Width * frame.Height * frame.Components.Length
            : frame.Components.Sum(c => (long)JpegFrame.Divide(c.Width, 8) * JpegFrame.Divide(c.Height, 8));
        if (units > bits)
        {
            throw CodecError.Truncated("JPEG image");
        }
    }

    private void ReadScan(ReadOnlySpan<byte> payload)
    {
        var frame = _frame ?? throw CodecError.Invalid("JPEG scan before its frame header");
        if (++_scans > MaxScans)
        {
            throw CodecError.Invalid($"JPEG image of more than {MaxScans} scans");
        }

        var count = payload.Length > 0 ? payload[0] : 0;
        if (count is < 1 or > 4 || payload.Length < 4 + (2 * count))
        {
            throw CodecError.Invalid("JPEG scan header");
        }

        var parameters = payload.Slice(1 + (2 * count), 3); // Ss, Se, Ah and Al
        var scan = new JpegComponent[count];
        for (var i = 0; i < count; i++)
        {
            var id = payload[1 + (2 * i)];
            var component = Array.Find(frame.Components, c => c.Id == id && !scan.Contains(c))
                ?? throw CodecError.Invalid("JPEG scan of a component that the frame does not have");
            scan[i] = component;
            var tables = payload[2 + (2 * i)];
            Assign(component, tables >> 4, tables & 15, parameters);
        }

        if (count > 1 && !frame.IsLossless && scan.Sum(c => c.Horizontal * c.Vertical) > 10)
        {
            throw CodecError.Invalid("JPEG MCU of more than 10 blocks"); // T.81 B.2.3
        }

        var data = _segments.Data;
        _segments.Position = frame switch
        {
            { IsLossless: true } => new LosslessScan(parameters[0], parameters[2] & 15).Decode(data, _segments.Position, frame, scan, _restartInterval, _samples!),
            { IsProgressive: true } => new ProgressiveScan(parameters[0], parameters[1], parameters[2] >> 4, parameters[2] & 15)
                .Decode(data, _segments.Position, frame, scan, _restartInterval, _coefficients!),
            { Precision: 8 } => DecodeSequential(ref _bytes, frame, scan),
            _ => DecodeSequential(ref _words, frame, scan),
        };
    }

    /// <summary>A scan of all components, which is the rule, is put out while it is decoded: only a few lines of samples are kept.</summary>
    private int DecodeSequential<T>(ref JpegPlane<T>[]? planes, JpegFrame frame, JpegComponent[] scan)
        where T : unmanaged, IBinaryInteger<T>
    {
        var all = scan.Length == frame.Components.Length;
        planes ??= Planes<T>(frame, all ? OutputRows : frame.McusHigh);
        var output = all ? new JpegOutput<T>(frame, planes, IsYcc(frame)) : null;
        var end = SequentialScan.Decode(_segments.Data, _segments.Position, frame, scan, _restartInterval, planes, output);
        _samples = output?.Samples;
        return end;
    }

    /// <param name="rows">Of MCUs that are kept.</param>
    private static JpegPlane<T>[] Planes<T>(JpegFrame frame, int rows)
        where T : unmanaged => Array.ConvertAll(frame.Components, c => new JpegPlane<T>(c, rows * c.Vertical * c.BlockHeight));

    private void Assign(JpegComponent component, int dc, int ac, ReadOnlySpan<byte> parameters)
    {
        var frame = _frame!;
        if (component.Seen && !frame.IsProgressive)
        {
            throw CodecError.Invalid("JPEG component in two scans");
        }

        component.Seen = true;
        component.Dc = dc < 4 ? _dc[dc] : null;
        component.Ac = ac < 4 ? _ac[ac] : null;
        // Tables that the scan needs: a refining scan of DC has none, a scan of AC no DC table.
        var needsDc = !frame.IsProgressive || (parameters[0] == 0 && parameters[2] >> 4 == 0);
        var needsAc = !frame.IsLossless && (!frame.IsProgressive || parameters[0] != 0);
        if ((needsDc && component.Dc is null) || (needsAc && component.Ac is null))
        {
            throw CodecError.Invalid("JPEG scan without its Huffman table");
        }

        if (!frame.IsLossless)
        {
            component.Steps ??= _quantization[component.Quantization] ?? throw CodecError.Invalid("JPEG scan without its quantization table");
        }
    }

    private CodecImage Finish()
    {
        var frame = _frame ?? throw CodecError.Truncated("JPEG image");
        if (frame.Components.Any(c => !c.Seen))
        {
            throw CodecError.Truncated("JPEG image");
        }

        var samples = _samples ?? (frame.Precision == 8 ? Render(frame, _bytes) : Render(frame, _words));
        return new CodecImage(frame.OutWidth, frame.OutHeight, frame.Components.Length, frame.Precision, samples)
        {
            Reduction = frame.Reduction,
            PhotometricInterpretation = frame.Components.Length == 3 && !frame.IsLossless ? "RGB" : null,
        };
    }

    /// <summary>The image of sequential scans of single components, or of progressive ones.</summary>
    private byte[] Render<T>(JpegFrame frame, JpegPlane<T>[]? planes)
        where T : unmanaged, IBinaryInteger<T>
    {
        if (planes is not null)
        {
            var whole = new JpegOutput<T>(frame, planes, IsYcc(frame));
            whole.WriteTo(frame.Height);
            return whole.Samples;
        }

        planes = Planes<T>(frame, OutputRows);
        var output = new JpegOutput<T>(frame, planes, IsYcc(frame));
        for (var row = 0; row < frame.McusHigh; row++)
        {
            foreach (var c in frame.Components)
            {
                for (var y = row * c.Vertical; y < (row + 1) * c.Vertical; y++)
                {
                    for (var x = 0; x < c.BlocksWide; x++)
                    {
                        var block = _coefficients![c.Index].AsSpan(((y * c.BlocksWide) + x) * 64, 64);
                        var target = planes[c.Index].Block(y, x);
                        if (c.Reduced is { } reduced)
                        {
                            reduced.Transform(block, !block[1..].ContainsAnyExcept((short)0), y, x, MemoryMarshal.AsBytes(target));
                        }
                        else
                        {
                            InverseDct.Transform(block, c.Steps, frame.Precision, target, c.Stride);
                        }
                    }
                }
            }

            output.WriteTo((row + 1) * 8 * frame.MaxVertical);
        }

        return output.Samples;
    }

    private bool IsYcc(JpegFrame frame) => _hints.IsYcc(frame, _description.PhotometricInterpretation);
}
