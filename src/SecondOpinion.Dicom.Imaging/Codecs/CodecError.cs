namespace SecondOpinion.Dicom.Imaging.Codecs;

/// <summary>Makes the exceptions of the codecs.</summary>
internal static class CodecError
{
    public static ImagingException Truncated(string what) => new(ImagingError.InvalidPixelData, $"The data end inside a {what}.");

    public static ImagingException Invalid(string what) => new(ImagingError.InvalidPixelData, $"Damaged data: {what}.");

    public static ImagingException Unsupported(string what) => new(ImagingError.UnsupportedTransferSyntax, $"Not supported: {what}.");

    public static ImagingException TooLarge() =>
        new(ImagingError.TooLarge, $"A frame of more than {CodecImage.MaxBytes} bytes is not decoded.");
}
