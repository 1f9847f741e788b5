using System.Globalization;

namespace SecondOpinion.Dicom.Imaging.Codecs;

/// <summary>Attributes that change with the encoding of pixel data (PS3.3 C.7.6.3.1, C.7.6.1.1.5).</summary>
internal static class TranscodedAttributes
{
    /// <summary>Describes samples as a decoded frame holds them: by pixel, the value in the low bits.</summary>
    public static void Describe(DicomDataset dataset, DecodedFrame frame, string photometric)
    {
        dataset.Set(DicomTags.PhotometricInterpretation, photometric);
        dataset.Set(DicomTags.BitsAllocated, frame.BytesPerSample * 8);
        dataset.Set(DicomTags.BitsStored, frame.BitsStored);
        dataset.Set(DicomTags.HighBit, frame.BitsStored - 1);
        if (frame.SamplesPerPixel > 1)
        {
            dataset.Set(DicomTags.PlanarConfiguration, 0);
        }
        else
        {
            dataset.Remove(DicomTags.PlanarConfiguration);
        }
    }

    /// <summary>Pixels that were compressed with loss stay so (PS3.3 C.7.6.1.1.5). Said here when the data set does not say it; syntaxes that may be
    /// either leave the question open.</summary>
    public static void KeepLossyHistory(DicomDataset dataset, string source, DicomImage image, long nativeBytes)
    {
        var isLossy = source is DicomUids.JPEGBaseline8Bit or DicomUids.JPEGExtended12Bit or DicomUids.JPEGSpectralSelectionNonHierarchical68
            or DicomUids.JPEGFullProgressionNonHierarchical1012;
        if (!isLossy || dataset.GetString(DicomTags.LossyImageCompression) == "01")
        {
            return;
        }

        var compressed = 0L;
        for (var frame = 0; frame < image.FrameCount; frame++)
        {
            compressed += image.FrameBytes(frame).Length;
        }

        AddLossy(dataset, "ISO_10918_1", nativeBytes / (double)Math.Max(1, compressed));
    }

    /// <summary>One more lossy step: ratio and method go to the end of their lists.</summary>
    public static void AddLossy(DicomDataset dataset, string method, double ratio)
    {
        var ratios = dataset.GetStrings(DicomTags.LossyImageCompressionRatio);
        var methods = dataset.GetStrings(DicomTags.LossyImageCompressionMethod);
        dataset.Set(DicomTags.LossyImageCompression, "01");
        dataset.Set(DicomTags.LossyImageCompressionRatio, [.. ratios, ratio.ToString("0.##", CultureInfo.InvariantCulture)]);
        dataset.Set(DicomTags.LossyImageCompressionMethod, [.. methods, method]);
    }

    public static void RemoveOffsetTables(DicomDataset dataset)
    {
        dataset.Remove(DicomTags.ExtendedOffsetTable);
        dataset.Remove(DicomTags.ExtendedOffsetTableLengths);
        dataset.Remove(new DicomTag(0x7FE0, 0x0003)); // Encapsulated Pixel Data Value Total Length
    }
}
