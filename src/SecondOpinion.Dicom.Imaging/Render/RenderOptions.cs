namespace SecondOpinion.Dicom.Imaging;

/// <summary>The media types of rendered images (PS3.18 8.7.4).</summary>
public enum RenderFormat
{
    /// <summary>image/jpeg, 8 bits.</summary>
    Jpeg,
    /// <summary>image/png, 8 or 16 bits.</summary>
    Png,
    /// <summary>image/gif, at most 256 colours.</summary>
    Gif,
    /// <summary>image/tiff, 8 or 16 bits, deflated.</summary>
    Tiff,
}

/// <summary>VOI LUT Function (PS3.3 C.11.2.1.2, C.11.2.1.3).</summary>
public enum VoiFunction
{
    /// <summary>A window of C.11.2.1.2.1.</summary>
    Linear,
    /// <summary>A window whose edges are exact (C.11.2.1.3.2).</summary>
    LinearExact,
    /// <summary>An S-shaped curve (C.11.2.1.3.1).</summary>
    Sigmoid,
}

/// <summary>
/// The part of an image that is shown, and the box that it is scaled into without distortion (PS3.18 8.3.5.1.3). A negative source width or height flips; absent ones
/// reach to the image's edge.
/// </summary>
/// <param name="Width">Of the box, in pixels of the output.</param>
/// <param name="Height">Of the box, in pixels of the output.</param>
public sealed record Viewport(int Width, int Height, double SourceX = 0, double SourceY = 0, double? SourceWidth = null, double? SourceHeight = null);

/// <summary>What a rendered image shall be.</summary>
public sealed record RenderOptions
{
    /// <summary>JPEG of quality 90 in the size of the frame, nothing burned in.</summary>
    public static RenderOptions Default { get; } = new();

    /// <summary>What <see cref="DicomRenderer.Write"/> makes.</summary>
    public RenderFormat Format { get; init; } = RenderFormat.Jpeg;

    /// <summary>Of JPEG, 1 to 100.</summary>
    public int Quality { get; init; } = 90;

    /// <summary>In place of the window or VOI LUT of the data set; ignored for colour.</summary>
    public (double Center, double Width, VoiFunction Function)? Window { get; init; }

    /// <summary>The whole frame in its own size when null.</summary>
    public Viewport? Viewport { get; init; }

    /// <summary>Burns in name, id and birth date.</summary>
    public bool AnnotatePatient { get; init; }

    /// <summary>Burns in modality, date and exposure.</summary>
    public bool AnnotateTechnique { get; init; }

    /// <summary>Burns in the overlay planes (60xx).</summary>
    public bool Overlays { get; init; }

    /// <summary>Grey values of 16 bits in PNG and TIFF.</summary>
    public bool Png16 { get; init; }

    /// <summary>Pixels of the frame and of the output; 100 million, and never more than 350 million.</summary>
    public long MaxPixels { get; init; } = 100_000_000;

    /// <summary>
    /// A Grayscale Softcopy Presentation State (PS3.3 A.33.1) to show the image by, or null: modality, VOI and presentation LUTs, shutters, displayed area, rotation and
    /// flip, the overlays that it activates, and its annotations. <see cref="Overlays"/> then has no effect; <see cref="Window"/> goes before the state's.
    /// </summary>
    public DicomDataset? PresentationState { get; init; }

    internal bool Deep => Png16 && Format is (RenderFormat.Png or RenderFormat.Tiff);
}

/// <summary>Pixels ready for an encoder: grey or RGB, rows from the top, interleaved; 16-bit samples little endian.</summary>
public sealed class RenderedImage
{
    /// <summary>Takes the samples as they are, without a copy.</summary>
    /// <exception cref="ImagingException">Dimensions and bytes do not fit each other.</exception>
    public RenderedImage(int width, int height, int channels, int bitsPerSample, byte[] data)
    {
        if (width < 1 || height < 1 || channels is not (1 or 3) || bitsPerSample is not (8 or 16) || data.Length < (long)width * height * channels * (bitsPerSample / 8))
        {
            throw new ImagingException(ImagingError.InvalidImage, "Dimensions and bytes of the rendered image do not fit each other.");
        }

        Width = width;
        Height = height;
        Channels = channels;
        BitsPerSample = bitsPerSample;
        Data = data;
    }

    /// <summary>Pixels of a row.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>1 (grey) or 3 (RGB).</summary>
    public int Channels { get; }

    /// <summary>8 or 16.</summary>
    public int BitsPerSample { get; }

    /// <summary>At least width x height x channels samples.</summary>
    public byte[] Data { get; }

    /// <summary>Bytes of a row.</summary>
    internal int Stride => Width * Channels * (BitsPerSample / 8);
}
