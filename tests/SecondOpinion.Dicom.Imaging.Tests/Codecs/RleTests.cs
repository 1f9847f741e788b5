using SecondOpinion.Dicom.Imaging.Codecs.Rle;
using Xunit;

namespace SecondOpinion.Dicom.Imaging.Tests.Codecs;

public sealed class RleTests
{
    [Theory]
    [InlineData(61, 45, 1, 8)]
    [InlineData(61, 45, 3, 8)]
    [InlineData(61, 45, 1, 12)]
    [InlineData(300, 20, 1, 16)]
    public void Frames_that_dcmtk_packed_unpack_to_the_same_pixels(int width, int height, int samples, int bits)
    {
        var original = TestImage.Create(width, height, samples, bits);
        var packed = Oracle.Convert("dcmcrle", original);
        Assert.Equal(DicomUids.RLELossless, packed.TransferSyntaxUid);
        Assert.Equal(Pixels.OfNative(original), Pixels.Of(Pixels.Decode(packed)));
    }

    [Theory]
    [InlineData(61, 45, 1, 8)]
    [InlineData(61, 45, 3, 8)]
    [InlineData(61, 45, 1, 12)]
    [InlineData(300, 20, 1, 16)]
    [InlineData(300, 20, 3, 16)]
    public void Frames_packed_here_unpack_with_dcmtk_to_the_same_pixels(int width, int height, int samples, int bits)
    {
        var original = TestImage.Create(width, height, samples, bits);
        var bytes = bits > 8 ? 2 : 1;
        var packed = RleEncoder.Encode(original.Dataset.GetBytes(DicomTags.PixelData).Span[..(width * height * samples * bytes)], width, height, samples, bytes);
        var dataset = original.Dataset.Clone().SetFragments(DicomTags.PixelData, DicomVr.OB, new DicomFragments(default, packed));
        var unpacked = Oracle.Convert("dcmdrle", DicomFile.Create(dataset, DicomUids.RLELossless));
        Assert.Equal(Pixels.OfNative(original), Pixels.OfNative(unpacked));
    }

    [Fact]
    public void Thirty_two_bit_samples_come_back_in_their_byte_order()
    {
        byte[] samples = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
        var packed = RleEncoder.Encode(samples, 3, 1, 1, 4);
        Assert.Equal(samples, RleDecoder.Decode(packed, Description(3, 1, 32)).Samples);
        Assert.Equal([4, 0, 0, 0], packed[..4]); // four segments, the most significant first
        Assert.Equal([2, 4, 8, 12], packed[64..68]);
    }

    [Fact]
    public void A_label_of_subsampled_chrominance_does_not_survive_decoding()
    {
        var packed = RleEncoder.Encode([1, 2, 3, 4, 5, 6], 2, 1, 3, 1);
        var frame = PixelCodecs.Decode(DicomUids.RLELossless, packed, Description(2, 1, 8, 3) with { PhotometricInterpretation = "YBR_FULL_422" });
        Assert.Equal("YBR_FULL", frame.PhotometricInterpretation);
        Assert.Equal([1, 2, 3, 4, 5, 6], frame.Data);
    }

    [Fact]
    public void Runs_of_every_length_come_back()
    {
        var samples = Enumerable.Range(1, 300).SelectMany(length => Enumerable.Repeat((byte)length, length)).ToArray();
        var packed = RleEncoder.Encode(samples, samples.Length, 1, 1, 1);
        Assert.True(packed.Length < samples.Length / 20);
        Assert.Equal(samples, RleDecoder.Decode(packed, Description(samples.Length, 1, 8)).Samples);
    }

    [Fact]
    public void A_frame_of_another_number_of_segments_is_refused() =>
        Refused([3, 0, 0, 0, .. new byte[60], 0, 1], Description(1, 1, 8));

    [Fact]
    public void A_segment_that_starts_inside_the_header_is_refused() =>
        Refused([1, 0, 0, 0, 63, 0, 0, 0, .. new byte[56], 0, 1], Description(1, 1, 8));

    [Fact]
    public void A_segment_beyond_the_data_is_refused() =>
        Refused([1, 0, 0, 0, 200, 0, 0, 0, .. new byte[56], 0, 1], Description(1, 1, 8));

    [Fact]
    public void A_segment_that_ends_early_is_refused() =>
        Refused([1, 0, 0, 0, 64, 0, 0, 0, .. new byte[56], 1, 1], Description(3, 1, 8));

    [Fact]
    public void Dimensions_that_the_data_cannot_fill_take_no_memory() =>
        Refused([1, 0, 0, 0, 64, 0, 0, 0, .. new byte[56], 129, 1], Description(65535, 16000, 8));

    [Fact]
    public void Damaged_frames_are_refused_and_nothing_else()
    {
        var image = TestImage.Create(40, 30, 3, 8);
        var packed = RleEncoder.Encode(image.Dataset.GetBytes(DicomTags.PixelData).Span, 40, 30, 3, 1);
        Mutation.Try(packed, 1000, bytes => RleDecoder.Decode(bytes, Description(40, 30, 8, 3)));
    }

    private static void Refused(byte[] packed, ImageDescription description) =>
        Assert.Equal(ImagingError.InvalidPixelData, Assert.Throws<ImagingException>(() => RleDecoder.Decode(packed, description)).Code);

    internal static ImageDescription Description(int columns, int rows, int bits, int samples = 1, bool signed = false) => new()
    {
        Rows = rows,
        Columns = columns,
        SamplesPerPixel = samples,
        BitsAllocated = bits <= 8 ? 8 : bits <= 16 ? 16 : 32,
        BitsStored = bits,
        HighBit = bits - 1,
        IsSigned = signed,
        PhotometricInterpretation = samples == 1 ? "MONOCHROME2" : "RGB",
    };
}
