namespace SecondOpinion.Dicom.Imaging;

/// <summary>
/// Graphic annotations of a presentation state (PS3.3 C.10.5) on the finished picture, layer by layer, graphics below text. Positions in PIXEL units move with the image,
/// those in DISPLAY units are fractions of the displayed area as it is shown; text is always upright.
/// </summary>
internal sealed class Graphics
{
    private const int MostObjects = 10_000;
    private const int MostSpots = 100_000;

    private readonly Canvas _canvas;
    private readonly Geometry _geometry;
    private readonly int _lineHeight;
    private readonly double _thickness;

    private Graphics(Geometry geometry, RenderedImage target)
    {
        _canvas = new Canvas(target);
        _geometry = geometry;
        var side = Math.Min(target.Width, target.Height);
        _lineHeight = Math.Clamp(side / 32, 10, 60);
        _thickness = Math.Clamp(side / 500.0, 1, 6);
    }

    public static void Draw(DicomDataset state, DicomDataset image, int frame, Geometry geometry, RenderedImage target)
    {
        var graphics = new Graphics(geometry, target);
        var layers = new GraphicLayers(state);
        var left = MostObjects;
        var annotations = state.GetItems(DicomTags.GraphicAnnotationSequence).Where(a => PresentationState.Concerns(a, image, frame));
        foreach (var annotation in annotations.OrderBy(a => layers.OrderOf(a.GetString(DicomTags.GraphicLayer)))) // stable
        {
            var ink = layers.InkOf(annotation.GetString(DicomTags.GraphicLayer));
            var (shapes, texts) = (annotation.GetItems(DicomTags.GraphicObjectSequence), annotation.GetItems(DicomTags.TextObjectSequence));
            left -= shapes.Count + texts.Count;
            if (left < 0)
            {
                throw new ImagingException(ImagingError.LimitExceeded, "The presentation state draws more than the limit.");
            }

            foreach (var shape in shapes)
            {
                graphics.Shape(shape, ink);
            }

            foreach (var text in texts)
            {
                graphics.Text(text, ink);
            }
        }
    }

    private void Shape(DicomDataset item, Ink ink)
    {
        var numbers = item.GetDoubles(DicomTags.GraphicData);
        var count = Math.Min(numbers.Length / 2, item.GetInt32(DicomTags.NumberOfGraphicPoints) ?? int.MaxValue);
        if (count is < 1 or > MostSpots || !numbers.All(double.IsFinite) || Units(item, DicomTags.GraphicAnnotationUnits) is not { } isDisplay)
        {
            return; // what makes no picture is not drawn
        }

        var points = new Spot[count];
        for (var i = 0; i < count; i++)
        {
            points[i] = new Spot(numbers[i * 2], numbers[(i * 2) + 1]);
        }

        var thickness = item.GetItem(DicomTags.LineStyleSequence)?.GetDouble(DicomTags.LineThickness) is > 0 and <= 100 and var given ? given : _thickness;
        var (outline, isClosed) = item.GetString(DicomTags.GraphicType) switch
        {
            "POINT" => ([points[0], points[0]], false),
            "POLYLINE" => (points, false),
            "INTERPOLATED" => (Curves.Through(points), false),
            "CIRCLE" when count >= 2 => (Curves.Circle(points[0], points[1]), true),
            "ELLIPSE" when count >= 4 => (Curves.Ellipse(points[0], points[1], points[2], points[3]), true),
            _ => ((Spot[])[], false),
        };
        var spots = Array.ConvertAll(outline, p => Place(p, isDisplay));
        if (item.GetString(DicomTags.GraphicFilled) == "Y" && spots.Length > 2 && (isClosed || points[0] == points[^1]))
        {
            _canvas.Fill(spots, ink);
        }

        _canvas.Lines(spots, isClosed, item.GetString(DicomTags.GraphicType) == "POINT" ? thickness * 4 : thickness, ink);
    }

    private void Text(DicomDataset item, Ink ink)
    {
        var value = item.GetText(DicomTags.UnformattedTextValue)?.TrimEnd();
        if (string.IsNullOrEmpty(value))
        {
            return;
        }

        var anchor = At(item, DicomTags.AnchorPoint, DicomTags.AnchorPointAnnotationUnits);
        var lines = value.ReplaceLineEndings("\n").Count(c => c == '\n') + 1;
        if (At(item, DicomTags.BoundingBoxTopLeftHandCorner, DicomTags.BoundingBoxAnnotationUnits) is not { } one
            || At(item, DicomTags.BoundingBoxBottomRightHandCorner, DicomTags.BoundingBoxAnnotationUnits) is not { } other)
        {
            if (anchor is { } start)
            {
                Write(TextMask.Of(value, _lineHeight, TextAlignment.Left, _canvas.Width, _canvas.Height), start, ink);
            }

            return;
        }

        // The corners may have changed places when the image was turned.
        var (left, top, right, bottom) = (Math.Min(one.X, other.X), Math.Min(one.Y, other.Y), Math.Max(one.X, other.X), Math.Max(one.Y, other.Y));
        var alignment = item.GetString(DicomTags.BoundingBoxTextHorizontalJustification) switch
        {
            "CENTER" => TextAlignment.Center,
            "RIGHT" => TextAlignment.Right,
            _ => TextAlignment.Left,
        };
        var mask = Fitting(value, lines, alignment, right - left, bottom - top);
        var x = alignment switch { TextAlignment.Center => (left + right - mask.Width) / 2, TextAlignment.Right => right - mask.Width, _ => left };
        if (anchor is { } tip && item.GetString(DicomTags.AnchorPointVisibility) == "Y")
        {
            _canvas.Line(tip, new Spot(Math.Clamp(tip.X, left, right), Math.Clamp(tip.Y, top, bottom)), _thickness, ink);
        }

        Write(mask, new Spot(x, top), ink);
    }

    /// <summary>The largest text that fits the box, but one that can be read: it may reach beyond (PS3.3 C.10.5.1.1).</summary>
    private TextMask Fitting(string text, int lines, TextAlignment alignment, double width, double height)
    {
        var size = (int)Math.Clamp(height / lines, Math.Min(10, _lineHeight), 2 * _lineHeight);
        var mask = TextMask.Of(text, size, alignment, _canvas.Width, _canvas.Height);
        if (mask.Width <= width || size <= 10)
        {
            return mask;
        }

        var smaller = Math.Max(10, (int)(size * width / mask.Width));
        return TextMask.Of(text, smaller, alignment, _canvas.Width, _canvas.Height);
    }

    private void Write(TextMask mask, Spot at, Ink ink)
    {
        if (Math.Abs(at.X) < 1e6 && Math.Abs(at.Y) < 1e6)
        {
            _canvas.Text(mask, (int)Math.Round(at.X), (int)Math.Round(at.Y), ink, 1);
        }
    }

    private Spot? At(DicomDataset item, DicomTag point, DicomTag units) =>
        item.GetDoubles(point) is [var x, var y, ..] && double.IsFinite(x) && double.IsFinite(y) && Units(item, units) is { } isDisplay ? Place(new Spot(x, y), isDisplay) : null;

    /// <summary>Whether positions are fractions of the display; null for units of whole slides.</summary>
    private static bool? Units(DicomDataset item, DicomTag tag) => item.GetString(tag) switch { "PIXEL" => false, "DISPLAY" => true, _ => null };

    private Spot Place(Spot point, bool isDisplay) => isDisplay ? _geometry.OfDisplay(point) : _geometry.OfPixel(point);
}
