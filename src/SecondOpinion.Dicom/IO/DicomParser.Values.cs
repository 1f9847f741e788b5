using System.Buffers.Binary;

namespace SecondOpinion.Dicom;

/// <content>Values: ranges, sequences (PS3.5 7.5) and fragments (PS3.5 A.4).</content>
internal ref partial struct DicomParser
{
    private bool ReadElement(uint tag, int end, int depth)
    {
        var at = _position;
        if (!ReadHeader(tag, at, out var vr, out var length, out var value))
        {
            return false;
        }

        _position = value;
        if (length == Undefined)
        {
            return ReadUndefinedLength(tag, vr, at, end, depth);
        }

        if (length > (uint)Math.Max(0, end - value))
        {
            return ReadTooLong(tag, vr, length, at, end, depth);
        }

        if (depth == 0 && tag is >= 0x7FE00008 and <= PixelData)
        {
            Pixels = new PixelDataPosition(DicomTag.FromValue(tag), vr, value, length);
        }

        var size = (int)length;
        if (vr == DicomVr.SQ)
        {
            return ReadSequence(tag, value + size, depth, at, _explicit, _big);
        }

        if (vr == DicomVr.UN && _explicit && (tag & 0x10000) == 0)
        {
            return ReadUnknown(tag, value, size, depth);
        }

        if ((length & 1) != 0)
        {
            AddFault(DicomFaultKind.OddLength, tag, at);
        }

        if (tag == PixelRepresentation && size >= 2)
        {
            _signedPixels = ReadUInt16(value) == 1;
        }

        Push(tag, vr, value, size, _big);
        _position = value + size;
        return true;
    }

    private void Push(uint tag, DicomVr vr, int value, int size, bool big) =>
        _elements.Push(new DicomElement(DicomTag.FromValue(tag), vr, size == 0 ? null : _source, _base + value, size, big && vr.SwapUnit() > 1));

    /// <summary>An element of unknown VR that the dictionary knows: read as what it is, in implicit little endian whatever the file's own syntax is (PS3.5 6.2.2).</summary>
    private bool ReadUnknown(uint tag, int value, int size, int depth)
    {
        var vr = DicomDictionary.VrOf(tag, _signedPixels == true);
        if (vr == DicomVr.SQ && size > 0)
        {
            // A guess: bytes that are no items stay what they are.
            var (elements, items, count, faults) = (_elements.Count, _items.Count, _elementCount, Faults?.Count ?? 0);
            if (ReadSequence(tag, value + size, depth, value, isExplicit: false, big: false))
            {
                return true;
            }

            if (Failure is DicomError.TooDeep or DicomError.TooManyElements)
            {
                return false;
            }

            Failure = null;
            _elements.Drop(elements);
            _items.Drop(items);
            _elementCount = count;
            Faults?.RemoveRange(faults, Faults.Count - faults);
            vr = DicomVr.UN;
        }
        else if (vr.ValueSize() is var unit && unit > 0 && size % unit != 0)
        {
            vr = DicomVr.UN;
        }

        Push(tag, vr == DicomVr.None ? DicomVr.UN : vr, value, size, big: false);
        _position = value + size;
        return true;
    }

    private bool ReadUndefinedLength(uint tag, DicomVr vr, int at, int end, int depth)
    {
        if (depth == 0 && tag == PixelData)
        {
            Pixels = new PixelDataPosition(DicomTag.FromValue(tag), vr, _position, null);
        }

        if (tag == PixelData || vr is DicomVr.OB or DicomVr.OW)
        {
            return ReadFragments(tag, vr, at, end);
        }

        // Undefined length and UN: implicit little endian inside (PS3.5 6.2.2). Any other VR is wrong here, and content can only be items.
        var isImplicit = vr == DicomVr.UN && !FirstItemIsExplicit(end);
        return vr is DicomVr.SQ or DicomVr.UN || !_explicit
            ? ReadSequence(tag, end, depth, at, _explicit && !isImplicit, _big && !isImplicit, isUndefined: true)
            : Stop(DicomError.InvalidLength, tag, at);
    }

    /// <summary>
    /// Some writers rename a sequence that they do not know UN and leave its items explicit: the first element then has the letters of a VR where the
    /// standard has a length, which read as one lie far beyond the value's end.
    /// </summary>
    private readonly bool FirstItemIsExplicit(int end)
    {
        const int vrAt = 12; // behind the item's tag and length and the element's tag
        if (!_explicit || end - _position < vrAt + 4)
        {
            return false;
        }

        var rest = _data[_position..end];
        return ReadTag(_position) == ItemTag && DicomVrs.Parse(rest[vrAt], rest[vrAt + 1]) != DicomVr.None
            && BinaryPrimitives.ReadUInt32LittleEndian(rest[vrAt..]) > (uint)rest.Length;
    }

    /// <summary>More bytes promised than the enclosing item, or the file, has.</summary>
    private bool ReadTooLong(uint tag, DicomVr vr, uint length, int at, int end, int depth)
    {
        if (end < _data.Length)
        {
            return Stop(DicomError.InvalidLength, tag, at);
        }

        var needed = _position + (long)length;
        if (_options.AllowTruncated && vr == DicomVr.SQ)
        {
            // The items that are there; their end is that of the bytes.
            ReadSequence(tag, end, depth, at, _explicit, _big, isUndefined: true);
        }
        else if (_options.AllowTruncated && (vr.IsBinary() || vr.IsText()) && tag >> 16 != 2)
        {
            Push(tag, vr, _position, Math.Max(0, end - _position), _big);
        }

        _position = end;
        return Stop(DicomError.Truncated, tag, at, needed);
    }

    private bool ReadSequence(uint tag, int end, int depth, int at, bool isExplicit, bool big, bool isUndefined = false)
    {
        if (depth >= _options.MaxDepth)
        {
            return Stop(DicomError.TooDeep, tag, at);
        }

        var (explicitBefore, bigBefore) = (_explicit, _big);
        (_explicit, _big) = (isExplicit, big);
        var first = _items.Count;
        var good = ReadItems(tag, end, depth, at, isUndefined);
        if (good && !isUndefined && _position != end)
        {
            AddFault(DicomFaultKind.WrongItemLength, tag, at);
            _position = end;
        }

        (_explicit, _big) = (explicitBefore, bigBefore);
        _elements.Push(new DicomElement(DicomTag.FromValue(tag), _items.Pop(first)));
        return good;
    }

    private bool ReadItems(uint sequence, int end, int depth, int at, bool isUndefined)
    {
        while (_position < end)
        {
            var start = _position;
            if (end - start < 8)
            {
                return isUndefined ? Stop(DicomError.Truncated, sequence, start, start + 8L) : Stop(DicomError.InvalidLength, sequence, start);
            }

            var tag = ReadTag(start);
            var length = ReadUInt32(start + 4);
            if (tag == SequenceEnd)
            {
                if (isUndefined)
                {
                    _position += 8;
                    return true;
                }

                AddFault(DicomFaultKind.StrayDelimiter, sequence, start);
                _position += 8;
                continue;
            }

            if (tag == ItemEnd)
            {
                AddFault(DicomFaultKind.StrayDelimiter, sequence, start);
                _position += 8;
                continue;
            }

            if (tag != ItemTag)
            {
                return Stop(DicomError.InvalidStructure, sequence, start);
            }

            if (++_elementCount > _options.MaxElements)
            {
                return Stop(DicomError.TooManyElements, sequence, start);
            }

            _position = start + 8;
            if (length != Undefined && length > (uint)(end - _position))
            {
                if (end < _data.Length)
                {
                    return Stop(DicomError.InvalidLength, sequence, start);
                }

                // Read what is there, then report the end of the bytes.
                ReadElements(end, isItem: false, depth + 1, out var partial);
                _items.Push(partial);
                return Stop(DicomError.Truncated, sequence, start, start + 8L + length);
            }

            var isOpen = length == Undefined;
            var itemEnd = isOpen ? end : _position + (int)length;
            var good = ReadElements(itemEnd, isItem: true, depth + 1, out var item);
            _items.Push(item);
            if (!good)
            {
                return false;
            }

            if (!isOpen && _position != itemEnd)
            {
                AddFault(DicomFaultKind.WrongItemLength, sequence, start);
                _position = itemEnd;
            }
        }

        // An undefined length needs its delimiter; at the very end of the bytes it is missing, or still to come.
        return !isUndefined || end < _data.Length || Stop(DicomError.Truncated, sequence, at, end + 8L);
    }

    private bool ReadFragments(uint tag, DicomVr vr, int at, int end)
    {
        ReadOnlyMemory<byte> offsetTable = default;
        var ranges = new ScratchStack<(int Offset, int Length)>(16);
        var hasTable = false;
        var good = false;
        while (true)
        {
            var start = _position;
            if (end - start < 8)
            {
                good = Stop(DicomError.Truncated, tag, at, start + 8L);
                break;
            }

            var item = ReadTag(start);
            var length = ReadUInt32(start + 4);
            _position = start + 8;
            if (item == SequenceEnd)
            {
                good = true;
                break;
            }

            if (item != ItemTag || length == Undefined)
            {
                good = Stop(DicomError.InvalidStructure, tag, start);
                break;
            }

            if (length > (uint)(end - _position))
            {
                if (_options.AllowTruncated && hasTable)
                {
                    ranges.Push((_position, end - _position));
                }

                good = Stop(end < _data.Length ? DicomError.InvalidLength : DicomError.Truncated, tag, start, _position + (long)length);
                break;
            }

            if (hasTable)
            {
                if ((length & 1) != 0)
                {
                    AddFault(DicomFaultKind.OddLength, tag, start);
                }

                ranges.Push((_position, (int)length));
            }
            else
            {
                offsetTable = _memory.Slice(_position, (int)length);
                hasTable = true;
            }

            _position += (int)length;
        }

        var fragments = new DicomFragments(_memory, offsetTable, ranges.Pop(0));
        ranges.Return();
        _elements.Push(new DicomElement(DicomTag.FromValue(tag), vr is DicomVr.OB or DicomVr.OW ? vr : DicomVr.OB, fragments));
        return good;
    }
}
