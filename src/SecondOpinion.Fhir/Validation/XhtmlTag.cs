namespace SecondOpinion.Fhir.Validation;

/// <summary>One start or end tag of XHTML text.</summary>
internal readonly record struct XhtmlTag(string Name, bool IsEnd, bool IsEmpty, IReadOnlyList<(string Name, string Value)> Attributes, string? Error)
{
    private const int MaxAttributes = 50;

    /// <summary>Reads the tag that begins at <paramref name="i"/> and moves behind it.</summary>
    public static XhtmlTag Read(string text, ref int i)
    {
        i++;
        var isEnd = i < text.Length && text[i] == '/';
        i += isEnd ? 1 : 0;
        var name = ReadName(text, ref i);
        if (name.Length == 0)
        {
            return Fail("'<' must begin a tag or be written as &lt;");
        }

        List<(string, string)>? attributes = null;
        while (true)
        {
            var hadSpace = SkipSpace(text, ref i);
            if (i >= text.Length)
            {
                return Fail($"<{name}> is not closed");
            }

            if (text[i] == '>')
            {
                i++;
                return new XhtmlTag(name, isEnd, false, attributes ?? [], null);
            }

            if (!isEnd && text[i] == '/' && i + 1 < text.Length && text[i + 1] == '>')
            {
                i += 2;
                return new XhtmlTag(name, false, true, attributes ?? [], null);
            }

            if (isEnd || !hadSpace || (attributes?.Count ?? 0) >= MaxAttributes || Attribute(text, ref i) is not { } attribute)
            {
                return Fail($"<{name}> is not well formed");
            }

            (attributes ??= []).Add(attribute);
        }
    }

    private static (string, string)? Attribute(string text, ref int i)
    {
        var name = ReadName(text, ref i);
        SkipSpace(text, ref i);
        if (name.Length == 0 || i >= text.Length || text[i] != '=')
        {
            return null;
        }

        i++;
        SkipSpace(text, ref i);
        if (i >= text.Length || text[i] is not ('"' or '\''))
        {
            return null;
        }

        var end = text.IndexOf(text[i], i + 1);
        if (end < 0)
        {
            return null;
        }

        var value = text[(i + 1)..end];
        i = end + 1;
        return value.Contains('<', StringComparison.Ordinal) ? null : (name, value);
    }

    private static string ReadName(string text, ref int i)
    {
        var start = i;
        while (i < text.Length && (char.IsAsciiLetterOrDigit(text[i]) || text[i] is ':' or '-' or '_' or '.'))
        {
            i++;
        }

        return text[start..i];
    }

    private static bool SkipSpace(string text, ref int i)
    {
        var start = i;
        while (i < text.Length && text[i] is ' ' or '\t' or '\r' or '\n')
        {
            i++;
        }

        return i > start;
    }

    private static XhtmlTag Fail(string error) => new("", false, false, [], error);
}
