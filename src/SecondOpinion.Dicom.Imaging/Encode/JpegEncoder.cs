namespace SecondOpinion.Dicom.Imaging;

/// <summary>Baseline JPEG (ISO/IEC 10918-1) in a JFIF file: one grey component, or YCbCr with chrominance halved both ways below quality 90.</summary>
internal static class JpegEncoder
{
    /// <exception cref="ImagingException">Quality is not 1 to 100, or the image is larger than JPEG allows.</exception>
    public static void Write(RenderedImage image, Stream stream, int quality)
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
            Color(pixels, image.Width, image.Height, halved ? 2 : 1, y, cb, cr, output);
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
        for (var top = 0; top < height; top += 8)
        {
            for (var left = 0; left < width; left += 8)
            {
                for (var row = 0; row < 8; row++)
                {
                    // Beyond the edge the last row and column are repeated.
                    var line = pixels.Slice(Math.Min(top + row, height - 1) * width, width);
                    var to = block.Slice(row * 8, 8);
                    if (left + 8 <= width)
                    {
                        line = line.Slice(left, 8);
                        for (var column = 0; column < 8; column++)
                        {
                            to[column] = line[column] - 128f;
                        }

                        continue;
                    }

                    for (var column = 0; column < 8; column++)
                    {
                        to[column] = line[Math.Min(left + column, width - 1)] - 128f;
                    }
                }

                component.Encode(block, output);
            }
        }
    }

    /// <param name="step">2: chrominance halved both ways; 1: not.</param>
    private static void Color(ReadOnlySpan<byte> pixels, int width, int height, int step, Component y, Component cb, Component cr, JpegBits output)
    {
        Span<float> luma = stackalloc float[256];
        Span<float> blue = stackalloc float[64];
        Span<float> red = stackalloc float[64];
        Span<float> block = stackalloc float[64];
        var side = step * 8;
        var share = 1f / (step * step);
        for (var top = 0; top < height; top += side)
        {
            for (var left = 0; left < width; left += side)
            {
                blue.Clear();
                red.Clear();
                for (var row = 0; row < side; row++)
                {
                    var line = pixels.Slice(Math.Min(top + row, height - 1) * width * 3, width * 3);
                    for (var column = 0; column < side; column++)
                    {
                        var at = Math.Min(left + column, width - 1) * 3;
                        float r = line[at], g = line[at + 1], b = line[at + 2];
                        luma[(row * side) + column] = (0.299f * r) + (0.587f * g) + (0.114f * b) - 128f;
                        var to = (row / step * 8) + (column / step);
                        blue[to] += ((-0.168735892f * r) - (0.331264108f * g) + (0.5f * b)) * share;
                        red[to] += ((0.5f * r) - (0.418687589f * g) - (0.081312411f * b)) * share;
                    }
                }

                for (var part = 0; part < step * step; part++)
                {
                    var from = luma[((part / step * 8 * side) + (part % step * 8))..];
                    for (var row = 0; row < 8; row++)
                    {
                        from.Slice(row * side, 8).CopyTo(block[(row * 8)..]);
                    }

                    y.Encode(block, output);
                }

                cb.Encode(blue, output);
                cr.Encode(red, output);
            }
        }
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
            for (var i = 0; i < 64; i++)
            {
                values[i] = (int)((block[i] * _factors[i]) + 16384.5f) - 16384;
            }

            var difference = values[0] - _previous;
            _previous = values[0];
            Put(output, _dc, 0, difference);
            var zeros = 0;
            for (var i = 1; i < 64; i++)
            {
                var value = values[JpegTables.ZigZag[i]];
                if (value == 0)
                {
                    zeros++;
                    continue;
                }

                for (; zeros > 15; zeros -= 16)
                {
                    output.Put(_ac.Code[0xF0], _ac.Length[0xF0]);
                }

                Put(output, _ac, zeros << 4, value);
                zeros = 0;
            }

            if (zeros > 0)
            {
                output.Put(_ac.Code[0], _ac.Length[0]);
            }
        }

        private static void Put(JpegBits output, JpegTables.Codes codes, int run, int value)
        {
            var size = 32 - System.Numerics.BitOperations.LeadingZeroCount((uint)Math.Abs(value));
            var symbol = run | size;
            output.Put(codes.Code[symbol], codes.Length[symbol]);
            if (size > 0)
            {
                output.Put((uint)(value < 0 ? value + (1 << size) - 1 : value), size);
            }
        }
    }
}
