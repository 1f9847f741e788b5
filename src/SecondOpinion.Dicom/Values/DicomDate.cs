using System.Globalization;
using System.Runtime.InteropServices;

namespace SecondOpinion.Dicom;

/// <summary>A DA value (PS3.5 6.2): a day, or with partial precision a month or a year. The pre-1993 form yyyy.mm.dd is read too.</summary>
/// <param name="First">The first day meant.</param>
/// <param name="Last">The last day meant.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct DicomDate(DateOnly First, DateOnly Last)
{
    /// <summary>The day, null when only a month or year is known.</summary>
    public DateOnly? Exact => First == Last ? First : null;

    /// <summary>False when the text is no date of DICOM.</summary>
    public static bool TryParse(string? text, out DicomDate date)
    {
        date = default;
        var s = text.AsSpan().Trim();
        if (s.Length == 10 && s[4] is '.' or '-' && s[7] == s[4])
        {
            return TryParse(string.Concat(s[..4], s.Slice(5, 2), s[8..]), out date);
        }

        if (s.Length is not (4 or 6 or 8) || s.ContainsAnyExceptInRange('0', '9'))
        {
            return false;
        }

        var year = int.Parse(s[..4], CultureInfo.InvariantCulture);
        var month = s.Length >= 6 ? int.Parse(s.Slice(4, 2), CultureInfo.InvariantCulture) : 1;
        if (year < 1 || month is < 1 or > 12)
        {
            return false;
        }

        var day = s.Length == 8 ? int.Parse(s[6..], CultureInfo.InvariantCulture) : 1;
        if (day < 1 || day > DateTime.DaysInMonth(year, month))
        {
            return false;
        }

        var first = new DateOnly(year, month, day);
        date = new DicomDate(first, s.Length switch
        {
            8 => first,
            6 => new DateOnly(year, month, DateTime.DaysInMonth(year, month)),
            _ => new DateOnly(year, 12, 31),
        });
        return true;
    }
}

/// <summary>A TM value (PS3.5 6.2): hours, then as far as known minutes, seconds and a fraction. hh:mm:ss is read too.</summary>
/// <param name="First">The earliest time meant.</param>
/// <param name="Last">The latest time meant, to the tick.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct DicomTime(TimeOnly First, TimeOnly Last)
{
    /// <summary>False when the text is no time of DICOM.</summary>
    public static bool TryParse(string? text, out DicomTime time)
    {
        time = default;
        var s = text.AsSpan().Trim();
        if (s.Contains(':'))
        {
            return TryParse(s.ToString().Replace(":", "", StringComparison.Ordinal), out time);
        }

        var dot = s.IndexOf('.');
        var digits = dot < 0 ? s : s[..dot];
        var fraction = dot < 0 ? default : s[(dot + 1)..];
        if (digits.Length is not (2 or 4 or 6) || (dot >= 0 && (digits.Length != 6 || fraction.Length is 0 or > 7))
            || digits.ContainsAnyExceptInRange('0', '9') || fraction.ContainsAnyExceptInRange('0', '9'))
        {
            return false;
        }

        var hour = int.Parse(digits[..2], CultureInfo.InvariantCulture);
        var minute = digits.Length >= 4 ? int.Parse(digits.Slice(2, 2), CultureInfo.InvariantCulture) : 0;
        var second = digits.Length == 6 ? int.Parse(digits[4..], CultureInfo.InvariantCulture) : 0;
        if (hour > 23 || minute > 59 || second > 60)
        {
            return false;
        }

        // A leap second reads as the last second of its minute.
        var ticks = (hour * TimeSpan.TicksPerHour) + (minute * TimeSpan.TicksPerMinute) + (Math.Min(second, 59) * TimeSpan.TicksPerSecond);
        var unit = digits.Length switch { 2 => TimeSpan.TicksPerHour, 4 => TimeSpan.TicksPerMinute, _ => TimeSpan.TicksPerSecond };
        for (var i = 0; i < fraction.Length; i++)
        {
            unit /= 10;
            ticks += (fraction[i] - '0') * unit;
        }

        time = new DicomTime(new TimeOnly(ticks), new TimeOnly(ticks + Math.Max(unit, 1) - 1));
        return true;
    }
}

/// <summary>A DT value (PS3.5 6.2): year to fraction as far as known, and the offset from UTC if given.</summary>
/// <param name="First">The earliest moment meant, local unless an offset is given.</param>
/// <param name="Last">The latest moment meant.</param>
/// <param name="Offset">&amp;ZZXX, or null.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct DicomDateTime(DateTime First, DateTime Last, TimeSpan? Offset)
{
    /// <summary>False when the text is no date and time of DICOM.</summary>
    public static bool TryParse(string? text, out DicomDateTime value)
    {
        value = default;
        var s = text.AsSpan().Trim();
        TimeSpan? offset = null;
        var sign = s.LastIndexOfAny('+', '-');
        if (sign >= 4)
        {
            var zone = s[(sign + 1)..];
            if (zone.Length != 4 || zone.ContainsAnyExceptInRange('0', '9'))
            {
                return false;
            }

            var minutes = (int.Parse(zone[..2], CultureInfo.InvariantCulture) * 60) + int.Parse(zone[2..], CultureInfo.InvariantCulture);
            if (minutes > 14 * 60)
            {
                return false;
            }

            offset = TimeSpan.FromMinutes(s[sign] == '-' ? -minutes : minutes);
            s = s[..sign];
        }

        if (!DicomDate.TryParse((s.Length > 8 ? s[..8] : s).ToString(), out var date))
        {
            return false;
        }

        if (s.Length <= 8)
        {
            value = new DicomDateTime(date.First.ToDateTime(TimeOnly.MinValue), date.Last.ToDateTime(TimeOnly.MaxValue), offset);
            return true;
        }

        if (!DicomTime.TryParse(s[8..].ToString(), out var time))
        {
            return false;
        }

        value = new DicomDateTime(date.First.ToDateTime(time.First), date.Last.ToDateTime(time.Last), offset);
        return true;
    }
}

/// <summary>Range matching values (PS3.4 C.2.2.2.5): "a-b", "a-", "-b" or a single value.</summary>
public static class DicomRange
{
    /// <summary>The two ends; an open one is null. A DT offset such as -0500 is not taken for a range.</summary>
    public static (string? Low, string? High) Split(string text, DicomVr vr)
    {
        var dash = vr == DicomVr.DT ? DashOfDateTimes(text) : text.IndexOf('-', StringComparison.Ordinal);
        if (dash < 0)
        {
            return (text, text);
        }

        var low = text[..dash].Trim();
        var high = text[(dash + 1)..].Trim();
        return (low.Length == 0 ? null : low, high.Length == 0 ? null : high);
    }

    /// <summary>A date, or two with a hyphen, of which one may be missing: first and last day, null where open. False for anything else.</summary>
    public static bool TryParseDate(string text, out DateOnly? low, out DateOnly? high)
    {
        var (a, b) = Split(text, DicomVr.DA);
        DicomDate first = default, last = default;
        var good = (a is not null || b is not null) && (a is null || DicomDate.TryParse(a, out first)) && (b is null || DicomDate.TryParse(b, out last));
        low = good && a is not null ? first.First : null;
        high = good && b is not null ? last.Last : null;
        return good;
    }

    /// <summary>A time, or two with a hyphen, of which one may be missing: first and last moment, null where open. False for anything else.</summary>
    public static bool TryParseTime(string text, out TimeOnly? low, out TimeOnly? high)
    {
        var (a, b) = Split(text, DicomVr.TM);
        DicomTime first = default, last = default;
        var good = (a is not null || b is not null) && (a is null || DicomTime.TryParse(a, out first)) && (b is null || DicomTime.TryParse(b, out last));
        low = good && a is not null ? first.First : null;
        high = good && b is not null ? last.Last : null;
        return good;
    }

    private static int DashOfDateTimes(string text)
    {
        if (text.Length > 0 && (text[0] == '-' || text[^1] == '-'))
        {
            return text[0] == '-' ? 0 : text.Length - 1;
        }

        for (var dash = text.IndexOf('-', StringComparison.Ordinal); dash >= 0; dash = text.IndexOf('-', dash + 1))
        {
            if (DicomDateTime.TryParse(text[..dash], out _) && DicomDateTime.TryParse(text[(dash + 1)..], out _)
                && !(DicomDateTime.TryParse(text, out var whole) && whole.Offset is not null))
            {
                return dash;
            }
        }

        return -1;
    }
}
