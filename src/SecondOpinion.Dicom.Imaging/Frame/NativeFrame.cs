using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace SecondOpinion.Dicom.Imaging;

/// <summary>Uncompressed pixel data (PS3.5 8.1.1, 8.2): where a frame is, and its samples.</summary>
internal static class NativeFrame
{
    public static ReadOnlyMemory<byte> LittleEndian(in DicomElement element, string transferSyntaxUid, int bitsAllocated)
    {
        var bigEndian = element.IsBigEndian || transferSyntaxUid == DicomTransferSyntax.GePrivateImplicit;
        if (!bigEndian)
        {
            return element.RawBytes;
        }

        // The samples are swapped by their own size: OW with 32 bits allocated holds 32-bit big endian numbers.
        var raw = element.RawBytes.Span;
        if (bitsAllocated == 32 && raw.Length % 4 == 0)
        {
            var swapped = new byte[raw.Length];
            BinaryPrimitives.ReverseEndianness(MemoryMarshal.Cast<byte, uint>(raw), MemoryMarshal.Cast<byte, uint>(swapped.AsSpan()));
            return swapped;
        }

        if (element.IsBigEndian)
        {
            return element.LittleEndianBytes();
        }

        var words = raw.ToArray();
        if (bitsAllocated == 16)
        {
            var whole = words.AsSpan(0, words.Length & ~1);
            BinaryPrimitives.ReverseEndianness(MemoryMarshal.Cast<byte, ushort>(whole), MemoryMarshal.Cast<byte, ushort>(whole));
        }

        return words;
    }

    public static ReadOnlyMemory<byte> Slice(ReadOnlyMemory<byte> pixels, int frame, ImageDescription description)
    {
        var bits = description.BitsPerFrame;
        if (frame >= pixels.Length * 8L / bits) // a product of the two could be more than 64 bits
        {
            throw new ImagingException(ImagingError.InvalidPixelData, "Pixel Data is shorter than the frames.");
        }

        var firstBit = bits * frame;

        if (firstBit % 8 == 0)
        {
            return pixels.Slice((int)(firstBit / 8), (int)description.BytesPerFrame);
        }

        var source = pixels.Span[(int)(firstBit / 8)..];
        var shift = (int)(firstBit % 8);
        var copy = new byte[description.BytesPerFrame];
        for (var i = 0; i < copy.Length; i++)
        {
            var next = i + 1 < source.Length ? source[i + 1] : 0;
            copy[i] = (byte)((source[i] | (next << 8)) >> shift);
        }

        return copy;
    }

    private const int LeastRented = 64 << 10;
    private const int MostRented = 64 << 20; // larger ones are rare, and a pool would keep them

    /// <param name="frame">As stored, little endian.</param>
    /// <param name="description">Of the image.</param>
    /// <param name="rented">See <see cref="DicomImage.Decode(int, bool, int)"/>.</param>
    public static DecodedFrame Decode(ReadOnlySpan<byte> frame, ImageDescription description, bool rented = false)
    {
        if (frame.Length < description.BytesPerFrame)
        {
            throw new ImagingException(ImagingError.InvalidPixelData, "The frame is shorter than its dimensions say.");
        }

        var pixels = (int)description.PixelsPerFrame;
        var samples = description.SamplesPerPixel;
        var size = description.BitsAllocated == 12 ? 2 : Math.Max(1, description.BitsAllocated / 8);
        var photometric = description.PhotometricInterpretation;
        byte[] data;
        var length = 0;
        var isRented = false;
        if (description.BitsAllocated == 1)
        {
            data = Unpack(frame, pixels * samples);
        }
        else if (description.BitsAllocated == 12)
        {
            data = Unpack12(frame, pixels * samples);
            data = description.IsPlanar ? Interleave(data, pixels, samples, size) : data;
        }
        else if (description.Is422 && size == 1)
        {
            data = Expand422(frame, description.Rows, description.Columns);
            photometric = "YBR_FULL";
        }
        else if (description.Is422)
        {
            throw new ImagingException(ImagingError.UnsupportedImage, "YBR_FULL_422 has 8 bits allocated.");
        }
        else
        {
            length = pixels * samples * size;
            isRented = rented && size == 2 && !description.IsPlanar && length is >= LeastRented and <= MostRented;
            data = description.IsPlanar ? Interleave(frame, pixels, samples, size) : isRented ? ArrayPool<byte>.Shared.Rent(length) : GC.AllocateUninitializedArray<byte>(length);
            if (!description.IsPlanar)
            {
                frame[..length].CopyTo(data);
            }
        }

        SampleBits.Normalize(isRented ? data.AsSpan(0, length) : data, size, description.BitsAllocated == 1 ? 0 : description.HighBit + 1 - description.BitsStored, description.BitsStored, description.IsSigned);
        return new DecodedFrame(description.Rows, description.Columns, samples, size, description.BitsStored, description.IsSigned, photometric, data) { IsRented = isRented, IsFloat = description.IsFloat };
    }

    /// <summary>One bit per sample, the first in the lowest bit (PS3.5 8.1.1).</summary>
    private static byte[] Unpack(ReadOnlySpan<byte> bits, int count)
    {
        var data = new byte[count];
        for (var i = 0; i < data.Length; i++)
        {
            data[i] = (byte)((bits[i >> 3] >> (i & 7)) & 1);
        }

        return data;
    }

    /// <summary>Cells of 12 bits one after the other, from the low bit of each word up (PS3.5 8.1.1, 8.2): three bytes hold two.</summary>
    private static byte[] Unpack12(ReadOnlySpan<byte> packed, int count)
    {
        var data = new byte[count * 2];
        for (var i = 0; i < count; i++)
        {
            var at = i / 2 * 3;
            var cell = (i & 1) == 0 ? packed[at] | ((packed[at + 1] & 0x0F) << 8) : (packed[at + 1] >> 4) | (packed[at + 2] << 4);
            BinaryPrimitives.WriteUInt16LittleEndian(data.AsSpan(i * 2), (ushort)cell);
        }

        return data;
    }

    /// <summary>Y1 Y2 Cb Cr for each two pixels of the frame (PS3.3 C.7.6.3.1.2); an odd last pixel takes what is there.</summary>
    private static byte[] Expand422(ReadOnlySpan<byte> frame, int rows, int columns)
    {
        var pixels = rows * columns;
        var data = new byte[pixels * 3];
        for (int i = 0, from = 0; i < pixels; i += 2, from += 4)
        {
            var cb = from + 2 < frame.Length ? frame[from + 2] : (byte)128;
            var cr = from + 3 < frame.Length ? frame[from + 3] : (byte)128;
            data[i * 3] = frame[from];
            data[(i * 3) + 1] = cb;
            data[(i * 3) + 2] = cr;
            if (i + 1 < pixels)
            {
                data[(i * 3) + 3] = frame[from + 1];
                data[(i * 3) + 4] = cb;
                data[(i * 3) + 5] = cr;
            }
        }

        return data;
    }

    private static byte[] Interleave(ReadOnlySpan<byte> planes, int pixels, int samples, int size)
    {
        var data = new byte[pixels * samples * size];
        var plane = pixels * size;
        for (var s = 0; s < samples; s++)
        {
            var source = planes.Slice(s * plane, plane);
            var to = s * size;
            for (var i = 0; i < source.Length; i += size, to += samples * size)
            {
                source.Slice(i, size).CopyTo(data.AsSpan(to));
            }
        }

        return data;
    }
}
