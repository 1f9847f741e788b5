using System.Runtime.CompilerServices;

namespace SecondOpinion.Dicom.Imaging.Codecs.JpegLs;

/// <summary>Contexts, prediction and adaptation that encoder and decoder share (ITU-T T.87 Annex A). One instance serves one scan.</summary>
internal sealed class JpegLsModel
{
    private const int Contexts = 365;
    private const int MinC = -128; // T.87 A.2.1
    private const int MaxC = 127;

    private readonly JpegLsParameters _p;
    private readonly sbyte[] _quantized;
    private readonly int[] _a = new int[Contexts + 2]; // the last two are for run interruptions
    private readonly int[] _b = new int[Contexts];
    private readonly int[] _c = new int[Contexts];
    private readonly int[] _n = new int[Contexts + 2];
    private readonly int[] _negative = new int[2]; // Nn
    private readonly int _range;
    private readonly int _step;
    private readonly int _near;
    private readonly int _maxVal;

    public JpegLsModel(JpegLsParameters parameters)
    {
        _p = parameters;
        _range = parameters.Range;
        _near = parameters.Near;
        _step = (2 * _near) + 1;
        _maxVal = parameters.MaxVal;
        _quantized = new sbyte[(2 * _maxVal) + 1];
        for (var i = 0; i < _quantized.Length; i++)
        {
            _quantized[i] = QuantizeGradient(i - _maxVal);
        }

        Limit = parameters.Limit;
        ErrorBits = parameters.ErrorBits;
        Reset();
    }

    public int Limit { get; }

    public int ErrorBits { get; }

    public int Step => _step;

    public int Near => _near;

    /// <summary>J (T.87 A.2.1): logarithms of run lengths.</summary>
    public static ReadOnlySpan<byte> J => [0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 9, 10, 11, 12, 13, 14, 15];

    /// <summary>Contexts as at the start of a scan or of a restart interval (T.87 A.2.1).</summary>
    public void Reset()
    {
        _a.AsSpan().Fill(Math.Max(2, (_range + 32) / 64));
        _n.AsSpan().Fill(1);
        _b.AsSpan().Clear();
        _c.AsSpan().Clear();
        _negative.AsSpan().Clear();
    }

    /// <summary>The context with its sign; 0 is run mode (T.87 A.3.2 to A.3.4).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int ContextOf(int ra, int rb, int rc, int rd)
    {
        var q = _quantized;
        return (((q[rd - rb + _maxVal] * 9) + q[rb - rc + _maxVal]) * 9) + q[rc - ra + _maxVal];
    }

    /// <summary>The edge-detecting prediction, corrected by the context's bias (T.87 A.4).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Predict(int ra, int rb, int rc, int context, int sign)
    {
        var low = Math.Min(ra, rb);
        var high = Math.Max(ra, rb);
        var px = rc >= high ? low : rc <= low ? high : ra + rb - rc;
        return Math.Clamp(px + (sign * _c[context]), 0, _maxVal);
    }

    /// <summary>k of the Golomb code (T.87 A.5.1).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Golomb(int context)
    {
        return GolombFor(_n[context], _a[context]);
    }

    /// <summary>The code's sense is inverted for this context (T.87 A.5.2).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsInverted(int context, int k) => k == 0 && _near == 0 && 2 * _b[context] <= -_n[context];

    /// <summary>T.87 A.6.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Update(int context, int error)
    {
        ref var a = ref _a[context];
        ref var b = ref _b[context];
        ref var n = ref _n[context];
        a += Math.Abs(error);
        b += error * _step;
        if (n == _p.Reset)
        {
            a >>= 1;
            b >>= 1;
            n >>= 1;
        }

        n++;
        if (b <= -n)
        {
            b = Math.Max(b + n, 1 - n);
            _c[context] = Math.Max(_c[context] - 1, MinC);
        }
        else if (b > 0)
        {
            b = Math.Min(b - n, 0);
            _c[context] = Math.Min(_c[context] + 1, MaxC);
        }
    }

    /// <summary>A sample from its prediction and error, which may have been taken modulo RANGE (T.87 A.4.5).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Reconstruct(int prediction, int error)
    {
        var value = prediction + (error * _step);
        if (value < -_near)
        {
            value += _range * _step;
        }
        else if (value > _maxVal + _near)
        {
            value -= _range * _step;
        }

        return Math.Clamp(value, 0, _maxVal);
    }

    /// <summary>The error of a sample, quantized when near-lossless and reduced modulo RANGE (T.87 A.4.4, A.4.5).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Reduce(int error)
    {
        if (_near > 0)
        {
            error = error > 0 ? (error + _near) / _step : -((_near - error) / _step);
        }

        if (error < 0)
        {
            error += _range;
        }

        return error >= (_range + 1) / 2 ? error - _range : error;
    }

    /// <summary>k of a run interruption (T.87 A.7.2.1).</summary>
    public int GolombOfInterruption(int type)
    {
        var n = _n[Contexts + type];
        var temp = type == 0 ? _a[Contexts] : _a[Contexts + 1] + (n >> 1);
        return GolombFor(n, temp);
    }

    /// <summary>From EMErrval back to the error (T.87 A.7.2.1).</summary>
    public int ErrorOfInterruption(int type, int k, int mapped)
    {
        var value = mapped + type;
        var map = value & 1;
        var magnitude = (value + map) / 2;
        var negative = (k != 0 || 2 * _negative[type] >= _n[Contexts + type]) == (map != 0);
        return negative ? -magnitude : magnitude;
    }

    /// <summary>EMErrval (T.87 A.7.2.1).</summary>
    public int MapInterruption(int type, int k, int error)
    {
        var map = (k == 0 && error > 0 && 2 * _negative[type] < _n[Contexts + type])
            || (error < 0 && (2 * _negative[type] >= _n[Contexts + type] || k != 0));
        return (2 * Math.Abs(error)) - type - (map ? 1 : 0);
    }

    /// <summary>T.87 A.7.2.2.</summary>
    public void UpdateInterruption(int type, int error, int mapped)
    {
        ref var a = ref _a[Contexts + type];
        ref var n = ref _n[Contexts + type];
        if (error < 0)
        {
            _negative[type]++;
        }

        a += (mapped + 1 - type) >> 1;
        if (n == _p.Reset)
        {
            a >>= 1;
            n >>= 1;
            _negative[type] >>= 1;
        }

        n++;
    }

    private static int GolombFor(long n, int a)
    {
        var k = 0;
        while (n << k < a)
        {
            k++;
        }

        return k;
    }

    /// <summary>T.87 A.3.3.</summary>
    private sbyte QuantizeGradient(int d)
    {
        var magnitude = Math.Abs(d);
        var q = magnitude <= _near ? 0 : magnitude < _p.T1 ? 1 : magnitude < _p.T2 ? 2 : magnitude < _p.T3 ? 3 : 4;
        return (sbyte)(d < 0 ? -q : q);
    }
}
