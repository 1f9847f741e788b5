using System.Runtime.InteropServices;

namespace SecondOpinion.Fhir.Validation;

/// <summary>Where the name and the value of an attribute stand in the text.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct XhtmlAttribute(int NameStart, int NameLength, int ValueStart, int ValueLength);

/// <summary>One start or end tag of XHTML text in UTF-8.</summary>
internal readonly ref struct XhtmlTag
{
    public const int MaxAttributes = 50;

    private XhtmlTag(ReadOnlySpan<byte> name, bool isEnd, bool isEmpty, int attributes, string? error)
    {
        Name = name;
        IsEnd = isEnd;
        IsEmpty = isEmpty;
        Attributes = attributes;
        Error = error;
    }

    public ReadOnlySpan<byte> Name { get; }

    public bool IsEnd { get; }

    public bool IsEmpty { get; }

    /// <summary>How many attributes stand in the buffer that <see cref="Read"/> was given.</summary>
    public int Attributes { get; }

    /// <summary>What is not well formed; null when the tag can be used.</summary>
    public string? Error { get; }

    /// <summary>Reads the tag that begins at <paramref name="i"/> and moves behind it.</summary>
    public static XhtmlTag Read(ReadOnlySpan<byte> text, ref int i, Span<XhtmlAttribute> attributes)
    {
        i++;
        var isEnd = i < text.Length && text[i] == '/';
        i += isEnd ? 1 : 0;
        var name = ReadName(text, ref i);
        if (name.IsEmpty)
        {
            return new XhtmlTag(default, isEnd, false, 0, "'<' must begin a tag or be written as &lt;");
        }

        var count = 0;
        while (true)
        {
            var hadSpace = SkipSpace(text, ref i);
            if (i >= text.Length)
            {
                return new XhtmlTag(name, isEnd, false, 0, "a tag is not closed");
            }

            if (text[i] == '>')
            {
                i++;
                return new XhtmlTag(name, isEnd, false, count, null);
            }

            if (!isEnd && text[i..].StartsWith("/>"u8))
            {
                i += 2;
                return new XhtmlTag(name, false, true, count, null);
            }

            if (isEnd || !hadSpace || count >= MaxAttributes || !Attribute(text, ref i, out attributes[count]) || IsTwice(text, attributes[..(count + 1)]))
            {
                return new XhtmlTag(name, isEnd, false, 0, "a tag is not well formed");
            }

            count++;
        }
    }

    private static bool Attribute(ReadOnlySpan<byte> text, ref int i, out XhtmlAttribute attribute)
    {
        attribute = default;
        var start = i;
        var name = ReadName(text, ref i);
        SkipSpace(text, ref i);
        if (name.IsEmpty || i >= text.Length || text[i] != '=')
        {
            return false;
        }

        i++;
        SkipSpace(text, ref i);
        if (i >= text.Length || text[i] is not ((byte)'"' or (byte)'\''))
        {
            return false;
        }

        var length = text[(i + 1)..].IndexOf(text[i]);
        if (length < 0)
        {
            return false;
        }

        attribute = new XhtmlAttribute(start, name.Length, i + 1, length);
        i += length + 2;
        return !text.Slice(attribute.ValueStart, length).Contains((byte)'<');
    }

    /// <summary>Whether the last attribute has the name of an earlier one (XML 1.0 3.1, unique attributes).</summary>
    private static bool IsTwice(ReadOnlySpan<byte> text, ReadOnlySpan<XhtmlAttribute> attributes)
    {
        var name = text.Slice(attributes[^1].NameStart, attributes[^1].NameLength);
        foreach (ref readonly var other in attributes[..^1])
        {
            if (text.Slice(other.NameStart, other.NameLength).SequenceEqual(name))
            {
                return true;
            }
        }

        return false;
    }

    private static ReadOnlySpan<byte> ReadName(ReadOnlySpan<byte> text, ref int i)
    {
        var start = i;
        if (i < text.Length && (char.IsAsciiLetter((char)text[i]) || text[i] == '_'))
        {
            while (i < text.Length && (char.IsAsciiLetterOrDigit((char)text[i]) || text[i] is (byte)':' or (byte)'-' or (byte)'_' or (byte)'.'))
            {
                i++;
            }
        }

        return text[start..i];
    }

    private static bool SkipSpace(ReadOnlySpan<byte> text, ref int i)
    {
        var start = i;
        while (i < text.Length && text[i] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
        {
            i++;
        }

        return i > start;
    }
}
