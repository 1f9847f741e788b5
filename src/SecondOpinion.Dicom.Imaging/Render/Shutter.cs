namespace SecondOpinion.Dicom.Imaging;

/// <summary>
/// Display shutters of a presentation state (PS3.3 C.7.6.11, C.7.6.15, C.11.12): what lies outside any of the shapes, or under a bit of the shutter's overlay, takes the
/// shutter's presentation value. Positions count pixels of the frame from 1.
/// </summary>
internal static class Shutter
{
    private const int MostVertices = 10_000;

    /// <param name="state">Of the presentation.</param>
    /// <param name="target">A frame in its own size, after its presentation values were made (PS3.4 N.2).</param>
    public static void Apply(DicomDataset state, RenderedImage target)
    {
        var ink = Ink.Of(state, DicomTags.ShutterPresentationValue, DicomTags.ShutterPresentationColorCIELabValue) ?? Ink.Black;
        var canvas = new Canvas(target);
        foreach (var shape in state.GetStrings(DicomTags.ShutterShape))
        {
            switch (shape)
            {
                case "RECTANGULAR":
                    Rectangle(state, canvas, ink);
                    break;
                case "CIRCULAR":
                    Circle(state, canvas, ink);
                    break;
                case "POLYGONAL":
                    Polygon(state, canvas, ink);
                    break;
                case "BITMAP" when GroupOf(state) is { } group:
                    Overlays.Draw(state, group, 0, target, ink);
                    break;
            }
        }
    }

    /// <summary>The overlay that is a shutter; it is never shown as an overlay.</summary>
    public static int? GroupOf(DicomDataset state) =>
        state.GetInt32(DicomTags.ShutterOverlayGroup) is { } group && group is >= 0x6000 and <= 0x601E && group % 2 == 0 ? group : null;

    private static void Rectangle(DicomDataset state, Canvas canvas, Ink ink)
    {
        if (state.GetInt32(DicomTags.ShutterLeftVerticalEdge) is { } left && state.GetInt32(DicomTags.ShutterRightVerticalEdge) is { } right
            && state.GetInt32(DicomTags.ShutterUpperHorizontalEdge) is { } upper && state.GetInt32(DicomTags.ShutterLowerHorizontalEdge) is { } lower)
        {
            Outside(canvas, ink, y => y + 1 >= upper && y + 1 <= lower ? (left - 1, right - 1) : (0, -1));
        }
    }

    private static void Circle(DicomDataset state, Canvas canvas, Ink ink)
    {
        if (state.GetInt32s(DicomTags.CenterOfCircularShutter) is [var row, var column, ..] && state.GetInt32(DicomTags.RadiusOfCircularShutter) is { } radius and > 0)
        {
            Outside(canvas, ink, y =>
            {
                var square = ((double)radius * radius) - ((y + 1.0 - row) * (y + 1.0 - row));
                var half = square < 0 ? -1 : Math.Sqrt(square);
                return half < 0 ? (0, -1) : ((int)Math.Max(int.MinValue, Math.Ceiling(column - 1 - half)), (int)Math.Min(int.MaxValue, Math.Floor(column - 1 + half)));
            });
        }
    }

    private static void Polygon(DicomDataset state, Canvas canvas, Ink ink)
    {
        var numbers = state.GetInt32s(DicomTags.VerticesOfThePolygonalShutter); // row and column of each
        if (numbers.Length is < 6 or > 2 * MostVertices)
        {
            return;
        }

        var spots = new Spot[numbers.Length / 2];
        for (var i = 0; i < spots.Length; i++)
        {
            spots[i] = new Spot(numbers[(i * 2) + 1] - 1, numbers[i * 2] - 1);
        }

        var crossings = new List<double>();
        var shown = new bool[canvas.Width];
        for (var y = 0; y < canvas.Height; y++)
        {
            Array.Clear(shown);
            Canvas.Crossings(spots, y, crossings);
            for (var i = 0; i + 1 < crossings.Count; i += 2)
            {
                Show(shown, crossings[i], crossings[i + 1]);
            }

            // The sides belong to what is shown; those that lie along the row cross nothing.
            for (var i = 0; i < spots.Length; i++)
            {
                var (from, to) = (spots[i], spots[(i + 1) % spots.Length]);
                if (from.Y == y && to.Y == y)
                {
                    Show(shown, Math.Min(from.X, to.X), Math.Max(from.X, to.X));
                }
            }

            for (var x = 0; x < shown.Length; x++)
            {
                if (!shown[x])
                {
                    canvas.Blend(x, y, 1, ink);
                }
            }
        }
    }

    private static void Show(bool[] shown, double from, double to)
    {
        var (first, last) = ((int)Math.Max(0, Math.Ceiling(from)), (int)Math.Min(shown.Length - 1, Math.Floor(to)));
        if (last >= first)
        {
            shown.AsSpan(first, last - first + 1).Fill(true);
        }
    }

    /// <param name="inside">First and last column that a row shows.</param>
    private static void Outside(Canvas canvas, Ink ink, Func<int, (int First, int Last)> inside)
    {
        for (var y = 0; y < canvas.Height; y++)
        {
            var (first, last) = inside(y);
            for (var x = 0; x < canvas.Width; x++)
            {
                if (x < first || x > last)
                {
                    canvas.Blend(x, y, 1, ink);
                }
            }
        }
    }
}
