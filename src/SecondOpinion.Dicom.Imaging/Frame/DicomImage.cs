namespace SecondOpinion.Dicom.Imaging;

/// <summary>The frames of a DICOM image.</summary>
public sealed class DicomImage
{
    /// <summary>A frame decoded.</summary>
    public DecodedFrame Decode(int frame) => throw new ImagingException(ImagingError.FrameOutOfRange, $"No frame {frame}.");
}
