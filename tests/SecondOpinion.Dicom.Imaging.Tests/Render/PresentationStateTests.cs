using Xunit;
using static SecondOpinion.Dicom.Imaging.Tests.TestImages;

namespace SecondOpinion.Dicom.Imaging.Tests.Render;

public sealed class PresentationStateTests
{
    private static DicomImage Image() => Native(Attributes(2, 3, photometric: "MONOCHROME1").Set(DicomTags.WindowCenter, 1.0).Set(DicomTags.WindowWidth, 1.0), 0, 50, 100, 150, 200, 250);

    private static DicomDataset State() => new DicomDataset().Set(DicomTags.PresentationLUTShape, "IDENTITY");

    [Fact]
    public void Its_polarity_and_window_replace_those_of_the_image()
    {
        Assert.Equal([0, 50, 100, 150, 200, 250], Image().Pixels(new() { PresentationState = State() }));
        var voi = new DicomDataset().Set(DicomTags.WindowCenter, 100.5).Set(DicomTags.WindowWidth, 201.0);
        Assert.Equal([255, 191, 128, 64, 0, 0], Image().Pixels(new() { PresentationState = new DicomDataset().Set(DicomTags.PresentationLUTShape, "INVERSE").SetItems(DicomTags.SoftcopyVOILUTSequence, voi) }));
    }

    [Fact]
    public void A_window_for_another_image_does_not_count()
    {
        var voi = new DicomDataset().Set(DicomTags.WindowCenter, 1.0).Set(DicomTags.WindowWidth, 1.0)
            .SetItems(DicomTags.ReferencedImageSequence, new DicomDataset().Set(DicomTags.ReferencedSOPInstanceUID, "2.25.99"));
        Assert.Equal([0, 50, 100, 150, 200, 250], Image().Pixels(new() { PresentationState = State().SetItems(DicomTags.SoftcopyVOILUTSequence, voi) }));
    }

    [Fact]
    public void A_presentation_table_is_the_last_step()
    {
        var table = new DicomDataset().SetBytes(DicomTags.LUTDescriptor, DicomVr.US, Words(256, 0, 8)).SetBytes(DicomTags.LUTData, DicomVr.OW, Words([.. Enumerable.Range(0, 256).Select(i => (ushort)(i / 2))]));
        Assert.Equal([0, 25, 50, 75, 100, 125], Image().Pixels(new() { PresentationState = new DicomDataset().SetItems(DicomTags.PresentationLUTSequence, table) }));
    }

    [Fact]
    public void Rotation_comes_before_the_flip()
    {
        // 0 50 100 / 150 200 250 turned clockwise: 150 0 / 200 50 / 250 100.
        var turned = DicomRenderer.Render(Image(), 0, new() { PresentationState = State().Set(DicomTags.ImageRotation, 90).Set(DicomTags.ImageHorizontalFlip, "N") });
        Assert.Equal((2, 3), (turned.Width, turned.Height));
        Assert.Equal([150, 0, 200, 50, 250, 100], turned.Data);
        Assert.Equal([0, 150, 50, 200, 100, 250], Image().Pixels(new() { PresentationState = State().Set(DicomTags.ImageRotation, 90).Set(DicomTags.ImageHorizontalFlip, "Y") }));
        Assert.Equal([100, 50, 0, 250, 200, 150], Image().Pixels(new() { PresentationState = State().Set(DicomTags.ImageRotation, 0).Set(DicomTags.ImageHorizontalFlip, "Y") }));
    }

    [Fact]
    public void Only_the_displayed_area_is_shown()
    {
        var area = new DicomDataset().Set(DicomTags.DisplayedAreaTopLeftHandCorner, 2, 1).Set(DicomTags.DisplayedAreaBottomRightHandCorner, 3, 2);
        Assert.Equal([50, 100, 200, 250], Image().Pixels(new() { PresentationState = State().SetItems(DicomTags.DisplayedAreaSelectionSequence, area) }));
    }
}
