using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace SecondOpinion.Dicom.Imaging.Codecs.Jpeg;

/// <summary>
/// Lines of a component at the frame's resolution (ITU-T T.81 A.1.1). Chrominance at half resolution is interpolated with a triangle filter,
/// rounded as the Independent JPEG Group's decoder does; other factors repeat samples.
/// </summary>
internal sealed class JpegUpsampler<T>
    where T : unmanaged, IBinaryInteger<T>
{
    private readonly JpegComponent _component;
    private readonly JpegPlane<T> _plane;
    private readonly T[] _line;
    private readonly ushort[] _sums; // one more at each end
    private readonly int _maxHorizontal;
    private readonly int _maxVertical;
    private readonly bool _smoothHorizontal;
    private readonly bool _smoothVertical;

    public JpegUpsampler(JpegFrame frame, JpegComponent component, JpegPlane<T> plane)
    {
        _component = component;
        _plane = plane;
        _line = [];
        _sums = [];
        if (frame.Reduction > 1)
        {
            return; // components have the image's size already
        }

        _maxHorizontal = frame.MaxHorizontal;
        _maxVertical = frame.MaxVertical;
        var half = component.Horizontal * 2 == _maxHorizontal;
        _smoothVertical = component.Vertical * 2 == _maxVertical && (component.Horizontal == _maxHorizontal || (half && component.Width > 2));
        _smoothHorizontal = half && component.Width > 2 && (component.Vertical == _maxVertical || _smoothVertical);
        var same = component.Horizontal == _maxHorizontal && component.Vertical == _maxVertical;
        _line = same ? [] : new T[_smoothHorizontal ? 2 * component.Width : frame.Width];
        _sums = new ushort[_smoothVertical || _smoothHorizontal ? component.Width + 2 : 0];
    }

    /// <summary>A line needs samples of the one below.</summary>
    public bool LooksBelow => _smoothVertical;

    /// <summary>At least the frame's width of samples; valid until the next call.</summary>
    public ReadOnlySpan<T> Line(int y)
    {
        var c = _component;
        if (_line.Length == 0)
        {
            return _plane.Line(y);
        }

        if (_smoothVertical)
        {
            SumDown(y);
            if (_smoothHorizontal)
            {
                SmoothAcross(8, 7, 4);
            }
            else
            {
                var bias = (y & 1) == 0 ? 1 : 2;
                for (var x = 0; x < c.Width; x++)
                {
                    _line[x] = T.CreateTruncating((_sums[x + 1] + bias) >> 2);
                }
            }
        }
        else if (_smoothHorizontal)
        {
            var source = _plane.Line(y * c.Vertical / _maxVertical)[..c.Width];
            for (var x = 0; x < source.Length; x++)
            {
                _sums[x + 1] = ushort.CreateTruncating(source[x]);
            }

            SmoothAcross(1, 2, 2);
        }
        else
        {
            var source = _plane.Line(y * c.Vertical / _maxVertical);
            for (var x = 0; x < _line.Length; x++)
            {
                _line[x] = source[x * c.Horizontal / _maxHorizontal];
            }
        }

        return _line;
    }

    /// <summary>Three times the nearer line and the further one.</summary>
    private void SumDown(int y)
    {
        var c = _component;
        var near = y >> 1;
        var far = Math.Clamp((y & 1) == 0 ? near - 1 : near + 1, 0, c.Height - 1);
        var first = _plane.Line(near)[..c.Width];
        var second = _plane.Line(far)[..c.Width];
        var sums = _sums.AsSpan(1, c.Width);
        var x = 0;
        if (typeof(T) == typeof(byte))
        {
            var a = MemoryMarshal.AsBytes(first);
            var b = MemoryMarshal.AsBytes(second);
            for (; x + 16 <= sums.Length; x += 16)
            {
                ((Widened(a, x) * 3) + Widened(b, x)).CopyTo(sums[x..]);
            }
        }

        for (; x < sums.Length; x++)
        {
            sums[x] = (ushort)((int.CreateTruncating(first[x]) * 3) + int.CreateTruncating(second[x]));
        }
    }

    /// <summary>Three quarters of the nearer sample and a quarter of the further one, at the edges the nearer one alone; rounding alternates.</summary>
    private void SmoothAcross(int leftBias, int rightBias, int shift)
    {
        var sums = _sums.AsSpan();
        var count = sums.Length - 2;
        sums[0] = sums[1];
        sums[count + 1] = sums[count];
        var x = 0;
        if (typeof(T) == typeof(byte))
        {
            var pairs = MemoryMarshal.Cast<T, ushort>(_line.AsSpan()); // left and right of each
            var (left, right) = (Vector256.Create((ushort)leftBias), Vector256.Create((ushort)rightBias));
            for (; x + 16 <= count; x += 16)
            {
                var near = Vector256.Create<ushort>(sums[(x + 1)..]) * 3;
                var first = (near + Vector256.Create<ushort>(sums[x..]) + left) >> shift;
                var second = (near + Vector256.Create<ushort>(sums[(x + 2)..]) + right) >> shift;
                (first | (second << 8)).CopyTo(pairs[x..]);
            }
        }

        for (; x < count; x++)
        {
            var near = sums[x + 1] * 3;
            _line[2 * x] = T.CreateTruncating((near + sums[x] + leftBias) >> shift);
            _line[(2 * x) + 1] = T.CreateTruncating((near + sums[x + 2] + rightBias) >> shift);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ushort> Widened(ReadOnlySpan<byte> source, int at)
    {
        var (low, high) = Vector128.Widen(Vector128.Create(source.Slice(at, 16)));
        return Vector256.Create(low, high);
    }
}
