namespace SecondOpinion.Dicom.Imaging;

/// <summary>Why an image was refused.</summary>
public enum ImagingError
{
    /// <summary>No codec for the transfer syntax, or for this variant of it.</summary>
    UnsupportedTransferSyntax,

    /// <summary>A valid image of a kind that this library does not handle (HSV, float samples in TIFF, ...).</summary>
    UnsupportedImage,

    /// <summary>The data set holds no pixel data, or not all of it was read.</summary>
    NoPixelData,

    /// <summary>The pixel data are damaged, or shorter than the attributes say.</summary>
    InvalidPixelData,

    /// <summary>The attributes that describe the image are missing or contradict each other, or a foreign image's header is damaged.</summary>
    InvalidImage,

    /// <summary>More pixels or bytes than the limit allows.</summary>
    TooLarge,

    /// <summary>A native library that the codec needs is not installed.</summary>
    MissingLibrary,

    /// <summary>There is no such frame.</summary>
    FrameOutOfRange,

    /// <summary>An option of the caller makes no sense for the image (viewport outside it, window width, ...).</summary>
    InvalidOption,

    /// <summary>Decoding took longer, or more memory, than its limit.</summary>
    LimitExceeded,
}

/// <summary>The one exception of this library. <see cref="Code"/> is stable; the message is for people and holds no patient data.</summary>
public sealed class ImagingException : Exception
{
    /// <summary>With the code that callers decide by, and a sentence for people.</summary>
    public ImagingException(ImagingError code, string message, Exception? inner = null)
        : base(message, inner)
    {
        Code = code;
    }

    /// <summary>Why the image was refused.</summary>
    public ImagingError Code { get; }
}
