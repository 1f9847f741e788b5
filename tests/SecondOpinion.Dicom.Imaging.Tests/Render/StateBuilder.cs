namespace SecondOpinion.Dicom.Imaging.Tests.Render;

/// <summary>Grayscale Softcopy Presentation States (PS3.3 A.33.1), whole enough for other programs.</summary>
internal static class StateBuilder
{
    public static DicomDataset For(DicomDataset image)
    {
        var reference = new DicomDataset()
            .Set(DicomTags.ReferencedSOPClassUID, image.GetString(DicomTags.SOPClassUID)!)
            .Set(DicomTags.ReferencedSOPInstanceUID, image.GetString(DicomTags.SOPInstanceUID)!);
        var series = new DicomDataset().Set(DicomTags.SeriesInstanceUID, image.GetString(DicomTags.SeriesInstanceUID) ?? "2.25.2").SetItems(DicomTags.ReferencedImageSequence, reference.Clone());
        var area = new DicomDataset()
            .Set(DicomTags.DisplayedAreaTopLeftHandCorner, 1, 1)
            .Set(DicomTags.DisplayedAreaBottomRightHandCorner, image.GetInt32(DicomTags.Columns)!.Value, image.GetInt32(DicomTags.Rows)!.Value)
            .Set(DicomTags.PresentationSizeMode, "SCALE TO FIT")
            .Set(DicomTags.PresentationPixelAspectRatio, 1, 1);
        var state = new DicomDataset().CopyFrom(image, [DicomTags.PatientName, DicomTags.PatientID, DicomTags.StudyInstanceUID]);
        foreach (var tag in (DicomTag[])[DicomTags.PatientBirthDate, DicomTags.PatientSex, DicomTags.StudyDate, DicomTags.StudyTime, DicomTags.ReferringPhysicianName, DicomTags.StudyID, DicomTags.AccessionNumber, DicomTags.Manufacturer, DicomTags.ContentDescription, DicomTags.ContentCreatorName])
        {
            state.SetEmpty(tag);
        }

        return state.Set(DicomTags.SOPClassUID, DicomUids.GrayscaleSoftcopyPresentationStateStorage)
            .Set(DicomTags.SOPInstanceUID, "2.25.77").Set(DicomTags.SeriesInstanceUID, "2.25.78").Set(DicomTags.Modality, "PR")
            .Set(DicomTags.SeriesNumber, 1).Set(DicomTags.InstanceNumber, 1).Set(DicomTags.ContentLabel, "TEST")
            .Set(DicomTags.PresentationCreationDate, "20250101").Set(DicomTags.PresentationCreationTime, "120000")
            .SetItems(DicomTags.ReferencedSeriesSequence, series)
            .SetItems(DicomTags.DisplayedAreaSelectionSequence, area)
            .Set(DicomTags.PresentationLUTShape, "IDENTITY");
    }

    public static DicomDataset Window(this DicomDataset state, double center, double width) =>
        state.SetItems(DicomTags.SoftcopyVOILUTSequence, new DicomDataset().Set(DicomTags.WindowCenter, center).Set(DicomTags.WindowWidth, width));

    public static DicomDataset Turned(this DicomDataset state, int degrees, bool flipped) =>
        state.Set(DicomTags.ImageRotation, degrees).Set(DicomTags.ImageHorizontalFlip, flipped ? "Y" : "N");

    public static DicomDataset Layers(this DicomDataset state, params (string Name, int Order, int? Grey)[] layers) =>
        state.SetItems(DicomTags.GraphicLayerSequence, Array.ConvertAll(layers, l =>
        {
            var item = new DicomDataset().Set(DicomTags.GraphicLayer, l.Name).Set(DicomTags.GraphicLayerOrder, l.Order);
            return l.Grey is { } grey ? item.Set(DicomTags.GraphicLayerRecommendedDisplayGrayscaleValue, grey) : item;
        }));

    public static DicomDataset Overlay(this DicomDataset dataset, int group, int rows, int columns, byte[] bits, int top = 1, int left = 1)
    {
        DicomTag Tag(ushort element) => new((ushort)group, element);

        dataset.SetBytes(Tag(0x0010), DicomVr.US, TestImages.Words((ushort)rows)).SetBytes(Tag(0x0011), DicomVr.US, TestImages.Words((ushort)columns))
            .Set(Tag(0x0040), DicomVr.CS, "G").SetBytes(Tag(0x0050), DicomVr.SS, TestImages.Words((ushort)top, (ushort)left))
            .SetBytes(Tag(0x0100), DicomVr.US, TestImages.Words(1)).SetBytes(Tag(0x0102), DicomVr.US, TestImages.Words(0));
        return dataset.SetBytes(Tag(0x3000), DicomVr.OW, bits);
    }

    public static DicomDataset Annotate(this DicomDataset state, params DicomDataset[] annotations) => state.SetItems(DicomTags.GraphicAnnotationSequence, annotations);

    public static DicomDataset Graphic(string layer, string type, string units, bool filled, params float[] points) => new DicomDataset()
        .Set(DicomTags.GraphicLayer, layer)
        .SetItems(DicomTags.GraphicObjectSequence, new DicomDataset().Set(DicomTags.GraphicAnnotationUnits, units).Set(DicomTags.GraphicDimensions, 2)
            .Set(DicomTags.NumberOfGraphicPoints, points.Length / 2).Set(DicomTags.GraphicData, Array.ConvertAll(points, p => (double)p))
            .Set(DicomTags.GraphicType, type).Set(DicomTags.GraphicFilled, filled ? "Y" : "N"));

    public static DicomDataset Text(string layer, string text, string units, double[]? box, double[]? anchor, string justification = "LEFT")
    {
        var item = new DicomDataset().Set(DicomTags.UnformattedTextValue, text);
        if (box is not null)
        {
            item.Set(DicomTags.BoundingBoxAnnotationUnits, units).Set(DicomTags.BoundingBoxTopLeftHandCorner, box[0], box[1])
                .Set(DicomTags.BoundingBoxBottomRightHandCorner, box[2], box[3]).Set(DicomTags.BoundingBoxTextHorizontalJustification, justification);
        }

        if (anchor is not null)
        {
            item.Set(DicomTags.AnchorPointAnnotationUnits, units).Set(DicomTags.AnchorPoint, anchor).Set(DicomTags.AnchorPointVisibility, "Y");
        }

        return new DicomDataset().Set(DicomTags.SpecificCharacterSet, "ISO_IR 192").Set(DicomTags.GraphicLayer, layer).SetItems(DicomTags.TextObjectSequence, item);
    }
}
