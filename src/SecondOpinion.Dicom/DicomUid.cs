using System.Globalization;
using System.Numerics;

namespace SecondOpinion.Dicom;

/// <summary>Making and checking unique identifiers (PS3.5 9, Annex B).</summary>
public static class DicomUid
{
    /// <summary>A new UID below 2.25 from a random UUID (PS3.5 B.2).</summary>
    public static string New() => FromGuid(Guid.NewGuid());

    /// <summary>The UID of a UUID: 2.25 and its value as a decimal number (PS3.5 B.2).</summary>
    public static string FromGuid(Guid guid)
    {
        Span<byte> bytes = stackalloc byte[16];
        guid.TryWriteBytes(bytes, bigEndian: true, out _);
        return "2.25." + new BigInteger(bytes, isUnsigned: true, isBigEndian: true).ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>At most 64 characters, components of digits without leading zeros, at least two of them (PS3.5 9.1).</summary>
    public static bool IsValid(ReadOnlySpan<char> uid)
    {
        if (uid.Length is < 3 or > 64 || uid[0] is < '0' or > '2')
        {
            return false;
        }

        var start = 0;
        var components = 0;
        for (var i = 0; i <= uid.Length; i++)
        {
            if (i == uid.Length || uid[i] == '.')
            {
                if (i == start || (uid[start] == '0' && i - start > 1))
                {
                    return false;
                }

                start = i + 1;
                components++;
            }
            else if (!char.IsAsciiDigit(uid[i]))
            {
                return false;
            }
        }

        return components > 1;
    }
}

public static partial class DicomUids
{
    /// <summary>The name in PS3.6 Annex A; null for a UID that it does not hold.</summary>
    public static string? NameOf(string uid) => UidRegistry.Find(uid)?.Name;

    /// <summary>The keyword in PS3.6 Annex A; null for a UID that it does not hold.</summary>
    public static string? KeywordOf(string uid) => UidRegistry.Find(uid)?.Keyword;

    /// <summary>The registry entry; null for a UID that PS3.6 Annex A does not hold.</summary>
    public static DicomUidEntry? Find(string uid) => UidRegistry.Find(uid);
}

/// <summary>A row of the UID registry (PS3.6 Annex A).</summary>
/// <param name="Type">"Transfer Syntax", "SOP Class", "Well-known SOP Instance", ...</param>
public sealed record DicomUidEntry(string Uid, string Keyword, string Type, string Name, bool IsRetired);
