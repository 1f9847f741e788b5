namespace SecondOpinion.Dicom.Imaging;

/// <summary>Circles, ellipses and smooth curves as chains of straight lines (PS3.3 C.10.5.1.2).</summary>
internal static class Curves
{
    private const int Steps = 360;
    private const int StepsBetween = 16;
    private const int MostSpots = 100_000;

    /// <param name="center">Of the circle.</param>
    /// <param name="edge">A point on it.</param>
    public static Spot[] Circle(Spot center, Spot edge)
    {
        var radius = double.Hypot(edge.X - center.X, edge.Y - center.Y);
        return Around(center, new Spot(radius, 0), new Spot(0, radius));
    }

    /// <summary>From the ends of the major axis, then those of the minor axis.</summary>
    public static Spot[] Ellipse(Spot majorStart, Spot majorEnd, Spot minorStart, Spot minorEnd) => Around(
        new Spot((majorStart.X + majorEnd.X) / 2, (majorStart.Y + majorEnd.Y) / 2),
        new Spot((majorEnd.X - majorStart.X) / 2, (majorEnd.Y - majorStart.Y) / 2),
        new Spot((minorEnd.X - minorStart.X) / 2, (minorEnd.Y - minorStart.Y) / 2));

    /// <summary>A curve through all points (Catmull-Rom); closed when the last is the first.</summary>
    public static Spot[] Through(Spot[] points)
    {
        if (points.Length < 3 || points.Length * StepsBetween > MostSpots)
        {
            return points;
        }

        var isClosed = points[0] == points[^1];
        var result = new List<Spot>(points.Length * StepsBetween) { points[0] };
        for (var i = 0; i + 1 < points.Length; i++)
        {
            var before = i > 0 ? points[i - 1] : isClosed ? points[^2] : points[0];
            var after = i + 2 < points.Length ? points[i + 2] : isClosed ? points[1] : points[^1];
            for (var step = 1; step <= StepsBetween; step++)
            {
                var t = step / (double)StepsBetween;
                result.Add(new Spot(Between(before.X, points[i].X, points[i + 1].X, after.X, t), Between(before.Y, points[i].Y, points[i + 1].Y, after.Y, t)));
            }
        }

        return [.. result];
    }

    private static double Between(double before, double from, double to, double after, double t) =>
        from + (0.5 * t * (to - before + (t * ((2 * before) - (5 * from) + (4 * to) - after + (t * ((3 * (from - to)) + after - before))))));

    private static Spot[] Around(Spot center, Spot first, Spot second)
    {
        var result = new Spot[Steps];
        for (var i = 0; i < Steps; i++)
        {
            var (sin, cos) = Math.SinCos(2 * Math.PI * i / Steps);
            result[i] = new Spot(center.X + (first.X * cos) + (second.X * sin), center.Y + (first.Y * cos) + (second.Y * sin));
        }

        return result;
    }
}
