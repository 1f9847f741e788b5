using System.Runtime.InteropServices;

namespace SecondOpinion.Dicom.Imaging;

/// <summary>Samples of a TIFF page to grey or RGB: opacity is laid over white, other extra samples are left out.</summary>
internal static class TiffColors
{
    public static RenderedImage ToImage(TiffPage page, byte[] samples)
    {
        if (page.Photometric == 3)
        {
            return Palette(page, samples);
        }

        if (page.Bits < 8)
        {
            foreach (ref var value in samples.AsSpan())
            {
                value = (byte)(value * 255 / ((1 << page.Bits) - 1));
            }
        }

        if (page.BytesPerSample == 2)
        {
            var words = Flat<ushort>(page, MemoryMarshal.Cast<byte, ushort>(samples.AsSpan()), ushort.MaxValue, static v => v, static v => (ushort)v);
            samples = words is null ? samples : MemoryMarshal.AsBytes(words.AsSpan()).ToArray();
            if (page.Photometric == 0)
            {
                foreach (ref var value in MemoryMarshal.Cast<byte, ushort>(samples.AsSpan()))
                {
                    value = (ushort)~value;
                }
            }
        }
        else
        {
            samples = Flat<byte>(page, samples, byte.MaxValue, static v => v, static v => (byte)v) ?? samples;
            if (page.Photometric == 0)
            {
                foreach (ref var value in samples.AsSpan())
                {
                    value = (byte)~value;
                }
            }
        }

        return new RenderedImage(page.Width, page.Height, page.Channels, page.BytesPerSample * 8, samples);
    }

    /// <summary>Without the extra samples; null when there are none.</summary>
    private static T[]? Flat<T>(TiffPage page, ReadOnlySpan<T> samples, uint full, Func<T, uint> number, Func<uint, T> sample)
        where T : unmanaged
    {
        var (pixel, kept) = (page.Samples, page.Channels);
        if (pixel == kept)
        {
            return null;
        }

        var result = new T[samples.Length / pixel * kept];
        var white = page.Photometric == 0 ? 0 : full; // before it is turned over
        for (int from = 0, to = 0; to < result.Length; from += pixel, to += kept)
        {
            samples.Slice(from, kept).CopyTo(result.AsSpan(to));
            for (var c = 0; page.Alpha is 1 or 2 && c < kept; c++)
            {
                ulong alpha = number(samples[from + kept]);
                ulong color = number(samples[from + c]);
                var scaled = page.Alpha == 1 ? color * full : color * alpha;
                result[to + c] = sample((uint)Math.Min(full, (scaled + (white * (full - alpha)) + (full / 2)) / full));
            }
        }

        return result;
    }

    /// <summary>Entries of 16 bits, unless all are less than 256: some writers put 8 bits there.</summary>
    private static RenderedImage Palette(TiffPage page, byte[] samples)
    {
        var entries = 1 << page.Bits;
        var shift = page.ColorMap.Any(v => v > 255) ? 8 : 0;
        if (samples.Length * 3L > Array.MaxLength)
        {
            throw DicomRenderer.TooLarge();
        }

        var result = new byte[samples.Length * 3];
        for (var i = 0; i < samples.Length; i++)
        {
            for (var c = 0; c < 3; c++)
            {
                result[(i * 3) + c] = (byte)(page.ColorMap[(c * entries) + samples[i]] >> shift);
            }
        }

        return new RenderedImage(page.Width, page.Height, 3, 8, result);
    }
}
