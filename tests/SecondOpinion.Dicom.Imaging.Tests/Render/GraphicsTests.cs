using SecondOpinion.TestKit;
using Xunit;
using static SecondOpinion.Dicom.Imaging.Tests.TestImages;

namespace SecondOpinion.Dicom.Imaging.Tests.Render;

/// <summary>Annotations of a presentation state (PS3.3 C.10.5, C.10.7), and where they go when the image is turned.</summary>
public sealed class GraphicsTests
{
    private const int Columns = 60;
    private const int Rows = 40;
    private const string L = "LAYER";

    private static DicomDataset State(params DicomDataset[] annotations) => StateBuilder.For(Attributes(Rows, Columns)).Layers((L, 2, 65535)).Annotate(annotations);

    private static RenderedImage Render(DicomDataset state) =>
        DicomRenderer.Render(Native(Attributes(Rows, Columns), [.. Enumerable.Repeat((byte)100, Rows * Columns)]), 0, new() { PresentationState = state });

    private static byte At(RenderedImage image, int x, int y) => image.Data[(y * image.Width) + x];

    private static int Changed(RenderedImage image) => image.Data.Count(v => v != 100);

    [Fact]
    public void A_line_in_pixels_runs_from_its_first_to_its_last_point()
    {
        var image = Render(State(StateBuilder.Graphic(L, "POLYLINE", "PIXEL", false, 10, 5.5f, 30, 5.5f)));
        Assert.Equal((255, 255, 255), (At(image, 10, 5), At(image, 20, 5), At(image, 29, 5)));
        Assert.Equal((100, 100, 100, 100), (At(image, 8, 5), At(image, 31, 5), At(image, 20, 4), At(image, 20, 6)));
    }

    [Fact]
    public void Positions_in_pixels_move_with_the_image_and_those_of_the_display_do_not()
    {
        // Turned by 90 degrees the image is 40 x 60, and its pixel 10, 5 lies at 40 - 1 - 5, 10.
        var image = Render(State(StateBuilder.Graphic(L, "POLYLINE", "PIXEL", false, 10.5f, 5.5f, 20.5f, 5.5f), StateBuilder.Graphic(L, "POLYLINE", "DISPLAY", false, 0.5f, 0.5f, 1, 0.5f)).Turned(90, false));
        Assert.Equal((40, 60), (image.Width, image.Height));
        Assert.Equal((255, 255), (At(image, 34, 10), At(image, 34, 20)));
        Assert.True(At(image, 30, 29) > 100 && At(image, 39, 30) > 100 && At(image, 15, 29) == 100);
    }

    [Fact]
    public void Shapes_are_drawn_hollow_or_filled()
    {
        var hollow = Render(State(StateBuilder.Graphic(L, "CIRCLE", "PIXEL", false, 30, 20, 40, 20)));
        Assert.True(At(hollow, 30, 20) == 100 && At(hollow, 39, 20) > 150 && At(hollow, 30, 10) > 150 && At(hollow, 43, 20) == 100);
        var filled = Render(State(StateBuilder.Graphic(L, "CIRCLE", "PIXEL", true, 30, 20, 40, 20)));
        Assert.InRange(Changed(filled), (int)(Math.PI * 100) - 5, (int)(Math.PI * 124));
        var ellipse = Render(State(StateBuilder.Graphic(L, "ELLIPSE", "PIXEL", true, 10, 20, 50, 20, 30, 10, 30, 30)));
        Assert.True(At(ellipse, 12, 20) == 255 && At(ellipse, 30, 12) == 255 && At(ellipse, 14, 12) == 100);
        var polygon = Render(State(StateBuilder.Graphic(L, "POLYLINE", "PIXEL", true, 10, 10, 20, 10, 20, 20, 10, 20, 10, 10)));
        Assert.Equal((255, 100), (At(polygon, 15, 15), At(polygon, 25, 15)));
        var curve = Render(State(StateBuilder.Graphic(L, "INTERPOLATED", "PIXEL", false, 5, 20, 30, 5, 55, 20)));
        Assert.True(At(curve, 30, 5) > 150 || At(curve, 30, 4) > 150);
        Assert.True(Changed(Render(State(StateBuilder.Graphic(L, "POINT", "PIXEL", false, 30, 20)))) is > 3 and < 40);
    }

    [Fact]
    public void The_layer_with_the_higher_order_lies_on_top_in_its_own_value()
    {
        var state = State(StateBuilder.Graphic("TOP", "CIRCLE", "PIXEL", true, 30, 20, 40, 20), StateBuilder.Graphic(L, "CIRCLE", "PIXEL", true, 30, 20, 45, 20)).Layers(("TOP", 9, 0), (L, 2, 65535));
        var image = Render(state);
        Assert.Equal((0, 255), (At(image, 30, 20), At(image, 43, 20)));
    }

    [Fact]
    public void Annotations_of_another_image_or_frame_are_not_drawn()
    {
        var other = StateBuilder.Graphic(L, "CIRCLE", "PIXEL", true, 30, 20, 40, 20)
            .SetItems(DicomTags.ReferencedImageSequence, new DicomDataset().Set(DicomTags.ReferencedSOPInstanceUID, "2.25.1").Set(DicomTags.ReferencedFrameNumber, 2));
        Assert.Equal(0, Changed(Render(State(other))));
    }

    [Fact]
    public void A_state_of_another_image_is_refused()
    {
        var state = StateBuilder.For(Attributes(Rows, Columns).Set(DicomTags.SOPInstanceUID, "2.25.99"));
        Assert.Equal(ImagingError.InvalidOption, Assert.Throws<ImagingException>(() => Render(state)).Code);
    }

    [Fact]
    public void Text_stands_upright_in_its_box_and_a_line_leads_to_its_anchor()
    {
        var plain = Render(State(StateBuilder.Text(L, "AB", "PIXEL", [5, 5, 30, 20], null)));
        Assert.Contains((byte)255, plain.Data);
        Assert.All(Enumerable.Range(0, Rows * Columns).Where(i => plain.Data[i] == 255), i => Assert.True(i % Columns is >= 4 and <= 31 && i / Columns is >= 4 and <= 21));
        var right = Render(State(StateBuilder.Text(L, "AB", "PIXEL", [5, 5, 50, 20], null, "RIGHT")));
        Assert.DoesNotContain((byte)255, Enumerable.Range(0, Rows).Select(y => At(right, 10, y)));
        var anchored = Render(State(StateBuilder.Text(L, "AB", "PIXEL", [5, 5, 30, 20], [50, 35])));
        Assert.True(At(anchored, 49, 34) > 150);
        Assert.Contains((byte)255, Render(State(StateBuilder.Text(L, "AB", "PIXEL", null, [10, 10]))).Data);
    }

    [Theory]
    [InlineData("Müller")]
    [InlineData("Łukasiewicz")]
    [InlineData("Ελλάδα")]
    [InlineData("Щербаков")]
    [InlineData("שלום")]
    public void Scripts_beyond_ASCII_are_drawn_where_pango_is(string text)
    {
        if (!PangoText.IsPresent)
        {
            Requires.Missing("pango is not installed");
        }

        var mask = TextMask.Of(text, 40, TextAlignment.Left, 500, 100);
        Assert.Contains((byte)255, mask.Coverage);
        Assert.NotEqual(TextMask.Of(new string('\u00BF', text.Length), 40, TextAlignment.Left, 500, 100).Coverage, mask.Coverage);
    }

    [Fact]
    public void Without_pango_the_font_of_dots_draws_lines_side_by_side_as_asked()
    {
        var left = TextMask.Dots(["I", "III"], 20, TextAlignment.Left, 500, 100);
        var right = TextMask.Dots(["I", "III"], 20, TextAlignment.Right, 500, 100);
        Assert.Equal((36, 40), (left.Width, left.Height));
        Assert.Equal(left.Coverage.AsSpan(0, 36 * 20).IndexOf((byte)255) + 24, right.Coverage.AsSpan(0, 36 * 20).IndexOf((byte)255));
    }

    [Fact]
    public void A_displayed_area_beyond_the_image_is_black_there()
    {
        var area = new DicomDataset().Set(DicomTags.DisplayedAreaTopLeftHandCorner, -9, 1).Set(DicomTags.DisplayedAreaBottomRightHandCorner, 60, 50);
        var image = Render(State(StateBuilder.Graphic(L, "POLYLINE", "PIXEL", false, 0, 5.5f, 60, 5.5f)).SetItems(DicomTags.DisplayedAreaSelectionSequence, area));
        Assert.Equal((70, 50), (image.Width, image.Height));
        Assert.Equal((0, 100, 0, 255), (At(image, 8, 20), At(image, 12, 20), At(image, 30, 45), At(image, 11, 5)));
    }

    [Fact]
    public void MAGNIFY_makes_as_many_pixels_of_one_as_it_says()
    {
        var area = new DicomDataset().Set(DicomTags.DisplayedAreaTopLeftHandCorner, 1, 1).Set(DicomTags.DisplayedAreaBottomRightHandCorner, 60, 40)
            .Set(DicomTags.PresentationSizeMode, "MAGNIFY").Set(DicomTags.PresentationPixelMagnificationRatio, DicomVr.FL, "2.5");
        Assert.Equal(150, Render(State().SetItems(DicomTags.DisplayedAreaSelectionSequence, area)).Width);
    }

    [Fact]
    public void Numbers_that_make_no_picture_do_no_harm()
    {
        foreach (var type in (string[])["POINT", "POLYLINE", "INTERPOLATED", "CIRCLE", "ELLIPSE", "SQUARE"])
        {
            Render(State(
                StateBuilder.Graphic(L, type, "PIXEL", true, float.NaN, float.PositiveInfinity, 1, 1),
                StateBuilder.Graphic(L, type, "DISPLAY", true, float.MaxValue, float.MinValue, -1e30f, 1e30f, 3, 4, 5, 6),
                StateBuilder.Graphic(L, type, "MATRIX", true, 1, 2, 3, 4),
                StateBuilder.Graphic(L, type, "PIXEL", true)));
        }

        Render(State(StateBuilder.Text(L, "A\r\nB\u0001", "DISPLAY", [-1e30, 1e30, 5, 5], [1e30, 1e30]), StateBuilder.Text(L, new string('x', 3000), "PIXEL", [5, 5, 5, 5], null)));
    }

    [Fact]
    public void More_work_than_the_limit_is_refused()
    {
        var points = new float[60_000];
        for (var i = 0; i < points.Length; i++)
        {
            points[i] = i % 4 < 2 ? -900_000 : 900_000;
        }

        var state = State([.. Enumerable.Repeat(StateBuilder.Graphic(L, "POLYLINE", "PIXEL", true, [.. points, points[0], points[1]]), 10)]);
        Assert.Equal(ImagingError.LimitExceeded, Assert.Throws<ImagingException>(() => Render(state)).Code);
    }
}
