using System.Buffers.Binary;
using System.IO.Compression;

namespace SecondOpinion.Dicom.Imaging;

/// <summary>PNG (ISO/IEC 15948): grey or RGB, 8 or 16 bits, each row with the filter of the smallest differences.</summary>
internal static class PngEncoder
{
    public static void Write(RenderedImage image, Stream stream)
    {
        stream.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10]);
        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, image.Width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], image.Height);
        header[8] = (byte)image.BitsPerSample;
        header[9] = (byte)(image.Channels == 1 ? 0 : 2);
        Chunk(stream, "IHDR"u8, header);
        using var compressed = new MemoryStream();
        using (var zlib = new ZLibStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            Rows(image, zlib);
        }

        Chunk(stream, "IDAT"u8, compressed.GetBuffer().AsSpan(0, (int)compressed.Length));
        Chunk(stream, "IEND"u8, []);
    }

    private static void Rows(RenderedImage image, Stream zlib)
    {
        var stride = image.Stride;
        var pixel = image.Channels * (image.BitsPerSample / 8);
        var previous = new byte[stride];
        var current = new byte[stride];
        var candidates = new byte[3][];
        for (var i = 0; i < candidates.Length; i++)
        {
            candidates[i] = new byte[stride + 1];
        }

        for (var row = 0; row < image.Height; row++)
        {
            Load(image, row, current);
            var best = 0;
            var least = long.MaxValue;
            for (var f = 0; f < candidates.Length; f++)
            {
                var cost = Filter(f + (f == 2 ? 2 : 1), current, previous, pixel, candidates[f]);
                if (cost < least)
                {
                    (least, best) = (cost, f);
                }
            }

            zlib.Write(candidates[best]);
            (previous, current) = (current, previous);
        }
    }

    private static void Load(RenderedImage image, int row, byte[] to)
    {
        var from = image.Data.AsSpan(row * image.Stride, image.Stride);
        if (image.BitsPerSample == 8)
        {
            from.CopyTo(to);
            return;
        }

        for (var i = 0; i < from.Length; i += 2)
        {
            to[i] = from[i + 1];
            to[i + 1] = from[i];
        }
    }

    /// <summary>Sub (1), Up (2) or Paeth (4); the sum of the differences' sizes.</summary>
    private static long Filter(int type, ReadOnlySpan<byte> current, ReadOnlySpan<byte> previous, int pixel, Span<byte> to)
    {
        to[0] = (byte)type;
        var sum = 0L;
        for (var i = 0; i < current.Length; i++)
        {
            var left = i >= pixel ? current[i - pixel] : 0;
            var prediction = type switch
            {
                1 => left,
                2 => previous[i],
                _ => Paeth(left, previous[i], i >= pixel ? previous[i - pixel] : 0),
            };
            var difference = (byte)(current[i] - prediction);
            to[i + 1] = difference;
            sum += Math.Abs((int)(sbyte)difference);
        }

        return sum;
    }

    internal static int Paeth(int left, int up, int corner)
    {
        var estimate = left + up - corner;
        var (a, b, c) = (Math.Abs(estimate - left), Math.Abs(estimate - up), Math.Abs(estimate - corner));
        return a <= b && a <= c ? left : b <= c ? up : corner;
    }

    private static void Chunk(Stream stream, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        stream.Write(number);
        stream.Write(type);
        stream.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, PngCrc.Of(data, PngCrc.Of(type, 0)));
        stream.Write(number);
    }
}
