using System.Buffers.Binary;

namespace SecondOpinion.Dicom.Imaging;

/// <summary>A table of LUT Descriptor and LUT Data (PS3.3 C.11.1.1, C.11.2.1.1, C.7.6.3.1.5): values below the first entry take it, those above the last take that.</summary>
internal sealed class LookupTable
{
    private readonly ushort[] _entries;

    private LookupTable(ushort[] entries, int first, int bits)
    {
        _entries = entries;
        First = first;
        Bits = bits;
    }

    /// <summary>The input of the first entry.</summary>
    public int First { get; }

    /// <summary>Bits of an entry.</summary>
    public int Bits { get; }

    public int Count => _entries.Length;

    public ushort this[double input]
    {
        get
        {
            var at = Math.Round(input, MidpointRounding.AwayFromZero) - First;
            return _entries[at <= 0 ? 0 : at >= _entries.Length ? _entries.Length - 1 : (int)at];
        }
    }

    public ushort Maximum => _entries.Max();

    /// <summary>A table of a data set or item.</summary>
    /// <param name="signed">The input is signed, hence the first input too.</param>
    /// <exception cref="ImagingException">The descriptor is not three numbers, or the data are shorter.</exception>
    public static LookupTable Of(DicomDataset dataset, DicomTag descriptor, DicomTag data, bool signed)
    {
        var (count, first, bits) = Descriptor(dataset, descriptor, signed);
        var bytes = dataset.GetBytes(data).Span;
        var entries = new ushort[count];
        if (bytes.Length >= count * 2)
        {
            for (var i = 0; i < count; i++)
            {
                entries[i] = BinaryPrimitives.ReadUInt16LittleEndian(bytes[(i * 2)..]);
            }
        }
        else if (bytes.Length >= count)
        {
            for (var i = 0; i < count; i++)
            {
                entries[i] = bytes[i];
            }
        }
        else
        {
            throw new ImagingException(ImagingError.InvalidImage, $"{data.Keyword} is shorter than its descriptor says.");
        }

        return new LookupTable(entries, first, bits);
    }

    /// <summary>A segmented palette (PS3.3 C.7.9.2): discrete, linear and indirect segments.</summary>
    public static LookupTable OfSegments(DicomDataset dataset, DicomTag descriptor, DicomTag data, bool signed)
    {
        var (count, first, bits) = Descriptor(dataset, descriptor, signed);
        var bytes = dataset.GetBytes(data).Span;
        var wide = bits > 8 || (bytes.Length > 1 && bytes[1] == 0); // entries of 8 bits come as words too, which as bytes would begin with an empty segment
        var numbers = new int[wide ? bytes.Length / 2 : bytes.Length];
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = wide ? BinaryPrimitives.ReadUInt16LittleEndian(bytes[(i * 2)..]) : bytes[i];
        }

        var entries = new ushort[count];
        var filled = 0;
        Expand(numbers, wide ? 16 : 8, 0, int.MaxValue, entries, ref filled, indirect: true);
        return filled == count ? new LookupTable(entries, first, bits) : throw Damaged();
    }

    private static int Expand(ReadOnlySpan<int> numbers, int width, int at, int segments, Span<ushort> entries, ref int filled, bool indirect)
    {
        for (; segments > 0 && filled < entries.Length; segments--)
        {
            if (at + 1 >= numbers.Length)
            {
                throw Damaged();
            }

            var (kind, length) = (numbers[at], numbers[at + 1]);
            at += 2;
            if (length == 0)
            {
                throw Damaged(); // An empty segment only costs time.
            }

            switch (kind)
            {
                case 0: // discrete
                    for (; length > 0; length--)
                    {
                        Put(entries, ref filled, At(numbers, at++));
                    }

                    break;
                case 1: // linear, from the entry before
                    var start = filled > 0 ? entries[filled - 1] : throw Damaged();
                    var end = At(numbers, at++);
                    for (var i = 1; i <= length; i++)
                    {
                        Put(entries, ref filled, start + (int)Math.Round((end - start) * (double)i / length));
                    }

                    break;
                case 2 when indirect: // a number of segments that stand elsewhere, which hold no indirect ones
                    var offset = 0; // 32 bits, the lowest first
                    for (var shift = 0; shift < 32; shift += width)
                    {
                        offset |= At(numbers, at++) << shift;
                    }

                    Expand(numbers, width, offset < 0 || offset >= numbers.Length ? throw Damaged() : offset, length, entries, ref filled, indirect: false);
                    break;
                default:
                    throw Damaged();
            }
        }

        return at;
    }

    private static int At(ReadOnlySpan<int> numbers, int at) => at < numbers.Length ? numbers[at] : throw Damaged();

    private static void Put(Span<ushort> entries, ref int filled, int value)
    {
        if (filled == entries.Length)
        {
            throw Damaged();
        }

        entries[filled++] = (ushort)value;
    }

    private static (int Count, int First, int Bits) Descriptor(DicomDataset dataset, DicomTag tag, bool signed)
    {
        var bytes = dataset.GetBytes(tag).Span;
        if (bytes.Length < 6)
        {
            throw new ImagingException(ImagingError.InvalidImage, $"{tag.Keyword} is missing or short.");
        }

        var count = BinaryPrimitives.ReadUInt16LittleEndian(bytes);
        int first = signed ? BinaryPrimitives.ReadInt16LittleEndian(bytes[2..]) : BinaryPrimitives.ReadUInt16LittleEndian(bytes[2..]);
        var bits = BinaryPrimitives.ReadUInt16LittleEndian(bytes[4..]);
        return (count == 0 ? 65536 : count, first, Math.Clamp((int)bits, 1, 16));
    }

    private static ImagingException Damaged() => new(ImagingError.InvalidImage, "The segmented palette is damaged.");
}
