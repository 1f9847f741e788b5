using System.Runtime.InteropServices;
using Xunit;
using static SecondOpinion.Dicom.Imaging.Tests.TestImages;

namespace SecondOpinion.Dicom.Imaging.Tests.Frame;

/// <summary>Pixels that are rare: floats (PS3.3 C.7.6.24, C.7.6.25), 32 bits, packed cells (PS3.5 8.1.1), four samples.</summary>
public sealed class PixelKindTests
{
    private static DicomDataset FloatAttributes(int columns)
    {
        var dataset = Attributes(1, columns, allocated: 32);
        dataset.Remove(DicomTags.BitsStored);
        dataset.Remove(DicomTags.HighBit);
        dataset.Remove(DicomTags.PixelRepresentation);
        return dataset;
    }

    private static DicomImage Float(DicomDataset attributes, params float[] values) =>
        Open(attributes.SetBytes(DicomTags.FloatPixelData, DicomVr.OF, MemoryMarshal.AsBytes(values.AsSpan()).ToArray()));

    private static DicomImage Double(DicomDataset attributes, params double[] values) =>
        Open(attributes.Set(DicomTags.BitsAllocated, 64).SetBytes(DicomTags.DoubleFloatPixelData, DicomVr.OD, MemoryMarshal.AsBytes(values.AsSpan()).ToArray()));

    private static DicomImage Open(DicomDataset dataset) =>
        DicomImage.Open(DicomFile.Read(DicomFile.Create(dataset, DicomUids.ExplicitVRLittleEndian).ToArray()));

    [Fact]
    public void Floats_without_a_window_are_spread_from_the_least_to_the_greatest()
    {
        Assert.Equal([0, 64, 128, 255], Float(FloatAttributes(4), -1e-3f, -5e-4f, 0, 1e-3f).Pixels());
        Assert.Equal([0, 64, 128, 255], Double(FloatAttributes(4), -1e-300, -5e-301, 0, 1e-300).Pixels());
        Assert.Equal([0, 0], Float(FloatAttributes(2), 5, 5).Pixels());
    }

    [Fact]
    public void Floats_are_rescaled_and_windowed()
    {
        var attributes = FloatAttributes(3).Set(DicomTags.RescaleSlope, 1000.0).Set(DicomTags.RescaleIntercept, 10.0).Set(DicomTags.WindowCenter, 510.5).Set(DicomTags.WindowWidth, 1001.0);
        Assert.Equal([0, 128, 255], Float(attributes, 0, 0.5f, 1).Pixels());
        Assert.Equal([0, 255, 255], Float(attributes, 0, 0.5f, 1).Pixels(new() { Window = (100, 1, VoiFunction.LinearExact) }));
    }

    [Fact]
    public void Padding_and_what_is_no_number_are_background_and_do_not_count_for_the_range()
    {
        var padded = FloatAttributes(5).Set(DicomTags.FloatPixelPaddingValue, DicomVr.FL, "-1000").Set(DicomTags.FloatPixelPaddingRangeLimit, DicomVr.FL, "-900");
        Assert.Equal([0, 0, 0, 128, 255], Float(padded, -1000, -950, 0, 1, 2).Pixels());
        Assert.Equal([0, 0, 128, 255, 255], Float(FloatAttributes(5), float.NaN, 0, 1, 2, float.PositiveInfinity).Pixels());
        var twice = FloatAttributes(2).Set(DicomTags.DoubleFloatPixelPaddingValue, DicomVr.FD, "7");
        Assert.Equal([0, 0], Double(twice, 7, 3).Pixels());
    }

    [Fact]
    public void Frames_of_floats_are_found_and_never_compressed()
    {
        var attributes = FloatAttributes(2).Set(DicomTags.NumberOfFrames, 2);
        attributes.SetBytes(DicomTags.FloatPixelData, DicomVr.OF, MemoryMarshal.AsBytes((ReadOnlySpan<float>)[1, 2, 3, 4]).ToArray());
        var image = Open(attributes);
        Assert.Equal([3f, 4f], MemoryMarshal.Cast<byte, float>(image.Decode(1).Data).ToArray());
        Assert.True(image.Description.IsFloat && image.Decode(0).IsFloat);
        var file = DicomFile.Create(attributes, DicomUids.ExplicitVRLittleEndian);
        Assert.Equal(ImagingError.UnsupportedImage, Assert.Throws<ImagingException>(() => PixelTranscoder.Transcode(file, DicomUids.RLELossless)).Code);
    }

    [Fact]
    public void Short_float_data_and_huge_claims_are_refused()
    {
        Assert.Equal(ImagingError.InvalidPixelData, Assert.Throws<ImagingException>(() => Float(FloatAttributes(3), 1, 2).Pixels()).Code);
        Assert.Equal(ImagingError.TooLarge, Assert.Throws<ImagingException>(() => Double(FloatAttributes(1).Set(DicomTags.Rows, 65535).Set(DicomTags.Columns, 2000), 1).Pixels()).Code);
    }

    [Fact]
    public void Packed_cells_of_12_bits_are_taken_apart()
    {
        // 0x123 and 0xABC, 0xFFF alone: low bits first.
        var image = Native(Attributes(1, 3, allocated: 12), 0x23, 0xC1, 0xAB, 0xFF, 0x0F, 0);
        Assert.Equal(Words(0x123, 0xABC, 0xFFF), image.Decode(0).Data);
        var signed = Native(Attributes(1, 2, allocated: 12, signed: true), 0xFF, 0x1F, 0x00);
        Assert.Equal([-1, 1], MemoryMarshal.Cast<byte, short>(signed.Decode(0).Data).ToArray());
        var frames = Native(Attributes(1, 1, allocated: 12, frames: 2), 0x23, 0xC1, 0xAB);
        Assert.Equal(Words(0xABC), frames.Decode(1).Data);
    }

    [Fact]
    public void Samples_of_32_bits_keep_their_sign_and_all_their_values()
    {
        byte[] values = [0, 0, 0, 0x80, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0x7F];
        Assert.Equal([0, 128, 255], Native(Attributes(1, 3, allocated: 32, signed: true), values).Pixels());
        Assert.Equal([255, 0, 255], Native(Attributes(1, 3, allocated: 32), values).Pixels());
    }

    [Fact]
    public void A_padding_range_is_background_whatever_the_polarity()
    {
        var attributes = Attributes(1, 4, allocated: 16, stored: 12, signed: true, photometric: "MONOCHROME1").Set(DicomTags.PixelPaddingValue, DicomVr.SS, "-2000").Set(DicomTags.PixelPaddingRangeLimit, DicomVr.SS, "-1500");
        Assert.Equal([0, 0, 255, 0], Native16(attributes, -2000, -1600, 0, 100).Pixels());
    }

    [Fact]
    public void Retired_colours_are_drawn_or_refused_by_name()
    {
        Assert.Equal([255, 0, 127], Native(Attributes(1, 1, samples: 4, photometric: "CMYK"), 0, 255, 128, 0).Pixels());
        Assert.Equal([1, 2, 3], Native(Attributes(1, 1, samples: 4, photometric: "ARGB"), 200, 1, 2, 3).Pixels());
        var refusal = Assert.Throws<ImagingException>(() => Native(Attributes(1, 1, samples: 3, photometric: "HSV"), 1, 2, 3).Pixels());
        Assert.Equal(ImagingError.UnsupportedImage, refusal.Code);
        Assert.Contains("HSV", refusal.Message, StringComparison.Ordinal);
    }
}
