using System.Buffers.Binary;
using System.IO.Compression;

namespace SecondOpinion.Dicom.Imaging.Tests.Foreign;

/// <summary>Writes PNG files of any type, row by row with every filter in turn.</summary>
internal static class TestPng
{
    /// <param name="sample">Sample of pixel x, y, channel.</param>
    public static byte[] Write(int width, int height, int colorType, int depth, bool interlaced, Func<int, int, int, int> sample, byte[]? palette = null, byte[]? transparency = null)
    {
        var samples = colorType switch { 2 => 3, 4 => 2, 6 => 4, _ => 1 };
        using var raw = new MemoryStream();
        (int, int, int, int)[] passes = interlaced ? [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)] : [(0, 0, 1, 1)];
        foreach (var (x0, y0, dx, dy) in passes)
        {
            byte[]? previous = null;
            for (int y = y0, row = 0; y < height && x0 < width; y += dy, row++)
            {
                var bits = new List<bool>();
                for (var x = x0; x < width; x += dx)
                {
                    for (var s = 0; s < samples; s++)
                    {
                        for (var b = depth - 1; b >= 0; b--)
                        {
                            bits.Add((sample(x, y, s) >> b & 1) != 0);
                        }
                    }
                }

                var line = new byte[(bits.Count + 7) / 8];
                for (var i = 0; i < bits.Count; i++)
                {
                    line[i / 8] |= (byte)(bits[i] ? 0x80 >> (i % 8) : 0);
                }

                previous ??= new byte[line.Length];
                raw.Write(Filter(row % 5, line, previous, Math.Max(1, samples * depth / 8)));
                previous = line;
            }
        }

        using var file = new MemoryStream();
        file.Write([0x89, 0x50, 0x4E, 0x47, 13, 10, 26, 10]);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9], header[12]) = ((byte)depth, (byte)colorType, (byte)(interlaced ? 1 : 0));
        Chunk(file, "IHDR", header);
        Chunk(file, "tEXt", [1, 2, 3]);
        if (palette is not null)
        {
            Chunk(file, "PLTE", palette);
        }

        if (transparency is not null)
        {
            Chunk(file, "tRNS", transparency);
        }

        using var compressed = new MemoryStream();
        using (var zlib = new ZLibStream(compressed, CompressionLevel.Optimal, true))
        {
            zlib.Write(raw.ToArray());
        }

        var data = compressed.ToArray();
        Chunk(file, "IDAT", data[..(data.Length / 2)]);
        Chunk(file, "IDAT", data[(data.Length / 2)..]);
        Chunk(file, "IEND", []);
        return file.ToArray();
    }

    public static void Chunk(Stream file, string type, byte[] data)
    {
        byte[] body = [.. System.Text.Encoding.ASCII.GetBytes(type), .. data];
        var number = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        file.Write(number);
        file.Write(body);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc(body));
        file.Write(number);
    }

    /// <summary>Bit by bit, as ISO 3309 says.</summary>
    private static uint Crc(byte[] bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var i = 0; i < 8; i++)
            {
                crc = (crc & 1) != 0 ? 0xEDB88320 ^ (crc >> 1) : crc >> 1;
            }
        }

        return ~crc;
    }

    private static byte[] Filter(int type, byte[] line, byte[] previous, int pixel)
    {
        var result = new byte[line.Length + 1];
        result[0] = (byte)type;
        for (var i = 0; i < line.Length; i++)
        {
            int a = i >= pixel ? line[i - pixel] : 0, b = previous[i], c = i >= pixel ? previous[i - pixel] : 0;
            int pa = Math.Abs(b - c), pb = Math.Abs(a - c), pc = Math.Abs(a + b - (2 * c));
            var prediction = type switch { 1 => a, 2 => b, 3 => (a + b) / 2, 4 => pa <= pb && pa <= pc ? a : pb <= pc ? b : c, _ => 0 };
            result[i + 1] = (byte)(line[i] - prediction);
        }

        return result;
    }
}
