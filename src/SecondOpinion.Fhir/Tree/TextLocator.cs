namespace SecondOpinion.Fhir.Tree;

/// <summary>Lines and columns of places in one text. A place behind the one asked for before is counted from there, so that many issues of a long text cost one pass.</summary>
internal sealed class TextLocator
{
    private int _offset;
    private int _line = 1;
    private int _column = 1;

    /// <summary>Line and column, both from 1, of a byte offset; the column counts characters.</summary>
    public (int Line, int Column) Locate(ReadOnlySpan<byte> text, int offset)
    {
        offset = Math.Clamp(offset, 0, text.Length);
        if (offset < _offset)
        {
            (_offset, _line, _column) = (0, 1, 1);
        }

        var passed = text[_offset..offset];
        if (passed.LastIndexOf((byte)'\n') is var last and >= 0)
        {
            _line += passed.Count((byte)'\n');
            _column = 1;
            passed = passed[(last + 1)..];
        }

        foreach (var b in passed)
        {
            _column += (b & 0xC0) == 0x80 ? 0 : 1;
        }

        _offset = offset;
        return (_line, _column);
    }
}
