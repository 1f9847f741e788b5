namespace SecondOpinion.Dicom.Imaging;

/// <summary>Which parts of a Grayscale Softcopy Presentation State (PS3.3 A.33.1) concern an image and frame.</summary>
internal static class PresentationState
{
    /// <summary>The first item that refers to the image and frame, or that refers to no image and so to all (PS3.3 C.11.8, C.10.4).</summary>
    public static DicomDataset? ItemFor(IReadOnlyList<DicomDataset> items, DicomDataset image, int frameIndex) =>
        items.FirstOrDefault(item => Concerns(item, image, frameIndex));

    /// <summary>An item refers to the image and frame, or to no image and so to all that the state refers to.</summary>
    public static bool Concerns(DicomDataset item, DicomDataset image, int frameIndex)
    {
        var references = item.GetItems(DicomTags.ReferencedImageSequence);
        return references.Count == 0 || references.Any(r => IsTo(r, image, frameIndex));
    }

    /// <exception cref="ImagingException">The state lists images (PS3.3 C.11.11), and this frame is not among them.</exception>
    public static void Require(DicomDataset state, DicomDataset image, int frameIndex)
    {
        var series = state.GetItems(DicomTags.ReferencedSeriesSequence);
        if (series.Count > 0 && !series.Any(s => s.GetItems(DicomTags.ReferencedImageSequence).Any(r => IsTo(r, image, frameIndex))))
        {
            throw new ImagingException(ImagingError.InvalidOption, "The presentation state does not refer to this image.");
        }
    }

    private static bool IsTo(DicomDataset reference, DicomDataset image, int frameIndex)
    {
        var frames = reference.GetInt32s(DicomTags.ReferencedFrameNumber);
        return reference.GetString(DicomTags.ReferencedSOPInstanceUID) == image.GetString(DicomTags.SOPInstanceUID) && (frames.Length == 0 || frames.Contains(frameIndex + 1));
    }
}
