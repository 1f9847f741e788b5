using System.Buffers;
using System.Runtime.InteropServices;

namespace SecondOpinion.Dicom;

/// <summary>
/// One data element: tag, VR and where its value is. A value read from bytes is a range of them, in the byte order of its source; text set by a
/// program stays text until it is written, so that it takes the data set's character set then.
/// </summary>
public readonly struct DicomElement
{
    private readonly object? _data; // byte[] or MemoryManager<byte> of a range, string, DicomDataset[], DicomFragments, BulkReference
    private readonly int _offset;
    private readonly int _length;
    private readonly bool _bigEndian;

    internal DicomElement(DicomTag tag, DicomVr vr, object? data, int offset, int length, bool bigEndian)
    {
        Tag = tag;
        Vr = vr;
        _data = data;
        _offset = offset;
        _length = length;
        _bigEndian = bigEndian;
    }

    /// <summary>A value in bytes, little endian.</summary>
    public DicomElement(DicomTag tag, DicomVr vr, ReadOnlyMemory<byte> value)
    {
        Tag = tag;
        Vr = vr;
        (_data, _offset, _length) = Locate(value);
    }

    /// <summary>Text, values separated by backslashes.</summary>
    public DicomElement(DicomTag tag, DicomVr vr, string text)
    {
        Tag = tag;
        Vr = vr;
        _data = text.Length == 0 ? null : text;
    }

    /// <summary>A sequence.</summary>
    public DicomElement(DicomTag tag, params DicomDataset[] items)
    {
        Tag = tag;
        Vr = DicomVr.SQ;
        _data = items;
    }

    /// <summary>Encapsulated pixel data.</summary>
    public DicomElement(DicomTag tag, DicomVr vr, DicomFragments fragments)
    {
        Tag = tag;
        Vr = vr;
        _data = fragments;
    }

    private DicomElement(DicomTag tag, DicomVr vr, BulkReference reference)
    {
        Tag = tag;
        Vr = vr;
        _data = reference;
    }

    /// <summary>An element whose value stands elsewhere (PS3.18 F.2.2); it cannot be written to a file before it has a value.</summary>
    public static DicomElement AtUri(DicomTag tag, DicomVr vr, string uri) => new(tag, vr, new BulkReference(uri));

    /// <summary>The tag.</summary>
    public DicomTag Tag { get; }

    /// <summary>The VR; of an implicit source the dictionary's.</summary>
    public DicomVr Vr { get; }

    /// <summary>No value, or a sequence without items.</summary>
    public bool IsEmpty => _data switch
    {
        null => true,
        string => false,
        DicomDataset[] items => items.Length == 0,
        DicomFragments or BulkReference => false,
        _ => _length == 0,
    };

    /// <summary>The items of a sequence; empty for other VRs.</summary>
    public IReadOnlyList<DicomDataset> Items => ItemArray;

    /// <summary>The fragments of encapsulated pixel data, otherwise null.</summary>
    public DicomFragments? Fragments => _data as DicomFragments;

    /// <summary>Where the value is when it is not here (<see cref="AtUri"/>), otherwise null.</summary>
    public string? BulkDataUri => (_data as BulkReference)?.Uri;

    /// <summary>The value's bytes as they stand in the source; empty for text set by a program, sequences and fragments.</summary>
    public ReadOnlyMemory<byte> RawBytes => _data switch
    {
        byte[] array => new ReadOnlyMemory<byte>(array, _offset, _length),
        MemoryManager<byte> manager => manager.Memory.Slice(_offset, _length),
        _ => default,
    };

    /// <summary>The bytes of <see cref="RawBytes"/> are big endian.</summary>
    public bool IsBigEndian => _bigEndian;

    /// <summary>Bytes of a value that was read or set as bytes.</summary>
    public int RawLength => _length;

    internal ReadOnlySpan<byte> RawSpan => _data is byte[] array ? new ReadOnlySpan<byte>(array, _offset, _length) : RawBytes.Span;

    /// <summary>Where the value starts in the array or memory that it is a range of.</summary>
    internal int SourceOffset => _offset;

    internal string? Text => _data as string;

    internal DicomDataset[] ItemArray => _data as DicomDataset[] ?? [];

    internal DicomElement WithVr(DicomVr vr) => new(Tag, vr, _data, _offset, _length, _bigEndian);

    internal DicomElement WithTag(DicomTag tag) => new(tag, Vr, _data, _offset, _length, _bigEndian);

    /// <summary>The value's bytes, little endian; numbers of a big endian source are swapped into a copy. Text set by a program needs the data set.</summary>
    public ReadOnlyMemory<byte> LittleEndianBytes()
    {
        var raw = RawBytes;
        var unit = Vr.SwapUnit();
        return _bigEndian && unit > 1 && raw.Length > 0 ? ByteOrder.Swapped(raw.Span, unit) : raw;
    }

    /// <summary>Tag, VR and keyword, without the value: what may stand in a log.</summary>
    public override string ToString() => $"{Tag} {Vr} {Tag.Keyword}";

    private static (object? Data, int Offset, int Length) Locate(ReadOnlyMemory<byte> value)
    {
        if (value.IsEmpty)
        {
            return default;
        }

        if (MemoryMarshal.TryGetArray(value, out var segment))
        {
            return (segment.Array, segment.Offset, segment.Count);
        }

        return MemoryMarshal.TryGetMemoryManager<byte, MemoryManager<byte>>(value, out var manager, out var start, out var length)
            ? (manager, start, length)
            : (value.ToArray(), 0, value.Length);
    }

    private sealed record BulkReference(string Uri);
}
