using System.Text;

namespace SecondOpinion.Dicom;

/// <summary>What the JSON and the XML model have in common.</summary>
internal static class ModelElements
{
    internal static DicomElement Empty(DicomTag tag, DicomVr vr) =>
        vr == DicomVr.SQ ? new DicomElement(tag) : new DicomElement(tag, vr, default(ReadOnlyMemory<byte>));

    /// <summary>An element of the texts of its values, empty ones included.</summary>
    /// <exception cref="DicomException">The VR cannot hold them.</exception>
    internal static DicomElement OfTexts(DicomTag tag, DicomVr vr, List<string> texts)
    {
        if (texts.Count == 0 || (texts.Count == 1 && texts[0].Length == 0))
        {
            return Empty(tag, vr);
        }

        if (!vr.IsText())
        {
            return new DicomElement(tag, vr, DicomNumbers.Parse(tag, vr, texts.ToArray()).AsMemory());
        }

        return vr.IsSingleText() && texts.Count > 1
            ? throw new DicomException(DicomError.InvalidDocument, $"{vr} holds one value", tag)
            : new DicomElement(tag, vr, string.Join('\\', texts));
    }

    /// <summary>A data set of elements in any order, which are sorted for it, in time that does not depend on the order.</summary>
    /// <exception cref="DicomException">A tag stands there twice, or is that of an item or a delimiter.</exception>
    internal static DicomDataset Build(Span<DicomElement> elements)
    {
        for (var i = 1; i < elements.Length; i++)
        {
            if (elements[i].Tag <= elements[i - 1].Tag)
            {
                elements.Sort(static (a, b) => a.Tag.CompareTo(b.Tag));
                break;
            }
        }

        for (var i = 0; i < elements.Length; i++)
        {
            if (elements[i].Tag.IsItemOrDelimiter)
            {
                throw new DicomException(DicomError.InvalidDocument, "items and delimiters are no attributes (PS3.5 7.5)", elements[i].Tag);
            }

            if (i > 0 && elements[i].Tag == elements[i - 1].Tag)
            {
                throw new DicomException(DicomError.InvalidDocument, "the attribute stands there twice", elements[i].Tag);
            }
        }

        return new DicomDataset(elements.ToArray());
    }

    /// <summary>Text of both models is Unicode: the data set is made UTF-8 if it names a character set, or needs one.</summary>
    internal static DicomDataset WithCharacterSet(DicomDataset dataset)
    {
        if (dataset.GetString(DicomTags.SpecificCharacterSet) is not null || LacksCharacterSet(dataset))
        {
            dataset.UseUtf8();
        }

        return dataset;
    }

    /// <summary>The data set names no character set, but has text beyond ASCII: the models are UTF-8 and have to say so.</summary>
    internal static bool LacksCharacterSet(DicomDataset dataset) =>
        dataset.GetString(DicomTags.SpecificCharacterSet) is null && HasForeignText(dataset);

    private static bool HasForeignText(DicomDataset dataset)
    {
        foreach (ref readonly var element in dataset.Elements)
        {
            if (!IsWritten(element.Tag))
            {
                continue;
            }

            if (element.Vr.UsesCharacterSet() && !(element.Text is { } text ? Ascii.IsValid(text) : DicomCharacterSet.IsPlain(element.RawSpan)))
            {
                return true;
            }

            foreach (var item in element.ItemArray)
            {
                if (HasForeignText(item))
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>Group lengths and file meta information are no part of either model (PS3.18 F.2.2).</summary>
    internal static bool IsWritten(DicomTag tag) => !tag.IsGroupLength && tag.Group != 2;

    /// <summary>Encapsulated pixel data are a row of items, which no model has a place for: only a reference can stand for them.</summary>
    internal static DicomException NoPlaceForFragments(DicomTag tag) =>
        new(DicomError.InvalidValue, "encapsulated pixel data cannot stand inline: DicomJsonOptions.BulkDataUri must give a reference", tag);

    /// <summary>The URI to write in place of the value: the one it came with, or one of the options for large values (PS3.18 F.2.2, PS3.19 A.1.5).</summary>
    internal static string? UriOf(in DicomElement element, DicomJsonOptions options, string path)
    {
        if (element.BulkDataUri is { } known)
        {
            return known;
        }

        return options.BulkDataUri is null || !element.Vr.MayBeBulk() || (element.Fragments is null && element.RawLength <= options.BulkDataThreshold)
            ? null
            : options.BulkDataUri(path + element.Tag.ToHex());
    }
}
