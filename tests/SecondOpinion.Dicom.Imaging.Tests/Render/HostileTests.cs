using Xunit;
using static SecondOpinion.Dicom.Imaging.Tests.TestImages;

namespace SecondOpinion.Dicom.Imaging.Tests.Render;

public sealed class HostileTests
{
    /// <summary>Attributes that steer rendering, each set to values that make no sense.</summary>
    [Fact]
    public void No_attribute_makes_rendering_fail_with_anything_but_an_imaging_error()
    {
        string[] numbers = ["0", "-1", "1E308", "-1E308", "1E-300", "65535", "4294967295", "", "x"];
        DicomTag[] tags =
        [
            DicomTags.WindowCenter, DicomTags.WindowWidth, DicomTags.RescaleSlope, DicomTags.RescaleIntercept, DicomTags.PixelAspectRatio, DicomTags.PixelSpacing,
            DicomTags.VOILUTFunction, DicomTags.PresentationLUTShape, DicomTags.KVP, DicomTags.SliceThickness, DicomTags.PatientBirthDate, DicomTags.PatientName,
        ];
        foreach (var tag in tags)
        {
            foreach (var first in numbers)
            {
                foreach (var second in (string[])["1", "1E308", "-1"])
                {
                    var dataset = Attributes(2, 2, allocated: 16, stored: 12, signed: true).Set(DicomTags.WindowCenter, 1.0).Set(DicomTags.WindowWidth, 2.0);
                    dataset.Set(new DicomElement(tag, DicomVr.LO, first + "\\" + second));
                    Draw(Native16(dataset, 1, 2, 3, -4));
                }
            }
        }
    }

    [Fact]
    public void No_bytes_of_overlays_tables_and_palettes_do_either()
    {
        DicomTag[] tags =
        [
            new(0x6000, 0x0010), new(0x6000, 0x0011), new(0x6000, 0x0015), new(0x6000, 0x0050), new(0x6000, 0x0051), new(0x6000, 0x0100), new(0x6000, 0x0102), DicomTags.PixelPaddingValue,
            DicomTags.PixelPaddingRangeLimit, DicomTags.LUTDescriptor, DicomTags.RedPaletteColorLookupTableDescriptor, DicomTags.SegmentedRedPaletteColorLookupTableData, DicomTags.LUTData,
        ];
        byte[][] values = [[], [0], [0xFF, 0xFF], [0, 0, 0, 0], [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], [1, 0, 0, 0x80, 16, 0], [2, 0, 0xFF, 0xFF, 0, 0, 1, 0], [0, 0x80, 0, 0x80, 0, 0x80]];
        foreach (var photometric in (string[])["MONOCHROME2", "PALETTE COLOR"])
        {
            foreach (var tag in tags)
            {
                foreach (var value in values)
                {
                    var table = new DicomDataset().SetBytes(DicomTags.LUTDescriptor, DicomVr.US, Words(2, 0, 16)).SetBytes(DicomTags.LUTData, DicomVr.OW, Words(1, 2));
                    var dataset = Attributes(2, 2, photometric: photometric)
                        .SetBytes(new(0x6000, 0x0010), DicomVr.US, Words(2)).SetBytes(new(0x6000, 0x0011), DicomVr.US, Words(2)).SetBytes(new(0x6000, 0x0050), DicomVr.SS, Words(1, 1))
                        .SetBytes(DicomTags.RedPaletteColorLookupTableDescriptor, DicomVr.US, Words(2, 0, 8)).SetBytes(DicomTags.RedPaletteColorLookupTableData, DicomVr.OW, Words(1, 2));
                    (tag.Group == 0x28 && tag.Element >= 0x3000 ? table : dataset).SetBytes(tag, DicomVr.US, value);
                    if (tag.Element is 0x3002 or 0x3006)
                    {
                        dataset.SetItems(DicomTags.VOILUTSequence, table).SetItems(DicomTags.ModalityLUTSequence, table.Clone());
                    }

                    Draw(Native(dataset, 1, 2, 3, 4));
                }
            }
        }
    }

    private static void Draw(DicomImage image)
    {
        try
        {
            DicomRenderer.RenderToArray(image, 0, new() { Overlays = true, AnnotatePatient = true, AnnotateTechnique = true, MaxPixels = 10_000 });
        }
        catch (ImagingException)
        {
            // A refusal is what nonsense should lead to.
        }
    }
}
