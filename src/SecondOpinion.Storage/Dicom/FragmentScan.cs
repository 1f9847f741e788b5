using System.Buffers.Binary;
using SecondOpinion.Dicom;

namespace SecondOpinion.Storage.Dicom;

/// <summary>Where the fragments of encapsulated Pixel Data are (PS3.5 A.4), found by their item headers without reading what is in them.</summary>
/// <param name="Ranges">Pairs of 64-bit little endian (offset, length), the offset table not counted.</param>
/// <param name="FrameStarts">32-bit little endian index of the first fragment of each frame; empty when nothing says which.</param>
/// <param name="End">Where the file goes on after Pixel Data.</param>
internal sealed record FragmentScan(byte[] Ranges, byte[] FrameStarts, long End)
{
    private const int MaxFragments = 1_000_000;
    private const int MaxTableBytes = 16 << 20;
    private const uint Item = 0xFFFEE000;
    private const uint SequenceEnd = 0xFFFEE0DD;

    /// <exception cref="DicomException">The items are damaged or end before their delimiter.</exception>
    public static FragmentScan Run(Stream file, long start, DicomDataset dataset)
    {
        var fragments = new List<(long Offset, long Length)>();
        byte[]? table = null;
        var position = start;
        Span<byte> header = stackalloc byte[8];
        while (true)
        {
            file.Position = position;
            if (file.ReadAtLeast(header, 8, throwOnEndOfStream: false) < 8)
            {
                throw new DicomException(DicomError.Truncated, "Pixel Data ends without its delimiter", DicomTags.PixelData, position);
            }

            var tag = ((uint)BinaryPrimitives.ReadUInt16LittleEndian(header) << 16) | BinaryPrimitives.ReadUInt16LittleEndian(header[2..]);
            var length = BinaryPrimitives.ReadUInt32LittleEndian(header[4..]);
            position += 8;
            if (tag == SequenceEnd)
            {
                break;
            }

            if (tag != Item || fragments.Count == MaxFragments)
            {
                throw new DicomException(DicomError.InvalidStructure, "Pixel Data holds something other than items, or too many of them", DicomTags.PixelData, position - 8);
            }

            if (length > file.Length - position)
            {
                throw new DicomException(DicomError.Truncated, "a fragment is longer than the file", DicomTags.PixelData, position - 8);
            }

            if (table is null)
            {
                table = new byte[length <= MaxTableBytes ? (int)length : 0];
                file.ReadExactly(table);
            }
            else
            {
                fragments.Add((position, length));
            }

            position += length;
        }

        return new FragmentScan(Pack(fragments), Starts(file, fragments, table ?? [], dataset), position);
    }

    private static byte[] Pack(List<(long Offset, long Length)> fragments)
    {
        var packed = new byte[fragments.Count * 16];
        for (var i = 0; i < fragments.Count; i++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(packed.AsSpan(i * 16), fragments[i].Offset);
            BinaryPrimitives.WriteInt64LittleEndian(packed.AsSpan((i * 16) + 8), fragments[i].Length);
        }

        return packed;
    }

    private static byte[] Starts(Stream file, List<(long Offset, long Length)> fragments, byte[] table, DicomDataset dataset)
    {
        var frames = Math.Max(1, dataset.GetInt32(DicomTags.NumberOfFrames) ?? 1);
        if (frames > fragments.Count)
        {
            return [];
        }

        if (frames == 1)
        {
            return new byte[4];
        }

        // PS3.3 C.7.6.3.1.8: the extended table holds 64-bit offsets.
        var extended = dataset.GetBytes(DicomTags.ExtendedOffsetTable);
        var starts = extended.Length >= 8L * frames ? ByOffsets(fragments, extended.Span, 8, frames) : null;
        starts ??= table.Length >= 4L * frames ? ByOffsets(fragments, table, 4, frames) : null;
        starts ??= fragments.Count == frames ? [.. Enumerable.Range(0, frames)] : ByMarkers(file, fragments, frames);
        var packed = new byte[(starts?.Length ?? 0) * 4];
        for (var i = 0; i < packed.Length / 4; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(packed.AsSpan(i * 4), starts![i]);
        }

        return packed;
    }

    private static int[]? ByOffsets(List<(long Offset, long Length)> fragments, ReadOnlySpan<byte> table, int width, int frames)
    {
        var first = fragments[0].Offset - 8;
        var starts = new int[frames];
        var fragment = 0;
        for (var frame = 0; frame < frames; frame++)
        {
            var offset = width == 8
                ? BinaryPrimitives.ReadInt64LittleEndian(table[(frame * 8)..])
                : BinaryPrimitives.ReadUInt32LittleEndian(table[(frame * 4)..]);
            while (fragment < fragments.Count && fragments[fragment].Offset - 8 - first < offset)
            {
                fragment++;
            }

            if (fragment >= fragments.Count || fragments[fragment].Offset - 8 - first != offset || (frame > 0 && fragment == starts[frame - 1]))
            {
                return null; // A table that points between items is worth nothing.
            }

            starts[frame] = fragment;
        }

        return starts[0] == 0 ? starts : null;
    }

    /// <summary>A frame starts with a fragment (PS3.5 8.2.1): with SOI of the JPEG family, or SOC or a signature box of JPEG 2000.</summary>
    private static int[]? ByMarkers(Stream file, List<(long Offset, long Length)> fragments, int frames)
    {
        var starts = new int[frames];
        var found = 0;
        Span<byte> head = stackalloc byte[8];
        for (var i = 0; i < fragments.Count; i++)
        {
            file.Position = fragments[i].Offset;
            var read = fragments[i].Length < 8 ? 0 : file.ReadAtLeast(head, 8, throwOnEndOfStream: false);
            if (read == 8 && (head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]) || head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0x4F, 0xFF, 0x51]) || head.SequenceEqual("\0\0\0\x0CjP  "u8)))
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
