using System.Buffers.Binary;

namespace SecondOpinion.Dicom.Imaging;

/// <summary>Rows of a PNG image: filters undone (9.2), passes put together (8.2), samples made grey or RGB.</summary>
internal static class PngPasses
{
    private static readonly (int X, int Y, int StepX, int StepY)[] s_adam7 = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];
    private static readonly (int X, int Y, int StepX, int StepY)[] s_single = [(0, 0, 1, 1)];

    /// <summary>Bytes of all rows with their filter bytes.</summary>
    public static long Length(PngHeader header)
    {
        var total = 0L;
        foreach (var pass in header.Interlaced ? s_adam7 : s_single)
        {
            var (columns, rows) = Size(header, pass);
            total += columns == 0 ? 0 : rows * (1L + RowBytes(header, columns));
        }

        return total;
    }

    public static RenderedImage Assemble(PngHeader header, byte[] raw, byte[] palette, byte[] transparency)
    {
        var deep = header.Depth == 16;
        var channels = header.ColorType is 0 or 4 ? 1 : 3;
        var length = (long)header.Width * header.Height * channels * (deep ? 2 : 1);
        if (length > Array.MaxLength)
        {
            throw DicomRenderer.TooLarge();
        }

        if (header.ColorType == 3 && palette.Length < 3)
        {
            throw PngDecoder.Damaged("has no palette");
        }

        var result = new byte[length];
        var pixelBytes = Math.Max(1, header.Samples * header.Depth / 8);
        var at = 0;
        var plain = header is { Depth: 8, ColorType: 0 or 2, Interlaced: false } && transparency.Length == 0; // rows are the result's rows
        Span<ushort> pixel = stackalloc ushort[4];
        foreach (var pass in header.Interlaced ? s_adam7 : s_single)
        {
            var (columns, rows) = Size(header, pass);
            if (columns == 0)
            {
                continue;
            }

            var stride = RowBytes(header, columns);
            var previous = new byte[stride].AsSpan();
            for (var row = 0; row < rows; row++)
            {
                var line = raw.AsSpan(at + 1, stride);
                Unfilter(raw[at], line, previous, pixelBytes);
                previous = line;
                at += 1 + stride;
                if (plain)
                {
                    line.CopyTo(result.AsSpan(row * stride));
                    continue;
                }

                for (var column = 0; column < columns; column++)
                {
                    Samples(line, column, header, pixel);
                    var to = ((long)(pass.Y + (row * pass.StepY)) * header.Width) + pass.X + (column * pass.StepX);
                    Put(result, (int)to, channels, deep, header, pixel, palette, transparency);
                }
            }
        }

        return new RenderedImage(header.Width, header.Height, channels, deep ? 16 : 8, result);
    }

    private static (int Columns, int Rows) Size(PngHeader header, (int X, int Y, int StepX, int StepY) pass) =>
        (Math.Max(0, (header.Width - pass.X + pass.StepX - 1) / pass.StepX), Math.Max(0, (header.Height - pass.Y + pass.StepY - 1) / pass.StepY));

    private static int RowBytes(PngHeader header, int columns) => (int)((((long)columns * header.Samples * header.Depth) + 7) / 8);

    private static void Unfilter(int type, Span<byte> line, ReadOnlySpan<byte> previous, int pixel)
    {
        switch (type)
        {
            case 0:
                break;
            case 1:
                for (var i = pixel; i < line.Length; i++)
                {
                    line[i] += line[i - pixel];
                }

                break;
            case 2:
                for (var i = 0; i < line.Length; i++)
                {
                    line[i] += previous[i];
                }

                break;
            case 3:
                for (var i = 0; i < line.Length; i++)
                {
                    line[i] += (byte)(((i >= pixel ? line[i - pixel] : 0) + previous[i]) / 2);
                }

                break;
            case 4:
                for (var i = 0; i < line.Length; i++)
                {
                    line[i] += (byte)(i >= pixel ? PngEncoder.Paeth(line[i - pixel], previous[i], previous[i - pixel]) : previous[i]);
                }

                break;
            default:
                throw PngDecoder.Damaged("has a row with an unknown filter");
        }
    }

    private static void Samples(ReadOnlySpan<byte> line, int column, PngHeader header, Span<ushort> pixel)
    {
        for (var s = 0; s < header.Samples; s++)
        {
            var index = (column * header.Samples) + s;
            pixel[s] = header.Depth switch
            {
                8 => line[index],
                16 => BinaryPrimitives.ReadUInt16BigEndian(line[(index * 2)..]),
                _ => (ushort)(line[index * header.Depth / 8] >> (8 - header.Depth - (index * header.Depth % 8)) & ((1 << header.Depth) - 1)),
            };
        }
    }

    private static void Put(byte[] result, int at, int channels, bool deep, PngHeader header, Span<ushort> pixel, byte[] palette, byte[] transparency)
    {
        var most = deep ? 65535 : 255;
        var alpha = most;
        Span<int> color = stackalloc int[3];
        if (header.ColorType == 3)
        {
            var entry = pixel[0];
            if ((entry * 3) + 2 >= palette.Length)
            {
                throw PngDecoder.Damaged("refers beyond its palette");
            }

            (color[0], color[1], color[2]) = (palette[entry * 3], palette[(entry * 3) + 1], palette[(entry * 3) + 2]);
            alpha = entry < transparency.Length ? transparency[entry] : most;
        }
        else
        {
            for (var c = 0; c < channels; c++)
            {
                color[c] = header.Depth < 8 ? pixel[c] * 255 / ((1 << header.Depth) - 1) : pixel[c];
            }

            alpha = header.ColorType is 4 or 6 ? pixel[channels] : IsTransparent(pixel, channels, transparency) ? 0 : most;
        }

        for (var c = 0; c < channels; c++)
        {
            var value = alpha == most ? color[c] : (int)((((long)color[c] * alpha) + ((long)most * (most - alpha)) + (most / 2)) / most);
            if (deep)
            {
                BinaryPrimitives.WriteUInt16LittleEndian(result.AsSpan(((at * channels) + c) * 2), (ushort)value);
            }
            else
            {
                result[(at * channels) + c] = (byte)value;
            }
        }
    }

    /// <summary>tRNS of grey and RGB names one colour (11.3.2.1).</summary>
    private static bool IsTransparent(ReadOnlySpan<ushort> pixel, int channels, ReadOnlySpan<byte> transparency)
    {
        if (transparency.Length < channels * 2)
        {
            return false;
        }

        for (var c = 0; c < channels; c++)
        {
            if (BinaryPrimitives.ReadUInt16BigEndian(transparency[(c * 2)..]) != pixel[c])
            {
                return false;
            }
        }

        return true;
    }
}
