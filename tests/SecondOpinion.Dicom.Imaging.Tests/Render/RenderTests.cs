using Xunit;
using static SecondOpinion.Dicom.Imaging.Tests.TestImages;

namespace SecondOpinion.Dicom.Imaging.Tests.Render;

public sealed class RenderTests
{
    private static DicomDataset Deep(int columns, bool signed = false) => Attributes(1, columns, allocated: 16, stored: 12, signed: signed);

    [Fact]
    public void A_window_follows_the_formula_of_the_standard()
    {
        // PS3.3 C.11.2.1.2.1, note 4: c=2048, w=4096 becomes the identity of 12 bits.
        var image = Native16(Deep(4).Set(DicomTags.WindowCenter, 2048.0).Set(DicomTags.WindowWidth, 4096.0), 0, 1365, 2730, 4095);
        Assert.Equal([0, 85, 170, 255], image.Pixels());
        Assert.Equal([0, 0, 128, 255], image.Pixels(new() { Window = (2730, 1001, VoiFunction.LinearExact) }));
    }

    [Fact]
    public void A_window_of_width_one_is_a_step_below_the_center()
    {
        Assert.Equal([0, 255], Native16(Deep(2), 99, 100).Pixels(new() { Window = (100, 1, VoiFunction.Linear) }));
    }

    [Fact]
    public void A_width_below_one_is_an_exact_window_and_none_is_an_error_of_the_caller()
    {
        var image = Native16(Deep(2).Set(DicomTags.RescaleSlope, 0.001).Set(DicomTags.RescaleIntercept, 0.0), 100, 300);
        Assert.Equal([0, 255], image.Pixels(new() { Window = (0.2, 0.2, VoiFunction.Linear) }));
        var error = Assert.Throws<ImagingException>(() => image.Pixels(new() { Window = (1, 0, VoiFunction.Linear) }));
        Assert.Equal(ImagingError.InvalidOption, error.Code);
    }

    [Fact]
    public void A_sigmoid_is_a_half_at_its_center()
    {
        var image = Native16(Deep(3).Set(DicomTags.WindowCenter, 1000.0).Set(DicomTags.WindowWidth, 400.0).Set(DicomTags.VOILUTFunction, "SIGMOID"), 900, 1000, 1100);
        Assert.Equal([(byte)Math.Round(255 / (1 + Math.E)), 128, (byte)Math.Round(255 / (1 + (1 / Math.E)))], image.Pixels());
    }

    [Fact]
    public void Rescale_comes_before_the_window()
    {
        var image = Native16(Deep(3, signed: true).Set(DicomTags.RescaleSlope, 2.0).Set(DicomTags.RescaleIntercept, -1000.0).Set(DicomTags.WindowCenter, 0.5).Set(DicomTags.WindowWidth, 201.0), 449, 500, 551);
        Assert.Equal([0, 128, 255], image.Pixels());
    }

    [Fact]
    public void Without_a_window_deep_pixels_are_spread_and_bytes_are_shown_as_they_are()
    {
        Assert.Equal([0, 128, 255], Native16(Deep(3), 1000, 1500, 1998).Pixels());
        Assert.Equal([10, 20, 30], Native(Attributes(1, 3), 10, 20, 30).Pixels());
        Assert.Equal([0, 0], Native16(Deep(2), 7, 7).Pixels());
    }

    [Fact]
    public void Monochrome1_and_an_inverse_shape_are_shown_inverted()
    {
        Assert.Equal([255, 155, 0], Native(Attributes(1, 3, photometric: "MONOCHROME1"), 0, 100, 255).Pixels());
        Assert.Equal([255, 155, 0], Native(Attributes(1, 3).Set(DicomTags.PresentationLUTShape, "INVERSE"), 0, 100, 255).Pixels());
        Assert.Equal([255, 155, 0], Native(Attributes(1, 3, photometric: "MONOCHROME1").Set(DicomTags.PresentationLUTShape, "INVERSE"), 0, 100, 255).Pixels());
    }

    [Fact]
    public void Padding_is_black_and_does_not_count_for_the_spread()
    {
        var dataset = Attributes(1, 4, allocated: 16, signed: true).Set(DicomTags.PixelPaddingValue, -2000).Set(DicomTags.PixelPaddingRangeLimit, -1990);
        Assert.Equal([0, 0, 0, 255], Native16(dataset, -2000, -1995, 100, 300).Pixels());
        dataset.Set(DicomTags.PhotometricInterpretation, "MONOCHROME1");
        Assert.Equal([0, 0, 255, 0], Native16(dataset, -2000, -1995, 100, 300).Pixels());
    }

    [Fact]
    public void Modality_and_voi_tables_are_looked_up_in_turn()
    {
        var modality = new DicomDataset().SetBytes(DicomTags.LUTDescriptor, DicomVr.US, Words(3, 10, 16)).SetBytes(DicomTags.LUTData, DicomVr.US, Words(100, 101, 102));
        var voi = new DicomDataset().SetBytes(DicomTags.LUTDescriptor, DicomVr.US, Words(3, 100, 8)).SetBytes(DicomTags.LUTData, DicomVr.US, Words(50, 60, 255));
        var dataset = Deep(4).SetItems(DicomTags.ModalityLUTSequence, modality).SetItems(DicomTags.VOILUTSequence, voi);
        Assert.Equal([50, 60, 255, 255], Native16(dataset, 0, 11, 12, 4000).Pixels());
    }

    [Fact]
    public void Functional_groups_of_the_frame_win_over_shared_ones_and_the_data_set()
    {
        var own = new DicomDataset().SetItems(DicomTags.FrameVOILUTSequence, new DicomDataset().Set(DicomTags.WindowCenter, 100.5).Set(DicomTags.WindowWidth, 201.0));
        var shared = new DicomDataset().SetItems(DicomTags.FrameVOILUTSequence, new DicomDataset().Set(DicomTags.WindowCenter, 1000.5).Set(DicomTags.WindowWidth, 2001.0));
        var dataset = Attributes(1, 1, allocated: 16, stored: 12, frames: 2).SetItems(DicomTags.SharedFunctionalGroupsSequence, shared).SetItems(DicomTags.PerFrameFunctionalGroupsSequence, own, new DicomDataset());
        var image = Native16(dataset, 200, 200);
        Assert.Equal([255], image.Pixels(frame: 0));
        Assert.Equal([26], image.Pixels(frame: 1));
    }

    [Fact]
    public void Samples_of_32_bits_are_windowed_too()
    {
        var image = Native(Attributes(1, 2, allocated: 32), 0, 0, 0, 0x80, 0, 0, 0, 0xFF);
        Assert.Equal([0, 255], image.Pixels());
        Assert.Equal([0, 0, 255, 255], image.Pixels(new() { Format = RenderFormat.Png, Png16 = true }));
    }

    [Fact]
    public void Sixteen_bit_output_keeps_the_depth()
    {
        var image = Native16(Deep(3).Set(DicomTags.WindowCenter, 2048.0).Set(DicomTags.WindowWidth, 4096.0), 0, 1, 4095);
        Assert.Equal(Words(0, 16, 65535), image.Pixels(new() { Format = RenderFormat.Png, Png16 = true }));
    }

    [Fact]
    public void Palettes_of_8_and_16_bits_and_their_first_value_are_followed()
    {
        var dataset = Attributes(1, 3, photometric: "PALETTE COLOR");
        foreach (var (descriptor, data) in s_palette)
        {
            dataset.SetBytes(descriptor, DicomVr.US, Words(2, 5, 16)).SetBytes(data, DicomVr.OW, Words((ushort)(data.Element << 8), 0xFF00));
        }

        Assert.Equal([1, 2, 3, 1, 2, 3, 255, 255, 255], Native(dataset, 0, 5, 200).Pixels());
    }

    [Fact]
    public void Segmented_palettes_are_expanded()
    {
        var dataset = Attributes(1, 4, photometric: "PALETTE COLOR");
        foreach (var (descriptor, data) in s_palette)
        {
            // Discrete 0; linear to 200 in 2; indirect: one segment at 0.
            dataset.SetBytes(descriptor, DicomVr.US, Words(4, 0, 16)).SetBytes(new DicomTag(0x28, (ushort)(data.Element + 0x20)), DicomVr.OW, Words(0, 1, 0x1000, 1, 2, 0x3000, 2, 1, 0, 0));
        }

        Assert.Equal([16, 32, 48, 16], Native(dataset, 0, 1, 2, 3).Pixels().Where((_, i) => i % 3 == 0));
    }

    [Fact]
    public void Segmented_palettes_of_8_bits_are_read_by_byte_also_where_they_come_as_words()
    {
        foreach (var wide in new[] { false, true })
        {
            var dataset = Attributes(1, 4, photometric: "PALETTE COLOR");
            foreach (var (descriptor, data) in s_palette)
            {
                // As before; the offset of the indirect segment has 32 bits in either case (PS3.3 C.7.9.2.3).
                byte[] bytes = wide ? Words(0, 1, 16, 1, 2, 48, 2, 1, 0, 0) : [0, 1, 16, 1, 2, 48, 2, 1, 0, 0, 0, 0];
                dataset.SetBytes(descriptor, DicomVr.US, Words(4, 0, 8)).SetBytes(new DicomTag(0x28, (ushort)(data.Element + 0x20)), DicomVr.OW, bytes);
            }

            Assert.Equal([16, 32, 48, 16], Native(dataset, 0, 1, 2, 3).Pixels().Where((_, i) => i % 3 == 0));
        }
    }

    [Theory]
    [InlineData(16)]
    [InlineData(8)] // a descriptor that says less than the entries hold
    public void A_dark_colour_of_a_palette_of_16_bits_stays_dark(int bits)
    {
        var dataset = Attributes(1, 2, photometric: "PALETTE COLOR");
        foreach (var (descriptor, data) in s_palette)
        {
            dataset.SetBytes(descriptor, DicomVr.US, Words(2, 0, (ushort)bits)).SetBytes(data, DicomVr.OW, data == DicomTags.BluePaletteColorLookupTableData ? Words(0, 200) : Words(0x2000, 0xFFFF));
        }

        Assert.Equal([0x20, 0x20, 0, 255, 255, 0], Native(dataset, 0, 1).Pixels());
    }

    [Fact]
    public void The_first_input_of_a_voi_table_is_signed_only_where_values_can_be_negative()
    {
        // PS3.3 C.11.2.1.1: 40,000 is -25,536 where rescaling can go below zero, and never what a Modality LUT gives.
        var voi = new DicomDataset().SetBytes(DicomTags.LUTDescriptor, DicomVr.US, Words(2, 40000, 8)).SetBytes(DicomTags.LUTData, DicomVr.US, Words(10, 255));
        var whole = Attributes(1, 2, allocated: 16, signed: true).SetItems(DicomTags.VOILUTSequence, voi);
        Assert.Equal([255, 255], Native16(whole, 1, 2).Pixels());
        whole.Set(DicomTags.RescaleSlope, 1.0).Set(DicomTags.RescaleIntercept, 32768.0);
        Assert.Equal([10, 255], Native16(whole, 7000, 7233).Pixels());
        var table = new DicomDataset().SetBytes(DicomTags.LUTDescriptor, DicomVr.US, Words(2, 0, 16)).SetBytes(DicomTags.LUTData, DicomVr.US, Words(39999, 40001));
        Assert.Equal([10, 255], Native16(Attributes(1, 2, allocated: 16, signed: true).SetItems(DicomTags.ModalityLUTSequence, table).SetItems(DicomTags.VOILUTSequence, voi), 0, 1).Pixels());
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public void A_frame_that_there_is_not_is_refused(int frame)
    {
        var groups = Attributes(1, 1).SetItems(DicomTags.PerFrameFunctionalGroupsSequence, new DicomDataset());
        Assert.Equal(ImagingError.FrameOutOfRange, Assert.Throws<ImagingException>(() => Native(groups, 1).Pixels(frame: frame)).Code);
    }

    [Fact]
    public void A_segmented_palette_that_refers_to_itself_or_ends_early_is_refused()
    {
        foreach (var data in (ushort[][])[[2, 9, 0, 0], [0, 9, 1], [1, 4, 1], [7, 1, 1]])
        {
            var dataset = Attributes(1, 1, photometric: "PALETTE COLOR");
            foreach (var (descriptor, plain) in s_palette)
            {
                dataset.SetBytes(descriptor, DicomVr.US, Words(4, 0, 16)).SetBytes(new DicomTag(0x28, (ushort)(plain.Element + 0x20)), DicomVr.OW, Words(data));
            }

            Assert.Equal(ImagingError.InvalidImage, Assert.Throws<ImagingException>(() => Native(dataset, 0).Pixels()).Code);
        }
    }

    [Fact]
    public void Ybr_becomes_rgb_and_a_window_is_ignored_on_colour()
    {
        var image = Native(Attributes(1, 2, samples: 3, photometric: "YBR_FULL").Set(DicomTags.WindowCenter, 1.0).Set(DicomTags.WindowWidth, 1.0), 76, 85, 255, 255, 128, 128);
        Assert.Equal([254, 0, 0, 255, 255, 255], image.Pixels());
        var deep = Native(Attributes(1, 1, samples: 3, allocated: 16, photometric: "RGB"), Words(0x1234, 0xFF00, 0x00FF));
        Assert.Equal([0x12, 0xFF, 0], deep.Pixels());
    }

    private static readonly (DicomTag Descriptor, DicomTag Data)[] s_palette =
    [
        (DicomTags.RedPaletteColorLookupTableDescriptor, DicomTags.RedPaletteColorLookupTableData),
        (DicomTags.GreenPaletteColorLookupTableDescriptor, DicomTags.GreenPaletteColorLookupTableData),
        (DicomTags.BluePaletteColorLookupTableDescriptor, DicomTags.BluePaletteColorLookupTableData),
    ];
}
