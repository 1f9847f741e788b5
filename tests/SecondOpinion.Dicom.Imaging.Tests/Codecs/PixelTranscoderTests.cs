using SecondOpinion.TestKit;
using Xunit;

namespace SecondOpinion.Dicom.Imaging.Tests.Codecs;

public sealed class PixelTranscoderTests
{
    public static TheoryData<string, string, string> Lossless => new()
    {
        { DicomUids.RLELossless, "dcmdrle", "" },
        { DicomUids.JPEGLossless, "dcmdjpeg", "" },
        { DicomUids.JPEGLosslessSV1, "dcmdjpeg", "" },
        { DicomUids.JPEGLSLossless, "dcmdjpls", "" },
        { DicomUids.JPEG2000Lossless, "gdcmconv", "--raw" },
    };

    [Theory]
    [MemberData(nameof(Lossless))]
    public void Lossless_results_decode_elsewhere_to_the_original(string syntax, string tool, string option)
    {
        if (syntax is DicomUids.JPEG2000 or DicomUids.JPEG2000Lossless)
        {
            Libraries.OpenJpeg();
        }

        foreach (var original in new[]
        {
            TestImage.Create(61, 45, 1, 8, frames: 3),
            TestImage.Create(61, 45, 1, 12),
            TestImage.Create(61, 45, 1, 16, signed: true),
            TestImage.Create(61, 45, 3, 8, frames: 2),
            TestImage.Create(60, 44, 3, 8, photometric: "YBR_FULL"),
        })
        {
            var compressed = PixelTranscoder.Transcode(original, syntax);
            Assert.Equal(syntax, compressed.TransferSyntaxUid);
            var decoded = Oracle.Convert(tool, compressed, option.Length == 0 ? [] : [option]);
            var back = PixelTranscoder.Transcode(DicomFile.Read(compressed.ToArray()), DicomUids.ExplicitVRLittleEndian);
            for (var frame = 0; frame < (original.Dataset.GetInt32(DicomTags.NumberOfFrames) ?? 1); frame++)
            {
                // dcmtk converts YBR_FULL of RLE and lossless syntaxes to RGB where gdcm does not: colour is compared as this program reads it.
                if (original.Dataset.GetString(DicomTags.PhotometricInterpretation) != "YBR_FULL")
                {
                    Assert.Equal(Pixels.OfNative(original, frame), Pixels.OfNative(decoded, frame));
                }

                Assert.Equal(Pixels.OfNative(original, frame), Pixels.OfNative(back, frame));
            }

            Assert.Equal(original.Dataset.GetString(DicomTags.PhotometricInterpretation), back.Dataset.GetString(DicomTags.PhotometricInterpretation));
            Assert.False(back.Dataset.Contains(DicomTags.LossyImageCompression));
            Assert.Equal(original.Dataset.GetString(DicomTags.SOPInstanceUID), back.Dataset.GetString(DicomTags.SOPInstanceUID));
        }
    }

    [Theory]
    [InlineData(DicomUids.JPEGBaseline8Bit, "ISO_10918_1", "YBR_FULL", 6.0)]
    [InlineData(DicomUids.JPEGLSNearLossless, "ISO_14495_1", "RGB", 2.0)]
    [InlineData(DicomUids.JPEG2000, "ISO_15444_1", "YBR_ICT", 8.0)]
    public void Lossy_results_say_so(string syntax, string method, string photometric, double tolerance)
    {
        if (syntax is DicomUids.JPEG2000 or DicomUids.JPEG2000Lossless)
        {
            Libraries.OpenJpeg();
        }

        var original = TestImage.Create(96, 64, 3, 8, noise: 0);
        var compressed = PixelTranscoder.Transcode(original, syntax);
        Assert.Equal("01", compressed.Dataset.GetString(DicomTags.LossyImageCompression));
        Assert.Equal([method], compressed.Dataset.GetStrings(DicomTags.LossyImageCompressionMethod));
        Assert.InRange(compressed.Dataset.GetDouble(DicomTags.LossyImageCompressionRatio)!.Value, 1.1, 100);
        Assert.Equal(photometric, compressed.Dataset.GetString(DicomTags.PhotometricInterpretation));

        var back = PixelTranscoder.Transcode(compressed, DicomUids.ExplicitVRLittleEndian);
        Assert.Equal("01", back.Dataset.GetString(DicomTags.LossyImageCompression));
        Assert.Equal("RGB", back.Dataset.GetString(DicomTags.PhotometricInterpretation));
        var (_, mean) = Pixels.Difference(Pixels.OfNative(original), Pixels.OfNative(back));
        Assert.InRange(mean, 0, tolerance);
    }

    /// <summary>YBR_FULL_422 is YBR_FULL once decoded.</summary>
    [Theory]
    [InlineData("YBR_FULL")]
    [InlineData("YBR_FULL_422")]
    public void YCbCr_goes_into_JPEG_as_it_is(string photometric)
    {
        var original = TestImage.Create(96, 64, 3, 8, noise: 0, photometric: photometric);
        if (photometric == "YBR_FULL_422")
        {
            original.Dataset.SetBytes(DicomTags.PixelData, DicomVr.OB, Enumerable.Range(0, 96 * 64 / 2).SelectMany(i => new[] { (byte)i, (byte)(i + 1), (byte)90, (byte)180 }).ToArray());
        }

        var compressed = PixelTranscoder.Transcode(original, DicomUids.JPEGBaseline8Bit);
        Assert.Equal("YBR_FULL", compressed.Dataset.GetString(DicomTags.PhotometricInterpretation)); // PS3.5 8.2.1

        var shown = DicomRenderer.Render(DicomImage.Open(original), 0, RenderOptions.Default).Data;
        foreach (var decompressed in new[] { PixelTranscoder.Transcode(compressed, DicomUids.ExplicitVRLittleEndian), Oracle.Convert("dcmdjpeg", compressed) })
        {
            var back = DicomRenderer.Render(DicomImage.Open(decompressed), 0, RenderOptions.Default).Data;
            Assert.InRange(shown.Zip(back, (a, b) => Math.Abs(a - b)).Average(), 0, 4.0);
        }
    }

    [Fact]
    public void A_lossy_file_that_does_not_say_so_says_it_once_decompressed()
    {
        var compressed = PixelTranscoder.Transcode(TestImage.Create(64, 48, 1, 8), DicomUids.JPEGBaseline8Bit);
        compressed.Dataset.Remove(DicomTags.LossyImageCompression);
        compressed.Dataset.Remove(DicomTags.LossyImageCompressionMethod);
        compressed.Dataset.Remove(DicomTags.LossyImageCompressionRatio);
        var back = PixelTranscoder.Transcode(compressed, DicomUids.JPEGLSLossless);
        Assert.Equal("01", back.Dataset.GetString(DicomTags.LossyImageCompression));
        Assert.Equal(["ISO_10918_1"], back.Dataset.GetStrings(DicomTags.LossyImageCompressionMethod));
    }

    [Fact]
    public void Attributes_follow_the_decoded_samples()
    {
        var file = DicomFile.Read(File.ReadAllBytes(Requires.Shared("samples/dicom/files/examples_ybr_color.dcm")));
        var native = PixelTranscoder.Transcode(file, DicomUids.ExplicitVRLittleEndian);
        Assert.Equal("RGB", native.Dataset.GetString(DicomTags.PhotometricInterpretation));
        Assert.Equal(0, native.Dataset.GetInt32(DicomTags.PlanarConfiguration));
        Assert.Equal(240 * 320 * 3 * 30, native.Dataset.GetBytes(DicomTags.PixelData).Length);
        Assert.Equal("01", native.Dataset.GetString(DicomTags.LossyImageCompression));

        var read = DicomFile.Read(native.ToArray());
        Assert.Equal(DicomUids.ExplicitVRLittleEndian, read.TransferSyntaxUid);
        Assert.False(read.IsPixelDataEncapsulated);
    }

    [Fact]
    public void Eight_bits_in_sixteen_become_eight_bits_allocated_when_compressed()
    {
        var wide = TestImage.Create(32, 24, 1, 12);
        wide.Dataset.Set(DicomTags.BitsStored, 8).Set(DicomTags.HighBit, 7);
        var compressed = PixelTranscoder.Transcode(wide, DicomUids.JPEGLSLossless);
        Assert.Equal(8, compressed.Dataset.GetInt32(DicomTags.BitsAllocated));
        Assert.Equal(Pixels.OfNative(wide), Pixels.OfNative(Oracle.Convert("dcmdjpls", compressed)));
    }

    [Fact]
    public void A_high_bit_above_the_stored_bits_is_moved_down()
    {
        var original = TestImage.Create(32, 24, 1, 16);
        original.Dataset.Set(DicomTags.BitsStored, 12).Set(DicomTags.HighBit, 15);
        var compressed = PixelTranscoder.Transcode(original, DicomUids.JPEGLosslessSV1);
        Assert.Equal(11, compressed.Dataset.GetInt32(DicomTags.HighBit));
        Assert.Equal(Pixels.OfNative(original), Pixels.OfNative(PixelTranscoder.Transcode(compressed, DicomUids.ImplicitVRLittleEndian)));
    }

    [Theory]
    [InlineData("MR_small_bigendian.dcm", "MR_small.dcm")]
    [InlineData("rtdose_expb.dcm", "rtdose.dcm")]
    public void Big_endian_pixels_become_little_endian(string big, string little)
    {
        var folder = Requires.Shared("samples/dicom/files");
        var converted = PixelTranscoder.Transcode(DicomFile.Read(File.ReadAllBytes(Path.Combine(folder, big))), DicomUids.ExplicitVRLittleEndian);
        var expected = DicomFile.Read(File.ReadAllBytes(Path.Combine(folder, little)));
        Assert.True(expected.Dataset.GetBytes(DicomTags.PixelData).Span.SequenceEqual(DicomFile.Read(converted.ToArray()).Dataset.GetBytes(DicomTags.PixelData).Span));
    }

    [Fact]
    public void Subsampled_pixels_are_compressed_at_full_resolution()
    {
        var file = DicomFile.Read(File.ReadAllBytes(Requires.Shared("samples/dicom/files/SC_ybr_full_422_uncompressed.dcm")));
        var compressed = PixelTranscoder.Transcode(file, DicomUids.JPEGLSLossless);
        Assert.Equal("YBR_FULL", compressed.Dataset.GetString(DicomTags.PhotometricInterpretation));
        Assert.Equal(Pixels.Of(DicomImage.Open(file).Decode(0)), Pixels.Of(Pixels.Decode(compressed)));
    }

    [Theory]
    [InlineData(DicomUids.ExplicitVRLittleEndian, DicomUids.RLELossless)]
    [InlineData(DicomUids.RLELossless, DicomUids.ExplicitVRLittleEndian)]
    [InlineData(DicomUids.RLELossless, DicomUids.JPEGLSLossless)]
    [InlineData(DicomUids.RLELossless, DicomUids.RLELossless)]
    [InlineData(DicomUids.ExplicitVRLittleEndian, DicomUids.ImplicitVRLittleEndian)]
    public void A_frame_alone_is_what_the_whole_file_would_hold(string source, string target)
    {
        var file = PixelTranscoder.Transcode(TestImage.Create(30, 20, 3, 8, frames: 3), source);
        var whole = DicomImage.Open(PixelTranscoder.Transcode(file, target));
        var image = DicomImage.Open(file);
        for (var frame = 0; frame < 3; frame++)
        {
            Assert.True(whole.FrameBytes(frame).Span.SequenceEqual(PixelTranscoder.TranscodeFrame(image, frame, target).Span));
        }

        Assert.Equal(ImagingError.FrameOutOfRange, Assert.Throws<ImagingException>(() => PixelTranscoder.TranscodeFrame(image, 3, target)).Code);
    }

    [Theory]
    [InlineData(DicomUids.JPEGLSLossless, false)]
    [InlineData(DicomUids.ExplicitVRLittleEndian, true)]
    public void An_overlay_in_unused_bits_becomes_overlay_data(string target, bool throughRle)
    {
        var file = TestImage.Create(20, 10, 1, 12, frames: 2);
        var pixels = file.Dataset.GetBytes(DicomTags.PixelData).ToArray();
        for (var i = 0; i < pixels.Length / 2; i += 7)
        {
            pixels[(2 * i) + 1] |= 0x40; // bit 14
        }

        file.Dataset.SetBytes(DicomTags.PixelData, DicomVr.OW, pixels);
        file.Dataset.Set(new DicomTag(0x6000, 0x0010), 10).Set(new DicomTag(0x6000, 0x0011), 20).Set(new DicomTag(0x6000, 0x0100), 16).Set(new DicomTag(0x6000, 0x0102), 14);
        if (throughRle)
        {
            var packed = Enumerable.Range(0, 2).Select(i => (ReadOnlyMemory<byte>)Imaging.Codecs.Rle.RleEncoder.Encode(pixels.AsSpan(i * 400, 400), 20, 10, 1, 2)).ToArray();
            file = DicomFile.Create(file.Dataset.Clone().SetFragments(DicomTags.PixelData, DicomVr.OB, new DicomFragments(default, packed)), DicomUids.RLELossless);
        }

        var result = PixelTranscoder.Transcode(file, target).Dataset;
        var bits = result.GetBytes(new DicomTag(0x6000, 0x3000)).Span;
        Assert.Equal(50, bits.Length);
        for (var i = 0; i < 400; i++)
        {
            Assert.Equal(i % 7 == 0, (bits[i / 8] >> (i % 8) & 1) != 0);
        }

        Assert.Equal(1, result.GetInt32(new DicomTag(0x6000, 0x0100)));
        Assert.Equal(0, result.GetInt32(new DicomTag(0x6000, 0x0102)));
        Assert.Equal(2, result.GetInt32(new DicomTag(0x6000, 0x0015)));
    }

    [Fact]
    public void Frames_of_JPEG_2000_keep_their_order_and_their_refusal()
    {
        Libraries.OpenJpeg();
        var original = TestImage.Create(40, 30, 1, 8, frames: 9);
        var compressed = PixelTranscoder.Transcode(original, DicomUids.JPEG2000Lossless);
        var back = PixelTranscoder.Transcode(compressed, DicomUids.ExplicitVRLittleEndian);
        Assert.Equal(original.Dataset.GetBytes(DicomTags.PixelData).ToArray(), back.Dataset.GetBytes(DicomTags.PixelData).ToArray());

        compressed.Dataset.TryGet(DicomTags.PixelData, out var pixels);
        var parts = Enumerable.Range(0, 9).Select(i => i == 6 ? pixels.Fragments![i][..40] : pixels.Fragments![i]).ToArray();
        compressed.Dataset.SetFragments(DicomTags.PixelData, DicomVr.OB, new DicomFragments(default, parts));
        Assert.Equal(ImagingError.InvalidPixelData, Assert.Throws<ImagingException>(() => PixelTranscoder.Transcode(compressed, DicomUids.ExplicitVRLittleEndian)).Code);
    }

    [Fact]
    public void A_cancelled_transcoding_stops()
    {
        var file = TestImage.Create(40, 30, 1, 8, frames: 3);
        Assert.ThrowsAny<OperationCanceledException>(() => PixelTranscoder.Transcode(file, DicomUids.RLELossless, cancellation: new CancellationToken(true)));
    }

    [Fact]
    public void A_compressed_icon_is_decompressed_with_its_image()
    {
        var file = PixelTranscoder.Transcode(TestImage.Create(64, 48, 1, 8), DicomUids.JPEGLSLossless);
        var icon = TestImage.Create(16, 16, 1, 8);
        file.Dataset.SetItems(DicomTags.IconImageSequence, PixelTranscoder.Transcode(icon, DicomUids.JPEGLSLossless).Dataset);
        var native = DicomFile.Read(PixelTranscoder.Transcode(file, DicomUids.ExplicitVRLittleEndian).ToArray());
        Assert.True(icon.Dataset.GetBytes(DicomTags.PixelData).Span.SequenceEqual(native.Dataset.GetItem(DicomTags.IconImageSequence)!.GetBytes(DicomTags.PixelData).Span));
    }

    [Theory]
    [InlineData("MR_small.dcm", "MR_small_bigendian.dcm")]
    [InlineData("MR_small_RLE.dcm", "MR_small_bigendian.dcm")]
    [InlineData("SC_rgb_small_odd.dcm", "SC_rgb_small_odd_big_endian.dcm")]
    [InlineData("rtdose.dcm", "rtdose_expb.dcm")] // 32 bits, which OW does not tell
    public void Big_endian_is_written_as_others_wrote_it(string name, string expected)
    {
        var folder = Requires.Shared("samples/dicom/files");
        var file = DicomFile.Read(File.ReadAllBytes(Path.Combine(folder, name)));
        var big = PixelTranscoder.Transcode(file, DicomUids.ExplicitVRBigEndian);
        Assert.True(DicomFile.Read(big.ToArray()).Dataset.TryGet(DicomTags.PixelData, out var written));
        Assert.True(DicomFile.Read(File.ReadAllBytes(Path.Combine(folder, expected))).Dataset.TryGet(DicomTags.PixelData, out var other));
        Assert.True(other.RawBytes.Span.SequenceEqual(written.RawBytes.Span));
        Assert.Equal(DicomImage.Open(PixelTranscoder.Transcode(file, DicomUids.ExplicitVRLittleEndian)).Decode(0).Data, DicomImage.Open(big).Decode(0).Data);
        Assert.False(PixelTranscoder.CanWrite(DicomUids.ExplicitVRBigEndian)); // nothing sends it
    }

    [Theory]
    [InlineData("1.2.840.10008.1.2.4.102", ImagingError.UnsupportedTransferSyntax)]
    [InlineData(DicomUids.JPEGBaseline8Bit, ImagingError.UnsupportedImage)]
    [InlineData(DicomUids.JPEGLSNearLossless, ImagingError.UnsupportedImage)]
    public void What_cannot_be_written_is_refused(string syntax, ImagingError error)
    {
        var signed = TestImage.Create(16, 16, 1, 12, signed: true);
        Assert.Equal(error, Assert.Throws<ImagingException>(() => PixelTranscoder.Transcode(signed, syntax)).Code);
    }

    [Fact]
    public void A_file_without_pixel_data_changes_its_encoding_only()
    {
        var file = DicomFile.Create(new DicomDataset().Set(DicomTags.SOPClassUID, "1.2.3").Set(DicomTags.SOPInstanceUID, "1.2.4"), DicomUids.ExplicitVRLittleEndian);
        Assert.Equal(DicomUids.ImplicitVRLittleEndian, PixelTranscoder.Transcode(file, DicomUids.ImplicitVRLittleEndian).TransferSyntaxUid);
        Assert.Equal(ImagingError.NoPixelData, Assert.Throws<ImagingException>(() => PixelTranscoder.Transcode(file, DicomUids.RLELossless)).Code);
    }
}
