namespace SecondOpinion.Dicom.Imaging;

/// <summary>Parts of a Grayscale Softcopy Presentation State (PS3.3 A.33.1) that concern an image and frame.</summary>
internal static class PresentationState
{
    /// <summary>The first item that refers to the image and frame, or that refers to no image and so to all (PS3.3 C.11.8, C.10.4).</summary>
    public static DicomDataset? ItemFor(IReadOnlyList<DicomDataset> items, DicomDataset image, int frameIndex)
    {
        var uid = image.GetString(DicomTags.SOPInstanceUID);
        foreach (var item in items)
        {
            var references = item.GetItems(DicomTags.ReferencedImageSequence);
            if (references.Count == 0)
            {
                return item;
            }

            foreach (var reference in references)
            {
                var frames = reference.GetInt32s(DicomTags.ReferencedFrameNumber);
                if (reference.GetString(DicomTags.ReferencedSOPInstanceUID) == uid && (frames.Length == 0 || frames.Contains(frameIndex + 1)))
                {
                    return item;
                }
            }
        }

        return null;
    }
}
