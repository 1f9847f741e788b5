using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace SecondOpinion.Dicom;

/// <summary>New values that depend on the old one and a key alone (HMAC-SHA-256).</summary>
internal sealed class Pseudonyms(byte[] key)
{
    private const int MaxShiftDays = 3650;

    /// <summary>A UID below 2.25 (PS3.5 B.2); UIDs of the standard stay.</summary>
    internal string Uid(string uid)
    {
        if (uid.StartsWith("1.2.840.10008.", StringComparison.Ordinal))
        {
            return uid;
        }

        Span<byte> hash = stackalloc byte[32];
        Hash("uid", uid, hash);
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80); // UUID version 8, RFC 9562 5.8
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return DicomUid.FromGuid(new Guid(hash[..16], bigEndian: true));
    }

    internal string Patient(string patient)
    {
        Span<byte> hash = stackalloc byte[32];
        Hash("patient", patient, hash);
        return "ANON-" + Convert.ToHexString(hash[..6]);
    }

    /// <summary>The date, or the date part of a date and time, moved back by the patient's number of days; empty when it is no date.</summary>
    internal string Shift(string date, string patient)
    {
        var digits = 0;
        while (digits < Math.Min(8, date.Length) && char.IsAsciiDigit(date[digits]))
        {
            digits++;
        }

        // PS3.5 6.2, DT: month and day may be missing.
        var full = digits switch
        {
            8 => date[..8],
            6 => date[..6] + "15",
            4 => date[..4] + "0701",
            _ => "",
        };
        if (!DateOnly.TryParseExact(full, "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) || day.DayNumber <= MaxShiftDays)
        {
            return "";
        }

        Span<byte> hash = stackalloc byte[32];
        Hash("dates", patient, hash);
        var shifted = day.AddDays(-1 - (int)(BitConverter.ToUInt32(hash) % MaxShiftDays));
        return shifted.ToString("yyyyMMdd", CultureInfo.InvariantCulture)[..digits] + date[digits..];
    }

    private void Hash(string purpose, string text, Span<byte> to) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{purpose}\0{text}"), to);
}
