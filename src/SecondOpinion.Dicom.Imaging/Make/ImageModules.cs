namespace SecondOpinion.Dicom.Imaging;

/// <summary>The modules of each image class that hold other than pixels (PS3.3 A.8, A.27, A.32.4).</summary>
internal static class ImageModules
{
    public static string SopClass(DicomImageKind kind, int frames, int channels, int bits) => kind switch
    {
        DicomImageKind.Photograph => DicomUids.VLPhotographicImageStorage,
        DicomImageKind.IntraOralXRay => DicomUids.DigitalIntraOralXRayImageStorageForPresentation,
        _ when frames == 1 => DicomUids.SecondaryCaptureImageStorage,
        _ when channels == 3 => DicomUids.MultiFrameTrueColorSecondaryCaptureImageStorage,
        _ => bits == 8 ? DicomUids.MultiFrameGrayscaleByteSecondaryCaptureImageStorage : DicomUids.MultiFrameGrayscaleWordSecondaryCaptureImageStorage,
    };

    public static string Modality(DicomImageKind kind) => kind switch
    {
        DicomImageKind.Photograph => "XC",
        DicomImageKind.IntraOralXRay => "IO",
        _ => "OT",
    };

    /// <param name="bits">Stored bits of a sample.</param>
    public static void Add(DicomDataset dataset, MakeDicomInput input, int frames, int channels, int bits)
    {
        // Made from what was no DICOM image: derived only where values were lost, which a lossy format says by itself.
        dataset.Set(DicomTags.ImageType, input.Kind == DicomImageKind.IntraOralXRay ? ["ORIGINAL", "PRIMARY", ""] : ["ORIGINAL", "PRIMARY"]);
        dataset.SetEmpty(DicomTags.PatientOrientation);
        if (input.Acquired is { } acquired)
        {
            dataset.Set(DicomTags.AcquisitionDate, DateOnly.FromDateTime(acquired)).Set(DicomTags.AcquisitionTime, MakeModules.WholeSecond(acquired));
        }

        if (input.BurnedInAnnotation is { } burned || frames > 1 || input.Kind == DicomImageKind.IntraOralXRay)
        {
            dataset.Set(DicomTags.BurnedInAnnotation, input.BurnedInAnnotation ?? true ? "YES" : "NO");
        }

        if (input.Kind != DicomImageKind.IntraOralXRay && !dataset.Contains(DicomTags.Laterality))
        {
            dataset.SetEmpty(DicomTags.Laterality); // type 2C: whether the body part is paired is not known
        }

        switch (input.Kind)
        {
            case DicomImageKind.Photograph:
                dataset.SetItems(DicomTags.AcquisitionContextSequence); // type 2
                if (!dataset.Contains(DicomTags.LossyImageCompression))
                {
                    dataset.Set(DicomTags.LossyImageCompression, "00");
                }

                break;
            case DicomImageKind.IntraOralXRay:
                IntraOral(dataset, input);
                break;
            default:
                SecondaryCapture(dataset, input, frames, channels, bits);
                break;
        }
    }

    private static void SecondaryCapture(DicomDataset dataset, MakeDicomInput input, int frames, int channels, int bits)
    {
        dataset.Set(DicomTags.ConversionType, DicomText.Clean(input.ConversionType, 16) is { Length: > 0 } type ? type : "WSD");
        dataset.Set(DicomTags.DateOfSecondaryCapture, DateOnly.FromDateTime(input.Now.DateTime)).Set(DicomTags.TimeOfSecondaryCapture, MakeModules.WholeSecond(input.Now.DateTime));
        if (frames > 1)
        {
            // PS3.3 C.7.6.6, C.8.6.3, C.8.6.4: frames are pages.
            dataset.Set(DicomTags.NumberOfFrames, frames);
            dataset.Set(DicomTags.FrameIncrementPointer, "00182001");
            dataset.Set(DicomTags.PageNumberVector, [.. Enumerable.Range(1, frames)]);
            if (channels == 1)
            {
                dataset.Set(DicomTags.PresentationLUTShape, "IDENTITY").Set(DicomTags.RescaleIntercept, 0.0).Set(DicomTags.RescaleSlope, 1.0).Set(DicomTags.RescaleType, "US");
            }
        }

        if (input.PixelSpacing is > 0 and var spacing)
        {
            dataset.Set(DicomTags.NominalScannedPixelSpacing, spacing, spacing);
        }

        if (channels == 1 && frames == 1 && bits > 8)
        {
            Window(dataset, bits);
        }
    }

    /// <summary>PS3.3 C.8.11.1 to C.8.11.5, C.8.11.9, C.7.6.14.</summary>
    private static void IntraOral(DicomDataset dataset, MakeDicomInput input)
    {
        dataset.Set(DicomTags.PresentationIntentType, "FOR PRESENTATION");
        dataset.Set(DicomTags.PixelIntensityRelationship, "LOG").Set(DicomTags.PixelIntensityRelationshipSign, -1);
        dataset.Set(DicomTags.RescaleIntercept, 0.0).Set(DicomTags.RescaleSlope, 1.0).Set(DicomTags.RescaleType, "US").Set(DicomTags.PresentationLUTShape, "IDENTITY");
        if (!dataset.Contains(DicomTags.LossyImageCompression))
        {
            dataset.Set(DicomTags.LossyImageCompression, "00");
        }

        var side = (input.ImageLaterality ?? input.Series.Laterality) is "R" or "L" ? input.ImageLaterality ?? input.Series.Laterality! : "B";
        dataset.Remove(DicomTags.Laterality); // PS3.3 C.7.3.1: absent when Image Laterality is there
        dataset.Set(DicomTags.ImageLaterality, side);

        // Type 1 here. Mounted as seen from in front of the patient: rows run towards the midline on the right, away from it on the left.
        dataset.Set(DicomTags.PatientOrientation, input.PatientOrientation is { } row ? [row.Row, row.Column] : [side switch { "R" => "A", "L" => "P", _ => "L" }, "F"]);
        MakeModules.Codes(dataset, DicomTags.AnatomicRegionSequence, input.AnatomicRegion ?? new DicomCode("661005", "SCT", "Jaw region"));

        // Type 1C, required without a modifier of the region (PS3.3 C.8.11.9), which could only name teeth too.
        MakeModules.Codes(dataset, DicomTags.PrimaryAnatomicStructureSequence, input.Teeth.Count > 0 ? input.Teeth : [new DicomCode("38199008", "SCT", "Tooth")]);

        dataset.SetEmpty(DicomTags.DetectorType).Set(DicomTags.PositionerType, "NONE");
        var spacing = input.PixelSpacing is > 0 and var given ? given : 0.02;
        dataset.Set(DicomTags.ImagerPixelSpacing, spacing, spacing);
        dataset.SetItems(DicomTags.AcquisitionContextSequence);
        Window(dataset, dataset.GetInt32(DicomTags.BitsStored) ?? 8);
    }

    /// <summary>The whole range of the stored bits.</summary>
    private static void Window(DicomDataset dataset, int bits) =>
        dataset.Set(DicomTags.WindowCenter, (double)(1 << (bits - 1))).Set(DicomTags.WindowWidth, (double)(1 << bits));
}
