namespace SecondOpinion.Dicom;

/// <summary>DS and IS text as a JSON number of the same value (PS3.18 F.2.2), where a double holds it exactly enough to give the text back.</summary>
internal static class JsonDecimal
{
    /// <summary>2^53 - 1: every integer up to here is a double.</summary>
    internal const long MaxExact = 9_007_199_254_740_991;

    /// <summary>Digits that every double gives back.</summary>
    private const int SafeDigits = 15;

    /// <summary>
    /// Drops what JSON does not allow: a plus sign, zeros in front, a decimal point without digits. False when the text is no number, or has more
    /// digits than a double.
    /// </summary>
    internal static bool TryConvert(ReadOnlySpan<byte> text, Span<byte> number, out int length)
    {
        length = 0;
        if (text.Length > 24)
        {
            return false;
        }

        var at = 0;
        if (text[0] is (byte)'+' or (byte)'-')
        {
            if (text[0] == '-')
            {
                number[length++] = (byte)'-';
            }

            at++;
        }

        var whole = Digits(text, at);
        var point = at + whole < text.Length && text[at + whole] == '.' ? 1 : 0;
        var fraction = point == 0 ? 0 : Digits(text, at + whole + 1);
        if (whole + fraction == 0)
        {
            return false;
        }

        var digits = text.Slice(at, whole).TrimStart((byte)'0');
        if (digits.IsEmpty)
        {
            digits = "0"u8;
        }

        var significant = (digits[0] == '0' ? 0 : digits.Length) + fraction;
        digits.CopyTo(number[length..]);
        length += digits.Length;
        if (fraction > 0)
        {
            text.Slice(at + whole, fraction + 1).CopyTo(number[length..]);
            length += fraction + 1;
        }

        at += whole + point + fraction;
        return TryExponent(text[at..], number, ref length) && significant <= SafeDigits;
    }

    private static bool TryExponent(ReadOnlySpan<byte> rest, Span<byte> number, ref int length)
    {
        if (rest.IsEmpty)
        {
            return true;
        }

        var sign = rest.Length > 1 && rest[1] is (byte)'+' or (byte)'-' ? 1 : 0;
        if (rest[0] is not ((byte)'e' or (byte)'E') || rest.Length - 1 - sign is < 1 or > 2 || Digits(rest, 1 + sign) != rest.Length - 1 - sign)
        {
            return false;
        }

        rest.CopyTo(number[length..]);
        length += rest.Length;
        return true;
    }

    private static int Digits(ReadOnlySpan<byte> text, int from)
    {
        var count = 0;
        while (from + count < text.Length && text[from + count] is >= (byte)'0' and <= (byte)'9')
        {
            count++;
        }

        return count;
    }
}
