using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;

namespace SecondOpinion.Dicom.Imaging;

/// <summary>Strips and tiles of a TIFF page: decompressed, predictor undone, put together as samples by pixel of 1 byte (also for fewer bits) or 2 little endian ones.</summary>
internal static class TiffBlocks
{
    public static byte[] Read(ReadOnlySpan<byte> file, TiffLayout layout)
    {
        var size = layout.Bits == 16 ? 2 : 1;
        var planes = layout.Planar ? layout.Samples : 1;
        var perBlock = layout.Planar ? 1 : layout.Samples;
        var length = (long)layout.Width * layout.Height * layout.Samples * size;
        Backed(file, layout, length);
        var result = new byte[length];
        var across = (layout.Width + layout.BlockWidth - 1) / layout.BlockWidth;
        var down = (layout.Height + layout.BlockHeight - 1) / layout.BlockHeight;
        for (var block = 0; block < across * down * planes; block++)
        {
            var plane = block / (across * down);
            var top = block % (across * down) / across * layout.BlockHeight;
            var left = block % across * layout.BlockWidth;
            var rows = layout.Tiled ? layout.BlockHeight : Math.Min(layout.BlockHeight, layout.Height - top);
            var rowBytes = (((long)layout.BlockWidth * perBlock * layout.Bits) + 7) / 8;
            var data = Decompress(file, layout, block, rowBytes * rows);
            for (var row = 0; row < Math.Min(rows, layout.Height - top); row++)
            {
                var line = data.AsSpan((int)(row * rowBytes), (int)rowBytes);
                Prepare(line, layout, perBlock);
                Copy(line, result, layout, top + row, left, plane, perBlock, size);
            }
        }

        return result;
    }

    /// <summary>The compressed bytes must be able to make the page, so that a small file cannot ask for much memory.</summary>
    private static void Backed(ReadOnlySpan<byte> file, TiffLayout layout, long length)
    {
        var total = 0L;
        for (var i = 0; i < layout.Offsets.Length && i < layout.Counts.Length; i++)
        {
            if (layout.Offsets[i] + (long)layout.Counts[i] > file.Length)
            {
                throw TiffReader.Damaged("has a strip or tile that ends beyond it");
            }

            total += layout.Counts[i];
        }

        var ratio = layout.Compression switch { 1 => 8, 32773 => 64 * 8, 5 => 4096 * 8, _ => PngDecoder.MaxInflation * 8 };
        if (length > Array.MaxLength || length > Math.Min(total, file.Length) * ratio)
        {
            throw TiffReader.Damaged("holds less than its dimensions say");
        }
    }

    private static byte[] Decompress(ReadOnlySpan<byte> file, TiffLayout layout, int block, long length)
    {
        var source = file.Slice((int)layout.Offsets[block], (int)layout.Counts[block]);
        if (length > Array.MaxLength || length > (source.Length + 16L) * 4096)
        {
            throw TiffReader.Damaged("has a strip or tile that holds less than it should");
        }

        if (layout.Compression == 1 && source.Length < length)
        {
            throw TiffReader.Damaged("has a strip or tile that is too short");
        }

        var reversed = layout.ReversedBits ? Reverse(source) : default;
        source = layout.ReversedBits ? reversed : source;
        var data = new byte[length];
        switch (layout.Compression)
        {
            case 1:
                source[..data.Length].CopyTo(data);
                break;
            case 5:
                TiffLzw.Decode(source, data);
                break;
            case 32773:
                PackBits(source, data);
                break;
            default:
                Inflate(source, data);
                break;
        }

        return data;
    }

    private static byte[] Reverse(ReadOnlySpan<byte> bytes)
    {
        var result = bytes.ToArray();
        foreach (ref var value in result.AsSpan())
        {
            value = (byte)((((value * 0x0802u) & 0x22110u) | ((value * 0x8020u) & 0x88440u)) * 0x10101u >> 16);
        }

        return result;
    }

    private static void Inflate(ReadOnlySpan<byte> source, byte[] data)
    {
        try
        {
            using var zlib = new ZLibStream(new MemoryStream(source.ToArray()), CompressionMode.Decompress);
            zlib.ReadExactly(data);
        }
        catch (Exception e) when (e is InvalidDataException or IOException) // zlib reports some damage as the latter, as it does an early end
        {
            throw new ImagingException(ImagingError.InvalidImage, "The TIFF file cannot be inflated.", e);
        }
    }

    /// <summary>TIFF 6.0 section 9.</summary>
    private static void PackBits(ReadOnlySpan<byte> source, Span<byte> data)
    {
        var from = 0;
        var to = 0;
        while (to < data.Length)
        {
            if (from >= source.Length)
            {
                throw TiffReader.Damaged("has a strip or tile that is too short");
            }

            var count = (sbyte)source[from++];
            if (count >= 0)
            {
                var length = Math.Min(count + 1, data.Length - to);
                if (from + length > source.Length)
                {
                    throw TiffReader.Damaged("has a strip or tile that is too short");
                }

                source.Slice(from, length).CopyTo(data[to..]);
                from += count + 1;
                to += length;
            }
            else if (count != -128)
            {
                if (from >= source.Length)
                {
                    throw TiffReader.Damaged("has a strip or tile that is too short");
                }

                var length = Math.Min(1 - count, data.Length - to);
                data.Slice(to, length).Fill(source[from++]);
                to += length;
            }
        }
    }

    /// <summary>Byte order, then the horizontal differences of section 14.</summary>
    private static void Prepare(Span<byte> line, TiffLayout layout, int samples)
    {
        if (layout.Bits == 16)
        {
            var words = MemoryMarshal.Cast<byte, ushort>(line);
            if (!layout.LittleEndian)
            {
                BinaryPrimitives.ReverseEndianness(words, words);
            }

            for (var i = samples; layout.Predictor && i < words.Length; i++)
            {
                words[i] += words[i - samples];
            }
        }
        else if (layout.Bits == 8)
        {
            for (var i = samples; layout.Predictor && i < line.Length; i++)
            {
                line[i] += line[i - samples];
            }
        }
    }

    private static void Copy(ReadOnlySpan<byte> line, byte[] result, TiffLayout layout, int row, int left, int plane, int perBlock, int size)
    {
        var columns = Math.Min(layout.BlockWidth, layout.Width - left);
        var to = ((((row * layout.Width) + left) * layout.Samples) + plane) * size;
        if (layout.Bits >= 8 && !layout.Planar)
        {
            line[..(columns * perBlock * size)].CopyTo(result.AsSpan(to));
            return;
        }

        for (var column = 0; column < columns; column++, to += layout.Samples * size)
        {
            if (layout.Bits < 8)
            {
                result[to] = (byte)(line[column * layout.Bits / 8] >> (8 - layout.Bits - (column * layout.Bits % 8)) & ((1 << layout.Bits) - 1));
            }
            else
            {
                line.Slice(column * size, size).CopyTo(result.AsSpan(to));
            }
        }
    }
}
