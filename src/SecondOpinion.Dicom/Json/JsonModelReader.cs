using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace SecondOpinion.Dicom;

/// <summary>
/// Reads the DICOM JSON model (PS3.18 F.2), lenient about how numbers and empty values are written. Values become bytes as a little endian file in
/// UTF-8 has them, side by side in few arrays.
/// </summary>
internal ref struct JsonModelReader
{
    private static readonly byte[] s_utf8Term = "ISO_IR 192"u8.ToArray();

    private readonly DicomReadOptions _options;
    private readonly int _length;
    private readonly ValueStore _values = new();
    private ScratchStack<DicomElement> _elements = new(256);
    private ScratchStack<DicomDataset> _items = new(16);
    private Utf8JsonReader _json;
    private int _count;
    private bool _isForeign; // text of this data set is more than ASCII

    private JsonModelReader(ReadOnlySpan<byte> utf8, DicomReadOptions options)
    {
        _options = options;
        _length = utf8.Length;
        _json = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = (options.MaxDepth * 3) + 8, CommentHandling = JsonCommentHandling.Disallow });
    }

    internal static DicomDataset Read(ReadOnlySpan<byte> utf8, DicomReadOptions options)
    {
        var all = ReadArray(utf8, options);
        return all.Count == 1 ? all[0] : throw new DicomException(DicomError.InvalidDocument, $"one data set was expected, there are {all.Count}");
    }

    internal static IReadOnlyList<DicomDataset> ReadArray(ReadOnlySpan<byte> utf8, DicomReadOptions options)
    {
        var reader = new JsonModelReader(utf8.StartsWith("\uFEFF"u8) ? utf8[3..] : utf8, options);
        try
        {
            return reader.ReadAll();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw new DicomException(DicomError.InvalidDocument, "the document is not valid JSON of the DICOM model", null, reader._json.BytesConsumed, e);
        }
        finally
        {
            reader._values.Return();
            reader._elements.Return();
            reader._items.Return();
        }
    }

    private DicomDataset[] ReadAll()
    {
        _json.Read();
        if (_json.TokenType == JsonTokenType.StartArray)
        {
            while (_json.Read() && _json.TokenType != JsonTokenType.EndArray)
            {
                _items.Push(ReadDataset(0));
            }
        }
        else
        {
            _items.Push(ReadDataset(0));
        }

        return _json.Read() ? throw Invalid("something follows the document") : _items.Pop(0);
    }

    private readonly DicomException Invalid(string message, DicomTag? tag = null) => new(DicomError.InvalidDocument, message, tag, _json.BytesConsumed);

    private DicomDataset ReadDataset(int depth)
    {
        if (depth > _options.MaxDepth)
        {
            throw new DicomException(DicomError.TooDeep, "sequences are nested too deep (MaxDepth)", null, _json.BytesConsumed);
        }

        if (_json.TokenType != JsonTokenType.StartObject)
        {
            throw Invalid("a data set must be an object");
        }

        var start = _elements.Count;
        var hasCharacterSet = false;
        var hasEmptyCharacterSet = false;
        _isForeign &= depth > 0;
        while (_json.Read() && _json.TokenType == JsonTokenType.PropertyName)
        {
            var tag = ReadTag();
            if (++_count > _options.MaxElements)
            {
                throw new DicomException(DicomError.TooManyElements, "too many elements (MaxElements)", tag, _json.BytesConsumed);
            }

            _json.Read();
            var element = ReadElement(tag, depth);
            if (tag == DicomTags.SpecificCharacterSet)
            {
                (hasCharacterSet, hasEmptyCharacterSet) = (hasCharacterSet || !element.IsEmpty, hasEmptyCharacterSet || element.IsEmpty);
            }
            else if (!tag.IsGroupLength)
            {
                _elements.Push(element);
            }
        }

        // The document is UTF-8 whatever it says (PS3.18 F.2.2), and the data set has to say so if it says or needs anything. An item says nothing that
        // is empty.
        if (hasCharacterSet || (depth == 0 && _isForeign))
        {
            _elements.Push(new DicomElement(DicomTags.SpecificCharacterSet, DicomVr.CS, s_utf8Term.AsMemory()));
        }
        else if (hasEmptyCharacterSet && depth == 0)
        {
            _elements.Push(ModelElements.Empty(DicomTags.SpecificCharacterSet, DicomVr.CS));
        }

        var dataset = ModelElements.Build(_elements.From(start));
        _elements.Drop(start);
        return dataset;
    }

    private readonly DicomTag ReadTag()
    {
        Span<byte> name = stackalloc byte[48]; // eight characters, even if all are written as \uXXXX
        var length = _json.ValueSpan.Length <= name.Length ? _json.CopyString(name) : 0;
        return length == 8 && uint.TryParse(name[..length], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
            ? DicomTag.FromValue(value)
            : throw Invalid($"'{_json.GetString()}' is no tag of eight hex digits");
    }

    private DicomElement ReadElement(DicomTag tag, int depth)
    {
        if (_json.TokenType != JsonTokenType.StartObject)
        {
            throw Invalid("an attribute must be an object", tag);
        }

        var vr = FindVr() is var named && named != DicomVr.None ? named : DicomDictionary.VrOf(tag);
        DicomElement? element = null;
        while (_json.Read() && _json.TokenType == JsonTokenType.PropertyName)
        {
            var isValue = _json.ValueTextEquals("Value"u8);
            var isInline = !isValue && _json.ValueTextEquals("InlineBinary"u8);
            var isUri = !isValue && !isInline && _json.ValueTextEquals("BulkDataURI"u8);
            _json.Read();
            if (!isValue && !isInline && !isUri)
            {
                _json.Skip();
            }
            else if (element is not null)
            {
                throw Invalid("more than one of Value, InlineBinary and BulkDataURI (PS3.18 F.2.2)", tag);
            }
            else
            {
                element = isUri ? ReadUri(tag, vr) : isInline ? ReadInline(tag, vr) : vr == DicomVr.SQ ? ReadItems(tag, depth) : ReadValue(tag, vr);
            }
        }

        return element ?? ModelElements.Empty(tag, vr);
    }

    /// <summary>The VR of the attribute that starts here; "vr" may stand behind the value, and is looked for first.</summary>
    private readonly DicomVr FindVr()
    {
        Span<byte> name = stackalloc byte[12]; // two characters, even if both are written as \uXXXX
        var ahead = _json;
        while (ahead.Read() && ahead.TokenType == JsonTokenType.PropertyName)
        {
            var isVr = ahead.ValueTextEquals("vr"u8);
            ahead.Read();
            if (isVr && ahead.TokenType == JsonTokenType.String && ahead.ValueSpan.Length <= name.Length && ahead.CopyString(name) == 2
                && DicomVrs.Parse(name[0], name[1]) is var vr && vr != DicomVr.None)
            {
                return vr;
            }

            ahead.Skip();
        }

        return DicomVr.None;
    }

    private readonly DicomElement ReadUri(DicomTag tag, DicomVr vr) =>
        vr == DicomVr.SQ || _json.TokenType != JsonTokenType.String || _json.GetString() is not { Length: > 0 } uri
            ? throw Invalid("BulkDataURI must be a string, and not of a sequence", tag)
            : DicomElement.AtUri(tag, vr, uri);

    private readonly DicomElement ReadInline(DicomTag tag, DicomVr vr)
    {
        if (vr == DicomVr.SQ || _json.TokenType != JsonTokenType.String || !_json.TryGetBytesFromBase64(out var bytes))
        {
            throw Invalid("InlineBinary must be base64, and not of a sequence", tag);
        }

        return new DicomElement(tag, vr, bytes.AsMemory());
    }

    private DicomElement ReadItems(DicomTag tag, int depth)
    {
        if (_json.TokenType != JsonTokenType.StartArray)
        {
            throw Invalid("Value must be an array", tag);
        }

        var first = _items.Count;
        while (_json.Read() && _json.TokenType != JsonTokenType.EndArray)
        {
            _items.Push(_json.TokenType == JsonTokenType.Null ? [] : ReadDataset(depth + 1));
        }

        return new DicomElement(tag, _items.Pop(first));
    }

    private DicomElement ReadValue(DicomTag tag, DicomVr vr)
    {
        _values.Cut(0);
        var count = 0;
        if (_json.TokenType is JsonTokenType.String or JsonTokenType.Null)
        {
            // Some senders leave the array out.
            AppendValue(tag, vr, count++);
        }
        else if (_json.TokenType == JsonTokenType.StartArray)
        {
            while (_json.Read() && _json.TokenType != JsonTokenType.EndArray)
            {
                AppendValue(tag, vr, count++);
            }
        }
        else
        {
            throw Invalid("Value must be an array", tag);
        }

        if (_values.Length == 0)
        {
            return ModelElements.Empty(tag, vr);
        }

        if (vr.IsText() && !DicomCharacterSet.IsPlain(_values.Value))
        {
            if (!vr.UsesCharacterSet())
            {
                // Characters that no file can have in this VR: kept for those who look, and written as question marks.
                return new DicomElement(tag, vr, Encoding.UTF8.GetString(_values.Value));
            }

            _isForeign = true;
        }

        var length = _values.Length;
        var (source, offset) = _values.Take(_length - (int)_json.BytesConsumed);
        return new DicomElement(tag, vr, source, offset, length, bigEndian: false);
    }

    private void AppendValue(DicomTag tag, DicomVr vr, int index)
    {
        if (!vr.IsText())
        {
            AppendNumber(tag, vr, index);
            return;
        }

        if (index > 0)
        {
            if (vr.IsSingleText())
            {
                throw Invalid($"{vr} holds one value", tag);
            }

            _values.Append("\\"u8);
        }

        if (vr == DicomVr.PN && _json.TokenType == JsonTokenType.StartObject)
        {
            AppendName(tag);
        }
        else
        {
            AppendText(tag, vr);
        }
    }

    /// <summary>The text of a string or a number.</summary>
    private readonly void AppendText(DicomTag tag, DicomVr vr)
    {
        var written = _json.ValueSpan;
        if (_json.TokenType == JsonTokenType.String)
        {
            _values.Advance(_json.CopyString(_values.Reserve(written.Length)));
        }
        else if (_json.TokenType == JsonTokenType.Number)
        {
            if (vr == DicomVr.DS && written.Length > 16)
            {
                var real = double.Parse(written, NumberStyles.Float, CultureInfo.InvariantCulture);
                _values.Append(Encoding.UTF8.GetBytes(double.IsFinite(real) ? DicomNumbers.DecimalString(real) : throw Invalid("a number is too large", tag)));
            }
            else if (vr == DicomVr.IS && written.ContainsAny(".eE"u8) && DicomNumbers.Parse(written)?.ToInt64() is { } whole)
            {
                Utf8Formatter.TryFormat(whole, _values.Reserve(20), out var length);
                _values.Advance(length);
            }
            else
            {
                _values.Append(written);
            }
        }
        else if (_json.TokenType != JsonTokenType.Null)
        {
            throw Invalid("a value must be a string or a number", tag);
        }
    }

    /// <summary>A number in a binary VR. A single empty value is none; among others it is wrong.</summary>
    private readonly void AppendNumber(DicomTag tag, DicomVr vr, int index)
    {
        var start = _values.Length;
        AppendText(tag, vr);
        var text = _values.Value[start..];
        if (text.IsEmpty && index == 0)
        {
            return;
        }

        Span<byte> number = stackalloc byte[8];
        number = number[..DicomNumbers.SizeOf(vr)];
        if (start != index * number.Length || !DicomNumbers.TryWrite(vr, text, number))
        {
            throw new DicomException(DicomError.InvalidValue, $"'{Encoding.UTF8.GetString(text)}' is no {vr}", tag, _json.BytesConsumed);
        }

        _values.Cut(start);
        _values.Append(number);
    }

    /// <summary>The groups of a name in their order (PS3.5 6.2.1.1), in whatever order they stand here.</summary>
    private void AppendName(DicomTag tag)
    {
        var start = _values.Length;
        Span<Range> groups = stackalloc Range[3];
        groups.Fill(start..start);
        while (_json.Read() && _json.TokenType == JsonTokenType.PropertyName)
        {
            var at = _json.ValueTextEquals("Alphabetic"u8) ? 0 : _json.ValueTextEquals("Ideographic"u8) ? 1 : _json.ValueTextEquals("Phonetic"u8) ? 2 : -1;
            _json.Read();
            if (at < 0)
            {
                _json.Skip();
            }
            else
            {
                var from = _values.Length;
                AppendText(tag, DicomVr.PN);
                groups[at] = from.._values.Length;
            }
        }

        // Put together behind themselves, then moved to the front.
        var end = _values.Length;
        var joined = _values.Reserve(end - start + 2);
        var all = _values.Value;
        var length = 0;
        for (var i = 0; i < groups.Length; i++)
        {
            if (i > 0)
            {
                joined[length++] = (byte)'=';
            }

            all[groups[i]].CopyTo(joined[length..]);
            length += all[groups[i]].Length;
        }

        joined = joined[..length].TrimEnd((byte)'=');
        _values.Cut(start);
        _values.Append(joined);
    }
}
