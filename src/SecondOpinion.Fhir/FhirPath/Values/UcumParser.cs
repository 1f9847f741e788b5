using System.Globalization;

namespace SecondOpinion.Fhir.FhirPath;

/// <summary>The grammar of UCUM 2.1 section 2: components joined by <c>.</c> and <c>/</c>, parentheses, exponents, annotations.</summary>
internal ref struct UcumParser(string code)
{
    private const int MaxDepth = 10;

    private readonly string _code = code;
    private int _at;
    private int _depth;

    public UcumUnit? Parse()
    {
        var unit = Term();
        return _at == _code.Length ? unit : null;
    }

    private UcumUnit? Term()
    {
        if (++_depth > MaxDepth)
        {
            return null;
        }

        var unit = UcumUnit.Number(1);
        var sign = 1;
        if (Peek() == '/')
        {
            sign = -1;
            _at++;
        }

        while (true)
        {
            if (Component() is not { } part)
            {
                return null;
            }

            // A temperature scale stands alone; only a bare one keeps its offset.
            unit = _at == _code.Length && sign == 1 && unit is { Canonical: "1", Factor: 1 } ? part : unit.Times(part, sign);
            if (Peek() is not ('.' or '/'))
            {
                _depth--;
                return unit;
            }

            sign = _code[_at++] == '/' ? -1 : 1;
        }
    }

    private UcumUnit? Component()
    {
        if (Peek() == '(')
        {
            _at++;
            var inner = Term();
            if (inner is null || Peek() != ')')
            {
                return null;
            }

            _at++;
            // R4's own value set of common units annotates parentheses: g/(8.h){shift}.
            return Peek() != '{' || Annotation() ? inner : null;
        }

        if (Peek() == '{')
        {
            return Annotation() ? UcumUnit.Number(1) : null;
        }

        var start = _at;
        while (_at < _code.Length && IsSymbol(_code[_at]))
        {
            if (_code[_at] == '[')
            {
                var close = _code.IndexOf(']', _at);
                if (close < 0)
                {
                    return null;
                }

                _at = close;
            }

            _at++;
        }

        if (_at == start)
        {
            return null;
        }

        var text = _code[start.._at];
        var unit = Simple(text);
        return unit is not null && (Peek() != '{' || Annotation()) ? unit : null;
    }

    private static UcumUnit? Simple(string text)
    {
        if (text.AsSpan().IndexOfAnyExceptInRange('0', '9') < 0)
        {
            return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? UcumUnit.Number(number) : null;
        }

        if (text is "10*" or "10^" || UcumUnit.FindSymbol(text) is not null)
        {
            return text is "10*" or "10^" ? UcumUnit.Number(10) : UcumUnit.FindSymbol(text);
        }

        var digits = text.Length;
        while (digits > 0 && char.IsAsciiDigit(text[digits - 1]))
        {
            digits--;
        }

        var symbol = digits > 0 && text[digits - 1] is '-' or '+' ? digits - 1 : digits;
        if (digits == text.Length || symbol == 0 || !int.TryParse(text.AsSpan(symbol), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var exponent) || Math.Abs(exponent) > 99)
        {
            return null;
        }

        var name = text[..symbol];
        return (name is "10*" or "10^" ? UcumUnit.Number(10) : UcumUnit.FindSymbol(name))?.Power(exponent);
    }

    private bool Annotation()
    {
        var close = _code.IndexOf('}', _at);
        if (close < 0)
        {
            return false;
        }

        _at = close + 1;
        return true;
    }

    private readonly char Peek() => _at < _code.Length ? _code[_at] : '\0';

    private static bool IsSymbol(char c) => c is > ' ' and < '\x7f' and not ('.' or '/' or '(' or ')' or '{' or '}');
}
