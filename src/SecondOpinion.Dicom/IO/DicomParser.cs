using System.Buffers.Binary;
using System.Numerics;

namespace SecondOpinion.Dicom;

/// <summary>
/// The parser of data sets (PS3.5 7): one pass over bytes in memory. It never throws; <see cref="Failure"/> says why it stopped, and what was read
/// until then is in the data set it returns. Lengths are believed only as far as bytes are there.
/// </summary>
internal ref partial struct DicomParser
{
    private const uint Undefined = 0xFFFFFFFF;
    private const uint ItemTag = 0xFFFEE000;
    private const uint ItemEnd = 0xFFFEE00D;
    private const uint SequenceEnd = 0xFFFEE0DD;
    private const uint PixelRepresentation = 0x00280103;
    private const uint PixelData = 0x7FE00010;

    private readonly ReadOnlySpan<byte> _data;
    private readonly object _source;
    private readonly int _base;
    private readonly ReadOnlyMemory<byte> _memory;
    private readonly DicomReadOptions _options;
    private readonly uint _stopBefore;
    private ScratchStack<DicomElement> _elements;
    private ScratchStack<DicomDataset> _items;
    private bool _explicit;
    private bool _big;
    private bool? _signedPixels;
    private bool _undecided; // an element of this level or of its items is US or SS by a Pixel Representation that did not come yet
    private int _position;
    private int _elementCount;

    /// <param name="source">What the memory's bytes are in: an array or a memory manager.</param>
    /// <param name="sourceOffset">Where the memory starts in it.</param>
    /// <param name="stopBefore">Tag of the top level to stop before, 0 for none.</param>
    internal DicomParser(ReadOnlyMemory<byte> memory, object source, int sourceOffset, DicomReadOptions options, uint stopBefore)
    {
        _memory = memory;
        _data = memory.Span;
        _source = source;
        _base = sourceOffset;
        _options = options;
        _stopBefore = stopBefore == 0 ? uint.MaxValue : stopBefore;
        _elements = new ScratchStack<DicomElement>(256);
        _items = new ScratchStack<DicomDataset>(16);
    }

    /// <summary>Reads file meta information: stops before the first element of another group.</summary>
    internal bool OnlyGroup2 { get; init; }

    /// <summary>Where (0002,0000) says that group 0002 ends; -1 when it does not say. Believed only where the tags agree.</summary>
    internal int EndOfGroup2 { get; init; } = -1;

    /// <summary>Stops before Pixel Data and the private group beside it, wherever they stand.</summary>
    internal bool StopAtPixels { get; init; }

    /// <summary>Why the parser stopped early; null when it did not.</summary>
    internal DicomError? Failure { get; private set; }

    internal DicomTag FailureTag { get; private set; }

    internal int FailureOffset { get; private set; }

    /// <summary>After <see cref="DicomError.Truncated"/>: bytes that the input must have at least for the read to get further.</summary>
    internal long Needed { get; private set; }

    internal List<DicomFault>? Faults { get; private set; }

    /// <summary>Pixel Data of the top level, whether read or stopped before.</summary>
    internal PixelDataPosition? Pixels { get; private set; }

    /// <summary>The read ended before the tag to stop before.</summary>
    internal bool Stopped { get; private set; }

    internal readonly int Position => _position;

    internal void Dispose()
    {
        _elements.Return();
        _items.Return();
    }

    internal void AddFault(DicomFaultKind kind, uint tag, int offset)
    {
        Faults ??= [];
        if (Faults.Count < 100)
        {
            Faults.Add(new DicomFault(kind, DicomTag.FromValue(tag), offset));
        }
    }

    /// <summary>Reads the top level from here to the end, or to the tag to stop before.</summary>
    internal DicomDataset ReadTop(int start, bool isExplicit, bool big)
    {
        _position = start;
        _explicit = isExplicit;
        _big = big;
        ReadElements(_data.Length, isItem: false, depth: 0, out var dataset);
        return dataset;
    }

    /// <summary>Reads elements up to the end or, in an item, to its delimiter. False: stopped early; the data set has what was read.</summary>
    private bool ReadElements(int end, bool isItem, int depth, out DicomDataset dataset)
    {
        var start = _elements.Count;
        var sorted = true;
        var last = 0u;
        var signedBefore = _signedPixels;
        var undecidedBefore = _undecided;
        _undecided = false;
        var good = true;
        while (_position < end)
        {
            var at = _position;
            if (end - at < 8)
            {
                good = (OnlyGroup2 && (end - at < 2 || ReadUInt16(at) != 2)) || EndsInPadding(at, end, depth) || Stop(DicomError.Truncated, last, at, at + 8L);
                break;
            }

            var tag = ReadTag(at);
            if (tag >> 16 == 0xFFFE)
            {
                if (isItem && tag == ItemEnd)
                {
                    _position += 8;
                    break;
                }

                if (isItem && tag is SequenceEnd or ItemTag)
                {
                    // The item's delimiter is missing: the sequence goes on or ends here.
                    AddFault(DicomFaultKind.StrayDelimiter, tag, at);
                    break;
                }

                if (tag is not (ItemEnd or SequenceEnd))
                {
                    // An item stands in a sequence only (PS3.5 7.5): what it holds would become part of this data set.
                    good = Stop(DicomError.InvalidStructure, tag, at);
                    break;
                }

                // A delimiter holds nothing (its length is 0, PS3.5 table 7.5-3): without it nothing is lost.
                AddFault(DicomFaultKind.StrayDelimiter, tag, at);
                _position += 8;
                continue;
            }

            if (depth == 0 && ((tag == 0 && EndsInPadding(at, end, depth)) || StopsBefore(tag, last, at)))
            {
                break;
            }

            if (++_elementCount > _options.MaxElements)
            {
                good = Stop(DicomError.TooManyElements, tag, at);
                break;
            }

            _undecided |= !_explicit && _signedPixels is null && DicomDictionary.DependsOnPixelRepresentation(tag);
            good = ReadElement(tag, end, depth);
            if (tag <= last && _elements.Count > start + 1)
            {
                AddFault(tag == last ? DicomFaultKind.Duplicate : DicomFaultKind.OutOfOrder, tag, at);
                sorted = false;
            }

            last = Math.Max(last, tag);
            if (!good)
            {
                break;
            }
        }

        if (!sorted)
        {
            Sort(start);
        }

        dataset = new DicomDataset(_elements.Pop(start));
        if (_undecided && _signedPixels is { } signed)
        {
            if (signed && !_explicit)
            {
                dataset.TakeUsForSs();
            }

            _undecided = false;
        }

        _undecided |= undecidedBefore;
        _signedPixels = depth == 0 ? _signedPixels : signedBefore;
        return good;
    }

    private readonly uint ReadTag(int at) => _big
        ? BinaryPrimitives.ReadUInt32BigEndian(_data[at..])
        : BitOperations.RotateLeft(BinaryPrimitives.ReadUInt32LittleEndian(_data[at..]), 16);

    private readonly ushort ReadUInt16(int at) =>
        _big ? BinaryPrimitives.ReadUInt16BigEndian(_data[at..]) : BinaryPrimitives.ReadUInt16LittleEndian(_data[at..]);

    private readonly uint ReadUInt32(int at) =>
        _big ? BinaryPrimitives.ReadUInt32BigEndian(_data[at..]) : BinaryPrimitives.ReadUInt32LittleEndian(_data[at..]);

    private bool Stop(DicomError error, uint tag, int at, long needed = 0)
    {
        if (Failure is null)
        {
            (Failure, FailureTag, FailureOffset, Needed) = (error, DicomTag.FromValue(tag), at, needed);
        }

        return false;
    }

    private bool EndsInPadding(int at, int end, int depth)
    {
        if (depth > 0 || at == 0 || end != _data.Length || _data[at..end].ContainsAnyExcept((byte)0))
        {
            return false;
        }

        AddFault(DicomFaultKind.TrailingBytes, 0, at);
        _position = end;
        return true;
    }

    private bool StopsBefore(uint tag, uint last, int at)
    {
        // Higher groups do not stop: a header must not end at a tag that is out of order.
        var isPixels = StopAtPixels && tag is >= 0x7FE00008 and <= 0x7FE1FFFF;
        // Group 0200 of a big endian data set looks like group 0002, which ends where its length says if the tags start anew there.
        if (OnlyGroup2 ? tag >> 16 == 2 && (at != EndOfGroup2 || tag > last) : tag < _stopBefore && !isPixels)
        {
            return false;
        }

        Stopped = true;
        if (tag is >= 0x7FE00008 and <= PixelData && ReadHeader(tag, at, out var vr, out var length, out var value)
            && (length != Undefined || tag == PixelData))
        {
            Pixels = new PixelDataPosition(DicomTag.FromValue(tag), vr, value, length == Undefined ? null : length);
        }

        return true;
    }

    /// <summary>Reads VR and length (PS3.5 7.1.2, 7.1.3). False when the bytes end first.</summary>
    private bool ReadHeader(uint tag, int at, out DicomVr vr, out uint length, out int value)
    {
        if (!_explicit)
        {
            vr = DicomDictionary.VrOf(tag, _signedPixels == true);
            length = ReadUInt32(at + 4);
            value = at + 8;
            return true;
        }

        vr = DicomVrs.Parse(_data[at + 4], _data[at + 5]);
        if (vr == DicomVr.None)
        {
            return ReadUnknownVrHeader(tag, at, out vr, out length, out value);
        }

        if (!vr.IsLongLength())
        {
            length = ReadUInt16(at + 6);
            value = at + 8;
            return true;
        }

        value = at + 12;
        length = _data.Length < value ? 0 : ReadUInt32(at + 8);
        return _data.Length >= value || Stop(DicomError.Truncated, tag, at, at + 12L);
    }

    /// <summary>
    /// A VR field that is no VR. Two capital letters are a VR of a later edition: it has a 32-bit length (PS3.5 7.1.2). Otherwise the element is
    /// implicit if its length then fits, or has a 16-bit length.
    /// </summary>
    private bool ReadUnknownVrHeader(uint tag, int at, out DicomVr vr, out uint length, out int value)
    {
        AddFault(DicomFaultKind.UnknownVr, tag, at);
        vr = DicomVr.UN;
        value = at + 12;
        if (char.IsAsciiLetterUpper((char)_data[at + 4]) && char.IsAsciiLetterUpper((char)_data[at + 5])
            && _data.Length >= value && (_data[at + 6] | _data[at + 7]) == 0)
        {
            length = ReadUInt32(at + 8);
            return true;
        }

        value = at + 8;
        length = ReadUInt32(at + 4);
        if (length > _data.Length - value && length != Undefined)
        {
            length = ReadUInt16(at + 6);
        }
        else
        {
            vr = DicomDictionary.VrOf(tag, _signedPixels == true);
        }

        return true;
    }

    private void Sort(int start)
    {
        var span = _elements.From(start);
        // A stable sort, so that of two elements with one tag the first stays first.
        var order = new (uint Tag, int Index)[span.Length];
        for (var i = 0; i < order.Length; i++)
        {
            order[i] = (span[i].Tag.Value, i);
        }

        Array.Sort(order);
        var copy = span.ToArray();
        var count = 0;
        for (var i = 0; i < order.Length; i++)
        {
            if (i == 0 || order[i].Tag != order[i - 1].Tag)
            {
                span[count++] = copy[order[i].Index];
            }
        }

        _elements.Drop(start + count);
    }
}

/// <summary>Where the value of Pixel Data (or Float, Double Float Pixel Data) of the top level is.</summary>
/// <param name="Offset">Of the value; of the first item (the offset table) when encapsulated.</param>
/// <param name="Length">Null when undefined: encapsulated.</param>
internal sealed record PixelDataPosition(DicomTag Tag, DicomVr Vr, long Offset, long? Length);
