using System.Buffers.Binary;
using Xunit;
using static SecondOpinion.Dicom.Imaging.Tests.TestImages;

namespace SecondOpinion.Dicom.Imaging.Tests.Frame;

public sealed class FrameTests
{
    private const string Jpeg = DicomUids.JPEGBaseline8Bit;

    private static readonly byte[] s_first = [0xFF, 0xD8, 0xFF, 1];
    private static readonly byte[] s_second = [0xFF, 0xD8, 0xFF, 2];
    private static readonly byte[] s_rest = [3, 4];

    [Fact]
    public void One_bit_frames_follow_each_other_without_padding()
    {
        // Three frames of 3 x 1 pixels: 101 110 011, the first in the lowest bit.
        var image = Native(Attributes(1, 3, allocated: 1, frames: 3), 0b11011101, 0b0);
        Assert.Equal([1, 0, 1], image.Decode(0).Data);
        Assert.Equal([1, 1, 0], image.Decode(1).Data);
        Assert.Equal([1, 1, 0], image.Decode(2).Data);
        Assert.Equal([0b00000011], image.FrameBytes(1).ToArray().Select(b => (byte)(b & 7)));
    }

    [Fact]
    public void Stored_bits_above_and_below_the_value_are_dropped_and_the_sign_extended()
    {
        var image = Native16(Attributes(1, 3, allocated: 16, stored: 12, high: 13, signed: true), 0b01_111111111111_11, unchecked((short)0b10_000000000001_01), 0b00_100000000000_00);
        Assert.Equal(Words(unchecked((ushort)-1), 1, unchecked((ushort)-2048)), image.Decode(0).Data);
    }

    [Fact]
    public void Planes_are_interleaved()
    {
        var image = Native(Attributes(1, 2, samples: 3, photometric: "RGB", planar: 1), 1, 2, 3, 4, 5, 6);
        Assert.Equal([1, 3, 5, 2, 4, 6], image.Decode(0).Data);
    }

    [Fact]
    public void Halved_chrominance_is_spread_over_two_pixels()
    {
        var image = Native(Attributes(1, 4, samples: 3, photometric: "YBR_FULL_422"), 10, 20, 100, 200, 30, 40, 101, 201);
        Assert.Equal([10, 100, 200, 20, 100, 200, 30, 101, 201, 40, 101, 201], image.Decode(0).Data);
        Assert.Equal("YBR_FULL", image.Decode(0).PhotometricInterpretation);
    }

    [Fact]
    public void Pixels_named_422_that_are_not_halved_read_as_they_are()
    {
        var image = Native(Attributes(1, 2, samples: 3, photometric: "YBR_FULL_422"), 1, 2, 3, 4, 5, 6);
        Assert.Equal([1, 2, 3, 4, 5, 6], image.Decode(0).Data);
    }

    [Theory]
    [InlineData(DicomUids.ExplicitVRBigEndian, 16)]
    [InlineData(DicomUids.ExplicitVRBigEndian, 32)]
    [InlineData(DicomTransferSyntax.GePrivateImplicit, 16)]
    public void Big_endian_samples_are_swapped_by_their_size(string transferSyntax, int allocated)
    {
        byte[] pixels = [1, 2, 3, 4, 5, 6, 7, 8];
        var size = allocated / 8;
        var file = DicomFile.Create(Attributes(1, 8 / size, allocated: allocated).SetBytes(DicomTags.PixelData, DicomVr.OW, pixels), DicomUids.ExplicitVRLittleEndian);
        var bytes = file.ToArray();
        DicomFile read;
        if (transferSyntax == DicomTransferSyntax.GePrivateImplicit)
        {
            read = DicomFile.Read(bytes).WithTransferSyntax(transferSyntax);
        }
        else
        {
            // The writer swaps OW by words; what a big endian file holds is set up from there.
            var big = file.WithTransferSyntax(transferSyntax).ToArray();
            pixels.CopyTo(big, big.Length - 8);
            read = DicomFile.Read(big);
        }

        var decoded = DicomImage.Open(read).Decode(0).Data;
        Assert.Equal(pixels.Chunk(size).SelectMany(c => c.Reverse()), decoded);
    }

    [Fact]
    public void One_frame_takes_all_fragments()
    {
        var image = Encapsulated(Attributes(1, 1), Jpeg, [], s_first, s_rest, s_rest);
        Assert.Equal([0xFF, 0xD8, 0xFF, 1, 3, 4, 3, 4], image.FrameBytes(0).ToArray());
    }

    [Fact]
    public void Frames_are_found_by_the_basic_offset_table()
    {
        var image = Encapsulated(Attributes(1, 1, frames: 2), Jpeg, [0, 0, 0, 0, 22, 0, 0, 0], s_first, s_rest, s_second);
        Assert.Equal([0xFF, 0xD8, 0xFF, 1, 3, 4], image.FrameBytes(0).ToArray());
        Assert.Equal(s_second, image.FrameBytes(1).ToArray());
    }

    [Fact]
    public void Frames_are_found_by_their_number_or_by_where_codestreams_start()
    {
        Assert.Equal(s_second, Encapsulated(Attributes(1, 1, frames: 2), Jpeg, [], s_first, s_second).FrameBytes(1).ToArray());
        var image = Encapsulated(Attributes(1, 1, frames: 2), Jpeg, [], s_first, s_second, s_rest);
        Assert.Equal(s_first, image.FrameBytes(0).ToArray());
        Assert.Equal([0xFF, 0xD8, 0xFF, 2, 3, 4], image.FrameBytes(1).ToArray());
    }

    [Fact]
    public void A_basic_offset_table_that_points_between_items_is_not_followed()
    {
        var image = Encapsulated(Attributes(1, 1, frames: 2), Jpeg, [0, 0, 0, 0, 21, 0, 0, 0], s_first, s_rest, s_second);
        Assert.Equal(s_second, image.FrameBytes(1).ToArray());
    }

    [Fact]
    public void The_extended_offset_table_gives_each_frames_true_length()
    {
        var dataset = Attributes(1, 1, frames: 2);
        var offsets = new byte[16];
        var lengths = new byte[16];
        BinaryPrimitives.WriteUInt64LittleEndian(offsets.AsSpan(8), 12);
        BinaryPrimitives.WriteUInt64LittleEndian(lengths, 3);
        BinaryPrimitives.WriteUInt64LittleEndian(lengths.AsSpan(8), 4);
        dataset.SetBytes(DicomTags.ExtendedOffsetTable, DicomVr.OV, offsets).SetBytes(DicomTags.ExtendedOffsetTableLengths, DicomVr.OV, lengths);
        var image = Encapsulated(dataset, Jpeg, [], s_first, s_second);
        Assert.Equal([0xFF, 0xD8, 0xFF], image.FrameBytes(0).ToArray());
        Assert.Equal(s_second, image.FrameBytes(1).ToArray());
    }

    [Fact]
    public void Fragments_that_make_no_frames_are_refused()
    {
        Refused(ImagingError.InvalidPixelData, () => Encapsulated(Attributes(1, 1, frames: 3), Jpeg, [], s_first, s_rest, s_second, s_rest).FrameBytes(0));
        Refused(ImagingError.InvalidPixelData, () => Encapsulated(Attributes(1, 1, frames: 3), Jpeg, [], s_first).FrameBytes(2));
        Refused(ImagingError.InvalidPixelData, () => Encapsulated(Attributes(1, 1), Jpeg, []));
    }

    [Fact]
    public void Encapsulated_uncompressed_and_deflated_frames_are_rows_of_samples()
    {
        Assert.Equal([5, 6], Encapsulated(Attributes(1, 2), DicomUids.EncapsulatedUncompressedExplicitVRLittleEndian, [], [5, 6]).Decode(0).Data);
        using var deflated = new MemoryStream();
        using (var stream = new System.IO.Compression.DeflateStream(deflated, System.IO.Compression.CompressionLevel.Optimal, true))
        {
            stream.Write([7, 8]);
        }

        Assert.Equal([7, 8], Encapsulated(Attributes(1, 2), "1.2.840.10008.1.2.8.1", [], deflated.ToArray()).Decode(0).Data);
        Refused(ImagingError.InvalidPixelData, () => Encapsulated(Attributes(1, 2), "1.2.840.10008.1.2.8.1", [], [1, 2, 3]).Decode(0));
    }

    [Fact]
    public void A_frame_that_is_not_there_is_out_of_range_and_short_pixel_data_are_invalid()
    {
        var image = Native(Attributes(2, 2, frames: 2), 1, 2, 3, 4, 5);
        Assert.Equal(2, image.FrameCount);
        Refused(ImagingError.FrameOutOfRange, () => image.FrameBytes(2));
        Refused(ImagingError.FrameOutOfRange, () => image.FrameBytes(-1));
        Refused(ImagingError.InvalidPixelData, () => image.Decode(1));
        Refused(ImagingError.TooLarge, () => DicomImage.Open(DicomFile.Create(Native(Attributes(2, 2), 1, 2, 3, 4).Dataset, DicomUids.ExplicitVRLittleEndian), 3).Decode(0));
    }

    [Theory]
    [InlineData("Rows", 0, ImagingError.InvalidImage)]
    [InlineData("Columns", 0, ImagingError.InvalidImage)]
    [InlineData("SamplesPerPixel", 2, ImagingError.InvalidImage)]
    [InlineData("BitsAllocated", 24, ImagingError.UnsupportedImage)]
    [InlineData("BitsStored", 9, ImagingError.InvalidImage)]
    [InlineData("HighBit", 8, ImagingError.InvalidImage)]
    public void Attributes_that_make_no_image_are_refused(string keyword, int value, ImagingError error)
    {
        Refused(error, () => Native(Attributes(1, 1).Set(DicomTag.Parse(keyword), value), 1));
        Refused(ImagingError.NoPixelData, () => DicomImage.Open(DicomFile.Create(Attributes(1, 1), DicomUids.ExplicitVRLittleEndian)));
    }

    private static void Refused(ImagingError error, Func<object> act) => Assert.Equal(error, Assert.Throws<ImagingException>(act).Code);
}
