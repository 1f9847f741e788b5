using System.Buffers.Binary;

namespace SecondOpinion.Dicom.Imaging;

/// <summary>One image file directory of a TIFF file (TIFF 6.0 section 2): its entries' values by tag.</summary>
internal sealed class TiffDirectory
{
    private const int MaxEntries = 4096;
    private static readonly HashSet<int> s_tags = [254, 256, 257, 258, 259, 262, 266, 273, 274, 277, 278, 279, 284, 317, 320, 322, 323, 324, 325, 339];
    private readonly Dictionary<int, uint[]> _values = [];

    private TiffDirectory()
    {
    }

    /// <summary>The next directory's offset; 0 at the end.</summary>
    public uint Next { get; private set; }

    public uint First(int tag, uint otherwise) => _values.TryGetValue(tag, out var values) && values.Length > 0 ? values[0] : otherwise;

    public uint[] All(int tag) => _values.GetValueOrDefault(tag) ?? [];

    /// <param name="budget">Bytes of values that all directories may still hold together: ranges may overlap, but not without end.</param>
    public static TiffDirectory Read(ReadOnlySpan<byte> file, uint offset, bool little, ref long budget)
    {
        if (offset < 8 || offset > file.Length - 6L)
        {
            throw TiffReader.Damaged("points beyond its end");
        }

        var at = (int)offset;
        var count = U16(file, at, little);
        at += 2;
        if (count is 0 or > MaxEntries || at + (count * 12L) > file.Length)
        {
            throw TiffReader.Damaged("has a directory that ends beyond it");
        }

        var directory = new TiffDirectory();
        for (var i = 0; i < count; i++, at += 12)
        {
            directory.Entry(file, at, little, ref budget);
        }

        directory.Next = at + 4 <= file.Length ? U32(file, at, little) : 0;
        return directory;
    }

    private void Entry(ReadOnlySpan<byte> file, int at, bool little, ref long budget)
    {
        var size = U16(file, at + 2, little) switch { 1 => 1, 3 => 2, 4 => 4, _ => 0 };
        var count = U32(file, at + 4, little);
        if (size == 0 || count == 0 || !s_tags.Contains(U16(file, at, little)))
        {
            return; // Text, fractions and other tags do not matter here.
        }

        var bytes = (long)count * size;
        long from = bytes <= 4 ? at + 8 : U32(file, at + 8, little);
        budget -= bytes;
        if (from + bytes > file.Length || budget < 0)
        {
            throw TiffReader.Damaged("has an entry that ends beyond it");
        }

        var values = new uint[count];
        for (var i = 0; i < values.Length; i++)
        {
            var position = (int)from + (i * size);
            values[i] = size switch { 1 => file[position], 2 => (uint)U16(file, position, little), _ => U32(file, position, little) };
        }

        _values.TryAdd(U16(file, at, little), values);
    }

    internal static int U16(ReadOnlySpan<byte> bytes, int at, bool little) =>
        little ? BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]) : BinaryPrimitives.ReadUInt16BigEndian(bytes[at..]);

    internal static uint U32(ReadOnlySpan<byte> bytes, int at, bool little) =>
        little ? BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]) : BinaryPrimitives.ReadUInt32BigEndian(bytes[at..]);
}
