using System.Buffers.Binary;
using System.IO.Compression;
using System.Numerics;

namespace SecondOpinion.Dicom.Imaging;

/// <summary>PNG (ISO/IEC 15948): grey or RGB, 8 or 16 bits, each row as differences from its left or upper neighbours.</summary>
internal static class PngEncoder
{
    // Differences of radiographs are noise: runs and Huffman codes make them smaller than a search for repeats does, in a third of the time.
    private static readonly ZLibCompressionOptions s_compression = new() { CompressionLevel = 3, CompressionStrategy = ZLibCompressionStrategy.RunLengthEncoding };

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
        using (var zlib = new ZLibStream(compressed, s_compression, leaveOpen: true))
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
        var bySub = new byte[stride + 1];
        var byUp = new byte[stride + 1];
        (bySub[0], byUp[0]) = (1, 2);
        for (var row = 0; row < image.Height; row++)
        {
            Load(image, row, current);
            var first = Math.Min(pixel, stride);
            current.AsSpan(0, first).CopyTo(bySub.AsSpan(1));
            var sub = Subtract(current.AsSpan(first), current, bySub.AsSpan(1 + first));
            var up = Subtract(current, previous, byUp.AsSpan(1));
            zlib.Write(sub < up ? bySub : byUp);
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

    /// <summary>Differences modulo 256 (9.2); the sum of their sizes, by which the filter is chosen (12.8).</summary>
    private static long Subtract(ReadOnlySpan<byte> values, ReadOnlySpan<byte> predictions, Span<byte> to)
    {
        var sum = 0L;
        var i = 0;
        for (; Vector.IsHardwareAccelerated && i + Vector<byte>.Count <= values.Length; i += Vector<byte>.Count)
        {
            var difference = new Vector<byte>(values[i..]) - new Vector<byte>(predictions[i..]);
            difference.CopyTo(to[i..]);
            Vector.Widen(Vector.Min(difference, Vector<byte>.Zero - difference), out var low, out var high);
            sum += Vector.Sum(low + high); // at most 2 x 128 in each of at most 32 lanes
        }

        for (; i < values.Length; i++)
        {
            to[i] = (byte)(values[i] - predictions[i]);
            sum += Math.Abs((int)(sbyte)to[i]);
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
