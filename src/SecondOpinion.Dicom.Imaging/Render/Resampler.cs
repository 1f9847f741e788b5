using System.Numerics;
using System.Runtime.InteropServices;

namespace SecondOpinion.Dicom.Imaging;

/// <summary>Crops, scales and flips: the average of the covered area when it makes smaller, cubic (Catmull-Rom) when it makes larger.</summary>
internal static class Resampler
{
    /// <param name="x">Left edge of the part, in pixels of the source.</param>
    /// <param name="outWidth">Of the result.</param>
    /// <param name="ofMeans">Pixels of the source are means of several, that a part of one need not have: its neighbours say which way it rises.</param>
    public static RenderedImage Apply(
        RenderedImage source, double x, double y, double width, double height, int outWidth, int outHeight, bool flipX, bool flipY, bool ofMeans = false)
    {
        var channels = source.Channels;
        var columns = Taps.Of(x, width, source.Width, outWidth, flipX, ofMeans);
        var rows = Taps.Of(y, height, source.Height, outHeight, flipY, ofMeans);
        var deep = source.BitsPerSample == 16;
        var result = new byte[outWidth * outHeight * channels * (deep ? 2 : 1)];
        var line = new float[source.Width * channels];
        var (left, right) = (columns.First * channels, columns.End * channels); // of a small part of a wide image no more than that is read
        for (var row = 0; row < outHeight; row++)
        {
            line.AsSpan(left, right - left).Clear();
            var (first, weights) = rows[row];
            for (var t = 0; t < weights.Length; t++)
            {
                var from = source.Data.AsSpan((first + t) * source.Stride, source.Stride);
                if (deep)
                {
                    Add(MemoryMarshal.Cast<byte, ushort>(from)[left..right], weights[t], line.AsSpan(left, right - left));
                }
                else
                {
                    Add(from[left..right], weights[t], line.AsSpan(left, right - left));
                }
            }

            if (deep)
            {
                Across(line, columns, channels, MemoryMarshal.Cast<byte, ushort>(result.AsSpan(row * outWidth * channels * 2, outWidth * channels * 2)));
            }
            else
            {
                Across(line, columns, channels, result.AsSpan(row * outWidth * channels, outWidth * channels));
            }
        }

        return new RenderedImage(outWidth, outHeight, channels, source.BitsPerSample, result);
    }

    private static void Add(ReadOnlySpan<byte> from, float weight, Span<float> line)
    {
        var i = 0;
        var lane = Vector<float>.Count;
        if (Vector.IsHardwareAccelerated)
        {
            for (; i + Vector<byte>.Count <= from.Length; i += Vector<byte>.Count)
            {
                Vector.Widen(new Vector<byte>(from[i..]), out var low, out var high);
                AddWords(low, weight, line.Slice(i, lane * 2));
                AddWords(high, weight, line.Slice(i + (lane * 2), lane * 2));
            }
        }

        for (; i < from.Length; i++)
        {
            line[i] += from[i] * weight;
        }
    }

    private static void Add(ReadOnlySpan<ushort> from, float weight, Span<float> line)
    {
        var i = 0;
        for (; Vector.IsHardwareAccelerated && i + Vector<ushort>.Count <= from.Length; i += Vector<ushort>.Count)
        {
            AddWords(new Vector<ushort>(from[i..]), weight, line.Slice(i, Vector<ushort>.Count));
        }

        for (; i < from.Length; i++)
        {
            line[i] += from[i] * weight;
        }
    }

    private static void AddWords(Vector<ushort> words, float weight, Span<float> line)
    {
        Vector.Widen(words, out var low, out var high);
        var second = line[Vector<float>.Count..];
        (new Vector<float>(line) + (Vector.ConvertToSingle(Vector.AsVectorInt32(low)) * weight)).CopyTo(line);
        (new Vector<float>(second) + (Vector.ConvertToSingle(Vector.AsVectorInt32(high)) * weight)).CopyTo(second);
    }

    private static void Across<T>(ReadOnlySpan<float> line, Taps columns, int channels, Span<T> to)
        where T : unmanaged, INumber<T>
    {
        var limit = typeof(T) == typeof(byte) ? 255f : 65535f;
        var at = 0;
        for (var column = 0; column < columns.Count; column++)
        {
            var (first, weights) = columns[column];
            for (var c = 0; c < channels; c++)
            {
                var sum = 0.5f;
                var from = (first * channels) + c;
                foreach (var weight in weights)
                {
                    sum += line[from] * weight;
                    from += channels;
                }

                to[at++] = T.CreateTruncating(Math.Clamp(sum, 0f, limit));
            }
        }
    }

    /// <summary>For each output position the source positions that make it, and their weights, which sum to 1.</summary>
    private sealed class Taps
    {
        private readonly int[] _first;
        private readonly int[] _length;
        private readonly float[] _weights;
        private readonly int _support;

        private Taps(int count, int support)
        {
            _first = new int[count];
            _length = new int[count];
            _weights = new float[(long)count * support];
            _support = support;
        }

        public int Count => _first.Length;

        /// <summary>The first source position that has a weight, and the one after the last.</summary>
        public int First => Math.Min(_first[0], _first[^1]);

        public int End => Math.Max(_first[0] + _length[0], _first[^1] + _length[^1]);

        public (int First, WeightSlice Weights) this[int at] => (_first[at], new WeightSlice(_weights, at * _support, _length[at]));

        public static Taps Of(double start, double length, int size, int count, bool flip, bool ofMeans)
        {
            var scale = length / count;
            var taps = new Taps(count, scale > 1 ? (int)Math.Ceiling(scale) + 4 : 4);
            for (var i = 0; i < count; i++)
            {
                var position = flip ? count - 1 - i : i;
                if (scale > 1)
                {
                    taps.Area(i, start + (position * scale), start + ((position + 1) * scale), size, ofMeans);
                }
                else
                {
                    taps.Cubic(i, start + ((position + 0.5) * scale) - 0.5, size);
                }
            }

            return taps;
        }

        private void Area(int at, double low, double high, int size, bool ofMeans)
        {
            var first = Math.Clamp((int)Math.Floor(low), 0, size - 1);
            var last = Math.Clamp((int)Math.Ceiling(high) - 1, first, Math.Min(size - 1, first + _support - 3));
            var start = ofMeans ? Math.Max(0, first - 1) : first;
            var weights = _weights.AsSpan(at * _support, (ofMeans ? Math.Min(size - 1, last + 1) : last) - start + 1);
            for (var i = first; i <= last; i++)
            {
                var part = Math.Max(0, Math.Min(high, i + 1) - Math.Max(low, i));
                weights[i - start] += (float)part;
                if (ofMeans && part is > 0 and < 1 && i > 0 && i < size - 1)
                {
                    // The part's mean is that of the pixel, and what a slope through the neighbours adds between the two centres.
                    var slope = (float)(part * (((Math.Max(low, i) + Math.Min(high, i + 1)) / 2) - (i + 0.5)) / 2);
                    weights[i + 1 - start] += slope;
                    weights[i - 1 - start] -= slope;
                }
            }

            Finish(at, start, weights);
        }

        private void Cubic(int at, double center, int size)
        {
            var floor = (int)Math.Floor(center);
            var first = Math.Clamp(floor - 1, 0, size - 1);
            var last = Math.Clamp(floor + 2, 0, size - 1);
            var weights = _weights.AsSpan(at * _support, last - first + 1);
            for (var i = floor - 1; i <= floor + 2; i++)
            {
                // Beyond the edge the edge's pixel counts.
                weights[Math.Clamp(i, first, last) - first] += (float)CatmullRom(Math.Abs(center - i));
            }

            Finish(at, first, weights);
        }

        private void Finish(int at, int first, Span<float> weights)
        {
            var sum = 0f;
            foreach (var weight in weights)
            {
                sum += weight;
            }

            if (sum <= 0)
            {
                weights[0] = 1;
                weights = weights[..1];
                sum = 1;
            }

            foreach (ref var weight in weights)
            {
                weight /= sum;
            }

            _first[at] = first;
            _length[at] = weights.Length;
        }

        private static double CatmullRom(double t) =>
            t < 1 ? (((1.5 * t) - 2.5) * t * t) + 1 : t < 2 ? (((((-0.5 * t) + 2.5) * t) - 4) * t) + 2 : 0;
    }

    /// <summary>The weights of one output position.</summary>
    [StructLayout(LayoutKind.Auto)]
    private readonly struct WeightSlice(float[] all, int start, int length)
    {
        public int Length => length;

        public float this[int index] => all[start + index];

        public ReadOnlySpan<float>.Enumerator GetEnumerator() => new ReadOnlySpan<float>(all, start, length).GetEnumerator();
    }
}
