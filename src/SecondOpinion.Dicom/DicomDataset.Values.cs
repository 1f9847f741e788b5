using System.Globalization;

namespace SecondOpinion.Dicom;

/// <content>Reading values (PS3.5 6.2). An absent element, an empty one and one whose value is not of the kind asked for all read as nothing.</content>
public sealed partial class DicomDataset
{
    /// <summary>The first value as text, padding trimmed; null when absent or empty.</summary>
    public string? GetString(DicomTag tag)
    {
        var at = IndexOf(tag.Value);
        return at < 0 ? null : FirstText(_elements[at]);
    }

    /// <summary>All values as text, padding trimmed; empty values in between are empty strings. Numbers in shortest form, AT as eight hex digits.</summary>
    public string[] GetStrings(DicomTag tag)
    {
        var at = IndexOf(tag.Value);
        return at < 0 ? [] : TextsOf(_elements[at]);
    }

    /// <summary>The whole value as text with its backslashes, only trailing padding trimmed; null when absent.</summary>
    public string? GetText(DicomTag tag)
    {
        var at = IndexOf(tag.Value);
        return at < 0 ? null : TextOf(_elements[at]);
    }

    /// <summary>As <see cref="GetInt64"/>; null also for a number of more than 32 bits.</summary>
    public int? GetInt32(DicomTag tag) => GetInt64(tag) is { } value && value is >= int.MinValue and <= int.MaxValue ? (int)value : null;

    /// <summary>The first value of an integer VR, of IS, or of DS or float when it is a whole number.</summary>
    public long? GetInt64(DicomTag tag)
    {
        var at = IndexOf(tag.Value);
        return at < 0 ? null : DicomNumbers.First(this, _elements[at])?.ToInt64();
    }

    /// <summary>The first value of a number VR, DS or IS.</summary>
    public double? GetDouble(DicomTag tag)
    {
        var at = IndexOf(tag.Value);
        return at < 0 ? null : DicomNumbers.First(this, _elements[at])?.ToDouble();
    }

    /// <summary>All values; those that are no numbers read as NaN.</summary>
    public double[] GetDoubles(DicomTag tag)
    {
        var at = IndexOf(tag.Value);
        return at < 0 ? [] : Array.ConvertAll(DicomNumbers.All(this, _elements[at]), n => n?.ToDouble() ?? double.NaN);
    }

    /// <summary>All values; those that are no 32-bit integers read as 0. OW and OB count too: unsigned words and bytes.</summary>
    public int[] GetInt32s(DicomTag tag)
    {
        var at = IndexOf(tag.Value);
        return at < 0
            ? []
            : Array.ConvertAll(DicomNumbers.All(this, _elements[at]), n => n?.ToInt64() is { } v && v is >= int.MinValue and <= int.MaxValue ? (int)v : 0);
    }

    /// <summary>The value's bytes, little endian. Text set by a program is encoded in the data set's character set, without padding.</summary>
    public ReadOnlyMemory<byte> GetBytes(DicomTag tag)
    {
        var at = IndexOf(tag.Value);
        return at < 0 ? default : BytesOf(_elements[at]);
    }

    /// <summary>The items of a sequence; none when absent.</summary>
    public IReadOnlyList<DicomDataset> GetItems(DicomTag tag)
    {
        var at = IndexOf(tag.Value);
        return at < 0 ? [] : _elements[at].ItemArray;
    }

    /// <summary>The first item of a sequence, or null.</summary>
    public DicomDataset? GetItem(DicomTag tag)
    {
        var at = IndexOf(tag.Value);
        return at >= 0 && _elements[at].ItemArray is [var first, ..] ? first : null;
    }

    /// <summary>A date; null when absent, empty or no whole date.</summary>
    public DateOnly? GetDate(DicomTag tag) => DicomDate.TryParse(GetString(tag), out var date) ? date.Exact : null;

    /// <summary>A time of day, missing parts as zero; null when absent, empty or no time.</summary>
    public TimeOnly? GetTime(DicomTag tag) => DicomTime.TryParse(GetString(tag), out var time) ? time.First : null;

    /// <summary>The element of a private block (PS3.5 7.8.1): its creator says which 256 elements are meant.</summary>
    /// <param name="element">The low byte of the element number, 00-FF.</param>
    public bool TryGetPrivate(string creator, ushort group, byte element, out DicomElement found)
    {
        for (var block = 0x10; block <= 0xFF; block++)
        {
            if (GetString(new DicomTag(group, (ushort)block)) == creator)
            {
                return TryGet(new DicomTag(group, (ushort)((block << 8) | element)), out found);
            }
        }

        found = default;
        return false;
    }

    /// <summary>The value of an element of this data set as text with its backslashes; see <see cref="GetText"/>.</summary>
    internal string TextOf(in DicomElement element)
    {
        if (element.Text is { } text)
        {
            return text.TrimEnd(' ', '\0');
        }

        if (!element.Vr.IsText() && element.Vr != DicomVr.UN)
        {
            return string.Join('\\', TextsOf(element));
        }

        var bytes = element.RawSpan.TrimEnd(" \0"u8);
        return element.Vr.UsesCharacterSet() ? CharacterSet.Decode(bytes, element.Vr) : DicomCharacterSet.DecodeAscii(bytes);
    }

    internal ReadOnlyMemory<byte> BytesOf(in DicomElement element) =>
        element.Text is { } text
            ? element.Vr.UsesCharacterSet() ? CharacterSet.Encode(text, element.Vr) : DicomCharacterSet.EncodeAscii(text)
            : element.LittleEndianBytes();

    internal string[] TextsOf(in DicomElement element)
    {
        if (element.IsEmpty)
        {
            return [];
        }

        if (!element.Vr.IsText() && element.Vr != DicomVr.UN)
        {
            return element.Vr == DicomVr.AT
                ? Array.ConvertAll(DicomNumbers.All(this, element), n => ((uint)n!.Value.ToInt64()!.Value).ToString("X8", CultureInfo.InvariantCulture))
                : Array.ConvertAll(DicomNumbers.All(this, element), n => n?.ToString() ?? "");
        }

        var text = TextOf(element);
        if (element.Vr.IsSingleText())
        {
            text = element.Vr.KeepsLeadingSpaces() ? text : text.Trim(' ', '\0');
            return text.Length == 0 ? [] : [text];
        }

        var values = text.Split('\\');
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = element.Vr.KeepsLeadingSpaces() ? values[i].TrimEnd(' ', '\0') : values[i].Trim(' ', '\0');
        }

        return values.Length == 1 && values[0].Length == 0 ? [] : values;
    }

    private string? FirstText(in DicomElement element)
    {
        if (element.IsEmpty)
        {
            return null;
        }

        if (element.Text is null && element.Vr.IsText() && !element.Vr.KeepsLeadingSpaces() && !element.Vr.IsSingleText() && DicomCharacterSet.IsPlain(element.RawSpan))
        {
            var bytes = element.RawSpan;
            var end = bytes.IndexOf((byte)'\\');
            bytes = (end < 0 ? bytes : bytes[..end]).Trim(" \0"u8);
            return bytes.IsEmpty ? null : DicomCharacterSet.DecodeAscii(bytes);
        }

        return TextsOf(element) is [{ Length: > 0 } first, ..] ? first : null;
    }
}
