using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace SecondOpinion.Dicom.Imaging.Codecs.Jpeg;

/// <summary>
/// Makes fewer samples of a block than the 64 that it holds, each the mean of those that it stands for: the inverse DCT (ITU-T T.81 A.3.3) and the averaging are one
/// product of matrices. Means are taken before samples are clamped to 8 bits, which is the only difference to averaging the decoded image.
/// </summary>
internal sealed class ReducedDct
{
    private readonly JpegComponent _component;

    // By column and by row: what each of the 8 basis functions adds to each mean.
    private readonly float[] _across; // [coefficient][sample], padded to 8 samples
    private readonly float[] _down; // [sample][coefficient], two samples at least
    private readonly float[] _steps = new float[64];
    private ushort[]? _stepsOf;

    public ReducedDct(JpegComponent component)
    {
        _component = component;
        var down = Means(component.BlockHeight);
        var across = Means(component.BlockWidth);
        _down = down;
        _across = new float[64];
        for (var k = 0; k < 8; k++)
        {
            for (var x = 0; x < component.BlockWidth; x++)
            {
                _across[(k * 8) + x] = across[(x * 8) + k];
            }
        }
    }

    /// <param name="block">64 coefficients in natural order.</param>
    /// <param name="isFlat">No coefficient but the first is other than zero.</param>
    /// <param name="row">Of the block in its component; those at the edges hold samples that are not the image's.</param>
    /// <param name="target">From the block's first sample on.</param>
    public void Transform(ReadOnlySpan<short> block, bool isFlat, int row, int column, Span<byte> target)
    {
        var c = _component;
        if ((column + 1) * 8 > c.Width || (row + 1) * 8 > c.Height)
        {
            AtEdge(block, Math.Clamp(c.Width - (column * 8), 1, 8), Math.Clamp(c.Height - (row * 8), 1, 8), target);
            return;
        }

        if (!ReferenceEquals(_stepsOf, c.Steps))
        {
            _stepsOf = c.Steps;
            for (var i = 0; i < 64; i++)
            {
                _steps[i] = c.Steps![i];
            }
        }

        if (isFlat || c.BlockWidth * c.BlockHeight == 1)
        {
            var sample = (byte)Math.Clamp((block[0] * _steps[0] / 8) + 128.5f, 0, 255);
            for (var y = 0; y < c.BlockHeight; y++)
            {
                target.Slice(y * c.Stride, c.BlockWidth).Fill(sample);
            }

            return;
        }

        // Two rows of samples at a time; of one row the second is not used.
        var (rows, columns) = Extent(block);
        for (var y = 0; y < c.BlockHeight; y += 2)
        {
            var (first, second) = Across(block, y, rows, columns);
            Write(first, target.Slice(y * c.Stride, c.BlockWidth));
            if (y + 1 < c.BlockHeight)
            {
                Write(second, target.Slice((y + 1) * c.Stride, c.BlockWidth));
            }
        }
    }

    /// <summary>Rows and columns of coefficients up to the last that holds other than zeros: few in most blocks.</summary>
    private static (int Rows, int Columns) Extent(ReadOnlySpan<short> block)
    {
        var seen = Vector128<short>.Zero;
        var rows = 0;
        for (var v = 0; v < 8; v++)
        {
            var coefficients = Vector128.Create(block.Slice(v * 8, 8));
            seen |= coefficients;
            rows = coefficients == Vector128<short>.Zero ? rows : v + 1;
        }

        return (rows, 32 - BitOperations.LeadingZeroCount((~Vector128.Equals(seen, Vector128<short>.Zero)).ExtractMostSignificantBits()));
    }

    /// <summary>Two rows of samples, with what makes the truncation to a byte a rounding.</summary>
    private (Vector256<float> First, Vector256<float> Second) Across(ReadOnlySpan<short> block, int y, int rows, int columns)
    {
        ref var coefficients = ref MemoryMarshal.GetReference(block);
        ref var steps = ref MemoryMarshal.GetArrayDataReference(_steps);
        ref var down = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_down), y * 8);
        var (first, second) = (Vector256<float>.Zero, Vector256<float>.Zero);
        for (nuint v = 0; v < (nuint)rows; v++)
        {
            var (low, high) = Vector128.Widen(Vector128.LoadUnsafe(ref coefficients, v * 8));
            var row = Vector256.ConvertToSingle(Vector256.Create(low, high)) * Vector256.LoadUnsafe(ref steps, v * 8);
            first = Vector256.MultiplyAddEstimate(row, Vector256.Create(Unsafe.Add(ref down, v)), first);
            second = Vector256.MultiplyAddEstimate(row, Vector256.Create(Unsafe.Add(ref down, v + 8)), second);
        }

        // The means of the columns, which are coefficients across still.
        var means = (First: first, Second: second);
        ref var ofFirst = ref Unsafe.As<Vector256<float>, float>(ref means.First);
        ref var ofSecond = ref Unsafe.As<Vector256<float>, float>(ref means.Second);
        ref var across = ref MemoryMarshal.GetArrayDataReference(_across);
        (first, second) = (Vector256.Create(128.5f), Vector256.Create(128.5f));
        for (nuint k = 0; k < (nuint)columns; k++)
        {
            var samples = Vector256.LoadUnsafe(ref across, k * 8);
            first = Vector256.MultiplyAddEstimate(Vector256.Create(Unsafe.Add(ref ofFirst, k)), samples, first);
            second = Vector256.MultiplyAddEstimate(Vector256.Create(Unsafe.Add(ref ofSecond, k)), samples, second);
        }

        return (first, second);
    }

    private static void Write(Vector256<float> sums, Span<byte> line)
    {
        var samples = Vector256.ConvertToInt32Native(Vector256.Min(Vector256.Max(sums, Vector256<float>.Zero), Vector256.Create(255f))).AsUInt32();
        var words = Vector128.Narrow(samples.GetLower(), samples.GetUpper());
        var bytes = Vector128.Narrow(words, words).AsUInt64().ToScalar();
        switch (line.Length)
        {
            case 8:
                BinaryPrimitives.WriteUInt64LittleEndian(line, bytes);
                break;
            case 4:
                BinaryPrimitives.WriteUInt32LittleEndian(line, (uint)bytes);
                break;
            case 2:
                BinaryPrimitives.WriteUInt16LittleEndian(line, (ushort)bytes);
                break;
            default:
                line[0] = (byte)bytes;
                break;
        }
    }

    /// <summary>A block of which only some samples are the image's: the mean of those.</summary>
    private void AtEdge(ReadOnlySpan<short> block, int width, int height, Span<byte> target)
    {
        var c = _component;
        Span<byte> samples = stackalloc byte[64];
        InverseDct.Transform(block, c.Steps, 8, samples, 8);
        var (wide, high) = (8 / c.BlockWidth, 8 / c.BlockHeight);
        for (var y = 0; y < c.BlockHeight; y++)
        {
            for (var x = 0; x < c.BlockWidth; x++)
            {
                var (sum, count) = (0, 0);
                for (var v = y * high; v < Math.Min(height, (y + 1) * high); v++)
                {
                    for (var h = x * wide; h < Math.Min(width, (x + 1) * wide); h++, count++)
                    {
                        sum += samples[(v * 8) + h];
                    }
                }

                target[(y * c.Stride) + x] = (byte)(count == 0 ? 0 : ((2 * sum) + count) / (2 * count));
            }
        }
    }

    private static float[] Means(int count)
    {
        var means = new float[Math.Max(2, count) * 8];
        var each = 8 / count;
        for (var i = 0; i < 8; i++)
        {
            for (var k = 0; k < 8; k++)
            {
                var value = (k == 0 ? Math.Sqrt(0.5) : 1) * Math.Cos(((2 * i) + 1) * k * Math.PI / 16) / 2;
                means[(i / each * 8) + k] += (float)(value / each);
            }
        }

        return means;
    }
}
