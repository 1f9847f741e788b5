namespace SecondOpinion.Dicom.Imaging.Codecs;

/// <summary>What a codestream holds.</summary>
/// <param name="Precision">Bits of a sample, 1 to 32.</param>
/// <param name="Samples">By pixel, little endian, 1, 2 or 4 bytes each.</param>
/// <param name="IsSigned">The codestream itself says that samples are signed (JPEG 2000 does); null when it cannot say.</param>
internal sealed record CodecImage(int Width, int Height, int Components, int Precision, byte[] Samples, bool? IsSigned = null)
{
    /// <summary>Bytes of a frame that are decoded at most.</summary>
    public const int MaxBytes = 1 << 30;

    /// <summary>What the samples mean, where decoding changed that or knows better than the data set; otherwise null.</summary>
    public string? PhotometricInterpretation { get; init; }

    /// <summary>Width and height are those of the codestream divided by this, rounded up.</summary>
    public int Reduction { get; init; } = 1;

    public int BytesPerSample => BytesFor(Precision);

    public static int BytesFor(int precision) => precision <= 8 ? 1 : precision <= 16 ? 2 : 4;

    /// <summary>Bytes of a frame of these dimensions, checked against <see cref="MaxBytes"/>.</summary>
    public static int SizeOf(int width, int height, int components, int bytesPerSample)
    {
        var size = (long)width * height * components * bytesPerSample;
        return size <= MaxBytes ? (int)size : throw CodecError.TooLarge();
    }

    /// <summary>A codestream's dimensions are believed only when they are the data set's: before memory is taken for them.</summary>
    public static void Expect(ImageDescription description, int width, int height, int components)
    {
        if (width != description.Columns || height != description.Rows || components != description.SamplesPerPixel)
        {
            throw CodecError.Invalid(
                $"the codestream is {width} x {height} x {components}, its data set says {description.Columns} x {description.Rows} x {description.SamplesPerPixel}");
        }
    }
}
