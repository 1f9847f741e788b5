using SecondOpinion.Dicom.Imaging.Codecs.JpegLs;
using Xunit;

namespace SecondOpinion.Dicom.Imaging.Tests.Codecs;

public sealed class JpegLsTests
{
    private static readonly (int Width, int Height)[] Sizes = [(61, 45), (3, 3), (1, 1), (1, 30), (200, 2)];

    [Theory]
    [InlineData(1, 8, false, "+el")]
    [InlineData(1, 12, false, "+el")]
    [InlineData(1, 16, false, "+el")]
    [InlineData(1, 16, true, "+el")]
    [InlineData(1, 10, false, "+el +pc")]
    [InlineData(1, 12, false, "+el +pc +t1 9 +t2 20 +t3 90 +rs 32")]
    [InlineData(3, 8, false, "+el +il")]
    [InlineData(3, 8, false, "+el +is")]
    [InlineData(3, 8, false, "+el +in")]
    [InlineData(1, 8, false, "+en +md 1")]
    [InlineData(1, 12, false, "+en +md 5")]
    [InlineData(1, 16, false, "+en +md 7")]
    [InlineData(3, 8, false, "+en +md 3 +il")]
    [InlineData(3, 8, false, "+en +md 3 +is")]
    [InlineData(3, 8, false, "+en +md 3 +in")]
    public void Images_decode_as_dcmtk_decodes_them(int samples, int bits, bool signed, string options)
    {
        // dcmcjpls crashes on some tiny images when it is near-lossless.
        foreach (var (width, height) in options.StartsWith("+en") ? Sizes.Where(s => s.Width * s.Height > 100) : Sizes)
        {
            var compressed = Oracle.Convert("dcmcjpls", TestImage.Create(width, height, samples, bits, signed), options.Split(' '));
            Assert.Equal(Pixels.OfNative(Oracle.Convert("dcmdjpls", compressed)), Pixels.Of(Pixels.Decode(compressed)));
        }
    }

    [Theory]
    [InlineData(1, 8, 0)]
    [InlineData(1, 12, 0)]
    [InlineData(1, 16, 0)]
    [InlineData(3, 8, 0)]
    [InlineData(1, 8, 2)]
    [InlineData(1, 12, 9)]
    [InlineData(3, 8, 4)]
    public void Images_encoded_here_decode_with_dcmtk(int samples, int bits, int near)
    {
        foreach (var (width, height) in Sizes)
        {
            var original = TestImage.Create(width, height, samples, bits);
            var encoded = Encode(original, near);
            var dataset = original.Dataset.Clone().SetFragments(DicomTags.PixelData, DicomVr.OB, new DicomFragments(default, encoded));
            var file = DicomFile.Create(dataset, near == 0 ? DicomUids.JPEGLSLossless : DicomUids.JPEGLSNearLossless);
            var decoded = Pixels.OfNative(Oracle.Convert("dcmdjpls", file));
            var (max, _) = Pixels.Difference(Pixels.OfNative(original), decoded);
            Assert.True(max <= near, $"{width} x {height}: {max}");
            Assert.Equal(decoded, Pixels.Of(Pixels.Decode(file)));
        }
    }

    [Fact]
    public void Every_precision_and_near_comes_back()
    {
        for (var bits = 2; bits <= 16; bits++)
        {
            foreach (var near in new[] { 0, 1, 3 }.Where(n => n < (1 << bits) / 2))
            {
                foreach (var samples in new[] { 1, 3 })
                {
                    var original = TestImage.Create(40, 33, samples, bits, noise: (1 << bits) / 5);
                    var decoded = JpegLsDecoder.Decode(Encode(original, near), RleTests.Description(40, 33, bits, samples));
                    Assert.Equal(bits, decoded.Precision);
                    var frame = new DecodedFrame(33, 40, samples, decoded.BytesPerSample, bits, false, "RGB", decoded.Samples);
                    var (max, _) = Pixels.Difference(Pixels.OfNative(original), Pixels.Of(frame));
                    Assert.True(max <= near, $"{bits} bits, near {near}: {max}");
                }
            }
        }
    }

    [Fact]
    public void Restart_intervals_start_afresh()
    {
        // Three intervals of 5 lines are three images of 5 lines, but for the headers.
        var parts = Enumerable.Range(0, 3).Select(i => Encode(TestImage.Create(30, 5, 1, 8, noise: i * 9), 0)).ToArray();
        var start = 2 + 13 + 10;
        byte[] stream =
        [
            0xFF, 0xD8, 0xFF, 0xF7, 0, 11, 8, 0, 15, 0, 30, 1, 1, 0x11, 0, 0xFF, 0xDD, 0, 4, 0, 5, 0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 0, 0,
            .. parts[0].AsSpan(start, parts[0].Length - start - 2), 0xFF, 0xD0,
            .. parts[1].AsSpan(start, parts[1].Length - start - 2), 0xFF, 0xD1,
            .. parts[2].AsSpan(start),
        ];
        byte[] expected = [.. parts.SelectMany(p => JpegLsDecoder.Decode(p, RleTests.Description(30, 5, 8)).Samples)];
        Assert.Equal(expected, JpegLsDecoder.Decode(stream, RleTests.Description(30, 15, 8)).Samples);
    }

    [Theory]
    [InlineData(6, 1, "precision of 1 bit")]
    [InlineData(6, 17, "precision of 17 bits")]
    [InlineData(11, 0, "no component")]
    [InlineData(13, 0x21, "subsampling")]
    [InlineData(20, 9, "a component that is not there")]
    [InlineData(21, 1, "a mapping table")]
    [InlineData(22, 200, "NEAR beyond half of MAXVAL")]
    [InlineData(23, 3, "an interleave mode of 3")]
    [InlineData(24, 1, "a point transform")]
    public void A_header_that_breaks_a_rule_is_refused(int at, byte value, string why)
    {
        var stream = Encode(TestImage.Create(30, 20, 1, 8), 0);
        stream[at] = value;
        Assert.False(string.IsNullOrEmpty(why));
        Assert.Throws<ImagingException>(() => JpegLsDecoder.Decode(stream, RleTests.Description(30, 20, 8)));
    }

    [Theory]
    [InlineData(new byte[] { 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0 })] // MAXVAL above the precision
    [InlineData(new byte[] { 1, 0, 0, 0, 9, 0, 3, 0, 0, 0, 0 })] // T2 below T1
    [InlineData(new byte[] { 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2 })] // RESET below 3
    [InlineData(new byte[] { 1, 0, 0, 0 })]
    [InlineData(new byte[] { 2, 1, 1, 0 })]
    [InlineData(new byte[] { 9 })]
    [InlineData(new byte[] { })]
    public void Preset_parameters_out_of_range_are_refused(byte[] payload)
    {
        var stream = Encode(TestImage.Create(30, 20, 1, 8), 0);
        byte[] bad = [.. stream.AsSpan(0, 2), 0xFF, 0xF8, 0, (byte)(payload.Length + 2), .. payload, .. stream.AsSpan(2)];
        Assert.Throws<ImagingException>(() => JpegLsDecoder.Decode(bad, RleTests.Description(30, 20, 8)));
    }

    [Fact]
    public void A_scan_that_ends_early_is_refused()
    {
        var stream = Encode(TestImage.Create(61, 45, 1, 12), 0);
        foreach (var cut in new[] { 20, 26, 100, stream.Length / 2, stream.Length - 8 })
        {
            Assert.Equal(ImagingError.InvalidPixelData, Assert.Throws<ImagingException>(() => JpegLsDecoder.Decode(stream.AsMemory(0, cut), RleTests.Description(61, 45, 12))).Code);
        }
    }

    [Fact]
    public void Dimensions_that_the_data_cannot_fill_take_no_memory()
    {
        var stream = Encode(TestImage.Create(30, 20, 1, 8), 0);
        (stream[7], stream[8], stream[9], stream[10]) = (0xFF, 0xFF, 0xFF, 0xFF);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<ImagingException>(() => JpegLsDecoder.Decode(stream, RleTests.Description(65535, 65535, 8)));
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1 << 20);
    }

    [Fact]
    public void Damaged_streams_are_refused_and_nothing_else()
    {
        foreach (var (samples, bits, near) in new[] { (1, 8, 0), (3, 8, 2), (1, 16, 0) })
        {
            Mutation.Try(Encode(TestImage.Create(40, 30, samples, bits), near), 700, bytes => JpegLsDecoder.Decode(bytes, RleTests.Description(40, 30, bits, samples)));
        }
    }

    internal static byte[] Encode(DicomFile file, int near)
    {
        var d = ImageDescription.Of(file.Dataset);
        return JpegLsEncoder.Encode(file.Dataset.GetBytes(DicomTags.PixelData).Span, d.Columns, d.Rows, d.SamplesPerPixel, d.BitsStored, near);
    }
}
