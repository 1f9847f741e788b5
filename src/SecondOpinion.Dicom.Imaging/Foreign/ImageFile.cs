using System.Buffers.Binary;

namespace SecondOpinion.Dicom.Imaging;

/// <summary>What a file is by its first bytes.</summary>
public enum ImageFileKind
{
    /// <summary>None of the others.</summary>
    Unknown,
    /// <summary>JPEG or JPEG-LS (ISO/IEC 10918, 14495).</summary>
    Jpeg,
    /// <summary>PNG (ISO/IEC 15948).</summary>
    Png,
    /// <summary>TIFF 6.0 or BigTIFF.</summary>
    Tiff,
    /// <summary>GIF 87a or 89a; told apart, not read.</summary>
    Gif,
    /// <summary>PDF (ISO 32000).</summary>
    Pdf,
    /// <summary>A DICOM file (PS3.10).</summary>
    Dicom,
}

/// <summary>Kind and size of a file.</summary>
/// <param name="Width">Of the (first) image in pixels; 0 for documents, and when the header is damaged.</param>
/// <param name="Pages">Images in a TIFF file, otherwise 1.</param>
public sealed record ImageFileInfo(ImageFileKind Kind, int Width = 0, int Height = 0, int Pages = 1)
{
    /// <summary>The media type; application/octet-stream when unknown.</summary>
    public string MediaType => Kind switch
    {
        ImageFileKind.Jpeg => "image/jpeg",
        ImageFileKind.Png => "image/png",
        ImageFileKind.Tiff => "image/tiff",
        ImageFileKind.Gif => "image/gif",
        ImageFileKind.Pdf => "application/pdf",
        ImageFileKind.Dicom => "application/dicom",
        _ => "application/octet-stream",
    };
}

/// <summary>Images that are not DICOM, as practices send them.</summary>
public static class ImageFile
{
    /// <summary>Pixels of all pages together that are decoded unless the caller says otherwise: 100 million.</summary>
    public const long DefaultMaxPixels = 100_000_000;

    /// <summary>Tells a file's kind by its content, whatever its name or media type says. Never throws.</summary>
    public static ImageFileInfo Identify(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length >= 132 && bytes.Slice(128, 4).SequenceEqual("DICM"u8))
        {
            return new ImageFileInfo(ImageFileKind.Dicom);
        }

        if (bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]))
        {
            return JpegHeader.TryRead(bytes, out var jpeg) ? new ImageFileInfo(ImageFileKind.Jpeg, jpeg.Width, jpeg.Height) : new ImageFileInfo(ImageFileKind.Jpeg);
        }

        if (bytes.StartsWith(PngDecoder.Signature))
        {
            return bytes.Length >= 24
                ? new ImageFileInfo(ImageFileKind.Png, Math.Max(0, BinaryPrimitives.ReadInt32BigEndian(bytes[16..])), Math.Max(0, BinaryPrimitives.ReadInt32BigEndian(bytes[20..])))
                : new ImageFileInfo(ImageFileKind.Png);
        }

        if (bytes.StartsWith("II*\0"u8) || bytes.StartsWith("MM\0*"u8) || bytes.StartsWith("II+\0"u8) || bytes.StartsWith("MM\0+"u8))
        {
            return TiffHeader.Identify(bytes);
        }

        if (bytes.StartsWith("GIF87a"u8) || bytes.StartsWith("GIF89a"u8))
        {
            return bytes.Length >= 10
                ? new ImageFileInfo(ImageFileKind.Gif, BinaryPrimitives.ReadUInt16LittleEndian(bytes[6..]), BinaryPrimitives.ReadUInt16LittleEndian(bytes[8..]))
                : new ImageFileInfo(ImageFileKind.Gif);
        }

        // ISO 32000-1 7.5.2; readers accept the header within the first 1024 bytes.
        return bytes[..Math.Min(1024, bytes.Length)].IndexOf("%PDF-"u8) >= 0 ? new ImageFileInfo(ImageFileKind.Pdf) : new ImageFileInfo(ImageFileKind.Unknown);
    }

    /// <summary>Decodes a PNG image, transparency over white.</summary>
    /// <exception cref="ImagingException">Damaged, or larger than the limit.</exception>
    public static RenderedImage ReadPng(ReadOnlySpan<byte> bytes, long maxPixels = DefaultMaxPixels) => PngDecoder.Read(bytes, maxPixels);

    /// <summary>
    /// Decodes the pages of a TIFF or BigTIFF file, upright, opacity over white; all, or one (from 0). Grey and RGB of 8 or 16 bits stay as they are; everything else
    /// that libtiff reads becomes 8 bits. The library runs in a worker process (<see cref="CodecWorkerPool"/>).
    /// </summary>
    /// <exception cref="ImagingException">
    /// Damaged, larger than the limit, of a kind that libtiff does not read, or the library is not installed (<see cref="ImagingError.MissingLibrary"/>).
    /// </exception>
    public static IReadOnlyList<RenderedImage> ReadTiff(ReadOnlySpan<byte> bytes, int? page = null, long maxPixels = DefaultMaxPixels) =>
        page < 0 ? throw new ImagingException(ImagingError.FrameOutOfRange, "Pages count from 0.") : CodecWorkerPool.Shared.DecodeTiff(bytes, page, maxPixels);
}
