namespace SecondOpinion.Dicom;

/// <summary>Values that say nothing, valid in their VR: action D of PS3.15 table E.1-1.</summary>
internal static class Dummies
{
    private const string Text = "REMOVED";

    /// <summary>A PDF without pages, of an even length.</summary>
    internal static ReadOnlySpan<byte> Document => "%PDF-1.4\n%%EOF\n\n"u8;

    internal static DicomElement Of(DicomElement element, Pseudonyms pseudonyms)
    {
        if (element.Tag == DicomTags.ContentSequence)
        {
            return new DicomElement(element.Tag, RemovedContent());
        }

        if (element.Tag == DicomTags.EncapsulatedDocument)
        {
            return new DicomElement(element.Tag, element.Vr, Document.ToArray());
        }

        return element.Vr switch
        {
            DicomVr.SQ => new DicomElement(element.Tag, Item(element, pseudonyms)),
            DicomVr.UI => new DicomElement(element.Tag, DicomVr.UI, pseudonyms.Uid(element.Tag.ToHex())),
            DicomVr.AS => new DicomElement(element.Tag, DicomVr.AS, "000Y"),
            DicomVr.DA => new DicomElement(element.Tag, DicomVr.DA, "19000101"),
            DicomVr.DT => new DicomElement(element.Tag, DicomVr.DT, "19000101000000"),
            DicomVr.TM => new DicomElement(element.Tag, DicomVr.TM, "000000"),
            DicomVr.DS or DicomVr.IS => new DicomElement(element.Tag, element.Vr, "0"),
            _ when element.Vr.IsText() => new DicomElement(element.Tag, element.Vr, Text),
            _ => new DicomElement(element.Tag, element.Vr, new byte[Math.Max(2, element.Vr.ValueSize())]),
        };
    }

    /// <summary>One item of the first one's shape: every value is a dummy but codes of fixed lists; UIDs are replaced as elsewhere.</summary>
    private static DicomDataset Item(DicomElement sequence, Pseudonyms pseudonyms)
    {
        DicomDataset item = [];
        foreach (var element in sequence.Items.Count > 0 ? sequence.Items[0] : [])
        {
            if (!element.Tag.IsPrivate && !element.IsEmpty)
            {
                item.Set(element.Vr switch
                {
                    DicomVr.CS => element,
                    DicomVr.UI => new DicomElement(element.Tag, DicomVr.UI, pseudonyms.Uid(sequence.Items[0].GetString(element.Tag) ?? "")),
                    _ => Of(element, pseudonyms),
                });
            }
        }

        return item;
    }

    /// <summary>A content item that says that the content was removed (PS3.16 DCM 121106 "Comment").</summary>
    private static DicomDataset RemovedContent()
    {
        var name = new DicomDataset()
            .Set(DicomTags.CodeValue, "121106")
            .Set(DicomTags.CodingSchemeDesignator, "DCM")
            .Set(DicomTags.CodeMeaning, "Comment");
        return new DicomDataset()
            .Set(DicomTags.RelationshipType, "CONTAINS")
            .Set(DicomTags.ValueType, "TEXT")
            .SetItems(DicomTags.ConceptNameCodeSequence, name)
            .Set(DicomTags.TextValue, Text);
    }
}
