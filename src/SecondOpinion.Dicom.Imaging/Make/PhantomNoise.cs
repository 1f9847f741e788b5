namespace SecondOpinion.Dicom.Imaging;

/// <summary>Randomness that is the same for the same seed on every machine.</summary>
internal sealed class PhantomNoise(int seed)
{
    /// <summary>Smooth noise, 0 to 1, that changes over distances of about one.</summary>
    public double Smooth(double x, double y, int layer)
    {
        var (ix, iy) = ((int)Math.Floor(x), (int)Math.Floor(y));
        var (fx, fy) = (Fade(x - ix), Fade(y - iy));
        var top = Mix(Lattice(ix, iy, layer), Lattice(ix + 1, iy, layer), fx);
        var bottom = Mix(Lattice(ix, iy + 1, layer), Lattice(ix + 1, iy + 1, layer), fx);
        return Mix(top, bottom, fy);
    }

    /// <summary>About normal, mean 0, deviation 1.</summary>
    public double Gauss(int i) => (Lattice(i, 0, 101) + Lattice(i, 1, 101) + Lattice(i, 2, 101) + Lattice(i, 3, 101) - 2) * 1.732;

    /// <summary>Three passes of a box: nearly a Gaussian.</summary>
    public static double[] Blur(double[] source, int width, int height, int radius)
    {
        var (from, to) = ((double[])source.Clone(), new double[source.Length]);
        for (var pass = 0; pass < 2; pass++)
        {
            Box(from, to, width, height, 1, width, radius);
            Box(to, from, height, width, width, 1, radius);
        }

        return from;
    }

    private static void Box(double[] from, double[] to, int length, int lines, int step, int lineStep, int radius)
    {
        for (var line = 0; line < lines; line++)
        {
            var start = line * lineStep;
            var sum = from[start] * (radius + 1);
            for (var i = 1; i <= radius; i++)
            {
                sum += from[start + (Math.Min(i, length - 1) * step)];
            }

            for (var i = 0; i < length; i++)
            {
                to[start + (i * step)] = sum / ((2 * radius) + 1);
                sum += from[start + (Math.Min(i + radius + 1, length - 1) * step)] - from[start + (Math.Max(i - radius, 0) * step)];
            }
        }
    }

    private double Lattice(int x, int y, int layer)
    {
        unchecked
        {
            var h = (uint)((x * 374761393) + (y * 668265263) + (layer * 1274126177) + (seed * 1442695041));
            h = (h ^ (h >> 13)) * 1274126177u;
            h = (h ^ (h >> 16)) * 2246822519u;
            return (h ^ (h >> 15)) / (double)uint.MaxValue;
        }
    }

    private static double Fade(double t) => t * t * (3 - (2 * t));

    private static double Mix(double a, double b, double t) => a + ((b - a) * t);
}
