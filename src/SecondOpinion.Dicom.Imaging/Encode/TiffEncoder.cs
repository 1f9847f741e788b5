using System.Buffers.Binary;
using System.IO.Compression;

namespace SecondOpinion.Dicom.Imaging;

/// <summary>TIFF 6.0, little endian: grey or RGB, 8 or 16 bits, one deflated strip (Compression 8).</summary>
internal static class TiffEncoder
{
    public static void Write(RenderedImage image, Stream stream)
    {
        using var compressed = new MemoryStream();
        using (var zlib = new ZLibStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            zlib.Write(image.Data, 0, image.Stride * image.Height);
        }

        var length = (int)compressed.Length;
        var after = 8 + ((length + 1) & ~1);
        var rgb = image.Channels == 3;
        (int Tag, int Type, int Count, int Value)[] entries =
        [
            (256, 4, 1, image.Width),
            (257, 4, 1, image.Height),
            (258, 3, image.Channels, rgb ? after : image.BitsPerSample),
            (259, 3, 1, 8),
            (262, 3, 1, rgb ? 2 : 1),
            (273, 4, 1, 8),
            (277, 3, 1, image.Channels),
            (278, 4, 1, image.Height),
            (279, 4, 1, length),
            (282, 5, 1, after + 8),
            (283, 5, 1, after + 8),
            (284, 3, 1, 1),
            (296, 3, 1, 1),
        ];
        var directory = after + 16;
        Span<byte> head = stackalloc byte[8];
        "II"u8.CopyTo(head);
        BinaryPrimitives.WriteUInt16LittleEndian(head[2..], 42);
        BinaryPrimitives.WriteInt32LittleEndian(head[4..], directory);
        stream.Write(head);
        stream.Write(compressed.GetBuffer(), 0, length);
        var tail = new byte[directory - 8 - length + 2 + (entries.Length * 12) + 4];
        var at = after - 8 - length;
        for (var c = 0; c < 3; c++)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(tail.AsSpan(at + (c * 2)), (ushort)image.BitsPerSample);
        }

        BinaryPrimitives.WriteInt32LittleEndian(tail.AsSpan(at + 8), 1);
        BinaryPrimitives.WriteInt32LittleEndian(tail.AsSpan(at + 12), 1);
        at += 16;
        BinaryPrimitives.WriteUInt16LittleEndian(tail.AsSpan(at), (ushort)entries.Length);
        at += 2;
        foreach (var (tag, type, count, value) in entries)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(tail.AsSpan(at), (ushort)tag);
            BinaryPrimitives.WriteUInt16LittleEndian(tail.AsSpan(at + 2), (ushort)type);
            BinaryPrimitives.WriteInt32LittleEndian(tail.AsSpan(at + 4), count);
            BinaryPrimitives.WriteInt32LittleEndian(tail.AsSpan(at + 8), value);
            at += 12;
        }

        stream.Write(tail);
    }
}
