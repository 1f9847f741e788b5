using System.Runtime.InteropServices;

namespace SecondOpinion.Dicom.Imaging;

/// <summary>Samples of a TIFF page to grey or RGB; extra samples are left out.</summary>
internal static class TiffColors
{
    public static RenderedImage ToImage(TiffLayout layout, byte[] samples)
    {
        if (layout.Photometric == 3)
        {
            return Palette(layout, samples);
        }

        var channels = layout.Photometric == 2 ? 3 : 1;
        var size = layout.Bits == 16 ? 2 : 1;
        if (layout.Samples > channels)
        {
            samples = Without(samples, layout.Samples * size, channels * size);
        }

        if (layout.Bits < 8)
        {
            foreach (ref var value in samples.AsSpan())
            {
                value = (byte)(value * 255 / ((1 << layout.Bits) - 1));
            }
        }

        if (layout.Photometric == 0 && size == 2)
        {
            foreach (ref var value in MemoryMarshal.Cast<byte, ushort>(samples.AsSpan()))
            {
                value = (ushort)~value;
            }
        }
        else if (layout.Photometric == 0)
        {
            foreach (ref var value in samples.AsSpan())
            {
                value = (byte)~value;
            }
        }

        return new RenderedImage(layout.Width, layout.Height, channels, size * 8, samples);
    }

    private static byte[] Without(byte[] samples, int pixel, int kept)
    {
        var result = new byte[samples.Length / pixel * kept];
        for (int from = 0, to = 0; to < result.Length; from += pixel, to += kept)
        {
            samples.AsSpan(from, kept).CopyTo(result.AsSpan(to));
        }

        return result;
    }

    /// <summary>ColorMap: all reds, all greens, all blues, of 16 bits.</summary>
    private static RenderedImage Palette(TiffLayout layout, byte[] samples)
    {
        var entries = 1 << layout.Bits;
        var shift = layout.ColorMap.Any(v => v > 255) ? 8 : 0;
        if (samples.Length * 3L > Array.MaxLength)
        {
            throw DicomRenderer.TooLarge();
        }

        var result = new byte[samples.Length * 3];
        for (var i = 0; i < samples.Length; i++)
        {
            for (var c = 0; c < 3; c++)
            {
                result[(i * 3) + c] = (byte)(layout.ColorMap[(c * entries) + samples[i]] >> shift);
            }
        }

        return new RenderedImage(layout.Width, layout.Height, 3, 8, result);
    }
}
