using System.Collections.Frozen;
using System.Text;

namespace SecondOpinion.Dicom;

/// <summary>What PS3.6 says of a tag.</summary>
/// <param name="Vr">The first VR where the standard allows several.</param>
/// <param name="Vm">Value multiplicity as written: "1", "1-n", "2-2n".</param>
public sealed record DicomDictionaryEntry(DicomTag Tag, DicomVr Vr, string Vm, string Keyword, string Name, bool IsRetired);

/// <summary>The data dictionary of PS3.6: one index over the generated rows, built at first use without making a string.</summary>
public static class DicomDictionary
{
    private const int Buckets = 16384;
    private static readonly Index s_index = new();
    private static readonly Lazy<FrozenDictionary<string, DicomTag>> s_byKeyword = new(ByKeyword);

    /// <summary>The edition of PS3.6 that the rows are from.</summary>
    public static string Edition => DictionaryRows.Edition;

    /// <summary>The row of a tag, that of its mask for repeating groups; null for a tag that the dictionary does not hold.</summary>
    public static DicomDictionaryEntry? Find(DicomTag tag)
    {
        var row = s_index.RowOf(tag.Value);
        if (row < 0)
        {
            return null;
        }

        var fields = Encoding.UTF8.GetString(s_index.Line(row)).Split(' ', 6);
        return new DicomDictionaryEntry(tag, VrOf(tag), fields[2], fields[4], fields[5], fields[3] == "R");
    }

    /// <summary>The keyword, or the empty string for a tag that the dictionary does not hold.</summary>
    public static string KeywordOf(DicomTag tag)
    {
        var row = s_index.RowOf(tag.Value);
        return row < 0 ? "" : Encoding.UTF8.GetString(s_index.Keyword(row));
    }

    /// <summary>The VR that an implicit syntax or a caller without VR uses: PS3.6, US for "US or SS" and OW for "OB or OW" (PS3.5 A.1);
    /// LO for private creators, UL for group lengths, UN for anything unknown.</summary>
    public static DicomVr VrOf(DicomTag tag) => VrOf(tag.Value, signedPixels: false);

    /// <summary>All tags with a keyword, repeating groups by their first.</summary>
    public static IEnumerable<DicomTag> Tags => s_byKeyword.Value.Values;

    /// <summary>The tag of a keyword, of repeating groups the first; false for anything else.</summary>
    public static bool TryGetTag(ReadOnlySpan<char> keyword, out DicomTag tag) =>
        s_byKeyword.Value.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(keyword, out tag);

    internal static DicomVr VrOf(uint tag, bool signedPixels)
    {
        var code = s_index.VrCode(tag);
        return code switch
        {
            Index.UsOrSs => signedPixels ? DicomVr.SS : DicomVr.US,
            Index.Unknown => Unlisted(tag),
            _ => (DicomVr)code,
        };
    }

    /// <summary>The VR depends on Pixel Representation (0028,0103).</summary>
    internal static bool DependsOnPixelRepresentation(uint tag) => s_index.VrCode(tag) == Index.UsOrSs;

    private static DicomVr Unlisted(uint tag)
    {
        if ((tag & 0xFFFF) == 0)
        {
            return DicomVr.UL;
        }

        return (tag & 0x10000) != 0 && (tag & 0xFFFF) is >= 0x10 and <= 0xFF ? DicomVr.LO : DicomVr.UN;
    }

    private static FrozenDictionary<string, DicomTag> ByKeyword()
    {
        var map = new Dictionary<string, DicomTag>(DictionaryRows.ElementCount, StringComparer.Ordinal);
        for (var row = 0; row < s_index.Count; row++)
        {
            map.TryAdd(Encoding.UTF8.GetString(s_index.Keyword(row)), DicomTag.FromValue(s_index.TagOf(row)));
        }

        map.Remove("");
        return map.ToFrozenDictionary();
    }

    /// <summary>Open-addressing hash over the rows, plus the few masks of repeating groups.</summary>
    private sealed class Index
    {
        internal const byte UsOrSs = 254;
        internal const byte Unknown = 255;

        private readonly uint[] _tags = new uint[DictionaryRows.ElementCount];
        private readonly int[] _starts = new int[DictionaryRows.ElementCount + 1];
        private readonly byte[] _vrs = new byte[DictionaryRows.ElementCount];
        private readonly short[] _buckets = new short[Buckets];
        private readonly List<(uint Mask, uint Tag, short Row)> _repeating = [];

        internal Index()
        {
            Array.Fill(_buckets, (short)-1);
            var rows = DictionaryRows.Elements;
            var start = 0;
            while (start < rows.Length)
            {
                var end = start + rows[start..].IndexOf((byte)'\n');
                end = end < start ? rows.Length : end;
                if (end - start > 10)
                {
                    Add(rows[start..end], start);
                }

                start = end + 1;
            }

            _starts[Count] = rows.Length;
        }

        internal int Count { get; private set; }

        internal uint TagOf(int row) => _tags[row];

        internal ReadOnlySpan<byte> Line(int row)
        {
            var rest = DictionaryRows.Elements[_starts[row]..];
            var end = rest.IndexOf((byte)'\n');
            return end < 0 ? rest : rest[..end];
        }

        internal ReadOnlySpan<byte> Keyword(int row)
        {
            var line = Line(row)[9..];
            for (var skip = 0; skip < 3; skip++)
            {
                line = line[(line.IndexOf((byte)' ') + 1)..];
            }

            return line[..line.IndexOf((byte)' ')];
        }

        internal byte VrCode(uint tag)
        {
            var row = RowOf(tag);
            return row < 0 ? Unknown : _vrs[row];
        }

        internal int RowOf(uint tag)
        {
            for (var bucket = Hash(tag); _buckets[bucket] >= 0; bucket = (bucket + 1) & (Buckets - 1))
            {
                if (_tags[_buckets[bucket]] == tag)
                {
                    return _buckets[bucket];
                }
            }

            // Private groups never repeat; of the rest only curves, overlays and a few retired groups do (PS3.5 7.6).
            if ((tag & 0x10000) == 0)
            {
                foreach (var (mask, pattern, row) in _repeating)
                {
                    if ((tag & mask) == pattern)
                    {
                        return row;
                    }
                }
            }

            return -1;
        }

        private static int Hash(uint tag) => (int)((tag * 2654435769u) >> 18);

        private void Add(ReadOnlySpan<byte> line, int start)
        {
            var row = (short)Count++;
            var tag = 0u;
            var mask = 0u;
            foreach (var c in line[..8])
            {
                tag = (tag << 4) | (uint)(c == 'x' ? 0 : char.IsAsciiDigit((char)c) ? c - '0' : c - 'A' + 10);
                mask = (mask << 4) | (c == 'x' ? 0u : 15u);
            }

            var vr = line[9..];
            vr = vr[..vr.IndexOf((byte)' ')];
            _tags[row] = tag;
            _starts[row] = start;
            _vrs[row] = Code(vr);
            if (mask != uint.MaxValue)
            {
                _repeating.Add((mask, tag, row));
                return;
            }

            var bucket = Hash(tag);
            while (_buckets[bucket] >= 0)
            {
                bucket = (bucket + 1) & (Buckets - 1);
            }

            _buckets[bucket] = row;
        }

        private static byte Code(ReadOnlySpan<byte> vr)
        {
            if (vr.SequenceEqual("US/SS"u8))
            {
                return UsOrSs;
            }

            // "OB or OW", "US or OW" and "US or SS or OW": OW in implicit VR (PS3.5 A.1).
            return vr.Length > 2 ? (byte)DicomVr.OW : (byte)DicomVrs.Parse(vr[0], vr[1]);
        }
    }
}
