using System.Buffers.Binary;
using SecondOpinion.Dicom.Imaging.Codecs.Jpeg;

namespace SecondOpinion.Dicom.Imaging.Codecs.JpegLs;

/// <summary>Encodes JPEG-LS (ITU-T T.87) with default parameters; several components are interleaved by line.</summary>
internal sealed class JpegLsEncoder
{
    private readonly JpegLsModel _model;
    private readonly JpegLsBitWriter _output;
    private readonly int _width;

    private JpegLsEncoder(JpegLsParameters parameters, int width, JpegLsBitWriter output)
    {
        _model = new JpegLsModel(parameters);
        _width = width;
        _output = output;
    }

    /// <param name="samples">By pixel, little endian, one byte each up to 8 bits, otherwise two.</param>
    /// <param name="precision">Bits of a sample that count, 2 to 16; bits above are dropped.</param>
    /// <param name="near">How far a sample may be off; 0 is lossless.</param>
    public static byte[] Encode(ReadOnlySpan<byte> samples, int width, int height, int components, int precision, int near)
    {
        if (precision is < 2 or > 16 || components is < 1 or > 4)
        {
            throw CodecError.Unsupported($"JPEG-LS of {components} components of {precision} bits");
        }

        var parameters = JpegLsParameters.Of(precision, near, []);
        var bits = new JpegLsBitWriter(samples.Length / 2);
        var encoder = new JpegLsEncoder(parameters, width, bits);
        var lines = new JpegLsLines(width, components);
        var runIndex = new int[components];
        var mask = (1 << precision) - 1;
        for (var y = 0; y < height; y++)
        {
            lines.Next();
            for (var i = 0; i < components; i++)
            {
                Load(samples, (y * width * components) + i, components, precision, mask, lines.Current[i].AsSpan(1, width));
                encoder.EncodeLine(lines.Current[i], lines.Above[i], ref runIndex[i]);
            }
        }

        bits.Flush();
        return Assemble(bits.Written, width, height, components, precision, near);
    }

    private static byte[] Assemble(ReadOnlySpan<byte> scan, int width, int height, int components, int precision, int near)
    {
        var headers = new JpegBitWriter(256);
        var frame = new List<byte> { (byte)precision, (byte)(height >> 8), (byte)height, (byte)(width >> 8), (byte)width, (byte)components };
        var start = new List<byte> { (byte)components };
        for (var i = 1; i <= components; i++)
        {
            frame.AddRange([(byte)i, 0x11, 0]);
            start.AddRange([(byte)i, 0]);
        }

        start.AddRange([(byte)near, (byte)(components > 1 ? JpegLsInterleave.Line : JpegLsInterleave.None), 0]);
        headers.Marker(JpegMarker.SOI);
        headers.Segment(JpegMarker.SOF55, [.. frame]);
        headers.Segment(JpegMarker.SOS, [.. start]);
        return [.. headers.ToArray(), .. scan, 0xFF, JpegMarker.EOI];
    }

    private static void Load(ReadOnlySpan<byte> samples, int at, int step, int precision, int mask, Span<int> line)
    {
        foreach (ref var value in line)
        {
            value = (precision <= 8 ? samples[at] : BinaryPrimitives.ReadUInt16LittleEndian(samples[(2 * at)..])) & mask;
            at += step;
        }
    }

    /// <summary>Encodes a line and leaves what a decoder will see in it.</summary>
    private void EncodeLine(int[] line, int[] above, ref int runIndex)
    {
        var x = 1;
        while (x <= _width)
        {
            var ra = line[x - 1];
            var rb = above[x];
            var rc = above[x - 1];
            var context = _model.ContextOf(ra, rb, rc, above[x + 1]);
            if (context != 0)
            {
                line[x] = EncodeRegular(context, line[x], ra, rb, rc);
                x++;
                continue;
            }

            var run = 0;
            while (x + run <= _width && Math.Abs(line[x + run] - ra) <= _model.Near)
            {
                line[x + run] = ra;
                run++;
            }

            EncodeRun(run, x + run > _width, ref runIndex);
            x += run;
            if (x <= _width)
            {
                line[x] = EncodeInterruption(line[x], ra, above[x], runIndex);
                runIndex = Math.Max(0, runIndex - 1);
                x++;
            }
        }
    }

    /// <summary>T.87 A.4 to A.6.</summary>
    private int EncodeRegular(int signedContext, int value, int ra, int rb, int rc)
    {
        ref var context = ref _model[signedContext];
        var sign = signedContext >> 31; // 0 or -1: (v ^ sign) - sign negates
        var prediction = _model.Predict(ra, rb, rc, (context.C ^ sign) - sign);
        var error = _model.Reduce(((value - prediction) ^ sign) - sign);
        var k = context.Golomb();
        var coded = _model.IsInverted(context, k) ? ~error : error;
        _output.Golomb((coded << 1) ^ (coded >> 31), k, _model.Limit, _model.ErrorBits);
        _model.Update(ref context, error);
        return _model.Near == 0 ? value : _model.Reconstruct(prediction, (error ^ sign) - sign);
    }

    /// <summary>T.87 A.7.1.2.</summary>
    private void EncodeRun(int length, bool toEnd, ref int runIndex)
    {
        while (length >= 1 << JpegLsModel.J[runIndex])
        {
            _output.Bits(1, 1);
            length -= 1 << JpegLsModel.J[runIndex];
            runIndex = Math.Min(31, runIndex + 1);
        }

        if (!toEnd)
        {
            _output.Bits(length, JpegLsModel.J[runIndex] + 1); // a zero, then the rest
        }
        else if (length > 0)
        {
            _output.Bits(1, 1);
        }
    }

    /// <summary>T.87 A.7.2.</summary>
    private int EncodeInterruption(int value, int ra, int rb, int runIndex)
    {
        var type = Math.Abs(ra - rb) <= _model.Near ? 1 : 0;
        var prediction = type == 1 ? ra : rb;
        var sign = type == 0 && ra > rb ? -1 : 1;
        var error = _model.Reduce(sign * (value - prediction));
        var k = _model.GolombOfInterruption(type);
        var mapped = _model.MapInterruption(type, k, error);
        _output.Golomb(mapped, k, _model.Limit - JpegLsModel.J[runIndex] - 1, _model.ErrorBits);
        _model.UpdateInterruption(type, error, mapped);
        return _model.Near == 0 ? value : _model.Reconstruct(prediction, sign * error);
    }
}
