namespace SecondOpinion.Dicom.Imaging.Codecs.Jpeg;

/// <summary>
/// Tells YCbCr from RGB in a DCT image of three components. Writers disagree with their own labels, so the sources of truth are taken in this order:
/// subsampled chrominance is YCbCr (nobody subsamples blue); an Adobe APP14 segment says which transform was used; component ids "RGB" are RGB;
/// a JFIF segment is YCbCr (JFIF allows nothing else); then the photometric interpretation of the data set decides (PS3.5 8.2.1).
/// Data that are labelled RGB and carry no other sign are therefore left as they are.
/// </summary>
internal readonly record struct JpegColorHints(bool IsJfif, int? AdobeTransform)
{
    public JpegColorHints Seen(byte marker, ReadOnlySpan<byte> payload)
    {
        if (marker == JpegMarker.APP0)
        {
            return payload.StartsWith("JFIF\0"u8) ? this with { IsJfif = true } : this;
        }

        return payload.Length >= 12 && payload.StartsWith("Adobe"u8) ? this with { AdobeTransform = payload[11] } : this;
    }

    public bool IsYcc(JpegFrame frame, string photometric)
    {
        if (frame.Components.Length != 3)
        {
            return false;
        }

        var c = frame.Components;
        if (c[0].Horizontal != c[2].Horizontal || c[0].Vertical != c[2].Vertical)
        {
            return true;
        }

        if (AdobeTransform is { } transform)
        {
            return transform != 0;
        }

        if (c[0].Id == 'R' && c[1].Id == 'G' && c[2].Id == 'B')
        {
            return false;
        }

        return IsJfif || photometric != "RGB";
    }
}
