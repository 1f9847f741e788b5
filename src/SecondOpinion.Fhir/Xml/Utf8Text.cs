using System.Buffers;

namespace SecondOpinion.Fhir.Xml;

/// <summary>A growing UTF-8 buffer from the pool, with the escapes of JSON strings and XML attributes.</summary>
internal sealed class Utf8Text : IDisposable
{
    private static readonly SearchValues<byte> JsonSpecial = SearchValues.Create([.. Enumerable.Range(0, 32).Select(i => (byte)i), (byte)'"', (byte)'\\']);
    private static readonly SearchValues<byte> XmlSpecial = SearchValues.Create([.. Enumerable.Range(0, 32).Select(i => (byte)i), (byte)'"', (byte)'&', (byte)'<', (byte)'>', 0xEF]);

    private byte[] _buffer;

    public Utf8Text(int capacity) => _buffer = ArrayPool<byte>.Shared.Rent(Math.Max(256, capacity));

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, Length);

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        Length = 0;
    }

    public void Clear() => Length = 0;

    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (Length + bytes.Length > _buffer.Length)
        {
            Grow(bytes.Length);
        }

        bytes.CopyTo(_buffer.AsSpan(Length));
        Length += bytes.Length;
    }

    public void Append(byte b)
    {
        if (Length == _buffer.Length)
        {
            Grow(1);
        }

        _buffer[Length++] = b;
    }

    /// <summary>Text inside a JSON string.</summary>
    public void AppendJson(ReadOnlySpan<byte> text)
    {
        while (text.IndexOfAny(JsonSpecial) is var at and >= 0)
        {
            Append(text[..at]);
            var b = text[at];
            switch (b)
            {
                case (byte)'"' or (byte)'\\':
                    Append((byte)'\\');
                    Append(b);
                    break;
                case (byte)'\n':
                    Append("\\n"u8);
                    break;
                case (byte)'\r':
                    Append("\\r"u8);
                    break;
                case (byte)'\t':
                    Append("\\t"u8);
                    break;
                default:
                    Append("\\u00"u8);
                    Append((byte)('0' + (b >> 4)));
                    Append("0123456789abcdef"u8[b & 15]);
                    break;
            }

            text = text[(at + 1)..];
        }

        Append(text);
    }

    /// <summary>
    /// Text inside a quoted XML attribute; white space is written so that it survives attribute normalisation (XML 1.0 3.3.3). Characters that XML has no
    /// way to write (2.2 Char), which FHIR does not allow either or gives no meaning, become U+FFFD.
    /// </summary>
    public void AppendXml(ReadOnlySpan<byte> text)
    {
        while (text.IndexOfAny(XmlSpecial) is var at and >= 0)
        {
            Append(text[..at]);
            var length = 1;
            switch (text[at])
            {
                case (byte)'"':
                    Append("&quot;"u8);
                    break;
                case (byte)'&':
                    Append("&amp;"u8);
                    break;
                case (byte)'<':
                    Append("&lt;"u8);
                    break;
                case (byte)'>':
                    Append("&gt;"u8);
                    break;
                case (byte)'\n':
                    Append("&#10;"u8);
                    break;
                case (byte)'\r':
                    Append("&#13;"u8);
                    break;
                case (byte)'\t':
                    Append("&#9;"u8);
                    break;
                case 0xEF:
                    // U+F000 to U+FFFF, of which the last two are forbidden.
                    length = 3;
                    Append(text[at + 1] == 0xBF && text[at + 2] >= 0xBE ? "\uFFFD"u8 : text.Slice(at, 3));
                    break;
                default:
                    Append("\uFFFD"u8);
                    break;
            }

            text = text[(at + length)..];
        }

        Append(text);
    }

    private void Grow(int more)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_buffer.Length * 2, Length + more));
        Written.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
