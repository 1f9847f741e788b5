using System.Runtime.InteropServices;
using SecondOpinion.Dicom.Imaging.Codecs;
using SecondOpinion.Dicom.Imaging.Codecs.Jpeg;
using SecondOpinion.Dicom.Imaging.Codecs.JpegLs;
using SecondOpinion.Dicom.Imaging.Codecs.Rle;

namespace SecondOpinion.Dicom.Imaging;

/// <summary>The codecs by transfer syntax.</summary>
internal static class PixelCodecs
{
    private enum Family
    {
        None,
        Rle,
        Jpeg,
        JpegLs,
        Jpeg2000,
    }

    public static bool CanDecode(string transferSyntaxUid) => FamilyOf(transferSyntaxUid) != Family.None;

    /// <summary>Frames go through <see cref="CodecWorkerPool"/>.</summary>
    public static bool UsesWorkers(string transferSyntaxUid) => FamilyOf(transferSyntaxUid) == Family.Jpeg2000;

    /// <summary>Decodes the bytes of one frame, fragments joined.</summary>
    /// <param name="reduction">See <see cref="DicomImage.Decode(int, bool, int)"/>.</param>
    /// <exception cref="ImagingException">The data are damaged or no image that the codec handles, or do not fit the description.</exception>
    public static DecodedFrame Decode(string transferSyntaxUid, ReadOnlyMemory<byte> codestream, ImageDescription description, int reduction = 1)
    {
        var image = FamilyOf(transferSyntaxUid) switch
        {
            Family.Rle => RleDecoder.Decode(codestream.Span, description),
            Family.Jpeg => JpegDecoder.Decode(codestream, description, reduction),
            Family.JpegLs => JpegLsDecoder.Decode(codestream, description),
            Family.Jpeg2000 => DecodeJpeg2000(codestream.Span, description, isLossy: transferSyntaxUid is DicomUids.JPEG2000 or DicomUids.HTJ2K),
            _ => throw new ImagingException(ImagingError.UnsupportedTransferSyntax, $"No codec for transfer syntax {transferSyntaxUid}."),
        };
        return Fit(image, description);
    }

    private static CodecImage DecodeJpeg2000(ReadOnlySpan<byte> codestream, ImageDescription description, bool isLossy)
    {
        var image = CodecWorkerPool.Shared.Decode(codestream, description.Columns, description.Rows, description.SamplesPerPixel);
        if (isLossy && image.Precision > description.BitsStored && image.Precision > 8 && image.IsSigned == description.IsSigned)
        {
            Clamp(MemoryMarshal.Cast<byte, ushort>(image.Samples.AsSpan()), image.Precision, description);
        }

        // The codestream's component transform has been undone (PS3.3 C.7.6.3.1.2: YBR_RCT, YBR_ICT).
        return description.PhotometricInterpretation is "YBR_RCT" or "YBR_ICT" ? image with { PhotometricInterpretation = "RGB" } : image;
    }

    /// <summary>Lossy coding overshoots at edges. Where the codestream has more bits than the data set stores, what is beyond them would wrap around.</summary>
    private static void Clamp(Span<ushort> samples, int precision, ImageDescription description)
    {
        if (description.HighBit != description.BitsStored - 1)
        {
            return; // the codestream holds whole cells
        }

        var unused = 32 - precision;
        var (low, high) = description.IsSigned
            ? (-(1 << (description.BitsStored - 1)), (1 << (description.BitsStored - 1)) - 1)
            : (0, (1 << description.BitsStored) - 1);
        foreach (ref var sample in samples)
        {
            var value = description.IsSigned ? (sample << unused) >> unused : sample;
            sample = (ushort)Math.Clamp(value, low, high);
        }
    }

    private static Family FamilyOf(string uid) => uid switch
    {
        DicomUids.RLELossless => Family.Rle,
        // The retired processes differ in nothing that a decoder of all of them would have to be told.
        DicomUids.JPEGBaseline8Bit or DicomUids.JPEGExtended12Bit or DicomUids.JPEGSpectralSelectionNonHierarchical68
            or DicomUids.JPEGFullProgressionNonHierarchical1012 or DicomUids.JPEGLossless or DicomUids.JPEGLosslessSV1 => Family.Jpeg,
        DicomUids.JPEGLSLossless or DicomUids.JPEGLSNearLossless => Family.JpegLs,
        DicomUids.JPEG2000Lossless or DicomUids.JPEG2000
            or DicomUids.HTJ2KLossless or DicomUids.HTJ2KLosslessRPCL or DicomUids.HTJ2K => Family.Jpeg2000,
        _ => Family.None,
    };

    private static DecodedFrame Fit(CodecImage image, ImageDescription description)
    {
        if (image.Reduction == 1)
        {
            CodecImage.Expect(description, image.Width, image.Height, image.Components);
        }

        return new DecodedFrame(
            image.Height,
            image.Width,
            image.Components,
            image.BytesPerSample,
            image.Precision,
            description.IsSigned,
            image.PhotometricInterpretation ?? Unsubsampled(description.PhotometricInterpretation),
            image.Samples)
        {
            Reduction = image.Reduction,
        };
    }

    /// <summary>No codec here leaves chrominance subsampled, whatever the label says.</summary>
    private static string Unsubsampled(string photometric) => photometric == "YBR_FULL_422" ? "YBR_FULL" : photometric;
}
