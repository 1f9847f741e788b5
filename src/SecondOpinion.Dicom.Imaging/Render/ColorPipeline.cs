using System.Numerics;
using System.Runtime.InteropServices;

namespace SecondOpinion.Dicom.Imaging;

/// <summary>Colour frames to RGB of 8 bits (PS3.3 C.7.6.3.1.2).</summary>
internal static class ColorPipeline
{
    public static byte[] Apply(DicomDataset dataset, DecodedFrame frame)
    {
        if (frame.SamplesPerPixel == 1)
        {
            return Palette(dataset, frame);
        }

        var bytes = ToBytes(frame);
        switch (frame.PhotometricInterpretation)
        {
            case "YBR_FULL" or "YBR_FULL_422":
                YbrToRgb(bytes, partial: false);
                return bytes;
            case "YBR_PARTIAL_422" or "YBR_PARTIAL_420":
                YbrToRgb(bytes, partial: true);
                return bytes;
            case "HSV":
                throw new ImagingException(ImagingError.UnsupportedImage, "HSV is not supported.");
            case "CMYK" when frame.SamplesPerPixel == 4:
                return FromFour(bytes, cmyk: true);
            default:
                return frame.SamplesPerPixel == 4 ? FromFour(bytes, cmyk: false) : bytes;
        }
    }

    /// <summary>YBR_FULL, CCIR 601 (PS3.3 C.7.6.3.1.2), in place, with fractions of 1/65536.</summary>
    public static void YbrToRgb(Span<byte> pixels, bool partial)
    {
        for (var i = 0; i + 2 < pixels.Length; i += 3)
        {
            var y = pixels[i] << 16;
            var cb = pixels[i + 1] - 128;
            var cr = pixels[i + 2] - 128;
            if (partial)
            {
                y = (pixels[i] - 16) * 76309;
                cb = cb * 255 / 224;
                cr = cr * 255 / 224;
            }

            y += 32768;
            pixels[i] = Clamp((y + (91881 * cr)) >> 16);
            pixels[i + 1] = Clamp((y - (22554 * cb) - (46802 * cr)) >> 16);
            pixels[i + 2] = Clamp((y + (116130 * cb)) >> 16);
        }
    }

    private static byte Clamp(int value) => (byte)(value < 0 ? 0 : value > 255 ? 255 : value);

    /// <summary>The high 8 bits of each sample; fewer bits are spread over 8.</summary>
    private static byte[] ToBytes(DecodedFrame frame)
    {
        var count = frame.Rows * frame.Columns * frame.SamplesPerPixel;
        return frame.BytesPerSample switch
        {
            1 when frame.BitsStored == 8 => frame.Data.Length == count ? frame.Data : frame.Data[..count],
            1 => Narrow<byte>(frame, count),
            2 => Narrow<ushort>(frame, count),
            _ => Narrow<uint>(frame, count),
        };
    }

    private static byte[] Narrow<T>(DecodedFrame frame, int count)
        where T : unmanaged, INumber<T>
    {
        var result = new byte[count];
        var samples = MemoryMarshal.Cast<byte, T>(frame.Data.AsSpan());
        for (var i = 0; i < result.Length; i++)
        {
            var value = ulong.CreateTruncating(samples[i]);
            result[i] = (byte)(frame.BitsStored >= 8 ? value >> (frame.BitsStored - 8) : value * 255 / ((1UL << frame.BitsStored) - 1));
        }

        return result;
    }

    private static byte[] FromFour(ReadOnlySpan<byte> pixels, bool cmyk)
    {
        var result = new byte[pixels.Length / 4 * 3];
        for (int i = 0, to = 0; to < result.Length; i += 4, to += 3)
        {
            for (var s = 0; s < 3; s++)
            {
                // ARGB has its alpha first.
                result[to + s] = cmyk ? (byte)((255 - pixels[i + s]) * (255 - pixels[i + 3]) / 255) : pixels[i + 1 + s];
            }
        }

        return result;
    }

    /// <summary>PALETTE COLOR (PS3.3 C.7.6.3.1.5, C.7.9).</summary>
    private static byte[] Palette(DicomDataset dataset, DecodedFrame frame)
    {
        var signed = frame.IsSigned;
        var size = frame.BytesPerSample == 1 ? 256 : 65536;
        if (frame.BytesPerSample == 4)
        {
            throw new ImagingException(ImagingError.UnsupportedImage, "A palette has at most 16 bits.");
        }

        var colors = new byte[size * 3];
        LookupTable[] tables =
        [
            Channel(dataset, DicomTags.RedPaletteColorLookupTableDescriptor, DicomTags.RedPaletteColorLookupTableData, DicomTags.SegmentedRedPaletteColorLookupTableData, signed),
            Channel(dataset, DicomTags.GreenPaletteColorLookupTableDescriptor, DicomTags.GreenPaletteColorLookupTableData, DicomTags.SegmentedGreenPaletteColorLookupTableData, signed),
            Channel(dataset, DicomTags.BluePaletteColorLookupTableDescriptor, DicomTags.BluePaletteColorLookupTableData, DicomTags.SegmentedBluePaletteColorLookupTableData, signed),
        ];

        // Entries of 16 bits whose high byte no colour ever uses are 8-bit values, and those that use it are not, whatever the descriptor says.
        var bits = tables.Max(t => t.Bits);
        var shift = tables.Max(t => t.Maximum) <= 255 ? 0 : bits > 8 ? bits - 8 : 8;
        foreach (var value in Samples.Domain(frame))
        {
            for (var channel = 0; channel < 3; channel++)
            {
                colors[((value & (size - 1)) * 3) + channel] = (byte)Math.Min(255, tables[channel][value] >> shift);
            }
        }

        var result = new byte[frame.Rows * frame.Columns * 3];
        var words = Samples.UInt16(frame);
        for (int i = 0, to = 0; to < result.Length; i++, to += 3)
        {
            var at = (size == 256 ? frame.Data[i] : words[i]) * 3;
            result[to] = colors[at];
            result[to + 1] = colors[at + 1];
            result[to + 2] = colors[at + 2];
        }

        return result;
    }

    private static LookupTable Channel(DicomDataset dataset, DicomTag descriptor, DicomTag data, DicomTag segments, bool signed) =>
        dataset.Contains(segments) && !dataset.Contains(data)
            ? LookupTable.OfSegments(dataset, descriptor, segments, signed)
            : LookupTable.Of(dataset, descriptor, data, signed);
}
