using System.Globalization;

namespace SecondOpinion.Fhir.Search;

/// <summary>Dates of searches, with the precision they are written in.</summary>
internal static class SearchRequestDates
{
    private static readonly (string Format, Func<DateTimeOffset, DateTimeOffset> End)[] Formats =
    [
        ("yyyy", d => d.AddYears(1)),
        ("yyyy-MM", d => d.AddMonths(1)),
        ("yyyy-MM-dd", d => d.AddDays(1)),
        ("yyyy-MM-dd'T'HH:mm", d => d.AddMinutes(1)),
        ("yyyy-MM-dd'T'HH:mm:ss", d => d.AddSeconds(1)),
    ];

    /// <summary>The span of time; a value without zone is UTC, as dates of resources are. Null when it is no date.</summary>
    public static (DateTimeOffset From, DateTimeOffset To)? Read(string text)
    {
        var zone = TimeSpan.Zero;
        var time = text.IndexOf('T', StringComparison.Ordinal);
        if (time >= 0 && !TakeZone(ref text, time, ref zone))
        {
            return null;
        }

        Func<DateTimeOffset, DateTimeOffset>? end = null;
        var fraction = text.IndexOf('.', StringComparison.Ordinal);
        var ticks = 0L;
        if (fraction >= 0)
        {
            if (time < 0 || !ReadFraction(text.AsSpan(fraction + 1), out ticks, out end))
            {
                return null;
            }

            text = text[..fraction];
        }

        foreach (var (format, next) in Formats)
        {
            if (text.Length == format.Replace("'", "", StringComparison.Ordinal).Length
                && DateTime.TryParseExact(text, format, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local)
                && (end is null || format.EndsWith("ss", StringComparison.Ordinal)))
            {
                return Range(local, ticks, zone, end ?? next);
            }
        }

        return null;
    }

    private static (DateTimeOffset From, DateTimeOffset To)? Range(DateTime local, long ticks, TimeSpan zone, Func<DateTimeOffset, DateTimeOffset> end)
    {
        var utc = local.Ticks + ticks - zone.Ticks;
        if (utc < 0 || utc > DateTime.MaxValue.Ticks)
        {
            return null;
        }

        var from = new DateTimeOffset(utc, TimeSpan.Zero);
        return (from, from.Year >= 9999 ? DateTimeOffset.MaxValue : end(from));
    }

    // A plus sign that was not encoded arrives as a space.
    private static bool TakeZone(ref string text, int time, ref TimeSpan zone)
    {
        if (text.EndsWith('Z'))
        {
            text = text[..^1];
            return true;
        }

        var sign = text.AsSpan(time).IndexOfAny('+', '-', ' ');
        if (sign < 0)
        {
            return true;
        }

        sign += time;
        if (!TimeSpan.TryParseExact(text[(sign + 1)..], @"hh\:mm", CultureInfo.InvariantCulture, out zone) || zone > TimeSpan.FromHours(14))
        {
            return false;
        }

        zone = text[sign] == '-' ? -zone : zone;
        text = text[..sign];
        return true;
    }

    private static bool ReadFraction(ReadOnlySpan<char> digits, out long ticks, out Func<DateTimeOffset, DateTimeOffset>? end)
    {
        ticks = 0;
        end = null;
        if (digits.Length == 0 || digits.ContainsAnyExceptInRange('0', '9'))
        {
            return false;
        }

        var unit = TimeSpan.TicksPerSecond;
        foreach (var digit in digits[..Math.Min(7, digits.Length)])
        {
            unit /= 10;
            ticks += (digit - '0') * unit;
        }

        // Stored times are whole milliseconds.
        var width = Math.Max(unit, TimeSpan.TicksPerMillisecond);
        end = d => d.AddTicks(width);
        return true;
    }
}
