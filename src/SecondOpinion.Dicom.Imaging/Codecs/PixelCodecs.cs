namespace SecondOpinion.Dicom.Imaging;

/// <summary>The codecs by transfer syntax.</summary>
internal static class PixelCodecs
{
    public static bool CanDecode(string transferSyntaxUid) => false;

    public static DecodedFrame Decode(string transferSyntaxUid, ReadOnlyMemory<byte> codestream, ImageDescription description) =>
        throw new ImagingException(ImagingError.UnsupportedTransferSyntax, $"No codec for transfer syntax {transferSyntaxUid} with {description.BitsStored} bits and {codestream.Length} bytes.");
}
