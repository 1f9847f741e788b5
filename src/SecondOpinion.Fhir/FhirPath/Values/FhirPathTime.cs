using System.Globalization;

namespace SecondOpinion.Fhir.FhirPath;

/// <summary>How much of a date or time is known. Seconds and their fraction are one precision (FHIRPath 2.0 comparison).</summary>
public enum TimePrecision
{
    /// <summary><c>2024</c></summary>
    Year = 1,

    /// <summary><c>2024-02</c></summary>
    Month,

    /// <summary><c>2024-02-29</c></summary>
    Day,

    /// <summary><c>2024-02-29T10</c></summary>
    Hour,

    /// <summary><c>2024-02-29T10:30</c></summary>
    Minute,

    /// <summary><c>2024-02-29T10:30:00</c>, with or without a fraction.</summary>
    Second,
}

/// <summary>A Date, DateTime or Time of FHIRPath 2.0: what was written, to the precision it was written.</summary>
public sealed class FhirPathTime
{
    private FhirPathTime(FhirPathKind kind, TimePrecision precision, DateTime local, int? offset, int fraction)
    {
        Kind = kind;
        Precision = precision;
        Local = local;
        Offset = offset;
        FractionDigits = fraction;
    }

    /// <summary>Date, DateTime or Time.</summary>
    public FhirPathKind Kind { get; }

    /// <summary>The last part that is written.</summary>
    public TimePrecision Precision { get; }

    /// <summary>The local clock, absent parts at their lowest; a Time is on 0001-01-01.</summary>
    public DateTime Local { get; }

    /// <summary>Minutes from UTC; null when none is written.</summary>
    public int? Offset { get; }

    /// <summary>Digits of the fraction of a second as written, 0 to 7.</summary>
    public int FractionDigits { get; }

    /// <summary>The first instant of the value in ticks, UTC when an offset is known.</summary>
    internal long Ticks => Local.Ticks - ((Offset ?? 0) * TimeSpan.TicksPerMinute);

    internal static FhirPathTime Of(FhirPathKind kind, TimePrecision precision, DateTime local, int? offset = null, int fraction = 0) =>
        new(kind, precision, local, offset, fraction);

    /// <summary>A Date of the precision of a day.</summary>
    public static FhirPathTime OfDate(DateOnly date) => new(FhirPathKind.Date, TimePrecision.Day, date.ToDateTime(default), null, 0);

    /// <summary>A DateTime with milliseconds and its offset.</summary>
    public static FhirPathTime OfInstant(DateTimeOffset instant) =>
        new(FhirPathKind.DateTime, TimePrecision.Second, new DateTime(instant.Ticks - (instant.Ticks % TimeSpan.TicksPerMillisecond), DateTimeKind.Unspecified), (int)instant.Offset.TotalMinutes, 3);

    /// <summary>
    /// Reads <c>YYYY[-MM[-DD[Thh[:mm[:ss[.f]]][Z|+hh:mm]]]]</c>, a trailing <c>T</c> allowed, or <c>[T]hh[:mm[:ss[.f]]]</c> for a time; null when it is none.
    /// </summary>
    public static FhirPathTime? Parse(ReadOnlySpan<char> text, FhirPathKind kind)
    {
        if (kind == FhirPathKind.Time)
        {
            text = text.StartsWith("T") ? text[1..] : text;
            return ParseClock(text, default, kind, allowOffset: false);
        }

        if (!Number(ref text, 4, out var year) || year == 0)
        {
            return null;
        }

        var (month, day) = (1, 1);
        var precision = TimePrecision.Year;
        if (text.StartsWith("-"))
        {
            text = text[1..];
            if (!Number(ref text, 2, out month) || month is < 1 or > 12)
            {
                return null;
            }

            precision = TimePrecision.Month;
            if (text.StartsWith("-"))
            {
                text = text[1..];
                if (!Number(ref text, 2, out day) || day < 1 || day > DateTime.DaysInMonth(year, month))
                {
                    return null;
                }

                precision = TimePrecision.Day;
            }
        }

        var date = new DateTime(year, month, day);
        if (text.IsEmpty || text is "T")
        {
            return text.IsEmpty || kind == FhirPathKind.DateTime ? new FhirPathTime(kind, precision, date, null, 0) : null;
        }

        return kind == FhirPathKind.DateTime && precision == TimePrecision.Day && text[0] == 'T' ? ParseClock(text[1..], date, kind, allowOffset: true) : null;
    }

    private static FhirPathTime? ParseClock(ReadOnlySpan<char> text, DateTime date, FhirPathKind kind, bool allowOffset)
    {
        if (!Number(ref text, 2, out var hour) || hour > 23)
        {
            return null;
        }

        var precision = TimePrecision.Hour;
        var (minute, second, fraction, digits) = (0, 0, 0L, 0);
        if (text.StartsWith(":"))
        {
            text = text[1..];
            if (!Number(ref text, 2, out minute) || minute > 59)
            {
                return null;
            }

            precision = TimePrecision.Minute;
            if (text.StartsWith(":"))
            {
                text = text[1..];
                // A leap second is read as the last one of its minute.
                if (!Number(ref text, 2, out second) || second > 60)
                {
                    return null;
                }

                second = Math.Min(second, 59);
                precision = TimePrecision.Second;
                if (text.Length > 1 && text[0] == '.' && char.IsAsciiDigit(text[1]))
                {
                    (fraction, digits) = Fraction(ref text);
                }
            }
        }

        int? offset = null;
        if (!text.IsEmpty)
        {
            offset = allowOffset ? ParseOffset(text) : null;
            if (offset is null)
            {
                return null;
            }
        }

        return new FhirPathTime(kind, precision, date.AddTicks((((((hour * 60L) + minute) * 60) + second) * TimeSpan.TicksPerSecond) + fraction), offset, digits);
    }

    private static (long Ticks, int Digits) Fraction(ref ReadOnlySpan<char> text)
    {
        text = text[1..];
        var (ticks, digits, weight) = (0L, 0, TimeSpan.TicksPerSecond);
        while (!text.IsEmpty && char.IsAsciiDigit(text[0]))
        {
            weight /= 10;
            ticks += (text[0] - '0') * weight;
            digits++;
            text = text[1..];
        }

        return (ticks, Math.Min(digits, 7));
    }

    private static int? ParseOffset(ReadOnlySpan<char> text)
    {
        if (text is "Z")
        {
            return 0;
        }

        if (text[0] is not ('+' or '-'))
        {
            return null;
        }

        var sign = text[0] == '-' ? -1 : 1;
        text = text[1..];
        if (!Number(ref text, 2, out var hours) || !text.StartsWith(":"))
        {
            return null;
        }

        text = text[1..];
        return Number(ref text, 2, out var minutes) && text.IsEmpty && hours <= 14 && minutes < 60 ? sign * ((hours * 60) + minutes) : null;
    }

    private static bool Number(ref ReadOnlySpan<char> text, int digits, out int value)
    {
        value = 0;
        if (text.Length < digits)
        {
            return false;
        }

        for (var i = 0; i < digits; i++)
        {
            if (!char.IsAsciiDigit(text[i]))
            {
                return false;
            }

            value = (value * 10) + (text[i] - '0');
        }

        text = text[digits..];
        return true;
    }

    /// <summary>
    /// Negative, zero or positive; null when the shorter value does not decide (FHIRPath 2.0 comparison), or when only one of them has an offset and
    /// every possible offset of the other does not give the same answer.
    /// </summary>
    public static int? Compare(FhirPathTime a, FhirPathTime b)
    {
        var clocks = a.Precision > TimePrecision.Day || b.Precision > TimePrecision.Day;
        if (clocks && a.Kind != FhirPathKind.Time && a.Offset is null != b.Offset is null)
        {
            const long Widest = 14 * TimeSpan.TicksPerHour;
            var (aSlack, bSlack) = (a.Offset is null ? Widest : 0, b.Offset is null ? Widest : 0);
            return a.End() + aSlack <= b.Ticks - bSlack ? -1 : a.Ticks - aSlack >= b.End() + bSlack ? 1 : null;
        }

        var (x, y) = (a.Normal(), b.Normal());
        var least = a.Precision < b.Precision ? a.Precision : b.Precision;
        var order = least switch
        {
            TimePrecision.Year => x.Year.CompareTo(y.Year),
            TimePrecision.Month => ((x.Year * 12) + x.Month).CompareTo((y.Year * 12) + y.Month),
            TimePrecision.Day => x.Date.CompareTo(y.Date),
            TimePrecision.Hour => (x.Ticks / TimeSpan.TicksPerHour).CompareTo(y.Ticks / TimeSpan.TicksPerHour),
            TimePrecision.Minute => (x.Ticks / TimeSpan.TicksPerMinute).CompareTo(y.Ticks / TimeSpan.TicksPerMinute),
            _ => x.CompareTo(y),
        };
        return order != 0 || a.Precision == b.Precision ? order : null;
    }

    private DateTime Normal() => Offset is null or 0 ? Local : new DateTime(Math.Clamp(Ticks, 0, DateTime.MaxValue.Ticks));

    /// <summary>The instant behind the last one the value may mean, in the scale of <see cref="Ticks"/>.</summary>
    internal long End()
    {
        var (year, month) = (Local.Year, Local.Month);
        return Precision switch
        {
            TimePrecision.Year => year == 9999 ? DateTime.MaxValue.Ticks : new DateTime(year + 1, 1, 1).Ticks,
            TimePrecision.Month => month == 12 ? (year == 9999 ? DateTime.MaxValue.Ticks : new DateTime(year + 1, 1, 1).Ticks) : new DateTime(year, month + 1, 1).Ticks,
            TimePrecision.Day => Ticks + TimeSpan.TicksPerDay,
            TimePrecision.Hour => Ticks + TimeSpan.TicksPerHour,
            TimePrecision.Minute => Ticks + TimeSpan.TicksPerMinute,
            _ => Ticks + FractionStep(),
        };
    }

    private long FractionStep()
    {
        var step = TimeSpan.TicksPerSecond;
        for (var i = 0; i < FractionDigits; i++)
        {
            step /= 10;
        }

        return Math.Max(step, 1);
    }

    /// <summary>Adds calendar parts; null when the result is out of the range of years. Parts finer than the value's precision must be converted before.</summary>
    internal FhirPathTime? Add(TimePrecision part, long amount, bool milliseconds = false)
    {
        try
        {
            var moved = part switch
            {
                TimePrecision.Year => Local.AddYears(checked((int)amount)),
                TimePrecision.Month => Local.AddMonths(checked((int)amount)),
                TimePrecision.Day => Local.AddDays(amount),
                TimePrecision.Hour => Local.AddHours(amount),
                TimePrecision.Minute => Local.AddMinutes(amount),
                _ => milliseconds ? Local.AddMilliseconds(amount) : Local.AddSeconds(amount),
            };
            if (Kind == FhirPathKind.Time)
            {
                moved = DateTime.MinValue.Add(moved.TimeOfDay);
            }

            return new FhirPathTime(Kind, Precision, moved, Offset, milliseconds ? Math.Max(FractionDigits, 3) : FractionDigits);
        }
        catch (Exception e) when (e is ArgumentOutOfRangeException or OverflowException)
        {
            return null;
        }
    }

    /// <summary>The same date as a DateTime, or a DateTime's date.</summary>
    internal FhirPathTime As(FhirPathKind kind) => kind == Kind ? this
        : kind == FhirPathKind.Date ? new FhirPathTime(kind, Precision < TimePrecision.Day ? Precision : TimePrecision.Day, Local.Date, null, 0)
        : new FhirPathTime(kind, Precision, Local, Offset, FractionDigits);

    /// <summary>The value as FHIR writes it, without the at sign and T of a literal.</summary>
    public override string ToString()
    {
        var clock = Precision switch
        {
            TimePrecision.Hour => Local.ToString("HH", CultureInfo.InvariantCulture),
            TimePrecision.Minute => Local.ToString("HH:mm", CultureInfo.InvariantCulture),
            TimePrecision.Second => Local.ToString("HH:mm:ss" + (FractionDigits == 0 ? "" : "." + new string('f', FractionDigits)), CultureInfo.InvariantCulture),
            _ => "",
        };
        if (Kind == FhirPathKind.Time)
        {
            return clock;
        }

        var date = Precision switch
        {
            TimePrecision.Year => Local.ToString("yyyy", CultureInfo.InvariantCulture),
            TimePrecision.Month => Local.ToString("yyyy-MM", CultureInfo.InvariantCulture),
            _ => Local.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        };
        return clock.Length == 0 ? date : date + "T" + clock + OffsetText();
    }

    private string OffsetText() => Offset switch
    {
        null => "",
        0 => "Z",
        int minutes => string.Create(CultureInfo.InvariantCulture, $"{(minutes < 0 ? '-' : '+')}{Math.Abs(minutes) / 60:00}:{Math.Abs(minutes) % 60:00}"),
    };

}
