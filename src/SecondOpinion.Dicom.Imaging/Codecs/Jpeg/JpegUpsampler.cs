using System.Numerics;

namespace SecondOpinion.Dicom.Imaging.Codecs.Jpeg;

/// <summary>
/// Lines of a component at the frame's resolution (ITU-T T.81 A.1.1). Chrominance at half resolution is interpolated with a triangle filter,
/// rounded as the Independent JPEG Group's decoder does; other factors repeat samples.
/// </summary>
internal sealed class JpegUpsampler<T>
    where T : unmanaged, IBinaryInteger<T>
{
    private readonly JpegComponent _component;
    private readonly T[] _plane;
    private readonly T[] _line;
    private readonly int[] _sums;
    private readonly int _maxHorizontal;
    private readonly int _maxVertical;
    private readonly bool _smoothHorizontal;
    private readonly bool _smoothVertical;

    public JpegUpsampler(JpegFrame frame, JpegComponent component, T[] plane)
    {
        _component = component;
        _plane = plane;
        _maxHorizontal = frame.MaxHorizontal;
        _maxVertical = frame.MaxVertical;
        var half = component.Horizontal * 2 == _maxHorizontal;
        _smoothVertical = component.Vertical * 2 == _maxVertical && (component.Horizontal == _maxHorizontal || (half && component.Width > 2));
        _smoothHorizontal = half && component.Width > 2 && (component.Vertical == _maxVertical || _smoothVertical);
        var same = component.Horizontal == _maxHorizontal && component.Vertical == _maxVertical;
        _line = same ? [] : new T[frame.Width + 1];
        _sums = _smoothVertical ? new int[component.Width] : [];
    }

    /// <summary>At least the frame's width of samples; valid until the next call.</summary>
    public ReadOnlySpan<T> Line(int y)
    {
        var c = _component;
        if (_line.Length == 0)
        {
            return _plane.AsSpan(y * c.Stride, c.Stride);
        }

        if (_smoothVertical)
        {
            SmoothDown(y);
        }
        else
        {
            var source = _plane.AsSpan(y * c.Vertical / _maxVertical * c.Stride, c.Stride);
            if (_smoothHorizontal)
            {
                SmoothAcross(source[..c.Width]);
            }
            else
            {
                for (var x = 0; x < _line.Length - 1; x++)
                {
                    _line[x] = source[x * c.Horizontal / _maxHorizontal];
                }
            }
        }

        return _line;
    }

    /// <summary>Three quarters of the nearer sample and a quarter of the further one; rounding alternates.</summary>
    private void SmoothAcross(ReadOnlySpan<T> source)
    {
        for (var x = 0; x < source.Length; x++)
        {
            var value = int.CreateTruncating(source[x]);
            var left = x == 0 ? value : ((value * 3) + int.CreateTruncating(source[x - 1]) + 1) >> 2;
            var right = x == source.Length - 1 ? value : ((value * 3) + int.CreateTruncating(source[x + 1]) + 2) >> 2;
            Put(x, left, right);
        }
    }

    private void SmoothDown(int y)
    {
        var c = _component;
        var near = y >> 1;
        var far = Math.Clamp((y & 1) == 0 ? near - 1 : near + 1, 0, c.Height - 1);
        var first = _plane.AsSpan(near * c.Stride, c.Width);
        var second = _plane.AsSpan(far * c.Stride, c.Width);
        var sums = _sums;
        for (var x = 0; x < sums.Length; x++)
        {
            sums[x] = (int.CreateTruncating(first[x]) * 3) + int.CreateTruncating(second[x]);
        }

        if (!_smoothHorizontal)
        {
            var bias = (y & 1) == 0 ? 1 : 2;
            for (var x = 0; x < _line.Length - 1; x++)
            {
                _line[x] = T.CreateTruncating((sums[x] + bias) >> 2);
            }

            return;
        }

        for (var x = 0; x < sums.Length; x++)
        {
            var left = x == 0 ? ((sums[0] * 4) + 8) >> 4 : ((sums[x] * 3) + sums[x - 1] + 8) >> 4;
            var right = x == sums.Length - 1 ? ((sums[x] * 4) + 7) >> 4 : ((sums[x] * 3) + sums[x + 1] + 7) >> 4;
            Put(x, left, right);
        }
    }

    private void Put(int x, int left, int right)
    {
        var at = x * 2;
        _line[at] = T.CreateTruncating(left);
        if (at + 1 < _line.Length)
        {
            _line[at + 1] = T.CreateTruncating(right);
        }
    }
}
