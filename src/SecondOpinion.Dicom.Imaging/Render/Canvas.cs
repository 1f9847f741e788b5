using System.Runtime.InteropServices;

namespace SecondOpinion.Dicom.Imaging;

/// <summary>A position in pixels, fractions counted from the top left corner of the top left pixel.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Spot(double X, double Y);

/// <summary>Draws lines, areas and text on a rendered image, with smooth edges. What lies outside is left out; the work of all calls together is limited.</summary>
internal sealed class Canvas(RenderedImage target)
{
    private const long MostSteps = 50_000_000;
    private const double Farthest = 1e6;

    private long _steps;

    public int Width => target.Width;

    public int Height => target.Height;

    public void Lines(ReadOnlySpan<Spot> spots, bool closed, double thickness, Ink ink)
    {
        for (var i = 1; i < spots.Length; i++)
        {
            Line(spots[i - 1], spots[i], thickness, ink);
        }

        if (closed && spots.Length > 2)
        {
            Line(spots[^1], spots[0], thickness, ink);
        }
    }

    /// <summary>A line with round ends; a dot when both ends are the same.</summary>
    public void Line(Spot from, Spot to, double thickness, Ink ink)
    {
        if (!IsNear(from) || !IsNear(to))
        {
            return;
        }

        // Along the longer axis, a short run across for each step.
        var half = thickness / 2;
        var steep = Math.Abs(to.Y - from.Y) > Math.Abs(to.X - from.X);
        var (a0, b0, a1, b1) = steep ? (from.Y, from.X, to.Y, to.X) : (from.X, from.Y, to.X, to.Y);
        if (a0 > a1)
        {
            (a0, b0, a1, b1) = (a1, b1, a0, b0);
        }

        var slope = a1 > a0 ? (b1 - b0) / (a1 - a0) : 0;
        var reach = (half + 1) * Math.Sqrt(1 + (slope * slope));
        var (alongLimit, acrossLimit) = steep ? (Height, Width) : (Width, Height);
        var last = Math.Min(alongLimit - 1, (int)Math.Ceiling(a1 + half));
        for (var a = Math.Max(0, (int)Math.Floor(a0 - half) - 1); a <= last; a++)
        {
            var center = b0 + (slope * (Math.Clamp(a + 0.5, a0, a1) - a0));
            var end = Math.Min(acrossLimit - 1, (int)Math.Ceiling(center + reach));
            var start = Math.Max(0, (int)Math.Floor(center - reach) - 1);
            Spend(1 + Math.Max(0, end - start));
            for (var b = start; b <= end; b++)
            {
                var coverage = half + 0.5 - Distance(a + 0.5, b + 0.5, a0, b0, a1, b1);
                if (coverage > 0)
                {
                    Blend(steep ? b : a, steep ? a : b, Math.Min(1, coverage), ink);
                }
            }
        }
    }

    /// <summary>The inside of a polygon by the even-odd rule.</summary>
    public void Fill(ReadOnlySpan<Spot> spots, Ink ink)
    {
        var crossings = new List<double>();
        for (var y = 0; y < Height; y++)
        {
            Crossings(spots, y + 0.5, crossings);
            Spend(spots.Length);
            for (var i = 0; i + 1 < crossings.Count; i += 2)
            {
                var end = Math.Min(Width - 1, (int)Math.Ceiling(crossings[i + 1] - 0.5) - 1);
                for (var x = Math.Max(0, (int)Math.Ceiling(crossings[i] - 0.5)); x <= end; x++)
                {
                    Blend(x, y, 1, ink);
                }
            }
        }
    }

    /// <summary>Where a horizontal line meets the sides of a polygon, from the left.</summary>
    public static void Crossings(ReadOnlySpan<Spot> spots, double y, List<double> crossings)
    {
        crossings.Clear();
        for (var i = 0; i < spots.Length; i++)
        {
            var (a, b) = (spots[i], spots[(i + 1) % spots.Length]);
            if ((a.Y <= y) != (b.Y <= y))
            {
                crossings.Add(Math.Clamp(a.X + ((y - a.Y) / (b.Y - a.Y) * (b.X - a.X)), -Farthest, Farthest));
            }
        }

        crossings.Sort();
    }

    /// <summary>Text in its ink with an edge around it that keeps it readable on any ground.</summary>
    public void Text(TextMask mask, int left, int top, Ink ink, int edge)
    {
        for (var pass = 0; pass < 2; pass++)
        {
            var shown = pass == 0 ? mask.Grown(edge) : mask;
            var grown = pass == 0 ? edge : 0;
            Spend((long)shown.Width * shown.Height);
            for (var y = Math.Max(0, grown - top); y < shown.Height && y + top - grown < Height; y++)
            {
                for (var x = Math.Max(0, grown - left); x < shown.Width && x + left - grown < Width; x++)
                {
                    var coverage = shown.Coverage[(y * shown.Width) + x];
                    if (coverage != 0)
                    {
                        Blend(x + left - grown, y + top - grown, coverage / 255.0, pass == 0 ? ink.Contrast : ink);
                    }
                }
            }
        }
    }

    public void Blend(int x, int y, double coverage, Ink ink)
    {
        var at = ((y * target.Width) + x) * target.Channels;
        var words = target.BitsPerSample == 16 ? MemoryMarshal.Cast<byte, ushort>(target.Data.AsSpan()) : default;
        for (var c = 0; c < target.Channels; c++)
        {
            var value = ink.Channel(c, target.Channels);
            if (target.BitsPerSample == 16)
            {
                words[at + c] = (ushort)Math.Round(words[at + c] + ((value - words[at + c]) * coverage));
            }
            else
            {
                target.Data[at + c] = (byte)Math.Round(target.Data[at + c] + (((value / 257.0) - target.Data[at + c]) * coverage));
            }
        }
    }

    private static bool IsNear(Spot spot) => Math.Abs(spot.X) < Farthest && Math.Abs(spot.Y) < Farthest; // false for NaN

    private static double Distance(double x, double y, double x0, double y0, double x1, double y1)
    {
        var (dx, dy) = (x1 - x0, y1 - y0);
        var square = (dx * dx) + (dy * dy);
        var t = square > 0 ? Math.Clamp((((x - x0) * dx) + ((y - y0) * dy)) / square, 0, 1) : 0;
        var (ex, ey) = (x - x0 - (t * dx), y - y0 - (t * dy));
        return Math.Sqrt((ex * ex) + (ey * ey));
    }

    private void Spend(long steps)
    {
        _steps += steps;
        if (_steps > MostSteps)
        {
            throw new ImagingException(ImagingError.LimitExceeded, "The presentation state draws more than the limit.");
        }
    }
}
