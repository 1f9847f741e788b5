using System.Collections.Frozen;
using System.Text;

namespace SecondOpinion.Dicom;

/// <summary>The rows of PS3.6 Annex A by UID, built at first use.</summary>
internal static class UidRegistry
{
    private static readonly Lazy<FrozenDictionary<string, DicomUidEntry>> s_entries = new(Load);

    internal static DicomUidEntry? Find(string uid) => s_entries.Value.GetValueOrDefault(uid);

    private static FrozenDictionary<string, DicomUidEntry> Load() =>
        Encoding.UTF8.GetString(DictionaryRows.Uids).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(row => row.Split('|', 5))
            .ToFrozenDictionary(f => f[0], f => new DicomUidEntry(f[0], f[2], f[3], f[4], f[1] == "R"));
}
