using SecondOpinion.Dicom.Imaging.Codecs.Jpeg;
using SecondOpinion.Dicom.Imaging.Codecs.Jpeg2000;
using SecondOpinion.Dicom.Imaging.Codecs.JpegLs;
using SecondOpinion.Dicom.Imaging.Codecs.Rle;

namespace SecondOpinion.Dicom.Imaging.Codecs;

/// <summary>How frames of one image are encoded in one transfer syntax.</summary>
internal sealed class PixelEncoding
{
    private readonly string _syntax;
    private readonly PixelTranscodeOptions _options;

    private PixelEncoding(string syntax, PixelTranscodeOptions options, string photometricInterpretation)
    {
        _syntax = syntax;
        _options = options;
        PhotometricInterpretation = photometricInterpretation;
    }

    /// <summary>Of the compressed image (PS3.5 8.2).</summary>
    public string PhotometricInterpretation { get; }

    /// <summary>Lossy Image Compression Method (PS3.3 C.7.6.1.1.5.1), or null when lossless.</summary>
    public string? LossyMethod => _syntax switch
    {
        DicomUids.JPEGBaseline8Bit => "ISO_10918_1",
        DicomUids.JPEGLSNearLossless => "ISO_14495_1",
        DicomUids.JPEG2000 => "ISO_15444_1",
        _ => null,
    };

    public static bool CanEncode(string syntax) => syntax is DicomUids.RLELossless or DicomUids.JPEGBaseline8Bit or DicomUids.JPEGLossless or DicomUids.JPEGLosslessSV1
        or DicomUids.JPEGLSLossless or DicomUids.JPEGLSNearLossless or DicomUids.JPEG2000Lossless or DicomUids.JPEG2000;

    /// <param name="first">A decoded frame: all frames are alike.</param>
    /// <exception cref="ImagingException">The syntax cannot hold such an image.</exception>
    public static PixelEncoding For(string syntax, DecodedFrame first, ImageDescription description, PixelTranscodeOptions options)
    {
        if (first.IsFloat)
        {
            throw Unfit("Float pixel data are not compressed.");
        }

        var photometric = first.PhotometricInterpretation;
        if (description.BitsAllocated == 1 || first.BitsStored < 2)
        {
            throw Unfit("Images of one bit per pixel are not compressed.");
        }

        if (first.BytesPerSample == 4 && syntax != DicomUids.RLELossless)
        {
            throw Unfit("Samples of 32 bits fit RLE only.");
        }

        var encoding = new PixelEncoding(syntax, options, syntax switch
        {
            DicomUids.JPEG2000Lossless when photometric == "RGB" => "YBR_RCT", // PS3.5 8.2.4
            DicomUids.JPEG2000 when photometric == "RGB" => "YBR_ICT",
            DicomUids.JPEGBaseline8Bit when photometric == "RGB" => "YBR_FULL", // PS3.5 8.2.1
            _ => photometric,
        });
        if (encoding.LossyMethod is not null && photometric == "PALETTE COLOR")
        {
            throw Unfit("Palette indices do not bear lossy compression.");
        }

        if (syntax == DicomUids.JPEGLSNearLossless && (first.IsSigned || options.Near is < 1 or > 255))
        {
            throw Unfit("Near-lossless JPEG-LS has unsigned samples and a deviation of 1 to 255."); // PS3.5 8.2.3: the codec knows no sign
        }

        if (syntax == DicomUids.JPEGBaseline8Bit && (first.IsSigned || first.BitsStored > 8 || photometric is not ("RGB" or "YBR_FULL" or "MONOCHROME1" or "MONOCHROME2")))
        {
            throw Unfit("JPEG baseline holds 8-bit grey, RGB or YBR_FULL images.");
        }

        return encoding;
    }

    /// <summary>The frame with as many bytes per sample as the codec takes for its bits; RLE takes cells as they are.</summary>
    public DecodedFrame Prepare(DecodedFrame frame)
    {
        if (frame.BytesPerSample == 1 || frame.BitsStored > 8 || _syntax == DicomUids.RLELossless)
        {
            return frame;
        }

        var count = frame.Rows * frame.Columns * frame.SamplesPerPixel;
        var narrow = new byte[count];
        for (var i = 0; i < count; i++)
        {
            narrow[i] = frame.Data[i * frame.BytesPerSample];
        }

        return new DecodedFrame(frame.Rows, frame.Columns, frame.SamplesPerPixel, 1, frame.BitsStored, frame.IsSigned, frame.PhotometricInterpretation, narrow);
    }

    public byte[] Encode(DecodedFrame decoded)
    {
        var f = Prepare(decoded);
        var samples = f.Data.AsSpan(0, f.Rows * f.Columns * f.SamplesPerPixel * f.BytesPerSample);
        return _syntax switch
        {
            DicomUids.RLELossless => RleEncoder.Encode(samples, f.Columns, f.Rows, f.SamplesPerPixel, f.BytesPerSample),
            DicomUids.JPEGLossless or DicomUids.JPEGLosslessSV1 => JpegLosslessEncoder.Encode(samples, f.Columns, f.Rows, f.SamplesPerPixel, f.BitsStored),
            DicomUids.JPEGLSLossless => JpegLsEncoder.Encode(samples, f.Columns, f.Rows, f.SamplesPerPixel, f.BitsStored, 0),
            DicomUids.JPEGLSNearLossless => JpegLsEncoder.Encode(samples, f.Columns, f.Rows, f.SamplesPerPixel, f.BitsStored, NearFor(f.BitsStored)),
            DicomUids.JPEGBaseline8Bit => EncodeBaseline(f),
            _ => EncodeJpeg2000(samples, f),
        };
    }

    /// <summary>T.87 Table C.3 allows half of the greatest sample at most.</summary>
    private int NearFor(int bits) => Math.Min(_options.Near, ((1 << bits) - 1) / 2);

    private byte[] EncodeBaseline(DecodedFrame f)
    {
        using var stream = new MemoryStream(f.Data.Length / 8); // mostly suffices
        var quality = f.SamplesPerPixel == 3 ? Math.Max(90, _options.Quality) : _options.Quality;
        JpegEncoder.Write(new RenderedImage(f.Columns, f.Rows, f.SamplesPerPixel, 8, f.Data), stream, quality, isYcc: f.PhotometricInterpretation == "YBR_FULL");
        return stream.ToArray();
    }

    private byte[] EncodeJpeg2000(ReadOnlySpan<byte> samples, DecodedFrame f)
    {
        var request = new Jpeg2000EncodeRequest(
            f.Columns, f.Rows, f.SamplesPerPixel, f.BitsStored, f.IsSigned, PhotometricInterpretation is "YBR_RCT" or "YBR_ICT", LossyMethod is null, _options.Ratio, 0);
        return CodecWorkerPool.Shared.Encode(samples, request);
    }

    private static ImagingException Unfit(string message) => new(ImagingError.UnsupportedImage, message);
}
