using System.Buffers.Binary;

namespace SecondOpinion.Dicom.Imaging.Codecs.Rle;

/// <summary>Decodes RLE Lossless (PS3.5 Annex G): byte planes, most significant first, component by component, each packed by runs.</summary>
internal static class RleDecoder
{
    private const int HeaderLength = 64;
    private const int MaxSegments = 15;

    public static CodecImage Decode(ReadOnlySpan<byte> codestream, ImageDescription description)
    {
        var bytes = description.BitsAllocated / 8;
        if (bytes == 0)
        {
            throw CodecError.Unsupported("RLE of single bits");
        }

        var planes = description.SamplesPerPixel * bytes;
        Span<int> offsets = stackalloc int[MaxSegments + 1];
        ReadHeader(codestream, planes, offsets);

        // A run of 128 costs two bytes (PS3.5 G.3.1): more pixels than that cannot be in the data.
        var pixels = description.PixelsPerFrame;
        if (pixels * planes > 64L * codestream.Length)
        {
            throw CodecError.Truncated("RLE frame");
        }

        var samples = new byte[CodecImage.SizeOf(description.Columns, description.Rows, description.SamplesPerPixel, bytes)];
        for (var plane = 0; plane < planes; plane++)
        {
            var component = plane / bytes;
            // Segments go from the most significant byte to the least (PS3.5 G.2); samples are little endian.
            var start = (component * bytes) + (bytes - 1 - (plane % bytes));
            Unpack(codestream[offsets[plane]..offsets[plane + 1]], samples.AsSpan(start), planes, (int)pixels);
        }

        return new CodecImage(description.Columns, description.Rows, description.SamplesPerPixel, description.BitsAllocated, samples);
    }

    /// <summary>PS3.5 G.5: the number of segments and their offsets.</summary>
    private static void ReadHeader(ReadOnlySpan<byte> codestream, int planes, Span<int> offsets)
    {
        if (codestream.Length < HeaderLength)
        {
            throw CodecError.Truncated("RLE header");
        }

        var count = BinaryPrimitives.ReadUInt32LittleEndian(codestream);
        if (count != planes)
        {
            throw CodecError.Invalid($"RLE frame has {count} segments, its attributes ask for {planes}");
        }

        for (var i = 0; i < planes; i++)
        {
            var offset = BinaryPrimitives.ReadUInt32LittleEndian(codestream[(4 + (4 * i))..]);
            if (offset < HeaderLength || offset > codestream.Length || (i > 0 && offset < offsets[i - 1]))
            {
                throw CodecError.Invalid("RLE segment offset out of range");
            }

            offsets[i] = (int)offset;
        }

        offsets[planes] = codestream.Length;
    }

    /// <summary>PS3.5 G.3.2. What a segment holds beyond the frame is ignored: writers pad.</summary>
    private static void Unpack(ReadOnlySpan<byte> segment, Span<byte> target, int step, int count)
    {
        var at = 0;
        var to = 0;
        var end = count * step;
        while (to < end)
        {
            if (at >= segment.Length)
            {
                throw CodecError.Truncated("RLE segment");
            }

            var control = (sbyte)segment[at++];
            if (control >= 0)
            {
                var length = Math.Min(control + 1, segment.Length - at);
                var literal = segment.Slice(at, length);
                at += length;
                for (var i = 0; i < literal.Length && to < end; i++, to += step)
                {
                    target[to] = literal[i];
                }
            }
            else if (control != -128)
            {
                if (at >= segment.Length)
                {
                    throw CodecError.Truncated("RLE segment");
                }

                var value = segment[at++];
                var stop = Math.Min(end, to + ((1 - control) * step));
                if (step == 1)
                {
                    target[to..stop].Fill(value);
                    to = stop;
                }

                for (; to < stop; to += step)
                {
                    target[to] = value;
                }
            }
        }
    }
}
