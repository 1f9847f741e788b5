using System.Buffers.Binary;

namespace SecondOpinion.Dicom.Imaging;

/// <summary>
/// Size of the first image and number of pages of a TIFF or BigTIFF file (TIFF 6.0 section 2), to tell what a file is without decoding it. Everything else is read
/// by <see cref="TiffDecoder"/> in the worker.
/// </summary>
internal static class TiffHeader
{
    /// <summary>Pages of a file that are looked at.</summary>
    public const int MaxPages = 2000;

    private const int MaxEntries = 4096;
    private const int NewSubfileType = 254;
    private const int ImageWidth = 256;
    private const int ImageLength = 257;

    /// <summary>What can be said; a damaged file is a TIFF file without size. What is wrong with it is said when it is read.</summary>
    public static ImageFileInfo Identify(ReadOnlySpan<byte> file)
    {
        var (pages, width, height) = (0, 0, 0);
        var seen = new HashSet<ulong>();
        for (var offset = First(file); offset != 0;)
        {
            if (pages == MaxPages || !seen.Add(offset) || !TryDirectory(file, offset, out var directory))
            {
                return new ImageFileInfo(ImageFileKind.Tiff);
            }

            if ((directory.Subfile & 1) == 0 || pages == 0)
            {
                (width, height) = pages == 0 ? (directory.Width, directory.Height) : (width, height);
                pages++; // NewSubfileType 1 is a thumbnail of another page.
            }

            offset = directory.Next;
        }

        return pages == 0 ? new ImageFileInfo(ImageFileKind.Tiff) : new ImageFileInfo(ImageFileKind.Tiff, width, height, pages);
    }

    private static ulong First(ReadOnlySpan<byte> file) =>
        IsBig(file) ? file.Length >= 16 ? Number(file[8..], 8, file[0] == 'I') : 0 : file.Length >= 8 ? Number(file[4..], 4, file[0] == 'I') : 0;

    private static bool IsBig(ReadOnlySpan<byte> file) => file.Length >= 4 && (file[2] == 43 || file[3] == 43);

    private static bool TryDirectory(ReadOnlySpan<byte> file, ulong offset, out (int Subfile, int Width, int Height, ulong Next) directory)
    {
        directory = default;
        var (little, big) = (file[0] == 'I', IsBig(file));
        var (countSize, entrySize, offsetSize) = big ? (8, 20, 8) : (2, 12, 4);
        if (offset > (ulong)Math.Max(0, file.Length - countSize))
        {
            return false;
        }

        var at = (int)offset;
        var count = Number(file[at..], countSize, little);
        at += countSize;
        if (count is 0 or > MaxEntries || at + ((int)count * entrySize) + offsetSize > file.Length)
        {
            return false;
        }

        for (var i = 0; i < (int)count; i++, at += entrySize)
        {
            var entry = file.Slice(at, entrySize);
            var value = entry[(4 + offsetSize)..];
            var number = Number(entry[2..], 2, little) == 3 ? Number(value, 2, little) : Number(value, 4, little); // SHORT or LONG
            switch (Number(entry, 2, little))
            {
                case NewSubfileType:
                    directory.Subfile = (int)(number & 0xFF);
                    break;
                case ImageWidth:
                    directory.Width = (int)Math.Min(int.MaxValue, number);
                    break;
                case ImageLength:
                    directory.Height = (int)Math.Min(int.MaxValue, number);
                    break;
            }
        }

        directory.Next = Number(file[at..], offsetSize, little);
        return true;
    }

    private static ulong Number(ReadOnlySpan<byte> bytes, int size, bool little) => (size, little) switch
    {
        (2, true) => BinaryPrimitives.ReadUInt16LittleEndian(bytes),
        (2, false) => BinaryPrimitives.ReadUInt16BigEndian(bytes),
        (4, true) => BinaryPrimitives.ReadUInt32LittleEndian(bytes),
        (4, false) => BinaryPrimitives.ReadUInt32BigEndian(bytes),
        (_, true) => BinaryPrimitives.ReadUInt64LittleEndian(bytes),
        _ => BinaryPrimitives.ReadUInt64BigEndian(bytes),
    };
}
