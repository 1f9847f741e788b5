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
