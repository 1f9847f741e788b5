using System.Globalization;
using System.Text;
using System.Text.Json;

namespace SecondOpinion.Dicom;

/// <summary>Reads the DICOM JSON model (PS3.18 F.2), lenient about how numbers and empty values are written.</summary>
internal ref struct JsonModelReader
{
    private readonly DicomReadOptions _options;
    private Utf8JsonReader _json;
    private int _elements;

    private JsonModelReader(ReadOnlySpan<byte> utf8, DicomReadOptions options)
    {
        _options = options;
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
    }

    private List<DicomDataset> ReadAll()
    {
        var all = new List<DicomDataset>();
        _json.Read();
        if (_json.TokenType == JsonTokenType.StartArray)
        {
            while (_json.Read() && _json.TokenType != JsonTokenType.EndArray)
            {
                all.Add(ReadTop());
            }
        }
        else
        {
            all.Add(ReadTop());
        }

        return _json.Read() ? throw Invalid("something follows the document") : all;
    }

    private DicomDataset ReadTop() => ModelElements.WithCharacterSet(ReadDataset(0));

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

        var elements = new List<DicomElement>();
        while (_json.Read() && _json.TokenType == JsonTokenType.PropertyName)
        {
            var name = _json.GetString()!;
            if (!DicomTag.TryParse(name, out var tag) || name.Length != 8)
            {
                throw Invalid($"'{name}' is no tag of eight hex digits");
            }

            if (++_elements > _options.MaxElements)
            {
                throw new DicomException(DicomError.TooManyElements, "too many elements (MaxElements)", tag, _json.BytesConsumed);
            }

            _json.Read();
            elements.Add(ReadElement(tag, depth));
        }

        return ModelElements.Build(elements);
    }

    private DicomElement ReadElement(DicomTag tag, int depth)
    {
        if (_json.TokenType != JsonTokenType.StartObject)
        {
            throw Invalid("an attribute must be an object", tag);
        }

        // "vr" may stand after the value: it is looked for first.
        var vr = DicomVr.None;
        var ahead = _json;
        while (ahead.Read() && ahead.TokenType == JsonTokenType.PropertyName)
        {
            var isVr = ahead.ValueTextEquals("vr"u8);
            ahead.Read();
            if (isVr && ahead.TokenType == JsonTokenType.String && DicomVrs.TryParse(ahead.GetString(), out vr))
            {
                break;
            }

            ahead.Skip();
        }

        vr = vr == DicomVr.None ? DicomDictionary.VrOf(tag) : vr;
        DicomElement? element = null;
        while (_json.Read() && _json.TokenType == JsonTokenType.PropertyName)
        {
            var isValue = _json.ValueTextEquals("Value"u8);
            var isInline = _json.ValueTextEquals("InlineBinary"u8);
            var isUri = _json.ValueTextEquals("BulkDataURI"u8);
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
                element = isUri ? ReadUri(tag, vr) : isInline ? ReadInline(tag, vr) : ReadValue(tag, vr, depth);
            }
        }

        return element ?? ModelElements.Empty(tag, vr);
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

    private DicomElement ReadValue(DicomTag tag, DicomVr vr, int depth)
    {
        if (_json.TokenType is JsonTokenType.String or JsonTokenType.Null && vr != DicomVr.SQ)
        {
            // Some senders leave the array out.
            return ModelElements.OfTexts(tag, vr, [ReadText(tag, vr)]);
        }

        if (_json.TokenType != JsonTokenType.StartArray)
        {
            throw Invalid("Value must be an array", tag);
        }

        if (vr == DicomVr.SQ)
        {
            var items = new List<DicomDataset>();
            while (_json.Read() && _json.TokenType != JsonTokenType.EndArray)
            {
                items.Add(_json.TokenType == JsonTokenType.Null ? [] : ReadDataset(depth + 1));
            }

            return new DicomElement(tag, [.. items]);
        }

        var texts = new List<string>();
        while (_json.Read() && _json.TokenType != JsonTokenType.EndArray)
        {
            texts.Add(vr == DicomVr.PN && _json.TokenType == JsonTokenType.StartObject ? ReadName(tag) : ReadText(tag, vr));
        }

        return ModelElements.OfTexts(tag, vr, texts);
    }

    private readonly string ReadText(DicomTag tag, DicomVr vr)
    {
        switch (_json.TokenType)
        {
            case JsonTokenType.Null:
                return "";
            case JsonTokenType.String:
                return _json.GetString()!;
            case JsonTokenType.Number:
                var text = Encoding.UTF8.GetString(_json.ValueSpan);
                return vr switch
                {
                    DicomVr.DS when text.Length > 16 => double.Parse(text, CultureInfo.InvariantCulture) is var real && double.IsFinite(real)
                        ? DicomNumbers.DecimalString(real)
                        : throw Invalid("a number is too large", tag),
                    DicomVr.IS or DicomVr.US or DicomVr.SS or DicomVr.UL or DicomVr.SL or DicomVr.SV or DicomVr.UV when text.AsSpan().ContainsAny('.', 'e', 'E') =>
                        DicomNumbers.Parse(text)?.ToInt64() is { } whole ? whole.ToString(CultureInfo.InvariantCulture) : text,
                    _ => text,
                };
            default:
                throw Invalid("a value must be a string or a number", tag);
        }
    }

    private string ReadName(DicomTag tag)
    {
        var groups = new string[] { "", "", "" };
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
                groups[at] = ReadText(tag, DicomVr.PN);
            }
        }

        return string.Join('=', groups).TrimEnd('=');
    }
}
