using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.Intrinsics;

namespace SecondOpinion.Dicom.Imaging;

/// <summary>Baseline JPEG (ISO/IEC 10918-1) in a JFIF file: one grey component, or YCbCr with chrominance halved both ways below quality 90.</summary>
internal static class JpegEncoder
{
    /// <param name="isYcc">The image's three channels are YCbCr already rather than RGB.</param>
    /// <exception cref="ImagingException">Quality is not 1 to 100, or the image is larger than JPEG allows.</exception>
    public static void Write(RenderedImage image, Stream stream, int quality, bool isYcc = false)
    {
        if (quality is < 1 or > 100)
        {
            throw new ImagingException(ImagingError.InvalidOption, "Quality is 1 to 100.");
        }

        if (image.Width > 65535 || image.Height > 65535)
        {
            throw new ImagingException(ImagingError.TooLarge, "A JPEG image has at most 65535 rows and columns.");
        }

        var pixels = image.BitsPerSample == 8 ? image.Data : HighBytes(image);
        var luminance = Quantisation(JpegTables.LuminanceQuantisation, quality);
        var chrominance = Quantisation(JpegTables.ChrominanceQuantisation, quality);
        var output = new JpegBits(stream);
        var halved = image.Channels == 3 && quality < 90;
        JpegTables.WriteHeaders(output, image.Width, image.Height, image.Channels, halved, luminance, chrominance);
        if (image.Channels == 1)
        {
            Grey(pixels, image.Width, image.Height, new Component(luminance, JpegTables.LuminanceDc, JpegTables.LuminanceAc), output);
        }
        else
        {
            var y = new Component(luminance, JpegTables.LuminanceDc, JpegTables.LuminanceAc);
            var cb = new Component(chrominance, JpegTables.ChrominanceDc, JpegTables.ChrominanceAc);
            var cr = new Component(chrominance, JpegTables.ChrominanceDc, JpegTables.ChrominanceAc);
            Color(pixels, image.Width, image.Height, halved ? 2 : 1, isYcc, y, cb, cr, output);
        }

        output.Finish();
    }

    private static byte[] HighBytes(RenderedImage image)
    {
        var result = new byte[image.Width * image.Height * image.Channels];
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = image.Data[(i * 2) + 1];
        }

        return result;
    }

    private static void Grey(ReadOnlySpan<byte> pixels, int width, int height, Component component, JpegBits output)
    {
        Span<float> block = stackalloc float[64];
        Span<byte> edge = stackalloc byte[8];
        for (var top = 0; top < height; top += 8)
        {
            for (var left = 0; left < width; left += 8)
            {
                for (var row = 0; row < 8; row++)
                {
                    // Beyond the edge the last row and column are repeated.
                    scoped var line = pixels.Slice(Math.Min(top + row, height - 1) * width, width)[left..];
                    if (line.Length < 8)
                    {
                        edge.Fill(line[^1]);
                        line.CopyTo(edge);
                        line = edge;
                    }

                    var bytes = Vector128.CreateScalar(BinaryPrimitives.ReadUInt64LittleEndian(line)).AsByte();
                    (Floats(bytes) - Vector256.Create(128f)).CopyTo(block[(row * 8)..]);
                }

                component.Encode(block, output);
            }
        }
    }

    /// <param name="step">2: chrominance halved both ways; 1: not.</param>
    private static void Color(ReadOnlySpan<byte> pixels, int width, int height, int step, bool isYcc, Component y, Component cb, Component cr, JpegBits output)
    {
        Span<float> luma = stackalloc float[256]; // by block
        Span<float> blue = stackalloc float[64];
        Span<float> red = stackalloc float[64];
        Span<float> blueLine = stackalloc float[8];
        Span<float> redLine = stackalloc float[8];
        Span<byte> edge = stackalloc byte[24];
        var side = step * 8;
        for (var top = 0; top < height; top += side)
        {
            for (var left = 0; left < width; left += side)
            {
                blue.Clear();
                red.Clear();
                for (var row = 0; row < side; row++)
                {
                    var line = pixels.Slice(Math.Min(top + row, height - 1) * width * 3, width * 3);
                    for (var column = 0; column < side; column += 8)
                    {
                        var lumaLine = luma[((((row / 8 * step) + (column / 8)) * 64) + (row % 8 * 8))..];
                        if (step == 1)
                        {
                            ToYcc(EightPixels(line, left, edge), isYcc, lumaLine, blue[(row * 8)..], red[(row * 8)..]);
                            continue;
                        }

                        ToYcc(EightPixels(line, left + column, edge), isYcc, lumaLine, blueLine, redLine);
                        for (var i = 0; i < 8; i++)
                        {
                            var to = (row / 2 * 8) + ((column + i) / 2);
                            blue[to] += blueLine[i] * 0.25f;
                            red[to] += redLine[i] * 0.25f;
                        }
                    }
                }

                for (var part = 0; part < step * step; part++)
                {
                    y.Encode(luma.Slice(part * 64, 64), output);
                }

                cb.Encode(blue, output);
                cr.Encode(red, output);
            }
        }
    }

    /// <summary>24 bytes of a row; beyond the edge the last pixel is repeated.</summary>
    private static ReadOnlySpan<byte> EightPixels(ReadOnlySpan<byte> line, int left, Span<byte> edge)
    {
        if ((left + 8) * 3 <= line.Length)
        {
            return line.Slice(left * 3, 24);
        }

        for (var i = 0; i < 24; i += 3)
        {
            line.Slice(Math.Min((left * 3) + i, line.Length - 3), 3).CopyTo(edge[i..]);
        }

        return edge;
    }

    /// <summary>Eight pixels of RGB, or of YCbCr, as JFIF's YCbCr, all three around zero.</summary>
    private static void ToYcc(ReadOnlySpan<byte> rgb, bool isYcc, Span<float> luma, Span<float> blue, Span<float> red)
    {
        var low = Vector128.Create(rgb);
        var high = Vector128.Create(rgb[8..]);
        var r = Floats(
            Vector128.Shuffle(low, Vector128.Create((byte)0, 3, 6, 9, 12, 15, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255))
            | Vector128.Shuffle(high, Vector128.Create((byte)255, 255, 255, 255, 255, 255, 10, 13, 255, 255, 255, 255, 255, 255, 255, 255)));
        var g = Floats(
            Vector128.Shuffle(low, Vector128.Create((byte)1, 4, 7, 10, 13, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255))
            | Vector128.Shuffle(high, Vector128.Create((byte)255, 255, 255, 255, 255, 8, 11, 14, 255, 255, 255, 255, 255, 255, 255, 255)));
        var b = Floats(
            Vector128.Shuffle(low, Vector128.Create((byte)2, 5, 8, 11, 14, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255))
            | Vector128.Shuffle(high, Vector128.Create((byte)255, 255, 255, 255, 255, 9, 12, 15, 255, 255, 255, 255, 255, 255, 255, 255)));
        if (isYcc)
        {
            (r - Vector256.Create(128f)).CopyTo(luma);
            (g - Vector256.Create(128f)).CopyTo(blue);
            (b - Vector256.Create(128f)).CopyTo(red);
            return;
        }

        ((0.299f * r) + (0.587f * g) + (0.114f * b) - Vector256.Create(128f)).CopyTo(luma);
        ((-0.168735892f * r) - (0.331264108f * g) + (0.5f * b)).CopyTo(blue);
        ((0.5f * r) - (0.418687589f * g) - (0.081312411f * b)).CopyTo(red);
    }

    /// <summary>The low eight bytes.</summary>
    private static Vector256<float> Floats(Vector128<byte> bytes)
    {
        var (low, high) = Vector128.Widen(Vector128.WidenLower(bytes));
        return Vector256.ConvertToSingle(Vector256.Create(low, high).AsInt32());
    }

    /// <summary>The table of Annex K scaled as libjpeg does, in zigzag order.</summary>
    private static byte[] Quantisation(ReadOnlySpan<byte> basis, int quality)
    {
        var scale = quality < 50 ? 5000 / quality : 200 - (quality * 2);
        var table = new byte[64];
        for (var i = 0; i < 64; i++)
        {
            table[i] = (byte)Math.Clamp(((basis[JpegTables.ZigZag[i]] * scale) + 50) / 100, 1, 255);
        }

        return table;
    }

    private sealed class Component
    {
        private readonly float[] _factors = new float[64]; // natural order, 1 / (quantiser x the transform's scale)
        private readonly JpegTables.Codes _dc;
        private readonly JpegTables.Codes _ac;
        private int _previous;

        public Component(byte[] quantisation, JpegTables.Codes dc, JpegTables.Codes ac)
        {
            _dc = dc;
            _ac = ac;
            ReadOnlySpan<double> scale = [1.0, 1.387039845, 1.306562965, 1.175875602, 1.0, 0.785694958, 0.541196100, 0.275899379];
            for (var i = 0; i < 64; i++)
            {
                var natural = JpegTables.ZigZag[i];
                _factors[natural] = (float)(1 / (quantisation[i] * scale[natural / 8] * scale[natural % 8] * 8));
            }
        }

        public void Encode(Span<float> block, JpegBits output)
        {
            ForwardDct.Transform(block);
            Span<int> values = stackalloc int[64];
            var nonzero = 0UL;
            for (var i = 0; i < 64; i += 8)
            {
                // Truncated after an offset that makes all values positive: rounded.
                var scaled = (Vector256.Create<float>(block[i..]) * Vector256.Create(_factors, i)) + Vector256.Create(16384.5f);
                var whole = Vector256.ConvertToInt32(scaled) - Vector256.Create(16384);
                whole.CopyTo(values[i..]);
                nonzero |= (ulong)(byte)~Vector256.Equals(whole, Vector256<int>.Zero).ExtractMostSignificantBits() << i;
            }

            var present = 0UL;
            var places = JpegTables.ZigZagPlace;
            for (; nonzero != 0; nonzero &= nonzero - 1)
            {
                present |= 1UL << places[BitOperations.TrailingZeroCount(nonzero)];
            }

            var difference = values[0] - _previous;
            _previous = values[0];
            output.Block(values, present, difference, _dc, _ac);
        }
    }
}
