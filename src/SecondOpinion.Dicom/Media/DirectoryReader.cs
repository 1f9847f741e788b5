namespace SecondOpinion.Dicom;

/// <summary>Makes the tree of directory records from their links: offsets of items from the start of the file (PS3.3 F.3.2.2).</summary>
internal sealed class DirectoryReader
{
    private const int MaxDepth = 32;
    private const int ItemHeader = 8;
    private const int ElementHeader = 8; // of UL, in every syntax

    private readonly IReadOnlyList<DicomDataset> _items;
    private readonly Dictionary<long, int> _byOffset = [];
    private readonly bool[] _seen;

    private DirectoryReader(IReadOnlyList<DicomDataset> items)
    {
        _items = items;
        _seen = new bool[items.Count];
        for (var i = 0; i < items.Count; i++)
        {
            if (OffsetOf(items[i]) is { } offset)
            {
                _byOffset.TryAdd(offset, i);
            }
        }
    }

    internal static DicomDirectory Read(DicomFile file)
    {
        if (!file.Dataset.Contains(DicomTags.DirectoryRecordSequence))
        {
            throw new DicomException(DicomError.MissingAttribute, "the file is no directory", DicomTags.DirectoryRecordSequence);
        }

        var items = file.Dataset.GetItems(DicomTags.DirectoryRecordSequence);
        var reader = new DirectoryReader(items);
        var first = file.Dataset.GetInt64(DicomTags.OffsetOfTheFirstDirectoryRecordOfTheRootDirectoryEntity) ?? 0;
        var roots = new List<DicomDirectoryRecord>();
        reader.Follow(first, roots, 0);
        if (roots.Count == 0 && items.Count > 0)
        {
            roots = reader.ByOrder();
        }

        return new DicomDirectory(file.Dataset.GetString(DicomTags.FileSetID), roots);
    }

    /// <summary>Where the item of a record starts: before its first element, the link to the next record.</summary>
    private static long? OffsetOf(DicomDataset record)
    {
        var first = record.FirstOrDefault();
        return first.Vr == DicomVr.UL && first.RawLength == 4 ? first.SourceOffset - ElementHeader - ItemHeader : null;
    }

    private void Follow(long offset, List<DicomDirectoryRecord> into, int depth)
    {
        while (offset != 0 && depth < MaxDepth && _byOffset.TryGetValue(offset, out var index) && !_seen[index])
        {
            _seen[index] = true;
            var record = _items[index];
            offset = record.GetInt64(DicomTags.OffsetOfTheNextDirectoryRecord) ?? 0;
            if (IsInUse(record))
            {
                var children = new List<DicomDirectoryRecord>();
                Follow(record.GetInt64(DicomTags.OffsetOfReferencedLowerLevelDirectoryEntity) ?? 0, children, depth + 1);
                into.Add(Make(record, children));
            }
        }
    }

    private List<DicomDirectoryRecord> ByOrder()
    {
        var roots = new List<DicomDirectoryRecord>();
        var open = new List<DicomDirectoryRecord>[4]; // the children of the last record of each level
        open[0] = roots;
        var deepest = 0;
        foreach (var record in _items.Where(IsInUse))
        {
            var level = Math.Min(deepest, record.GetString(DicomTags.DirectoryRecordType) switch { "PATIENT" => 0, "STUDY" => 1, "SERIES" => 2, _ => 3 });
            var children = new List<DicomDirectoryRecord>();
            open[level].Add(Make(record, children));
            if (level < 3)
            {
                open[level + 1] = children;
                deepest = level + 1;
            }
        }

        return roots;
    }

    private static bool IsInUse(DicomDataset record) => record.GetInt32(DicomTags.RecordInUseFlag) != 0;

    private static DicomDirectoryRecord Make(DicomDataset record, List<DicomDirectoryRecord> children)
    {
        var attributes = record.Clone();
        attributes.Remove(DicomTags.OffsetOfTheNextDirectoryRecord);
        attributes.Remove(DicomTags.RecordInUseFlag);
        attributes.Remove(DicomTags.OffsetOfReferencedLowerLevelDirectoryEntity);
        return new DicomDirectoryRecord(record.GetString(DicomTags.DirectoryRecordType) ?? "", attributes, children);
    }
}
