using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using SecondOpinion.Fhir.Tree;

namespace SecondOpinion.Fhir.Xml;

internal enum XmlToken
{
    Start,
    End,
    EndOfDocument,
}

[StructLayout(LayoutKind.Auto)]
internal readonly record struct XmlAttribute(int NameStart, int NameLength, int ValueStart, int ValueLength);

/// <summary>
/// A pull parser for the XML that FHIR allows (FHIR R4 xml.html): UTF-8, elements and attributes. Comments and processing instructions are passed over;
/// document types, CDATA and entities other than the five of XML are refused, so no input can make it expand or fetch anything.
/// </summary>
internal ref struct XmlTokenizer(ReadOnlySpan<byte> xml)
{
    private const int MaxAttributes = 64;
    private static readonly SearchValues<byte> NameEnd = SearchValues.Create(" \t\r\n/>=<\"'&"u8);

    private readonly ReadOnlySpan<byte> _xml = xml;
    private readonly List<XmlAttribute> _attributes = [];
    private bool _pendingEnd;

    public int Position { get; private set; }

    /// <summary>Offset of the current tag's opening bracket.</summary>
    public int TagStart { get; private set; }

    public ReadOnlySpan<byte> Name { get; private set; }

    public bool IsEmpty { get; private set; }

    public readonly List<XmlAttribute> Attributes => _attributes;

    /// <summary>Whether text other than white space may stand between tags (inside a narrative).</summary>
    public bool AllowText { get; set; }

    public readonly ReadOnlySpan<byte> AttributeName(XmlAttribute a) => _xml.Slice(a.NameStart, a.NameLength);

    public readonly ReadOnlySpan<byte> RawValue(XmlAttribute a) => _xml.Slice(a.ValueStart, a.ValueLength);

    /// <summary>The next tag; an empty element gives a start and an end.</summary>
    /// <exception cref="FhirException">The text is not well formed, or has something FHIR does not allow.</exception>
    public XmlToken Next()
    {
        if (_pendingEnd)
        {
            _pendingEnd = false;
            return XmlToken.End;
        }

        while (true)
        {
            SkipText();
            if (Position >= _xml.Length)
            {
                return XmlToken.EndOfDocument;
            }

            TagStart = Position;
            var rest = _xml[Position..];
            if (rest.StartsWith("<!--"u8))
            {
                SkipTo("-->"u8, 4);
            }
            else if (rest.StartsWith("<?"u8))
            {
                SkipTo("?>"u8, 2);
            }
            else if (rest.StartsWith("<!"u8))
            {
                throw Fail("document types, entities and CDATA sections are not allowed");
            }
            else if (rest.StartsWith("</"u8))
            {
                Position += 2;
                ReadName();
                SkipSpace();
                Expect((byte)'>');
                return XmlToken.End;
            }
            else
            {
                Position++;
                ReadStart();
                return XmlToken.Start;
            }
        }
    }

    public readonly FhirException Fail(string message) => Fail(message, TagStart);

    public readonly FhirException Fail(string message, int offset)
    {
        var (line, column) = JsonText.Locate(_xml, offset);
        return new FhirException([new FhirIssue(IssueSeverity.Fatal, "structure", "Not valid XML: " + message, null, line, column, "xml")]);
    }

    /// <summary>The value of an attribute with references resolved and white space normalised (XML 1.0 3.3.3).</summary>
    public readonly ReadOnlySpan<byte> Value(XmlAttribute attribute)
    {
        var raw = RawValue(attribute);
        if (raw.IndexOfAny("&\t\r\n"u8) < 0)
        {
            return raw;
        }

        var result = new byte[raw.Length];
        var length = 0;
        for (var i = 0; i < raw.Length; i++)
        {
            switch (raw[i])
            {
                case (byte)'&':
                    length += Reference(raw, ref i, attribute.ValueStart, result.AsSpan(length));
                    break;
                case (byte)'\r' when i + 1 < raw.Length && raw[i + 1] == '\n':
                    break;
                case (byte)'\t' or (byte)'\r' or (byte)'\n':
                    result[length++] = (byte)' ';
                    break;
                default:
                    result[length++] = raw[i];
                    break;
            }
        }

        return result.AsSpan(0, length);
    }

    private readonly int Reference(ReadOnlySpan<byte> raw, ref int i, int offset, Span<byte> target)
    {
        var end = raw[i..Math.Min(raw.Length, i + 12)].IndexOf((byte)';');
        var name = end < 0 ? default : raw.Slice(i + 1, end - 1);
        var code = name.SequenceEqual("amp"u8) ? '&'
            : name.SequenceEqual("lt"u8) ? '<'
            : name.SequenceEqual("gt"u8) ? '>'
            : name.SequenceEqual("quot"u8) ? '"'
            : name.SequenceEqual("apos"u8) ? '\''
            : name.Length > 2 && name[0] == '#' && name[1] == 'x' && int.TryParse(name[2..], System.Globalization.NumberStyles.AllowHexSpecifier, null, out var hex) ? hex
            : name.Length > 1 && name[0] == '#' && int.TryParse(name[1..], System.Globalization.NumberStyles.None, null, out var number) ? number
            : -1;
        if (!Rune.IsValid(code) || code is 0 or 0xFFFE or 0xFFFF || (code < 32 && code is not (9 or 10 or 13)))
        {
            throw Fail("an ampersand must begin one of &amp; &lt; &gt; &quot; &apos; or a character reference", offset + i);
        }

        i += end;
        return new Rune(code).EncodeToUtf8(target);
    }

    private void SkipText()
    {
        var next = _xml[Position..].IndexOf((byte)'<');
        var text = next < 0 ? _xml[Position..] : _xml.Slice(Position, next);
        if (!AllowText && text.IndexOfAnyExcept(" \t\r\n"u8) is var at and >= 0)
        {
            throw Fail("text between elements is not allowed; values stand in the attribute 'value'", Position + at);
        }

        Position += text.Length;
    }

    private void SkipTo(ReadOnlySpan<byte> mark, int from)
    {
        var at = _xml[(Position + from)..].IndexOf(mark);
        if (at < 0)
        {
            throw Fail("a comment or processing instruction is not closed");
        }

        Position += from + at + mark.Length;
    }

    private void ReadStart()
    {
        ReadName();
        var name = Name;
        _attributes.Clear();
        while (true)
        {
            var spaced = SkipSpace();
            if (Position >= _xml.Length)
            {
                throw Fail("an element is not closed");
            }

            if (_xml[Position] == '>')
            {
                Position++;
                IsEmpty = false;
                break;
            }

            if (_xml[Position] == '/')
            {
                Position++;
                Expect((byte)'>');
                IsEmpty = _pendingEnd = true;
                break;
            }

            if (!spaced || _attributes.Count == MaxAttributes)
            {
                throw Fail(spaced ? $"an element has more than {MaxAttributes} attributes" : "white space is missing before an attribute", Position);
            }

            ReadAttribute();
        }

        Name = name;
    }

    private void ReadAttribute()
    {
        var start = Position;
        ReadName();
        var length = Name.Length;
        foreach (var other in _attributes)
        {
            if (AttributeName(other).SequenceEqual(Name))
            {
                throw Fail("an attribute is written twice", start);
            }
        }

        SkipSpace();
        Expect((byte)'=');
        SkipSpace();
        if (Position >= _xml.Length || _xml[Position] is not ((byte)'"' or (byte)'\''))
        {
            throw Fail("an attribute value must be quoted", Position);
        }

        var quote = _xml[Position++];
        var end = _xml[Position..].IndexOf(quote);
        if (end < 0 || _xml.Slice(Position, end).Contains((byte)'<'))
        {
            throw Fail("an attribute value is not closed", Position);
        }

        _attributes.Add(new XmlAttribute(start, length, Position, end));
        Position += end + 1;
    }

    private void ReadName()
    {
        var length = _xml[Position..].IndexOfAny(NameEnd);
        if (length is < 1 or > 200)
        {
            throw Fail("a name is missing or too long", Position);
        }

        Name = _xml.Slice(Position, length);
        Position += length;
    }

    private bool SkipSpace()
    {
        var start = Position;
        while (Position < _xml.Length && _xml[Position] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
        {
            Position++;
        }

        return Position > start;
    }

    private void Expect(byte wanted)
    {
        if (Position >= _xml.Length || _xml[Position] != wanted)
        {
            throw Fail($"'{(char)wanted}' is expected", Position);
        }

        Position++;
    }
}
