using System.Buffers.Binary;

namespace SecondOpinion.Dicom;

/// <summary>The value of encapsulated Pixel Data: a basic offset table and fragments (PS3.5 A.4). Fragments are ranges of the source.</summary>
public sealed class DicomFragments
{
    private readonly ReadOnlyMemory<byte> _source;
    private readonly (int Offset, int Length)[] _ranges;
    private readonly ReadOnlyMemory<byte>[]? _parts;

    /// <summary>Fragments that stand in one source, as a reader finds them.</summary>
    internal DicomFragments(ReadOnlyMemory<byte> source, ReadOnlyMemory<byte> offsetTable, (int Offset, int Length)[] ranges)
    {
        _source = source;
        _ranges = ranges;
        OffsetTable = offsetTable;
    }

    /// <summary>Fragments to be written. Odd ones are padded with a zero byte by the writer.</summary>
    public DicomFragments(ReadOnlyMemory<byte> offsetTable, params ReadOnlyMemory<byte>[] parts)
    {
        _parts = parts;
        _ranges = [];
        OffsetTable = offsetTable;
    }

    /// <summary>The value of the first item: 32-bit little endian offsets of the frames' first items, or empty.</summary>
    public ReadOnlyMemory<byte> OffsetTable { get; }

    /// <summary>Fragments, the offset table not counted.</summary>
    public int Count => _parts?.Length ?? _ranges.Length;

    /// <summary>A fragment, from 0; the offset table is none.</summary>
    public ReadOnlyMemory<byte> this[int index] => _parts is null ? _source.Slice(_ranges[index].Offset, _ranges[index].Length) : _parts[index];

    /// <summary>The offset table of the fragments as they are written: padding an odd one moves those behind it (PS3.5 A.4).</summary>
    internal ReadOnlyMemory<byte> PaddedOffsetTable()
    {
        const int entry = 4;
        const int itemHeader = 8;
        var table = OffsetTable;
        byte[]? moved = null;
        var (from, padded, next) = (0L, 0L, 0);
        for (var i = 0; i < Count && next + entry <= table.Length; i++)
        {
            // Frames start at fragments in their order; an offset at which none starts stays as it is.
            while (next + entry <= table.Length && BinaryPrimitives.ReadUInt32LittleEndian(table.Span[next..]) is var offset && offset <= from)
            {
                if (offset == from && padded != from)
                {
                    moved ??= table.ToArray();
                    BinaryPrimitives.WriteUInt32LittleEndian(moved.AsSpan(next), (uint)padded);
                }

                next += entry;
            }

            var length = this[i].Length;
            from += itemHeader + length;
            padded += itemHeader + length + (length & 1);
        }

        return moved ?? table;
    }

    /// <summary>Bytes of all fragments together.</summary>
    public long TotalLength
    {
        get
        {
            var total = 0L;
            for (var i = 0; i < Count; i++)
            {
                total += this[i].Length;
            }

            return total;
        }
    }
}
