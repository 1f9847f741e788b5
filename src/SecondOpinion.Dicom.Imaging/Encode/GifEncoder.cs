using System.Buffers.Binary;

namespace SecondOpinion.Dicom.Imaging;

/// <summary>GIF 89a: grey values exactly, colours by the best 256 of each frame.</summary>
internal static class GifEncoder
{
    /// <param name="delay">Between frames, which then repeat for ever; null for a still image.</param>
    public static void Write(IEnumerable<RenderedImage> frames, Stream stream, TimeSpan? delay)
    {
        var started = false;
        foreach (var frame in frames)
        {
            if (frame.Width > 65535 || frame.Height > 65535)
            {
                throw new ImagingException(ImagingError.TooLarge, "A GIF image has at most 65535 rows and columns.");
            }

            if (!started)
            {
                started = true;
                Span<byte> head = [.. "GIF89a"u8, 0, 0, 0, 0, 0x70, 0, 0];
                BinaryPrimitives.WriteUInt16LittleEndian(head[6..], (ushort)frame.Width);
                BinaryPrimitives.WriteUInt16LittleEndian(head[8..], (ushort)frame.Height);
                stream.Write(head);
                if (delay is not null)
                {
                    stream.Write([0x21, 0xFF, 11, .. "NETSCAPE2.0"u8, 3, 1, 0, 0, 0]);
                }
            }

            if (delay is { } time)
            {
                var hundredths = (ushort)Math.Clamp(time.TotalMilliseconds / 10, 2, 65535);
                stream.Write([0x21, 0xF9, 4, 4, (byte)hundredths, (byte)(hundredths >> 8), 0, 0]);
            }

            Frame(frame, stream);
        }

        if (!started)
        {
            throw new ImagingException(ImagingError.InvalidOption, "An image has at least one frame.");
        }

        stream.WriteByte(0x3B);
    }

    private static void Frame(RenderedImage image, Stream stream)
    {
        Span<byte> descriptor = [0x2C, 0, 0, 0, 0, 0, 0, 0, 0, 0x87];
        BinaryPrimitives.WriteUInt16LittleEndian(descriptor[5..], (ushort)image.Width);
        BinaryPrimitives.WriteUInt16LittleEndian(descriptor[7..], (ushort)image.Height);
        stream.Write(descriptor);
        var count = image.Width * image.Height;
        var palette = new byte[768];
        byte[] indices;
        if (image.Channels == 3)
        {
            indices = ColorQuantiser.Apply(image, palette);
        }
        else
        {
            for (var i = 0; i < 768; i++)
            {
                palette[i] = (byte)(i / 3);
            }

            indices = image.Data;
            if (image.BitsPerSample == 16)
            {
                indices = new byte[count];
                for (var i = 0; i < count; i++)
                {
                    indices[i] = image.Data[(i * 2) + 1];
                }
            }
        }

        stream.Write(palette);
        Lzw(indices.AsSpan(0, count), stream);
    }

    private static void Lzw(ReadOnlySpan<byte> indices, Stream stream)
    {
        const int Clear = 256;
        stream.WriteByte(8);
        var blocks = new SubBlocks(stream);
        var keys = new int[8192]; // open addressing: (prefix << 8 | byte) + 1
        var codes = new short[8192];
        var next = Clear + 2;
        var width = 9;
        blocks.Put(Clear, width);
        var prefix = (int)indices[0];
        foreach (var value in indices[1..])
        {
            var key = ((prefix << 8) | value) + 1;
            var slot = (int)((uint)key * 2654435761u >> 19);
            while (keys[slot] != 0 && keys[slot] != key)
            {
                slot = (slot + 1) & 8191;
            }

            if (keys[slot] == key)
            {
                prefix = codes[slot];
                continue;
            }

            blocks.Put(prefix, width);
            prefix = value;
            if (next == 4096)
            {
                blocks.Put(Clear, width);
                Array.Clear(keys);
                (next, width) = (Clear + 2, 9);
                continue;
            }

            keys[slot] = key;
            codes[slot] = (short)next;
            if (next == 1 << width)
            {
                width++;
            }

            next++;
        }

        blocks.Put(prefix, width);
        blocks.Finish(Clear + 1, next == 1 << width && width < 12 ? width + 1 : width);
    }

    private sealed class SubBlocks(Stream stream)
    {
        private readonly byte[] _block = new byte[256];
        private int _used;
        private uint _bits;
        private int _count;

        public void Put(int code, int width)
        {
            _bits |= (uint)code << _count;
            _count += width;
            for (; _count >= 8; _count -= 8, _bits >>= 8)
            {
                Byte((byte)_bits);
            }
        }

        public void Finish(int end, int width)
        {
            Put(end, width);
            if (_count > 0)
            {
                Byte((byte)_bits);
            }

            Flush();
            stream.WriteByte(0);
        }

        private void Byte(byte value)
        {
            _block[++_used] = value;
            if (_used == 255)
            {
                Flush();
            }
        }

        private void Flush()
        {
            if (_used > 0)
            {
                _block[0] = (byte)_used;
                stream.Write(_block, 0, _used + 1);
                _used = 0;
            }
        }
    }
}
