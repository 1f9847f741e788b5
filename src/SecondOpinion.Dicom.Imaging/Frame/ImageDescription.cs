namespace SecondOpinion.Dicom.Imaging;

/// <summary>The Image Pixel Module of a data set (PS3.3 C.7.6.3), checked: what a codec and the renderer need to read a frame.</summary>
public sealed record ImageDescription
{
    /// <summary>1 to 65535.</summary>
    public required int Rows { get; init; }

    /// <summary>1 to 65535.</summary>
    public required int Columns { get; init; }

    /// <summary>1, 3 or 4.</summary>
    public required int SamplesPerPixel { get; init; }

    /// <summary>1, 8, 12, 16 or 32; of float pixels 32 or 64.</summary>
    public required int BitsAllocated { get; init; }

    /// <summary>1 to <see cref="BitsAllocated"/>.</summary>
    public required int BitsStored { get; init; }

    /// <summary><see cref="BitsStored"/> - 1 to <see cref="BitsAllocated"/> - 1.</summary>
    public required int HighBit { get; init; }

    /// <summary>Pixel Representation is 1: two's complement.</summary>
    public required bool IsSigned { get; init; }

    /// <summary>As in the data set: MONOCHROME1, MONOCHROME2, PALETTE COLOR, RGB, YBR_FULL, YBR_FULL_422, YBR_ICT, YBR_RCT, ...</summary>
    public required string PhotometricInterpretation { get; init; }

    /// <summary>Float or Double Float Pixel Data (PS3.3 C.7.6.24, C.7.6.25) in place of Pixel Data.</summary>
    public bool IsFloat { get; init; }

    /// <summary>Planar Configuration is 1: samples by plane.</summary>
    public bool IsPlanar { get; init; }

    /// <summary>Number of Frames, at least 1.</summary>
    public int NumberOfFrames { get; init; } = 1;

    /// <summary><see cref="Rows"/> times <see cref="Columns"/>.</summary>
    public long PixelsPerFrame => (long)Rows * Columns;

    /// <summary>Bits of one uncompressed frame; frames of one bit per pixel follow each other without padding (PS3.5 8.1.1).</summary>
    public long BitsPerFrame => PixelsPerFrame * BitsAllocated * (Is422 ? 2 : SamplesPerPixel);

    /// <summary>Bytes of one uncompressed frame, the last bits padded.</summary>
    public long BytesPerFrame => (BitsPerFrame + 7) / 8;

    /// <summary>Chrominance of uncompressed pixels stands once for two pixels (PS3.3 C.7.6.3.1.2).</summary>
    internal bool Is422 => SamplesPerPixel == 3 && PhotometricInterpretation is "YBR_FULL_422" or "YBR_PARTIAL_422";

    /// <summary>The samples are grey values.</summary>
    public bool IsMonochrome => PhotometricInterpretation is "MONOCHROME1" or "MONOCHROME2";

    /// <summary>Reads and checks the attributes.</summary>
    /// <exception cref="ImagingException">One is missing, out of range or contradicts another.</exception>
    public static ImageDescription Of(DicomDataset dataset)
    {
        if (!dataset.Contains(DicomTags.PixelData) && (dataset.Contains(DicomTags.FloatPixelData) || dataset.Contains(DicomTags.DoubleFloatPixelData)))
        {
            return OfFloat(dataset);
        }

        var samples = dataset.GetInt32(DicomTags.SamplesPerPixel) ?? 1;
        var allocated = Required(dataset, DicomTags.BitsAllocated);
        var stored = dataset.GetInt32(DicomTags.BitsStored) ?? allocated;
        var description = new ImageDescription
        {
            Rows = Required(dataset, DicomTags.Rows),
            Columns = Required(dataset, DicomTags.Columns),
            SamplesPerPixel = samples,
            BitsAllocated = allocated,
            BitsStored = stored,
            HighBit = dataset.GetInt32(DicomTags.HighBit) ?? stored - 1,
            IsSigned = dataset.GetInt32(DicomTags.PixelRepresentation) == 1,
            PhotometricInterpretation = dataset.GetString(DicomTags.PhotometricInterpretation)?.ToUpperInvariant() ?? (samples == 1 ? "MONOCHROME2" : "RGB"),
            IsPlanar = samples > 1 && dataset.GetInt32(DicomTags.PlanarConfiguration) == 1,
            NumberOfFrames = Math.Max(1, dataset.GetInt32(DicomTags.NumberOfFrames) ?? 1),
        };
        description.Check();
        return description;
    }

    /// <summary>PS3.3 C.7.6.24, C.7.6.25: grey, the bits are those of the value representation.</summary>
    private static ImageDescription OfFloat(DicomDataset dataset)
    {
        var bits = dataset.Contains(DicomTags.FloatPixelData) ? 32 : 64;
        var description = new ImageDescription
        {
            Rows = Required(dataset, DicomTags.Rows),
            Columns = Required(dataset, DicomTags.Columns),
            SamplesPerPixel = 1,
            BitsAllocated = bits,
            BitsStored = bits,
            HighBit = bits - 1,
            IsSigned = true,
            IsFloat = true,
            PhotometricInterpretation = dataset.GetString(DicomTags.PhotometricInterpretation) == "MONOCHROME1" ? "MONOCHROME1" : "MONOCHROME2",
            NumberOfFrames = Math.Max(1, dataset.GetInt32(DicomTags.NumberOfFrames) ?? 1),
        };
        description.Check();
        return description;
    }

    private void Check()
    {
        if (Rows is < 1 or > 65535 || Columns is < 1 or > 65535)
        {
            throw new ImagingException(ImagingError.InvalidImage, "Rows and Columns are 1 to 65535.");
        }

        if (SamplesPerPixel is not (1 or 3 or 4))
        {
            throw new ImagingException(ImagingError.InvalidImage, "Samples per Pixel is 1, 3 or 4.");
        }

        // Packed cells of 12 bits were allowed until 2001 (PS3.5 8.1.1); other sizes never were in use.
        if (!IsFloat && BitsAllocated is not (1 or 8 or 12 or 16 or 32))
        {
            throw new ImagingException(ImagingError.UnsupportedImage, $"Bits Allocated of {BitsAllocated} is not supported.");
        }

        if (BitsStored < 1 || BitsStored > BitsAllocated || HighBit < BitsStored - 1 || HighBit >= BitsAllocated)
        {
            throw new ImagingException(ImagingError.InvalidImage, "Bits Stored or High Bit do not fit Bits Allocated.");
        }
    }

    private static int Required(DicomDataset dataset, DicomTag tag) =>
        dataset.GetInt32(tag) ?? throw new ImagingException(ImagingError.InvalidImage, $"{tag.Keyword} is missing.");
}
