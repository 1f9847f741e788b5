using System.Buffers;
using System.Buffers.Text;

namespace SecondOpinion.Fhir.Validation;

/// <summary>The value spaces of the primitive types (FHIR R4 datatypes.html#primitive), checked by hand: linear and without allocation.</summary>
public static class PrimitiveFormat
{
    /// <summary>FHIR R4 datatypes.html#string: at most 1 MB.</summary>
    public const int MaxStringLength = 1024 * 1024;

    private const int MaxNumberLength = 128;
    private static readonly SearchValues<byte> IdBytes = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-."u8);
    private static readonly SearchValues<byte> UriForbidden = SearchValues.Create([.. Enumerable.Range(0, 33).Select(c => (byte)c)]);

    /// <summary>What is wrong with the text of a value of that type, as "must be ..."; null when it is right.</summary>
    /// <param name="type">The primitive type; Xhtml is not checked here.</param>
    /// <param name="value">UTF-8 text without quotes and escapes.</param>
    public static string? Check(PrimitiveType type, ReadOnlySpan<byte> value) => type switch
    {
        PrimitiveType.Boolean => value.SequenceEqual("true"u8) || value.SequenceEqual("false"u8) ? null : "must be true or false",
        PrimitiveType.Integer => IsInteger(value, int.MinValue) ? null : "must be a whole number from -2147483648 to 2147483647",
        PrimitiveType.UnsignedInt => IsInteger(value, 0) ? null : "must be a whole number from 0 to 2147483647",
        PrimitiveType.PositiveInt => IsInteger(value, 1) ? null : "must be a whole number from 1 to 2147483647",
        PrimitiveType.Decimal => IsDecimal(value) ? null : "must be a decimal number of at most 128 characters",
        PrimitiveType.Date => DateLength(value) == value.Length ? null : "must be a date of the calendar: YYYY, YYYY-MM or YYYY-MM-DD",
        PrimitiveType.DateTime => IsDateTime(value, fullOnly: false) ? null : "must be a date-time of the calendar: YYYY, YYYY-MM, YYYY-MM-DD or YYYY-MM-DDThh:mm:ss with a time zone",
        PrimitiveType.Instant => IsDateTime(value, fullOnly: true) ? null : "must be an instant of the calendar: YYYY-MM-DDThh:mm:ss with a time zone",
        PrimitiveType.Time => TimeLength(value) is var n && n > 0 && n == value.Length ? null : "must be a time: hh:mm:ss",
        PrimitiveType.Id => value.Length is > 0 and <= 64 && value.IndexOfAnyExcept(IdBytes) < 0 ? null : "must be 1 to 64 letters, digits, '-' and '.'",
        PrimitiveType.Code => IsCode(value) ? null : "must be a code: no white space but single blanks inside",
        PrimitiveType.Oid => IsOid(value) ? null : "must be 'urn:oid:' and an object identifier",
        PrimitiveType.Uuid => IsUuid(value) ? null : "must be 'urn:uuid:' and a lower-case UUID",
        PrimitiveType.Uri or PrimitiveType.Url or PrimitiveType.Canonical =>
            value.Length > 0 && value.IndexOfAny(UriForbidden) < 0 && XmlCharacters.IndexOfForbidden(value) < 0 ? null : "must be a URI: not empty and without white space",
        PrimitiveType.Base64Binary => value.Length > 0 && Base64.IsValid(value) ? null : "must be base64 text",
        PrimitiveType.String or PrimitiveType.Markdown => CheckString(value),
        _ => null,
    };

    private static string? CheckString(ReadOnlySpan<byte> value) =>
        value.Length == 0 ? "must not be empty"
        : value.Length > MaxStringLength && CharacterCount(value) > MaxStringLength ? "must have at most 1048576 characters"
        : XmlCharacters.IndexOfForbidden(value) >= 0 ? "must not contain characters that XML cannot carry: controls other than tab, carriage return and line feed, U+FFFE, U+FFFF"
        : null;

    private static int CharacterCount(ReadOnlySpan<byte> value)
    {
        var count = 0;
        foreach (var b in value)
        {
            count += (b & 0xC0) == 0x80 ? 0 : 1;
        }

        return count;
    }

    private static bool IsInteger(ReadOnlySpan<byte> v, int least)
    {
        var digits = v.StartsWith("-"u8) ? v[1..] : v;
        return digits.Length is > 0 and <= 10 && Digits(digits, 0) == digits.Length && (digits[0] != '0' || digits.Length == 1)
            && Utf8Parser.TryParse(v, out int number, out var used) && used == v.Length && number >= least;
    }

    private static bool IsDecimal(ReadOnlySpan<byte> v)
    {
        var i = v.StartsWith("-"u8) ? 1 : 0;
        var whole = Digits(v, i);
        if (whole == 0 || (v[i] == '0' && whole > 1) || v.Length > MaxNumberLength)
        {
            return false;
        }

        i += whole;
        if (i < v.Length && v[i] == '.')
        {
            var fraction = Digits(v, i + 1);
            if (fraction == 0)
            {
                return false;
            }

            i += fraction + 1;
        }

        if (i < v.Length && v[i] is (byte)'e' or (byte)'E')
        {
            i++;
            i += i < v.Length && v[i] is (byte)'+' or (byte)'-' ? 1 : 0;
            var exponent = Digits(v, i);
            if (exponent == 0)
            {
                return false;
            }

            i += exponent;
        }

        return i == v.Length;
    }

    private static int Digits(ReadOnlySpan<byte> v, int from)
    {
        var i = from;
        while (i < v.Length && v[i] is >= (byte)'0' and <= (byte)'9')
        {
            i++;
        }

        return i - from;
    }

    /// <summary>Two digits at <paramref name="at"/>; -1 when they are not there.</summary>
    private static int Two(ReadOnlySpan<byte> v, int at) =>
        at + 2 <= v.Length && v[at] is >= (byte)'0' and <= (byte)'9' && v[at + 1] is >= (byte)'0' and <= (byte)'9'
            ? ((v[at] - '0') * 10) + v[at + 1] - '0'
            : -1;

    /// <summary>Length of the date the text begins with: 4, 7 or 10; -1 when there is none.</summary>
    private static int DateLength(ReadOnlySpan<byte> v)
    {
        var (century, year) = (Two(v, 0), Two(v, 2));
        if (century < 0 || year < 0 || century + year == 0)
        {
            return -1;
        }

        if (v.Length < 5 || v[4] != '-')
        {
            return 4;
        }

        var month = Two(v, 5);
        if (month is < 1 or > 12)
        {
            return -1;
        }

        if (v.Length < 8 || v[7] != '-')
        {
            return 7;
        }

        var day = Two(v, 8);
        return day >= 1 && day <= DateTime.DaysInMonth((century * 100) + year, month) ? 10 : -1;
    }

    private static int TimeLength(ReadOnlySpan<byte> v)
    {
        if (Two(v, 0) is < 0 or > 23 || v.Length < 8 || v[2] != ':' || Two(v, 3) is < 0 or > 59 || v[5] != ':' || Two(v, 6) is < 0 or > 60)
        {
            return -1;
        }

        if (v.Length == 8 || v[8] != '.')
        {
            return 8;
        }

        var fraction = Digits(v, 9);
        return fraction == 0 ? -1 : 9 + fraction;
    }

    private static bool IsDateTime(ReadOnlySpan<byte> v, bool fullOnly)
    {
        var date = DateLength(v);
        if (date == v.Length)
        {
            return !fullOnly;
        }

        if (date != 10 || v[10] != 'T')
        {
            return false;
        }

        var time = TimeLength(v[11..]);
        if (time < 0)
        {
            return false;
        }

        var zone = v[(11 + time)..];
        return zone.SequenceEqual("Z"u8)
            || (zone.Length == 6 && zone[0] is (byte)'+' or (byte)'-' && zone[3] == ':' && Two(zone, 4) is >= 0 and <= 59
                && (Two(zone, 1) is >= 0 and <= 13 || (Two(zone, 1) == 14 && Two(zone, 4) == 0)));
    }

    private static bool IsCode(ReadOnlySpan<byte> v)
    {
        if (v.Length == 0 || IsSpace(v[0]) || IsSpace(v[^1]))
        {
            return false;
        }

        for (var i = 1; i < v.Length; i++)
        {
            if (IsSpace(v[i]) && IsSpace(v[i - 1]))
            {
                return false;
            }
        }

        return XmlCharacters.IndexOfForbidden(v) < 0;
    }

    private static bool IsSpace(byte b) => b is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n';

    private static bool IsOid(ReadOnlySpan<byte> v)
    {
        if (!v.StartsWith("urn:oid:"u8) || v.Length < 11 || v[8] is < (byte)'0' or > (byte)'2' || v[9] != '.')
        {
            return false;
        }

        for (var i = 10; ; i++)
        {
            var digits = Digits(v, i);
            if (digits == 0 || (v[i] == '0' && digits > 1))
            {
                return false;
            }

            i += digits;
            if (i == v.Length)
            {
                return true;
            }

            if (v[i] != '.')
            {
                return false;
            }
        }
    }

    private static bool IsUuid(ReadOnlySpan<byte> v) =>
        v.Length == 45 && v.StartsWith("urn:uuid:"u8) && v[9..].IndexOfAnyInRange((byte)'A', (byte)'F') < 0
        && Utf8Parser.TryParse(v[9..], out Guid _, out var used, 'D') && used == 36;
}
