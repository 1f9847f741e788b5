namespace SecondOpinion.Dicom.Imaging;

/// <summary>Where the attributes of one frame are: its functional groups, the shared ones, or the data set itself (PS3.3 C.7.6.16).</summary>
internal static class FrameAttributes
{
    /// <summary>The item of a functional group macro for a frame, or the data set when there is none.</summary>
    public static DicomDataset Of(DicomDataset dataset, int frame, DicomTag macro)
    {
        var groups = dataset.GetItems(DicomTags.PerFrameFunctionalGroupsSequence);
        return (frame < groups.Count ? groups[frame].GetItem(macro) : null)
            ?? dataset.GetItem(DicomTags.SharedFunctionalGroupsSequence)?.GetItem(macro)
            ?? dataset;
    }

    /// <summary>Height of a pixel over its width: Pixel Aspect Ratio, or the spacing of rows over that of columns (PS3.3 C.7.6.3.1.7).</summary>
    public static double AspectRatio(DicomDataset dataset, int frame)
    {
        var measures = Of(dataset, frame, DicomTags.PixelMeasuresSequence);
        foreach (var values in (ReadOnlySpan<double[]>)[
            dataset.GetDoubles(DicomTags.PixelAspectRatio),
            measures.GetDoubles(DicomTags.PixelSpacing),
            dataset.GetDoubles(DicomTags.ImagerPixelSpacing),
            dataset.GetDoubles(DicomTags.NominalScannedPixelSpacing)])
        {
            // A ratio beyond 20 is a slip of the writer rather than a pixel.
            if (values is [> 0 and var vertical, > 0 and var horizontal, ..] && vertical / horizontal is > 0.05 and < 20)
            {
                return vertical / horizontal;
            }
        }

        return 1;
    }
}
