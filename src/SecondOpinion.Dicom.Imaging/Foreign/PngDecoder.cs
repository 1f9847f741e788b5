using System.Buffers.Binary;
using System.IO.Compression;

namespace SecondOpinion.Dicom.Imaging;

/// <summary>PNG (ISO/IEC 15948): all colour types and depths, interlaced or not. Grey or RGB of 8 or 16 bits come out; transparency is laid over white.</summary>
internal static class PngDecoder
{
    /// <summary>Deflate makes at most 1032 bytes out of one.</summary>
    internal const int MaxInflation = 1032;

    public static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10];

    public static RenderedImage Read(ReadOnlySpan<byte> bytes, long maxPixels)
    {
        var file = Chunks(bytes);
        var header = file.Header;
        if ((long)header.Width * header.Height > maxPixels)
        {
            throw DicomRenderer.TooLarge();
        }

        var length = PngPasses.Length(header);
        if (length > Array.MaxLength || length > ((file.Data.Length + 16L) * MaxInflation))
        {
            throw Damaged("holds less than its header says");
        }

        var raw = new byte[length];
        try
        {
            using var zlib = new ZLibStream(file.Data, CompressionMode.Decompress);
            zlib.ReadExactly(raw);
        }
        catch (Exception e) when (e is InvalidDataException or IOException) // zlib reports some damage as the latter, as it does an early end
        {
            throw new ImagingException(ImagingError.InvalidImage, "The PNG image cannot be inflated.", e);
        }

        return PngPasses.Assemble(header, raw, file.Palette, file.Transparency);
    }

    private static (PngHeader Header, byte[] Palette, byte[] Transparency, MemoryStream Data) Chunks(ReadOnlySpan<byte> bytes)
    {
        if (!bytes.StartsWith(Signature))
        {
            throw Damaged("has no signature");
        }

        PngHeader? header = null;
        byte[] palette = [];
        byte[] transparency = [];
        var data = new MemoryStream();
        var at = 8;
        while (at + 12 <= bytes.Length)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(bytes[at..]);
            if (length > bytes.Length - at - 12)
            {
                throw Damaged("ends inside a chunk");
            }

            var type = bytes.Slice(at + 4, 4);
            var body = bytes.Slice(at + 8, (int)length);
            if ((type[0] & 0x20) == 0 && PngCrc.Of(bytes.Slice(at + 4, (int)length + 4), 0) != BinaryPrimitives.ReadUInt32BigEndian(bytes[(at + 8 + (int)length)..]))
            {
                throw Damaged("has a chunk with a wrong CRC");
            }

            at += 12 + (int)length;
            if (type.SequenceEqual("IHDR"u8))
            {
                header = PngHeader.Of(body);
            }
            else if (type.SequenceEqual("PLTE"u8))
            {
                palette = body.ToArray();
            }
            else if (type.SequenceEqual("tRNS"u8))
            {
                transparency = body.ToArray();
            }
            else if (type.SequenceEqual("IDAT"u8))
            {
                data.Write(body);
            }
            else if (type.SequenceEqual("IEND"u8))
            {
                break;
            }
        }

        data.Position = 0;
        return header is null || data.Length == 0 ? throw Damaged("has no pixels") : (header, palette, transparency, data);
    }

    internal static ImagingException Damaged(string what) => new(ImagingError.InvalidImage, $"The PNG image {what}.");
}

/// <summary>IHDR.</summary>
internal sealed record PngHeader(int Width, int Height, int Depth, int ColorType, bool Interlaced)
{
    public int Samples => ColorType switch { 2 => 3, 4 => 2, 6 => 4, _ => 1 };

    public static PngHeader Of(ReadOnlySpan<byte> body)
    {
        if (body.Length != 13)
        {
            throw PngDecoder.Damaged("has a header of the wrong length");
        }

        var header = new PngHeader(BinaryPrimitives.ReadInt32BigEndian(body), BinaryPrimitives.ReadInt32BigEndian(body[4..]), body[8], body[9], body[12] == 1);
        var depths = header.ColorType switch { 0 => new[] { 1, 2, 4, 8, 16 }, 2 or 4 or 6 => [8, 16], 3 => [1, 2, 4, 8], _ => [] };
        return header.Width >= 1 && header.Height >= 1 && depths.Contains(header.Depth) && body[10] == 0 && body[11] == 0 && body[12] <= 1
            ? header
            : throw PngDecoder.Damaged("has a header that makes no sense");
    }
}
