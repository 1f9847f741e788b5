using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;

namespace SecondOpinion.Fhir.Tree;

/// <summary>
/// Reads JSON bytes into a <see cref="ResourceTree"/> in one pass (FHIR R4 json.html). Knows the JSON form of FHIR (arrays, primitives
/// and their underscore siblings) but no definitions.
/// </summary>
internal ref struct JsonTableReader
{
    private readonly ReadOnlyMemory<byte> _json;
    private readonly FhirParseOptions _options;
    private readonly List<FhirIssue> _issues;
    private readonly TextLocator _locator = new();
    private Row[] _rows;
    private int _count;

    private JsonTableReader(ReadOnlyMemory<byte> json, FhirParseOptions options, List<FhirIssue> issues)
    {
        _json = json;
        _options = options;
        _issues = issues;
        _rows = ArrayPool<Row>.Shared.Rent(Math.Clamp(json.Length / 24, 16, 1 << 16));
    }

    private struct Frame
    {
        public int Row;
        public int ArrayIndex;
        public int NameStart;
        public ushort NameLength;
        public RowFlags NameFlags;
        public bool HasUnderscore;
    }

    /// <summary>The table, or null when any issue was added.</summary>
    public static ResourceTree? Read(ReadOnlyMemory<byte> json, FhirParseOptions options, List<FhirIssue> issues)
    {
        if (json.Span.StartsWith("\uFEFF"u8))
        {
            json = json[3..];
        }

        if (json.Length > options.MaxLength)
        {
            issues.Add(Fatal("too-long", $"The resource has {json.Length} bytes; the limit is {options.MaxLength}", "too-long"));
            return null;
        }

        if (!Utf8.IsValid(json.Span))
        {
            issues.Add(JsonText.NotUtf8(json.Span));
            return null;
        }

        var reader = new JsonTableReader(json, options, issues);
        try
        {
            var ok = reader.ReadAll();
            return ok ? new ResourceTree(json, reader._rows.AsSpan(0, reader._count).ToArray(), reader._count) : null;
        }
        catch (JsonException e)
        {
            var line = (int)(e.LineNumber ?? 0) + 1;
            var message = e.Message.Split(" LineNumber:", 2)[0].Replace(" which is not supported in this mode. Change the reader options.", "", StringComparison.Ordinal)
                .Replace(", when isFinalBlock is true", "", StringComparison.Ordinal).TrimEnd(' ', '.');
            issues.Add(Fatal("structure", "Not valid JSON: " + message, "json") with { Line = line, Column = (int)(e.BytePositionInLine ?? 0) + 1 });
            return null;
        }
        finally
        {
            ArrayPool<Row>.Shared.Return(reader._rows);
        }
    }

    private static FhirIssue Fatal(string code, string message, string key) => new(IssueSeverity.Fatal, code, message, Key: key);

    private bool ReadAll()
    {
        var before = _issues.Count;
        var reader = new Utf8JsonReader(_json.Span, new JsonReaderOptions { MaxDepth = Math.Clamp(_options.MaxDepth, 1, 500) });
        var frames = new Frame[Math.Clamp(_options.MaxDepth, 1, 500) + 1];
        var depth = -1;
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            _issues.Add(Fatal("structure", "A resource must be a JSON object", "json-root"));
            return false;
        }

        ref var frame = ref frames[0];
        Push(frames, ref depth, Add(new Frame { Row = -1, ArrayIndex = -1 }, RowKind.Object, RowFlags.None, (int)reader.TokenStartIndex, 0));
        while (depth >= 0)
        {
            reader.Read();
            frame = ref frames[depth];
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    ReadName(ref frame, ref reader);
                    break;
                case JsonTokenType.StartObject:
                    Push(frames, ref depth, Add(frame, RowKind.Object, RowFlags.None, (int)reader.TokenStartIndex, 0));
                    break;
                case JsonTokenType.EndObject:
                    Close(frame, (int)reader.BytesConsumed);
                    if (--depth >= 0 && frames[depth].ArrayIndex >= 0)
                    {
                        frames[depth].ArrayIndex++;
                    }

                    break;
                case JsonTokenType.StartArray:
                    if (frame.ArrayIndex >= 0)
                    {
                        Report(frame.NameStart, "An array inside an array is not allowed", "nested-array");
                        return false;
                    }

                    frame.ArrayIndex = 0;
                    break;
                case JsonTokenType.EndArray:
                    if (frame.ArrayIndex == 0)
                    {
                        frame.ArrayIndex = -1;
                        Add(frame, RowKind.EmptyArray, RowFlags.Hidden, (int)reader.TokenStartIndex, 1);
                    }

                    frame.ArrayIndex = -1;
                    break;
                default:
                    ReadPrimitive(ref frame, ref reader);
                    break;
            }

            if (_count > _options.MaxNodes)
            {
                _issues.Add(Fatal("too-costly", $"The resource has more than {_options.MaxNodes} values", "too-many-nodes"));
                return false;
            }

            if (_issues.Count - before >= _options.MaxIssues)
            {
                return false;
            }
        }

        // Anything but white space behind the root object throws.
        reader.Read();
        return _issues.Count == before;
    }

    private static void Push(Frame[] frames, ref int depth, int row) => frames[++depth] = new Frame { Row = row, ArrayIndex = -1 };

    private void ReadName(ref Frame frame, ref Utf8JsonReader reader)
    {
        var name = reader.ValueSpan;
        frame.NameStart = (int)reader.TokenStartIndex + 1;
        frame.NameFlags = reader.ValueIsEscaped ? RowFlags.EscapedName : RowFlags.None;
        if (name.Length > 200)
        {
            Report(frame.NameStart, $"A property name of {name.Length} bytes is too long; the limit is 200", "name-too-long");
            name = name[..200];
        }

        if (reader.ValueIsEscaped && !JsonText.HasValidSurrogates(name))
        {
            Report(frame.NameStart, "A property name contains half of a surrogate pair", "encoding");
        }

        frame.NameLength = (ushort)name.Length;
        if (name.Length > 1 && name[0] == '_')
        {
            frame.NameStart++;
            frame.NameLength--;
            frame.NameFlags |= RowFlags.Underscore;
            frame.HasUnderscore = true;
        }
    }

    private void ReadPrimitive(ref Frame frame, ref Utf8JsonReader reader)
    {
        var flags = RowFlags.None;
        var start = (int)reader.TokenStartIndex;
        RowKind kind;
        switch (reader.TokenType)
        {
            case JsonTokenType.String:
                kind = RowKind.String;
                start++;
                if (reader.ValueIsEscaped)
                {
                    flags |= RowFlags.Escaped;
                    if (!JsonText.HasValidSurrogates(reader.ValueSpan))
                    {
                        Report(start, "The string contains half of a surrogate pair", "encoding");
                    }
                }

                break;
            case JsonTokenType.Number:
                kind = RowKind.Number;
                break;
            case JsonTokenType.True:
                kind = RowKind.True;
                break;
            case JsonTokenType.False:
                kind = RowKind.False;
                break;
            default:
                kind = RowKind.Null;
                flags |= RowFlags.Hidden;
                break;
        }

        Add(frame, kind, flags, start, reader.ValueSpan.Length);
        if (frame.ArrayIndex >= 0)
        {
            frame.ArrayIndex++;
        }
    }

    private int Add(in Frame frame, RowKind kind, RowFlags flags, int start, int length)
    {
        if (_count == _rows.Length)
        {
            var larger = ArrayPool<Row>.Shared.Rent(_rows.Length * 2);
            _rows.AsSpan(0, _count).CopyTo(larger);
            ArrayPool<Row>.Shared.Return(_rows);
            _rows = larger;
        }

        _rows[_count] = new Row
        {
            Start = start,
            Length = length,
            NameStart = frame.NameStart,
            NameLength = frame.NameLength,
            Next = _count + 1,
            Parent = frame.Row,
            Index = frame.ArrayIndex,
            Kind = kind,
            Flags = flags | frame.NameFlags,
        };
        return _count++;
    }

    private void Close(in Frame frame, int end)
    {
        ref var row = ref _rows[frame.Row];
        row.Length = end - row.Start;
        row.Next = _count;
        if (frame.HasUnderscore)
        {
            SiblingLinker.Link(_rows, frame.Row, _json.Span);
        }
    }

    private readonly void Report(int offset, string message, string key)
    {
        var (line, column) = _locator.Locate(_json.Span, offset);
        _issues.Add(new FhirIssue(IssueSeverity.Error, "structure", message, null, line, column, key));
    }
}
