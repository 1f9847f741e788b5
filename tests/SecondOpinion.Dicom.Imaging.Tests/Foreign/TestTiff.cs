using System.Buffers.Binary;

namespace SecondOpinion.Dicom.Imaging.Tests.Foreign;

/// <summary>Writes TIFF files from tags and blocks.</summary>
internal static class TestTiff
{
    public static byte[] Write(bool little, (int Tag, int Value)[] tags, int offsetsTag, byte[][] blocks)
    {
        byte[] head = little ? [(byte)'I', (byte)'I', 42, 0, 0, 0, 0, 0] : [(byte)'M', (byte)'M', 0, 42, 0, 0, 0, 0];
        return Add(head, 4, little, tags, offsetsTag, blocks);
    }

    public static byte[] Append(byte[] file, (int Tag, int Value)[] tags, int offsetsTag, byte[][] blocks) => Add(file, file.Length - 4, true, tags, offsetsTag, blocks);

    private static byte[] Add(byte[] file, int link, bool little, (int Tag, int Value)[] tags, int offsetsTag, byte[][] blocks)
    {
        var bytes = new List<byte>(file);
        var offsets = new List<int>();
        foreach (var block in blocks)
        {
            offsets.Add(bytes.Count);
            bytes.AddRange(block);
        }

        bytes.AddRange(new byte[bytes.Count % 2]);
        var lists = bytes.Count;
        offsets.ForEach(o => bytes.AddRange(U32(o, little)));
        Array.ForEach(blocks, b => bytes.AddRange(U32(b.Length, little)));
        var directory = bytes.Count;
        var counts = offsetsTag == 273 ? 279 : 325;
        var entries = tags.Select(t => (t.Tag, Count: 1, t.Value)).ToList();
        entries.Add((offsetsTag, blocks.Length, blocks.Length == 1 ? offsets[0] : lists));
        entries.Add((counts, blocks.Length, blocks.Length == 1 ? blocks[0].Length : lists + (4 * blocks.Length)));
        bytes.AddRange(U16(entries.Count, little));
        foreach (var (tag, count, value) in entries.OrderBy(e => e.Tag))
        {
            bytes.AddRange([.. U16(tag, little), .. U16(4, little), .. U32(count, little), .. U32(value, little)]);
        }

        bytes.AddRange(new byte[4]);
        var result = bytes.ToArray();
        U32(directory, little).CopyTo(result, link);
        return result;
    }

    private static byte[] U16(int value, bool little) => little ? [(byte)value, (byte)(value >> 8)] : [(byte)(value >> 8), (byte)value];

    private static byte[] U32(int value, bool little)
    {
        var bytes = new byte[4];
        if (little)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        }
        else
        {
            BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        }

        return bytes;
    }
}
