using System.Buffers.Binary;

namespace SecondOpinion.Dicom.Imaging;

/// <summary>Which fragments make which frame (PS3.5 A.4): by extended or basic offset table, by their number, or by where codestreams start.</summary>
internal sealed class EncapsulatedFrames
{
    private readonly DicomFragments _fragments;

    /// <summary>The first fragment of each frame, and one past the last of the last; null when nothing says which.</summary>
    private readonly int[]? _starts;

    /// <summary>Bytes of each frame without padding (7FE0,0002).</summary>
    private readonly ReadOnlyMemory<byte> _lengths;

    public EncapsulatedFrames(DicomFragments fragments, DicomDataset dataset, string transferSyntaxUid, int frames)
    {
        _fragments = fragments;
        if (fragments.Count < 1)
        {
            throw new ImagingException(ImagingError.InvalidPixelData, "Pixel Data has no fragments.");
        }

        // PS3.3 C.7.6.3.1.8: the extended table holds 64-bit offsets and lengths, one fragment per frame.
        var extended = dataset.GetBytes(DicomTags.ExtendedOffsetTable);
        if (extended.Length >= 8L * frames && ByOffsets(extended.Span, 8, frames) is { } exact)
        {
            _starts = exact;
            var lengths = dataset.GetBytes(DicomTags.ExtendedOffsetTableLengths);
            _lengths = lengths.Length >= 8L * frames ? lengths : default;
        }
        else if (frames == 1)
        {
            _starts = [0, fragments.Count];
        }
        else if (fragments.Count >= frames)
        {
            _starts = fragments.OffsetTable.Length >= 4L * frames ? ByOffsets(fragments.OffsetTable.Span, 4, frames) : null;
            _starts ??= fragments.Count == frames ? [.. Enumerable.Range(0, frames + 1)] : ByMarkers(frames, transferSyntaxUid);
        }
    }

    public ReadOnlyMemory<byte> Frame(int frame)
    {
        if (_starts is null)
        {
            throw new ImagingException(ImagingError.InvalidPixelData, "Nothing says which fragments make which frame.");
        }

        var (first, end) = (_starts[frame], _starts[frame + 1]);
        if (end - first == 1)
        {
            var fragment = _fragments[first];
            if (!_lengths.IsEmpty)
            {
                var length = BinaryPrimitives.ReadUInt64LittleEndian(_lengths.Span[(frame * 8)..]);
                return length > 0 && length <= (ulong)fragment.Length ? fragment[..(int)length] : fragment;
            }

            return fragment;
        }

        var total = 0L;
        for (var i = first; i < end; i++)
        {
            total += _fragments[i].Length;
        }

        if (total > Array.MaxLength)
        {
            throw new ImagingException(ImagingError.TooLarge, "The codestream is too long.");
        }

        var joined = new byte[total];
        var at = 0;
        for (var i = first; i < end; i++)
        {
            _fragments[i].Span.CopyTo(joined.AsSpan(at));
            at += _fragments[i].Length;
        }

        return joined;
    }

    private int[]? ByOffsets(ReadOnlySpan<byte> table, int width, int frames)
    {
        if (_fragments.Count < frames)
        {
            return null;
        }

        var starts = new int[frames + 1];
        starts[frames] = _fragments.Count;
        var fragment = 0;
        var position = 0L; // of the fragment's item tag, from the first item after the table
        for (var frame = 0; frame < frames; frame++)
        {
            var offset = width == 8
                ? BinaryPrimitives.ReadInt64LittleEndian(table[(frame * 8)..])
                : BinaryPrimitives.ReadUInt32LittleEndian(table[(frame * 4)..]);
            while (fragment < _fragments.Count && position < offset)
            {
                position += 8 + ((_fragments[fragment].Length + 1L) & ~1L);
                fragment++;
            }

            if (position != offset || fragment >= _fragments.Count || (frame > 0 && fragment == starts[frame - 1]))
            {
                return null; // A table that points between items is worth nothing.
            }

            starts[frame] = fragment;
        }

        return starts[0] == 0 ? starts : null;
    }

    /// <summary>A frame starts with a fragment (PS3.5 8.2.1): with SOI of the JPEG family, SOC or a JP2 signature of JPEG 2000.</summary>
    private int[]? ByMarkers(int frames, string transferSyntaxUid)
    {
        if (!transferSyntaxUid.StartsWith("1.2.840.10008.1.2.4.", StringComparison.Ordinal))
        {
            return null;
        }

        var starts = new int[frames + 1];
        starts[frames] = _fragments.Count;
        var found = 0;
        for (var i = 0; i < _fragments.Count; i++)
        {
            var span = _fragments[i].Span;
            if (span.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]) || span.StartsWith((ReadOnlySpan<byte>)[0xFF, 0x4F, 0xFF, 0x51]) || span.StartsWith("\0\0\0\x0CjP  "u8))
            {
                if (found == frames)
                {
                    return null;
                }

                starts[found++] = i;
            }
        }

        return found == frames && starts[0] == 0 ? starts : null;
    }
}
