using System.Buffers.Binary;

namespace SecondOpinion.Dicom.Imaging.Codecs.Jpeg;

/// <summary>Goes through the marker segments of a codestream (ITU-T T.81 B.1.1).</summary>
internal sealed class JpegSegments(ReadOnlyMemory<byte> source)
{
    public ReadOnlySpan<byte> Data => source.Span;

    public int Position { get; set; }

    public int Left => source.Length - Position;

    /// <summary>Goes past SOI. Some writers put bytes of their own before it.</summary>
    public void FindStart()
    {
        var at = Data.IndexOf([(byte)0xFF, JpegMarker.SOI, (byte)0xFF]);
        Position = at >= 0 ? at + 2 : throw CodecError.Invalid("no JPEG image");
    }

    /// <summary>The next marker's second byte; null at EOI or at the end of the data, which some writers let come first. Bytes before a marker are
    /// skipped (T.81 B.1.1.2 allows FF only); codes below 80 are no markers in either standard but TEM, which says nothing.</summary>
    public byte? NextMarker()
    {
        var data = Data;
        while (Position + 1 < data.Length)
        {
            var skip = data[Position..].IndexOf((byte)0xFF);
            if (skip < 0)
            {
                break;
            }

            Position += skip + 1;
            if (Position < data.Length && data[Position] is >= 0x80 and not 0xFF)
            {
                var marker = data[Position++];
                if (marker == JpegMarker.EOI)
                {
                    return null;
                }

                if (marker is < JpegMarker.RST0 or > JpegMarker.SOI)
                {
                    return marker;
                }
            }
        }

        return null;
    }

    /// <summary>The content of the segment whose marker was just read.</summary>
    public ReadOnlySpan<byte> Payload()
    {
        var rest = Data[Position..];
        var length = rest.Length >= 2 ? BinaryPrimitives.ReadUInt16BigEndian(rest) : 0;
        if (length < 2 || length > rest.Length)
        {
            throw CodecError.Truncated("JPEG segment");
        }

        Position += length;
        return rest[2..length];
    }
}
