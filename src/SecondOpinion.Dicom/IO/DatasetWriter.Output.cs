using System.Buffers.Binary;

namespace SecondOpinion.Dicom;

/// <content>The second walk: bytes.</content>
internal sealed partial class DatasetWriter
{
    private void WriteElements(DicomDataset dataset, bool top)
    {
        var pixelsDue = top && _pixels is not null;
        foreach (ref readonly var element in dataset.Elements)
        {
            if (pixelsDue && element.Tag.Value > PixelData)
            {
                WritePixelSource(_pixels!);
                pixelsDue = false;
            }

            if (!Skips(element, top))
            {
                WriteElement(element);
            }
        }

        if (pixelsDue)
        {
            WritePixelSource(_pixels!);
        }
    }

    private void WriteElement(in DicomElement element)
    {
        if (element.Fragments is { } fragments)
        {
            WriteFragments(element, fragments);
        }
        else if (element.Vr == DicomVr.SQ)
        {
            WriteSequence(element);
        }
        else
        {
            var value = element.Text is not null ? _texts.Dequeue().Span : element.RawSpan;
            var unit = element.Vr.SwapUnit();
            var isBig = WriteHeader(element.Tag, element.Vr, (uint)Even(value.Length)) != DicomVr.UN && _big;
            WriteValue(value, unit > 1 && element.IsBigEndian != isBig ? unit : 1);
            if ((value.Length & 1) != 0)
            {
                Reserve(1)[0] = element.Vr.PaddingByte();
            }
        }
    }

    private void WriteSequence(in DicomElement element)
    {
        var length = _lengths[_next++];
        var items = element.ItemArray;
        var isOpen = IsOpen(element);
        WriteHeader(element.Tag, DicomVr.SQ, isOpen ? Undefined : length);
        foreach (var item in items)
        {
            var itemLength = _lengths[_next++];
            WriteItem(0xE000, _undefined ? Undefined : itemLength);
            WriteElements(item, top: false);
            if (_undefined)
            {
                WriteItem(0xE00D, 0);
            }
        }

        if (isOpen)
        {
            WriteItem(0xE0DD, 0);
        }
    }

    private void WriteFragments(in DicomElement element, DicomFragments fragments)
    {
        WriteHeader(element.Tag, element.Vr == DicomVr.OW ? DicomVr.OW : DicomVr.OB, Undefined);
        WriteFragment(fragments.PaddedOffsetTable().Span);
        for (var i = 0; i < fragments.Count; i++)
        {
            WriteFragment(fragments[i].Span);
        }

        WriteItem(0xE0DD, 0);
    }

    private void WriteFragment(ReadOnlySpan<byte> fragment)
    {
        WriteItem(0xE000, (uint)Even(fragment.Length));
        WriteValue(fragment, 1);
        if ((fragment.Length & 1) != 0)
        {
            Reserve(1)[0] = 0;
        }
    }

    private void WritePixelSource(DicomPixelSource source)
    {
        if (source.Length is null != _encapsulated)
        {
            throw new DicomException(DicomError.UnsupportedTransferSyntax, "pixel data and transfer syntax are not of one kind", DicomTags.PixelData);
        }

        var length = source.Length is { } known ? Checked(Even(known), DicomTags.PixelData) : Undefined;
        WriteHeader(DicomTags.PixelData, source.Length is null ? DicomVr.OB : source.Vr, length);
        Flush();
        var left = source.Length ?? long.MaxValue;
        int read;
        while (left > 0 && (read = source.Content.Read(_buffer, 0, (int)Math.Min(_buffer.Length, left))) > 0)
        {
            _stream.Write(_buffer, 0, read);
            left -= read;
        }

        if (source.Length is { } promised)
        {
            if (left > 0)
            {
                throw new DicomException(DicomError.Truncated, $"{left} bytes of pixel data are missing from their stream", DicomTags.PixelData);
            }

            if ((promised & 1) != 0)
            {
                Reserve(1)[0] = 0;
            }
        }
    }

    /// <summary>The VR that was written.</summary>
    private DicomVr WriteHeader(DicomTag tag, DicomVr vr, uint length)
    {
        if (!_explicit)
        {
            var header = Reserve(8);
            WriteTag(header, tag);
            Write32(header[4..], length);
            return vr;
        }

        // A value too long for a 16-bit length is written as UN, and so is little endian (PS3.5 6.2.2).
        var written = !vr.IsLongLength() && length > ushort.MaxValue ? DicomVr.UN : vr;
        var isLong = written.IsLongLength();
        var span = Reserve(isLong ? 12 : 8);
        WriteTag(span, tag);
        var name = written.Name();
        span[4] = (byte)name[0];
        span[5] = (byte)name[1];
        if (isLong)
        {
            span[6] = span[7] = 0;
            Write32(span[8..], length);
        }
        else
        {
            Write16(span[6..], (ushort)length);
        }

        return written;
    }

    private void WriteItem(ushort element, uint length)
    {
        var span = Reserve(8);
        WriteTag(span, new DicomTag(0xFFFE, element));
        Write32(span[4..], length);
    }

    private void WriteValue(ReadOnlySpan<byte> value, int unit)
    {
        if (unit == 1 && value.Length > _buffer.Length)
        {
            Flush();
            _stream.Write(value);
            return;
        }

        while (!value.IsEmpty)
        {
            if (_buffer.Length - _used < 8)
            {
                Flush();
            }

            var part = Math.Min(value.Length, _buffer.Length - _used);
            part = part < value.Length ? part / unit * unit : part;
            ByteOrder.Swap(value[..part], _buffer.AsSpan(_used), unit);
            _used += part;
            value = value[part..];
        }
    }

    private Span<byte> Reserve(int count)
    {
        if (_buffer.Length - _used < count)
        {
            Flush();
        }

        _used += count;
        return _buffer.AsSpan(_used - count, count);
    }

    private void Flush()
    {
        _stream.Write(_buffer, 0, _used);
        _used = 0;
    }

    private void WriteTag(Span<byte> to, DicomTag tag)
    {
        Write16(to, tag.Group);
        Write16(to[2..], tag.Element);
    }

    private void Write16(Span<byte> to, ushort value)
    {
        if (_big)
        {
            BinaryPrimitives.WriteUInt16BigEndian(to, value);
        }
        else
        {
            BinaryPrimitives.WriteUInt16LittleEndian(to, value);
        }
    }

    private void Write32(Span<byte> to, uint value)
    {
        if (_big)
        {
            BinaryPrimitives.WriteUInt32BigEndian(to, value);
        }
        else
        {
            BinaryPrimitives.WriteUInt32LittleEndian(to, value);
        }
    }
}
