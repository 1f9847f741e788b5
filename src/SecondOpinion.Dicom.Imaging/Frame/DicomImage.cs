using System.IO.Compression;

namespace SecondOpinion.Dicom.Imaging;

/// <summary>The frames of a DICOM image. Safe for use by several threads as long as the data set does not change.</summary>
public sealed class DicomImage
{
    /// <summary>Pixels of the largest frame that is decoded unless the caller says otherwise: 268 million.</summary>
    public const long DefaultMaxFramePixels = 1L << 28;

    private readonly ReadOnlyMemory<byte> _native;
    private readonly EncapsulatedFrames? _encapsulated;
    private readonly long _maxFramePixels;

    private DicomImage(DicomFile file, ImageDescription description, ReadOnlyMemory<byte> native, EncapsulatedFrames? encapsulated, long maxFramePixels)
    {
        Dataset = file.Dataset;
        TransferSyntaxUid = file.TransferSyntaxUid;
        Description = description;
        _native = native;
        _encapsulated = encapsulated;
        _maxFramePixels = maxFramePixels;
    }

    /// <summary>The attributes that the image was opened with.</summary>
    public DicomDataset Dataset { get; }

    /// <summary>How the pixel data are stored.</summary>
    public string TransferSyntaxUid { get; }

    /// <summary>The checked attributes of the pixels.</summary>
    public ImageDescription Description { get; }

    /// <summary>Number of Frames as the data set says, at least 1.</summary>
    public int FrameCount => Description.NumberOfFrames;

    /// <summary>Frames are codestreams of their own rather than rows of samples.</summary>
    public bool IsCompressed => _encapsulated is not null && TransferSyntaxUid != DicomUids.EncapsulatedUncompressedExplicitVRLittleEndian;

    /// <summary>Whether frames of a transfer syntax can be decoded here; of JPIP the data set has none.</summary>
    public static bool CanDecode(string transferSyntaxUid) =>
        (!DicomTransferSyntax.Of(transferSyntaxUid).IsEncapsulated && !IsReferenced(transferSyntaxUid))
        || transferSyntaxUid is DicomUids.EncapsulatedUncompressedExplicitVRLittleEndian or DicomUids.DeflatedImageFrameCompression
        || PixelCodecs.CanDecode(transferSyntaxUid);

    /// <summary>PS3.5 A.6 to A.8: Pixel Data Provider URL stands in place of Pixel Data.</summary>
    private static bool IsReferenced(string transferSyntaxUid) => transferSyntaxUid
        is DicomUids.JPIPReferenced or DicomUids.JPIPReferencedDeflate or DicomUids.JPIPHTJ2KReferenced or DicomUids.JPIPHTJ2KReferencedDeflate;

    /// <summary>Checks the image's attributes and finds its pixel data; decodes nothing.</summary>
    /// <exception cref="ImagingException">No pixel data, or attributes that make no image.</exception>
    public static DicomImage Open(DicomFile file, long maxFramePixels = DefaultMaxFramePixels)
    {
        if (!file.Dataset.TryGet(DicomTags.PixelData, out var element)
            && !file.Dataset.TryGet(DicomTags.FloatPixelData, out element)
            && !file.Dataset.TryGet(DicomTags.DoubleFloatPixelData, out element))
        {
            throw new ImagingException(ImagingError.NoPixelData, file.IsHeaderOnly ? "Pixel Data was not read." : "The data set holds no Pixel Data.");
        }

        var description = ImageDescription.Of(file.Dataset);
        if (element.Fragments is { } fragments)
        {
            if (description.IsFloat)
            {
                throw new ImagingException(ImagingError.InvalidPixelData, "Float pixel data are not encapsulated (PS3.5 A.4).");
            }

            return new DicomImage(file, description, default, new EncapsulatedFrames(fragments, file.Dataset, file.TransferSyntaxUid, description.NumberOfFrames), maxFramePixels);
        }

        var bytes = NativeFrame.LittleEndian(element, file.TransferSyntaxUid, description.BitsAllocated);
        if (description.Is422 && bytes.Length / (description.PixelsPerFrame * 3) >= description.NumberOfFrames)
        {
            // Some writers leave the name of their JPEG source on pixels that are no longer subsampled.
            description = description with { PhotometricInterpretation = "YBR_FULL" };
        }

        return new DicomImage(file, description, bytes, null, maxFramePixels);
    }

    /// <summary>A frame as it is stored: rows of little endian samples, or one codestream. No copy unless the frame is split or not byte aligned.</summary>
    /// <param name="frame">From 0.</param>
    /// <exception cref="ImagingException">There is no such frame, or its bytes are missing.</exception>
    public ReadOnlyMemory<byte> FrameBytes(int frame)
    {
        if (frame < 0 || frame >= FrameCount)
        {
            throw new ImagingException(ImagingError.FrameOutOfRange, $"There are {FrameCount} frames.");
        }

        return _encapsulated is not null ? _encapsulated.Frame(frame) : NativeFrame.Slice(_native, frame, Description);
    }

    /// <summary>A frame's samples.</summary>
    /// <param name="frame">From 0.</param>
    /// <exception cref="ImagingException">No codec, damaged pixel data, or a frame larger than the limit.</exception>
    public DecodedFrame Decode(int frame) => Decode(frame, rented: false);

    /// <param name="frame">From 0.</param>
    /// <param name="rented">
    /// Samples of 16 bits that are not compressed are put into an array of the shared pool where that pays; the caller gives it back when
    /// <see cref="DecodedFrame.IsRented"/>.
    /// </param>
    /// <param name="reduction">
    /// 1, 2, 4 or 8: a frame of unsigned 8-bit samples whose codec can make it smaller at less work (DCT JPEG) may come divided by that or less, each sample the mean
    /// of those that it stands for. <see cref="DecodedFrame.Reduction"/> says.
    /// </param>
    internal DecodedFrame Decode(int frame, bool rented, int reduction = 1)
    {
        var bytes = FrameBytes(frame);
        if (Description.PixelsPerFrame > _maxFramePixels || Description.PixelsPerFrame * Math.Max(3, Description.SamplesPerPixel * Description.BitsAllocated / 8) > Array.MaxLength)
        {
            throw new ImagingException(ImagingError.TooLarge, "The frame has more pixels than the limit.");
        }

        if (!IsCompressed)
        {
            return NativeFrame.Decode(bytes.Span, Description, rented);
        }

        if (TransferSyntaxUid == DicomUids.DeflatedImageFrameCompression) // PS3.5 A.4.13
        {
            return NativeFrame.Decode(Inflate(bytes, Description.BytesPerFrame), Description);
        }

        if (!PixelCodecs.CanDecode(TransferSyntaxUid))
        {
            throw new ImagingException(ImagingError.UnsupportedTransferSyntax, $"No codec for {DicomUids.NameOf(TransferSyntaxUid) ?? TransferSyntaxUid}.");
        }

        var decoded = PixelCodecs.Decode(TransferSyntaxUid, bytes, Description, Description is { BitsAllocated: 8, BitsStored: 8, IsSigned: false } ? reduction : 1);
        if (decoded.Reduction == 1 && (decoded.Rows != Description.Rows || decoded.Columns != Description.Columns || decoded.SamplesPerPixel != Description.SamplesPerPixel))
        {
            throw new ImagingException(ImagingError.InvalidPixelData, "The codestream's dimensions are not those of the data set.");
        }

        return SampleBits.Normalized(decoded, Description);
    }

    /// <summary>A frame's pixel cells with all their bits, those beside the stored ones too; null when its codestream carries fewer bits than a cell has.</summary>
    internal ReadOnlyMemory<byte>? Cells(int frame)
    {
        var bytes = FrameBytes(frame);
        if (!IsCompressed)
        {
            return bytes;
        }

        if (TransferSyntaxUid == DicomUids.DeflatedImageFrameCompression)
        {
            return Inflate(bytes, Description.BytesPerFrame);
        }

        var decoded = PixelCodecs.Decode(TransferSyntaxUid, bytes, Description);
        return decoded.BitsStored == Description.BitsAllocated ? decoded.Data : null;
    }

    private static byte[] Inflate(ReadOnlyMemory<byte> deflated, long length)
    {
        const int MostOfAByte = 1032; // deflate codes at most 258 bytes in two bits
        if (length > (long)MostOfAByte * deflated.Length)
        {
            throw new ImagingException(ImagingError.InvalidPixelData, "The frame is shorter than its dimensions say.");
        }

        var result = new byte[length];
        try
        {
            using var stream = new DeflateStream(new MemoryStream(deflated.ToArray()), CompressionMode.Decompress);
            stream.ReadExactly(result);
            return result;
        }
        catch (Exception e) when (e is InvalidDataException or IOException) // zlib reports some damage as the latter, as it does an early end
        {
            throw new ImagingException(ImagingError.InvalidPixelData, "The frame cannot be inflated.", e);
        }
    }
}
