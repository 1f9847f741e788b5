using Xunit;
using static SecondOpinion.Dicom.Imaging.Tests.TestImages;

namespace SecondOpinion.Dicom.Imaging.Tests.Render;

/// <summary>Shutters and overlays of a presentation state (PS3.3 C.7.6.11, C.7.6.15, C.11.7).</summary>
public sealed class ShutterTests
{
    private const string L = "LAYER";

    private static DicomImage Image(DicomDataset? attributes = null) => Native(attributes ?? Attributes(5, 5), [.. Enumerable.Repeat((byte)100, 25)]);

    private static DicomDataset State() => StateBuilder.For(Attributes(5, 5));

    private static string Picture(DicomDataset state, DicomImage? image = null) => string.Join('/', (image ?? Image()).Pixels(new() { PresentationState = state }).Chunk(5)
        .Select(row => string.Concat(row.Select(v => v switch { 100 => '.', 0 => '#', 255 => 'W', _ => 'g' }))));

    private static DicomDataset Rectangle(DicomDataset state) => state.Set(DicomTags.ShutterShape, "RECTANGULAR")
        .Set(DicomTags.ShutterLeftVerticalEdge, 2).Set(DicomTags.ShutterRightVerticalEdge, 4).Set(DicomTags.ShutterUpperHorizontalEdge, 1).Set(DicomTags.ShutterLowerHorizontalEdge, 3);

    [Fact]
    public void A_rectangle_shows_its_edges_and_what_is_between() =>
        Assert.Equal("#...#/#...#/#...#/#####/#####", Picture(Rectangle(State())));

    [Fact]
    public void The_presentation_value_fills_what_is_hidden()
    {
        Assert.Equal("W...W/W...W/W...W/WWWWW/WWWWW", Picture(Rectangle(State()).Set(DicomTags.ShutterPresentationValue, 65535)));
        var deep = Image().Pixels(new() { PresentationState = Rectangle(State()).Set(DicomTags.ShutterPresentationValue, 12345), Png16 = true, Format = RenderFormat.Png });
        Assert.Equal(12345, deep[0] | (deep[1] << 8));
    }

    [Fact]
    public void A_circle_is_about_the_centre_of_a_pixel() => Assert.Equal(
        "##.##/#...#/.....",
        Picture(State().Set(DicomTags.ShutterShape, "CIRCULAR").Set(DicomTags.CenterOfCircularShutter, 3, 3).Set(DicomTags.RadiusOfCircularShutter, 2))[..17]);

    [Fact]
    public void A_polygon_shows_its_sides_and_its_inside() => Assert.Equal(
        ".####/..###/...##/....#/.....",
        Picture(State().Set(DicomTags.ShutterShape, "POLYGONAL").Set(DicomTags.VerticesOfThePolygonalShutter, 1, 1, 5, 5, 5, 1)));

    [Fact]
    public void Several_shapes_show_what_all_of_them_show()
    {
        var state = Rectangle(State()).Set(DicomTags.ShutterShape, DicomVr.CS, "RECTANGULAR", "POLYGONAL").Set(DicomTags.VerticesOfThePolygonalShutter, 1, 1, 5, 5, 5, 1);
        Assert.Equal("#####/#.###/#..##/#####/#####", Picture(state));
    }

    [Fact]
    public void A_bitmap_hides_where_its_bits_are_and_is_no_overlay()
    {
        var state = State().Set(DicomTags.ShutterShape, "BITMAP").Set(DicomTags.ShutterOverlayGroup, 0x6002).Set(DicomTags.ShutterPresentationValue, 0)
            .Overlay(0x6002, 1, 3, [0b101, 0], top: 2, left: 2).Set(new DicomTag(0x6002, 0x1001), DicomVr.CS, L).Layers((L, 1, 65535));
        Assert.Equal("...../.#.#./...../...../.....", Picture(state));
    }

    [Fact]
    public void Only_overlays_that_are_activated_are_drawn_in_the_value_of_their_layer()
    {
        var attributes = Attributes(5, 5).Overlay(0x6000, 1, 5, [0b11111, 0]).Overlay(0x6004, 1, 5, [0b11111, 0], top: 5);
        var state = StateBuilder.For(attributes).Layers((L, 1, 65535), ("DARK", 2, 0)).Set(new DicomTag(0x6000, 0x1001), DicomVr.CS, L)
            .Overlay(0x6002, 2, 1, [0b11, 0]).Set(new DicomTag(0x6002, 0x1001), DicomVr.CS, "DARK");
        Assert.Equal("#WWWW/#..../...../...../.....", Picture(state, Image(attributes)));
    }

    [Fact]
    public void Hostile_numbers_hide_all_or_nothing()
    {
        var state = State().Set(DicomTags.ShutterShape, DicomVr.CS, "RECTANGULAR", "CIRCULAR", "POLYGONAL", "BITMAP", "OVAL")
            .Set(DicomTags.ShutterLeftVerticalEdge, int.MinValue).Set(DicomTags.ShutterRightVerticalEdge, int.MaxValue)
            .Set(DicomTags.ShutterUpperHorizontalEdge, int.MinValue).Set(DicomTags.ShutterLowerHorizontalEdge, int.MaxValue)
            .Set(DicomTags.CenterOfCircularShutter, int.MaxValue, int.MinValue).Set(DicomTags.RadiusOfCircularShutter, int.MaxValue)
            .Set(DicomTags.VerticesOfThePolygonalShutter, 1, 1).Set(DicomTags.ShutterOverlayGroup, 0x0010);
        Picture(state);
    }
}
