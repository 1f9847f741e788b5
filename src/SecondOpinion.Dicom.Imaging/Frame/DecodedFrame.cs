namespace SecondOpinion.Dicom.Imaging;

/// <summary>
/// One frame out of its transfer syntax: samples by pixel (interleaved), little endian, of 1, 2 or 4 bytes each, the value in the low bits, or floats of 4 or 8 bytes. What a codec returns need
/// not be sign-extended beyond <see cref="BitsStored"/>; <see cref="DicomImage.Decode(int)"/> sees to that.
/// </summary>
public sealed class DecodedFrame
{
    /// <exception cref="ImagingException">The data are shorter than the dimensions say.</exception>
    public DecodedFrame(int rows, int columns, int samplesPerPixel, int bytesPerSample, int bitsStored, bool isSigned, string photometricInterpretation, byte[] data)
    {
        if (bytesPerSample is not (1 or 2 or 4 or 8) || bitsStored < 1 || bitsStored > bytesPerSample * 8)
        {
            throw new ImagingException(ImagingError.InvalidPixelData, "A sample has 1, 2, 4 or 8 bytes.");
        }

        if (data.Length < (long)rows * columns * samplesPerPixel * bytesPerSample)
        {
            throw new ImagingException(ImagingError.InvalidPixelData, "The frame is shorter than its dimensions say.");
        }

        Rows = rows;
        Columns = columns;
        SamplesPerPixel = samplesPerPixel;
        BytesPerSample = bytesPerSample;
        BitsStored = bitsStored;
        IsSigned = isSigned;
        PhotometricInterpretation = photometricInterpretation;
        Data = data;
    }

    /// <summary>Lines of pixels.</summary>
    public int Rows { get; }

    /// <summary>Pixels of a line.</summary>
    public int Columns { get; }

    /// <summary>1, 3 or 4.</summary>
    public int SamplesPerPixel { get; }

    /// <summary>1, 2 or 4; of floats 4 or 8.</summary>
    public int BytesPerSample { get; }

    /// <summary>Samples are IEEE 754 numbers.</summary>
    public bool IsFloat { get; init; }

    /// <summary>Bits of a sample that carry its value: the codestream's precision.</summary>
    public int BitsStored { get; }

    /// <summary>Samples are two's complement of their whole size.</summary>
    public bool IsSigned { get; }

    /// <summary>What the samples mean now: MONOCHROME1, MONOCHROME2, PALETTE COLOR, RGB or YBR_FULL (never subsampled).</summary>
    public string PhotometricInterpretation { get; }

    /// <summary>At least <see cref="Rows"/> x <see cref="Columns"/> x <see cref="SamplesPerPixel"/> x <see cref="BytesPerSample"/> bytes.</summary>
    public byte[] Data { get; }

    /// <summary>The image's rows and columns over those of the frame, which are rounded up; 1 unless a reduced frame was asked for.</summary>
    internal int Reduction { get; init; } = 1;

    /// <summary>Whether <see cref="Data"/> belongs to the shared array pool.</summary>
    internal bool IsRented { get; init; }
}
