using SecondOpinion.Dicom.Imaging.Codecs;
using SecondOpinion.Dicom.Imaging.Codecs.Jpeg;
using SecondOpinion.Dicom.Imaging.Codecs.JpegLs;
using SecondOpinion.Dicom.Imaging.Codecs.Rle;

namespace SecondOpinion.Dicom.Imaging;

/// <summary>The codecs by transfer syntax.</summary>
internal static class PixelCodecs
{
    /// <summary>High-Throughput JPEG 2000 (PS3.5 10.18), newer than the dictionary.</summary>
    public const string HtJ2KLossless = "1.2.840.10008.1.2.4.201";
    public const string HtJ2KLosslessRpcl = "1.2.840.10008.1.2.4.202";
    public const string HtJ2K = "1.2.840.10008.1.2.4.203";

    private enum Family
    {
        None,
        Rle,
        Jpeg,
        JpegLs,
        Jpeg2000,
    }

    public static bool CanDecode(string transferSyntaxUid) => FamilyOf(transferSyntaxUid) != Family.None;

    /// <summary>Decodes the bytes of one frame, fragments joined.</summary>
    /// <exception cref="ImagingException">The data are damaged or no image that the codec handles, or do not fit the description.</exception>
    public static DecodedFrame Decode(string transferSyntaxUid, ReadOnlyMemory<byte> codestream, ImageDescription description)
    {
        var image = FamilyOf(transferSyntaxUid) switch
        {
            Family.Rle => RleDecoder.Decode(codestream.Span, description),
            Family.Jpeg => JpegDecoder.Decode(codestream, description),
            Family.JpegLs => JpegLsDecoder.Decode(codestream),
            Family.Jpeg2000 => DecodeJpeg2000(codestream.Span, description),
            _ => throw new ImagingException(ImagingError.UnsupportedTransferSyntax, $"No codec for transfer syntax {transferSyntaxUid}."),
        };
        return Fit(image, description);
    }

    private static CodecImage DecodeJpeg2000(ReadOnlySpan<byte> codestream, ImageDescription description)
    {
        var image = Jpeg2000WorkerPool.Shared.Decode(codestream, description.Columns, description.Rows, description.SamplesPerPixel);
        // The codestream's component transform has been undone (PS3.3 C.7.6.3.1.2: YBR_RCT, YBR_ICT).
        return description.PhotometricInterpretation is "YBR_RCT" or "YBR_ICT" ? image with { PhotometricInterpretation = "RGB" } : image;
    }

    private static Family FamilyOf(string uid) => uid switch
    {
        DicomUids.RLELossless => Family.Rle,
        // The retired processes differ in nothing that a decoder of all of them would have to be told.
        DicomUids.JPEGBaseline8Bit or DicomUids.JPEGExtended12Bit or DicomUids.JPEGSpectralSelectionNonHierarchical68
            or DicomUids.JPEGFullProgressionNonHierarchical1012 or DicomUids.JPEGLossless or DicomUids.JPEGLosslessSV1 => Family.Jpeg,
        DicomUids.JPEGLSLossless or DicomUids.JPEGLSNearLossless => Family.JpegLs,
        DicomUids.JPEG2000Lossless or DicomUids.JPEG2000 or HtJ2KLossless or HtJ2KLosslessRpcl or HtJ2K => Family.Jpeg2000,
        _ => Family.None,
    };

    private static DecodedFrame Fit(CodecImage image, ImageDescription description)
    {
        if (image.Width != description.Columns || image.Height != description.Rows || image.Components != description.SamplesPerPixel)
        {
            throw new ImagingException(
                ImagingError.InvalidPixelData,
                $"The codestream is {image.Width} x {image.Height} x {image.Components}, its data set says {description.Columns} x {description.Rows} x {description.SamplesPerPixel}.");
        }

        return new DecodedFrame(
            image.Height,
            image.Width,
            image.Components,
            image.BytesPerSample,
            image.Precision,
            description.IsSigned,
            image.PhotometricInterpretation ?? description.PhotometricInterpretation,
            image.Samples);
    }
}
