using System.Runtime.CompilerServices;

namespace SecondOpinion.Dicom.Imaging.Codecs.JpegLs;

/// <summary>Order of components in a scan (ITU-T T.87 Table C.1).</summary>
internal enum JpegLsInterleave
{
    None = 0,
    Line = 1,
    Sample = 2,
}

/// <summary>
/// Decodes lines of a scan (ITU-T T.87 Annex A, Annex B for several components).
/// </summary>
internal ref struct JpegLsScanDecoder
{
    private readonly JpegLsModel _model;
    private readonly int _width;
    private readonly int[] _runIndex;
    private readonly JpegLsLines _lines;
    private JpegLsBitReader _reader;

    public JpegLsScanDecoder(ReadOnlySpan<byte> data, int position, JpegLsParameters parameters, int width, int components)
    {
        _model = new JpegLsModel(parameters);
        _width = width;
        _runIndex = new int[components];
        _lines = new JpegLsLines(width, components);
        _reader = new JpegLsBitReader(data, position);
    }

    public readonly int Position => _reader.Position;

    /// <summary>Decodes the next line of every component; the samples are valid until the next call.</summary>
    public int[][] Next(JpegLsInterleave interleave)
    {
        _lines.Next();
        var (lines, above) = (_lines.Current, _lines.Above);
        if (interleave == JpegLsInterleave.Sample)
        {
            DecodeBySample(lines, above);
        }
        else
        {
            for (var i = 0; i < lines.Length; i++)
            {
                DecodeLine(lines[i], above[i], ref _runIndex[i]);
            }
        }

        return _reader.Overrun ? throw CodecError.Truncated("JPEG-LS scan") : lines;
    }

    /// <summary>Starts a restart interval (T.87 A.8, T.81 F.2.1.3.1).</summary>
    public void Restart()
    {
        _reader.Restart();
        _model.Reset();
        _runIndex.AsSpan().Clear();
        _lines.Restart();
    }

    private void DecodeLine(int[] line, int[] above, ref int runIndex)
    {
        _reader.Take(out var bits, out var count);
        var x = 1;
        while (x <= _width)
        {
            var ra = line[x - 1];
            var rb = above[x];
            var rc = above[x - 1];
            var context = _model.ContextOf(ra, rb, rc, above[x + 1]);
            if (context != 0)
            {
                line[x++] = DecodeRegular(context, ra, rb, rc, ref bits, ref count);
                continue;
            }

            _reader.Put(bits, count);
            var run = DecodeRun(_width - x + 1, ref runIndex);
            line.AsSpan(x, run).Fill(ra);
            x += run;
            if (x <= _width)
            {
                line[x] = DecodeInterruption(ra, above[x], Math.Abs(ra - above[x]) <= _model.Near ? 1 : 0, runIndex);
                runIndex = Math.Max(0, runIndex - 1);
                x++;
            }

            _reader.Take(out bits, out count);
        }

        _reader.Put(bits, count);
    }

    /// <summary>T.87 B.4: a run only when every component has context 0, and it ends for all at once.</summary>
    private void DecodeBySample(int[][] lines, int[][] above)
    {
        var n = lines.Length;
        Span<int> contexts = stackalloc int[4];
        var x = 1;
        while (x <= _width)
        {
            var all = 0;
            for (var i = 0; i < n; i++)
            {
                contexts[i] = _model.ContextOf(lines[i][x - 1], above[i][x], above[i][x - 1], above[i][x + 1]);
                all |= contexts[i];
            }

            if (all != 0)
            {
                _reader.Take(out var bits, out var count);
                for (var i = 0; i < n; i++)
                {
                    lines[i][x] = DecodeRegular(contexts[i], lines[i][x - 1], above[i][x], above[i][x - 1], ref bits, ref count);
                }

                _reader.Put(bits, count);

                x++;
                continue;
            }

            var run = DecodeRun(_width - x + 1, ref _runIndex[0]);
            for (var i = 0; i < n; i++)
            {
                lines[i].AsSpan(x, run).Fill(lines[i][x - 1]);
            }

            x += run;
            if (x <= _width)
            {
                for (var i = 0; i < n; i++)
                {
                    lines[i][x] = DecodeInterruption(lines[i][x - 1], above[i][x], 0, _runIndex[0]);
                }

                _runIndex[0] = Math.Max(0, _runIndex[0] - 1);
                x++;
            }
        }
    }

    /// <summary>T.87 A.4 to A.6.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int DecodeRegular(int signedContext, int ra, int rb, int rc, ref ulong bits, ref int count)
    {
        ref var context = ref _model[signedContext];
        var sign = signedContext >> 31; // 0 or -1: (v ^ sign) - sign negates
        var prediction = _model.Predict(ra, rb, rc, (context.C ^ sign) - sign);
        var k = context.Golomb();
        if (k > 16)
        {
            throw CodecError.Invalid("JPEG-LS context out of range");
        }

        var mapped = _reader.ReadGolomb(ref bits, ref count, k, _model.Limit, _model.ErrorBits);
        if (mapped > 2 * 65535)
        {
            throw CodecError.Invalid("JPEG-LS error out of range");
        }

        var error = (mapped >> 1) ^ -(mapped & 1);
        if (_model.IsInverted(context, k))
        {
            error = ~error;
        }

        _model.Update(ref context, error);
        return _model.Reconstruct(prediction, (error ^ sign) - sign);
    }

    /// <summary>The length of a run (T.87 A.7.1.2).</summary>
    private int DecodeRun(int left, ref int runIndex)
    {
        var length = 0;
        while (_reader.ReadBit())
        {
            var step = 1 << JpegLsModel.J[runIndex];
            var count = Math.Min(step, left - length);
            length += count;
            if (count == step)
            {
                runIndex = Math.Min(31, runIndex + 1);
            }

            if (length == left)
            {
                return length;
            }
        }

        length += _reader.Read(JpegLsModel.J[runIndex]);
        return length <= left ? length : throw CodecError.Invalid("JPEG-LS run beyond its line");
    }

    /// <summary>The sample that ends a run (T.87 A.7.2).</summary>
    private int DecodeInterruption(int ra, int rb, int type, int runIndex)
    {
        var k = _model.GolombOfInterruption(type);
        if (k > 16)
        {
            throw CodecError.Invalid("JPEG-LS context out of range");
        }

        var mapped = _reader.ReadGolomb(k, _model.Limit - JpegLsModel.J[runIndex] - 1, _model.ErrorBits);
        var error = _model.ErrorOfInterruption(type, k, mapped);
        _model.UpdateInterruption(type, error, mapped);
        return type == 1 ? _model.Reconstruct(ra, error) : _model.Reconstruct(rb, ra > rb ? -error : error);
    }
}
