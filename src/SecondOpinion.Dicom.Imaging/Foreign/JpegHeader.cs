using System.Buffers.Binary;

namespace SecondOpinion.Dicom.Imaging;

/// <summary>What the markers before the first scan of a JPEG or JPEG-LS file say (ISO/IEC 10918-1 Annex B).</summary>
/// <param name="Process">Of SOFn: 0 baseline, 1 extended, 2 progressive, 3 lossless, 55 JPEG-LS.</param>
/// <param name="Precision">Bits per sample.</param>
/// <param name="Parameter">Ss of the first scan: the predictor of a lossless image, NEAR of JPEG-LS.</param>
/// <param name="IsSubsampled">Components differ in their sampling.</param>
/// <param name="IsYbr">Three components are luminance and chrominance (JFIF, Adobe marker, component names).</param>
/// <param name="Orientation">Of EXIF, 1 to 8; 1 is upright.</param>
public sealed record JpegHeader(int Process, int Precision, int Width, int Height, int Components, int Parameter, bool IsSubsampled, bool IsYbr, int Orientation)
{
    /// <summary>The DICOM transfer syntax that holds the file as it is; null when none does (progressive, arithmetic, hierarchical).</summary>
    public string? TransferSyntaxUid => (Process, Precision, Parameter) switch
    {
        (0, 8, _) => DicomUids.JPEGBaseline8Bit,
        (1, 8 or 12, _) => DicomUids.JPEGExtended12Bit,
        (3, _, 1) => DicomUids.JPEGLosslessSV1,
        (3, _, _) => DicomUids.JPEGLossless,
        (55, _, 0) => DicomUids.JPEGLSLossless,
        (55, _, _) => DicomUids.JPEGLSNearLossless,
        _ => null,
    };

    /// <summary>Reads the header; false when it is damaged or ends before the first scan.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out JpegHeader header)
    {
        header = null!;
        if (!bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8]))
        {
            return false;
        }

        ReadOnlySpan<byte> frame = default;
        var (process, orientation, adobe, jfif) = (-1, 1, -1, false);
        for (var at = 2; at + 4 <= bytes.Length;)
        {
            if (bytes[at] != 0xFF)
            {
                return false;
            }

            var marker = bytes[at + 1];
            if (marker == 0xFF)
            {
                at++; // fill bytes (B.1.1.2)
                continue;
            }

            var length = BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 2)..]);
            if (length < 2 || at + 2 + length > bytes.Length)
            {
                return false;
            }

            var body = bytes.Slice(at + 4, length - 2);
            switch (marker)
            {
                case 0xDA:
                    return Finish(frame, process, body, adobe, jfif, orientation, out header);
                case 0xE0 when body.StartsWith("JFIF\0"u8):
                    jfif = true;
                    break;
                case 0xE1 when body.StartsWith("Exif\0\0"u8):
                    orientation = ExifOrientation(body[6..]);
                    break;
                case 0xEE when body.Length >= 12 && body.StartsWith("Adobe"u8):
                    adobe = body[11];
                    break;
                case 0xF7:
                    frame = body;
                    process = 55;
                    break;
                case >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC):
                    frame = body;
                    process = marker - 0xC0;
                    break;
            }

            at += 2 + length;
        }

        return false;
    }

    private static bool Finish(ReadOnlySpan<byte> frame, int process, ReadOnlySpan<byte> scan, int adobe, bool jfif, int orientation, out JpegHeader header)
    {
        header = null!;
        if (frame.Length < 6 || frame.Length < 6 + (frame[5] * 3) || scan.Length < 1 || scan.Length < 4 + (scan[0] * 2))
        {
            return false;
        }

        var components = frame[5];
        var height = BinaryPrimitives.ReadUInt16BigEndian(frame[1..]);
        var width = BinaryPrimitives.ReadUInt16BigEndian(frame[3..]);
        if (components == 0 || width == 0 || height == 0 || frame[0] is < 2 or > 16)
        {
            return false;
        }

        var subsampled = false;
        for (var c = 1; c < components; c++)
        {
            subsampled |= frame[6 + (c * 3) + 1] != frame[7];
        }

        // As libjpeg tells colour spaces apart.
        var named = components == 3 && frame[6] == 'R' && frame[9] == 'G' && frame[12] == 'B';
        var ybr = components == 3 && process is not (3 or 55) && (adobe >= 0 && !jfif ? adobe == 1 : jfif || !named);
        header = new JpegHeader(process, frame[0], width, height, components, scan[1 + (scan[0] * 2)], subsampled, ybr, orientation);
        return true;
    }

    /// <summary>Tag 0112 of the first directory; 1 when absent or damaged.</summary>
    private static int ExifOrientation(ReadOnlySpan<byte> tiff)
    {
        if (tiff.Length < 10 || !(tiff.StartsWith("II"u8) || tiff.StartsWith("MM"u8)))
        {
            return 1;
        }

        var little = tiff[0] == 'I';
        var directory = little ? BinaryPrimitives.ReadUInt32LittleEndian(tiff[4..]) : BinaryPrimitives.ReadUInt32BigEndian(tiff[4..]);
        if (directory > tiff.Length - 2)
        {
            return 1;
        }

        var at = (int)directory;
        var count = U16(tiff, at, little);
        at += 2;
        for (var i = 0; i < count && at + 12 <= tiff.Length; i++, at += 12)
        {
            if (U16(tiff, at, little) == 0x0112)
            {
                return U16(tiff, at + 8, little) is >= 1 and <= 8 and var value ? value : 1;
            }
        }

        return 1;
    }

    private static int U16(ReadOnlySpan<byte> bytes, int at, bool little) =>
        little ? BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]) : BinaryPrimitives.ReadUInt16BigEndian(bytes[at..]);
}
