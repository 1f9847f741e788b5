using System.Buffers;

namespace SecondOpinion.Dicom;

/// <summary>
/// Writes data elements (PS3.5 7.1). Two walks in the same order: the first encodes text and counts the lengths of sequences and items, the second
/// writes; so nothing is held back but text, and a data set of any size can be written to a stream.
/// </summary>
internal sealed partial class DatasetWriter
{
    private const uint Undefined = 0xFFFFFFFF;
    private const int BufferSize = 1 << 16;
    private const uint PixelData = 0x7FE00010;

    private readonly Stream _stream;
    private readonly bool _explicit;
    private readonly bool _big;
    private readonly bool _encapsulated;
    private readonly bool _undefined;
    private readonly bool _isMeta;
    private readonly DicomPixelSource? _pixels;
    private readonly List<uint> _lengths = []; // of sequences and items, in the order in which they are written
    private readonly Queue<ReadOnlyMemory<byte>> _texts = new(); // encoded by the first walk for the second
    private readonly byte[] _buffer;
    private int _next;
    private int _used;

    private DatasetWriter(Stream stream, DicomTransferSyntax syntax, DicomWriteOptions options, bool isMeta, byte[] buffer)
    {
        _stream = stream;
        _explicit = syntax.IsExplicit;
        _big = syntax.IsBigEndian;
        _encapsulated = syntax.IsEncapsulated;
        _undefined = options.UndefinedLengths;
        _pixels = options.PixelData;
        _isMeta = isMeta;
        _buffer = buffer;
    }

    internal static void Write(DicomDataset dataset, Stream stream, DicomTransferSyntax syntax, DicomWriteOptions options, bool isMeta = false)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            var writer = new DatasetWriter(stream, syntax, options, isMeta, buffer);
            writer.Measure(dataset, top: true);
            writer.WriteElements(dataset, top: true);
            writer.Flush();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Bytes of group 0002 as they are written.</summary>
    internal static long LengthOfMeta(DicomDataset meta) =>
        new DatasetWriter(Stream.Null, DicomTransferSyntax.ExplicitLittleEndian, DicomWriteOptions.Default, isMeta: true, []).Measure(meta, top: true);

    /// <summary>Group lengths are retired but in group 0002, and wrong after an edit; group 0002 does not belong to a data set.</summary>
    private bool Skips(in DicomElement element, bool top) =>
        (!_isMeta && (element.Tag.IsGroupLength || element.Tag.Group == 2)) || (top && _pixels is not null && element.Tag.Value == PixelData);

    private long Measure(DicomDataset dataset, bool top)
    {
        var total = 0L;
        foreach (ref readonly var element in dataset.Elements)
        {
            if (!Skips(element, top))
            {
                total += MeasureElement(dataset, element, top);
            }
        }

        return total;
    }

    private long MeasureElement(DicomDataset dataset, in DicomElement element, bool top)
    {
        if (element.BulkDataUri is not null)
        {
            throw new DicomException(DicomError.InvalidValue, "its value stands at a URI and is not here", element.Tag);
        }

        if (element.Fragments is { } fragments)
        {
            return MeasureFragments(element, fragments);
        }

        if (element.Vr == DicomVr.SQ)
        {
            return MeasureSequence(element);
        }

        if (_encapsulated && top && element.Tag.Value == PixelData && element.RawLength > 0)
        {
            throw new DicomException(DicomError.UnsupportedTransferSyntax, "native pixel data in an encapsulated transfer syntax", element.Tag);
        }

        long length = element.RawLength;
        if (element.Text is not null)
        {
            var text = dataset.BytesOf(element);
            _texts.Enqueue(text);
            length = text.Length;
        }

        length += length & 1;
        return HeaderLength(element.Vr, length) + length;
    }

    private long MeasureFragments(in DicomElement element, DicomFragments fragments)
    {
        if (!_encapsulated)
        {
            throw new DicomException(DicomError.UnsupportedTransferSyntax, "encapsulated pixel data in a native transfer syntax", element.Tag);
        }

        var total = 12L + 8 + Even(fragments.OffsetTable.Length) + 8;
        for (var i = 0; i < fragments.Count; i++)
        {
            total += 8 + Even(fragments[i].Length);
        }

        return total;
    }

    private long MeasureSequence(in DicomElement element)
    {
        var own = _lengths.Count;
        _lengths.Add(0);
        var total = 0L;
        foreach (var item in element.ItemArray)
        {
            var slot = _lengths.Count;
            _lengths.Add(0);
            var length = Measure(item, top: false);
            _lengths[slot] = Checked(length, element.Tag);
            total += 8 + length + (_undefined ? 8 : 0);
        }

        _lengths[own] = Checked(total, element.Tag);
        return HeaderLength(DicomVr.SQ, total) + total + (IsOpen(element) ? 8 : 0);
    }

    /// <summary>The sequence ends with a delimiter. A private one in an implicit syntax always does: nothing else would show that it is a sequence.</summary>
    private bool IsOpen(in DicomElement sequence) => (_undefined || (!_explicit && sequence.Tag.IsPrivate)) && sequence.ItemArray.Length > 0;

    private uint Checked(long length, DicomTag tag)
    {
        if (length < Undefined)
        {
            return (uint)length;
        }

        return _undefined ? 0u : throw new DicomException(DicomError.TooLarge, "a sequence of 4 GiB and more needs undefined lengths", tag);
    }

    private int HeaderLength(DicomVr vr, long length) => !_explicit ? 8 : vr.IsLongLength() || length > ushort.MaxValue ? 12 : 8;

    private static long Even(long length) => length + (length & 1);
}
