using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SecondOpinion.Dicom.Imaging.Codecs.JpegLs;

/// <summary>Contexts, prediction and adaptation that encoder and decoder share (ITU-T T.87 Annex A). One instance serves one scan.</summary>
internal sealed class JpegLsModel
{
    private const int Contexts = 365;
    private const int MinC = -128; // T.87 A.2.1
    private const int MaxC = 127;

    private readonly sbyte[] _quantized;
    private readonly JpegLsContext[] _contexts = new JpegLsContext[Contexts];
    private readonly int[] _interruptionA = new int[2];
    private readonly int[] _interruptionN = new int[2];
    private readonly int[] _negative = new int[2]; // Nn
    private readonly int _reset;
    private readonly int _range;
    private readonly int _step;
    private readonly int _near;
    private readonly int _maxVal;
    private readonly int _unused; // bits of an int that a lossless error does not need, where RANGE is a power of two

    public JpegLsModel(JpegLsParameters parameters)
    {
        _reset = parameters.Reset;
        _range = parameters.Range;
        _near = parameters.Near;
        _step = (2 * _near) + 1;
        _maxVal = parameters.MaxVal;
        _unused = _near == 0 && BitOperations.IsPow2(_range) ? BitOperations.LeadingZeroCount((uint)_range) + 1 : 0;
        _quantized = new sbyte[(2 * _maxVal) + 1];
        for (var i = 0; i < _quantized.Length; i++)
        {
            _quantized[i] = QuantizeGradient(i - _maxVal, parameters);
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
        var a = Math.Max(2, (_range + 32) / 64);
        _contexts.AsSpan().Fill(new JpegLsContext { A = a, N = 1 });
        _interruptionA.AsSpan().Fill(a);
        _interruptionN.AsSpan().Fill(1);
        _negative.AsSpan().Clear();
    }

    /// <summary>The context with its sign; 0 is run mode (T.87 A.3.2 to A.3.4).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int ContextOf(int ra, int rb, int rc, int rd)
    {
        var q = _quantized;
        return (((q[rd - rb + _maxVal] * 9) + q[rb - rc + _maxVal]) * 9) + q[rc - ra + _maxVal];
    }

    /// <summary>The state of a context other than 0.</summary>
    public ref JpegLsContext this[int signedContext]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref _contexts[Magnitude(signedContext)];
    }

    /// <summary>The edge-detecting prediction, corrected by the context's bias (T.87 A.4).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Predict(int ra, int rb, int rc, int correction)
    {
        var low = Math.Min(ra, rb);
        var high = Math.Max(ra, rb);
        // ra + rb - rc lies between them unless rc lies outside.
        var px = Math.Min(Math.Max(ra + rb - rc, low), high);
        return Math.Min(Math.Max(px + correction, 0), _maxVal);
    }

    /// <summary>The code's sense is inverted for this context (T.87 A.5.2).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsInverted(in JpegLsContext context, int k) => k == 0 && _near == 0 && 2 * context.B <= -context.N;

    /// <summary>T.87 A.6, without branches: what an error does to the bias is as good as random.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Update(ref JpegLsContext context, int error)
    {
        var a = context.A + Magnitude(error);
        var b = context.B + (error * _step);
        var n = context.N;
        if (n == _reset)
        {
            a >>= 1;
            b >>= 1;
            n >>= 1;
        }

        n++;
        var low = (b + n - 1) >> 31; // -1 when b <= -n
        var high = -b >> 31; // -1 when b > 0
        b += (n & low) - (n & high);
        context.A = a;
        context.B = Math.Min(Math.Max(b, 1 - n), 0);
        context.C = Math.Min(Math.Max(context.C + low - high, MinC), MaxC);
        context.N = n;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Magnitude(int value) => (value ^ (value >> 31)) - (value >> 31);

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
        if (_unused > 0)
        {
            return error << _unused >> _unused; // modulo a power of two
        }

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
        var n = _interruptionN[type];
        return JpegLsContext.Golomb(n, _interruptionA[type] + (type == 0 ? 0 : n >> 1));
    }

    /// <summary>From EMErrval back to the error (T.87 A.7.2.1).</summary>
    public int ErrorOfInterruption(int type, int k, int mapped)
    {
        var value = mapped + type;
        var map = value & 1;
        var magnitude = (value + map) / 2;
        var negative = (k != 0 || 2 * _negative[type] >= _interruptionN[type]) == (map != 0);
        return negative ? -magnitude : magnitude;
    }

    /// <summary>EMErrval (T.87 A.7.2.1).</summary>
    public int MapInterruption(int type, int k, int error)
    {
        var map = (k == 0 && error > 0 && 2 * _negative[type] < _interruptionN[type])
            || (error < 0 && (2 * _negative[type] >= _interruptionN[type] || k != 0));
        return (2 * Math.Abs(error)) - type - (map ? 1 : 0);
    }

    /// <summary>T.87 A.7.2.2.</summary>
    public void UpdateInterruption(int type, int error, int mapped)
    {
        ref var a = ref _interruptionA[type];
        ref var n = ref _interruptionN[type];
        if (error < 0)
        {
            _negative[type]++;
        }

        a += (mapped + 1 - type) >> 1;
        if (n == _reset)
        {
            a >>= 1;
            n >>= 1;
            _negative[type] >>= 1;
        }

        n++;
    }

    /// <summary>T.87 A.3.3.</summary>
    private sbyte QuantizeGradient(int d, JpegLsParameters p)
    {
        var magnitude = Math.Abs(d);
        var q = magnitude <= _near ? 0 : magnitude < p.T1 ? 1 : magnitude < p.T2 ? 2 : magnitude < p.T3 ? 3 : 4;
        return (sbyte)(d < 0 ? -q : q);
    }
}

/// <summary>A, B, C, N of a context (T.87 A.2.1).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct JpegLsContext
{
    public int A;
    public int B;
    public int C;
    public int N;

    /// <summary>k of the Golomb code (T.87 A.5.1).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly int Golomb() => Golomb(N, A);

    /// <summary>The least k with n * 2^k not below a.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Golomb(int n, int a)
    {
        var k = Math.Max(0, BitOperations.LeadingZeroCount((uint)n) - BitOperations.LeadingZeroCount((uint)Math.Max(a, 0)));
        return (long)n << k < a ? k + 1 : k;
    }
}
