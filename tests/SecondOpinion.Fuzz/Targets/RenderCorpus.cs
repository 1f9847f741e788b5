using System.Runtime.InteropServices;
using SecondOpinion.Dicom;

namespace SecondOpinion.Fuzz.Targets;

/// <summary>Small images with every attribute that steers rendering.</summary>
internal static class RenderCorpus
{
    private const int Rows = 10;
    private const int Columns = 12;

    internal static List<byte[]> All() => [.. Images().Select(i => DicomFile.Create(i.Set(DicomTags.SOPClassUID, DicomUids.SecondaryCaptureImageStorage), DicomUids.ExplicitVRLittleEndian).ToArray())];

    private static IEnumerable<DicomDataset> Images()
    {
        foreach (var (allocated, stored, signed) in new[] { (8, 8, 0), (16, 12, 0), (16, 16, 1), (32, 32, 1), (1, 1, 0), (16, 10, 1) })
        {
            yield return Image("MONOCHROME2", 1, allocated, stored, signed);
            yield return WithWindow(Image("MONOCHROME1", 1, allocated, stored, signed)).SetItems(DicomTags.ReferencedSeriesSequence, State());
            yield return WithTables(Image("MONOCHROME2", 1, allocated, stored, signed)).SetItems(DicomTags.ReferencedSeriesSequence, WithTables(State()));
            yield return WithOverlays(Image("MONOCHROME2", 1, allocated, stored, signed));
        }

        yield return Palette(Image("PALETTE COLOR", 1, 8, 8, 0), 256, segmented: false);
        yield return Palette(Image("PALETTE COLOR", 1, 16, 16, 0), 40, segmented: false);
        yield return Palette(Image("PALETTE COLOR", 1, 8, 8, 0), 32, segmented: true);
        foreach (var photometric in new[] { "RGB", "YBR_FULL", "YBR_FULL_422", "YBR_PARTIAL_420", "CMYK", "HSV" })
        {
            yield return WithOverlays(Image(photometric, photometric == "CMYK" ? 4 : 3, 8, 8, 0)).Set(DicomTags.PlanarConfiguration, photometric == "RGB" ? 1 : 0);
        }

        yield return Multiframe();
        foreach (var (tag, vr, bits) in new[] { (DicomTags.FloatPixelData, DicomVr.OF, 32), (DicomTags.DoubleFloatPixelData, DicomVr.OD, 64) })
        {
            var image = WithWindow(Image("MONOCHROME2", 1, 32, 32, 0)).Set(DicomTags.BitsAllocated, bits).SetBytes(tag, vr, (byte[])[.. Enumerable.Range(0, Rows * Columns * bits / 8).Select(i => (byte)(i * 29))]);
            image.Remove(DicomTags.PixelData);
            yield return image;
        }
    }

    private static DicomDataset Image(string photometric, int samples, int allocated, int stored, int signed) => new DicomDataset()
        .Set(DicomTags.SOPInstanceUID, "2.25.7").Set(DicomTags.Modality, "CT").Set(DicomTags.PatientName, "Müller^Anna").Set(DicomTags.PatientID, "P1").Set(DicomTags.PatientBirthDate, "19700102")
        .Set(DicomTags.KVP, 120.0).Set(DicomTags.SliceThickness, 1.5).Set(DicomTags.SamplesPerPixel, samples).Set(DicomTags.PhotometricInterpretation, photometric)
        .Set(DicomTags.Rows, Rows).Set(DicomTags.Columns, Columns).Set(DicomTags.BitsAllocated, allocated).Set(DicomTags.BitsStored, stored).Set(DicomTags.HighBit, stored - 1)
        .Set(DicomTags.PixelRepresentation, signed).Set(DicomTags.PixelAspectRatio, 4, 3).Set(DicomTags.PixelSpacing, 0.5, 0.25)
        .SetBytes(DicomTags.PixelData, DicomVr.OW, (byte[])[.. Enumerable.Range(0, ((Rows * Columns * samples * allocated / 8) + 1) & ~1).Select(i => (byte)(i * 37))]);

    private static DicomDataset WithWindow(DicomDataset dataset) => dataset
        .Set(DicomTags.WindowCenter, 40.0, 300.0).Set(DicomTags.WindowWidth, 400.0, 1500.0).Set(DicomTags.VOILUTFunction, "SIGMOID").Set(DicomTags.RescaleSlope, 2.0).Set(DicomTags.RescaleIntercept, -1024.0)
        .Set(DicomTags.PresentationLUTShape, "INVERSE").SetBytes(DicomTags.PixelPaddingValue, DicomVr.US, (byte[])[0, 0x80]).SetBytes(DicomTags.PixelPaddingRangeLimit, DicomVr.US, (byte[])[9, 0x80]);

    private static DicomDataset WithTables(DicomDataset dataset) => dataset
        .SetItems(DicomTags.ModalityLUTSequence, Table(64, 0, 12)).SetItems(DicomTags.VOILUTSequence, Table(100, 20, 10), Table(9, 0, 8)).SetItems(DicomTags.PresentationLUTSequence, Table(256, 0, 8));

    private static DicomDataset Table(int count, int first, int bits) => new DicomDataset()
        .SetBytes(DicomTags.LUTDescriptor, DicomVr.US, Words(count, first, bits)).SetBytes(DicomTags.LUTData, DicomVr.OW, Words([.. Enumerable.Range(0, count).Select(i => i * ((1 << bits) - 1) / count)]));

    private static DicomDataset WithOverlays(DicomDataset dataset)
    {
        foreach (var group in new ushort[] { 0x6000, 0x6002, 0x601E })
        {
            dataset.SetBytes(new(group, 0x10), DicomVr.US, Words(8)).SetBytes(new(group, 0x11), DicomVr.US, Words(9)).Set(new DicomElement(new(group, 0x15), DicomVr.IS, "2"))
                .Set(new DicomElement(new(group, 0x40), DicomVr.CS, "G")).SetBytes(new(group, 0x50), DicomVr.SS, Words(-1, 3)).SetBytes(new(group, 0x51), DicomVr.US, Words(1))
                .SetBytes(new(group, 0x100), DicomVr.US, Words(group == 0x6000 ? 1 : 16)).SetBytes(new(group, 0x102), DicomVr.US, Words(group == 0x6000 ? 0 : 13));
            if (group != 0x6002)
            {
                dataset.SetBytes(new(group, 0x3000), DicomVr.OW, (byte[])[.. Enumerable.Range(0, 18).Select(i => (byte)(i * 91))]);
            }
        }

        return dataset;
    }

    private static DicomDataset Palette(DicomDataset dataset, int count, bool segmented)
    {
        foreach (var (descriptor, data, segments) in new[]
        {
            (DicomTags.RedPaletteColorLookupTableDescriptor, DicomTags.RedPaletteColorLookupTableData, DicomTags.SegmentedRedPaletteColorLookupTableData),
            (DicomTags.GreenPaletteColorLookupTableDescriptor, DicomTags.GreenPaletteColorLookupTableData, DicomTags.SegmentedGreenPaletteColorLookupTableData),
            (DicomTags.BluePaletteColorLookupTableDescriptor, DicomTags.BluePaletteColorLookupTableData, DicomTags.SegmentedBluePaletteColorLookupTableData),
        })
        {
            dataset.SetBytes(descriptor, DicomVr.US, Words(count, 3, 16));
            // A discrete segment of 2, a linear one of 12, and two of them again (PS3.3 C.7.9.2).
            dataset.SetBytes(segmented ? segments : data, DicomVr.OW, segmented ? Words(0, 2, 100, 900, 1, 12, 60000, 0, 2, 5, 6, 1, 2, 4, 2, 2, 0, 0) : Words([.. Enumerable.Range(0, count).Select(i => i * 65535 / count)]));
        }

        return dataset;
    }

    /// <summary>A Grayscale Softcopy Presentation State (PS3.3 A.33.1) without what rendering does not read.</summary>
    private static DicomDataset State() => WithWindow(new DicomDataset())
        .Set(DicomTags.ImageRotation, 270).Set(DicomTags.ImageHorizontalFlip, "Y")
        .SetItems(DicomTags.SoftcopyVOILUTSequence, WithWindow(References(new())), WithWindow(new()))
        .Set(DicomTags.ShutterShape, "RECTANGULAR", "CIRCULAR", "POLYGONAL").Set(DicomTags.ShutterLeftVerticalEdge, 2).Set(DicomTags.ShutterRightVerticalEdge, 10)
        .Set(DicomTags.ShutterUpperHorizontalEdge, 1).Set(DicomTags.ShutterLowerHorizontalEdge, 9).Set(DicomTags.CenterOfCircularShutter, 5, 6).Set(DicomTags.RadiusOfCircularShutter, 4)
        .Set(DicomTags.VerticesOfThePolygonalShutter, 1, 1, 1, 12, 10, 6).SetBytes(DicomTags.ShutterPresentationValue, DicomVr.US, Words(30000))
        .Set(new DicomElement(new DicomTag(0x6000, 0x1001), DicomVr.CS, "LAYER"))
        .SetItems(DicomTags.GraphicLayerSequence, new DicomDataset().Set(DicomTags.GraphicLayer, "LAYER").Set(DicomTags.GraphicLayerOrder, 1)
            .SetBytes(DicomTags.GraphicLayerRecommendedDisplayGrayscaleValue, DicomVr.US, Words(40000)))
        .SetItems(DicomTags.GraphicAnnotationSequence, References(new DicomDataset().Set(DicomTags.GraphicLayer, "LAYER")
            .SetItems(DicomTags.TextObjectSequence, new DicomDataset().Set(DicomTags.UnformattedTextValue, "Zahn 36 ←").Set(DicomTags.AnchorPointAnnotationUnits, "PIXEL").Set(DicomTags.AnchorPointVisibility, "Y")
                .SetBytes(DicomTags.AnchorPoint, DicomVr.FL, Floats(3, 4)).Set(DicomTags.BoundingBoxAnnotationUnits, "DISPLAY").Set(DicomTags.BoundingBoxTextHorizontalJustification, "CENTER")
                .SetBytes(DicomTags.BoundingBoxTopLeftHandCorner, DicomVr.FL, Floats(0.1f, 0.2f)).SetBytes(DicomTags.BoundingBoxBottomRightHandCorner, DicomVr.FL, Floats(0.9f, 0.8f)))
            .SetItems(DicomTags.GraphicObjectSequence, [.. new[] { "POINT", "POLYLINE", "INTERPOLATED", "CIRCLE", "ELLIPSE" }.Select(Graphic)])))
        .SetItems(DicomTags.DisplayedAreaSelectionSequence, References(new DicomDataset().Set(DicomTags.DisplayedAreaTopLeftHandCorner, 2, 3).Set(DicomTags.DisplayedAreaBottomRightHandCorner, 9, 9)
            .Set(DicomTags.PresentationSizeMode, "SCALE TO FIT").Set(DicomTags.PresentationPixelAspectRatio, 1, 2)));

    private static DicomDataset Graphic(string type)
    {
        float[] points = type switch { "POINT" => [3, 3], "CIRCLE" => [5, 5, 5, 8], "ELLIPSE" => [1, 5, 9, 5, 5, 3, 5, 7], _ => [1, 1, 9, 2, 4, 8, 1, 1] };
        return new DicomDataset().Set(DicomTags.GraphicAnnotationUnits, "PIXEL").Set(DicomTags.GraphicDimensions, 2).Set(DicomTags.NumberOfGraphicPoints, points.Length / 2)
            .SetBytes(DicomTags.GraphicData, DicomVr.FL, Floats(points)).Set(DicomTags.GraphicType, type).Set(DicomTags.GraphicFilled, "Y");
    }

    private static byte[] Floats(params float[] values) => MemoryMarshal.AsBytes(values.AsSpan()).ToArray();

    private static DicomDataset References(DicomDataset item) =>
        item.SetItems(DicomTags.ReferencedImageSequence, new DicomDataset().Set(DicomTags.ReferencedSOPInstanceUID, "2.25.7").Set(DicomTags.ReferencedFrameNumber, 1, 2));

    private static DicomDataset Multiframe()
    {
        var dataset = Image("MONOCHROME2", 1, 16, 12, 0).Set(DicomTags.NumberOfFrames, 3);
        var group = new DicomDataset()
            .SetItems(DicomTags.FrameVOILUTSequence, WithWindow(new()))
            .SetItems(DicomTags.PixelValueTransformationSequence, WithWindow(new()))
            .SetItems(DicomTags.PixelMeasuresSequence, new DicomDataset().Set(DicomTags.PixelSpacing, 0.1, 0.3));
        return dataset.SetItems(DicomTags.PerFrameFunctionalGroupsSequence, group, group.Clone()).SetItems(DicomTags.SharedFunctionalGroupsSequence, group.Clone())
            .SetBytes(DicomTags.PixelData, DicomVr.OW, new byte[Rows * Columns * 2 * 3]);
    }

    private static byte[] Words(params int[] values) => MemoryMarshal.AsBytes(Array.ConvertAll(values, v => (ushort)v).AsSpan()).ToArray();
}
