using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace SecondOpinion.Dicom;

/// <summary>What the Basic Profile does with an attribute, the strongest form where the standard leaves a choice that depends on the attribute's type:
/// a dummy suits every type.</summary>
internal enum ConfidentialityAction
{
    Remove,
    Empty,
    Dummy,
    NewUid,

    /// <summary>A sequence that is kept and whose items are cleaned.</summary>
    Items,
}

/// <summary>A row of PS3.15 table E.1-1.</summary>
/// <param name="Columns">The letters of <see cref="ConfidentialityRows"/>.</param>
internal sealed record ConfidentialityRow(ConfidentialityAction Action, string Columns);

/// <summary>PS3.15 table E.1-1 by tag, built at first use.</summary>
internal static class ConfidentialityTable
{
    private static readonly Lazy<FrozenDictionary<uint, ConfidentialityRow>> s_rows = new(Load);

    internal static IEnumerable<DicomTag> Tags => s_rows.Value.Keys.Select(DicomTag.FromValue);

    internal static ConfidentialityRow? Find(DicomTag tag) => s_rows.Value.GetValueOrDefault(tag.Value);

    private static FrozenDictionary<uint, ConfidentialityRow> Load() =>
        Encoding.ASCII.GetString(ConfidentialityRows.Rows).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(line => line.Split(' '))
            .ToFrozenDictionary(
                fields => uint.Parse(fields[0], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture),
                fields => new ConfidentialityRow(ActionOf(fields[1]), fields[2]));

    private static ConfidentialityAction ActionOf(string code) => code switch
    {
        "X" => ConfidentialityAction.Remove,
        "Z" or "X/Z" => ConfidentialityAction.Empty,
        "D" or "Z/D" or "X/D" or "X/Z/D" => ConfidentialityAction.Dummy,
        "U" => ConfidentialityAction.NewUid,
        "X/Z/U*" => ConfidentialityAction.Items,
        _ => throw new InvalidDataException($"unknown action '{code}'"),
    };
}
