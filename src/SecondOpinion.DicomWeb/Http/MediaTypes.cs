using SecondOpinion.Dicom;

namespace SecondOpinion.DicomWeb.Http;

/// <summary>Media types of PS3.18 8.7.</summary>
internal static class MediaTypes
{
    public const string Dicom = "application/dicom";
    public const string DicomJson = "application/dicom+json";
    public const string DicomXml = "application/dicom+xml";
    public const string Json = "application/json";
    public const string OctetStream = "application/octet-stream";
    public const string Jpeg = "image/jpeg";
    public const string Png = "image/png";
    public const string Gif = "image/gif";
    public const string Pdf = "application/pdf";
    public const string Html = "text/html";
    public const string Text = "text/plain";

    /// <summary>The media type that frames of a compressed transfer syntax have (PS3.18 table 8.7.3-2); null for uncompressed ones.</summary>
    public static string? OfCompressed(string transferSyntax) => transferSyntax switch
    {
        DicomUids.JPEGBaseline8Bit or DicomUids.JPEGExtended12Bit or DicomUids.JPEGLossless or DicomUids.JPEGLosslessSV1 => Jpeg,
        DicomUids.JPEGLSLossless or DicomUids.JPEGLSNearLossless => "image/jls",
        DicomUids.JPEG2000Lossless or DicomUids.JPEG2000 => "image/jp2",
        DicomUids.JPEG2000MCLossless or DicomUids.JPEG2000MC => "image/jpx",
        "1.2.840.10008.1.2.4.201" or "1.2.840.10008.1.2.4.202" or "1.2.840.10008.1.2.4.203" => "image/jphc", // HTJ2K
        "1.2.840.10008.1.2.4.110" or "1.2.840.10008.1.2.4.111" or "1.2.840.10008.1.2.4.112" => "image/jxl", // JPEG XL
        DicomUids.RLELossless => "image/dicom-rle",
        DicomUids.MPEG2MPML or DicomUids.MPEG2MPHL or DicomUids.MPEG2MPML + ".1" or DicomUids.MPEG2MPHL + ".1" => "video/mpeg", // .1: fragmentable
        _ when transferSyntax.StartsWith("1.2.840.10008.1.2.4.10", StringComparison.Ordinal) => "video/mp4", // .102 to .108: MPEG-4, HEVC
        _ when DicomTransferSyntax.Of(transferSyntax).IsEncapsulated && transferSyntax != DicomUids.EncapsulatedUncompressedExplicitVRLittleEndian => OctetStream,
        _ => null,
    };

    /// <summary>The transfer syntax that a media type stands for when none is given (PS3.18 8.7.3.5, table 8.7.3-2); null for other types.</summary>
    public static string? DefaultSyntaxOf(string type) => type switch
    {
        Jpeg => DicomUids.JPEGLosslessSV1,
        "image/dicom-rle" => DicomUids.RLELossless,
        "image/jls" => DicomUids.JPEGLSLossless,
        "image/jp2" => DicomUids.JPEG2000Lossless,
        "image/jpx" => DicomUids.JPEG2000MCLossless,
        "image/jphc" => "1.2.840.10008.1.2.4.201",
        _ => null,
    };

    /// <summary>Syntaxes that are never sent (PS3.18 8.7.3.2): implicit little endian, big endian, and private or retired kinds of the former.</summary>
    public static bool IsForbidden(string transferSyntax) =>
        transferSyntax == DicomUids.ImplicitVRLittleEndian || transferSyntax == DicomUids.ExplicitVRBigEndian || !DicomTransferSyntax.Of(transferSyntax).IsExplicit;
}
