using System.Buffers;
using System.Text.RegularExpressions;

namespace SecondOpinion.Fuzz;

/// <summary>The parts of a text that may change places. Texts are bytes as Latin-1, so that any byte survives.</summary>
internal sealed partial class Pieces
{
    private static readonly SearchValues<char> s_delimiters = SearchValues.Create(" \t\r\n,:]}\"[{");

    /// <summary>Names of properties, elements, attributes or functions.</summary>
    public List<Range> Names { get; } = [];

    /// <summary>JSON values, attribute values, literals.</summary>
    public List<Range> Values { get; } = [];

    /// <summary>JSON members, XML elements, calls: what may be written twice or moved.</summary>
    public List<Range> Wholes { get; } = [];

    public static Pieces OfJson(string text)
    {
        var pieces = new Pieces();
        var open = new Stack<(int Start, int Name)>();
        var name = -1;
        for (var i = 0; i < text.Length;)
        {
            var c = text[i];
            if (c is '{' or '[')
            {
                open.Push((i++, name));
                name = -1;
            }
            else if (c is '}' or ']')
            {
                i++;
                if (open.TryPop(out var start))
                {
                    pieces.AddValue(start.Start, i, start.Name);
                    name = -1;
                }
            }
            else if (c == '"' || char.IsAsciiLetterOrDigit(c) || c == '-')
            {
                var end = c == '"' ? EndOfString(text, i) : EndOfLiteral(text, i);
                if (c == '"' && end < text.Length && text.AsSpan(end).TrimStart() is [':', ..])
                {
                    pieces.Names.Add(i..end);
                    name = i;
                }
                else
                {
                    pieces.AddValue(i, end, name);
                    name = -1;
                }

                i = end;
            }
            else
            {
                i++;
            }
        }

        return pieces;
    }

    public static Pieces OfXml(string text)
    {
        var pieces = new Pieces();
        var open = new Stack<int>();
        foreach (Match tag in Tag().Matches(text))
        {
            if (tag.Groups["end"].Success)
            {
                if (open.TryPop(out var start))
                {
                    pieces.Wholes.Add(start..(tag.Index + tag.Length));
                }

                continue;
            }

            pieces.Names.Add(tag.Groups["name"].Index..(tag.Groups["name"].Index + tag.Groups["name"].Length));
            if (tag.Value.EndsWith("/>", StringComparison.Ordinal))
            {
                pieces.Wholes.Add(tag.Index..(tag.Index + tag.Length));
            }
            else
            {
                open.Push(tag.Index);
            }
        }

        foreach (Match value in AttributeValue().Matches(text))
        {
            pieces.Values.Add((value.Index + 1)..(value.Index + value.Length - 1));
        }

        return pieces;
    }

    public static Pieces OfExpression(string text)
    {
        var pieces = new Pieces();
        foreach (Match token in Token().Matches(text))
        {
            var range = token.Index..(token.Index + token.Length);
            (char.IsAsciiLetter(token.Value[0]) ? pieces.Names : pieces.Values).Add(range);
            if (token.Index + token.Length < text.Length && text[token.Index + token.Length] == '(')
            {
                pieces.Wholes.Add(token.Index..EndOfGroup(text, token.Index + token.Length));
            }
        }

        pieces.Wholes.Add(..text.Length);
        return pieces;
    }

    private void AddValue(int start, int end, int name)
    {
        Values.Add(start..end);
        if (name >= 0)
        {
            Wholes.Add(name..end);
        }
    }

    private static int EndOfString(string text, int start)
    {
        for (var i = start + 1; i < text.Length; i++)
        {
            if (text[i] == '\\')
            {
                i++;
            }
            else if (text[i] == '"')
            {
                return i + 1;
            }
        }

        return text.Length;
    }

    private static int EndOfLiteral(string text, int start)
    {
        var end = text.AsSpan(start).IndexOfAny(s_delimiters);
        return end <= 0 ? (end < 0 ? text.Length : start + 1) : start + end;
    }

    private static int EndOfGroup(string text, int open)
    {
        for (var (i, depth) = (open, 0); i < text.Length; i++)
        {
            depth += text[i] switch { '(' => 1, ')' => -1, _ => 0 };
            if (depth == 0)
            {
                return i + 1;
            }
        }

        return text.Length;
    }

    [GeneratedRegex("<(?<end>/)?(?<name>[A-Za-z][^\\s/>]*)[^>]*>", RegexOptions.NonBacktracking)]
    private static partial Regex Tag();

    [GeneratedRegex("\"[^\"<]*\"", RegexOptions.NonBacktracking)]
    private static partial Regex AttributeValue();

    [GeneratedRegex("'[^']*'|@[0-9T:.Z+-]+|[0-9][0-9.]*|[%$]?[A-Za-z_][A-Za-z0-9_]*|[|&<>=!~*/+-]+", RegexOptions.NonBacktracking)]
    private static partial Regex Token();
}
