using SecondOpinion.Dicom.Imaging.Codecs.Jpeg2000;
using Xunit;

namespace SecondOpinion.Dicom.Imaging.Tests.Codecs;

public sealed class Jpeg2000Tests
{
    public Jpeg2000Tests() => Libraries.OpenJpeg();

    [Theory]
    [InlineData(1, 8, false)]
    [InlineData(1, 12, false)]
    [InlineData(1, 16, false)]
    [InlineData(1, 16, true)]
    [InlineData(1, 12, true)]
    [InlineData(3, 8, false)]
    public void Images_that_gdcm_encoded_losslessly_decode_to_the_original(int samples, int bits, bool signed)
    {
        var original = TestImage.Create(61, 45, samples, bits, signed);
        var compressed = Oracle.Convert("gdcmconv", original, "--j2k");
        Assert.Equal(DicomUids.JPEG2000Lossless, compressed.TransferSyntaxUid);
        Assert.Equal(Pixels.OfNative(original), Pixels.Of(Pixels.Decode(compressed)));
    }

    [Theory]
    [InlineData(1, 8, false)]
    [InlineData(1, 12, false)]
    [InlineData(1, 16, false)]
    [InlineData(1, 16, true)]
    [InlineData(1, 12, true)]
    [InlineData(3, 8, false)]
    public void Images_encoded_here_losslessly_decode_with_gdcm(int samples, int bits, bool signed)
    {
        foreach (var (width, height) in new[] { (61, 45), (1, 1), (3, 70), (64, 64) })
        {
            var original = TestImage.Create(width, height, samples, bits, signed);
            var dataset = original.Dataset.Clone()
                .SetFragments(DicomTags.PixelData, DicomVr.OB, new DicomFragments(default, Encode(original, lossless: true)))
                .Set(DicomTags.PhotometricInterpretation, samples == 3 ? "YBR_RCT" : "MONOCHROME2");
            var file = DicomFile.Create(dataset, DicomUids.JPEG2000Lossless);
            Assert.Equal(Pixels.OfNative(original), Pixels.OfNative(Oracle.Convert("gdcmconv", file, "--raw")));
            var frame = Pixels.Decode(file);
            Assert.Equal(samples == 3 ? "RGB" : "MONOCHROME2", frame.PhotometricInterpretation);
            Assert.Equal(Pixels.OfNative(original), Pixels.Of(frame));
        }
    }

    [Theory]
    [InlineData(1, 8, 10, 0)]
    [InlineData(1, 12, 8, 0)]
    [InlineData(3, 8, 8, 0)]
    [InlineData(1, 8, 0, 45)]
    public void Lossy_images_are_smaller_and_near(int samples, int bits, float ratio, float quality)
    {
        var original = TestImage.Create(128, 96, samples, bits, noise: 0);
        var encoded = Encode(original, lossless: false, ratio, quality);
        var d = ImageDescription.Of(original.Dataset);
        if (ratio > 0)
        {
            Assert.InRange(encoded.Length, 1, (int)(d.BytesPerFrame / ratio * 1.05) + 200);
        }

        var (_, mean) = Pixels.Difference(Pixels.OfNative(original), Pixels.Of(PixelCodecs.Decode(DicomUids.JPEG2000, encoded, d)));
        Assert.InRange(mean, 0.0, (1 << bits) * 0.03);
    }

    [Theory]
    [InlineData(DicomUids.JPEG2000, 4095)] // an overshoot
    [InlineData(DicomUids.JPEG2000Lossless, 5000)] // bits that are no part of the value: left to the reader of cells
    public void Values_beyond_the_stored_bits_do_not_wrap_when_lossy(string syntax, int expected)
    {
        var cells = TestImage.Create(8, 8, 1, 16, noise: 0);
        cells.Dataset.SetBytes(DicomTags.PixelData, DicomVr.OW, Enumerable.Repeat(new byte[] { 5000 & 255, 5000 >> 8 }, 64).SelectMany(b => b).ToArray());
        var encoded = Encode(cells, lossless: true);
        var frame = PixelCodecs.Decode(syntax, encoded, RleTests.Description(8, 8, 12));
        Assert.All(Pixels.Of(frame), v => Assert.Equal(expected, v));
    }

    [Fact]
    public void A_codestream_of_other_dimensions_is_refused_before_it_is_decoded()
    {
        var encoded = Encode(TestImage.Create(61, 45, 1, 8), lossless: true);
        foreach (var description in new[] { RleTests.Description(62, 45, 8), RleTests.Description(61, 44, 8), RleTests.Description(61, 45, 8, 3) })
        {
            Assert.Equal(ImagingError.InvalidPixelData, Assert.Throws<ImagingException>(() => PixelCodecs.Decode(DicomUids.JPEG2000Lossless, encoded, description)).Code);
        }
    }

    [Fact]
    public void A_codestream_inside_a_JP2_file_decodes()
    {
        var original = TestImage.Create(61, 45, 1, 8);
        byte[] file = [0, 0, 0, 12, 0x6A, 0x50, 0x20, 0x20, 0x0D, 0x0A, 0x87, 0x0A, .. new byte[60], .. Encode(original, lossless: true)];
        var frame = PixelCodecs.Decode(DicomUids.JPEG2000Lossless, file, ImageDescription.Of(original.Dataset));
        Assert.Equal(Pixels.OfNative(original), Pixels.Of(frame));
    }

    [Fact]
    public void A_codestream_that_ends_early_is_refused()
    {
        var encoded = Encode(TestImage.Create(61, 45, 1, 8), lossless: true);
        foreach (var cut in new[] { 0, 3, 30, encoded.Length / 2 })
        {
            Assert.Throws<ImagingException>(() => PixelCodecs.Decode(DicomUids.JPEG2000Lossless, encoded.AsMemory(0, cut), RleTests.Description(61, 45, 8)));
        }
    }

    [Fact]
    public void Damaged_codestreams_are_refused_and_nothing_else()
    {
        using var pool = new CodecWorkerPool(new CodecWorkerOptions { MaxWorkers = 1, MemoryLimit = 1L << 29 });
        Mutation.Try(Encode(TestImage.Create(61, 45, 3, 8), lossless: true), 400, bytes => pool.Decode(bytes, 61, 45, 3));
    }

    [Fact]
    public void Dimensions_beyond_the_memory_limit_cost_the_request_only()
    {
        using var pool = new CodecWorkerPool(new CodecWorkerOptions { MaxWorkers = 1, MemoryLimit = 200 << 20 });
        var good = Encode(TestImage.Create(61, 45, 1, 8), lossless: true);
        var huge = good.ToArray();
        foreach (var at in new[] { 8, 12, 24, 28 }) // Xsiz, Ysiz, XTsiz, YTsiz: 15360
        {
            (huge[at], huge[at + 1], huge[at + 2], huge[at + 3]) = (0, 0, 60, 0);
        }

        Assert.Throws<ImagingException>(() => pool.Decode(huge, 15360, 15360, 1));
        Assert.Equal(61 * 45, pool.Decode(good, 61, 45, 1).Samples.Length);
    }

    [Fact]
    public void An_image_that_needs_more_memory_than_the_limit_is_refused()
    {
        var flat = TestImage.Create(2048, 2048, 1, 8, noise: 0);
        var encoded = Encode(flat, lossless: true);
        using var pool = new CodecWorkerPool(new CodecWorkerOptions { MaxWorkers = 1, MemoryLimit = 20 << 20 });
        var small = Encode(TestImage.Create(61, 45, 1, 8), lossless: true);
        Assert.Equal(61 * 45, pool.Decode(small, 61, 45, 1).Samples.Length);
        var error = Assert.Throws<ImagingException>(() => pool.Decode(encoded, 2048, 2048, 1));
        TestContext.Current.TestOutputHelper?.WriteLine($"{error.Code}: {error.Message}");
        Assert.Contains(error.Code, new[] { ImagingError.LimitExceeded, ImagingError.InvalidPixelData });
        Assert.Equal(61 * 45, pool.Decode(small, 61, 45, 1).Samples.Length);
    }

    [Fact]
    public async Task A_request_does_not_wait_for_a_worker_for_ever()
    {
        using var pool = new CodecWorkerPool(new CodecWorkerOptions
        {
            Command = ["sleep", "600"],
            MaxWorkers = 1,
            Timeout = TimeSpan.FromMilliseconds(800),
            QueueTimeout = TimeSpan.FromMilliseconds(50),
        });
        var first = Task.Run(() => Record.Exception(() => pool.Decode([1], 1, 1, 1)));
        SpinWait.SpinUntil(() => pool.IsBusy);
        var second = Assert.Throws<ImagingException>(() => pool.Decode([1], 1, 1, 1));
        Assert.Equal(ImagingError.LimitExceeded, second.Code);
        Assert.IsType<ImagingException>(await first);
    }

    [Fact]
    public void A_codestream_without_its_end_marker_decodes()
    {
        var original = TestImage.Create(61, 45, 1, 8);
        var frame = PixelCodecs.Decode(DicomUids.JPEG2000Lossless, Encode(original, lossless: true).AsMemory()[..^2], ImageDescription.Of(original.Dataset));
        Assert.Equal(Pixels.OfNative(original), Pixels.Of(frame));
    }

    [Fact]
    public void A_worker_that_hangs_is_killed_at_its_time_limit()
    {
        using var pool = new CodecWorkerPool(new CodecWorkerOptions { Command = ["sleep", "600"], Timeout = TimeSpan.FromMilliseconds(200) });
        Assert.Equal(ImagingError.LimitExceeded, Assert.Throws<ImagingException>(() => pool.Decode([1, 2, 3], 1, 1, 1)).Code);
    }

    [Theory]
    [InlineData("true", ImagingError.InvalidPixelData)] // ends without an answer
    [InlineData("yes", ImagingError.InvalidPixelData)] // an answer without sense
    [InlineData("no-such-program-here", ImagingError.MissingLibrary)]
    public void A_worker_that_fails_is_a_refusal(string program, ImagingError error)
    {
        using var pool = new CodecWorkerPool(new CodecWorkerOptions { Command = [program] });
        Assert.Equal(error, Assert.Throws<ImagingException>(() => pool.Decode([1, 2, 3], 1, 1, 1)).Code);
    }

    [Fact]
    public void A_worker_that_was_killed_while_idle_is_replaced()
    {
        using var pool = new CodecWorkerPool(new CodecWorkerOptions { MaxWorkers = 1 });
        var encoded = Encode(TestImage.Create(61, 45, 1, 8), lossless: true);
        var first = pool.Decode(encoded, 61, 45, 1).Samples;
        pool.KillIdle();
        Assert.Equal(first, pool.Decode(encoded, 61, 45, 1).Samples);
    }

    [Fact]
    public void Many_threads_share_few_workers()
    {
        using var pool = new CodecWorkerPool(new CodecWorkerOptions { MaxWorkers = 2 });
        var images = Enumerable.Range(0, 4).Select(i => TestImage.Create(40 + i, 30, 1, 8, noise: i)).ToArray();
        var encoded = images.Select(i => Encode(i, lossless: true)).ToArray();
        Parallel.For(0, 32, new ParallelOptions { MaxDegreeOfParallelism = 6 }, n =>
        {
            var i = n % images.Length;
            var samples = pool.Decode(encoded[i], 40 + i, 30, 1).Samples;
            Assert.True(images[i].Dataset.GetBytes(DicomTags.PixelData).Span[..samples.Length].SequenceEqual(samples));
        });
    }

    private static byte[] Encode(DicomFile file, bool lossless, float ratio = 0, float quality = 0)
    {
        var d = ImageDescription.Of(file.Dataset);
        var request = new Jpeg2000EncodeRequest(d.Columns, d.Rows, d.SamplesPerPixel, d.BitsStored, d.IsSigned, d.SamplesPerPixel == 3, lossless, ratio, quality);
        return CodecWorkerPool.Shared.Encode(file.Dataset.GetBytes(DicomTags.PixelData).Span, request);
    }
}
