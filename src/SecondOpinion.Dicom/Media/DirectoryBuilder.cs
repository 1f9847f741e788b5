namespace SecondOpinion.Dicom;

/// <summary>Collects files into patients, studies and series, and writes the linked records (PS3.3 F.3.2.2, F.4).</summary>
internal sealed class DirectoryBuilder
{
    private readonly Node _root = new("", []);

    internal void Add(DicomFile file, string[] fileId)
    {
        var dataset = file.Dataset;
        var sopClass = Needed(dataset, DicomTags.SOPClassUID);
        var sopInstance = Needed(dataset, DicomTags.SOPInstanceUID);
        var study = Needed(dataset, DicomTags.StudyInstanceUID);
        var series = Needed(dataset, DicomTags.SeriesInstanceUID);
        var patient = $"{dataset.GetString(DicomTags.PatientID)}\0{dataset.GetString(DicomTags.IssuerOfPatientID)}\0{dataset.GetString(DicomTags.PatientName)}";
        var record = DirectoryRecordTypes.Make(DirectoryRecordTypes.Of(sopClass), dataset);
        record.Set(DicomTags.ReferencedFileID, DicomVr.CS, fileId)
            .Set(DicomTags.ReferencedSOPClassUIDInFile, sopClass)
            .Set(DicomTags.ReferencedSOPInstanceUIDInFile, sopInstance)
            .Set(DicomTags.ReferencedTransferSyntaxUIDInFile, file.TransferSyntaxUid);
        _root.Child(patient, () => DirectoryRecordTypes.Make("PATIENT", dataset))
            .Child(study, () => DirectoryRecordTypes.Make("STUDY", dataset))
            .Child(series, () => DirectoryRecordTypes.Make("SERIES", dataset))
            .Child(sopInstance, () => record);
    }

    internal DicomFile Build(string fileSetId)
    {
        if (fileSetId.Length > 16 || !DicomDirectory.IsOfFileIdCharacters(fileSetId))
        {
            throw new DicomException(DicomError.InvalidValue, $"'{fileSetId}' is no file-set id (PS3.3 F.3.2.1)", DicomTags.FileSetID);
        }

        var meta = new DicomDataset()
            .Set(DicomTags.MediaStorageSOPClassUID, DicomUids.MediaStorageDirectoryStorage)
            .Set(DicomTags.MediaStorageSOPInstanceUID, DicomUid.New());
        var dataset = new DicomDataset()
            .Set(DicomTags.FileSetID, DicomVr.CS, fileSetId)
            .Set(DicomTags.OffsetOfTheFirstDirectoryRecordOfTheRootDirectoryEntity, 0)
            .Set(DicomTags.OffsetOfTheLastDirectoryRecordOfTheRootDirectoryEntity, 0)
            .Set(DicomTags.FileSetConsistencyFlag, 0)
            .SetItems(DicomTags.DirectoryRecordSequence);
        var file = new DicomFile(meta, dataset, DicomUids.ExplicitVRLittleEndian); // PS3.10 8.6

        // The sequence is the last element: its items start where the file without them ends. Links have a fixed length.
        var nodes = _root.All().Skip(1).ToList();
        var offset = (long)file.ToArray().Length;
        foreach (var node in nodes)
        {
            node.Offset = offset;
            offset += 8 + LengthOf(node.Record);
        }

        if (offset > uint.MaxValue)
        {
            throw new DicomException(DicomError.TooLarge, "a directory of 4 GiB cannot be linked");
        }

        Link(_root);
        dataset.Set(DicomTags.OffsetOfTheFirstDirectoryRecordOfTheRootDirectoryEntity, _root.Children.Count == 0 ? 0 : _root.Children[0].Offset)
            .Set(DicomTags.OffsetOfTheLastDirectoryRecordOfTheRootDirectoryEntity, _root.Children.Count == 0 ? 0 : _root.Children[^1].Offset)
            .SetItems(DicomTags.DirectoryRecordSequence, [.. nodes.Select(n => n.Record)]);
        return file;
    }

    private static void Link(Node parent)
    {
        for (var i = 0; i < parent.Children.Count; i++)
        {
            var node = parent.Children[i];
            node.Record.Set(DicomTags.OffsetOfTheNextDirectoryRecord, i + 1 < parent.Children.Count ? parent.Children[i + 1].Offset : 0L)
                .Set(DicomTags.OffsetOfReferencedLowerLevelDirectoryEntity, node.Children.Count > 0 ? node.Children[0].Offset : 0L);
            Link(node);
        }
    }

    private static long LengthOf(DicomDataset record)
    {
        using var stream = new MemoryStream();
        DatasetWriter.Write(record, stream, DicomTransferSyntax.ExplicitLittleEndian, DicomWriteOptions.Default);
        return stream.Length;
    }

    private static string Needed(DicomDataset dataset, DicomTag tag) =>
        dataset.GetString(tag) ?? throw new DicomException(DicomError.MissingAttribute, "a directory record needs it", tag);

    private sealed class Node(string key, DicomDataset record)
    {
        private readonly Dictionary<string, Node> _byKey = [];

        internal string Key { get; } = key;

        internal DicomDataset Record { get; } = record;

        internal List<Node> Children { get; } = [];

        internal long Offset { get; set; }

        internal Node Child(string key, Func<DicomDataset> make)
        {
            if (!_byKey.TryGetValue(key, out var child))
            {
                child = new Node(key, make());
                _byKey.Add(key, child);
                Children.Add(child);
            }

            return child;
        }

        internal IEnumerable<Node> All() => Children.SelectMany(c => c.All()).Prepend(this);
    }
}
