using System.Globalization;
using System.Text;

namespace SecondOpinion.Fhir.FhirPath.Parser;

internal enum TokenKind
{
    End,
    Identifier,

    /// <summary>An identifier between back quotes, which is never a keyword.</summary>
    Quoted,
    String,
    Number,
    Date,
    DateTime,
    Time,

    /// <summary>A name behind a percent sign.</summary>
    Constant,

    /// <summary>$this, $index, $total.</summary>
    Special,
    Symbol,
}

internal readonly record struct Token(TokenKind Kind, string Text, int At);

/// <summary>FHIRPath 2.0 appendix A, lexer rules.</summary>
internal static class FhirPathLexer
{
    public static List<Token> Read(string text)
    {
        var tokens = new List<Token>(text.Length / 3);
        var at = 0;
        while (SkipBlank(text, ref at))
        {
            tokens.Add(Next(text, ref at));
        }

        tokens.Add(new Token(TokenKind.End, "the end", text.Length));
        return tokens;
    }

    /// <summary>White space and comments; false at the end.</summary>
    private static bool SkipBlank(string text, ref int at)
    {
        while (at < text.Length)
        {
            if (char.IsWhiteSpace(text[at]) || text[at] == '\uFEFF')
            {
                at++;
            }
            else if (text.AsSpan(at).StartsWith("//"))
            {
                var end = text.AsSpan(at).IndexOfAny('\n', '\r');
                at = end < 0 ? text.Length : at + end;
            }
            else if (text.AsSpan(at).StartsWith("/*"))
            {
                var end = text.IndexOf("*/", at + 2, StringComparison.Ordinal);
                if (end < 0)
                {
                    FhirPathError.Syntax($"the comment at {at} is not closed");
                }

                at = end + 2;
            }
            else
            {
                return true;
            }
        }

        return false;
    }

    private static Token Next(string text, ref int at)
    {
        var start = at;
        var c = text[at];
        if (char.IsAsciiLetter(c) || c == '_')
        {
            return new Token(TokenKind.Identifier, Word(text, ref at), start);
        }

        if (char.IsAsciiDigit(c))
        {
            return new Token(TokenKind.Number, Number(text, ref at), start);
        }

        switch (c)
        {
            case '\'':
                return new Token(TokenKind.String, Delimited(text, ref at), start);
            case '`':
                return new Token(TokenKind.Quoted, Delimited(text, ref at), start);
            case '@':
                at++;
                return DateOrTime(text, ref at, start);
            case '$':
                at++;
                return new Token(TokenKind.Special, Word(text, ref at), start);
            case '%':
                at++;
                return new Token(TokenKind.Constant, Constant(text, ref at, start), start);
        }

        foreach (var symbol in (ReadOnlySpan<string>)["<=", ">=", "!=", "!~", "(", ")", "[", "]", "{", "}", ".", ",", "+", "-", "*", "/", "|", "&", "<", ">", "=", "~"])
        {
            if (text.AsSpan(at).StartsWith(symbol))
            {
                at += symbol.Length;
                return new Token(TokenKind.Symbol, symbol, start);
            }
        }

        FhirPathError.Syntax($"'{c}' at {start} is not expected");
        return default;
    }

    private static string Word(string text, ref int at)
    {
        var start = at;
        while (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] == '_'))
        {
            at++;
        }

        return text[start..at];
    }

    private static string Constant(string text, ref int at, int start)
    {
        if (at < text.Length && text[at] is '\'' or '`')
        {
            return Delimited(text, ref at);
        }

        // FHIR R4 fhirpath.html#variables writes %vs-name and %ext-name with and without quotes.
        var name = Word(text, ref at);
        if (name is "vs" or "ext")
        {
            while (at + 1 < text.Length && text[at] == '-' && char.IsAsciiLetterOrDigit(text[at + 1]))
            {
                at++;
                name += "-" + Word(text, ref at);
            }
        }

        if (name.Length == 0)
        {
            FhirPathError.Syntax($"a name is expected behind % at {start}");
        }

        return name;
    }

    private static string Number(string text, ref int at)
    {
        var start = at;
        Digits(text, ref at);
        if (at + 1 < text.Length && text[at] == '.' && char.IsAsciiDigit(text[at + 1]))
        {
            at++;
            Digits(text, ref at);
        }
        else if (at < text.Length && text[at] == 'L' && (at + 1 == text.Length || !(char.IsAsciiLetterOrDigit(text[at + 1]) || text[at + 1] == '_')))
        {
            // A Long (FHIRPath 2.0 STU).
            at++;
        }

        return text[start..at];
    }

    private static void Digits(string text, ref int at)
    {
        while (at < text.Length && char.IsAsciiDigit(text[at]))
        {
            at++;
        }
    }

    private static Token DateOrTime(string text, ref int at, int start)
    {
        var begin = at;
        var isTime = at < text.Length && text[at] == 'T';
        while (at < text.Length && (char.IsAsciiDigit(text[at]) || text[at] == '-'))
        {
            at++;
        }

        var isDateTime = at < text.Length && text[at] == 'T';
        if (isDateTime)
        {
            at++;
            while (at < text.Length && (char.IsAsciiDigit(text[at]) || text[at] == ':'))
            {
                at++;
            }

            if (at + 1 < text.Length && text[at] == '.' && char.IsAsciiDigit(text[at + 1]))
            {
                at++;
                Digits(text, ref at);
            }

            if (at < text.Length && text[at] == 'Z')
            {
                at++;
            }
            else if (at + 5 < text.Length && text[at] is '+' or '-' && char.IsAsciiDigit(text[at + 1]) && char.IsAsciiDigit(text[at + 2]) && text[at + 3] == ':')
            {
                at += 6;
            }
            else if (at + 6 == text.Length && text[at] is '+' or '-' && text[at + 3] == ':')
            {
                at += 6;
            }
        }

        return new Token(isTime ? TokenKind.Time : isDateTime ? TokenKind.DateTime : TokenKind.Date, text[begin..at], start);
    }

    /// <summary>The content of a string or quoted identifier, escapes decoded.</summary>
    private static string Delimited(string text, ref int at)
    {
        var (start, quote) = (at, text[at]);
        var builder = new StringBuilder();
        for (at++; at < text.Length && text[at] != quote; at++)
        {
            if (text[at] != '\\')
            {
                builder.Append(text[at]);
                continue;
            }

            if (++at == text.Length)
            {
                break;
            }

            builder.Append(Escape(text, ref at));
        }

        if (at >= text.Length)
        {
            FhirPathError.Syntax($"the {(quote == '\'' ? "string" : "identifier")} at {start} is not closed");
        }

        at++;
        return builder.ToString();
    }

    private static string Escape(string text, ref int at)
    {
        switch (text[at])
        {
            case 'f':
                return "\f";
            case 'n':
                return "\n";
            case 'r':
                return "\r";
            case 't':
                return "\t";
            case 'u':
                if (at + 4 < text.Length && ushort.TryParse(text.AsSpan(at + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
                {
                    at += 4;
                    return ((char)code).ToString();
                }

                FhirPathError.Syntax($"\\u at {at} needs four hexadecimal digits");
                return "";
            case '\\' or '/' or '"' or '`' or '\'':
                return text[at].ToString();
            default:
                // Patterns in the definitions write \- and \@; what no rule names is kept as written.
                return "\\" + text[at];
        }
    }
}
