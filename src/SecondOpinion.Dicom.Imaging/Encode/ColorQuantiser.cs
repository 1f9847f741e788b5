namespace SecondOpinion.Dicom.Imaging;

/// <summary>The best 256 colours of an image by median cut over 5 bits per channel.</summary>
internal static class ColorQuantiser
{
    /// <summary>Fills the palette and returns an index per pixel.</summary>
    public static byte[] Apply(RenderedImage image, byte[] palette)
    {
        var count = image.Width * image.Height;
        var histogram = new int[32768];
        for (var i = 0; i < count; i++)
        {
            histogram[Bin(image.Data, i * 3)]++;
        }

        var used = Enumerable.Range(0, histogram.Length).Where(b => histogram[b] > 0).ToArray();
        var boxes = new List<(int Start, int Length)> { (0, used.Length) };
        while (boxes.Count < 256 && Widest(boxes, used, histogram) is { } cut)
        {
            var (start, length) = boxes[cut.Box];
            Array.Sort(used, start, length, Comparer<int>.Create((a, b) => (a >> cut.Shift & 31).CompareTo(b >> cut.Shift & 31)));
            var half = Half(used.AsSpan(start, length), histogram);
            boxes[cut.Box] = (start, half);
            boxes.Add((start + half, length - half));
        }

        var index = new byte[32768];
        for (var b = 0; b < boxes.Count; b++)
        {
            var (start, length) = boxes[b];
            foreach (var bin in used.AsSpan(start, length))
            {
                index[bin] = (byte)b;
            }
        }

        // Each entry is the mean of the pixels that use it.
        var sums = new long[256 * 4];
        var result = new byte[count];
        for (var i = 0; i < count; i++)
        {
            var entry = index[Bin(image.Data, i * 3)];
            result[i] = entry;
            for (var c = 0; c < 3; c++)
            {
                sums[(entry * 4) + c] += image.Data[(i * 3) + c];
            }

            sums[(entry * 4) + 3]++;
        }

        for (var i = 0; i < 768; i++)
        {
            var pixels = sums[(i / 3 * 4) + 3];
            palette[i] = pixels == 0 ? (byte)0 : (byte)((sums[(i / 3 * 4) + (i % 3)] + (pixels / 2)) / pixels);
        }

        return result;
    }

    private static int Bin(byte[] data, int at) => (data[at] >> 3 << 10) | (data[at + 1] >> 3 << 5) | (data[at + 2] >> 3);

    /// <summary>The box whose widest channel, weighted by its pixels, is widest; null when no box can be cut.</summary>
    private static (int Box, int Shift)? Widest(List<(int Start, int Length)> boxes, int[] used, int[] histogram)
    {
        (int Box, int Shift)? best = null;
        var most = 0.0;
        for (var b = 0; b < boxes.Count; b++)
        {
            var (start, length) = boxes[b];
            if (length < 2)
            {
                continue;
            }

            var pixels = 0L;
            foreach (var bin in used.AsSpan(start, length))
            {
                pixels += histogram[bin];
            }

            for (var shift = 0; shift <= 10; shift += 5)
            {
                var (low, high) = (31, 0);
                foreach (var bin in used.AsSpan(start, length))
                {
                    low = Math.Min(low, bin >> shift & 31);
                    high = Math.Max(high, bin >> shift & 31);
                }

                var score = (high - low) * Math.Sqrt(pixels);
                if (score > most)
                {
                    (most, best) = (score, (b, shift));
                }
            }
        }

        return best;
    }

    private static int Half(ReadOnlySpan<int> bins, int[] histogram)
    {
        var total = 0L;
        foreach (var bin in bins)
        {
            total += histogram[bin];
        }

        var sum = 0L;
        for (var i = 0; i < bins.Length - 1; i++)
        {
            sum += histogram[bins[i]];
            if (sum * 2 >= total)
            {
                return i + 1;
            }
        }

        return bins.Length - 1;
    }
}
