using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace SecondOpinion.Dicom;

/// <summary>Writes elements straight from their bytes (PS3.18 F.2).</summary>
internal sealed class JsonModelWriter(Utf8JsonWriter json, DicomJsonOptions options)
{
    private const uint SpecificCharacterSet = 0x00080005;
    private static readonly JsonEncodedText s_vr = JsonEncodedText.Encode("vr");
    private static readonly JsonEncodedText s_value = JsonEncodedText.Encode("Value");
    private static readonly JsonEncodedText s_inlineBinary = JsonEncodedText.Encode("InlineBinary");
    private static readonly JsonEncodedText s_bulkDataUri = JsonEncodedText.Encode("BulkDataURI");
    private static readonly JsonEncodedText s_utf8 = JsonEncodedText.Encode("ISO_IR 192");
    private static readonly JsonEncodedText[] s_groups = [JsonEncodedText.Encode("Alphabetic"), JsonEncodedText.Encode("Ideographic"), JsonEncodedText.Encode("Phonetic")];
    private static readonly JsonEncodedText[] s_vrNames = Array.ConvertAll(Enum.GetNames<DicomVr>(), n => JsonEncodedText.Encode(n));

    private readonly bool _mayRefer = options.BulkDataUri is not null;
    private string _path = "";

    internal void WriteTop(DicomDataset dataset, PixelDataPosition? pixels)
    {
        json.WriteStartObject();
        var characterSetDue = ModelElements.LacksCharacterSet(dataset);
        foreach (ref readonly var element in dataset.Elements)
        {
            if (characterSetDue && element.Tag.Value >= SpecificCharacterSet)
            {
                WriteCharacterSet();
                characterSetDue = false;
                if (element.Tag.Value == SpecificCharacterSet)
                {
                    continue;
                }
            }

            if (pixels is not null && element.Tag.Value > pixels.Tag.Value)
            {
                WritePixelReference(pixels);
                pixels = null;
            }

            WriteElement(dataset, element);
        }

        if (characterSetDue)
        {
            WriteCharacterSet();
        }

        if (pixels is not null)
        {
            WritePixelReference(pixels);
        }

        json.WriteEndObject();
    }

    private void WriteName(DicomTag tag, DicomVr vr)
    {
        Span<byte> name = stackalloc byte[8];
        Utf8Formatter.TryFormat(tag.Value, name, out _, new System.Buffers.StandardFormat('X', 8));
        json.WriteStartObject(name);
        json.WriteString(s_vr, s_vrNames[(int)vr]);
    }

    private void WriteCharacterSet()
    {
        WriteName(DicomTags.SpecificCharacterSet, DicomVr.CS);
        json.WriteStartArray(s_value);
        json.WriteStringValue(s_utf8);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private void WritePixelReference(PixelDataPosition pixels)
    {
        if (options.BulkDataUri?.Invoke(pixels.Tag.ToHex()) is { } uri)
        {
            WriteName(pixels.Tag, pixels.Vr);
            json.WriteString(s_bulkDataUri, uri);
            json.WriteEndObject();
        }
    }

    private void WriteElement(DicomDataset dataset, in DicomElement element)
    {
        if (!ModelElements.IsWritten(element.Tag))
        {
            return;
        }

        if (element.Tag.Value == SpecificCharacterSet && !element.IsEmpty)
        {
            WriteCharacterSet();
            return;
        }

        WriteName(element.Tag, element.Vr);
        if (!element.IsEmpty && !WroteReference(element))
        {
            WriteValue(dataset, element);
        }

        json.WriteEndObject();
    }

    private bool WroteReference(in DicomElement element)
    {
        if (ModelElements.UriOf(element, options, _path) is not { } uri)
        {
            return false;
        }

        json.WriteString(s_bulkDataUri, uri);
        return true;
    }

    private void WriteValue(DicomDataset dataset, in DicomElement element)
    {
        switch (element.Vr)
        {
            case DicomVr.SQ:
                WriteItems(element);
                break;
            case DicomVr.PN:
                WriteNames(dataset.TextOf(element));
                break;
            case DicomVr.IS or DicomVr.DS:
                WriteDecimals(dataset, element);
                break;
            case DicomVr.OB or DicomVr.OD or DicomVr.OF or DicomVr.OL or DicomVr.OV or DicomVr.OW or DicomVr.UN:
                if (element.Fragments is not null)
                {
                    throw ModelElements.NoPlaceForFragments(element.Tag); // PS3.18 F.2.7 is for native values
                }

                json.WriteBase64String(s_inlineBinary, element.LittleEndianBytes().Span);
                break;
            default:
                if (element.Vr.IsText())
                {
                    WriteTexts(dataset, element);
                }
                else
                {
                    WriteNumbers(element);
                }

                break;
        }
    }

    private void WriteItems(in DicomElement element)
    {
        json.WriteStartArray(s_value);
        var path = _path;
        var number = 0;
        foreach (var item in element.ItemArray)
        {
            number++;
            if (_mayRefer)
            {
                _path = string.Create(CultureInfo.InvariantCulture, $"{path}{element.Tag.ToHex()}/{number}/");
            }

            json.WriteStartObject();
            foreach (ref readonly var inner in item.Elements)
            {
                // An empty character set of an item changes nothing, and could be read as ASCII.
                if (inner.Tag.Value != SpecificCharacterSet || !inner.IsEmpty)
                {
                    WriteElement(item, inner);
                }
            }

            json.WriteEndObject();
        }

        _path = path;
        json.WriteEndArray();
    }

    private void WriteTexts(DicomDataset dataset, in DicomElement element)
    {
        var plain = element.Text is null && DicomCharacterSet.IsPlain(element.RawSpan);
        var single = element.Vr.IsSingleText();
        var leading = element.Vr.KeepsLeadingSpaces();
        if (!plain)
        {
            WriteDecoded(dataset.TextsOf(element));
            return;
        }

        var rest = element.RawSpan.TrimEnd(" \0"u8);
        if (rest.IsEmpty)
        {
            return;
        }

        json.WriteStartArray(s_value);
        while (true)
        {
            var end = single ? -1 : rest.IndexOf((byte)'\\');
            var value = end < 0 ? rest : rest[..end];
            value = leading ? value.TrimEnd(" \0"u8) : value.Trim(" \0"u8);
            if (value.IsEmpty)
            {
                json.WriteNullValue();
            }
            else
            {
                json.WriteStringValue(value);
            }

            if (end < 0)
            {
                break;
            }

            rest = rest[(end + 1)..];
        }

        json.WriteEndArray();
    }

    private void WriteDecoded(string[] values)
    {
        if (values.Length == 0 || (values.Length == 1 && values[0].Length == 0))
        {
            return;
        }

        json.WriteStartArray(s_value);
        foreach (var value in values)
        {
            if (value.Length == 0)
            {
                json.WriteNullValue();
            }
            else
            {
                json.WriteStringValue(value);
            }
        }

        json.WriteEndArray();
    }

    /// <summary>PS3.18 F.2.2: an object with a member for each group that is not empty.</summary>
    private void WriteNames(string text)
    {
        if (text.Length == 0)
        {
            return;
        }

        json.WriteStartArray(s_value);
        foreach (var name in text.Split('\\'))
        {
            var parts = name.Split('=', 3);
            if (Array.TrueForAll(parts, string.IsNullOrWhiteSpace))
            {
                json.WriteNullValue();
                continue;
            }

            json.WriteStartObject();
            for (var i = 0; i < parts.Length; i++)
            {
                var group = parts[i].Trim(' ', '\0');
                if (group.Length > 0)
                {
                    json.WriteString(s_groups[i], group);
                }
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private void WriteDecimals(DicomDataset dataset, in DicomElement element)
    {
        if (element.Text is { } given && !Ascii.IsValid(given))
        {
            json.WriteStartArray(s_value);
            foreach (var value in dataset.TextsOf(element))
            {
                if (Ascii.IsValid(value))
                {
                    WriteDecimal(DicomCharacterSet.EncodeAscii(value));
                }
                else
                {
                    json.WriteStringValue(value);
                }
            }

            json.WriteEndArray();
            return;
        }

        var bytes = element.Text is { } text ? DicomCharacterSet.EncodeAscii(text) : element.RawSpan;
        bytes = bytes.TrimEnd(" \0"u8);
        if (bytes.IsEmpty)
        {
            return;
        }

        json.WriteStartArray(s_value);
        while (true)
        {
            var end = bytes.IndexOf((byte)'\\');
            WriteDecimal((end < 0 ? bytes : bytes[..end]).Trim(" \0"u8));
            if (end < 0)
            {
                break;
            }

            bytes = bytes[(end + 1)..];
        }

        json.WriteEndArray();
    }

    private void WriteDecimal(ReadOnlySpan<byte> text)
    {
        Span<byte> number = stackalloc byte[32];
        if (text.IsEmpty)
        {
            json.WriteNullValue();
        }
        else if (!options.NumbersAsStrings && JsonDecimal.TryConvert(text, number, out var length))
        {
            json.WriteRawValue(number[..length], skipInputValidation: true);
        }
        else if (Ascii.IsValid(text))
        {
            json.WriteStringValue(text);
        }
        else
        {
            json.WriteStringValue(DicomCharacterSet.DecodeAscii(text));
        }
    }

    private void WriteNumbers(in DicomElement element)
    {
        var size = element.Vr.ValueSize();
        var bytes = element.RawSpan;
        if (size == 0 || bytes.Length < size)
        {
            return;
        }

        Span<byte> hex = stackalloc byte[8];
        json.WriteStartArray(s_value);
        for (var at = 0; at + size <= bytes.Length; at += size)
        {
            var number = DicomNumbers.Binary(bytes.Slice(at, size), element.Vr, element.IsBigEndian);
            switch (element.Vr)
            {
                case DicomVr.AT:
                    Utf8Formatter.TryFormat((uint)number.ToInt64()!.Value, hex, out _, new System.Buffers.StandardFormat('X', 8));
                    json.WriteStringValue(hex);
                    break;
                case DicomVr.FL:
                    WriteReal(number.ToDouble(), single: true);
                    break;
                case DicomVr.FD:
                    WriteReal(number.ToDouble(), single: false);
                    break;
                case DicomVr.SV or DicomVr.UV when options.NumbersAsStrings || number.ToInt64() is not { } whole || Math.Abs((decimal)whole) > JsonDecimal.MaxExact:
                    json.WriteStringValue(number.ToString());
                    break;
                default:
                    json.WriteNumberValue(number.ToInt64()!.Value);
                    break;
            }
        }

        json.WriteEndArray();
    }

    /// <summary>NaN and infinity are no JSON numbers; they are written as strings, which the reader takes back.</summary>
    private void WriteReal(double value, bool single)
    {
        if (double.IsNaN(value))
        {
            json.WriteStringValue("NaN"u8);
        }
        else if (double.IsInfinity(value))
        {
            json.WriteStringValue(value > 0 ? "Infinity"u8 : "-Infinity"u8);
        }
        else if (single)
        {
            json.WriteNumberValue((float)value);
        }
        else
        {
            json.WriteNumberValue(value);
        }
    }
}
