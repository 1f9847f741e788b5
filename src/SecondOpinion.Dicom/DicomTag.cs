using System.Globalization;
using System.Runtime.InteropServices;

namespace SecondOpinion.Dicom;

/// <summary>A data element tag (PS3.5 7.1).</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct DicomTag(ushort Group, ushort Element) : IComparable<DicomTag>
{
    /// <summary>The tag of group and element in one number.</summary>
    public static DicomTag FromValue(uint value) => new((ushort)(value >> 16), (ushort)value);

    /// <summary>Group in the high, element in the low 16 bits: the order of elements in a data set.</summary>
    public uint Value => ((uint)Group << 16) | Element;

    /// <summary>Odd group (PS3.5 7.8).</summary>
    public bool IsPrivate => (Group & 1) != 0;

    /// <summary>(gggg,0010-00FF) of an odd group: reserves a block of private elements (PS3.5 7.8.1).</summary>
    public bool IsPrivateCreator => IsPrivate && Element is >= 0x0010 and <= 0x00FF;

    /// <summary>(gggg,0000), retired but in group 0002 (PS3.5 7.2).</summary>
    public bool IsGroupLength => Element == 0;

    /// <summary>Group FFFE: what sequences are made of, and no element of a data set (PS3.5 7.5).</summary>
    internal bool IsItemOrDelimiter => Group == 0xFFFE;

    /// <summary>The keyword of PS3.6, or the empty string for a tag that the dictionary does not hold.</summary>
    public string Keyword => DicomDictionary.KeywordOf(this);

    /// <summary>Eight upper-case hex digits, as in the JSON model.</summary>
    public string ToHex() => Value.ToString("X8", CultureInfo.InvariantCulture);

    /// <summary>"(gggg,eeee)" in upper-case hex digits.</summary>
    public override string ToString() => $"({Group:X4},{Element:X4})";

    /// <summary>By group, then element.</summary>
    public int CompareTo(DicomTag other) => Value.CompareTo(other.Value);

    /// <summary>Stands before the other in a data set.</summary>
    public static bool operator <(DicomTag left, DicomTag right) => left.Value < right.Value;

    /// <summary>Stands behind the other in a data set.</summary>
    public static bool operator >(DicomTag left, DicomTag right) => left.Value > right.Value;

    /// <summary>Stands before the other, or is it.</summary>
    public static bool operator <=(DicomTag left, DicomTag right) => left.Value <= right.Value;

    /// <summary>Stands behind the other, or is it.</summary>
    public static bool operator >=(DicomTag left, DicomTag right) => left.Value >= right.Value;

    /// <summary>Reads a keyword of PS3.6 or eight hex digits (PS3.18 8.3.4.1); "(gggg,eeee)" and "gggg,eeee" are accepted too.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out DicomTag tag)
    {
        if (text.Length >= 9 && text[0] == '(' && text[^1] == ')')
        {
            text = text[1..^1];
        }

        if (text.Length == 9 && text[4] == ','
            && ushort.TryParse(text[..4], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var group)
            && ushort.TryParse(text[5..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var element))
        {
            tag = new DicomTag(group, element);
            return true;
        }

        if (text.Length == 8 && uint.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
        {
            tag = FromValue(value);
            return true;
        }

        return DicomDictionary.TryGetTag(text, out tag);
    }

    /// <summary>As <see cref="TryParse"/>.</summary>
    /// <exception cref="FormatException">The text is neither a keyword nor a tag.</exception>
    public static DicomTag Parse(string text) =>
        TryParse(text, out var tag) ? tag : throw new FormatException($"'{text}' is neither a DICOM keyword nor a tag.");
}
