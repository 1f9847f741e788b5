namespace SecondOpinion.Fhir.Tree;

/// <summary>Removes white space between the tokens of valid JSON; everything else stays byte for byte.</summary>
internal static class JsonMinifier
{
    public static ReadOnlyMemory<byte> Minify(ReadOnlyMemory<byte> json)
    {
        var source = json.Span;
        byte[]? target = null;
        var length = 0;
        for (var i = 0; i < source.Length;)
        {
            if (source[i] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
            {
                if (target is null)
                {
                    target = new byte[source.Length];
                    source[..i].CopyTo(target);
                    length = i;
                }

                i++;
                continue;
            }

            var end = source[i] == '"' ? EndOfString(source, i) : i + 1;
            if (target is not null)
            {
                source[i..end].CopyTo(target.AsSpan(length));
                length += end - i;
            }

            i = end;
        }

        return target is null ? json : target.AsSpan(0, length).ToArray();
    }

    private static int EndOfString(ReadOnlySpan<byte> json, int start)
    {
        var i = start + 1;
        while (true)
        {
            i += json[i..].IndexOfAny((byte)'"', (byte)'\\');
            if (json[i] == '"')
            {
                return i + 1;
            }

            i += 2;
        }
    }
}
